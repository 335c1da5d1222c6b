"""What servers and their models are, from the little that ``/v1/models`` says."""

from __future__ import annotations

import re
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from gloss_lsp.backends.base import FillMode, Model
from gloss_lsp.core.completion.forms import Form, form_for

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from gloss_lsp.backends.openai.wire import Card

_SERVERS: Final = MappingProxyType(
    {
        "vllm": "vLLM",
        "llamacpp": "llama.cpp",
        "sglang": "SGLang",
        "organization_owner": "LM Studio",
        "library": "Ollama",
    }
)
"""What servers are called, by what they say of whom a model is owned by."""
_IGNORES_SUFFIX: Final = ("llamacpp",)
"""Servers that take a suffix and do not look at it (seen on llama.cpp of October 2026)."""
_EMBEDS: Final = r"embed|rerank|(^|[/_-])(bge|gte|e5|minilm)[_-]|whisper"
"""Names of models that write no text: nothing else tells."""
_THINKS: Final = (
    r"think|reason|qwq|gpt-oss|magistral|deepseek-?(r\d|v3\.[1-9]|v[4-9])|glm-?(4\.[5-9]|[5-9])"
    r"|qwen-?3(?!.*(coder|instruct))"
)
"""Names of models that can think aloud."""
_CLOUD: Final = r"[:-]cloud$"
"""How Ollama names what runs elsewhere, where its own list cannot be had."""
OLLAMA: Final = "library"
"""Of whom Ollama says that its models are owned."""


def server_of(cards: Sequence[Card]) -> str:
    """What kind of server lists these models, for people; empty where it cannot be told."""
    return next((_SERVERS[card.owned_by] for card in cards if card.owned_by in _SERVERS), "")


def form_of(card: Card) -> Form | None:
    """The form of filling in the middle that a model knows, as far as its names tell."""
    return form_for("", "", f"{card.id} {card.root}")


def model(card: Card, asked: int | None, cannot_fill: Collection[str]) -> Model:
    """A model that a server lists.

    All count as loaded: what has to be done before they answer is the server's business, and nothing
    can be asked for.

    Args:
        card: what the server says of it.
        asked: the context that the user has set, in tokens, which makes a known one smaller, never larger.
        cannot_fill: the models that were seen not to fill in the middle.
    """
    name = f"{card.id} {card.root}".lower()
    embeds = re.search(_EMBEDS, name) is not None
    known = card.max_model_len or card.context_length or card.meta.n_ctx
    return Model(
        name=card.id,
        size=card.meta.size,
        parameters=_parameters(card.meta.n_params),
        chat=not embeds,
        fill="none" if embeds or card.id in cannot_fill else _fill(card),
        thinking=not embeds and re.search(_THINKS, name) is not None,
        embedding=embeds,
        remote_host=card.remote_host or ("Ollama's cloud" if re.search(_CLOUD, card.id.lower()) else ""),
        trained_context=card.meta.n_ctx_train,
        loaded=True,
        context=min(known, asked) if known and asked else known,
    )


def _fill(card: Card) -> FillMode:
    """How it can be tried: whether a server takes a suffix is found out by asking it once."""
    if form_of(card):
        return "raw"
    return "none" if card.owned_by in _IGNORES_SUFFIX else "suffix"


def _parameters(count: int) -> str:
    """As Ollama writes them: ``1.8B``."""
    if not count:
        return ""
    return f"{count / 1e9:.1f}B" if count >= 1e9 else f"{count / 1e6:.0f}M"  # noqa: PLR2004  # a billion
