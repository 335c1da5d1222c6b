"""Measures how fast the models that are in use read and write here, with one short prompt each."""

from __future__ import annotations

import secrets
from contextlib import aclosing
from typing import TYPE_CHECKING, Final

from gloss_lsp.actions.base import Gap, Prompt
from gloss_lsp.scheduler import Priority

if TYPE_CHECKING:
    from collections.abc import Callable

    from gloss_lsp.backends.base import Model, Task, Usage
    from gloss_lsp.gateway import Gateway

_TEXT: Final = (
    "Somebody reads a page, and at its margin writes what a word means, so that others need not ask. " * 16
)
"""About 320 tokens: enough to measure, and read within seconds on a machine without a GPU."""
_ANSWER: Final = 32
"""Tokens."""


async def measure(gateway: Gateway, waiting: Callable[[str], None]) -> None:
    """Ask each model that is used for a task once; what runs elsewhere is left alone.

    Args:
        gateway: the way to the models.
        waiting: told what is waited for.

    Raises:
        GlossError: a model could not be asked, and why.
    """
    done = set()
    for task, choice in (await gateway.choices()).items():
        model = choice.model
        if model is not None and not model.remote_host and model.name not in done:
            done.add(model.name)
            await _measure(gateway, task, model, waiting)


async def _measure(gateway: Gateway, task: Task, model: Model, waiting: Callable[[str], None]) -> None:
    ready = await gateway.prepare(task, waiting)
    waiting(f"measuring {model.name}")
    # Nothing that a server has kept begins like this.
    text = f"{secrets.token_hex(8)} {_TEXT}"
    prompt = (
        Prompt(text, "Tell a story of fifty words.", max_tokens=_ANSWER)
        if model.chat
        else Gap(text, "", max_tokens=_ANSWER)
    )
    usage: Usage | None = None
    pieces = gateway.ask(prompt, task=task, path="", priority=Priority.ASKED, ready=ready)
    async with aclosing(pieces):
        async for piece in pieces:
            usage = piece.usage or usage
    if usage is not None:
        gateway.speeds.measure(ready.connection.settings.url, model.name, usage)
