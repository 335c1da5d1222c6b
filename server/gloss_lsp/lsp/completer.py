"""Completes for the editor while the user types: asks late, gives way at once, and stops the model early."""

from __future__ import annotations

import asyncio
from math import inf
from typing import TYPE_CHECKING, Any

from attrs import define, evolve

from gloss_lsp.core.completion.asking import worth_asking
from gloss_lsp.core.completion.context import Context
from gloss_lsp.core.completion.reuse import Shown
from gloss_lsp.core.completion.window import Limits, window
from gloss_lsp.core.text import Place, split_lines
from gloss_lsp.core.uris import path_of
from gloss_lsp.lsp import convert
from gloss_lsp.lsp.answer import Answer, Wanted
from gloss_lsp.ready import SMALLEST_ROOM

if TYPE_CHECKING:
    from lsprotocol import types

    from gloss_lsp.core.buffer import Buffer
    from gloss_lsp.lsp.server import Server

MARKERS = 32
"""Tokens for what a form of filling in puts around the text."""


@define
class _Running:
    answer: Answer
    replaced: asyncio.Future[None]


class Completer:
    """Completes at places of documents; in each document the newest request wins."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self._running: dict[str, _Running] = {}
        self._shown = Shown()
        self._settings = server.settings
        self._ahead: Answer | None = None

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
        lines = len(buffer.lines)
        if automatic and not worth_asking(context, in_comments=settings.in_comments, lines=lines):
            return None
        return Wanted(buffer.uri, path_of(buffer.uri), context, max_tokens, automatic)

    async def complete(self, wanted: Wanted, patience: float | None = None) -> str | None:
        """The text to insert; None where there is nothing, or a newer request came.

        What is being written, or was shown of late, is not asked for again.

        Args:
            wanted: What is to be completed.
            patience: Seconds after which what has come by then has to do.
        """
        until = inf if patience is None else asyncio.get_running_loop().time() + patience
        answer = self._make_room(wanted)
        fresh = self._shown.is_repeated(wanted.uri, wanted.context) or not wanted.automatic
        known = self._remembered(wanted) if answer is None and not fresh else None
        if known is not None:
            self._go_ahead(wanted, known)
            return known
        answer = answer or self._fetched_ahead(wanted) or self._begin(wanted)
        running = _Running(answer, asyncio.get_running_loop().create_future())
        running.answer.stay()
        self._running[wanted.uri] = running
        text = asyncio.ensure_future(self._text(running, wanted, until))
        try:
            # A request that is replaced is answered without waiting for its stream to be closed.
            either: set[asyncio.Future[Any]] = {text, running.replaced}
            await asyncio.wait(either, return_when=asyncio.FIRST_COMPLETED)
        except asyncio.CancelledError:
            if not running.replaced.done():
                running.answer.leave()
            raise
        finally:
            text.cancel()
        if not running.replaced.done():
            running.answer.close()
            del self._running[wanted.uri]
        shown = text.result() if text.done() and not text.cancelled() else None
        if shown is not None and not running.replaced.done():
            self._go_ahead(wanted, shown)
        return shown

    async def _text(self, running: _Running, wanted: Wanted, until: float) -> str | None:
        while True:
            answer = running.answer
            follows = await answer.followed(wanted.context, until)
            text = answer.shown_at(wanted.context) if follows else None
            late = until <= asyncio.get_running_loop().time()
            if text is not None or answer.wanted is wanted or late or answer.task.cancelled():
                return text
            # It became something else than what was typed, or no more than that.
            answer.close()
            running.answer = self._begin(wanted)

    def _begin(self, wanted: Wanted) -> Answer:
        return Answer(self._server, wanted, self._remember)

    def _make_room(self, wanted: Wanted) -> Answer | None:
        """Answer the request that is replaced, and end what is written for other places; what serves this one."""
        older = self._running.pop(wanted.uri, None)
        for uri, other in list(self._running.items()):
            if other.answer.is_left:
                other.answer.close()
                del self._running[uri]
        if older is None:
            return None
        older.replaced.set_result(None)
        if older.answer.serves(wanted):
            return older.answer
        older.answer.close()
        return None

    def _go_ahead(self, wanted: Wanted, shown: str) -> None:
        """Fetch what goes on where the user will be after having accepted what is shown."""
        settings = self._server.settings.complete
        if not settings.ahead:
            return
        context = Context(wanted.context.window.followed_by(shown), wanted.context.language)
        next_one = evolve(wanted, context=context, automatic=True, ahead=True)
        under_way = self._ahead is not None and self._ahead.serves(next_one)
        if under_way or self._remembered(next_one) is not None:
            return
        self._stop_going_ahead()
        if worth_asking(context, in_comments=settings.in_comments):
            self._ahead = self._begin(next_one)

    def _fetched_ahead(self, wanted: Wanted) -> Answer | None:
        if self._ahead is not None and self._ahead.serves(wanted):
            answer, self._ahead = self._ahead, None
            return answer
        self._stop_going_ahead()
        return None

    def _stop_going_ahead(self) -> None:
        if self._ahead is not None:
            self._ahead.close()
            self._ahead = None

    def _remembered(self, wanted: Wanted) -> str | None:
        if self._settings is not self._server.settings:
            self._settings = self._server.settings
            self._shown.forget()
        return self._shown.find(wanted.uri, wanted.context)

    def _remember(self, wanted: Wanted, text: str) -> None:
        self._shown.add(wanted.uri, wanted.context, text)

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
