"""What OpenAI-compatible servers say when they refuse or fail, as errors with sentences for the user.

The texts are those of vLLM, llama.cpp, LM Studio, Ollama and OpenAI; all else is told by its status.
"""

from __future__ import annotations

import re
from http import HTTPStatus
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

from attrs import field, frozen

from gloss_lsp.backends.failures import shown
from gloss_lsp.backends.openai.wire import Chunk, Error
from gloss_lsp.backends.structure import NoObject, read, structure
from gloss_lsp.errors import (
    BackendError,
    Busy,
    GlossError,
    Interrupted,
    ModelMissing,
    OutOfMemory,
    TooLong,
    Unauthorized,
    Unreachable,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

_TOO_LONG: Final = (
    r"exceed_context_size_error|context_length_exceeded|exceeds the (available |maximum )?context"
    r"|maximum context length|context the overflows|greater than the context length|context window"
    r"|(longer|larger) than the (maximum )?(context|model)|prompt is too long|maximum model length"
    r"|max_tokens must be at least 1"
)
_MISSING: Final = (
    r"model_not_found|model.{0,300}(does not exist|not found|not exist)|(unknown|invalid|no such) model"
)
_OUT_OF_MEMORY: Final = r"out of memory|insufficient memory|failed to allocate"
_NO_CREDIT: Final = r"insufficient_quota|exceeded your current quota|billing|\bcredits?\b"
_REFUSALS: Final = frozenset(
    {HTTPStatus.BAD_REQUEST, HTTPStatus.UNPROCESSABLE_ENTITY, HTTPStatus.NOT_IMPLEMENTED}
)
"""How servers say that they do not take a part of a request."""


class Declined(BackendError):
    """The server does not take the request as it is; it may take it without some part."""

    def __init__(self, message: str, said: str) -> None:
        super().__init__(message)
        self.said = said


class NoRoute(Unreachable):
    """The server knows no such path."""


_BUSY: Final = "The server at {url} takes no more requests now{reason}. Try again in a moment."
_NO_ROUTE: Final = (
    "The server at {url} does not know what it is asked for{reason}. Set `gloss.backend.url` to the address"
    " of an OpenAI-compatible server: what stands before `/v1`."
)
_GATEWAY: Final = "What stands before the server at {url} does not reach it{reason}. Try again in a moment."
_BY_STATUS: Final[Mapping[int, tuple[type[GlossError], str]]] = MappingProxyType(
    {
        HTTPStatus.TOO_MANY_REQUESTS: (Busy, _BUSY),
        HTTPStatus.SERVICE_UNAVAILABLE: (Busy, _BUSY),
        HTTPStatus.REQUEST_ENTITY_TOO_LARGE: (
            TooLong,
            "This is more than the server at {url} takes. Ask about less.",
        ),
        HTTPStatus.NOT_FOUND: (NoRoute, _NO_ROUTE),
        HTTPStatus.METHOD_NOT_ALLOWED: (NoRoute, _NO_ROUTE),
        HTTPStatus.BAD_GATEWAY: (Interrupted, _GATEWAY),
        HTTPStatus.GATEWAY_TIMEOUT: (Interrupted, _GATEWAY),
    }
)


@frozen
class Sentences:
    """Makes the errors of one server about one model."""

    url: str
    model: str = ""
    secrets: tuple[str, ...] = field(default=(), repr=False)
    """What must not be shown, should the server repeat it."""

    def refusal(self, status: int, body: bytes) -> GlossError:
        """The error that a status of 400 or more means."""
        try:
            chunk = read(body, Chunk)
        except NoObject:
            chunk = Chunk()
        said = next((each for each in (chunk.error, chunk.message) if each is not None), None)
        error = _error(said)
        if status == HTTPStatus.UNAUTHORIZED:
            return Unauthorized(
                f"The server at {self.url} wants a valid key. Set it in `gloss.backend.headers`, such as "
                '{"Authorization": "Bearer ${GLOSS_API_KEY}"}, with the key in that environment variable.'
            )
        if status == HTTPStatus.FORBIDDEN:
            return Unauthorized(
                f"The server at {self.url} does not let you in{self._reason(error)}. "
                "Check the key in `gloss.backend.headers`, and what it is allowed."
            )
        if status == HTTPStatus.PROXY_AUTHENTICATION_REQUIRED:
            return Unreachable(
                f"The proxy before {self.url} wants a name and a password: they belong into HTTPS_PROXY."
            )
        return self._by_words(error) or self._by_status(status, error, known=said is not None)

    def failure(self, said: Any) -> GlossError:  # noqa: ANN401  # JSON
        """The error that a text or an object means that comes in the middle of a stream."""
        error = _error(said)
        known = self._by_words(error)
        if known is not None:
            return known
        code = error.code if isinstance(error.code, int) else 0
        return self._by_status(code, error, known=True)

    def broken_off(self) -> GlossError:
        """The answer has no end."""
        return Interrupted(f"The answer of the server at {self.url} broke off before its end. Try again.")

    def foreign(self) -> GlossError:
        """What comes is no answer of such a server."""
        return Interrupted(
            f"What answers at {self.url} is no OpenAI-compatible server, or something stands between. Set "
            "`gloss.backend.url` to where it is, without what stands behind `/v1`."
        )

    def missing(self) -> ModelMissing:
        """The server does not have the model."""
        return ModelMissing(
            f"The server at {self.url} has no model `{self.model}`. `gloss models` lists those that "
            "it has; choose one in `gloss.models`.",
            self.model,
        )

    def _by_words(self, error: Error) -> GlossError | None:
        words = f"{error.type} {error.code} {error.message}"
        if re.search(_TOO_LONG, words, re.IGNORECASE):
            size = f" of {error.n_ctx} tokens" if error.n_ctx else ""
            return TooLong(
                f"The prompt is longer than the context{size} that `{self.model}` has on the server at "
                f"{self.url}. Ask about less, or set `gloss.models.contextLength` to what it really has."
            )
        if re.search(_NO_CREDIT, words, re.IGNORECASE):
            return Unauthorized(f"The server at {self.url} asks for payment{self._reason(error)}.")
        if re.search(_OUT_OF_MEMORY, words, re.IGNORECASE):
            return OutOfMemory(
                f"The server at {self.url} has not enough memory for this. Ask about less, or choose a smaller"
                " model."
            )
        if self.model and re.search(_MISSING, words, re.IGNORECASE | re.DOTALL):
            return self.missing()
        return None

    def _by_status(self, status: int, error: Error, *, known: bool) -> GlossError:
        reason = self._reason(error)
        if status in _REFUSALS:
            sentence = f"The server at {self.url} refuses the request{reason}. Its log may say more."
            return Declined(sentence, f"{error.type} {error.message}")
        if status in _BY_STATUS:
            kind, sentence = _BY_STATUS[status]
            return kind(sentence.format(url=self.url, reason=reason))
        if not known:
            return self.foreign()
        return Interrupted(f"The server at {self.url} failed{reason}. Try again; its log may say why.")

    def _reason(self, error: Error) -> str:
        message = error.message
        for secret in self.secrets:
            message = message.replace(secret, "…")
        return f" ({shown(message)})" if shown(message) else ""


def _error(said: Any) -> Error:  # noqa: ANN401  # JSON
    """What is said, whether it is an object, JSON within a text (as gateways have it), or a text."""
    if isinstance(said, str):
        try:
            inner = read(said, Chunk)
        except NoObject:
            return Error(message=said)
        return _error(inner.error) if inner.error is not None else read(said, Error)
    return structure(said, Error)
