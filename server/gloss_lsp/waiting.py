"""Waits that are told, so that none is silent, and that have an end."""

from __future__ import annotations

import asyncio
from contextlib import aclosing
from typing import TYPE_CHECKING, Final, TypeVar

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Awaitable, Callable

T = TypeVar("T")

TICK: Final = 1.0
"""Seconds between two tellings."""


def _nothing(_: object) -> str:
    return ""


async def told_until_first(
    stream: AsyncGenerator[T, None],
    tell: Callable[[str], None],
    what: str,
    waits: Callable[[T], str] = _nothing,
) -> AsyncGenerator[T, None]:
    """Pass on a stream; until its first piece is there, tell what is waited for, and the seconds.

    Args:
        stream: closed with this one.
        tell: told ``reading the prompt``, then ``reading the prompt, 1 s`` and so on.
        what: is waited for.
        waits: what a piece says is waited for instead; such a piece is told, and not passed on.
    """
    ticking = asyncio.create_task(_tick(tell, what))
    try:
        async with aclosing(stream) as pieces:
            async for piece in pieces:
                ticking.cancel()
                if instead := waits(piece):
                    tell(instead)
                    ticking = asyncio.create_task(_tick_later(tell, what))
                else:
                    yield piece
    finally:
        ticking.cancel()


async def _tick_later(tell: Callable[[str], None], what: str) -> None:
    """Tell again once nobody has said for two ticks that something else is waited for."""
    await asyncio.sleep(2 * TICK)
    await _tick(tell, what)


async def _tick(tell: Callable[[str], None], what: str) -> None:
    tell(what)
    begun = asyncio.get_running_loop().time()
    while True:
        await asyncio.sleep(TICK)
        tell(f"{what}, {round(asyncio.get_running_loop().time() - begun)} s")


async def within(work: Awaitable[T], seconds: float) -> T:
    """What `work` results in, if that takes no longer; whoever is cancelled while waiting here is.

    `asyncio.wait_for` forgets before Python 3.12 that it was cancelled where the work ends in the
    same moment: a job that is stopped just then would go on.

    Raises:
        asyncio.TimeoutError: it took longer, and was cancelled.
    """
    future = asyncio.ensure_future(work)
    late: set[asyncio.Future[T]] = set()
    try:
        _, late = await asyncio.wait({future}, timeout=seconds)
    finally:
        if not future.done():
            future.cancel()
            await asyncio.wait({future})
        if not future.cancelled():
            future.exception()  # Marks it as seen, also where the result is not wanted any more.
    if late and future.cancelled():
        raise asyncio.TimeoutError
    return future.result()
