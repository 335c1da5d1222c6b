"""What leaves for a model: a request without secrets that fits, and how its answer is made whole again."""

from __future__ import annotations

import json
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

from attrs import evolve, field, frozen

from gloss_lsp.actions.base import Gap, Prompt
from gloss_lsp.backends.base import Chat, Fill, Message, Piece
from gloss_lsp.core.budget import estimate
from gloss_lsp.core.privacy import Restorer
from gloss_lsp.errors import BackendError, TooLong

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Mapping

    from gloss_lsp.backends.base import Model
    from gloss_lsp.core.privacy import Masked, Masker

_MESSAGE_TOKENS: Final = 16
"""What a chat template puts around a message, at most, in the families that are known."""
_LEAST_ANSWER: Final = 256
"""Tokens that are kept free for an answer whose length is not limited."""


@frozen
class SentPrompt:
    """A prompt as it was sent, for people."""

    backend: str
    model: str
    messages: tuple[Message, ...] = ()
    """Of a chat."""
    prefix: str = ""
    """Of a gap, as is the next."""
    suffix: str = ""
    options: Mapping[str, Any] = field(factory=dict)


@frozen
class Outgoing:
    """A request, and the secrets that were taken out of it."""

    request: Chat | Fill
    secrets: Mapping[str, str] = field(repr=False)

    def sent(self, backend: str) -> SentPrompt:
        """What there is to show of it."""
        request = self.request
        options: dict[str, Any] = {
            "max_tokens": request.max_tokens,
            "temperature": request.temperature,
            "stop": request.stop,
        }
        if isinstance(request, Fill):
            return SentPrompt(
                backend, request.model, prefix=request.prefix, suffix=request.suffix, options=options
            )
        options |= {"think": request.think, "schema": request.schema}
        return SentPrompt(backend, request.model, request.messages, options=options)

    async def restored(self, pieces: AsyncGenerator[Piece, None]) -> AsyncGenerator[Piece, None]:
        """The pieces with the secrets put back; where the stream breaks, what was held back comes first."""
        texts, thoughts = Restorer(self.secrets), Restorer(self.secrets)
        try:
            async for piece in pieces:
                text, thinking = texts.feed(piece.text), thoughts.feed(piece.thinking)
                if piece.text:
                    # What was thought before the answer began has come to its end.
                    thinking += thoughts.flush()
                if piece.done:
                    text, thinking = text + texts.flush(), thinking + thoughts.flush()
                if (text, thinking) == (piece.text, piece.thinking):
                    yield piece
                elif text or thinking or piece.done or piece.usage:
                    yield evolve(piece, text=text, thinking=thinking)
        except BackendError:
            if rest := _rest(texts, thoughts):
                yield rest
            raise
        if rest := _rest(texts, thoughts):
            yield rest


def _rest(texts: Restorer, thoughts: Restorer) -> Piece | None:
    """What was held back, if anything was."""
    text, thinking = texts.flush(), thoughts.flush()
    return Piece(text, thinking) if text or thinking else None


def outgoing(
    prompt: Prompt | Gap, model: Model, masker: Masker | None, *, room: int, think: bool
) -> Outgoing:
    """The request that asks a model this.

    Args:
        prompt: what is asked.
        model: who is asked.
        masker: takes the secrets out; None leaves them in.
        room: the context in tokens that prompt and answer have to fit in.
        think: whether a model that can think aloud is to do so.

    Raises:
        TooLong: they don't fit.
    """
    if isinstance(prompt, Gap):
        (prefix, suffix), secrets = _mask(masker, prompt.prefix, prompt.suffix)
        _guard(estimate(prefix) + estimate(suffix) + _MESSAGE_TOKENS, prompt.max_tokens, room)
        fill = Fill(
            model.name,
            prefix,
            suffix,
            prompt.max_tokens,
            prompt.stop,
            since_anchor=prompt.since_anchor,
        )
        return Outgoing(fill, secrets)
    (system, user), secrets = _mask(masker, prompt.system, prompt.user)
    _guard(estimate(system) + estimate(user) + 2 * _MESSAGE_TOKENS, prompt.max_tokens, room)
    messages = (Message("system", system), Message("user", user))
    chat = Chat(
        model.name,
        messages if system else messages[1:],
        prompt.max_tokens,
        prompt.stop,
        prompt.schema,
        think=think and model.thinking,
    )
    if prompt.schema is not None:
        # The answer is JSON, in which a secret has to stand as JSON has it.
        secrets = {placeholder: json.dumps(secret)[1:-1] for placeholder, secret in secrets.items()}
    return Outgoing(chat, secrets)


def _mask(masker: Masker | None, *texts: str) -> tuple[tuple[str, ...], Mapping[str, str]]:
    if masker is None:
        return texts, MappingProxyType({})
    masked: Masked = masker.mask(*texts)
    return masked.texts, masked.secrets


def _guard(prompt: int, answer: int | None, room: int) -> None:
    """Ollama would cut the middle out of a prompt that is too long, without a word."""
    answer = min(_LEAST_ANSWER, room // 4) if answer is None else answer
    if prompt + answer > room:
        raise TooLong(
            f"This needs about {prompt} tokens and {answer} for the answer, and the context of the model has"
            f" {room}. Select less, or set models.contextLength to a larger value."
        )
