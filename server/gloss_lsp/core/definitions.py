"""The definitions of a file: what they are called, where they are, and which of them holds a span."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import evolve, frozen

from gloss_lsp.core.text import Span

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from gloss_lsp.core.syntax import Tree
    from gloss_lsp.core.syntax_data import Kind

_TYPES = ("class", "type", "implementation")
_NAMES = ("word", "variable_name", "operator_name", "destructor_name")
_DEEPEST = 100
"""How deep a walk goes: nobody nests like that, but a sum of a thousand terms is a thousand nodes deep."""


@frozen
class _Scope:
    """Where the walk is: inside of what, and whether it looks for what holds a span."""

    owner: str = ""
    kind: Kind | None = None
    within: Span | None = None
    depth: int = 0


@frozen
class Definition:
    """A function, a class, a type, a macro, or a constant of the module's level or of a class."""

    name: str
    kind: Kind
    span: Span
    """All of it: its decorators, ``export``, and the comments right above it."""
    code: Span
    """The same without the comments above it."""
    header: Span
    """From the first decorator to where the body begins; all of `code` where there is no body."""
    owner: str = ""
    """The name of the class, type or module that it is in."""


def definitions(tree: Tree) -> list[Definition]:
    """The definitions of the module's level and the members of classes, types and modules, in order.

    What is defined inside a function is not among them. A statement that defines several names
    gives one definition for each.
    """
    return list(_walk(tree, tree.root, _Scope()))


def enclosing_definition(tree: Tree, span: Span) -> Definition | None:
    """The smallest definition that holds `span` and more than it; None at the module's level.

    White space at the ends of `span` does not count, and definitions inside functions do.
    """
    text = tree.source.slice(span)
    start = span.start + len(text) - len(text.lstrip())
    span = Span(start, max(start, span.start + len(text.rstrip()))) if text.strip() else span
    holding = [
        found
        for found in _walk(tree, tree.root, _Scope(within=span))
        if found.span.start <= span.start and span.end <= found.span.end and not _covers(span, found.code)
    ]
    return min(holding, key=lambda found: len(found.span), default=None)


def _covers(span: Span, other: Span) -> bool:
    return span.start <= other.start and other.end <= span.end


def _walk(tree: Tree, parent: Node, scope: _Scope) -> Iterator[Definition]:
    """The definitions below a node; with `within`, also those in functions, and only what touches it."""
    if scope.depth > _DEEPEST:
        return
    grammar = tree.grammar
    touched = None if scope.within is None else tree.bytes(scope.within)
    leading: Node | None = None
    before: Node | None = None
    for node in parent.children:
        if node.type in grammar.comments or node.type in grammar.attributes:
            own_line = before is None or before.end_point.row < node.start_point.row
            if leading is None or before is None or _gap(tree, before, node):
                leading = node if own_line else None
            before = node
            continue
        if leading is not None and before is not None and _gap(tree, before, node):
            leading = None
        start = leading or node
        leading, before = None, node
        if touched is not None and not _touches(start.start_byte, node.end_byte, touched):
            continue
        yield from _found(tree, node, (start, node), scope)


def _touches(start: int, end: int, span: tuple[int, int]) -> bool:
    return start <= span[1] and span[0] <= end


def _gap(tree: Tree, before: Node, node: Node) -> bool:
    """Whether an empty line stands between two neighbours."""
    between = tree.source.slice(tree.points(before.end_byte, node.start_byte))
    ended = tree.text(before).endswith("\n")
    return between.count("\n") + ended > 1


