"""A session as an editor has it: the real server over stdio, documents that are edited, a fake Ollama behind.

    with session(home, "neovim-0.11") as editor:
        document = editor.open("x = 1\n")
        editor.let("It is ", "one.")
        outcome = editor.ask("gloss.explain", document.all())

How this editor behaves is told by its attributes (`applies`, `chooses`) and by `editor.client.answers`.
"""

from __future__ import annotations

import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from editing import Document, Message, capabilities, environment
from raw_client import SILENCE, ServerProcess

from fake import FakeOllama

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

FOREVER: Message = {"kind": "chat", "pieces": ["word "], "repeat": 100_000, "gap": 0.01}
"""A model that does not come to an end by itself."""


class Session:
    """An editor with a server of its own, and a stand-in for Ollama behind it."""

    def __init__(self, client: ServerProcess, fake: FakeOllama, home: Path) -> None:
        self.client, self.fake, self.home = client, fake, home
        self.documents: dict[str, Document] = {}
        self.applies = "at once"
        """How edits are applied: `at once`; `later`, when a test calls `catch_up`; `lies`: it says that it
        did; `refuses`; `silent`."""
        self.chooses: Any = None
        """The title of the button that is pressed; None: the message is dismissed."""
        self.settings: Any = None
        """What `workspace/configuration` is answered, for the section `gloss`."""
        self.late: list[Message] = []
        self.since = 0
        """The number of the first message that counts."""
        self._tokens = 0
        client.answers |= {
            "window/workDoneProgress/create": lambda _: None,
            "window/showDocument": lambda _: {"success": True},
            "window/showMessageRequest": self._choose,
            "workspace/applyEdit": self._apply,
            "workspace/configuration": lambda params: [self.settings for _ in params["items"]],
            "workspace/textDocumentContent/refresh": lambda _: None,
            "client/registerCapability": lambda _: None,
        }

    def anew(self) -> None:
        """Go on as if nothing had been: for the next test that shares the server."""
        self.applies, self.chooses, self.late = "at once", None, []
        self.run("gloss.stop")
        self.fake.reset()
        self.set()
        self.settle()
        self.since = len(self.client.messages)

    # What the user does.

    def open(self, text: str, name: str = "", language: str = "python") -> Document:
        uri = (self.home / "work" / (name or f"file{len(self.documents)}.py")).as_uri()
        document = Document(self.client, uri, text, language)
        self.documents[uri] = document
        return document

    def set(self, **settings: Any) -> None:
        """Send settings, nested or dotted, as an editor does when they have changed."""
        self.client.notify("workspace/didChangeConfiguration", {"settings": {"gloss": settings}})

    def let(self, *pieces: Any, kind: str = "chat", **more: Any) -> None:
        """Let the model say this whenever it is asked."""
        self.fake.script(rules=[{"kind": kind, "pieces": list(pieces), **more}])

    def token(self) -> str:
        self._tokens += 1
        return f"mine-{self._tokens}"

    def start(self, command: str, argument: Message | None = None, token: str | None = None) -> int:
        """Send a command, as a client that waits does where there is a token; the id of the request."""
        params: Message = {"command": command, "arguments": [] if argument is None else [argument]}
        if token is not None:
            params["workDoneToken"] = token
        return self.client.start("workspace/executeCommand", params)

    def run(self, command: str, argument: Message | None = None) -> Any:
        """The result of a command that is sent without a token."""
        answer = self.client.wait(self.start(command, argument))
        assert "error" not in answer, answer
        return answer["result"]

    def ask(self, command: str, argument: Message) -> Any:
        """The outcome of a command that the client waits for."""
        answer = self.client.wait(self.start(command, argument, self.token()))
        assert "error" not in answer, answer
        return answer["result"]

    def failure(self, command: str, argument: Message) -> Message:
        """The error of a command that the client waits for."""
        answer = self.client.wait(self.start(command, argument, self.token()))
        assert "error" in answer, answer
        error: Message = answer["error"]
        return error

    def hover(self, document: Document, line: int, character: int) -> Any:
        position = {"line": line, "character": character}
        return self.client.request(
            "textDocument/hover", {"textDocument": document.identifier(), "position": position}
        )

    def select(self, document: Document, where: Message, **context: Any) -> Any:
        """The code actions for a range, as they are asked for whenever the selection changes."""
        context = {"diagnostics": [], "triggerKind": 2, **context}
        params = {"textDocument": document.identifier(), "range": where, "context": context}
        return self.client.request("textDocument/codeAction", params)

    def catch_up(self) -> None:
        """Tell of the edits that were said to be applied, after that was said."""
        self.settle()
        for params in self.late:
            self._do(params)
        self.late = []

    def settle(self) -> None:
        """Wait until the server has handled, and we have answered, what was sent before."""
        self.client.wait(self.client.start("gloss/nothing"))

    # What is seen.

    def told(self, method: str) -> list[Any]:
        """The params of all messages of a method since the test began."""
        messages = list(self.client.messages[self.since :])
        return [message["params"] for message in messages if message.get("method") == method]

    def wait_told(self, method: str, wanted: Callable[[Any], bool] = lambda _: True, number: int = 1) -> Any:
        """Wait for the first (second …) wanted message of a method; its params."""
        seen = []

        def counts(message: Message) -> bool:
            if message.get("method") == method and wanted(message["params"]):
                seen.append(message["params"])
            return len(seen) == number

        return self.client.wait_for(counts, after=self.since)["params"]

    def progress(self, token: str) -> list[Message]:
        """All that was reported on a token."""
        return [each["value"] for each in self.told("$/progress") if each["token"] == token]

    def report(self, token: str, text: str) -> str:
        """Wait until a report (or the end) on a token has this text; all that it says."""

        def wanted(params: Message) -> bool:
            return params["token"] == token and text in params["value"].get("message", "")

        return str(self.wait_told("$/progress", wanted)["value"]["message"])

    def begun(self, number: int = 1) -> str:
        """Wait until the first (second …) job whose token the server made has begun; its token."""
        token: str = self.wait_told("window/workDoneProgress/create", number=number)["token"]
        self.wait_told("$/progress", lambda params: params["token"] == token)
        return token

    def ended(self, token: str) -> str:
        """Wait for the end on a token, check that it is the only one, and return what it says."""

        def wanted(params: Message) -> bool:
            return params["token"] == token and params["value"]["kind"] == "end"

        end = self.wait_told("$/progress", wanted)["value"]
        self.settle()
        kinds = [value["kind"] for value in self.progress(token)]
        assert kinds == ["begin", *["report"] * (len(kinds) - 2), "end"]
        return str(end.get("message", ""))

    def messages(self) -> list[str]:
        """What was shown to the user so far."""
        shown = self.told("window/showMessage") + self.told("window/showMessageRequest")
        return [each["message"] for each in shown]

    def said(self, text: str) -> Message:
        """Wait until a message with this text is shown; its params."""

        def wanted(message: Message) -> bool:
            shown = message.get("method") in ("window/showMessage", "window/showMessageRequest")
            return shown and text in message["params"]["message"]

        params: Message = self.client.wait_for(wanted, after=self.since)["params"]
        return params

    def _choose(self, params: Message) -> Any:
        if self.chooses is SILENCE:
            return SILENCE
        titles = [each["title"] for each in params.get("actions") or []]
        return {"title": self.chooses} if self.chooses in titles else None

    def _apply(self, params: Message) -> Any:
        if self.applies == "silent":
            return SILENCE
        if self.applies == "refuses":
            return {"applied": False, "failureReason": "read-only"}
        if self.applies == "later":
            self.late.append(params)
        elif self.applies == "at once":
            for change in params["edit"]["documentChanges"]:
                known = self.documents[change["textDocument"]["uri"]].version
                if change["textDocument"]["version"] != known:
                    return {"applied": False, "failureReason": "the document has changed"}
            self._do(params)
        return {"applied": True}

    def _do(self, params: Message) -> None:
        for change in params["edit"]["documentChanges"]:
            document = self.documents[change["textDocument"]["uri"]]
            document.edit(*((edit["range"], edit["newText"]) for edit in change["edits"]))


@contextmanager
def session(
    home: Path,
    editor: str = "neovim-0.11",
    *,
    options: Any = None,
    settings: Any = None,
    more: Mapping[str, Any] | None = None,
    arguments: tuple[str, ...] = (),
    environ: Mapping[str, str] | None = None,
    script: Mapping[str, Any] | None = None,
    **params: Any,
) -> Iterator[Session]:
    """A session with a fresh server: `options` are its initializationOptions, `settings` the answer to
    workspace/configuration, `more` replaces top-level capabilities."""
    info, able = capabilities(editor)
    with FakeOllama() as fake:
        fake.script(**(script or {}))
        env = environment(home, **{"GLOSS_BACKEND_URL": fake.url, **(environ or {})})
        command = [sys.executable, "-m", "gloss_lsp", "serve", *arguments]
        with ServerProcess(command, env=env) as client:
            made = Session(client, fake, home)
            made.settings = settings
            told = {"clientInfo": info, "initializationOptions": options, **params}
            client.initialize({**able, **(more or {})}, **told)
            yield made
