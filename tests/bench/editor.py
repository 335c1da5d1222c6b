"""The language servers that are measured, each with an Ollama of its own, spoken to as an editor does."""

from __future__ import annotations

import json
import sys
import time
from contextlib import ExitStack, suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from attrs import define
from raw_client import ServerProcess
from raw_connection import AnswerError, Message, result
from tests.bench.subjects import document

from fake import FakeOllama

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.bench.subjects import Task
    from typing_extensions import Self

HERE = Path(__file__).parent
COMMANDS = {
    "Gloss": [sys.executable, "-m", "gloss_lsp", "serve"],
    "bare pygls": [sys.executable, str(HERE / "bare_server.py")],
}
LANGUAGE_SERVERS = tuple(COMMANDS)

READY = 30.0
"""Seconds within which a server has to complete for the first time."""


class Timed(ServerProcess):
    """A server whose messages say when they came."""

    def _take(self, message: Message) -> None:
        message["at"] = time.monotonic_ns()
        super()._take(message)


@define
class Typing:
    """A document in which somebody types at one place."""

    uri: str
    line: int
    column: int = 4
    version: int = 1

    @property
    def cursor(self) -> dict[str, int]:
        return {"line": self.line, "character": self.column}

    def type(self) -> dict[str, Any]:
        """The params of `didChange` for one more character."""
        change = {"range": {"start": self.cursor, "end": self.cursor}, "text": "x"}
        self.column, self.version = self.column + 1, self.version + 1
        return {"textDocument": {"uri": self.uri, "version": self.version}, "contentChanges": [change]}


class Editor:
    """A language server, spoken to as VS Code does."""

    documents = 0

    def __init__(self, name: str) -> None:
        self.name = name
        self.opened: dict[int, Typing] = {}

    def __enter__(self) -> Self:
        self.stack = ExitStack()
        self.fake = self.stack.enter_context(FakeOllama())
        folder = self.stack.enter_context(TemporaryDirectory())
        self.client = self.stack.enter_context(
            Timed(COMMANDS[self.name], env=environment(folder, self.fake.url))
        )
        introduce(self.client)
        return self

    def __exit__(self, *_: object) -> None:
        self.stack.close()

    @property
    def process(self) -> int:
        return self.client.process.pid

    def open(self, lines: int) -> None:
        self.documents += 1
        self.typing = self.opened[lines] = Typing(f"file:///bench/file{self.documents}.py", lines // 2)
        self.client.open(self.typing.uri, document(lines))
        # The first requests only have the model loaded, or find nothing ready.
        before, deadline = len(self.fake.requests("fill")), time.monotonic() + READY
        while len(self.fake.requests("fill")) == before:
            assert time.monotonic() < deadline, (
                f"{self.name} does not complete; it said: {self.client.stderr}"
            )
            self.complete()

    def turn_to(self, lines: int) -> None:
        self.typing = self.opened[lines]

    def complete(self) -> int:
        self.client.messages.clear()
        began = time.monotonic_ns()
        self.client.notify("textDocument/didChange", self.typing.type())
        result(self.client.wait(self.begin("completion")))
        return began

    def begin(self, task: Task) -> int:
        if task == "job":
            return self._begin_job("stopped")
        params = {"textDocument": {"uri": self.typing.uri}, "position": self.typing.cursor}
        return self.client.start("textDocument/inlineCompletion", {**params, "context": {"triggerKind": 2}})

    def explain(self) -> list[tuple[int, str]]:
        self.client.messages.clear()
        result(self.client.wait(self._begin_job("job"), 60))
        reports = [message for message in self.client.messages if message.get("method") == "$/progress"]
        return [(report["at"], report["params"]["value"].get("message") or "") for report in reports]

    def wait(self, until: Callable[[], Any]) -> None:
        until()

    def stop(self, begun: int) -> int:
        said = time.monotonic_ns()
        self.client.cancel(begun)
        with suppress(AnswerError):
            result(self.client.wait(begun))
        return said

    def _begin_job(self, token: str) -> int:
        first, last = self.typing.line - 12, self.typing.line - 2
        range_ = {"start": {"line": first, "character": 0}, "end": {"line": last, "character": 0}}
        argument = {"uri": self.typing.uri, "range": range_, "token": token}
        command = "gloss.explain" if self.name == "Gloss" else "bare.explain"
        return self.client.start(
            "workspace/executeCommand", {"command": command, "arguments": [argument], "workDoneToken": token}
        )


def environment(folder: str, url: str) -> dict[str, str]:
    """Variables that lead a server to its Ollama, and keep the user's own files out of it."""
    homes = ("HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME")
    return {"OLLAMA_HOST": url, "GLOSS_BACKEND_URL": url, **dict.fromkeys(homes, folder)}


def introduction() -> dict[str, Any]:
    """The params of `initialize`, with all that VS Code can do."""
    capabilities = json.loads((HERE / "vscode.json").read_text())
    return {
        "processId": None,
        "clientInfo": {"name": "Visual Studio Code", "version": "1.106.0"},
        "locale": "en",
        "rootUri": None,
        "capabilities": capabilities,
        # A completion goes on until it is stopped.
        "initializationOptions": {"complete": {"debounce": 0, "maxTime": 60}},
        "trace": "off",
    }


def introduce(client: ServerProcess) -> None:
    """The handshake, and answers to what servers ask."""
    client.answers = {
        "client/registerCapability": lambda _: None,
        "workspace/configuration": lambda params: [None] * len(params["items"]),
        "window/workDoneProgress/create": lambda _: None,
        "window/showDocument": lambda _: {"success": True},
        "workspace/textDocumentContent/refresh": lambda _: None,
    }
    client.request("initialize", introduction())
    client.notify("initialized", {})
