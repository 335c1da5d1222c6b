"""Syntax trees by tree-sitter, read in code point offsets: definitions, imports, names.

Parsing 10,000 lines takes some 50 ms, so a tree is made on demand and kept by `Trees` for the
version of the document that it belongs to; nothing is parsed incrementally.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import OrderedDict
from importlib import import_module
from itertools import accumulate
from threading import Lock
from typing import TYPE_CHECKING, cast

from attrs import field, frozen

from gloss_lsp.core.definitions import Definition, definitions, enclosing_definition
from gloss_lsp.core.languages import Language, language
from gloss_lsp.core.syntax_data import GRAMMARS, Grammar
from gloss_lsp.core.text import Source, Span

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Language as Binary
    from tree_sitter import Node

__all__ = [
    "Definition",
    "Tree",
    "Trees",
    "definitions",
    "enclosing_definition",
    "identifiers_in",
    "imports",
    "leaves",
    "parse",
]

_CHUNK = 1024
_LONE_RETURN = re.compile(rb"\r(?!\n)")


class _Offsets:
    """Turns offsets in UTF-8 bytes into offsets in code points and back; free for ASCII.

    The text is measured in chunks rather than in lines, because generated files have lines of megabytes.
    """

    def __init__(self, text: str, data: bytes) -> None:
        self._text, self._data = text, data
        self._starts: list[int] = []
        if len(text) != len(data):
            sizes = (len(_encode(text[at : at + _CHUNK])) for at in range(0, len(text), _CHUNK))
            self._starts = [0, *accumulate(sizes)]

    def to_points(self, at: int) -> int:
        if not self._starts:
            return at
        chunk = bisect_right(self._starts, at) - 1
        return chunk * _CHUNK + len(self._data[self._starts[chunk] : at].decode(errors="ignore"))

    def to_bytes(self, offset: int) -> int:
        if not self._starts:
            return offset
        chunk = offset // _CHUNK
        return self._starts[chunk] + len(_encode(self._text[chunk * _CHUNK : offset]))


def _encode(text: str) -> bytes:
    """UTF-8; half a surrogate pair, which an editor can send, becomes a question mark of one byte."""
    return text.encode(errors="replace")


@frozen(eq=False)
class Tree:
    """The syntax tree of one version of a document."""

    source: Source
    language: Language
    grammar: Grammar
    root: Node = field(repr=False)
    binary: Binary = field(repr=False)
    """The grammar as tree-sitter takes it, for queries."""
    data: bytes = field(repr=False)
    """The source in UTF-8, which the nodes count in; carriage returns that stand alone are line feeds."""
    _offsets: _Offsets = field(repr=False)

    def span(self, node: Node) -> Span:
        """Where a node is, in code points."""
        return self.points(node.start_byte, node.end_byte)

    def points(self, start: int, end: int) -> Span:
        """The span of a range of bytes."""
        return Span(self._offsets.to_points(start), self._offsets.to_points(end))

    def bytes(self, span: Span) -> tuple[int, int]:
        """The range of bytes of a span."""
        return self._offsets.to_bytes(span.start), self._offsets.to_bytes(span.end)

    def text(self, node: Node) -> str:
        """What a node is written as."""
        return self.source.slice(self.span(node))


def parse(source: Source) -> Tree | None:
    """The tree of a text; None where its language has no grammar here. Never fails on broken code."""
    known = language(source.language)
    if known is None or not known.grammar:
        return None
    grammar = GRAMMARS[known.grammar]
    try:
        # The grammars and the parser are binaries that start-up does not pay for.
        import tree_sitter  # noqa: PLC0415

        binary = tree_sitter.Language(getattr(import_module(grammar.module), grammar.function)())
    except ImportError:
        return None
    # To most grammars a carriage return alone ends no line, and so no comment: to editors it does.
    data = _LONE_RETURN.sub(b"\n", _encode(source.text))
    root = tree_sitter.Parser(binary).parse(data).root_node
    return Tree(source, known, grammar, root, binary, data, _Offsets(source.text, data))


class Trees:
    """The trees of the newest documents, each parsed once per version. Safe to use from threads."""

    def __init__(self, limit: int = 8) -> None:
        self._limit = limit
        self._trees: OrderedDict[tuple[str, int], Tree | None] = OrderedDict()
        self._lock = Lock()

    def tree(self, source: Source) -> Tree | None:
        """As `parse`, but at most once for a version of a document."""
        key = (source.uri, source.version)
        with self._lock:
            tree = self._trees.get(key)
            # Texts that were never opened share an empty uri and version 0.
            if tree is None or tree.source.text != source.text or tree.source.language != source.language:
                tree = self._trees[key] = parse(source)
            self._trees.move_to_end(key)
            while len(self._trees) > self._limit:
                self._trees.popitem(last=False)
            return tree


def leaves(tree: Tree, span: Span | None = None) -> Iterator[Node]:
    """The nodes without children, in order; with `span`, only those that share a character with it."""
    first, last = tree.bytes(span) if span is not None else (0, tree.root.end_byte)
    within = tree.root if span is None else tree.root.descendant_for_byte_range(first, last)
    cursor = (within or tree.root).walk()
    while True:
        node = cast("Node", cursor.node)
        if node.start_byte >= last and span is not None:
            return
        outside = span is not None and (node.end_byte <= first or node.start_byte >= last)
        if not outside and cursor.goto_first_child():
            continue
        if not outside:
            yield node
        while not cursor.goto_next_sibling():
            if not cursor.goto_parent():
                return


def identifiers_in(tree: Tree, span: Span) -> set[str]:
    """The names that are written in a span, whatever they name; a name that the span cuts is not told."""
    first, last = tree.bytes(span)
    return {
        tree.text(node)
        for node in leaves(tree, span)
        if ("identifier" in node.type or node.type in tree.grammar.names)
        and node.start_byte >= first
        and node.end_byte <= last
    }


def imports(tree: Tree) -> list[Span]:
    """The statements of the module's level that import, include or source something, in order."""
    spans = [tree.span(node) for node in _statements(tree) if _imports(tree, node)]
    return [Span(span.start, span.start + len(tree.source.slice(span).rstrip())) for span in spans]


def _statements(tree: Tree) -> Iterator[Node]:
    nodes = tree.root.children[::-1]
    while nodes:
        node = nodes.pop()
        if node.type in tree.grammar.containers:
            nodes += reversed(node.children)
        else:
            yield node


def _imports(tree: Tree, node: Node) -> bool:
    if node.type in tree.grammar.imports:
        return True
    if not tree.grammar.import_commands:
        return False
    call = node
    if node.type in ("lexical_declaration", "variable_declaration", "expression_statement"):
        value = node.named_children[0] if node.named_children else None
        if value is not None and value.type == "variable_declarator":
            value = value.child_by_field_name("value")
        if value is None:
            return False
        call = value
    name = call.child_by_field_name("function") or call.child_by_field_name("name")
    return (
        name is not None
        and call.type in ("call_expression", "command")
        and tree.text(name) in tree.grammar.import_commands
    )
