r"""Texts as an editor sees them: lines, columns in three encodings, spans, edits.

A line ends at ``\n``, ``\r\n`` or ``\r`` and nowhere else (LSP 3.18, *Text Documents*), which is
not what `str.splitlines` does. Inside Gloss, offsets and columns count code points, from zero;
`column_to_units` and `column_from_units` speak the encodings of the protocol.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from functools import cached_property
from itertools import accumulate
from typing import TYPE_CHECKING, Literal

from attrs import field, frozen

if TYPE_CHECKING:
    from collections.abc import Iterable

Encoding = Literal["utf-8", "utf-16", "utf-32"]
"""How the protocol counts columns: bytes, 16-bit units, or code points (LSP 3.17, *PositionEncodingKind*)."""

_PYTHON_LINE_ENDS = "\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029"
_LINE = re.compile(r"[^\r\n]*(?:\r\n|\n|\r)|[^\r\n]+\Z")


@frozen(order=True)
class Place:
    """A place in a text: line and column in code points, both from zero."""

    line: int
    column: int


@frozen(order=True)
class Span:
    """A half-open range of code point offsets into a text."""

    start: int
    end: int

    def __len__(self) -> int:
        return self.end - self.start

    def overlaps(self, other: Span) -> bool:
        """Whether the two share a character, or one that is empty lies within the other."""
        if not len(self) or not len(other):
            return self.start <= other.end and other.start <= self.end
        return self.start < other.end and other.start < self.end


@frozen
class Edit:
    """Replaces what a span of a text holds by another text."""

    span: Span
    text: str


class EditsOverlapError(ValueError):
    """Two edits of one list touch the same characters."""


def split_lines(text: str) -> list[str]:
    """The lines of a text with their line ends; the last one without, and absent where it would be empty."""
    # `str.splitlines` is several times as fast, and right where nothing stands that it alone splits at.
    if any(end in text for end in _PYTHON_LINE_ENDS):
        return _LINE.findall(text)
    return text.splitlines(keepends=True)


def line_body(line: str) -> str:
    """A line without its line end."""
    return line.rstrip("\r\n")


def column_to_units(line: str, column: int, encoding: Encoding) -> int:
    """The units that `column` code points of `line` take in `encoding`."""
    if encoding == "utf-32" or line.isascii():
        return min(column, len(line))
    head = line[:column]
    if encoding == "utf-8":
        return len(head.encode("utf-8", "surrogatepass"))
    return len(head.encode("utf-16-le", "surrogatepass")) // 2


def column_from_units(line: str, units: int, encoding: Encoding) -> int:
    """The column in code points of `units` in `encoding`; past the end is the end, inside a character its start."""
    if encoding == "utf-32" or line.isascii():
        return min(max(units, 0), len(line))
    used = 0
    for column, character in enumerate(line):
        used += column_to_units(character, 1, encoding)
        if used > units:
            return column
    return len(line)


def apply_edits(text: str, edits: Iterable[Edit]) -> str:
    """`text` with all edits made at once; their spans refer to `text` as it is.

    Raises:
        EditsOverlapError: two edits share characters.
    """
    pieces: list[str] = []
    at = 0
    for edit in sorted(edits, key=lambda edit: edit.span):
        if edit.span.start < at:
            raise EditsOverlapError(f"two edits touch offset {edit.span.start}")
        pieces += (text[at : edit.span.start], edit.text)
        at = edit.span.end
    pieces.append(text[at:])
    return "".join(pieces)


@frozen
class Source:
    """A document as it was at one version: immutable, safe to keep across awaits and threads."""

    text: str = field(repr=False)
    language: str = "plaintext"
    """The LSP language id, as the editor gave it."""
    uri: str = ""
    version: int = 0
    path: str = ""
    """Where the file is, for people and prompts: relative to the workspace where there is one."""
    opening: int = field(default=0, eq=False)
    """Which opening of the document it is of: versions begin anew when a document is opened again."""

    @cached_property
    def lines(self) -> list[str]:
        """The lines with their line ends. Do not change it."""
        return split_lines(self.text)

    @cached_property
    def line_starts(self) -> list[int]:
        """The offset at which each line begins, and last the length of the text."""
        return [0, *accumulate(map(len, self.lines))]

    def place(self, offset: int) -> Place:
        """The place of an offset; one past the end is the end."""
        offset = min(max(offset, 0), len(self.text))
        line = bisect_right(self.line_starts, offset) - 1
        if line == len(self.lines) and line and not self.lines[-1].endswith(("\n", "\r")):
            line -= 1
        return Place(line, offset - self.line_starts[line])

    def offset(self, place: Place) -> int:
        """The offset of a place; a column past the end of a line is the end before its line end."""
        if place.line >= len(self.lines):
            return len(self.text)
        body = line_body(self.lines[place.line])
        return self.line_starts[place.line] + min(place.column, len(body))

    def slice(self, span: Span) -> str:
        """The text of a span."""
        return self.text[span.start : span.end]

    @property
    def whole(self) -> Span:
        """The span of the whole text."""
        return Span(0, len(self.text))

    def whole_lines(self, span: Span) -> Span:
        """`span` widened to whole lines, line ends included."""
        first = self.place(span.start).line
        last = self.place(max(span.start, span.end - 1)).line
        return Span(self.line_starts[first], self.line_starts[min(last + 1, len(self.lines))])
