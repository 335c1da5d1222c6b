"""What Ollama says when it refuses or fails, as errors with sentences for the user.

Its texts changed between versions, and its error bodies carry no code, so they are known by parts
that have stayed the same.
"""

from __future__ import annotations

import json
import re
from http import HTTPStatus
from typing import Any, Final

from gloss_lsp.backends.failures import cannot_fill, shown
from gloss_lsp.errors import (
    BackendError,
    Busy,
    CannotFill,
    GlossError,
    Interrupted,
    ModelMissing,
    NoModel,
    OutOfMemory,
    TooLong,
    Unauthorized,
)

_TOO_LONG: Final = (
    r"exceed_context_size_error|exceeds the available context size|longer than the (maximum )?context length"
)
_OUT_OF_MEMORY: Final = (
    r"out[- ]of[- ]memory|more system memory|(insufficient|not enough) memory|cudaMalloc failed"
    r"|(unable|failed) to allocate|signal: killed"
)
_MISSING: Final = r"""model ['"].*['"] not found|try pulling it first|manifest: file does not exist"""


class CannotThink(BackendError):
    """The model does not think aloud; it is asked again without."""


def refusal(status: int, body: bytes, *, model: str, url: str) -> GlossError:
    """The error that a status of 400 or more means."""
    said = _said(body)
    message = _unwrapped(said)
    if status == HTTPStatus.UNAUTHORIZED:
        return Unauthorized(_unauthorized(model, message, url))
    if status == HTTPStatus.FORBIDDEN:
        return Unauthorized(_forbidden(model, message, url))
    if status in (HTTPStatus.SERVICE_UNAVAILABLE, HTTPStatus.TOO_MANY_REQUESTS):
        return busy()
    if status == HTTPStatus.NOT_FOUND and model and not body:
        return missing(model)
    return foreign(url) if said is None else failure(said, model=model, url=url)


def failure(said: Any, *, model: str, url: str) -> GlossError:  # noqa: ANN401  # a text, or JSON
    """The error that a text of Ollama means, whether it came with a status or in the middle of a stream."""
    message = _unwrapped(said)
    for pattern, error in (
        (_TOO_LONG, TooLong(_too_long(model))),
        (_OUT_OF_MEMORY, OutOfMemory(_out_of_memory(model))),
        (r"does not support insert", CannotFill(cannot_fill(model))),
        (r"does not support thinking", CannotThink(f"`{model}` does not think aloud.")),
        (r"does not support (chat|generate)", NoModel(_no_text(model))),
        (_MISSING, missing(model)),
        (r"server busy", busy()),
    ):
        if re.search(pattern, message, re.IGNORECASE):
            return error
    reason = shown(message) or "it gave no reason"
    return Interrupted(f"Ollama at {url} failed: {reason}. Its log may say more.")


def busy() -> Busy:
    """The queue is full."""
    return Busy("Ollama has too many requests waiting. Try again in a moment.")


def missing(model: str) -> ModelMissing:
    """The model is not installed."""
    return ModelMissing(
        f"Ollama has no model `{model}`. Fetch it with `gloss models pull {model}`, "
        "or choose one of those installed (`gloss models`).",
        model,
    )


def foreign(url: str) -> Interrupted:
    """What answers does not talk as Ollama does."""
    return Interrupted(
        f"What answers at {url} is not Ollama, or stands between. Set `gloss.backend.url` to where Ollama is."
    )


def broken_off() -> Interrupted:
    """The answer has no end."""
    return Interrupted("The answer of Ollama broke off before its end. Try again; its log may say why.")


def pull_refusal(status: int, body: bytes, *, model: str, url: str) -> GlossError:
    """The error that a status of 400 or more means where a pull was asked for."""
    said = _said(body)
    return pull_failure(said, model) if said else refusal(status, body, model="", url=url)


def pull_failure(said: Any, model: str) -> BackendError:  # noqa: ANN401  # a text, or JSON
    """The error that ends a pull."""
    message = _unwrapped(said)
    if re.search(_MISSING, message, re.IGNORECASE):
        return ModelMissing(
            f"Ollama's library has no model `{model}`. Look for its right name at https://ollama.com/library.",
            model,
        )
    if re.search(r"dial tcp|lookup |no such host|network is unreachable|i/o timeout", message):
        return Interrupted(
            f"Ollama could not fetch `{model}`: it does not reach its library. Is this machine online? "
            "What has come is kept, and a later pull goes on from there."
        )
    return Interrupted(f"Ollama could not fetch `{model}`: {shown(message) or 'it gave no reason'}.")


def _unauthorized(model: str, message: str, url: str) -> str:
    if "unauthorized" in message.lower() and model:
        return f"`{model}` runs in Ollama's cloud, and Ollama is not signed in. Run `ollama signin`."
    return (
        f"The server at {url} wants a valid key. Set the header that it expects in `gloss.backend.headers`."
    )


def _forbidden(model: str, message: str, url: str) -> str:
    if "cloud" in message.lower():
        return f"`{model}` runs in Ollama's cloud, which is switched off. Choose a model that is installed."
    if message:
        return f"The server at {url} refuses: {shown(message)}. Check `gloss.backend.headers`."
    # Ollama checks the name by which it is called, against web pages that rebind theirs.
    return (
        f"Ollama refuses to be called by the name in {url}. Write its address as a number in "
        "`gloss.backend.url`, or start it with `OLLAMA_HOST=0.0.0.0`."
    )


def _too_long(model: str) -> str:
    return (
        f"The prompt is longer than the context of `{model}`. Ask about less, or set "
        "`gloss.models.contextLength` higher."
    )


def _out_of_memory(model: str) -> str:
    return (
        f"`{model}` does not fit into memory. Choose a smaller model, set `gloss.models.contextLength` "
        "lower, or free memory: `gloss models ps` shows what is loaded."
    )


def _no_text(model: str) -> str:
    return f"`{model}` writes no text; it is for embeddings. Choose another one in `gloss.models`."


def _said(body: bytes) -> Any:  # noqa: ANN401  # JSON
    """What stands under ``error`` in a body, or None where it is not Ollama's."""
    value = _parsed(body)
    return value.get("error") if isinstance(value, dict) else None


def _parsed(text: str | bytes) -> Any:  # noqa: ANN401  # JSON
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def _unwrapped(said: Any) -> str:  # noqa: ANN401  # JSON
    """The words inside of what the engine below answered, which comes as JSON within the text.

    The kind of an error is kept ahead of its message, as it is what later versions keep.
    """
    for _ in range(3):
        if isinstance(said, str) and said.lstrip().startswith("{"):
            said = _parsed(said) or said
        if not isinstance(said, dict):
            break
        inner = said.get("error", said)
        if isinstance(inner, dict):
            return f"{inner.get('type', '')}: {inner.get('message', '')}"
        said = inner
    return said if isinstance(said, str) else ""
