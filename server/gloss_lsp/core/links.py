"""Finds the links and images of a line of Markdown, and judges where they lead."""

from __future__ import annotations

import html
import re
from typing import Literal, TypeAlias
from urllib.parse import quote

from attrs import frozen

from gloss_lsp.core.safe import UNSAFE

LONGEST = 1000
"""Characters that a link or a code span may take; what is longer is taken for plain text.

It bounds what a stream keeps back and, with the two below, the time that hostile text can cost.
"""

_DEEPEST = 8
_MOST_MARKS = 64

Unknown: TypeAlias = Literal["unknown"]
"""What comes next on the line decides."""

_ALLOWED = re.compile(r"https?://[^/?#\\]|mailto:[^/\\]|#", re.IGNORECASE)
_ESCAPED = re.compile(r"\\([!-/:-@\[-`{-~])")
_TARGET = re.compile(
    r"""\([ \t]*
        (?: <(?P<pointed>(?:[^<>\\]|\\.)*)> | (?P<bare>(?!<)(?:[^\s()\\]|\\.|\((?:[^()\\]|\\.)*\))*) )
        (?:[ \t]+ (?: "(?:[^"\\]|\\.)*" | '(?:[^'\\]|\\.)*' | \((?:[^()\\]|\\.)*\) ) )?
        [ \t]*\)""",
    re.VERBOSE,
)
# Rather a call than a link, as in `handlers[name](event)`; left as it is written, it leads nowhere.
_WORDS = re.compile(r"[\w(),.*+'\"-]*")
_BACKTICKS = re.compile(r"`+")
_BRACKETS = re.compile(r"\\.|`+|[\[\]]")


@frozen
class Link:
    """What stands between the brackets, where it leads, and where it ends in its line."""

    text: str
    destination: str | None
    """Made safe; None where nobody may be led there."""
    end: int


def read_link(line: str, at: int, complete: bool) -> Link | Unknown | None:
    """The inline link whose bracket stands at `at`, or None where there is none.

    Args:
        line: a line, or the beginning of one.
        at: where the opening bracket stands.
        complete: whether the line ends where `line` does.
    """
    open_ended = not complete and len(line) - at < LONGEST
    close = _closing_bracket(line, at, open_ended)
    if not isinstance(close, int):
        return close
    if close + 1 == len(line):
        return "unknown" if open_ended else None
    if line[close + 1] != "(":
        return None
    target = _TARGET.match(line, close + 1, at + LONGEST)
    if target is None:
        return "unknown" if open_ended else None
    raw = target["bare"] if target["pointed"] is None else target["pointed"]
    if _WORDS.fullmatch(raw):
        return None
    return Link(line[at + 1 : close], safe_destination(raw), target.end())


def closing_backticks(line: str, start: int, length: int, limit: int) -> int | None:
    """Where the next run of exactly `length` backticks begins, from `start` and within `limit`."""
    for run in _BACKTICKS.finditer(line, start, limit):
        if len(run[0]) == length:
            return run.start()
    return None


def safe_destination(raw: str) -> str | None:
    """A link's destination written so that every reader sees the same, or None where it may not be followed.

    Only http, https, mailto and places in the page itself may. The scheme is judged as the laxest
    reader would see it: without backslashes, entities, white space and controls.
    """
    plain = UNSAFE.sub("", "".join(html.unescape(_ESCAPED.sub(r"\1", raw)).split()))
    if _ALLOWED.match(plain) is None:
        return None
    return re.sub(r"&(?=[#\w]+;)", "&amp;", quote(plain, safe="/:?#@!,;=+&%-._~"))


def _closing_bracket(line: str, at: int, open_ended: bool) -> int | Unknown | None:
    depth = 0
    position = at
    end = min(len(line), at + LONGEST)
    for _ in range(_MOST_MARKS):
        found = _BRACKETS.search(line, position, end)
        if found is None:
            return "unknown" if open_ended else None
        position = found.end()
        if found[0][0] == "`":
            close = closing_backticks(line, position, len(found[0]), end)
            if close is None and open_ended:
                return "unknown"
            position = position if close is None else close + len(found[0])
        elif found[0] == "[":
            depth += 1
            if depth > _DEEPEST:
                return None
        elif found[0] == "]":
            depth -= 1
            if not depth:
                return found.start()
    return None
