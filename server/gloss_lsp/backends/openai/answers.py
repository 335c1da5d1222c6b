"""Reads the events of an answer as pieces, whichever server has sent them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, Literal, Protocol

from gloss_lsp.backends.base import Piece, Usage
from gloss_lsp.backends.openai.wire import Choice, Chunk
from gloss_lsp.backends.structure import NoObject, read
from gloss_lsp.core.thinking import ThinkingSplitter
from gloss_lsp.errors import GlossError

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from gloss_lsp.backends.sse import Event

_SETTLE_SECONDS: Final = 0.5
"""How long usage may come behind the last word, and the end of the stream behind that."""


class Sentences(Protocol):
    """Makes the errors of one server."""

    def failure(self, said: Any) -> GlossError:  # noqa: ANN401  # JSON
        """The error that an error event reports."""

    def broken_off(self) -> GlossError:
        """The answer has no end."""

    def foreign(self) -> GlossError:
        """What comes is no such answer."""


async def pieces(events: AsyncGenerator[Event, None], sentences: Sentences) -> AsyncGenerator[Piece, None]:
    """The pieces of an answer, of a chat or of a completion. What was held back goes out before an error.

    An answer has ended where it says why (`finish_reason`), or with ``[DONE]``. Usage may stand in
    that event, or in one behind it, or nowhere.
    """
    splitter = ThinkingSplitter()
    came = False
    try:
        async for event in events:
            if _is_last(event):
                yield await _last(splitter, Piece(done="stop"), events)
                return
            chunk = _read(event, sentences, came=came)
            came = True
            piece = _piece(chunk, splitter)
            if piece.done:
                yield await _last(splitter, piece, events)
                return
            if piece.text or piece.thinking:
                yield piece
        raise sentences.broken_off() if came else sentences.foreign()
    except GlossError:
        held, thought = splitter.flush()
        if held or thought:
            yield Piece(held, thought)
        raise


def _is_last(event: Event) -> bool:
    return event.data.strip() == "[DONE]"


def _read(event: Event, sentences: Sentences, *, came: bool) -> Chunk:
    try:
        chunk = read(event.data, Chunk)
    except NoObject as garbage:
        if event.kind == "error":
            raise sentences.failure(event.data) from garbage
        raise (sentences.broken_off() if came else sentences.foreign()) from garbage
    if chunk.error is not None:
        raise sentences.failure(chunk.error)
    if event.kind == "error" or chunk.object == "error":
        raise sentences.failure(chunk.message if chunk.message is not None else event.data)
    return chunk


def _piece(chunk: Chunk, splitter: ThinkingSplitter) -> Piece:
    choice = (chunk.choices or (Choice(),))[0]
    text, thinking = splitter.feed(choice.delta.content or choice.text)
    thinking = (choice.delta.reasoning_content or choice.delta.reasoning) + thinking
    return Piece(text, thinking, _end(choice.finish_reason), _usage(chunk))


def _end(reason: str) -> Literal["stop", "length"] | None:
    if not reason:
        return None
    return "length" if reason == "length" else "stop"


async def _last(splitter: ThinkingSplitter, piece: Piece, events: AsyncGenerator[Event, None]) -> Piece:
    """The last piece, with what was held back, and with the usage that may still come.

    Reading on to the end also leaves the connection to the next request.
    """
    import anyio  # noqa: PLC0415  # comes with httpx, and as late

    usage = piece.usage
    with anyio.move_on_after(_SETTLE_SECONDS):
        try:
            async for event in events:
                if not _is_last(event):
                    usage = _usage(read(event.data, Chunk)) or usage
        except (GlossError, NoObject):
            pass  # The answer is whole: what is wrong behind it is nobody's business.
    held, thought = splitter.flush()
    return Piece(piece.text + held, piece.thinking + thought, piece.done, usage)


def _usage(chunk: Chunk) -> Usage | None:
    timings, tokens = chunk.timings, chunk.usage
    if timings.predicted_n or timings.prompt_n:
        return Usage(
            prompt_tokens=timings.cache_n + timings.prompt_n,
            prompt_seconds=timings.prompt_ms / 1000,
            tokens=timings.predicted_n,
            seconds=timings.predicted_ms / 1000,
            read_tokens=timings.prompt_n,
        )
    if tokens.prompt_tokens or tokens.completion_tokens:
        return Usage(prompt_tokens=tokens.prompt_tokens, tokens=tokens.completion_tokens)
    return None
