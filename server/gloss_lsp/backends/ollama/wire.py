"""What Ollama sends, as values; `gloss_lsp.backends.structure` says how they are read."""

from __future__ import annotations

from collections.abc import Mapping  # noqa: TC003  # cattrs reads the types of fields
from typing import Any

from attrs import field, frozen


@frozen
class Said:
    """What the model says in one line of a chat."""

    content: str = ""
    thinking: str = ""


@frozen
class Line:
    """One line of a stream: of a chat, a generation, or a pull. Durations are nanoseconds."""

    error: Any = None
    """A text, or what the engine below answered."""
    message: Said = field(factory=Said)
    response: str = ""
    thinking: str = ""
    done: bool = False
    done_reason: str = ""
    load_duration: int = 0
    prompt_eval_count: int = 0
    prompt_eval_duration: int = 0
    prompt_eval_cached_count: int | None = None
    """Since 0.34; zero is said too."""
    eval_count: int = 0
    eval_duration: int = 0
    status: str = ""
    digest: str = ""
    completed: int = 0
    total: int = 0


@frozen
class Details:
    """What a model is."""

    family: str = ""
    """The architecture, such as ``qwen2``."""
    parameter_size: str = ""


@frozen
class Tag:
    """A model that is installed."""

    name: str = ""
    model: str = ""
    remote_host: str = ""
    size: int = 0
    digest: str = ""
    details: Details = field(factory=Details)
    capabilities: tuple[str, ...] | None = None
    """Since 0.30."""


@frozen
class Tags:
    """The answer of ``/api/tags``."""

    models: tuple[Tag, ...] | None = None


@frozen
class Running:
    """A model that is loaded."""

    name: str = ""
    size: int = 0
    """Bytes of memory, of any kind."""
    size_vram: int = 0
    context_length: int = 0
    """Since 0.10."""
    expires_at: str = ""
    """RFC 3339."""


@frozen
class Ps:
    """The answer of ``/api/ps``."""

    models: tuple[Running, ...] | None = None


@frozen
class Shown:
    """The answer of ``/api/show``."""

    template: str = ""
    parameters: str = ""
    """Lines of a name and a value."""
    details: Details = field(factory=Details)
    model_info: Mapping[str, Any] = field(factory=dict)
    capabilities: tuple[str, ...] | None = None
    """Since 0.6.4."""
    remote_host: str = ""


@frozen
class Version:
    """The answer of ``/api/version``."""

    version: str = ""
