"""Waits where a server takes no more requests for now, and asks it again."""

from __future__ import annotations

import asyncio
import time
from contextlib import aclosing
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Final

from gloss_lsp.backends.base import Piece
from gloss_lsp.errors import Busy

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable

LONGEST: Final = 120.0
"""Seconds that are waited for one answer in all; a server that wants more is told of instead."""
_FIRST: Final = 1.0
_MOST: Final = 16.0
"""Seconds between two tries where the server does not say: doubled from the first to this."""
_LEAST: Final = 0.5
"""Seconds that are waited at least, whatever a server says."""


def seconds_until(retry_after: str) -> float | None:
    """What the header ``Retry-After`` asks for, a number or a date; None where it says neither."""
    text = retry_after.strip()
    if text.isascii() and text.isdigit():
        return float(text[:9])
    try:
        return max(0.0, parsedate_to_datetime(text).timestamp() - time.time())
    except (ValueError, OverflowError):
        return None


class Patience:
    """How long is waited for one thing, in all and each time."""

    def __init__(self, longest: float) -> None:
        self._left = longest
        self._usual = _FIRST

    def wait_after(self, busy: Busy) -> float:
        """The seconds to wait now. Raises `Busy` where that is more than is left."""
        wait = max(_LEAST, self._usual if busy.retry_after is None else busy.retry_after)
        if wait > self._left:
            after = f" It wants to be asked again in {round(wait)} seconds." if busy.retry_after else ""
            raise Busy(f"{busy}{after}", busy.retry_after) from busy
        self._left, self._usual = self._left - wait, min(2 * self._usual, _MOST)
        return wait


async def patiently(
    ask: Callable[[], AsyncGenerator[Piece, None]], *, longest: float = LONGEST
) -> AsyncGenerator[Piece, None]:
    """The pieces of an answer; while the server is busy, pieces that only say what is waited for.

    Closing the generator ends the wait at once.

    Args:
        ask: begins the answer, each time it is called.
        longest: seconds that are waited in all.

    Raises:
        Busy: it stays busy for longer, or wants more time than is left.
    """
    patience = Patience(longest)
    while True:
        begun = False
        try:
            async with aclosing(ask()) as pieces:
                async for piece in pieces:
                    begun = True
                    yield piece
        except Busy as busy:
            if begun:
                raise
            wait = patience.wait_after(busy)
        else:
            return
        while wait > 0:
            yield Piece(waiting=f"the server is busy, trying again in {max(1, round(wait))} s")
            await asyncio.sleep(min(1.0, wait))
            wait -= 1.0
