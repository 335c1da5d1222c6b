"""A raw JSON-RPC client over pipes or a socket, for tests and benchmarks of a language server.

It knows framing and message ids and nothing else of LSP, so that a test can also send what no
editor would. Every wait has a time limit. A thread reads, so no test blocks on a pipe.

    with ServerProcess([sys.executable, "-m", "gloss_lsp", "serve"]) as client:
        client.initialize({"general": {"positionEncodings": ["utf-32"]}})
        client.answers["window/workDoneProgress/create"] = lambda params: None
        hover = client.request("textDocument/hover", {...})
        client.wait_for(lambda message: message.get("method") == "$/progress")
        assert client.shut_down() == 0
"""

from __future__ import annotations

import contextlib
import os
import socket
import subprocess
import threading
import time
from typing import TYPE_CHECKING

from raw_connection import LIMIT, SILENCE, AnswerError, RawClient, RefusalError, frame, read_message

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

__all__ = [
    "SILENCE",
    "AnswerError",
    "RawClient",
    "RefusalError",
    "ServerProcess",
    "SocketClient",
    "frame",
    "read_message",
]


class ServerProcess(RawClient):
    """A language server started as a child, spoken to over its standard streams."""

    def __init__(
        self, command: Sequence[str], *, env: Mapping[str, str] | None = None, cwd: Path | None = None
    ) -> None:
        self.process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env={**os.environ, **(env or {})},
            cwd=cwd,
        )
        assert self.process.stdin
        assert self.process.stdout
        self._said: list[bytes] = []
        self._listener = threading.Thread(target=self._listen, daemon=True)
        self._listener.start()
        super().__init__(self.process.stdin, self.process.stdout)

    @property
    def stderr(self) -> str:
        """What the server has written to standard error so far."""
        return b"".join(self._said).decode("utf-8", "replace")

    def wait_stderr(self, text: str, limit: float = LIMIT) -> None:
        """Wait until the server has said that on standard error.

        Raises:
            TimeoutError: it has not within `limit` seconds.
        """
        deadline = time.monotonic() + limit
        while text not in self.stderr:
            if time.monotonic() > deadline:
                raise TimeoutError(
                    f"no {text!r} on standard error within {limit} s, but: {self.stderr[-500:]}"
                )
            time.sleep(0.01)

    def exit_code(self, limit: float = LIMIT) -> int:
        """The exit code, once the process has ended and its streams were read to their ends."""
        code = self.process.wait(limit)
        self._reader.join(limit)
        self._listener.join(limit)
        return code

    def shut_down(self, limit: float = LIMIT) -> int:
        """End the session as the protocol says and return the exit code."""
        self.request("shutdown", limit=limit)
        self.notify("exit")
        return self.exit_code(limit)

    def close(self) -> None:
        """Kill the process."""
        self.process.kill()
        self.process.wait()
        self._listener.join(LIMIT)

    def _listen(self) -> None:
        assert self.process.stderr
        with self.process.stderr as lines:
            for line in lines:
                self._said.append(line)


class SocketClient(RawClient):
    """A connection to a language server that listens on a port."""

    def __init__(self, host: str, port: int) -> None:
        self.socket = socket.create_connection((host, port), timeout=LIMIT)
        self.socket.settimeout(None)
        super().__init__(self.socket.makefile("wb"), self.socket.makefile("rb"))

    def close(self) -> None:
        """Close the socket."""
        with contextlib.suppress(OSError):
            self.socket.shutdown(socket.SHUT_RDWR)
        self.socket.close()
