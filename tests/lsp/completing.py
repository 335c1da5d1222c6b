"""A session in which a test types: the real server over stdio, a stand-in for Ollama behind it."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from raw_client import ServerProcess

from fake import FakeOllama

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

MARK = "‸"
NOTHING: dict[str, Any] = {"items": []}


class Session:
    """An editor with one document after another."""

    def __init__(self, client: ServerProcess, fake: FakeOllama) -> None:
        self.client, self.fake = client, fake
        self._documents, self._versions = 0, 1

    def open(self, marked: str, name: str = "", language: str = "python") -> tuple[str, dict[str, int]]:
        """Open a text; its URI, and the position of its mark (utf-16)."""
        before, mark, after = marked.partition(MARK)
        assert mark, "the text has no cursor"
        self._documents += 1
        uri = f"file:///work/{name or f'file{self._documents}.py'}"
        self.client.open(uri, before + after, language)
        line = before[before.rfind("\n") + 1 :]
        return uri, {"line": before.count("\n"), "character": len(line.encode("utf-16-le")) // 2}

    def set(self, **complete: Any) -> None:
        """Change settings of completion; those that are not named have their defaults, but for no pause."""
        settings = {"gloss": {"complete": {"debounce": 0, **complete}}}
        self.client.notify("workspace/didChangeConfiguration", {"settings": settings})

    def type(
        self, place: tuple[str, dict[str, int]], text: str, erase: int = 0
    ) -> tuple[str, dict[str, int]]:
        """Put a text at a place, after having erased so many characters ahead of it; the place behind it."""
        uri, end = place
        start = {**end, "character": end["character"] - erase}
        self._versions += 1
        document = {"uri": uri, "version": self._versions}
        change = {"range": {"start": start, "end": end}, "text": text}
        self.client.notify("textDocument/didChange", {"textDocument": document, "contentChanges": [change]})
        last = text.rpartition("\n")[2]
        column = len(last) if "\n" in text else start["character"] + len(last)
        return uri, {"line": end["line"] + text.count("\n"), "character": column}

    def inline(
        self, place: tuple[str, dict[str, int]], *, invoked: bool = False, selected: Any = None
    ) -> dict[str, Any]:
        """The params of an inline completion."""
        context = {"triggerKind": 1 if invoked else 2}
        if selected is not None:
            context["selectedCompletionInfo"] = selected
        return {"textDocument": {"uri": place[0]}, "position": place[1], "context": context}

    def ask(self, marked: str, **more: Any) -> dict[str, Any]:
        """The answer to an inline completion at the mark of a text."""
        params = self.inline(self.open(marked), **more)
        result: dict[str, Any] = self.client.request("textDocument/inlineCompletion", params)
        return result

    def start(self, place: tuple[str, dict[str, int]], **more: Any) -> int:
        """Ask, without waiting for the answer; the id of the request."""
        return self.client.start("textDocument/inlineCompletion", self.inline(place, **more))

    def answer(self, request: int) -> Any:
        """The result of a request."""
        return self.client.wait(request)["result"]

    def prompts(self) -> list[str]:
        """What the model was asked to fill in."""
        return [entry["body"]["prompt"] for entry in self.fake.requests("fill")]


@contextmanager
def session(home: Path, *, inline: bool = True, **script: Any) -> Iterator[Session]:
    """A session with a fresh server, and a model that is not loaded yet."""
    folders = ("HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME", "APPDATA", "LOCALAPPDATA")
    env = {name: str(home) for name in folders}
    with FakeOllama() as fake:
        fake.script(**script)
        command = [sys.executable, "-m", "gloss_lsp", "serve"]
        with ServerProcess(command, env={**env, "OLLAMA_HOST": fake.url}) as client:
            client.initialize({"textDocument": {"inlineCompletion": {}}} if inline else {})
            made = Session(client, fake)
            made.set()
            yield made


def warm(made: Session) -> None:
    """Let the model be loaded: what the user asks for waits for that."""
    made.fake.script(rules=[{"kind": "fill", "pieces": ["1"]}])
    assert made.ask(f"warm = {MARK}", invoked=True)["items"]
    made.fake.script(rules=[])
