"""What the editor can do, and asking it to do so.

Everything that depends on the client is a named property here, read from the capabilities as they
were sent. A request that is not answered in time, or answered with an error or with nonsense, is
*not supported*: the answer is None.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from lsprotocol import types

from gloss_lsp.core.safe import safe_line

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from gloss_lsp.lsp.server import Server

Severity = Literal["error", "warning", "info"]

FOLLOWERS = ("visual studio code", "vscode", "code - oss", "code-server", "vscodium", "cursor", "sublime", "zed",
             "jetbrains", "intellij")  # fmt: skip
"""Editors that show what is appended to a file that they have open (facts: each reloads unmodified buffers)."""

PROGRESS_PATIENCE = 2.0
"""Seconds to wait for a client to take a progress token: the work itself waits for it."""

SHOW_PATIENCE = 2.0
"""Seconds to wait for a client to say that it shows a document: some show it and never answer."""

MESSAGE_LIMIT = 1000
"""Characters of a message: editors cut or wrap longer ones badly."""


class Client:
    """One editor, as it introduced itself in `initialize`."""

    def __init__(
        self, server: Server, capabilities: Mapping[str, Any], info: types.ClientInfo | None
    ) -> None:
        self._server = server
        self._capabilities = capabilities
        self.name = info.name if info else ""

    def _can(self, path: str) -> Any:  # noqa: ANN401  # capabilities are whatever the client sent
        value: Any = self._capabilities
        for key in path.split("."):
            value = value.get(key) if isinstance(value, dict) else None
        return value

    @property
    def shows_virtual_documents(self) -> bool:
        """It can open documents of our own scheme (LSP 3.18 `workspace/textDocumentContent`)."""
        return self._can("workspace.textDocumentContent") is not None

    @property
    def shows_documents(self) -> bool:
        """It can be asked to open a file (`window/showDocument`)."""
        return bool(self._can("window.showDocument.support"))

    @property
    def follows_files(self) -> bool:
        """An open file that grows on disk is shown as it grows."""
        return any(name in self.name.lower() for name in FOLLOWERS)

    @property
    def makes_progress(self) -> bool:
        """It takes progress that the server begins (`window/workDoneProgress/create`)."""
        return bool(self._can("window.workDoneProgress"))

    @property
    def takes_versioned_edits(self) -> bool:
        """Edits can name the version of the document that they are for.

        Neovim can and does not say so; an editor that cannot leaves such an edit, which is better than
        one in a wrong place. So only who says that it cannot is believed.
        """
        return self._can("workspace.workspaceEdit.documentChanges") is not False

    @property
    def asks_questions(self) -> bool:
        """It shows messages with buttons (`window/showMessageRequest`)."""
        return self._can("window.showMessage") is not None

    @property
    def completes_inline(self) -> bool:
        """It shows ghost text (`textDocument/inlineCompletion`)."""
        return self._can("textDocument.inlineCompletion") is not None

    @property
    def takes_action_literals(self) -> bool:
        """Code actions may be more than commands."""
        return self._can("textDocument.codeAction.codeActionLiteralSupport") is not None

    @property
    def knows_generated_actions(self) -> bool:
        """It marks code actions that a model is behind (`CodeActionTag.LLMGenerated`)."""
        return types.CodeActionTag.LlmGenerated.value in (
            self._can("textDocument.codeAction.tagSupport.valueSet") or ()
        )

    @property
    def pulls_configuration(self) -> bool:
        """It answers `workspace/configuration`."""
        return bool(self._can("workspace.configuration"))

    @property
    def registers_configuration(self) -> bool:
        """It tells of changed settings only after a dynamic registration."""
        return bool(self._can("workspace.didChangeConfiguration.dynamicRegistration"))

    @property
    def streams(self) -> bool:
        """It asked for `gloss/stream`."""
        return bool(self._can("experimental.gloss.stream"))

    @property
    def shows_status(self) -> bool:
        """It asked for `gloss/status`."""
        return bool(self._can("experimental.gloss.status"))

    @property
    def shows_offers(self) -> bool:
        """It offers by itself the commands that come with an error."""
        return bool(self._can("experimental.gloss.offers"))

    def say(self, severity: Severity, text: str) -> None:
        """Show a message that needs no answer."""
        params = types.ShowMessageParams(_TYPES[severity], safe_line(text, MESSAGE_LIMIT))
        self._server.window_show_message(params)

    async def ask(
        self, severity: Severity, text: str, buttons: Sequence[str], patience: float = 600.0
    ) -> str | None:
        """Show a message with buttons; which was pressed, or None. `patience` is in seconds."""
        if not self.asks_questions:
            self.say(severity, text)
            return None
        answer = await self._server.request(
            types.WINDOW_SHOW_MESSAGE_REQUEST,
            types.ShowMessageRequestParams(
                _TYPES[severity],
                safe_line(text, MESSAGE_LIMIT),
                [types.MessageActionItem(title) for title in buttons],
            ),
            patience,
        )
        title = getattr(answer, "title", None)
        return title if title in buttons else None

    async def show_document(self, uri: str) -> bool:
        """Open a document beside what the user does, without taking the focus."""
        start = types.Position(0, 0)
        answer = await self._server.request(
            types.WINDOW_SHOW_DOCUMENT,
            # A selection is always sent: LSP4IJ never answers without one.
            types.ShowDocumentParams(
                uri, external=False, take_focus=False, selection=types.Range(start, start)
            ),
            SHOW_PATIENCE,
        )
        return bool(getattr(answer, "success", False))

    async def apply_edit(
        self, label: str, edit: types.WorkspaceEdit, patience: float
    ) -> types.ApplyWorkspaceEditResult | None:
        """Ask for an edit to be made; None where nothing usable was answered within `patience` seconds."""
        params = types.ApplyWorkspaceEditParams(edit, safe_line(label, 80))
        answer = await self._server.request(types.WORKSPACE_APPLY_EDIT, params, patience)
        return answer if isinstance(answer, types.ApplyWorkspaceEditResult) else None

    async def create_progress(self, token: str | int) -> bool:
        """Announce a progress token; False where the client takes none."""
        if not self.makes_progress:
            return False
        missing = object()
        answer = await self._server.request(
            types.WINDOW_WORK_DONE_PROGRESS_CREATE,
            types.WorkDoneProgressCreateParams(token),
            PROGRESS_PATIENCE,
            missing=missing,
        )
        return answer is not missing


_TYPES: Mapping[Severity, types.MessageType] = {
    "error": types.MessageType.Error,
    "warning": types.MessageType.Warning,
    "info": types.MessageType.Info,
}
