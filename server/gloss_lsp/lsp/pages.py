"""`workspace/textDocumentContent` and files in the cache: showing a page by the best means the client has."""

from __future__ import annotations

import asyncio
import logging
import os
import secrets
import stat
from collections import OrderedDict
from typing import TYPE_CHECKING

from lsprotocol import types

from gloss_lsp.core.markdown import safe_markdown
from gloss_lsp.kept import make_private, pages_folder
from gloss_lsp.lsp.progress import Growing, Stream
from gloss_lsp.lsp.throttle import Throttle

if TYPE_CHECKING:
    from pathlib import Path

    from gloss_lsp.lsp.server import Server

logger = logging.getLogger(__name__)

SCHEME = "gloss"
PAGES = 50
"""How many pages are kept, in memory and as files."""

REFRESH_INTERVAL = 0.25
"""Seconds between two refreshes of a page: a whole page goes over each time."""


class Pages:
    """The pages that can still be read, newest last."""

    def __init__(self, server: Server, folder: Path | None = None) -> None:
        self._server = server
        self._folder = folder or pages_folder()
        self._texts: OrderedDict[str, str] = OrderedDict()

    def read(self, uri: str) -> str:
        """The text of a virtual page; empty where it is no longer kept."""
        return self._texts.get(uri, "")

    def make(self, title: str, token: str | int) -> OpenPage:
        """A page that will be written, by the best means that the client has."""
        client = self._server.client
        if client.streams:
            return StreamedPage(self._server, token)
        name = f"{_slug(title)}-{secrets.token_hex(4)}.md"
        if client.shows_virtual_documents:
            return VirtualPage(self._server, self, f"{SCHEME}:/{name}", title)
        if client.shows_documents:
            return FilePage(self._server, self._folder, name, title, follows=client.follows_files)
        return UnshownPage()

    def keep(self, uri: str, text: str) -> None:
        """Remember a virtual page, and forget the oldest."""
        self._texts[uri] = text
        self._texts.move_to_end(uri)
        while len(self._texts) > PAGES:
            self._texts.popitem(last=False)


class OpenPage:
    """A page while it is written. `write` and `close` take all of it, as the model wrote it.

    That it cannot be shown is no reason to fail: hovering shows it too.
    """

    async def begin(self) -> None:
        """Show it, where it is shown before it is complete."""

    def write(self, page: str) -> None:
        """Show how far it has come."""

    async def close(self, page: str) -> bool:
        """Show all of it; False where it can only be seen by hovering."""
        raise NotImplementedError


class UnshownPage(OpenPage):
    """For clients that can show no document: hovering shows the page."""

    async def close(self, page: str) -> bool:  # noqa: ARG002  # the hover has it already
        """Nothing was shown."""
        return False


class StreamedPage(OpenPage):
    """For our own plugins, which show `gloss/stream` in a view of theirs."""

    def __init__(self, server: Server, token: str | int) -> None:
        self._stream = Stream(server, token)

    def write(self, page: str) -> None:
        """Send what is new."""
        self._stream.write(page)

    async def close(self, page: str) -> bool:
        """Send all of it once more, as the last word."""
        self._stream.close(page)
        return True


class VirtualPage(OpenPage):
    """A document of our own scheme, which the editor fetches again as it grows."""

    def __init__(self, server: Server, pages: Pages, uri: str, title: str) -> None:
        self._server = server
        self._pages = pages
        self._uri = uri
        self._title = title
        self._showing: asyncio.Task[bool] | None = None
        self._refreshes = Throttle(REFRESH_INTERVAL, self._refresh)

    async def begin(self) -> None:
        """Open it with its title alone."""
        self._pages.keep(self._uri, _headed(self._title, ""))
        self._showing = _show(self._server, self._uri)

    def write(self, page: str) -> None:
        """Have the page fetched soon."""
        self._refreshes.put(page)

    async def close(self, page: str) -> bool:
        """Have it fetched a last time."""
        self.write(page)
        self._refreshes.flush()
        return self._showing is not None and await self._showing

    def _refresh(self, page: str) -> None:
        # Made safe only here: to do so for every piece costs time that grows with the square of the page.
        self._pages.keep(self._uri, _headed(self._title, safe_markdown(page)))
        params = types.TextDocumentContentRefreshParams(self._uri)
        self._server.background(
            self._server.request(types.WORKSPACE_TEXT_DOCUMENT_CONTENT_REFRESH, params), "refresh a page"
        )


