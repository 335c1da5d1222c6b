"""A completion while the model writes it. Requests come to it and leave; it ends on its own, or is closed."""

from __future__ import annotations

import asyncio
import logging
from contextlib import aclosing
from math import inf
from typing import TYPE_CHECKING

from attrs import frozen

from gloss_lsp.actions.complete import gap_at
from gloss_lsp.core.completion.filters import clean, whole_lines
from gloss_lsp.core.completion.reuse import typed_between
from gloss_lsp.errors import Busy, GlossError, Interrupted, Stalled, Superseded, TooLong
from gloss_lsp.scheduler import Priority
from gloss_lsp.waiting import within

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable

    from gloss_lsp.actions.base import Gap
    from gloss_lsp.backends.base import Piece
    from gloss_lsp.core.completion.context import Context
    from gloss_lsp.core.completion.reuse import Typed
    from gloss_lsp.lsp.server import Server

FIRST_WORDS = 15.0
"""Seconds that a completion may take to begin. A machine without a GPU reads 70 tokens a second, and what
it has read when it is stopped is partly lost; so reading is not counted among `complete.maxTime`."""

LINGERS = 0.15
"""Seconds that an answer goes on without a request: editors cancel one before they ask anew."""

PASSING = (Superseded, TooLong, Busy, Stalled, Interrupted)
"""What goes wrong now and then while somebody types, and is only logged."""

logger = logging.getLogger(__name__)


@frozen
class Wanted:
    """A completion that was asked for, with the text around its place as it was then."""

    uri: str
    path: str
    context: Context
    max_tokens: int
    automatic: bool
    """It follows from typing; the user did not ask for it."""
    ahead: bool = False
    """Nobody waits for it yet: it goes on where what is shown will have been accepted."""

    @property
    def priority(self) -> Priority:
        """Why the model is asked."""
        if self.ahead:
            return Priority.BACKGROUND
        return Priority.TYPED if self.automatic else Priority.ASKED


class Answer:
    """What the model writes for a place."""

    def __init__(self, server: Server, wanted: Wanted, keep: Callable[[Wanted, str], None]) -> None:
        """Begin; after a pause if it follows from typing.

        Args:
            server: Whose gateway is asked.
            wanted: What is asked for.
            keep: Told what came of it, where something did.
        """
        self.wanted = wanted
        self._server, self._keep = server, keep
        self._asked, self._text = False, ""
        self._news = asyncio.get_running_loop().create_future()
        self._timer: asyncio.TimerHandle | None = None
        self.task = server.background(self._write(), "complete")

    @property
    def is_left(self) -> bool:
        """Whether no request waits for it."""
        return self._timer is not None

    def serves(self, wanted: Wanted) -> bool:
        """Whether a request can wait for this.

        So it is for the same place, and for one that is reached by typing what has been written so far.
        """
        typed = self._typed(wanted.context)
        if typed is None or self.task.done() or not self._asked:
            return False
        if self._text:
            return typed.may_be(self._so_far())
        # Who asks is not put off by what may be given up for want of a free model.
        return not typed.text and (wanted.automatic or not self.wanted.automatic)

    async def followed(self, context: Context, until: float) -> bool:
        """Wait for the end, or for a moment by the event loop's clock.

        False once something else is written than was typed up to the place.
        """
        now = asyncio.get_running_loop().time
        typed = self._typed(context)
        while not self.task.done() and (left := until - now()) > 0:
            if typed is None or not typed.may_be(self._so_far()):
                return False
            # At its own place, nothing can come that would not do.
            ends = {self._news, self.task} if typed.text else {self.task}
            timeout = None if left == inf else left
            await asyncio.wait(ends, timeout=timeout, return_when=asyncio.FIRST_COMPLETED)
        return typed is not None

    def shown_at(self, context: Context) -> str | None:
        """What there is to show at a place: all of it if it has ended, else its whole lines."""
        typed = self._typed(context)
        if self.task.done():
            failed = self.task.cancelled() or self.task.exception() is not None
            text = None if failed else self.task.result()
        else:
            text = clean(whole_lines(self._text), self.wanted.context)
        return typed.rest(text) if typed is not None and text is not None else None

    def stay(self) -> None:
        """A request has come."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def leave(self) -> None:
        """The request has gone: end, soon if something has been written, so that the next one finds it."""
        if self._text and not self.task.done():
            self._timer = asyncio.get_running_loop().call_later(LINGERS, self.close)
        else:
            self.close()

    def close(self) -> None:
        """End, whoever waits."""
        self.stay()
        self.task.cancel()

    def _typed(self, context: Context) -> Typed | None:
        return typed_between(self.wanted.context.window, context.window)

    def _so_far(self) -> str:
        return clean(self._text, self.wanted.context) or ""

    async def _write(self) -> str | None:
        settings, wanted = self._server.settings.complete, self.wanted
        if wanted.automatic and not wanted.ahead and settings.debounce:
            await asyncio.sleep(settings.debounce / 1000)
        self._asked = True
        gap = gap_at(wanted.context, wanted.max_tokens)
        pieces = self._server.gateway.ask(
            gap,
            task="complete",
            path=wanted.path,
            priority=wanted.priority,
            replaces=(wanted.uri, "complete"),
        )
        try:
            async with aclosing(pieces):
                text = await self._read(pieces, gap, settings.max_time)
        except GlossError as error:
            self._failed(error)
            return None
        shown = clean(text, wanted.context)
        if shown is not None:
            self._keep(wanted, shown)
        return shown

    async def _read(self, pieces: AsyncGenerator[Piece, None], gap: Gap, max_time: float) -> str:
        """What the model writes until it is enough, or has to do: then up to the last whole line."""
        loop = asyncio.get_running_loop()
        deadline = loop.time() + FIRST_WORDS
        while True:
            try:
                piece = await within(anext(pieces), max(0.0, deadline - loop.time()))
            except StopAsyncIteration:
                return self._text
            except asyncio.TimeoutError:
                return whole_lines(self._text)
            if piece.text and not self._text:
                deadline = loop.time() + max_time
            self._text += piece.text
            self._news.set_result(None)
            self._news = loop.create_future()
            if piece.done == "length":
                return whole_lines(self._text)
            if gap.finished is not None and gap.finished(self._text):
                return self._text

    def _failed(self, error: GlossError) -> None:
        logger.info("No completion: %s", error)
        if not isinstance(error, PASSING):
            self._server.advice.once("warning", str(error))
