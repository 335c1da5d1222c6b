"""Between the protocol's positions and Gloss's offsets: the only place that knows both."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lsprotocol import types

from gloss_lsp.core.text import Encoding, Place, Source, Span, column_from_units, column_to_units, line_body

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from gloss_lsp.core.text import Edit


def to_place(lines: Sequence[str], position: types.Position, encoding: Encoding) -> Place:
    """The place of a position; one outside the text is moved to the nearest inside, as LSP asks."""
    if position.line >= len(lines):
        return Place(len(lines), 0)
    body = line_body(lines[position.line])
    return Place(position.line, column_from_units(body, position.character, encoding))


def to_offset(source: Source, position: types.Position, encoding: Encoding) -> int:
    """The offset of a position in a text."""
    return source.offset(to_place(source.lines, position, encoding))


def to_span(source: Source, range_: types.Range, encoding: Encoding) -> Span:
    """The span of a range; a range that is the wrong way round is turned."""
    start, end = to_offset(source, range_.start, encoding), to_offset(source, range_.end, encoding)
    return Span(min(start, end), max(start, end))


def to_position(source: Source, offset: int, encoding: Encoding) -> types.Position:
    """The position of an offset in a text."""
    place = source.place(offset)
    line = source.lines[place.line] if place.line < len(source.lines) else ""
    return types.Position(place.line, column_to_units(line, place.column, encoding))


def to_range(source: Source, span: Span, encoding: Encoding) -> types.Range:
    """The range of a span."""
    return types.Range(to_position(source, span.start, encoding), to_position(source, span.end, encoding))


def to_text_edits(source: Source, edits: Iterable[Edit], encoding: Encoding) -> list[types.TextEdit]:
    """Edits as the protocol has them, in the order of the text."""
    ordered = sorted(edits, key=lambda edit: edit.span)
    return [types.TextEdit(to_range(source, edit.span, encoding), edit.text) for edit in ordered]


def to_document_edit(source: Source, edits: Iterable[Edit], encoding: Encoding) -> types.TextDocumentEdit:
    """Edits of one version of a document."""
    document = types.OptionalVersionedTextDocumentIdentifier(source.uri, source.version)
    return types.TextDocumentEdit(document, list(to_text_edits(source, edits, encoding)))
