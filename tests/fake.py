"""Starts the stand-in for Ollama for a test, tells it what to say, and asks what it was asked.

    with FakeOllama() as fake:
        fake.script(rules=[{"kind": "chat", "pieces": ["Hel", "lo"], "gap": 0.01}])
        ...  # something talks to fake.url
        fake.wait_for_request(1, kind="chat")
        assert fake.requests("chat")[0]["body"]["think"] is False

All that can be told is listed in `fake_script.Script`. The waits block: in an async test write
`await asyncio.to_thread(fake.wait_closed, 1)`, so that the loop that talks to the fake goes on.
"""

from __future__ import annotations

import http.client
import json
import subprocess
import sys
from pathlib import Path
from typing import Any, TypeAlias

Entry: TypeAlias = "dict[str, Any]"
"""A request as the fake saw it; see `FakeOllama.requests`."""


class FakeOllama:
    """A stand-in for Ollama in its own process; a context manager. Port 0: any that is free."""

    program = "fake_ollama.py"

    def __init__(self, log: Path | None = None, port: int = 0) -> None:
        self.log, self.port = log, port

    def __enter__(self) -> FakeOllama:  # noqa: PYI034  # Self came with Python 3.11
        command = [sys.executable, str(Path(__file__).with_name(self.program)), "--until-stdin-closes"]
        command += ["--log", str(self.log)] if self.log else []
        command += ["--port", str(self.port)]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.port = int(self.process.stdout.readline())
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def stop(self) -> None:
        """End it at once, as when Ollama is killed; may be called early."""
        self.process.kill()
        self.process.wait()
        self.process.stdin.close()
        self.process.stdout.close()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def script(self, **told: Any) -> None:
        """Tell it what to be and to say from now on; what is not named stays as it is."""
        self._ask("/control", told)

    def reset(self) -> None:
        """Forget the script, the log, and what is loaded."""
        self._ask("/control/reset", {})

    def requests(self, kind: str | None = None) -> list[Entry]:
        """What it was asked, in order: all, or those of a kind.

        Each: index, kind, method, path, headers, body, pieces (lines sent), and in monotonic nanoseconds
        first_byte_at, started_at (its model was free), first_piece_at, ended_at, closed_at (by the client),
        with closed_while_active.
        """
        return [entry for entry in self._ask("/control/log", {})["requests"] if kind in (None, entry["kind"])]

    def loads(self) -> list[dict[str, Any]]:
        """Every load of a model: model, options, finished."""
        return self._ask("/control/log", {})["loads"]

    def loaded(self) -> dict[str, int]:
        """The models that are loaded, with their contexts."""
        return self._ask("/control/log", {})["loaded"]

    def wait_for_request(self, count: int = 1, timeout: float = 20.0, kind: str | None = None) -> Entry:
        """Wait until so many requests (of a kind) have come; the last of them."""
        return self._wait(count, None, kind, timeout)

    def wait_for_piece(self, count: int = 1, timeout: float = 20.0, kind: str | None = None) -> Entry:
        """Wait until so many requests have got their first piece; the last of them."""
        return self._wait(count, "first_piece_at", kind, timeout)

    def wait_closed(self, count: int = 1, timeout: float = 20.0, kind: str | None = None) -> Entry:
        """Wait until the client has hung up on so many requests; the last of them."""
        return self._wait(count, "closed_at", kind, timeout)

    def _wait(self, count: int, field: str | None, kind: str | None, timeout: float) -> Entry:
        message = {"count": count, "field": field, "kind": kind, "timeout": timeout}
        happened = self._ask("/control/wait", message)["happened"]
        entries = [entry for entry in self.requests(kind) if field is None or field in entry]
        assert happened, f"{len(entries)} of {count} requests: {kind or 'any'}, {field or 'come'}"
        return entries[count - 1]

    def _ask(self, path: str, message: dict[str, Any]) -> Any:
        connection = http.client.HTTPConnection("127.0.0.1", self.port)
        try:
            connection.request("POST", path, json.dumps(message), {"Content-Type": "application/json"})
            return json.loads(connection.getresponse().read())
        finally:
            connection.close()


class FakeOpenAI(FakeOllama):
    """A stand-in for an OpenAI-compatible server; what it can be told is listed in `fake_openai.Script`."""

    program = "fake_openai.py"
