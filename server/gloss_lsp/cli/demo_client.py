"""The editor's side of the demo: starts the real server as a child and speaks LSP with it."""

from __future__ import annotations

import asyncio
import json
import sys
from contextlib import asynccontextmanager, suppress
from typing import TYPE_CHECKING, Any

from attrs import define, field

from gloss_lsp.errors import BackendError, GlossError, Interrupted

if TYPE_CHECKING:
    from asyncio.subprocess import Process
    from collections.abc import AsyncIterator, Callable, Sequence
    from pathlib import Path

Message = dict[str, Any]

CAPABILITIES: Message = {
    "general": {"positionEncodings": ["utf-32", "utf-16"]},
    "window": {"workDoneProgress": True},
    "workspace": {"applyEdit": True, "workspaceEdit": {"documentChanges": True}},
    "textDocument": {"inlineCompletion": {}},
    "experimental": {"gloss": {"stream": True}},
}
"""What this editor can do, as `initialize` tells the server."""

_PATIENCE = 10.0
"""Seconds that the server gets to end."""


@define
class Document:
    """A document that is open in this editor."""

    uri: str
    text: str
    version: int = 1


@define(eq=False)
class DemoEditor:
    """One connection to the server."""

    process: Process
    hear: Callable[[str, Any], None]
    """Told every notification of the server: its method and its params."""
    documents: dict[str, Document] = field(factory=dict)
    _last: int = 0
    _waiting: dict[int, asyncio.Future[Any]] = field(factory=dict)
    _reader: asyncio.Task[None] | None = None

    def listen(self) -> None:
        """Begin to read what the server says."""
        self._reader = asyncio.create_task(self._read())

    async def request(self, method: str, params: object = None) -> Any:  # noqa: ANN401  # JSON is anything
        """Ask the server. Raises `GlossError` with the server's own sentence."""
        self._last += 1
        answer = self._waiting[self._last] = asyncio.get_running_loop().create_future()
        self._send({"id": self._last, "method": method, "params": params})
        return await answer

    async def command(self, name: str, argument: Message, token: str = "") -> Any:  # noqa: ANN401  # JSON is anything
        """Run a command of the server to its end; a job gives its progress on the token."""
        params: Message = {"command": name, "arguments": [argument]}
        if token:
            params["workDoneToken"] = token
        return await self.request("workspace/executeCommand", params)

    def notify(self, method: str, params: object = None) -> None:
        """Tell the server."""
        self._send({"method": method, "params": params})

    async def introduce(self) -> None:
        """Begin as the protocol says."""
        params = {
            "processId": None,
            "rootUri": None,
            "capabilities": CAPABILITIES,
            "clientInfo": {"name": "gloss demo"},
        }
        await self.request("initialize", params)
        self.notify("initialized", {})

    def open(self, uri: str, language: str, text: str) -> Document:
        """Open a document."""
        self.documents[uri] = Document(uri, text)
        item = {"uri": uri, "languageId": language, "version": 1, "text": text}
        self.notify("textDocument/didOpen", {"textDocument": item})
        return self.documents[uri]

    def change(self, document: Document, text: str) -> None:
        """Put another text in the place of a document's."""
        document.text, document.version = text, document.version + 1
        identity = {"uri": document.uri, "version": document.version}
        self.notify("textDocument/didChange", {"textDocument": identity, "contentChanges": [{"text": text}]})

    async def end(self) -> int:
        """End the server as the protocol says and return its exit code."""
        with suppress(GlossError):
            await asyncio.wait_for(self.request("shutdown"), _PATIENCE)
            self.notify("exit")
        return await asyncio.wait_for(self.process.wait(), _PATIENCE)

    def _send(self, message: Message) -> None:
        body = json.dumps({"jsonrpc": "2.0", **message}, ensure_ascii=False).encode("utf-8")
        assert self.process.stdin is not None  # noqa: S101  # for the type checker: it is a pipe
        self.process.stdin.write(b"Content-Length: %d\r\n\r\n" % len(body) + body)

    async def _read(self) -> None:
        assert self.process.stdout is not None  # noqa: S101  # for the type checker: it is a pipe
        with suppress(asyncio.IncompleteReadError):
            while True:
                headers = (await self.process.stdout.readuntil(b"\r\n\r\n")).decode("ascii").lower()
                length = int(headers.partition("content-length:")[2].split()[0])
                self._take(json.loads(await self.process.stdout.readexactly(length)))
        for answer in self._waiting.values():
            if not answer.done():
                answer.set_exception(Interrupted("The server has ended; `--log FILE` writes down why."))

    def _take(self, message: Message) -> None:
        if "method" not in message:
            answer = self._waiting.pop(message["id"])
            if answer.done():
                return
            if "error" in message:
                answer.set_exception(BackendError(message["error"]["message"]))
            else:
                answer.set_result(message["result"])
        elif "id" in message:
            result = self._answer(message["method"], message.get("params"))
            self._send({"id": message["id"], "result": result})
        else:
            self.hear(message["method"], message.get("params"))

    def _answer(self, method: str, params: Any) -> object:  # noqa: ANN401  # JSON is anything
        if method == "workspace/applyEdit":
            return {"applied": self._apply(params["edit"])}
        if method == "workspace/configuration":
            return [None] * len(params["items"])
        return None

    def _apply(self, edit: Message) -> bool:
        for change in edit["documentChanges"]:
            document = self.documents[change["textDocument"]["uri"]]
            if document.version != change["textDocument"]["version"]:
                return False
            self.change(document, edited(document.text, change["edits"]))
        return True


def edited(text: str, edits: Sequence[Message]) -> str:
    """A text with the text edits of the protocol made, its columns counted in code points."""
    lines = text.split("\n")
    starts = [0]
    for line in lines:
        starts.append(starts[-1] + len(line) + 1)

    def offset(position: Message) -> int:
        return int(min(starts[position["line"]] + position["character"], len(text)))

    spans = [
        (offset(edit["range"]["start"]), offset(edit["range"]["end"]), edit["newText"]) for edit in edits
    ]
    for start, end, new in sorted(spans, reverse=True):
        text = text[:start] + new + text[end:]
    return text


@asynccontextmanager
async def demo_editor(
    options: Sequence[str], folder: Path, hear: Callable[[str, Any], None]
) -> AsyncIterator[DemoEditor]:
    """The server as a child, ready for work; it has ended when this context does.

    Args:
        options: what stands behind ``gloss serve``.
        folder: where it runs. With -m Python looks for modules there first, so it must not be the current
            folder, which could be anybody's repository.
        hear: told every notification of the server.
    """
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "gloss_lsp", "serve", *options,
        stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, limit=1 << 24,
        cwd=folder,
    )  # fmt: skip
    editor = DemoEditor(process, hear)
    try:
        editor.listen()
        await editor.introduce()
        yield editor
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