class FilePage(OpenPage):
    """A Markdown file in the user's cache, readable by the user alone.

    Where the editor follows files it is opened at once and grows on disk; elsewhere a file that
    changes behind an open buffer would raise questions, so it is opened when it is complete.
    """

    def __init__(self, server: Server, folder: Path, name: str, title: str, *, follows: bool) -> None:
        self._server = server
        self._path = folder / name
        self._title = title
        self._follows = follows
        self._showing: asyncio.Task[bool] | None = None
        self._written = ""
        self._whole = False
        self._broken = False
        self._growing = Growing()
        self._writing = asyncio.Lock()
        self._writes = Throttle(REFRESH_INTERVAL, self._write)

    async def begin(self) -> None:
        """Open it with its title alone, where it will be seen growing."""
        if self._follows:
            await self._append(_headed(self._title, ""))
            self._show()

    def write(self, page: str) -> None:
        """Write what is new soon, where it is seen growing."""
        if self._follows:
            self._writes.put(page)

    async def close(self, page: str) -> bool:
        """Write all of it, and open it unless it is open."""
        self._writes.flush()
        # What waits for its turn to be appended is part of what is written now.
        self._whole = True
        whole = _headed(self._title, safe_markdown(page))
        async with self._writing:
            grown = whole.startswith(self._written)
            await self._put(whole[len(self._written) :] if grown else whole, append=grown)
        self._show()
        return self._showing is not None and await self._showing

    def _show(self) -> None:
        if self._showing is None and not self._broken:
            self._showing = _show(self._server, self._path.as_uri())

    def _write(self, page: str) -> None:
        self._server.background(self._append(self._growing.grow(page)), "write a page")

    async def _append(self, text: str) -> None:
        # Appended, never written anew: an editor that follows the file sees it grow and never sees it empty.
        async with self._writing:
            if not self._whole:
                await self._put(text, append=True)

    async def _put(self, text: str, *, append: bool) -> None:
        try:
            await asyncio.to_thread(_write_private, self._path, text, append=append)
        except OSError as error:
            logger.warning("%s could not be written: %s", self._path, error)
            self._broken = True
            return
        self._written = self._written + text if append else text


def _show(server: Server, uri: str) -> asyncio.Task[bool]:
    """Ask the editor to show a page; its words do not wait for the answer."""
    return server.background(server.client.show_document(uri), "show a page")


def _headed(title: str, safe: str) -> str:
    return f"# {safe_markdown(title).strip()}\n\n{safe}"


def _slug(title: str) -> str:
    words = "".join(character if character.isalnum() else "-" for character in title.lower())
    return "-".join(part for part in words.split("-") if part)[:40] or "page"


def _write_private(path: Path, text: str, *, append: bool) -> None:
    make_private(path.parent)
    if not path.exists():
        kept = sorted(path.parent.glob("*.md"), key=_modified)
        for old in kept[: max(0, len(kept) - PAGES + 1)]:
            old.unlink(missing_ok=True)
    flags = os.O_WRONLY | os.O_CREAT | (os.O_APPEND if append else os.O_TRUNC)
    with os.fdopen(
        os.open(path, flags, stat.S_IRUSR | stat.S_IWUSR), "w", encoding="utf-8", newline="\n"
    ) as file:
        file.write(text)


def _modified(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except FileNotFoundError:
        return 0.0  # Another server has just removed it.


def register(server: Server) -> None:
    """Declare `workspace/textDocumentContent`, which reads a page of our own scheme."""

    def content(params: types.TextDocumentContentParams) -> types.TextDocumentContentResult:
        return types.TextDocumentContentResult(server.pages.read(params.uri))

    server.feature(types.WORKSPACE_TEXT_DOCUMENT_CONTENT)(content)
