"""What an editor is and has, for the tests' sessions: capabilities, documents, and the user's folders."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

from raw_client import LIMIT

if TYPE_CHECKING:
    from collections.abc import Callable

    from raw_client import ServerProcess

Message = dict[str, Any]

FOLDERS = ("HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME")
WINDOWS_FOLDERS = ("USERPROFILE", "APPDATA", "LOCALAPPDATA")


def capabilities(name: str) -> tuple[Message, Message]:
    """What an editor says of itself: clientInfo and capabilities."""
    told = json.loads(Path(__file__).with_name("capabilities").joinpath(f"{name}.json").read_text("utf-8"))
    return told["clientInfo"], told["capabilities"]


def span(first: int, start: int, last: int, end: int) -> Message:
    """An LSP range."""
    return {"start": {"line": first, "character": start}, "end": {"line": last, "character": end}}


class Document:
    """An open document; its lines end with line feeds and its columns are code points of the plane 0."""

    def __init__(self, client: ServerProcess, uri: str, text: str, language: str) -> None:
        self.client, self.uri, self.text, self.version = client, uri, text, 1
        client.open(uri, text, language)

    def all(self) -> Message:
        """The argument of a command about all of it."""
        lines = self.text.split("\n")
        return self.lines(0, len(lines) - 1)

    def lines(self, first: int, last: int) -> Message:
        """The argument of a command about these lines, counted from 0, to the end of the last."""
        return {"uri": self.uri, "range": span(first, 0, last, len(self.text.split("\n")[last]))}

    def identifier(self) -> Message:
        return {"uri": self.uri}

    def edit(self, *edits: tuple[Message, str]) -> None:
        """Edit as the user does, and tell the server; each range is one of the text before all edits."""
        text = self.text
        changes = []
        for where, new in sorted(edits, key=lambda edit: self._offset(edit[0]["start"]), reverse=True):
            text = text[: self._offset(where["start"])] + new + text[self._offset(where["end"]) :]
            changes.append({"range": where, "text": new})
        self.text, self.version = text, self.version + 1
        identifier = {"uri": self.uri, "version": self.version}
        self.client.notify("textDocument/didChange", {"textDocument": identifier, "contentChanges": changes})

    def insert(self, line: int, character: int, text: str) -> None:
        """Type a text."""
        self.edit((span(line, character, line, character), text))

    def _offset(self, position: Message) -> int:
        lines = self.text.split("\n")
        before = sum(len(line) + 1 for line in lines[: position["line"]])
        return min(before + position["character"], len(self.text))


def path_of(uri: str) -> Path:
    """The file that a URI names."""
    return Path(unquote(urlsplit(uri).path))


def until(happened: Callable[[], bool]) -> None:
    """Wait for what nobody tells, such as that a file grows."""
    deadline = time.monotonic() + LIMIT
    while not happened():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def environment(home: Path, **more: str) -> dict[str, str]:
    """The environment of a user whose folders are all under one."""
    user = {name: str(home) for name in (*FOLDERS, *WINDOWS_FOLDERS)}
    return {**user, "OLLAMA_HOST": "", "LANG": "C.UTF-8", "LC_ALL": "C.UTF-8", **more}
