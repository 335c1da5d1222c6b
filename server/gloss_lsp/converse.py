"""Drives a conversation: each prompt to the model, each reply back, errors to whoever catches them."""

from __future__ import annotations

import asyncio
from contextlib import aclosing, suppress
from typing import TYPE_CHECKING, Protocol

from attrs import frozen

from gloss_lsp.actions.base import Gap, Prompt
from gloss_lsp.core.markdown import unclosed
from gloss_lsp.core.thinking import Answer
from gloss_lsp.errors import BackendError

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable

    from gloss_lsp.actions.base import Conversation, Outcome
    from gloss_lsp.backends.base import Piece, Usage


@frozen
class Step:
    """How far a conversation has come, told after every piece."""

    page: str
    """What a page shows now: what stood before, and the reply so far."""
    newest: str
    """The text of this piece alone; empty while the model thinks."""
    thinking: str
    note: str
    """What the prompt says of itself, such as ``comment 3 of 12``."""
    usage: Usage | None
    """On the last piece of a reply."""


class Ask(Protocol):
    """Streams the reply to the `number`-th prompt of a job, counted from zero."""

    def __call__(self, prompt: Prompt | Gap, number: int, /) -> AsyncGenerator[Piece, None]:
        """Ask; closing the stream stops the model."""


async def converse(conversation: Conversation, ask: Ask, report: Callable[[Step], None]) -> Outcome:
    """Run a conversation to its outcome.

    A reply that its prompt calls finished is stopped there, and an error of the backend is thrown
    into the conversation, which may go on without that reply. The conversation itself runs in a
    worker thread, one step at a time: it may parse large documents, and the event loop may not wait.
    """
    number = 0
    try:
        said = await asyncio.to_thread(_advance, conversation, None)
        while isinstance(said, Prompt | Gap):
            try:
                reply: str | BackendError = await _reply(said, ask, number, report)
            except BackendError as error:
                reply = error
            said = await asyncio.to_thread(_advance, conversation, reply)
            number += 1
    finally:
        # A step that still runs in its thread cannot be closed; it ends with what it has.
        with suppress(ValueError):
            conversation.close()
    return said


def _advance(conversation: Conversation, reply: str | BackendError | None) -> Prompt | Gap | Outcome:
    try:
        if reply is None:
            return next(conversation)
        if isinstance(reply, BackendError):
            return conversation.throw(reply)
        return conversation.send(reply)
    except StopIteration as ended:
        outcome: Outcome = ended.value
        return outcome


async def _reply(prompt: Prompt | Gap, ask: Ask, number: int, report: Callable[[Step], None]) -> str:
    reply = Answer()
    async with aclosing(ask(prompt, number)) as pieces:
        async for piece in pieces:
            reply.add(piece.text)
            if piece.done == "length" and prompt.cut:
                reply.text += unclosed(reply.text) + prompt.cut
            report(Step(prompt.before + reply.text, piece.text, piece.thinking, prompt.note, piece.usage))
            if prompt.finished is not None and prompt.finished(reply.text):
                break
    return reply.text
