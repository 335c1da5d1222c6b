"""Comments by the rules of a language's own lexer, from a table: for languages without a grammar.

A language is a row: rules for what a comment is, and for what only looks like one (strings,
here-documents, regular expressions). `scanner` knows no language, and the rows know no scanner.
"""
