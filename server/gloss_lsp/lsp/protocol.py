"""The life of a session: from `initialize` to `shutdown` and `exit`, and what comes with pygls by itself."""

from __future__ import annotations

import asyncio
from inspect import isawaitable
from typing import TYPE_CHECKING, Any

from lsprotocol import types
from pygls.exceptions import JsonRpcException
from pygls.progress import Progress

from gloss_lsp.lsp import failures
from gloss_lsp.lsp.capabilities import capabilities_of, choose_encoding, declared, introduction
from gloss_lsp.lsp.dispatch import Dispatch, log_failure
from gloss_lsp.lsp.failures import InvalidParamsError

if TYPE_CHECKING:
    from cattrs import Converter

    from gloss_lsp.lsp.server import Server

SHUTDOWN_LIMIT = 3.0
"""Seconds for running work to end in, and again for what has to be closed, when the client waits for it."""

END_LIMIT = 0.4
"""The same when the client has gone: all of the server has to be gone within about a second."""


class Protocol(Dispatch):
    """One session with one client."""

    def __init__(self, server: Server, converter: Converter) -> None:
        super().__init__(server, converter)
        self.progress: Progress = Tokens(self)
        self.introduced = False
        self.shutting_down = False
        """Whether the client has asked for `shutdown`, which decides the exit code."""
        self._wound_down = False

    def _register_builtin_features(self) -> None:
        # pygls's own handlers of documents are left out: they keep every text a second time, cut into
        # lines at the wrong places, at a cost that grows with the document.
        self.fm.add_builtin_feature(types.INITIALIZE, self._initialize)
        self.fm.add_builtin_feature(types.SHUTDOWN, self._shut_down)
        self.fm.add_builtin_feature(types.EXIT, lambda _: self._server.stop())
        self.fm.add_builtin_feature(types.SET_TRACE, self._set_trace)
        self.fm.add_builtin_feature(types.WORKSPACE_EXECUTE_COMMAND, self._execute)
        self.fm.add_builtin_feature(types.WINDOW_WORK_DONE_PROGRESS_CANCEL, self._cancel_progress)

    def _expect(self, method: str) -> None:
        if method == types.EXIT:
            return
        if self.shutting_down:
            raise JsonRpcException("The server is shutting down.", failures.INVALID_REQUEST)
        if self.introduced == (method == types.INITIALIZE):
            raise JsonRpcException("initialize comes first, and once.", failures.NOT_INITIALIZED)

    def _read(self, method: str, raw: Any) -> Any:  # noqa: ANN401  # JSON
        if method != types.INITIALIZE:
            return raw
        self._server.client_capabilities = capabilities_of(raw)
        return introduction(raw)

    async def _initialize(self, params: types.InitializeParams) -> types.InitializeResult:
        self.introduced = True
        self._server.introduced(params, choose_encoding(self._server.client_capabilities))
        await self._also(types.INITIALIZE, params)
        sync = types.TextDocumentSyncKind.Incremental
        capabilities = declared(params.capabilities, self.fm, sync, self._server.encoding)
        return types.InitializeResult(capabilities, self.server_info)

    async def _shut_down(self, _: None) -> None:
        self.shutting_down = True
        await self.wind_down(SHUTDOWN_LIMIT)

    async def wind_down(self, limit: float) -> None:
        """Stop all work and let it put its things away, in twice `limit` seconds at most; only once."""
        if self._wound_down:
            await self._answered(limit)
            return
        self._wound_down = True
        for request, future in list(self._answering.items()):
            if future is not asyncio.current_task():
                self._cancel([request])
        await self._server.cancel_all(self.running, limit)
        try:
            await asyncio.wait_for(self._also(types.SHUTDOWN, None), limit)
        except Exception as error:  # noqa: BLE001  # the end is not put off
            log_failure(types.SHUTDOWN, error)
        self.asked.abandon()

    async def _answered(self, limit: float) -> None:
        """Wait for what ends the session already, which has an answer to give."""
        await asyncio.sleep(0)
        if self.running:
            await asyncio.wait(self.running, timeout=limit)

    def _set_trace(self, params: types.SetTraceParams) -> Any:  # noqa: ANN401  # what the handler returns
        self.trace = params.value
        return self._also(types.SET_TRACE, params)

    async def _cancel_progress(self, params: types.WorkDoneProgressCancelParams) -> None:
        token = self.progress.tokens.get(params.token)
        if token is not None:
            token.cancel()
        await self._also(types.WINDOW_WORK_DONE_PROGRESS_CANCEL, params)

    def _execute(self, params: types.ExecuteCommandParams) -> Any:  # noqa: ANN401  # what the command returns
        command = self.fm.commands.get(params.command)
        if command is None:
            raise InvalidParamsError(f"Gloss has no command {params.command}.")
        return self._invoke(command, params)

    async def _also(self, method: str, params: Any) -> None:  # noqa: ANN401  # as the method has it
        """Call the handler that was registered beside a built-in one."""
        handler = self.fm.features.get(method)
        if handler is not None and isawaitable(result := self._invoke(handler, params)):
            await result


class Tokens(Progress):
    """pygls's progress, which forgets a token when it has ended."""

    def end(self, token: types.ProgressToken, value: types.WorkDoneProgressEnd) -> None:
        """Notify of the end of work."""
        super().end(token, value)
        self.tokens.pop(token, None)
