"""The backend that talks to OpenAI-compatible servers: vLLM, llama.cpp's server, LM Studio, gateways.

- `wire.py` is what they send; `requests.py` what is sent to them.
- `answers.py` reads events as pieces; `errors.py` makes sentences of what goes wrong.
- `habits.py` remembers what a server does not take; `describe.py` says what models can do.
- `client.py` is the backend.
"""

from __future__ import annotations

from gloss_lsp.backends.openai.client import OpenAICompatible

__all__ = ["OpenAICompatible"]
