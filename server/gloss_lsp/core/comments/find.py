"""Finds every comment and every Python docstring of a file, with exact spans.

A grammar tells where comments are, with three exceptions. C and C++ are scanned by the rules of
their own lexers (C23 6.4.9), because macros hide comments from the grammar and strings such as
``"src/*.c"`` in a macro make it see some that are none. JavaScript's ``<!--`` reads as operators
after an expression. A docstring is a string, told by where it stands (PEP 257).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Literal

from attrs import frozen

from gloss_lsp.core.text import Span

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from gloss_lsp.core.languages import Language
    from gloss_lsp.core.syntax import Tree

Kind = Literal["line", "block", "docstring"]

_C_TOKEN = re.compile(
    r"""(?P<comment>//(?:\\\r?\n|[^\r\n])*|/\*.*?\*/)
    |(?:u8|[uUL])?R"(?P<delimiter>[^()\\\s"]{0,16})\(.*?\)(?P=delimiter)"
    |[A-Za-z_]\w*
    |\.?[0-9](?:'?[\w.]|[eEpP][+-])*
    |\#[ \t]*(?:include|import)[ \t]*<[^>\r\n]*>
    |"(?:\\(?:\r\n|.)|[^"\\\r\n])*"
    |'(?:\\(?:\r\n|.)|[^'\\\r\n])*'""",
    re.DOTALL | re.VERBOSE,
)
_HTML_COMMENT = re.compile(r"^[^\S\r\n]*(<!--[^\r\n]*)", re.MULTILINE)
_DOCSTRING = re.compile(r"([rRuU]?)(\"\"\"|'''|\"|')")


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


def find(tree: Tree) -> list[Comment]:
    """All comments and docstrings, in order. A comment that never ends is none."""
    spans = _scanned(tree) if tree.language.spliced else _parsed(tree)
    found = [_comment(tree, span) for span in spans]
    found += [_docstring(tree, span) for span in _docstrings(tree)]
    return sorted(found, key=lambda comment: (comment.span.start, comment.span.end))


def _scanned(tree: Tree) -> Iterator[Span]:
    for match in _C_TOKEN.finditer(tree.source.text):
        if match["comment"]:
            yield Span(*match.span("comment"))


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


def _comment(tree: Tree, span: Span) -> Comment:
    text = tree.source.slice(span)
    block = _block(tree.language, text)
    if block is not None:
        opening, closing = block
        body = text[len(opening) : len(text) - len(closing)]
        opening += body[: len(body) - len(body.lstrip("*"))] if opening.endswith("*") else ""
        body = text[len(opening) : len(text) - len(closing)]
        closing = body[len(body.rstrip("*")) :] + closing
        return Comment(span, "block", opening, closing, _whole_lines(tree, span))
    markers = (*tree.language.line_markers, "<!--", "-->")
    opening = next((marker for marker in markers if text.startswith(marker)), text[:1])
    rest = text[len(opening) :]
    if opening[-1] in "#/":
        opening += rest[: len(rest) - len(rest.lstrip(opening[-1]))]
    return Comment(span, "line", opening, "", _whole_lines(tree, span))


def _block(language: Language, text: str) -> tuple[str, str] | None:
    """The opening and closing mark of a block comment; where they would share a star, the shorter opening."""
    for opening, closing in language.block_markers:
        if text.startswith(opening) and len(text) >= len(opening) + len(closing):
            return opening, closing
    return ("/*", "*/") if text.startswith("/*") and language.block_markers else None


def _whole_lines(tree: Tree, span: Span) -> bool:
    source = tree.source
    lines = source.whole_lines(span)
    return (
        not source.text[lines.start : span.start].strip("\ufeff \t\f")
        and not source.text[span.end : lines.end].strip()
    )


def _docstrings(tree: Tree) -> Iterator[Span]:
    if not tree.grammar.strings:
        return
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
    text = tree.text(statement)
    match = _DOCSTRING.match(text)
    return match is not None and text.endswith(match[2]) and len(text) >= match.end() + len(match[2])


def _docstring(tree: Tree, span: Span) -> Comment:
    match = _DOCSTRING.match(tree.source.slice(span))
    opening = match[0] if match is not None else ""
    closing = match[2] if match is not None else ""
    return Comment(span, "docstring", opening, closing, _whole_lines(tree, span))
