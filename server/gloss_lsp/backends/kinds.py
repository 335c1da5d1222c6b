"""The kinds of backends: how one is made, and what it is called."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from gloss_lsp.backends.base import Backend, BackendSettings
    from gloss_lsp.speeds import Speeds
    from gloss_lsp.view import Kind


def make_backend(
    kind: Kind, settings: BackendSettings, progress: Callable[[int, int], None], *, speeds: Speeds
) -> Backend:
    """A backend of a kind, which loads models as suits their `speeds`; its modules are imported only now."""
    if kind == "embedded":
        from gloss_lsp.backends.embedded.client import EmbeddedBackend  # noqa: PLC0415

        return EmbeddedBackend(settings, progress=progress)
    if kind == "openai":
        from gloss_lsp.backends.openai import OpenAICompatible  # noqa: PLC0415

        return OpenAICompatible(settings)
    from gloss_lsp.backends.ollama import Ollama  # noqa: PLC0415

    return Ollama(settings, partial(speeds.batch, settings.url))


def named(kind: Kind, settings: BackendSettings) -> str:
    """What a backend is called in sentences, and in what is said of a prompt."""
    if kind == "openai":
        return f"the server at {settings.url}"
    return "Ollama" if kind == "ollama" else "the embedded model"
