"""Says the newest of many things, at once when it is the first and at most so often after."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")


class Throttle(Generic[T]):
    """Passes values on, `interval` seconds apart at least; of those in between only the last.

    The last value is never lost: it goes out when its time has come, or at `flush`.
    """

    def __init__(self, interval: float, send: Callable[[T], None]) -> None:
        self._interval = interval
        self._send = send
        self._waiting: list[T] = []
        self._timer: asyncio.TimerHandle | None = None

    def put(self, value: T, *, at_once: bool = False) -> None:
        """Send `value` now, or when its time has come unless a newer one replaces it.

        With `at_once` it does not wait for its time, and the next one waits for a whole interval.
        """
        self._waiting = [value]
        if at_once and self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if self._timer is None:
            self._tick()

    def flush(self) -> None:
        """Send what is still waiting, and begin anew."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if self._waiting:
            self._send(self._waiting.pop())

    def _tick(self) -> None:
        self._timer = None
        if self._waiting:
            self._send(self._waiting.pop())
            self._timer = asyncio.get_running_loop().call_later(self._interval, self._tick)
