"""Puts translated words into the frame of a passage: markers, indentation, stars and line ends stay."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import evolve

from gloss_lsp.core.comments.directives import is_directive
from gloss_lsp.core.comments.passages import Row
from gloss_lsp.core.comments.safe import safe_words, without_splice
from gloss_lsp.core.display import width, wrap

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from gloss_lsp.core.comments.passages import Passage
    from gloss_lsp.core.comments.pieces import Piece
    from gloss_lsp.core.languages import Language

NARROWEST, WIDEST = 80, 100
_LEAST_ROOM = 20


def limit_of(passages: Sequence[Passage]) -> int:
    """The column at which a file's comments are wrapped: as wide as its longest, from 80 to 100."""
    widths = [
        width(row.lead + row.words) + (width(passage.indent) if number == 0 else 0)
        for passage in passages
        if passage.whole_lines
        for number, row in enumerate(passage.rows)
    ]
    return min(WIDEST, max([NARROWEST, *widths]))


def rewrite(passage: Passage, translated: Mapping[Piece, str], language: Language, limit: int) -> str | None:
    """The text of a passage with pieces of it translated; None where a tool would read the result.

    Args:
        passage: as it is.
        translated: the new words of its pieces; pieces that are not among them stay as they are.
        language: the language of the file.
        limit: the column at which lines are wrapped.
    """
    rows: list[Row] = []
    at = 0
    changed = [piece for piece, words in translated.items() if words != piece.words]
    for piece in sorted(changed, key=lambda piece: piece.first):
        rows += passage.rows[at : piece.first]
        words = safe_words(translated[piece], passage, language)
        new = _rows(passage, piece, words, limit)
        if passage.kind == "line" and any(_is_read_by_tool(row, passage, language) for row in new):
            return None
        rows += new
        at = piece.last + 1
    rows += passage.rows[at:]
    text = "".join(row.text for row in rows)
    if passage.kind == "block" and is_directive(text[len(passage.opening) :], language):
        return None
    return text


def _is_read_by_tool(row: Row, passage: Passage, language: Language) -> bool:
    behind = row.text.lstrip().removeprefix(passage.opening)
    return is_directive(behind, language)


def _rows(passage: Passage, piece: Piece, words: str, limit: int) -> list[Row]:
    first, last = passage.rows[piece.first], passage.rows[piece.last]
    lead, further = _seamed(first.lead, piece, words), _further_lead(passage, piece)
    edge = _right_edge(passage, piece)
    if edge:
        limit = _column(passage, piece.first, first.text.rstrip()) - width(edge) - 1
    lines = [words]
    if _wraps(passage, piece):
        room = limit if edge else limit - width(last.tail.rstrip())
        begun = _column(passage, piece.first, lead)
        lines = wrap(words, max(_LEAST_ROOM, room - begun), max(_LEAST_ROOM, room - width(further)))
    if passage.kind == "line":
        lines = [without_splice(line) for line in lines]
    # A tag stands right behind the words, what a tool reads apart from them.
    apart = piece.trailer and not piece.trailer[0].isspace() and piece.trailer[0] != "<"
    lines[-1] += f" {piece.trailer}" if apart else piece.trailer
    end = _line_end(first.tail) or passage.newline
    rows = [Row(further if number else lead, line, end) for number, line in enumerate(lines)]
    rows[-1] = evolve(rows[-1], tail=_closing_seam(passage, lines[-1], last.tail))
    if not edge:
        return rows
    return [_with_edge(passage, row, piece.first + number, edge, limit) for number, row in enumerate(rows)]


def _right_edge(passage: Passage, piece: Piece) -> str:
    """What closes each row of a box on its right; nothing where the row closes the comment."""
    edge = passage.rows[piece.first].tail.strip()
    return "" if (passage.closing and passage.closing in edge) or edge.startswith("\\") else edge


def _wraps(passage: Passage, piece: Piece) -> bool:
    """A comment beside code stays on its line, and a string in single quotes has only one."""
    if piece.hang < 0 or len(passage.closing) == 1:
        return False
    return passage.whole_lines or (passage.kind != "line" and len(passage.rows) > 1)


def _column(passage: Passage, number: int, text: str) -> int:
    return (width(_indent(passage)) if number == 0 else 0) + width(text)


def _seamed(lead: str, piece: Piece, words: str) -> str:
    """Marker and label, with a space behind a marker that the first new word could be taken for part of."""
    lead += piece.label
    close = lead and not lead[-1].isspace()
    same = words[:1] == piece.words[:1]
    return f"{lead} " if close and not same and not words[:1].isalnum() else lead


def _closing_seam(passage: Passage, line: str, tail: str) -> str:
    if (
        passage.kind == "block"
        and tail[:1]
        and line[-1:] in {*passage.closing}
        and tail[0] in passage.closing
    ):
        return f" {tail}"
    return tail


def _line_end(tail: str) -> str:
    return tail[len(tail.rstrip("\r\n")) :]


def _further_lead(passage: Passage, piece: Piece) -> str:
    """What begins a line that a piece gets besides its first: as its own second line, or its neighbours."""
    rows, first, hang = passage.rows, passage.rows[piece.first], " " * piece.hang
    second = rows[piece.first + 1].lead if piece.first < piece.last else None
    if passage.kind == "line":
        if second is not None and passage.opening in second:
            return second
        # A line that a backslash carries on has no marker of its own.
        marked = first.lead if passage.opening in first.lead else rows[0].lead
        own = marked if piece.first and marked is first.lead else _indent(passage) + marked
        return _spaced(own) + hang
    if second is not None:
        return _off_the_mark(second)
    if piece.first > 0:
        return _off_the_mark(first.lead) + hang
    return _lead_below_opening(passage) + hang


def _lead_below_opening(passage: Passage) -> str:
    """How the second row of a block begins whose words all stand beside the opening mark so far."""
    rows, indent = passage.rows, _indent(passage)
    if passage.kind == "docstring":
        return indent
    starred = next((row.lead for row in rows[1:] if "*" in row.lead), None)
    if starred is not None:
        return _spaced(starred.rstrip())
    if len(rows) == 1 and passage.opening != "/*":
        return f"{indent} * "
    return indent + " " * width(rows[0].lead)


def _indent(passage: Passage) -> str:
    return passage.indent.lstrip("\ufeff")


def _spaced(lead: str) -> str:
    return lead if lead[-1:].isspace() else f"{lead} "


def _off_the_mark(lead: str) -> str:
    """A star without a space could become a closing mark with the word behind it."""
    return f"{lead} " if lead.endswith("*") else lead


def _with_edge(passage: Passage, row: Row, number: int, edge: str, limit: int) -> Row:
    used = _column(passage, number, row.lead + row.words)
    return evolve(row, tail=" " * max(1, limit + 1 - used) + edge + _line_end(row.tail))
