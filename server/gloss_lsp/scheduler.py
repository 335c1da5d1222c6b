"""Who may use a model now: streams take turns, and some make way for others.

A *lane* is what answers a bounded number of requests at a time: one model of one backend. Each
stream runs in a task of its own, which nobody else cancels; so a stop is never mistaken for the
cancelling of the caller, and the turn is free exactly when that task has ended.
"""

from __future__ import annotations

import asyncio
from contextlib import aclosing
from enum import IntEnum
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, TypeVar

from attrs import Factory, define, frozen

from gloss_lsp.errors import Interrupted, Superseded

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable, Hashable

T = TypeVar("T")


class Priority(IntEnum):
    """Why something is asked; the smaller goes first, and equals go in the order in which they came."""

    ASKED = 0
    """The user asked for it and waits."""
    TYPED = 1
    """It follows from typing, such as an automatic completion."""
    CONTINUED = 2
    """A later prompt of what the user asked for: a long job gives way between its prompts."""
    BACKGROUND = 3
    """Nobody waits: reading ahead, hints, explanations for a hover."""


_STOPS: Final = MappingProxyType(
    {
        Priority.ASKED: frozenset({Priority.TYPED, Priority.BACKGROUND}),
        Priority.TYPED: frozenset({Priority.BACKGROUND}),
        Priority.CONTINUED: frozenset({Priority.BACKGROUND}),
        Priority.BACKGROUND: frozenset[Priority](),
    }
)
"""Whom each stops when there is no free turn. What the user asked for is stopped by nobody."""

_REPLACES: Final = MappingProxyType(
    {
        Priority.ASKED: frozenset(Priority),
        Priority.TYPED: frozenset({Priority.TYPED, Priority.BACKGROUND}),
        Priority.CONTINUED: frozenset(Priority) - {Priority.ASKED},
        Priority.BACKGROUND: frozenset({Priority.BACKGROUND}),
    }
)
"""Whose place each takes under the same key: what the user asked for is not replaced by typing."""


class Scheduler:
    """Gives turns on lanes. Used from one event loop."""

    def __init__(self) -> None:
        self._lanes: dict[Hashable, _Lane] = {}

    async def stream(
        self,
        source: Callable[[], AsyncGenerator[T, None]],
        *,
        lane: Hashable,
        priority: Priority,
        replaces: Hashable | None = None,
        patience: float | None = None,
        parallel: int = 1,
    ) -> AsyncGenerator[T, None]:
        """Wait for a turn, then pass on what `source` streams.

        Closing this generator, or cancelling who waits for it, closes the source and frees the
        turn, at any moment; when `aclose` returns, both have happened.

        Args:
            source: Opened when the turn has come, closed before the turn is given on.
            lane: Where to wait; lanes know nothing of each other.
            priority: Who goes first and who is stopped.
            replaces: An older stream with an equal key, waiting or running on any lane, is stopped.
            patience: Seconds to wait for the turn; None waits as long as it takes.
            parallel: How many turns the lane has at a time.

        Raises:
            Superseded: Another took the place of this one, or the patience ended.
        """
        turn = _Turn(priority, replaces)
        if replaces is not None:
            self._replace(turn)
        pieces: asyncio.Queue[T | _End] = asyncio.Queue()
        turn.task = task = asyncio.create_task(_pump(turn, source, pieces))
        task.add_done_callback(lambda task: pieces.put_nowait(_End(self._leave(lane, turn, task))))
        self._enter(lane, turn, parallel, patience)
        try:
            while not isinstance(piece := await pieces.get(), _End):
                yield piece
        finally:
            turn.stop()
            await asyncio.wait({task})
        if piece.error is not None:
            raise piece.error

    def _replace(self, newer: _Turn) -> None:
        for lane in self._lanes.values():
            for turn in (*lane.waiting, *lane.running):
                if turn.replaces == newer.replaces and turn.priority in _REPLACES[newer.priority]:
                    lane.drop(turn, "A newer request took the place of this one.")

    def _enter(self, key: Hashable, turn: _Turn, parallel: int, patience: float | None) -> None:
        lane = self._lanes.setdefault(key, _Lane())
        lane.parallel = parallel
        lane.waiting.append(turn)
        lane.give_turns()
        if patience is not None and turn in lane.waiting:
            sentence = "The model was busy for too long with something else."
            turn.timer = asyncio.get_running_loop().call_later(patience, lane.drop, turn, sentence)

    def _leave(self, key: Hashable, turn: _Turn, task: asyncio.Task[None]) -> Exception | None:
        # One that was dropped while waiting holds no lane, which may be gone by now.
        lane = self._lanes.get(key)
        if lane is not None:
            lane.remove(turn)
            lane.give_turns()
            if not lane.running and not lane.waiting:
                del self._lanes[key]
        return _reason(turn, task)


