"""`textDocument/didOpen`, `didChange`, `didClose`: the open documents, kept by Gloss itself.

pygls keeps documents too, but splits lines at form feeds and U+2028, where no editor does, so that
edits land on wrong lines; and each of its changes costs time that grows with the document.
"""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING
from urllib.parse import unquote

from attrs import frozen
from lsprotocol import types

from gloss_lsp.core.buffer import Buffer
from gloss_lsp.core.uris import DRIVE, outside_name, path_of
from gloss_lsp.lsp import convert

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from gloss_lsp.core.text import Encoding
    from gloss_lsp.lsp.server import Server

logger = logging.getLogger(__name__)


class Documents:
    """The documents that are open in the editor, by their URIs."""

    def __init__(self) -> None:
        self._open: dict[str, Buffer] = {}
        self._folders: tuple[str, ...] = ()
        self._echoes: list[_Echo] = []
        self._openings = 0

    def __iter__(self) -> Iterator[Buffer]:
        return iter(tuple(self._open.values()))

    def get(self, uri: str) -> Buffer | None:
        """The document, where it is open; spellings of one URI that differ in their escapes are the same."""
        return self._open.get(_key(uri))

    def still_open(self, uri: str, opening: int) -> Buffer | None:
        """The document, where it has been open ever since that opening of it."""
        buffer = self.get(uri)
        return buffer if buffer is not None and buffer.opening == opening else None

    def work_in(self, folders: Iterable[str]) -> None:
        """Take the URIs of the workspace's folders; the paths of documents are relative to them."""
        self._take({path_of(uri).rstrip("/") for uri in folders})

    def folders_changed(self, added: Iterable[str], removed: Iterable[str]) -> None:
        """Take folders that were added to the workspace, and forget those that were removed."""
        gone = {path_of(uri).rstrip("/") for uri in removed}
        self._take({*self._folders} - gone | {path_of(uri).rstrip("/") for uri in added})

    def _take(self, folders: Iterable[str]) -> None:
        self._folders = tuple(sorted(folders, key=len, reverse=True))
        for buffer in self._open.values():
            buffer.path = self._path(buffer.uri)

    def opened(self, document: types.TextDocumentItem) -> None:
        """Take a document as the editor has it."""
        path = self._path(document.uri)
        self._openings += 1
        self._open[_key(document.uri)] = Buffer(
            document.text,
            document.language_id,
            document.uri,
            document.version,
            path,
            opening=self._openings,
        )

    def changed(self, params: types.DidChangeTextDocumentParams, encoding: Encoding) -> None:
        """Make the editor's changes. One of a document that was never opened is left out, and logged."""
        buffer = self.get(params.text_document.uri)
        if buffer is None:
            logger.warning("A change of %s, which is not open", params.text_document.uri)
            return
        version = params.text_document.version
        for change in params.content_changes:
            if isinstance(change, types.TextDocumentContentChangePartial):
                start = convert.to_place(buffer.lines, change.range.start, encoding)
                end = convert.to_place(buffer.lines, change.range.end, encoding)
                buffer.replace(start, end, change.text, version)
            else:
                buffer.reset(change.text, version)
            # Looked at after each change: an editor may tell of what was typed next in the same message.
            for echo in self._echoes:
                if echo.buffer is buffer:
                    echo.look()
        buffer.version = version

    def closed(self, uri: str) -> None:
        """Forget a document; whoever waits to see an edit in it waits no longer."""
        buffer = self._open.pop(_key(uri), None)
        for echo in self._echoes:
            if echo.buffer is buffer:
                echo.give_up()

    async def seen(self, uri: str, after: int, expected: str, patience: float = 10.0) -> bool:
        """Wait until the editor has told that a document became `expected`.

        The answer to `workspace/applyEdit` does not tell: Neovim says *applied* of edits that it skips.

        Args:
            uri: Which document.
            after: Only a version after this one counts.
            expected: The whole text right after the edit.
            patience: Seconds to wait.

        Returns:
            Whether it was seen; False too where the document is not open, or is closed meanwhile.
        """
        buffer = self.get(uri)
        if buffer is None:
            return False
        echo = _Echo(buffer, after, expected, asyncio.get_running_loop().create_future())
        self._echoes.append(echo)
        try:
            echo.look()
            await asyncio.wait({echo.found}, timeout=patience)
            return echo.found.done() and echo.found.result()
        finally:
            self._echoes.remove(echo)

    def _path(self, uri: str) -> str:
        path = path_of(uri)
        inside = next((folder for folder in self._folders if path.startswith(f"{folder}/")), None)
        return outside_name(path) if inside is None else path[len(inside) + 1 :]


@frozen
class _Echo:
    """An edit that somebody waits to see come back."""

    buffer: Buffer
    after: int
    expected: str
    found: asyncio.Future[bool]

    def look(self) -> None:
        """See whether the document holds the edit now. Cheap while its length is another."""
        known = self.found.done() or self.buffer.version <= self.after
        if known or self.buffer.length != len(self.expected):
            return
        if self.buffer.snapshot().text == self.expected:
            self.found.set_result(True)

    def give_up(self) -> None:
        """There will be no change any more."""
        if not self.found.done():
            self.found.set_result(False)


def register(server: Server) -> None:
    """Take over the documents from pygls."""
    documents = server.documents

    def did_open(params: types.DidOpenTextDocumentParams) -> None:
        documents.opened(params.text_document)

    def did_change(params: types.DidChangeTextDocumentParams) -> None:
        documents.changed(params, server.encoding)

    def did_close(params: types.DidCloseTextDocumentParams) -> None:
        buffer = documents.get(params.text_document.uri)
        if buffer is not None:
            server.selections.forget(buffer.uri)
        documents.closed(params.text_document.uri)

    def folders_changed(params: types.DidChangeWorkspaceFoldersParams) -> None:
        documents.folders_changed(
            [folder.uri for folder in params.event.added], [folder.uri for folder in params.event.removed]
        )

    server.feature(types.TEXT_DOCUMENT_DID_OPEN)(did_open)
    server.feature(types.TEXT_DOCUMENT_DID_CHANGE)(did_change)
    server.feature(types.TEXT_DOCUMENT_DID_CLOSE)(did_close)
    server.feature(types.WORKSPACE_DID_CHANGE_WORKSPACE_FOLDERS)(folders_changed)


def _key(uri: str) -> str:
    """Editors escape the same URI in several ways (``c%3A`` and ``C:``)."""
    scheme, _, rest = unquote(uri).partition(":")
    return f"{scheme.lower()}:{DRIVE.sub(lambda drive: drive[0].lower(), rest, count=1)}"
