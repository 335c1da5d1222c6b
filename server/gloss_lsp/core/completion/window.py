"""The lines around the cursor that the model reads.

Reading is what costs on a small machine, and the model keeps what it has read as long as the prompt
begins the same. So the window begins at a line that moves in steps: typing leaves its beginning as
it was, byte for byte. It ends at a line that moves in steps too, counted from the end of the
document, because typing moves the lines below and leaves their distance to the end.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import evolve, field, frozen

from gloss_lsp.core.budget import estimate
from gloss_lsp.core.completion.anchor import lines_since_anchor
from gloss_lsp.core.text import line_body

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from gloss_lsp.core.text import Place

LONGEST_TOKEN = 8
"""Characters that a token of code has at most, on the average of a line: longer lines need no counting."""

TAB = 4
"""Columns of a tab, where indentations are compared; in files that mix both this is a guess."""


@frozen
class Limits:
    """How large a window may be. The defaults are for a machine that reads 70 tokens a second.

    There a prompt of 500 tokens costs seven seconds once, and 100 tokens behind the cursor cost more
    than one at each keystroke in the usual form (measured with a model of 1.5 billion weights on two
    cores).
    """

    lines_before: int = 40
    """At least so many lines before the cursor's, where there are, and less than one step more."""
    step_before: int = 16
    tokens_before: int = 1024
    lines_after: int = 8
    step_after: int = 8
    tokens_after: int = 256

    def within(self, room: int) -> Limits:
        """These limits, or less, such that both sides take at most `room` tokens."""
        whole = self.tokens_before + self.tokens_after
        if room >= whole:
            return self
        after = max(room, 0) * self.tokens_after // whole
        return Limits(
            self.lines_before,
            self.step_before,
            max(room, 0) - after,
            self.lines_after,
            self.step_after,
            after,
        )


@frozen
class Window:
    """What stands before and after the cursor. All lines end with a line feed, whatever the document has."""

    prefix: str = field(repr=False)
    suffix: str = field(repr=False)
    reaches_end: bool = True
    """Whether the suffix goes on to the end of the document."""
    line_end: str = "\n"
    """What ends the lines of the document."""
    line: int = 0
    """The number of the cursor's line in the document, from 0."""

    @property
    def since_anchor(self) -> int | None:
        """Lines ahead of the cursor's, back to the anchor; None where no line of the window is ahead of it."""
        lines = lines_since_anchor(self.line)
        return lines if self.prefix.count("\n") > lines else None

    def followed_by(self, text: str) -> Window:
        """The window as it will be with the cursor behind `text`, which is inserted."""
        return evolve(self, prefix=self.prefix + text, line=self.line + text.count("\n"))

    @property
    def before(self) -> str:
        """The line of the cursor up to it."""
        return self.prefix[self.prefix.rfind("\n") + 1 :]

    @property
    def after(self) -> str:
        """The line of the cursor from it on, without its line end."""
        return self.suffix.partition("\n")[0]

    @property
    def line_above(self) -> str:
        """The nearest line above the cursor's that is not blank."""
        return _first_of_substance(reversed(self.prefix.split("\n")[:-1]))

    @property
    def line_below(self) -> str:
        """The nearest line below the cursor's that is not blank."""
        return _first_of_substance(self.suffix.split("\n")[1:])


def columns(line: str) -> int:
    """How far a line is indented."""
    body = line.expandtabs(TAB)
    return len(body) - len(body.lstrip(" "))


def window(lines: Sequence[str], place: Place, limits: Limits, line: str | None = None) -> Window:
    """The window around a place. Its cost depends on the limits alone, not on the document.

    Args:
        lines: The document, as `gloss_lsp.core.text.split_lines` has it.
        place: Where the cursor is.
        limits: How much is taken.
        line: Stands for the line of the cursor, where the document is to be seen with another.
    """
    own = line if line is not None else lines[place.line] if place.line < len(lines) else ""
    body = line_body(own)
    column = min(place.column, len(body))
    before = _end_of(body[:column], limits.tokens_before)
    after = _start_of(body[column:], limits.tokens_after)
    first, last = place.line, place.line + 1
    # What stands beyond a cut is not the neighbour of what is left.
    if len(before) == column:
        first = _first_line(lines, place.line, limits, limits.tokens_before - estimate(before))
    whole = len(after) == len(body) - column
    if whole:
        last = _last_line(lines, place.line, limits, limits.tokens_after - estimate(after))
        after = _plain(body[column:] + own[len(body) :])
    nearest = lines[max(0, place.line - 1) : place.line + 1]
    return Window(
        "".join(map(_plain, lines[first : place.line])) + before,
        after + "".join(map(_plain, lines[place.line + 1 : last])),
        reaches_end=whole and last >= len(lines),
        line_end=next((end for end in map(_line_end, reversed(nearest)) if end), "\n"),
        line=place.line,
    )


def _first_line(lines: Sequence[str], line: int, limits: Limits, room: int) -> int:
    step = limits.step_before
    first = max(0, (line - limits.lines_before) // step * step)
    costs = [_cost(each, limits.tokens_before) for each in lines[first:line]]
    while sum(costs) > room and first < line:
        while step > 1 and first + step > line:
            step //= 2
        del costs[:step]
        first += step
    return first


def _last_line(lines: Sequence[str], line: int, limits: Limits, room: int) -> int:
    left = max(0, len(lines) - line - 1)
    over = (left - limits.lines_after) % limits.step_after
    last = line + 1 + min(left, limits.lines_after + over)
    for index, each in enumerate(lines[line + 1 : last], line + 1):
        room -= _cost(each, limits.tokens_after)
        if room < 0:
            return index
    return last


def _cost(line: str, limit: int) -> int:
    return limit + 1 if len(line) > limit * LONGEST_TOKEN else estimate(line)


def _end_of(text: str, limit: int) -> str:
    """As much of the end as the limit allows, beginning at a place that moves in steps."""
    longest = limit * LONGEST_TOKEN
    cut = text[-longest:] if longest else ""
    while (cut != text or estimate(cut) > limit) and longest > 1:
        longest //= 2
        cut = text[max(0, len(text) - longest) // longest * longest :]
        if estimate(cut) <= limit:
            break
    return cut


def _start_of(text: str, limit: int) -> str:
    cut = text[: limit * LONGEST_TOKEN]
    while cut and estimate(cut) > limit:
        cut = cut[: len(cut) // 2]
    return cut


def _plain(line: str) -> str:
    body = line_body(line)
    return body if body == line else body + "\n"


def _line_end(line: str) -> str:
    return line[len(line_body(line)) :]


def _first_of_substance(lines: Iterable[str]) -> str:
    return next((line for line in lines if line.strip()), "")
