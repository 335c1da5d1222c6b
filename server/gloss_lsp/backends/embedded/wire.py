"""What goes to the engine and comes back: llama.cpp's server, asked in OpenAI's way and in its own."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from gloss_lsp.backends.base import Piece, Usage
from gloss_lsp.errors import Busy, GlossError, Interrupted, TooLong, Unauthorized

if TYPE_CHECKING:
    from collections.abc import Mapping

    from gloss_lsp.backends.base import Chat, Fill
    from gloss_lsp.core.completion.forms import Form

CHAT = "/v1/chat/completions"
FILL = "/completion"
_UNAUTHORIZED = 401
_UNAVAILABLE = 503


def chat_body(request: Chat) -> dict[str, Any]:
    """The body of a request to `CHAT`."""
    body: dict[str, Any] = {
        "messages": [{"role": message.role, "content": message.content} for message in request.messages],
        "temperature": request.temperature,
        "stop": list(request.stop),
        "stream": True,
    }
    if request.max_tokens is not None:
        body["max_tokens"] = request.max_tokens
    if request.schema is not None:
        schema = {"name": "answer", "strict": True, "schema": dict(request.schema)}
        body["response_format"] = {"type": "json_schema", "json_schema": schema}
    return body


def fill_body(request: Fill, form: Form) -> dict[str, Any]:
    """The body of a request to `FILL`, with the prompt in the form that the model has learned."""
    return {
        "prompt": form.render(request.prefix, request.suffix),
        "n_predict": request.max_tokens,
        "temperature": request.temperature,
        "stop": [*form.stops, *request.stop],
        "stream": True,
    }


def read_line(line: bytes) -> Piece | None:
    """What a line of either stream says; None where it says nothing, as comments and the last line.

    The last piece of an answer has `Piece.done`. Raises `TooLong`, or `Interrupted` where the engine
    reports an error, or what it says makes no sense.
    """
    field, _, value = line.partition(b":")
    if field not in {b"data", b"error"} or value.strip() == b"[DONE]":
        return None
    try:
        event = json.loads(value)
        if "error" in event or field == b"error":
            raise refusal(0, value)
        return _chat_piece(event) if "choices" in event else _fill_piece(event)
    except (ValueError, TypeError, LookupError, AttributeError) as error:
        raise Interrupted("The embedded engine says something that Gloss does not understand.") from error


def refusal(status: int, body: bytes) -> GlossError:
    """The error for what the engine says instead of an answer; a status of 0 is none."""
    try:
        said = json.loads(body)
        error = said.get("error", said)
        message = str(error["message"])
        if error.get("type") == "exceed_context_size_error":
            return TooLong(
                f"The prompt has {error['n_prompt_tokens']} tokens, and the context of the embedded model "
                f"is {error['n_ctx']}: ask about less, or set `gloss.models.contextLength` higher."
            )
    except (ValueError, TypeError, LookupError, AttributeError):
        message = body.decode("utf-8", "replace").strip()[:200] or f"status {status}"
    if status == _UNAUTHORIZED:
        return Unauthorized("The embedded engine does not accept its own key: restart Gloss.")
    if status == _UNAVAILABLE:
        return Busy(f"The embedded engine takes no request now ({message}): try again.")
    return Interrupted(f"The embedded engine could not answer ({message}).")


def _chat_piece(event: Mapping[str, Any]) -> Piece:
    choice = event["choices"][0] if event["choices"] else {}
    delta = choice.get("delta") or {}
    reason = choice.get("finish_reason")
    return Piece(
        text=delta.get("content") or "",
        thinking=delta.get("reasoning_content") or "",
        done=None if reason is None else "length" if reason == "length" else "stop",
        usage=_usage(event),
    )


def _fill_piece(event: Mapping[str, Any]) -> Piece:
    return Piece(
        text=event["content"],
        done=None if not event["stop"] else "length" if event["stop_type"] == "limit" else "stop",
        usage=_usage(event),
    )


def _usage(event: Mapping[str, Any]) -> Usage | None:
    timings = event.get("timings")
    if not timings:
        return None
    return Usage(
        prompt_tokens=timings["cache_n"] + timings["prompt_n"],
        prompt_seconds=timings["prompt_ms"] / 1000,
        tokens=timings["predicted_n"],
        seconds=timings["predicted_ms"] / 1000,
        read_tokens=timings["prompt_n"],
    )
