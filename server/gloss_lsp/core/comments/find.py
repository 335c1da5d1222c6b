"""Finds every comment and every docstring of a file, with exact spans.

A grammar tells where comments are, where there is one and the code is whole; else a scanner does.
JavaScript's ``<!--`` reads as operators after an expression. A docstring is a string, told by where
it stands: Python's by `gloss_lsp.core.comments.docstrings`; by their rows what ``@doc`` of Elixir holds,
Julia's that stand before a definition, and GraphQL's descriptions. Those are all that users write
documentation in there; strings of other languages are never touched.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Literal

from attrs import frozen

from gloss_lsp.core.comments.docstrings import DOCSTRING, parsed_docstrings, scanned_docstrings
from gloss_lsp.core.comments.read import Reading, Scanned, by_lexer
from gloss_lsp.core.languages import language_of
from gloss_lsp.core.text import Source, Span

if TYPE_CHECKING:
    from gloss_lsp.core.comments.scan.scanner import Token
    from gloss_lsp.core.languages import Language
    from gloss_lsp.core.syntax import Tree

Kind = Literal["line", "block", "docstring"]

_HTML_COMMENT = re.compile(r"^[^\S\r\n]*(<!--[^\r\n]*)", re.MULTILINE)


@frozen
class Comment:
    """One comment, from the first character of its marker to the last of its text or closing mark."""

    span: Span
    kind: Kind
    opening: str
    """The marker that begins it, such as ``///`` or ``/****``; of a docstring, its prefix and quotes."""
    closing: str
    """The mark that ends it; empty where that is the end of the line."""
    whole_lines: bool
    """Whether it shares its lines with nothing but white space."""
    language: Language
    """The one that it is written in: not the file's, in a script within HTML."""


def find(reading: Reading) -> list[Comment]:
    """All comments and docstrings, in order. A comment that never ends is none."""
    reading = by_lexer(reading)
    source, language = reading.source, reading.language
    if isinstance(reading, Scanned):
        found = [_of_token(source, token) for token in reading.tokens if token.kind != "literal"]
        strings = scanned_docstrings(reading) if language.id == "python" else []
    else:
        found = [_comment(source, span, language) for span in _parsed(reading)]
        strings = parsed_docstrings(reading)
    found += [_docstring(source, span, language) for span in strings]
    return sorted(found, key=lambda comment: (comment.span.start, comment.span.end))


def _of_token(source: Source, token: Token) -> Comment:
    known = language_of(token.language)
    if token.kind == "docstring":
        return _docstring(source, token.span, known)
    if token.kind == "line" or any(token.opening.startswith(marks[0]) for marks in known.block_markers):
        return _comment(source, token.span, known, token.closing)
    return Comment(token.span, "block", token.opening, token.closing, _whole_lines(source, token.span), known)


def _parsed(tree: Tree) -> list[Span]:
    # An import of its own, because start-up does not pay for binaries.
    from tree_sitter import Query, QueryCursor  # noqa: PLC0415

    language = tree.binary
    query = Query(language, "\n".join(f"({kind}) @comment" for kind in sorted(tree.grammar.comments)))
    nodes = QueryCursor(query).captures(tree.root).get("comment", [])
    spans = [_without_line_end(tree, tree.span(node)) for node in nodes]
    spans = [span for span in spans if len(span) and _closed(tree, span)]
    if "html_comment" in tree.grammar.comments:
        spans += _html_comments(tree, spans)
    return spans


def _without_line_end(tree: Tree, span: Span) -> Span:
    """Rust's documentation lines hold their line end, and a line that ends in CRLF may hold the CR."""
    return Span(span.start, span.start + len(tree.source.slice(span).rstrip("\r\n")))


def _closed(tree: Tree, span: Span) -> bool:
    text = tree.source.slice(span)
    opening = _block(tree.language, text)
    return opening is None or (text.endswith(opening[1]) and len(text) >= len("/**/"))


def _html_comments(tree: Tree, known: list[Span]) -> list[Span]:
    starts = {span.start for span in known}
    found = []
    for match in _HTML_COMMENT.finditer(tree.source.text):
        span = Span(*match.span(1))
        first, _ = tree.bytes(span)
        leaf = tree.root.descendant_for_byte_range(first, first + 1)
        # Inside a string, a template, another comment or a JSX text there is no operator.
        if span.start not in starts and leaf is not None and leaf.type == "<":
            found.append(span)
    return found


def _comment(source: Source, span: Span, language: Language, closing: str | None = None) -> Comment:
    text = source.slice(span)
    whole = _whole_lines(source, span)
    block = _block(language, text) if closing != "" else None
    if block is not None:
        opening, end = block
        closing = closing or end
        body = text[len(opening) : len(text) - len(closing)]
        opening += body[: len(body) - len(body.lstrip("*"))] if opening.endswith("*") else ""
        body = text[len(opening) : len(text) - len(closing)]
        closing = (body[len(body.rstrip("*")) :] if closing == "*/" else "") + closing
        return Comment(span, "block", opening, closing, whole, language)
    markers = (*language.line_markers, "<!--", "-->")
    opening = next((marker for marker in markers if text.startswith(marker)), text[:1])
    rest = text[len(opening) :]
    if opening[-1] in "#/-%;":
        opening += rest[: len(rest) - len(rest.lstrip(opening[-1]))]
    return Comment(span, "line", opening, "", whole, language)


def _block(language: Language, text: str) -> tuple[str, str] | None:
    """The opening and closing mark of a block comment; where they would share a star, the shorter opening."""
    for opening, closing in language.block_markers:
        if text.startswith(opening) and len(text) >= len(opening) + len(closing):
            return opening, closing
    return ("/*", "*/") if text.startswith("/*") and language.block_markers else None


def _whole_lines(source: Source, span: Span) -> bool:
    lines = source.whole_lines(span)
    return (
        not source.text[lines.start : span.start].strip("\ufeff \t\f")
        and not source.text[span.end : lines.end].strip()
    )


def _docstring(source: Source, span: Span, language: Language) -> Comment:
    text = source.slice(span)
    match = DOCSTRING.match(text)
    opening, closing = (match[0], match[2]) if match is not None else ("", "")
    return Comment(span, "docstring", opening, closing, _whole_lines(source, span), language)