@frozen
class _End:
    """Stands behind the last piece of a stream."""

    error: Exception | None


@define(eq=False)
class _Turn:
    """One stream, from its coming to the end of its task."""

    priority: Priority
    replaces: Hashable | None
    granted: asyncio.Event = Factory(asyncio.Event)
    task: asyncio.Task[None] | None = None
    timer: asyncio.TimerHandle | None = None
    stopping: bool = False
    superseded: str = ""
    """Why it was stopped by another; empty where its own reader closed it."""

    def grant(self) -> None:
        self.granted.set()
        self.lose_timer()

    def stop(self, superseded: str = "") -> None:
        if not self.stopping:
            self.stopping = True
            self.superseded = superseded
            if self.task is not None:
                self.task.cancel()
        self.lose_timer()

    def lose_timer(self) -> None:
        if self.timer is not None:
            self.timer.cancel()


@define(eq=False)
class _Lane:
    """Who waits and who runs. A turn that is stopping counts as running until its task has ended."""

    waiting: list[_Turn] = Factory(list)
    running: list[_Turn] = Factory(list)
    parallel: int = 1

    def give_turns(self) -> None:
        """Start who can start, and stop who has to make way for those that cannot."""
        while self.waiting and len(self.running) < self.parallel:
            turn = min(self.waiting, key=_by_priority)
            self.waiting.remove(turn)
            self.running.append(turn)
            turn.grant()
        leaving = sum(turn.stopping for turn in self.running)
        for turn in sorted(self.waiting, key=_by_priority)[leaving:]:
            weaker = [
                other
                for other in self.running
                if other.priority in _STOPS[turn.priority] and not other.stopping
            ]
            if weaker:
                max(weaker, key=_by_priority).stop("Something more urgent needed the model.")

    def drop(self, turn: _Turn, sentence: str) -> None:
        """Stop a turn; if it was still waiting it never gets its turn."""
        if turn in self.waiting:
            self.waiting.remove(turn)
        turn.stop(sentence)

    def remove(self, turn: _Turn) -> None:
        for turns in (self.waiting, self.running):
            if turn in turns:
                turns.remove(turn)


def _by_priority(turn: _Turn) -> Priority:
    return turn.priority


async def _pump(
    turn: _Turn, source: Callable[[], AsyncGenerator[T, None]], pieces: asyncio.Queue[T | _End]
) -> None:
    await turn.granted.wait()
    async with aclosing(source()) as stream:
        async for piece in stream:
            pieces.put_nowait(piece)


def _reason(turn: _Turn, task: asyncio.Task[None]) -> Exception | None:
    """What the reader of the stream is told at its end."""
    error = None if task.cancelled() else task.exception()
    if turn.superseded and (task.cancelled() or error is not None):
        return Superseded(turn.superseded)
    if task.cancelled():
        return Interrupted("The answer was stopped from within. Ask again.")
    return error if isinstance(error, Exception) or error is None else Interrupted(str(error))
