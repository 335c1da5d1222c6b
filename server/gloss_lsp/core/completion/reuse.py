"""What is shown already need not be asked for again: the rest of it, for a place reached by typing it."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, Final

from attrs import Factory, define, frozen

from gloss_lsp.core.completion.repeats import CLOSERS

if TYPE_CHECKING:
    from gloss_lsp.core.completion.context import Context
    from gloss_lsp.core.completion.window import Window

KEPT: Final = 64
"""Completions that are remembered, of all documents together."""

LEAST_COMMON: Final = 200
"""Characters by which two windows are laid over each other, and that have to be equal after the cursor."""

MOST_CLOSED: Final = 4
"""Closers that editors add after the cursor while somebody types an opener."""


@frozen
class Typed:
    """What was typed between two places, the first of which is where the completion was asked for."""

    text: str
    closers: str = ""
    """What the editor has added after it."""

    def rest(self, shown: str) -> str | None:
        """What of a completion is left to be shown; None where something else was typed, or all of it."""
        left = shown[len(self.text) :]
        if not shown.startswith(self.text) or not left.endswith(self.closers):
            return None
        if self.closers and "\n" in left:
            return None
        left = left.removesuffix(self.closers)
        return left if left.strip() else None

    def may_be(self, shown: str) -> bool:
        """Whether it is the beginning of a completion of which so much is known."""
        return shown.startswith(self.text) or self.text.startswith(shown)


def typed_between(older: Window, newer: Window) -> Typed | None:
    """What was typed from one place to the other; None where the texts differ in more than that.

    The windows need not begin or end at the same line: both ends move in steps.
    """
    before = _laid_over(older.prefix, newer.prefix)
    if before is None:
        return None
    if _same(older.suffix, newer.suffix):
        return Typed(before)
    for added in range(1, MOST_CLOSED + 1):
        closers, after = newer.suffix[:added], newer.suffix[added:]
        if closers.strip(CLOSERS) or not before:
            return None
        if _same(older.suffix, after):
            return Typed(before, closers)
    return None


@define
class Shown:
    """The completions of late, and where each was asked for. Bounded."""

    kept: deque[tuple[str, Context, str]] = Factory(lambda: deque(maxlen=KEPT))
    asked: dict[str, Context] = Factory(dict)
    """Where each document was asked about last; of as many documents as completions are kept."""

    def is_repeated(self, uri: str, context: Context) -> bool:
        """Whether a document is asked about at the same place as last time: who does that wants a new answer."""
        repeated = self.asked.pop(uri, None) == context
        self.asked[uri] = context
        if len(self.asked) > KEPT:
            del self.asked[next(iter(self.asked))]
        return repeated

    def add(self, uri: str, context: Context, text: str) -> None:
        """Remember a completion."""
        self.kept.append((uri, context, text))

    def find(self, uri: str, context: Context) -> str | None:
        """The rest of a completion that goes on at this place."""
        for other, older, text in reversed(self.kept):
            if other == uri and older.language == context.language:
                typed = typed_between(older.window, context.window)
                rest = typed and typed.rest(text)
                if rest:
                    return rest
        return None

    def forget(self) -> None:
        """Forget them all."""
        self.kept.clear()


def _laid_over(older: str, newer: str) -> str | None:
    """What the newer text has more at its end, where both are equal otherwise, but for lines at the beginning."""
    if newer.startswith(older):
        return newer[len(older) :]
    begins = newer[:LEAST_COMMON]
    at = older.find(begins) if len(begins) == LEAST_COMMON else -1
    return newer[len(older) - at :] if at >= 0 and newer.startswith(older[at:]) else None


def _same(one: str, other: str) -> bool:
    """Whether two texts are equal, but for lines at the end of one."""
    shorter, longer = sorted((one, other), key=len)
    return one == other or (len(shorter) >= LEAST_COMMON and longer.startswith(shorter))
