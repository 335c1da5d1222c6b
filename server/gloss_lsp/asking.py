"""One question from Python, with the settings and the models of the command line."""

from __future__ import annotations

import asyncio
import os
from concurrent.futures import ThreadPoolExecutor
from contextlib import aclosing
from typing import TYPE_CHECKING

from gloss_lsp.actions.base import Prompt
from gloss_lsp.configuration import Configuration
from gloss_lsp.connect import Connector
from gloss_lsp.core.thinking import Answer
from gloss_lsp.gateway import Gateway
from gloss_lsp.scheduler import Priority
from gloss_lsp.settings_sources import OwnFolder

if TYPE_CHECKING:
    from collections.abc import Sequence


def ask(prompt: str, model: str | None = None) -> str:
    """The model's answer to a prompt, as it came.

    It is not made safe to show: whoever prints it to a terminal passes it through
    `gloss_lsp.core.terminal.safe_terminal`.

    Args:
        prompt: what to ask.
        model: the model to use; None: as the user's own settings and the environment say.

    Raises:
        gloss_lsp.errors.GlossError: there is no answer, with the reason and what to do about it.
    """
    assignments = [] if model is None else [f"models.chat={model}"]
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return asyncio.run(_ask(prompt, assignments))
    # Within a running loop, as in a notebook, another one can only run in a thread of its own.
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(lambda: asyncio.run(_ask(prompt, assignments))).result()


async def _ask(prompt: str, assignments: Sequence[str]) -> str:
    configuration = Configuration(OwnFolder.usual(), os.environ, assignments)
    gateway = Gateway(Connector(configuration), lambda: configuration.settings)
    try:
        pieces = gateway.ask(Prompt("", prompt), task="chat", path="", priority=Priority.ASKED)
        async with aclosing(pieces):
            answer = Answer()
            async for piece in pieces:
                answer.add(piece.text)
            return answer.text
    finally:
        await gateway.aclose()
