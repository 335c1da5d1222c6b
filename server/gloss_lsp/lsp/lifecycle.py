"""`initialize`, `initialized`, `workspace/didChangeConfiguration`, `shutdown`: who the client is, what it sets."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

from lsprotocol import types

from gloss_lsp.lsp.client import Client

if TYPE_CHECKING:
    from gloss_lsp.lsp.server import Server

SECTION = "gloss"

ALLOW = "Allow"
REFUSE = "Never"

logger = logging.getLogger(__name__)


class SettingsFromEditor:
    """Takes settings from the editor: tells of wrong ones, and asks before code leaves the machine."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self._told: set[str] = set()
        self._asked: set[str] = set()
        self._begun = 0
        self._newest = 0

    def push(self, raw: object) -> None:
        """Take what the editor says by itself: it is newer than what it is being asked for."""
        self._newest = self._number()
        self.take(raw)

    def take(self, raw: object, *, initial: bool = False) -> None:
        """Let what the editor says hold from now on."""
        languages = self._languages
        self._server.configuration.update_editor(raw, initial=initial)
        if self._languages != languages:
            self._server.explanations.forget()
        if not initial:
            self.review()

    @property
    def _languages(self) -> tuple[str, str]:
        settings = self._server.settings
        return settings.explain.language, settings.translate.target

    def review(self) -> None:
        """Tell of what is wrong, and ask about addresses; each only once."""
        effective = self._server.configuration.effective
        for problem in effective.problems:
            if str(problem) not in self._told:
                self._told.add(str(problem))
                self._server.client.say("warning", f"Gloss settings: {problem}")
        for origin in effective.unconfirmed:
            if origin not in self._asked:
                self._asked.add(origin)
                self._server.background(self._confirm(origin), f"ask about {origin}")

    async def pull(self) -> None:
        """Ask the client for its settings; one that has none for us says null."""
        if not self._server.client.pulls_configuration:
            self.review()
            return
        items = [types.ConfigurationItem(section=SECTION)]
        number = self._number()
        answer = await self._server.request(types.WORKSPACE_CONFIGURATION, types.ConfigurationParams(items))
        if self._newest > number:
            # What was told meanwhile, or asked for later and answered earlier, is newer than this answer.
            return
        self._newest = number
        if isinstance(answer, list) and answer:
            # Null where nothing is set, also where something was set before.
            self.take({} if answer[0] is None else answer[0])
        else:
            self.review()

    def _number(self) -> int:
        self._begun += 1
        return self._begun

    async def _confirm(self, origin: str) -> None:
        question = (
            f"The settings of this workspace send your code to {origin}, which is not this machine. "
            "Allow it? The answer is remembered."
        )
        answer = await self._server.client.ask("warning", question, [ALLOW, REFUSE])
        if answer is None:
            return
        try:
            self._server.configuration.confirm(origin, allowed=answer == ALLOW)
        except OSError as error:
            logger.warning("could not remember the answer about %s: %s", origin, error)


def register(server: Server) -> None:
    """Declare the handlers."""
    settings = SettingsFromEditor(server)

    def initialize(params: types.InitializeParams) -> None:
        server.client = Client(server, server.client_capabilities, params.client_info)
        server.locale = params.locale or ""
        folders = [folder.uri for folder in params.workspace_folders or []]
        server.documents.work_in(folders or [uri for uri in (params.root_uri,) if uri])
        settings.take(params.initialization_options, initial=True)
        if server.client.completes_inline:
            # Ghost text and an entry in the list would be the same answer twice.
            server.withdraw(types.TEXT_DOCUMENT_COMPLETION)

    async def initialized(_: types.InitializedParams) -> None:
        if server.client.registers_configuration:
            registration = types.Registration("gloss-configuration", types.WORKSPACE_DID_CHANGE_CONFIGURATION)
            params = types.RegistrationParams([registration])
            server.background(
                server.request(types.CLIENT_REGISTER_CAPABILITY, params), "register for changes of settings"
            )
        await settings.pull()

    async def changed(params: types.DidChangeConfigurationParams) -> None:
        raw = _plain(params.settings)
        if _names_us(raw) or (raw is not None and not server.client.pulls_configuration):
            settings.push(raw)
        else:
            # Null, or the settings of others, is how clients say *ask again*.
            await settings.pull()

    async def shutdown(_: Any) -> None:  # noqa: ANN401  # the protocol sends null
        server.jobs.stop()
        await server.gateway.aclose()

    server.feature(types.INITIALIZE)(initialize)
    server.feature(types.INITIALIZED)(initialized)
    server.feature(types.WORKSPACE_DID_CHANGE_CONFIGURATION)(changed)
    server.feature(types.SHUTDOWN)(shutdown)


def _names_us(raw: object) -> bool:
    return isinstance(raw, dict) and any(str(key).split(".")[0] == SECTION for key in raw)


def _plain(settings: object) -> object:
    return settings if isinstance(settings, dict | list) else getattr(settings, "__dict__", settings)
