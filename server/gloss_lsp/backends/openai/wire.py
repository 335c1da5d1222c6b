"""What OpenAI-compatible servers send, as values; `gloss_lsp.backends.structure` says how they are read."""

from __future__ import annotations

from typing import Any

from attrs import field, frozen


@frozen
class Delta:
    """What is new in one event of a chat."""

    content: str = ""
    reasoning_content: str = ""
    """Thinking, in llama.cpp, LM Studio, DeepSeek, and vLLM up to 0.11."""
    reasoning: str = ""
    """Thinking, in Ollama, OpenRouter, and later versions of vLLM."""


@frozen
class Choice:
    """One of the answers; only one is asked for."""

    delta: Delta = field(factory=Delta)
    text: str = ""
    """What is new in one event of a completion, in place of the above."""
    finish_reason: str = ""


@frozen
class Tokens:
    """What an answer cost, where that is said."""

    prompt_tokens: int = 0
    completion_tokens: int = 0


@frozen
class Timings:
    """What an answer cost, as llama.cpp says it."""

    cache_n: int = 0
    """Tokens of the prompt that were known already."""
    prompt_n: int = 0
    prompt_ms: float = 0.0
    predicted_n: int = 0
    predicted_ms: float = 0.0


@frozen
class Chunk:
    """One event of an answer."""

    choices: tuple[Choice, ...] | None = None
    usage: Tokens = field(factory=Tokens)
    timings: Timings = field(factory=Timings)
    error: Any = None
    """An object, or a text."""
    object: str = ""
    """``error`` in old versions of vLLM, with the next one beside it."""
    message: Any = None


@frozen
class Error:
    """What stands under ``error``."""

    message: str = ""
    type: str = ""
    code: Any = None
    """A number or a text."""
    n_prompt_tokens: int = 0
    """Of llama.cpp, where a prompt does not fit, as is the next."""
    n_ctx: int = 0


@frozen
class Meta:
    """What llama.cpp says of a model."""

    n_ctx: int = 0
    """Tokens of the context as it was loaded; missing before the end of 2025."""
    n_ctx_train: int = 0
    n_params: int = 0
    size: int = 0
    """Bytes."""


@frozen
class Card:
    """A model, as ``/v1/models`` lists it."""

    id: str = ""
    owned_by: str = ""
    """In fact what kind of server it is: ``vllm``, ``llamacpp``, ``library`` (Ollama)."""
    root: str = ""
    """Of vLLM: what the model is called where it comes from; the id can be any name."""
    max_model_len: int = 0
    """Of vLLM and SGLang: the context in tokens."""
    context_length: int = 0
    """The same, of OpenRouter and others."""
    meta: Meta = field(factory=Meta)
    remote_host: str = ""
    """Not of this list: what Ollama's own says of a model that runs elsewhere."""


@frozen
class Cards:
    """The answer of ``/v1/models``."""

    data: tuple[Card, ...] | None = None
