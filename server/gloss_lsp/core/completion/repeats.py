"""Cuts what a completion repeats: the text around the cursor, or itself."""

from __future__ import annotations

import re
from itertools import accumulate
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from gloss_lsp.core.completion.context import Context

_WORD: Final = re.compile(r"\w")
_STUTTER: Final = re.compile(r"(\w[^\n]{3,40}?)\1{3,}")

CLOSERS: Final = ")]}>;:,'\"` "
"""What may follow the rest of a line that was repeated: models leave it out, or another filter cut it."""

SAME_LINES: Final = 3
"""Equal lines one after the other that are taken for a model that goes in circles."""

LONGEST_CIRCLE: Final = 8
"""Lines of the longest group that is taken for a circle when it comes a second time."""


def cut_following(text: str, context: Context) -> str:
    """`text` up to a line that is the next line below the cursor, its indentation included."""
    below = context.window.line_below.rstrip()
    if not below:
        return text
    at = 0
    for number, line in enumerate(_complete_lines(text)):
        whole = context.window.before + line if number == 0 else line
        if whole.rstrip() == below:
            return text[:at]
        at += len(line) + 1
    return text


def cut_rest_of_line(text: str, context: Context) -> str:
    """`text` without the rest of the cursor's line, where it ends with that, or with the closers of it."""
    rest = context.window.after.strip()
    line = text.partition("\n")[0].rstrip()
    if not rest:
        return text
    core = len(rest.rstrip(CLOSERS))
    for length in range(min(len(rest), len(line)), 0, -1):
        left, overlap = line[: len(line) - length], rest[:length]
        if line != left + overlap or (_WORD.match(overlap) and _WORD.match(left[-1:])):
            continue
        if length >= core > 0 or not _WORD.search(overlap):
            return left
    return text


def cut_line_above(text: str, context: Context) -> str:
    """Nothing, where the first line only says the line above once more."""
    above = context.window.line_above.strip()
    first = next(iter(_complete_lines(text)), None)
    if first is None or len(above) <= SAME_LINES or not _WORD.search(above):
        return text
    return "" if (context.window.before + first).strip() == above else text


def cut_circles(text: str, context: Context) -> str:
    """`text` up to where it goes in circles: a line thrice, a group of lines twice, a phrase four times."""
    lines = _complete_lines(text)
    starts = [0, *accumulate(len(line) + 1 for line in lines)]
    lines[:1] = [context.window.before + line for line in lines[:1]]
    for at, line in enumerate(lines):
        if not _WORD.search(line):
            continue
        if lines[at : at + SAME_LINES] == [line] * SAME_LINES:
            return text[: starts[at + 1]]
        for length in range(2, LONGEST_CIRCLE + 1):
            group = lines[at : at + length]
            if len(group) == length and group == lines[at + length : at + 2 * length]:
                return text[: starts[at + length]]
    stutter = _STUTTER.search(text)
    return text[: stutter.end(1)] if stutter else text


def _complete_lines(text: str) -> list[str]:
    """The lines that have their end: a line that still comes may become another."""
    return text.split("\n")[:-1]
