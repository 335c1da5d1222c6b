"""The language server. The only importers of pygls and lsprotocol."""
