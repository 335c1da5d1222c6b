"""Tells the user what went wrong, with a button for what helps where one press can help.

Each failure is told once. Where nobody waits for the answer, one message has the reason and the buttons.
A client that waits shows the reason itself, from the answer; what helps goes with it as `data`, for
clients that show that too, and the others are asked in words that do not repeat the reason.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from attrs import frozen
from lsprotocol import types

from gloss_lsp.errors import ModelMissing, NoModel, Refused, Unreachable
from gloss_lsp.lsp.failures import OfferedError
from gloss_lsp.starting import startable

if TYPE_CHECKING:
    from gloss_lsp.errors import GlossError
    from gloss_lsp.lsp.client import Severity
    from gloss_lsp.lsp.server import Server

SUGGESTED = "qwen2.5-coder:1.5b"
"""What is offered where nothing is installed: the smallest that does all three tasks (facts, *Quality*)."""

SUGGESTED_SIZE = "1 GB"

START = "Start Ollama"


@frozen
class Offer:
    """One press that may help: a command of ours."""

    title: str
    command: str
    argument: dict[str, Any]

    def to_json(self) -> dict[str, Any]:
        """The `Command` of the protocol."""
        return {"title": self.title, "command": self.command, "arguments": [self.argument]}


class Advice:
    """Says each thing in its place, and what is marked *once* only once."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self._said: set[str] = set()
        self._asked: set[str] = set()
        """The titles of the buttons that stand on the screen."""

    def once(self, severity: Severity, text: str) -> None:
        """Say something that would be a nuisance a second time."""
        if text not in self._said:
            self._said.add(text)
            self._server.client.say(severity, text)

    async def tell(self, error: GlossError) -> None:
        """Say why something could not be done, and do what the user chooses."""
        offer = self._offer(error)
        if offer is None:
            self._server.client.say("info" if isinstance(error, Refused) else "error", str(error))
        else:
            await self._ask("error", str(error), offer)

    def answer(self, error: GlossError) -> GlossError:
        """What a client that waits is answered, which tells the user; what helps is offered beside it."""
        offer, client = self._offer(error), self._server.client
        if offer is None:
            return error
        if not client.shows_offers and client.asks_questions and offer.title not in self._asked:
            self._server.background(self._ask("info", f"{offer.title}?", offer), offer.title)
        return OfferedError(str(error), [offer.to_json()])

    def _offer(self, error: GlossError) -> Offer | None:
        has_library = self._server.gateway.has_library
        if isinstance(error, ModelMissing) and has_library:
            return _pull(error.model)
        if isinstance(error, NoModel) and has_library:
            return _pull(SUGGESTED, f" ({SUGGESTED_SIZE})")
        if isinstance(error, Unreachable) and startable(self._server.settings):
            return Offer(START, "gloss.startOllama", {})
        return None

    async def _ask(self, severity: Severity, text: str, offer: Offer) -> None:
        self._asked.add(offer.title)
        try:
            pressed = await self._server.client.ask(severity, text, [offer.title])
        finally:
            self._asked.discard(offer.title)
        if pressed:
            params = types.ExecuteCommandParams(offer.command, [offer.argument])
            await self._server.protocol.fm.commands[offer.command](params)


def _pull(model: str, size: str = "") -> Offer:
    return Offer(f"Pull {model}{size}", "gloss.models.pull", {"name": model})
