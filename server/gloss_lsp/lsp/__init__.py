"""The language server. The only importers of pygls and lsprotocol."""

from gloss_lsp.lsp.lean import import_lsprotocol

import_lsprotocol()
