"""JSON-RPC on pygls 2.1.1, with its defects closed in this one place.

What pygls does and what Gloss does instead is shown row by row in `tests/lsp/test_protocol_defects.py`.
Messages are handled in their order, each handler up to its first `await` before the next message is
looked at: one that takes a snapshot of a document there sees it as it was when it was asked.
"""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from functools import partial
from inspect import isawaitable
from typing import TYPE_CHECKING, Any

from lsprotocol import types
from pygls.exceptions import JsonRpcException
from pygls.feature_manager import is_thread_function
from pygls.protocol import LanguageServerProtocol

from gloss_lsp.lsp import failures
from gloss_lsp.lsp.asked import Asked
from gloss_lsp.lsp.failures import CANCELLED, Failure, InvalidParamsError, failure_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from concurrent.futures import Future

    from cattrs import Converter

    from gloss_lsp.lsp.outbox import Outbox
    from gloss_lsp.lsp.server import Server

logger = logging.getLogger(__name__)


class Dispatch(LanguageServerProtocol):
    """Hands messages to their handlers, and what those say to the client."""

    _server: Server

    def __init__(self, server: Server, converter: Converter) -> None:
        super().__init__(server, converter)
        self.outbox: Outbox | None = None
        self.asked = Asked(converter)
        self.running: set[asyncio.Future[Any]] = set()
        """Handlers that have not ended yet, also those whose requests were answered by a cancellation."""
        self._inbox: deque[Any] = deque()
        self._draining = False
        self._given_up: set[str | int] = set()
        self._answering: dict[str | int, asyncio.Future[Any]] = {}

    # What comes in

    def receive(self, messages: Iterable[Any]) -> None:
        """Take messages as they were parsed from JSON, in their order; in the event loop."""
        for message in messages:
            self._inbox.append(message)
            self._given_up.update(_given_up_by(message))
        if not self._draining:
            self._drain()

    def _drain(self) -> None:
        self._draining = True
        while self._inbox:
            try:
                started = self._handle(self._inbox.popleft())
            except Exception:
                logger.exception("A message could not be handled")
                continue
            if started:
                # The first step of what was started stands in the loop's queue, and so comes before this.
                asyncio.get_running_loop().call_soon(self._drain)
                return
        self._draining = False

    def _handle(self, message: Any) -> bool:  # noqa: ANN401  # whatever came
        """Handle one message; whether that has started a task."""
        if isinstance(message, Failure):
            self._answer(None, message)
        elif not isinstance(message, dict) or not isinstance(message.get("method", ""), str):
            self._answer(None, Failure(failures.INVALID_REQUEST, "A message is one object with a method."))
        elif "method" not in message:
            self.asked.answered(message)
        elif message["method"] == types.CANCEL_REQUEST:
            self._cancel(_given_up_by(message))
        elif "id" in message:
            return self._request(message["id"], message["method"], message.get("params"))
        else:
            return self._notification(message["method"], message.get("params"))
        return False

    def _request(self, request: Any, method: str, raw: Any) -> bool:  # noqa: ANN401  # JSON
        if not isinstance(request, str | int) or request in self._answering:
            self._answer(None, Failure(failures.INVALID_REQUEST, "A request needs an id of its own."))
            return False
        if request in self._given_up:
            self._answer(request, CANCELLED)
            return False
        try:
            result = self._call(method, raw)
        except Exception as error:  # noqa: BLE001  # told to the client, or logged
            result = failure_of(error, method)
        if not asyncio.isfuture(result):
            self._answer(request, result, method)
            return False
        self._answering[request] = result
        self._watch(result, partial(self._ended, request, method))
        return True

    def _notification(self, method: str, raw: Any) -> bool:  # noqa: ANN401  # JSON
        try:
            result = self._call(method, raw)
        except Exception as error:  # noqa: BLE001  # there is nobody to tell, but the log
            log_failure(method, error)
            return False
        if not asyncio.isfuture(result):
            return False
        self._watch(result, partial(_ended_unasked, method))
        return True

    def _call(self, method: str, raw: Any) -> Any:  # noqa: ANN401  # what the handler returns
        """Call the handler of a method; its result, or the future of it."""
        self._expect(method)
        handler = self.fm.builtin_features.get(method) or self.fm.features.get(method)
        if handler is None:
            raise JsonRpcException(f"Gloss does not know {method}.", failures.METHOD_NOT_FOUND)
        return self._invoke(handler, self._params(method, raw))

    def _expect(self, method: str) -> None:
        """Raise `JsonRpcException` where a method is out of turn."""

    def _read(self, method: str, raw: Any) -> Any:  # noqa: ANN401, ARG002  # JSON
        """The part of the params of a method that is worth structuring."""
        return raw

    def _invoke(self, handler: Callable[[Any], Any], params: Any) -> Any:  # noqa: ANN401  # handlers are of any kind
        if is_thread_function(handler):  # type: ignore[no-untyped-call]
            return asyncio.get_running_loop().run_in_executor(self._server.thread_pool, handler, params)
        result = handler(params)
        return asyncio.ensure_future(result) if isawaitable(result) else result

    def _params(self, method: str, raw: Any) -> Any:  # noqa: ANN401  # as the method has it
        """The params of a message: lsprotocol's class where it has one, else plain JSON."""
        kind: Any = types.METHOD_TO_TYPES.get(method, (None, None, None))[2]
        if kind is None:
            return raw
        try:
            return self._converter.structure(self._read(method, {} if raw is None else raw), kind)
        except Exception as error:
            # What is odd may be a piece of a document, which has no place in a log.
            logger.warning("%s came with odd params: %s", method, type(error).__name__)
            raise InvalidParamsError(f"The params of {method} are not what the protocol says.") from error

    def _watch(self, future: asyncio.Future[Any], ended: Callable[[asyncio.Future[Any]], None]) -> None:
        self.running.add(future)
        future.add_done_callback(self.running.discard)
        future.add_done_callback(ended)

    def _ended(self, request: str | int, method: str, future: asyncio.Future[Any]) -> None:
        if self._answering.get(request) is not future:
            _ended_unasked(method, future)
            return
        del self._answering[request]
        if future.cancelled():
            self._answer(request, CANCELLED)
        elif (error := future.exception()) is not None:
            self._answer(request, failure_of(error, method))
        else:
            self._answer(request, future.result(), method)

    def _cancel(self, requests: Iterable[str | int]) -> None:
        # Answered at once: a client that has given up is not made to wait until everything is put away.
        for request in requests:
            self._given_up.discard(request)
            future = self._answering.pop(request, None)
            if future is not None:
                future.cancel()
                self._answer(request, CANCELLED)

    # What goes out

    def _answer(self, request: str | int | None, result: Any, method: str = "") -> None:  # noqa: ANN401  # any
        message: dict[str, Any] = {"jsonrpc": self.VERSION, "id": request}
        if isinstance(result, Failure):
            self._send_data({**message, "error": result.to_json()})
            return
        try:
            self._send_data({**message, "result": self._converter.unstructure(result)})
        except Exception as error:  # noqa: BLE001  # whatever is wrong with the result, there has to be an answer
            self._send_data({**message, "error": failure_of(error, method).to_json()})

    def notify(self, method: str, params: Any | None = None) -> None:  # noqa: ANN401  # pygls's
        """Send a notification; `params` are of lsprotocol's class, or plain JSON."""
        self._send_data(
            {"jsonrpc": self.VERSION, "method": method, "params": self._converter.unstructure(params)}
        )

    def send_request(
        self,
        method: str,
        params: Any | None = None,  # noqa: ANN401  # pygls's
        callback: Callable[[Any], None] | None = None,
        msg_id: str | int | None = None,
    ) -> Future[Any]:
        """Send a request; the future of its result, which raises `JsonRpcException` where there is none."""
        plain = self._converter.unstructure(params)
        request, answer = self.asked.ask(method, msg_id)
        if callback is not None:
            answer.add_done_callback(partial(_call_back, callback))
        self._send_data({"jsonrpc": self.VERSION, "id": request, "method": method, "params": plain})
        return answer

    def _send_data(self, data: Any) -> None:  # noqa: ANN401  # pygls's signature
        if self.outbox is not None:
            self.outbox.put(data)


def _given_up_by(message: object) -> list[str | int]:
    """The request that a `$/cancelRequest` names."""
    if not isinstance(message, dict) or message.get("method") != types.CANCEL_REQUEST:
        return []
    params = message.get("params")
    request = params.get("id") if isinstance(params, dict) else None
    return [request] if isinstance(request, str | int) else []


def _ended_unasked(method: str, future: asyncio.Future[Any]) -> None:
    if not future.cancelled() and (error := future.exception()) is not None:
        log_failure(method, error)


def log_failure(method: str, error: BaseException) -> None:
    """Note in the log that a handler failed, where nobody else is told."""
    if isinstance(error, JsonRpcException | InvalidParamsError):
        logger.info("%s was not handled: %s", method, error)
    else:
        logger.error("%s failed", method, exc_info=error)


def _call_back(callback: Callable[[Any], None], answer: Future[Any]) -> None:
    if not answer.cancelled() and answer.exception() is None:
        callback(answer.result())
