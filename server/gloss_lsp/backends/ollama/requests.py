"""What is sent to Ollama."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from gloss_lsp.backends.failures import cannot_fill
from gloss_lsp.core.completion.anchor import anchored
from gloss_lsp.core.completion.forms import defuse
from gloss_lsp.errors import CannotFill

if TYPE_CHECKING:
    from gloss_lsp.backends.base import BackendSettings, Chat, Fill
    from gloss_lsp.backends.ollama.describe import Facts
    from gloss_lsp.core.completion.anchor import Anchored

_WHOLE: Final = {"truncate": False}
"""Without it, Ollama leaves out the middle of a prompt that is too long, and says nothing."""


def chat(request: Chat, settings: BackendSettings, facts: Facts | None) -> dict[str, Any]:
    """The body for ``/api/chat``.

    `think` is always said, because a model that can think does where nothing is said, which costs
    seconds and shows nothing. Models that cannot take a *false* without a word.
    """
    body = {
        "model": request.model,
        "messages": [{"role": turn.role, "content": turn.content} for turn in request.messages],
        "think": request.think,
        **_WHOLE,
        **_common(settings),
    }
    body["options"] |= _sampling(request.temperature, request.max_tokens, _stops(request.stop, facts))
    if request.schema is not None:
        body["format"] = dict(request.schema)
    return body


def anchor(request: Fill, facts: Facts) -> Anchored | None:
    """The anchored form of a request, where the model's family has one and it is of use."""
    if facts.form is None or request.since_anchor is None:
        return None
    return anchored(facts.form, request.prefix, request.suffix, request.since_anchor)


def fill(
    request: Fill, settings: BackendSettings, facts: Facts, anchor: Anchored | None = None
) -> dict[str, Any]:
    """The body for ``/api/generate`` that fills in the middle, in the anchored form where it is given.

    Raises `CannotFill`.
    """
    if facts.form is not None:
        text = anchor.prompt if anchor else facts.form.render(request.prefix, request.suffix)
        prompt: dict[str, Any] = {"prompt": text, "raw": True}
        stops = tuple(dict.fromkeys((*facts.form.stops, *request.stop)))
    elif facts.inserts:
        prefix, suffix = defuse(request.prefix, request.suffix)
        # An empty prompt only loads the model, and an empty suffix makes a chat of the prompt.
        prompt = {"prompt": prefix or "\n", "suffix": suffix or "\n"}
        stops = _stops(request.stop, facts)
    else:
        raise CannotFill(cannot_fill(request.model))
    body = {"model": request.model, **prompt, "think": False, **_WHOLE, **_common(settings)}
    body["options"] |= _sampling(request.temperature, request.max_tokens, stops)
    return body


def load(model: str, settings: BackendSettings) -> dict[str, Any]:
    """The body for ``/api/generate`` that only loads a model, as every later request will want it."""
    return {"model": model, **_common(settings), "stream": False}


def unload(model: str) -> dict[str, Any]:
    """The body for ``/api/generate`` that frees a model's memory."""
    return {"model": model, "keep_alive": 0, "stream": False}


def pull(name: str) -> dict[str, Any]:
    """The body for ``/api/pull``. Who names a registry with ``http://`` means one without TLS."""
    body: dict[str, Any] = {"model": name, "stream": True}
    return {**body, "insecure": True} if name.startswith("http://") else body


def _common(settings: BackendSettings) -> dict[str, Any]:
    """What all requests have to say alike: a load-time option that differs makes Ollama load again."""
    body: dict[str, Any] = {"stream": True, "options": {}}
    if settings.context_length is not None:
        body["options"]["num_ctx"] = settings.context_length
    if settings.batch is not None:
        body["options"]["num_batch"] = settings.batch
    if settings.keep_alive is not None:
        body["keep_alive"] = settings.keep_alive
    return body


def _sampling(temperature: float, max_tokens: int | None, stops: tuple[str, ...]) -> dict[str, Any]:
    options: dict[str, Any] = {"temperature": temperature}
    if max_tokens is not None:
        options["num_predict"] = max_tokens
    if stops:
        options["stop"] = list(stops)
    return options


def _stops(asked: tuple[str, ...], facts: Facts | None) -> tuple[str, ...]:
    """A request's stops replace those of the model, which it cannot do without; so they are said again."""
    if not asked:
        return ()
    return tuple(dict.fromkeys((*(facts.stops if facts else ()), *asked)))
