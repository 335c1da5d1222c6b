"""Completes for the editor while the user types: asks late, gives way at once, and stops the model early."""

from __future__ import annotations

import asyncio
import logging
from contextlib import aclosing
from math import inf
from typing import TYPE_CHECKING, Any

from attrs import frozen

from gloss_lsp.actions.complete import gap_at
from gloss_lsp.core.completion.asking import worth_asking
from gloss_lsp.core.completion.context import Context
from gloss_lsp.core.completion.filters import clean, whole_lines
from gloss_lsp.core.completion.window import Limits, window
from gloss_lsp.core.text import Place, split_lines
from gloss_lsp.core.uris import path_of
from gloss_lsp.errors import Busy, GlossError, Interrupted, Stalled, Superseded, TooLong
from gloss_lsp.lsp import convert
from gloss_lsp.ready import SMALLEST_ROOM
from gloss_lsp.scheduler import Priority
from gloss_lsp.waiting import within

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from lsprotocol import types

    from gloss_lsp.actions.base import Gap
    from gloss_lsp.backends.base import Piece
    from gloss_lsp.core.buffer import Buffer
    from gloss_lsp.lsp.server import Server

FIRST_WORDS = 15.0
"""Seconds that a completion may take to begin. A machine without a GPU reads 70 tokens a second, and what
it has read when it is stopped is partly lost; so reading is not counted among `complete.maxTime`."""

MARKERS = 32
"""Tokens for what a form of filling in puts around the text."""

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


@frozen
class _Running:
    task: asyncio.Task[str | None]
    replaced: asyncio.Future[None]


class Completer:
    """Completes at places of documents; in each document the newest request wins."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self._running: dict[str, _Running] = {}

    def wanted(
        self,
        uri: str,
        position: types.Position,
        *,
        automatic: bool,
        selected: types.SelectedCompletionInfo | None = None,
    ) -> Wanted | None:
        """What is to be completed, as the document is now; None where it makes no sense.

        Args:
            uri: Which document.
            position: Where the cursor is.
            automatic: It follows from typing.
            selected: What is chosen in the editor's own list: the document is seen with it inserted.
        """
        settings = self._server.settings.complete
        buffer = self._server.documents.get(uri)
        if buffer is None or (automatic and not settings.enabled):
            return None
        place = convert.to_place(buffer.lines, position, self._server.encoding)
        line = None
        if selected is not None:
            seen = self._with_selected(buffer, place, selected)
            if seen is None:
                return None
            place, line = seen
        room = self._server.settings.models.context_length or SMALLEST_ROOM
        max_tokens = min(settings.max_tokens, room // 4)
        limits = Limits().within(room - max_tokens - MARKERS)
        context = Context(window(buffer.lines, place, limits, line), buffer.language)
        if automatic and not worth_asking(context, in_comments=settings.in_comments):
            return None
        return Wanted(buffer.uri, path_of(buffer.uri), context, max_tokens, automatic)

    async def complete(self, wanted: Wanted, patience: float | None = None) -> str | None:
        """The text to insert; None where there is nothing, or a newer request came.

        Args:
            wanted: What is to be completed.
            patience: Seconds after which what has come by then has to do.
        """
        self._replace(wanted.uri)
        answer = self._answer(wanted, patience)
        task = self._server.background(answer, "complete")
        running = _Running(task, asyncio.get_running_loop().create_future())
        self._running[wanted.uri] = running
        try:
            # A request that is replaced is answered without waiting for its stream to be closed.
            either: set[asyncio.Future[Any]] = {task, running.replaced}
            await asyncio.wait(either, return_when=asyncio.FIRST_COMPLETED)
        finally:
            task.cancel()
            if self._running.get(wanted.uri) is running:
                del self._running[wanted.uri]
        ended = task.done() and not task.cancelled() and task.exception() is None
        return task.result() if ended else None

    def _replace(self, uri: str) -> None:
        older = self._running.pop(uri, None)
        if older is not None:
            older.replaced.set_result(None)
            older.task.cancel()

    def _with_selected(
        self, buffer: Buffer, place: Place, selected: types.SelectedCompletionInfo
    ) -> tuple[Place, str] | None:
        """The cursor's line with the chosen item in it, and the place at the item's end."""
        start = convert.to_place(buffer.lines, selected.range.start, self._server.encoding)
        end = convert.to_place(buffer.lines, selected.range.end, self._server.encoding)
        if not start <= place <= end or start.line != end.line or len(split_lines(selected.text)) > 1:
            return None
        line = buffer.lines[start.line] if start.line < len(buffer.lines) else ""
        seen = line[: start.column] + selected.text + line[end.column :]
        return Place(start.line, start.column + len(selected.text)), seen

    async def _answer(self, wanted: Wanted, patience: float | None) -> str | None:
        settings = self._server.settings.complete
        ends = inf if patience is None else asyncio.get_running_loop().time() + patience
        if wanted.automatic and settings.debounce:
            await asyncio.sleep(settings.debounce / 1000)
        gap = gap_at(wanted.context, wanted.max_tokens)
        pieces = self._server.gateway.ask(
            gap,
            task="complete",
            path=wanted.path,
            priority=Priority.TYPED if wanted.automatic else Priority.ASKED,
            replaces=(wanted.uri, "complete"),
        )
        try:
            async with aclosing(pieces):
                text = await _read(pieces, gap, settings.max_time, ends)
        except GlossError as error:
            self._failed(error)
            return None
        return clean(text, wanted.context)

    def _failed(self, error: GlossError) -> None:
        logger.info("No completion: %s", error)
        if not isinstance(error, PASSING):
            self._server.advice.once("warning", str(error))


async def _read(pieces: AsyncGenerator[Piece, None], gap: Gap, max_time: float, ends: float) -> str:
    """What the model writes until it is enough, or has to do: then up to the last whole line."""
    now = asyncio.get_running_loop().time
    text, deadline = "", min(now() + FIRST_WORDS, ends)
    while True:
        try:
            piece = await within(anext(pieces), max(0.0, deadline - now()))
        except StopAsyncIteration:
            return text
        except asyncio.TimeoutError:
            return whole_lines(text)
        if piece.text and not text:
            deadline = min(now() + max_time, ends)
        text += piece.text
        if piece.done == "length":
            return whole_lines(text)
        if gap.finished is not None and gap.finished(text):
            return text
