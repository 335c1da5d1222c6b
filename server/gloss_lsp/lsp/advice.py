"""Tells the user what went wrong, with a button for what helps where one press can help."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING

from gloss_lsp.errors import GlossError, ModelMissing, NoModel, Refused, Unreachable
from gloss_lsp.lsp.models import pull
from gloss_lsp.programs import find_program, start_program

if TYPE_CHECKING:
    from gloss_lsp.lsp.client import Severity
    from gloss_lsp.lsp.server import Server

SUGGESTED = "qwen2.5-coder:1.5b"
"""What is offered where nothing is installed: the smallest that does all three tasks (facts, *Quality*)."""

SUGGESTED_SIZE = "1 GB"

START = "Start Ollama"

logger = logging.getLogger(__name__)


class Advice:
    """Says each thing in its place, and what is marked *once* only once."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self._said: set[str] = set()

    def once(self, severity: Severity, text: str) -> None:
        """Say something that would be a nuisance a second time."""
        if text not in self._said:
            self._said.add(text)
            self._server.client.say(severity, text)

    async def tell(self, error: GlossError) -> None:
        """Say why something could not be done, and do what the user chooses."""
        client = self._server.client
        has_library = self._server.gateway.has_library
        if isinstance(error, ModelMissing) and has_library:
            await self._offer_pull(str(error), error.model, "")
        elif isinstance(error, NoModel) and has_library:
            await self._offer_pull(str(error), SUGGESTED, f" ({SUGGESTED_SIZE})")
        elif isinstance(error, Unreachable) and self._can_start:
            if await client.ask("error", str(error), [START]) == START:
                await self._start_ollama()
        else:
            client.say("info" if isinstance(error, Refused) else "error", str(error))

    async def _offer_pull(self, text: str, model: str, size: str) -> None:
        button = f"Pull {model}{size}"
        if await self._server.client.ask("error", text, [button]) == button:
            title = f"Pull {model}"
            self._server.jobs.start(
                title, lambda progress: pull(self._server, model, progress), measured=True
            )

    @property
    def _can_start(self) -> bool:
        settings = self._server.settings
        return settings.backend.kind in ("auto", "ollama") and find_program("ollama") is not None

    async def _start_ollama(self) -> None:
        """Start `ollama serve` as a program of its own: it outlives the editor, as if the user had started it."""
        program = find_program("ollama")
        if program is None:
            return
        try:
            await asyncio.to_thread(start_program, program, "serve")
        except OSError as error:
            logger.warning("could not start %s: %s", program, error)
            self._server.client.say("error", f"Ollama could not be started: {error}. Start it by hand.")
            return
        self._server.client.say("info", "Ollama is starting; ask again in a moment.")