def _found(tree: Tree, node: Node, outer: tuple[Node, Node], scope: _Scope) -> Iterator[Definition]:
    """What `node` defines; `outer` is where its comments begin, and the node that wraps it."""
    grammar = tree.grammar
    kind = grammar.definitions.get(node.type)
    if kind is None or (node.type.endswith("_specifier") and node.child_by_field_name("body") is None):
        if node.type in grammar.wrappers or node.type == "ERROR":
            inner = [
                child
                for child in node.children
                if child.type in grammar.definitions or child.type in grammar.wrappers
            ]
            for child in inner:
                # Each name of a group in brackets stands for itself, alone it takes the whole statement.
                alone = len(inner) == 1 or node.type == "lexical_declaration"
                yield from _found(
                    tree, child, outer if alone and node.type != "ERROR" else (child, child), scope
                )
            if not inner:
                yield from _walk(tree, node, evolve(scope, depth=scope.depth + 1))
        elif node.type in grammar.containers or scope.within is not None:
            yield from _walk(tree, node, evolve(scope, depth=scope.depth + 1))
        return
    yield from _named(tree, node, kind, outer, scope)


def _named(
    tree: Tree, node: Node, kind: Kind, outer: tuple[Node, Node], scope: _Scope
) -> Iterator[Definition]:
    start, whole = outer
    value = _value(node)
    body = _body(node)
    if kind == "constant" and value is not None and value.type in tree.grammar.functions:
        kind, body = "function", value.child_by_field_name("body") or value
    elif kind == "constant" and _is_function(node):
        kind = "function"
    if kind == "function" and scope.kind in _TYPES:
        kind = "method"
    names = _names(tree, node)
    if kind != "constant" or scope.kind not in ("function", "method"):
        code = _trimmed(tree, tree.span(whole))
        header = (
            code if body is None else _trimmed(tree, Span(code.start, max(code.start, tree.span(body).start)))
        )
        for name in names:
            yield Definition(name, kind, Span(tree.span(start).start, code.end), code, header, scope.owner)
    inside = body or value
    if inside is not None and (kind in _TYPES or kind == "module" or scope.within is not None):
        inner = scope.kind if kind == "constant" else kind
        owner = names[0] if names else scope.owner
        yield from _walk(tree, inside, _Scope(owner, inner, scope.within, scope.depth + 1))


def _trimmed(tree: Tree, span: Span) -> Span:
    return Span(span.start, span.start + len(tree.source.slice(span).rstrip()))


def _body(node: Node) -> Node | None:
    body = node.child_by_field_name("body")
    if body is not None:
        return body
    # `typedef struct {…} T` and Go's `type T struct {…}` have their body one level down.
    inner = node.child_by_field_name("type")
    return inner.child_by_field_name("body") if inner is not None else None


def _value(node: Node) -> Node | None:
    declarator = node.child_by_field_name("declarator")
    inner = declarator.child_by_field_name("value") if declarator is not None else None
    return inner or node.child_by_field_name("value") or node.child_by_field_name("right")


def _is_function(node: Node) -> bool:
    """Whether a C declaration declares a function."""
    declarator = node.child_by_field_name("declarator")
    while declarator is not None and declarator.type in ("pointer_declarator", "reference_declarator"):
        declarator = declarator.child_by_field_name("declarator")
    return declarator is not None and declarator.type == "function_declarator"


def _names(tree: Tree, node: Node) -> list[str]:
    """The names that a definition gives: its `name`, what it assigns to, or what its declarators end in."""
    if node.type == "impl_item":
        kind = node.child_by_field_name("type")
        kind = kind.child_by_field_name("type") or kind if kind is not None else None
        return [tree.text(kind)] if kind is not None else []
    for label in ("name", "property", "left", "declarator"):
        found = [name for child in node.children_by_field_name(label) for name in _leaf_names(tree, child)]
        if found:
            return found
    return []


def _leaf_names(tree: Tree, node: Node) -> list[str]:
    names: list[str] = []
    # A list of what is still to be looked at: declarators can be nested deeper than calls can.
    nodes = [node]
    while nodes:
        node = nodes.pop()
        inner = node.child_by_field_name("declarator") or node.child_by_field_name("name")
        if node.type == "parenthesized_declarator" and node.named_children:
            inner = node.named_children[0]
        if inner is not None:
            nodes.append(inner)
        elif node.type in ("pattern_list", "tuple_pattern", "type", "reference_declarator"):
            nodes += reversed(node.named_children)
        elif node.type.endswith("identifier") or node.type in _NAMES:
            names.append(tree.text(node))
    return names
