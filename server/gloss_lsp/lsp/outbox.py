"""What is on its way to the client: sent without ever waiting for a client that does not read.

A message goes out at once where that cannot block, and otherwise by a thread of its own. While the
thread is held up, what the next message would make stale is not sent: a report of progress gives
way to the next report of its token, and pieces of `gloss/stream` are put together. Nothing that
ends or answers something is ever left out.
"""

from __future__ import annotations

import json
import os
import select
import sys
import threading
from collections import deque
from typing import TYPE_CHECKING, Any

from attrs import frozen

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable

Message = dict[str, Any]

AT_ONCE = 0 if sys.platform == "win32" else min(select.PIPE_BUF, 4096)
"""Bytes that a pipe takes without blocking when it is ready (POSIX, `PIPE_BUF`); Windows cannot tell."""


@frozen(eq=False)
class Waiting:
    """A message that the client has not read yet."""

    key: Hashable
    """Of what it is a part that a later part makes stale; None for what has to be sent."""
    message: Message
    data: bytes


class Outbox:
    """A queue of messages, and the thread that writes them."""

    def __init__(self, file: int, write: Callable[[bytes], object], broken: Callable[[], object]) -> None:
        """Write to `file` by `write`, which may block; `broken` is called once, in any thread, if it fails.

        `file` is the descriptor that tells whether writing would block; -1: nobody can tell.
        """
        self._file = file
        self._write = write
        self._broken = broken
        self._queue: deque[Waiting] = deque()
        self._state = threading.Condition()
        self._writing = False
        self._closed = False
        self._thread: threading.Thread | None = None

    def put(self, message: Message) -> None:
        """Send a message, now or as soon as the client reads; from any thread.

        Raises:
            TypeError, ValueError: it is not JSON; nothing is sent.
        """
        data = encode(message)
        with self._state:
            if self._closed or (not self._queue and not self._writing and self._sent_at_once(data)):
                return
            self._enqueue(message, data)
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="gloss-writer", daemon=True)
                self._thread.start()
            self._state.notify_all()

    def close(self, limit: float) -> bool:
        """Take no more, and wait at most `limit` seconds until all is written; whether it is."""
        with self._state:
            self._closed = True
            self._state.notify_all()
            return self._state.wait_for(lambda: not self._queue and not self._writing, limit)

    def _sent_at_once(self, data: bytes) -> bool:
        if self._file < 0 or len(data) > AT_ONCE or not _takes_more(self._file):
            return False
        try:
            self._write(data)
        except OSError:
            self._fail()
        return True

    def _enqueue(self, message: Message, data: bytes) -> None:
        key, goes_stale = _stream_of(message)
        if key is not None:
            stale = next((old for old in self._queue if old.key == key), None)
            if stale is not None:
                self._queue.remove(stale)
                if goes_stale:
                    message = _joined(stale.message, message)
                    data = encode(message)
        self._queue.append(Waiting(key if goes_stale else None, message, data))

    def _run(self) -> None:
        while True:
            with self._state:
                self._state.wait_for(lambda: self._queue or self._closed)
                if not self._queue:
                    return
                waiting = self._queue.popleft()
                self._writing = True
            try:
                self._write(waiting.data)
            except OSError:
                with self._state:
                    self._fail()
            with self._state:
                self._writing = False
                self._state.notify_all()

    def _fail(self) -> None:
        self._queue.clear()
        if not self._closed:
            self._closed = True
            self._broken()


def encode(message: Message) -> bytes:
    """A message as it stands on the wire: UTF-8 takes half of what escapes do for most scripts."""
    text = json.dumps(message, ensure_ascii=False, separators=(",", ":"))
    try:
        body = text.encode()
    except UnicodeEncodeError:
        # Half a surrogate pair, sent by an editor as an escape, has no UTF-8: it goes back as it came.
        body = json.dumps(message, separators=(",", ":")).encode()
    return b"Content-Length: %d\r\n\r\n%b" % (len(body), body)


def write_all(file: int) -> Callable[[bytes], None]:
    """A function that writes all it is given to a descriptor."""

    def write(data: bytes) -> None:
        rest = memoryview(data)
        while rest:
            rest = rest[os.write(file, rest) :]

    return write


def _takes_more(file: int) -> bool:
    if sys.platform == "win32":
        return False
    poll = select.poll()
    poll.register(file, select.POLLOUT)
    return poll.poll(0) == [(file, select.POLLOUT)]


def _stream_of(message: Message) -> tuple[Hashable, bool]:
    """What a message continues, None for most; and whether a later one of the same makes it stale."""
    params = message.get("params")
    if not isinstance(params, dict):
        return None, False
    method = message.get("method")
    if method == "$/progress" and isinstance(params.get("value"), dict):
        return (method, params.get("token")), params["value"].get("kind") == "report"
    if method == "gloss/stream":
        return (method, params.get("id")), not params.get("done")
    return None, False


def _joined(stale: Message, message: Message) -> Message:
    if message["method"] != "gloss/stream":
        return message
    params = {**message["params"], "text": stale["params"]["text"] + message["params"]["text"]}
    return {**message, "params": params}
