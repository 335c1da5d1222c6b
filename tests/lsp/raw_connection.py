"""One JSON-RPC connection over a pair of byte streams, for the tests' client of a language server.

It knows framing and message ids and nothing else of LSP, so that a test can also send what no
editor would. Every wait has a time limit. A thread reads, so no test blocks on a pipe.
"""

from __future__ import annotations

import contextlib
import json
import threading
import time
from typing import IO, TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from typing_extensions import Self

Message = dict[str, Any]

LIMIT = 20.0
"""Seconds that a wait may last unless told otherwise: generous, since nothing waits on success."""

SILENCE = object()
"""What an entry of `answers` returns where the editor would never answer."""


class AnswerError(Exception):
    """The server answered a request with an error."""

    def __init__(self, error: Message) -> None:
        super().__init__(f"{error.get('code')}: {error.get('message')}")
        self.error = error
        self.code: int = error["code"]


class RefusalError(Exception):
    """Raised by an entry of `answers` to answer the server with an error."""

    def __init__(self, code: int = -32601, message: str = "not supported here") -> None:
        super().__init__(message)
        self.code = code


class RawClient:
    """One connection to a language server, given as a pair of byte streams."""

    def __init__(self, outgoing: IO[bytes], incoming: IO[bytes]) -> None:
        self.messages: list[Message] = []
        """Everything that the server sent, oldest first."""
        self.answers: dict[str, Callable[[Any], Any]] = {}
        """How the server's requests are answered, by method; others are refused with -32601."""
        self.ended = False
        """Whether the server has closed its side."""
        self.reading = threading.Event()
        """Cleared, we stop reading after the message that is being read."""
        self.reading.set()
        self._outgoing = outgoing
        self._incoming = incoming
        self._news = threading.Condition()
        self._writing = threading.Lock()
        self._last_id = 0
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def send_bytes(self, data: bytes) -> None:
        """Write bytes as they are."""
        with self._writing:
            self._outgoing.write(data)
            self._outgoing.flush()

    def send(self, *messages: Any) -> None:
        """Write messages, framed, in one go."""
        self.send_bytes(b"".join(frame(message) for message in messages))

    def notify(self, method: str, params: Any = None) -> None:
        """Send a notification."""
        self.send({"jsonrpc": "2.0", "method": method, "params": params})

    def start(self, method: str, params: Any = None) -> int:
        """Send a request and return its id, without waiting."""
        request = self.new_request(method, params)
        self.send(request)
        return int(request["id"])

    def new_request(self, method: str, params: Any = None) -> Message:
        """A request with a fresh id, not sent."""
        self._last_id += 1
        return {"jsonrpc": "2.0", "id": self._last_id, "method": method, "params": params}

    def cancel(self, request: int) -> None:
        """Ask the server to give up a request."""
        self.notify("$/cancelRequest", {"id": request})

    def close_input(self) -> None:
        """Close our side, as an editor that dies does."""
        _close(self._outgoing)

    def wait_for(self, wanted: Callable[[Message], bool], limit: float = LIMIT, *, after: int = 0) -> Message:
        """The first message since number `after` that is wanted, once it is there.

        Raises:
            TimeoutError: none came within `limit` seconds.
            EOFError: the server has closed its side, and none had come.
        """
        deadline = time.monotonic() + limit
        with self._news:
            while True:
                for message in self.messages[after:]:
                    if wanted(message):
                        return message
                if self.ended:
                    raise EOFError("the server closed its side first")
                after = len(self.messages)
                if not self._news.wait(max(0.0, deadline - time.monotonic())):
                    raise TimeoutError(f"nothing wanted came within {limit} s; last: {self.messages[-3:]}")

    def wait(self, request: int | str | None, limit: float = LIMIT) -> Message:
        """The answer to a request, as it came."""
        return self.wait_for(lambda message: "method" not in message and message.get("id") == request, limit)

    def request(self, method: str, params: Any = None, limit: float = LIMIT) -> Any:
        """Send a request and return its result.

        Raises:
            AnswerError: the server answered with an error.
        """
        return result(self.wait(self.start(method, params), limit))

    def wait_notification(self, method: str, limit: float = LIMIT, *, after: int = 0) -> Any:
        """The params of the first notification (or request of the server) of this method."""
        return self.wait_for(lambda message: message.get("method") == method, limit, after=after).get(
            "params"
        )

    def notifications(self, method: str) -> list[Any]:
        """The params of all messages of this method that have come so far."""
        with self._news:
            return [message.get("params") for message in self.messages if message.get("method") == method]

    def wait_end(self, limit: float = LIMIT) -> None:
        """Wait until the server has closed its side."""
        self._reader.join(limit)
        if self._reader.is_alive():
            raise TimeoutError(f"the server did not close its side within {limit} s")

    def initialize(self, capabilities: Mapping[str, Any] | None = None, **params: Any) -> Message:
        """Introduce ourselves; `params` are further ones of `initialize`. Returns its result."""
        given = {"processId": None, "rootUri": None, "capabilities": dict(capabilities or {}), **params}
        answer: Message = self.request("initialize", given)
        self.notify("initialized", {})
        return answer

    def open(self, uri: str, text: str, language: str = "python", version: int = 1) -> None:
        """Open a document."""
        item = {"uri": uri, "languageId": language, "version": version, "text": text}
        self.notify("textDocument/didOpen", {"textDocument": item})

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.reading.set()
        self.close()
        self._reader.join(LIMIT)
        for stream in (self._outgoing, self._incoming):
            _close(stream)

    def close(self) -> None:
        """End the connection from our side, whatever the server does."""
        self.close_input()

    def _read(self) -> None:
        try:
            while self.reading.wait() and (message := read_message(self._incoming)) is not None:
                self._take(message)
        except (OSError, ValueError):
            pass  # The pipe was closed under us, or the server died within a message: an end like any other.
        with self._news:
            self.ended = True
            self._news.notify_all()

    def _take(self, message: Message) -> None:
        with self._news:
            self.messages.append(message)
            self._news.notify_all()
        if "method" in message and "id" in message:
            self._answer(message)

    def _answer(self, message: Message) -> None:
        answer: Message = {"jsonrpc": "2.0", "id": message["id"]}
        try:
            value = self.answers.get(message["method"], _refuse)(message.get("params"))
        except RefusalError as error:
            answer["error"] = {"code": error.code, "message": str(error)}
        else:
            if value is SILENCE:
                return
            answer["result"] = value
        self.send(answer)


def frame(message: Any) -> bytes:
    """A message as it stands on the wire."""
    body = json.dumps(message, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass")
    return b"Content-Length: %d\r\n\r\n" % len(body) + body


def read_message(stream: IO[bytes]) -> Message | None:
    """The next message of a stream; None at its end.

    Raises:
        ValueError: what came is not a framed message.
    """
    length = -1
    while (line := stream.readline()) not in (b"\r\n", b""):
        name, colon, value = line.partition(b":")
        if not colon:
            raise ValueError(f"not a header: {line!r}")
        if name.lower() == b"content-length":
            length = int(value)
    if not line:
        return None
    body = stream.read(length)
    if len(body) < length:
        return None
    message: Message = json.loads(body)
    return message


def result(answer: Message) -> Any:
    """The result of an answer.

    Raises:
        AnswerError: it is an error.
    """
    if "error" in answer:
        raise AnswerError(answer["error"])
    return answer["result"]


def _refuse(_: Any) -> Any:
    raise RefusalError


def _close(stream: IO[bytes]) -> None:
    # What was still to be written may have no reader any more.
    with contextlib.suppress(OSError):
        stream.close()
