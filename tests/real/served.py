"""The real server over stdio with a real model behind it, and an editor that makes the edits it is sent."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

from raw_client import ServerProcess

from gloss_lsp.cli.demo_client import edited

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

LIMIT = 300.0
"""Seconds for one answer: a machine may have two slow cores, and others who want them."""

CAPABILITIES = {
    "general": {"positionEncodings": ["utf-32"]},
    "window": {"workDoneProgress": True, "showMessage": {}},
    "workspace": {"applyEdit": True, "workspaceEdit": {"documentChanges": True}},
    "textDocument": {"inlineCompletion": {}},
    "experimental": {"gloss": {"stream": True}},
}

SETTINGS = {
    "GLOSS_COMPLETE_MAX_TIME": "120",
    "GLOSS_COMPLETE_MAX_TOKENS": "24",
    "GLOSS_COMPLETE_DEBOUNCE": "0",
    # Answers take a quarter of it at most: enough to see all that happens, and soon over.
    "GLOSS_MODELS_CONTEXT_LENGTH": "1024",
}


class Editor(ServerProcess):
    """One session with documents that change as the server asks."""

    def __init__(self, home: Path, env: Mapping[str, str]) -> None:
        homes = dict.fromkeys(("HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME"), str(home))
        command = [sys.executable, "-m", "gloss_lsp", "serve"]
        super().__init__(command, env={**homes, **SETTINGS, **env}, cwd=home)
        self.texts: dict[str, str] = {}
        self._versions: dict[str, int] = {}
        self._jobs = 0
        self.answers["window/workDoneProgress/create"] = lambda _: None
        self.answers["workspace/applyEdit"] = self._apply
        self.initialize(CAPABILITIES)

    def show(self, text: str) -> str:
        """Open a document that nobody has seen before; its URI."""
        uri = f"file:///work/file{len(self.texts) + 1}.py"
        self.texts[uri], self._versions[uri] = text, 1
        self.open(uri, text)
        return uri

    def begin(self, command: str, uri: str, **argument: Any) -> tuple[int, str]:
        """Start a job, and wait for nothing; the number of the request, and the job's token."""
        self._jobs += 1
        token = f"job {self._jobs}"
        given = {"command": command, "arguments": [{"uri": uri, **argument}], "workDoneToken": token}
        return self.start("workspace/executeCommand", given), token

    def run(self, command: str, uri: str, **argument: Any) -> Any:
        """Run a job to its end; its outcome."""
        request, _ = self.begin(command, uri, **argument)
        return self.outcome(request)

    def outcome(self, request: int) -> Any:
        answer = self.wait(request, LIMIT)
        assert "error" not in answer, answer
        return answer["result"]

    def failure(self, request: int) -> str:
        """What is said of a job that fails."""
        answer = self.wait(request, LIMIT)
        assert "error" in answer, answer
        return str(answer["error"]["message"])

    def wait_words(self, token: str, count: int = 1) -> None:
        """Wait until the words of a job have come so many times."""
        self.wait_for(lambda _: len(self.words(token)) >= count, LIMIT)

    def words(self, token: str) -> list[str]:
        """The words of a job, as they came; not those that are said once more at its end."""
        said = self.notifications("gloss/stream")
        return [each["text"] for each in said if each["id"] == token and not each["done"]]

    def progress(self, token: str) -> list[dict[str, Any]]:
        return [each["value"] for each in self.notifications("$/progress") if each["token"] == token]

    def wait_ended(self, token: str) -> str:
        """How a job ended, in the words of its progress."""
        self.wait_for(
            lambda _: self.progress(token)[-1:] and self.progress(token)[-1]["kind"] == "end", LIMIT
        )
        return str(self.progress(token)[-1]["message"])

    def _apply(self, params: Any) -> dict[str, bool]:
        for change in params["edit"]["documentChanges"]:
            uri, version = (change["textDocument"][name] for name in ("uri", "version"))
            if version != self._versions[uri]:
                return {"applied": False}
            self.texts[uri] = edited(self.texts[uri], change["edits"])
            self._versions[uri] += 1
            now = {"uri": uri, "version": self._versions[uri]}
            whole = [{"text": self.texts[uri]}]
            self.notify("textDocument/didChange", {"textDocument": now, "contentChanges": whole})
        return {"applied": True}
