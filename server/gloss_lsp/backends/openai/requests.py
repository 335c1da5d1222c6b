"""What is sent to OpenAI-compatible servers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from gloss_lsp.core.completion.forms import defuse

if TYPE_CHECKING:
    from collections.abc import Collection

    from gloss_lsp.backends.base import Chat, Fill, Message
    from gloss_lsp.core.completion.forms import Form

MODELS: Final = "/v1/models"
CHAT: Final = "/v1/chat/completions"
COMPLETIONS: Final = "/v1/completions"


def chat(request: Chat, without: Collection[str] = ()) -> dict[str, Any]:
    """The body for `CHAT`.

    Thinking is switched by an argument of the template, which vLLM, SGLang and llama.cpp take;
    without a word a model that can think does, which costs seconds and shows nothing.

    Args:
        request: what to ask.
        without: the parts that the server does not take; see `gloss_lsp.backends.openai.habits`.
    """
    body: dict[str, Any] = {
        "model": request.model,
        "messages": _turns(request.messages, folded="system" in without),
        "temperature": request.temperature,
        "stream": True,
        "stream_options": {"include_usage": True},
        "chat_template_kwargs": {"enable_thinking": request.think},
    }
    if request.max_tokens is not None:
        body["max_completion_tokens" if "max_tokens" in without else "max_tokens"] = request.max_tokens
    if request.stop:
        body["stop"] = list(request.stop)
    if request.schema is not None:
        schema = {"name": "answer", "strict": True, "schema": dict(request.schema)}
        body["response_format"] = {"type": "json_schema", "json_schema": schema}
    return {key: value for key, value in body.items() if key not in without}


def fill(request: Fill, form: Form | None) -> dict[str, Any]:
    """The body for `COMPLETIONS` that fills in the middle.

    With a form the prompt is as the model has learned it; without one the server is left to make it of
    prompt and suffix, which few can.
    """
    if form is not None:
        gap = {"prompt": form.render(request.prefix, request.suffix)}
        stops = tuple(dict.fromkeys((*form.stops, *request.stop)))
    else:
        prefix, suffix = defuse(request.prefix, request.suffix)
        # An empty one is taken for none.
        gap = {"prompt": prefix or "\n", "suffix": suffix or "\n"}
        stops = request.stop
    body = {
        "model": request.model,
        **gap,
        "max_tokens": request.max_tokens,
        "temperature": request.temperature,
        "stream": True,
    }
    return {**body, "stop": list(stops)} if stops else body


def _turns(messages: tuple[Message, ...], *, folded: bool) -> list[dict[str, str]]:
    """The messages; folded, what the system says stands ahead of the user's words, in one message."""
    turns = [{"role": message.role, "content": message.content} for message in messages]
    if folded and len(turns) > 1 and turns[0]["role"] == "system":
        first, second, *others = turns
        return [{**second, "content": f"{first['content']}\n\n{second['content']}"}, *others]
    return turns
