"""Brackets around a cursor: which are still open, and which of those nothing closes."""

from __future__ import annotations

import re
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from attrs import frozen

from gloss_lsp.core import languages
from gloss_lsp.core.completion.window import columns
from gloss_lsp.core.text import split_lines

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gloss_lsp.core.completion.window import Window

CLOSER_OF: Final = MappingProxyType({"(": ")", "[": "]", "{": "}"})

# A quote that stays open to the end of a text may still be closed there; one that its line ends without
# having closed was no quote, but for a double one, which is hardly ever an apostrophe.
_STRINGS: Final = r'"(?:\\.|[^"\\\n])*(?:"|$)|`(?:\\.|[^`\\\n])*(?:`|\Z)'
_QUOTED: Final = r"'(?:\\.|[^'\\\n])*(?:'|\Z)"
_CHARACTER: Final = r"'(?:\\[^'\n]{1,10}|[^'\\\n])(?:'|\Z)"
_LONE_QUOTES: Final = frozenset(
    {"rust", "haskell", "ocaml", "fsharp", "clojure", "lisp", "scheme", "elisp", "scala"}
)
"""Languages in which a single quote may stand alone (``&'a str``)."""


@frozen
class Open:
    """An opener before the cursor that nothing before the cursor closes."""

    opener: str
    columns: int
    """How far its line is indented."""
    free: bool = False
    """Nothing after the cursor closes it either, so the completion may."""


def bracket_pattern(language_id: str) -> re.Pattern[str]:
    """What finds the next bracket, string or comment, as far as single lines tell."""
    known = languages.language(language_id)
    comments = [f"{re.escape(marker)}[^\n]*" for marker in (known.line_markers if known else ())]
    single = _CHARACTER if language_id in _LONE_QUOTES else _QUOTED
    return re.compile("|".join([_STRINGS, single, *comments, r"[()\[\]{}]"]), re.MULTILINE)


def brackets(text: str, pattern: re.Pattern[str]) -> Iterator[tuple[int, str]]:
    """The brackets of a text that stand in no string and no comment, with their offsets."""
    for found in pattern.finditer(text):
        if found[0] in "()[]{}":
            yield found.start(), found[0]


def open_at(window: Window, pattern: re.Pattern[str]) -> tuple[Open, ...]:
    """The brackets that are open at the cursor, outermost first."""
    opened: list[Open] = []
    for line in split_lines(window.prefix):
        for _, bracket in brackets(line, pattern):
            if bracket in CLOSER_OF:
                opened.append(Open(bracket, columns(line)))
            else:
                del opened[_closed_by(bracket, opened) :]
    return _with_free(opened, window, pattern)


def _with_free(opened: list[Open], window: Window, pattern: re.Pattern[str]) -> tuple[Open, ...]:
    closed: set[int] = set()
    inner = len(opened)
    for bracket, indented in _closers(window.suffix, pattern):
        match = _closed_by(bracket, opened[:inner], indented)
        if match < inner:
            closed.add(match)
            inner = match
    below = window.line_below

    def free(at: int) -> bool:
        if at >= inner:
            return at not in closed
        # What follows may be closed further down, unless the next line already stands outside.
        return window.reaches_end or (bool(below) and columns(below) <= opened[at].columns)

    return tuple(Open(each.opener, each.columns, free(at)) for at, each in enumerate(opened))


def _closers(suffix: str, pattern: re.Pattern[str]) -> Iterator[tuple[str, int | None]]:
    """The closers after the cursor whose openers stand before it; with their column if they begin a line."""
    own: list[str] = []
    for number, line in enumerate(split_lines(suffix)):
        for at, bracket in brackets(line, pattern):
            if bracket in CLOSER_OF:
                own.append(CLOSER_OF[bracket])
            elif not own:
                yield bracket, columns(line) if number and not line[:at].strip() else None
            elif own[-1] == bracket:
                own.pop()


def _closed_by(closer: str, opened: list[Open], indented: int | None = None) -> int:
    """Which of the open ones a closer closes, the inner ones left unclosed; their number where it is none.

    One that begins a line closes what is indented no further, where there is such.
    """
    matches = [at for at in range(len(opened) - 1, -1, -1) if CLOSER_OF[opened[at].opener] == closer]
    outside = (at for at in matches if indented is None or opened[at].columns <= indented)
    return next(outside, next(iter(matches), len(opened)))
