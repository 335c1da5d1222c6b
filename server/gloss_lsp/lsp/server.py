"""The server object, which everything that lives as long as a session hangs on."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING, Any, TypeVar

from pygls.exceptions import FeatureAlreadyRegisteredError, JsonRpcException
from pygls.lsp.server import LanguageServer

from gloss_lsp import __version__
from gloss_lsp.errors import GlossError
from gloss_lsp.lsp.converter import make_converter
from gloss_lsp.lsp.parent import watch_parent
from gloss_lsp.lsp.protocol import Protocol
from gloss_lsp.perform import perform
from gloss_lsp.waiting import within

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Iterable

    from lsprotocol import types

    from gloss_lsp.actions.base import Outcome
    from gloss_lsp.configuration import Configuration
    from gloss_lsp.core.text import Encoding
    from gloss_lsp.gateway import Gateway
    from gloss_lsp.lsp.advice import Advice
    from gloss_lsp.lsp.apply import Applier
    from gloss_lsp.lsp.client import Client
    from gloss_lsp.lsp.documents import Documents
    from gloss_lsp.lsp.explanations import Explanations
    from gloss_lsp.lsp.jobs import Jobs
    from gloss_lsp.lsp.pages import Pages
    from gloss_lsp.lsp.selections import Selections
    from gloss_lsp.lsp.status import Status
    from gloss_lsp.perform import Asked, Watcher
    from gloss_lsp.pulls import Pulls
    from gloss_lsp.settings import Settings

T = TypeVar("T")
F = TypeVar("F", bound="Callable[..., Any]")

ANSWER_LIMIT = 10.0
"""Seconds that the client is waited for: some never answer (Kate, to `window/showDocument`)."""

logger = logging.getLogger(__name__)


class Server(LanguageServer):
    """One language server for one client.

    Handlers take the params of their message and nothing else (a command's are `ExecuteCommandParams`);
    what they need of the server they close over.
    """

    protocol: Protocol

    configuration: Configuration
    gateway: Gateway
    pulls: Pulls
    documents: Documents
    client: Client
    jobs: Jobs
    status: Status
    selections: Selections
    explanations: Explanations
    pages: Pages
    applier: Applier
    advice: Advice

    def __init__(self) -> None:
        self.encoding: Encoding = "utf-16"
        """How columns are counted in this session; known after `initialize`."""
        self.locale = ""
        """The language of the editor's own texts, as it said in `initialize`."""
        self.watches_parent = False
        """Whether the process ends with the one that `initialize` names."""
        self._capabilities: dict[str, Any] = {}
        self._background: set[asyncio.Task[Any]] = set()
        self._stop: Callable[[], object] | None = None
        super().__init__("gloss", __version__, protocol_cls=Protocol, converter_factory=make_converter)

    # What the client is and wants

    @property  # type: ignore[override]
    def client_capabilities(self) -> dict[str, Any]:
        """The client's capabilities as it sent them, since lsprotocol's classes cost 75 ms; empty before."""
        return self._capabilities

    @client_capabilities.setter
    def client_capabilities(self, capabilities: dict[str, Any]) -> None:
        self._capabilities = capabilities

    @property
    def settings(self) -> Settings:
        """The settings as they are now."""
        return self.configuration.settings

    async def perform(self, asked: Asked, watcher: Watcher) -> Outcome:
        """Have an action converse with its model. Raises `GlossError`."""
        return await perform(self.gateway, self.settings, self.locale, asked, watcher)

    def introduced(self, params: types.InitializeParams, encoding: Encoding) -> None:
        """The client has introduced itself."""
        self.encoding = encoding
        self.process_id = params.process_id
        if self.watches_parent and params.process_id is not None:
            watch_parent(params.process_id, self.stop)

    # Declaring what the server does

    def feature(self, feature_name: str, options: Any | None = None) -> Callable[[F], F]:  # noqa: ANN401  # pygls's
        """A decorator that makes a function the handler of a method.

        pygls's would look at the annotations of each handler at start-up, and hand the server to
        some of them by the name or kind of their first parameter.
        """
        features = self.protocol.fm
        if feature_name in features.features:
            raise FeatureAlreadyRegisteredError(feature_name)  # type: ignore[no-untyped-call]

        def declare(handler: F) -> F:
            features.features[feature_name] = handler
            if options is not None:
                features.feature_options[feature_name] = options
            return handler

        return declare

    def withdraw(self, feature_name: str) -> None:
        """Take back a handler before the client is told of it: this client has no use for it."""
        self.protocol.fm.features.pop(feature_name, None)

    def command(self, command_name: str) -> Callable[[F], F]:
        """A decorator that makes a function a command; it is called with the `ExecuteCommandParams`."""

        def declare(handler: F) -> F:
            self.protocol.fm.commands[command_name] = handler
            return handler

        return declare

    # Speaking to the client

    def plain(self, value: object) -> Any:  # noqa: ANN401  # JSON
        """A value of lsprotocol's classes as plain JSON."""
        return self.protocol._converter.unstructure(value)  # noqa: SLF001  # pygls gives it no other name

    def notify(self, method: str, params: Any = None) -> None:  # noqa: ANN401  # as the method has it
        """Send a notification."""
        self.protocol.notify(method, params)

    async def request(
        self,
        method: str,
        params: Any = None,  # noqa: ANN401  # as the method has it
        limit: float = ANSWER_LIMIT,
        *,
        missing: Any = None,  # noqa: ANN401  # the caller's
    ) -> Any:  # noqa: ANN401  # as the method has it
        """Ask the client; `missing` where it refuses, answers oddly, or not within `limit` seconds.

        All requests to the client go this way: a missing answer means that it is not supported.
        """
        try:
            return await within(self.protocol.send_request_async(method, params), limit)
        except asyncio.TimeoutError:
            logger.info("%s was not answered within %s s", method, limit)
        except JsonRpcException as error:
            logger.info("%s was refused: %s", method, error)
        return missing

    def report_server_error(self, error: Exception, source: object) -> None:  # noqa: ARG002  # pygls's
        """Log what pygls would pop up in the editor."""
        logger.error("%s", error, exc_info=error)

    # Work beside the answering of messages

    def background(self, work: Coroutine[Any, Any, T], name: str = "") -> asyncio.Task[T]:
        """Run `work` until it ends or the session does; that it failed is logged, awaited or not."""
        task = asyncio.get_running_loop().create_task(work, name=name or None)
        self._background.add(task)
        task.add_done_callback(self._background.discard)
        task.add_done_callback(_log_failure)
        return task

    async def cancel_all(self, others: Iterable[asyncio.Future[Any]], limit: float) -> None:
        """Cancel what runs, `others` too, and wait at most `limit` seconds for it to end."""
        running = {*self._background, *others} - {asyncio.current_task()}
        for future in running:
            future.cancel()
        if running:
            await asyncio.wait(running, timeout=limit)

    def stop_with(self, stop: Callable[[], object]) -> None:
        """Take what ends the session: callable from any thread."""
        self._stop = stop

    def stop(self) -> None:
        """End the session; from any thread."""
        if self._stop is not None:
            self._stop()


def create_server(features: Iterable[Callable[[Server], None]] = ()) -> Server:
    """A server whose features have declared their handlers; each is a module's `register`."""
    server = Server()
    for register in features:
        register(server)
    return server


def _log_failure(task: asyncio.Task[Any]) -> None:
    if task.cancelled() or (error := task.exception()) is None:
        return
    if isinstance(error, GlossError):
        logger.info("%s: %s", task.get_name(), error)
    else:
        logger.error("%s failed", task.get_name(), exc_info=error)
