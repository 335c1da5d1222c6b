"""The backend that talks to Ollama, over its own API."""

from __future__ import annotations

from gloss_lsp.backends.ollama.client import Ollama

__all__ = ["Ollama"]
