"""Finds Python's docstrings: strings, told by where they stand (PEP 257)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from gloss_lsp.core.comments.read import Scanned
    from gloss_lsp.core.syntax import Tree
    from gloss_lsp.core.text import Span

DOCSTRING = re.compile(r"([rRuU]?|~S)(\"\"\"|'''|\"|')")
"""How a string begins that may be one; Elixir's with a sigil too."""
_HEADER = re.compile(r"^[^\S\r\n]*(?:async[^\S\r\n]+def|def|class)\b", re.MULTILINE)
_BRACKET = re.compile(r"[\[\](){}:]")
_END = re.compile(r"[^\S\r\n]*(?:;|[\r\n]|\Z)")


def parsed_docstrings(tree: Tree) -> Iterator[Span]:
    """The docstrings of a tree; none where the grammar knows of none."""
    if not tree.grammar.strings:
        return
    # An import of its own, because start-up does not pay for binaries.
    from tree_sitter import Query, QueryCursor  # noqa: PLC0415

    pattern = (
        "(module) @body (function_definition body: (block) @body) (class_definition body: (block) @body)"
    )
    for body in QueryCursor(Query(tree.binary, pattern)).captures(tree.root).get("body", []):
        first = next((node for node in body.named_children if node.type not in tree.grammar.comments), None)
        if first is not None and _is_docstring(tree, first):
            yield tree.span(first)


def _is_docstring(tree: Tree, statement: Node) -> bool:
    if statement.type != "expression_statement" or [node.type for node in statement.children] != ["string"]:
        return False
    return _is_string(tree.text(statement))


def _is_string(text: str) -> bool:
    match = DOCSTRING.match(text)
    return match is not None and text.endswith(match[2]) and len(text) >= match.end() + len(match[2])


def scanned_docstrings(scanned: Scanned) -> Iterator[Span]:
    """The docstrings of Python code that the grammar could not read."""
    blank = _without_tokens(scanned)
    bodies = {0, *(_header_end(blank, match.end()) for match in _HEADER.finditer(blank))}
    for token in scanned.tokens:
        span = token.span
        if (
            token.kind != "literal"
            or not _is_string(scanned.source.slice(span))
            or not _END.match(blank, span.end)
        ):
            continue
        at = span.start
        while at and blank[at - 1] in "\ufeff \t\f\r\n":
            at -= 1
        if at in bodies:
            yield span


def _without_tokens(scanned: Scanned) -> str:
    """The code with white space for its comments, and with a word for its strings."""
    text, at = scanned.source.text, 0
    parts: list[str] = []
    for token in scanned.tokens:
        if token.span.start >= at:
            filler = "s" if token.kind == "literal" else " "
            parts += (text[at : token.span.start], filler * len(token.span))
            at = token.span.end
    return "".join([*parts, text[at:]])


def _header_end(blank: str, at: int) -> int:
    """Behind the colon that ends the header of a definition; -1 where its brackets never close."""
    depth = 0
    for match in _BRACKET.finditer(blank, at):
        if match[0] in "([{":
            depth += 1
        elif match[0] in ")]}":
            depth -= 1
        elif not depth:
            return match.end()
        if depth < 0:
            break
    return -1
