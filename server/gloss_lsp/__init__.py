"""Gloss explains, translates and completes code in any editor, with a model on the user's own machine.

The map, from the pure inside to the edge:

- `core/` strings and offsets in, values out: texts, syntax, comments, completion windows, privacy, budget.
- `actions/` one module per thing that a user can ask for, as conversations with a model.
- `settings.py`, `trust.py` what is set, where it came from, and what an editor may set.
- `backends/` Ollama, OpenAI-compatible servers, the embedded engine; the only importers of httpx.
- `scheduler.py`, `gateway.py` the one way to a model: scheduler, then privacy, then backend.
- `converse.py` drives a conversation; `perform.py` performs an action, for the editor and the terminal alike.
- `pulls.py`, `removing.py`, `starting.py` what can be done about models: fetch, remove, start Ollama.
- `speeds.py`, `measure.py`, `kept.py` how fast models are here, and what Gloss keeps on the user's disk.
- `lsp/` the language server; the only importer of pygls and lsprotocol.
- `cli/` the command line.

Invariants, each held by `tests/test_house.py`: `core/` and `actions/` import no pygls, lsprotocol,
httpx or asyncio; only `lsp/` imports pygls and lsprotocol; only `backends/` imports httpx; only the
gateway asks a backend anything; no module holds state.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from gloss_lsp.asking import ask

__version__ = "0.1.0"
__all__ = ["__version__", "ask"]


def __getattr__(name: str) -> Any:  # noqa: ANN401  # what PEP 562 asks for
    """`ask` on demand: the server's start-up must not pay for it."""
    if name == "ask":
        from gloss_lsp.asking import ask  # noqa: PLC0415

        return ask
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
