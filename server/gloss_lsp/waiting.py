"""Tells how long something is being waited for, so that no wait is silent."""

from __future__ import annotations

import asyncio
from contextlib import aclosing
from typing import TYPE_CHECKING, Final, TypeVar

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable

T = TypeVar("T")

TICK: Final = 1.0
"""Seconds between two tellings."""


async def told_until_first(
    stream: AsyncGenerator[T, None], tell: Callable[[str], None], what: str
) -> AsyncGenerator[T, None]:
    """Pass on a stream; until its first piece is there, tell what is waited for, and the seconds.

    Args:
        stream: closed with this one.
        tell: told ``reading the prompt``, then ``reading the prompt, 1 s`` and so on.
        what: is waited for.
    """
    ticking = asyncio.create_task(_tick(tell, what))
    try:
        async with aclosing(stream) as pieces:
            async for piece in pieces:
                ticking.cancel()
                yield piece
    finally:
        ticking.cancel()


async def _tick(tell: Callable[[str], None], what: str) -> None:
    tell(what)
    begun = asyncio.get_running_loop().time()
    while True:
        await asyncio.sleep(TICK)
        tell(f"{what}, {round(asyncio.get_running_loop().time() - begun)} s")
