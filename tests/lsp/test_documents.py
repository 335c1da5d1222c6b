"""The open documents: what the editor tells, where documents are, and edits seen coming back."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING

import pytest
from lsprotocol import types

from gloss_lsp.core.uris import path_of
from gloss_lsp.lsp.documents import Documents

if TYPE_CHECKING:
    from gloss_lsp.core.text import Encoding

URI = "file:///work/a.py"


def opened(text: str, uri: str = URI) -> Documents:
    documents = Documents()
    documents.opened(types.TextDocumentItem(uri, "python", 1, text))
    return documents


def told(
    *changes: tuple[int, int, int, int, str] | str, version: int = 2, uri: str = URI
) -> types.DidChangeTextDocumentParams:
    """A didChange with ranges (start line, start character, end line, end character, text) or whole texts."""
    parts: list[types.TextDocumentContentChangeEvent] = []
    for change in changes:
        if isinstance(change, str):
            parts.append(types.TextDocumentContentChangeWholeDocument(change))
        else:
            start, end = types.Position(*change[:2]), types.Position(*change[2:4])
            parts.append(types.TextDocumentContentChangePartial(types.Range(start, end), change[4]))
    return types.DidChangeTextDocumentParams(types.VersionedTextDocumentIdentifier(version, uri), parts)


def text_of(documents: Documents, uri: str = URI) -> str:
    buffer = documents.get(uri)
    assert buffer is not None
    return buffer.snapshot().text


@pytest.mark.parametrize(
    ("encoding", "character"),
    [("utf-8", 7), ("utf-16", 3), ("utf-32", 2)],
)
def test_columns_are_counted_as_agreed(encoding: Encoding, character: int) -> None:
    documents = opened("語😀b\n")
    documents.changed(told((0, character, 0, character, "X")), encoding)
    assert text_of(documents) == "語😀Xb\n"


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ([(0, 0, 0, 1, "A"), (0, 1, 0, 1, "B"), (1, 0, 2, 0, "")], "AB\n"),
        (["all\nnew"], "all\nnew"),
        (["all\nnew", (1, 3, 1, 3, "er")], "all\nnewer"),
        ([], "a\nb\n"),
    ],
)
def test_changes_of_one_message_follow_each_other(
    changes: list[tuple[int, int, int, int, str] | str], expected: str
) -> None:
    documents = opened("a\nb\n")
    documents.changed(told(*changes, version=9), "utf-16")
    buffer = documents.get(URI)
    assert buffer is not None
    assert (buffer.snapshot().text, buffer.snapshot().version) == (expected, 9)


def test_a_change_of_an_unknown_document_is_left_out_and_logged(caplog: pytest.LogCaptureFixture) -> None:
    documents = Documents()
    with caplog.at_level(logging.WARNING):
        documents.changed(told((0, 0, 0, 0, "x")), "utf-16")
    assert documents.get(URI) is None
    assert URI in caplog.text


@pytest.mark.parametrize(
    ("uri", "other"),
    [
        ("file:///c%3A/Work/a.py", "file:///C:/Work/a.py"),
        ("file:///work/a%20b.py", "file:///work/a b.py"),
        ("untitled:Untitled-1", "untitled:Untitled-1"),
    ],
)
def test_spellings_of_one_uri_are_one_document(uri: str, other: str) -> None:
    documents = opened("x", uri)
    assert documents.get(other) is documents.get(uri) is not None
    documents.closed(other)
    assert documents.get(uri) is None
    assert not list(documents)


@pytest.mark.parametrize(
    ("uri", "path"),
    [
        ("file:///home/me/a%20b.py", "/home/me/a b.py"),
        ("file://localhost/home/a.py", "/home/a.py"),
        ("file:///c%3A/Users/a.py", "c:/Users/a.py"),
        ("file:///C:/Users/a.py", "c:/Users/a.py"),
        ("file://server/share/a.py", "//server/share/a.py"),
        ("file:///a%23b.py", "/a#b.py"),
        ("untitled:Untitled-1", "Untitled-1"),
        ("vscode-notebook-cell:/work/a.ipynb#cell1", "/work/a.ipynb"),
        ("vscode-remote://ssh/work/.env", "/work/.env"),
        ("gloss:/explain/1.md", "/explain/1.md"),
        ("file://[odd", "//[odd"),
        ("", ""),
    ],
)
def test_the_path_of_a_uri(uri: str, path: str) -> None:
    assert path_of(uri) == path


@pytest.mark.parametrize(
    ("folders", "uri", "path"),
    [
        (["file:///work"], "file:///work/src/a.py", "src/a.py"),
        (["file:///work"], "file:///opt/lib/python/os/path.py", "os/path.py"),
        (["file:///work"], "file:///home/alice/notes.py", "notes.py"),
        (["file:///work"], "file:///c%3A/Users/alice/notes.py", "notes.py"),
        (["file:///work"], "file:///a.py", "a.py"),
        (["file:///work"], "file:///c%3A/a.py", "a.py"),
        ([], "untitled:Untitled-1", "Untitled-1"),
        (["file:///work/"], "file:///work/src/a.py", "src/a.py"),
        (["file:///work"], "file:///workshop/a.py", "workshop/a.py"),
        (["file:///work", "file:///work/src"], "file:///work/src/a.py", "a.py"),
        (["file:///C%3A/work"], "file:///c:/work/a.py", "a.py"),
        (["file:///"], "file:///a.py", "a.py"),
        ([], "file:///work/a.py", "work/a.py"),
        (["file:///work"], "untitled:Untitled-1", "Untitled-1"),
    ],
)
def test_the_path_of_a_document_is_relative_to_its_folder(folders: list[str], uri: str, path: str) -> None:
    documents = opened("", uri)
    documents.work_in(folders)
    late = opened("", uri)
    late.work_in(folders)
    late.opened(types.TextDocumentItem(uri, "python", 2, ""))
    for each in (documents, late):
        buffer = each.get(uri)
        assert buffer is not None
        assert buffer.path == path


def test_folders_that_come_and_go_move_the_paths_of_open_documents() -> None:
    documents = opened("")
    documents.work_in(["file:///elsewhere"])
    documents.folders_changed(added=["file:///work/"], removed=["file:///never"])
    buffer = documents.get(URI)
    assert buffer is not None
    assert buffer.path == "a.py"
    assert buffer.snapshot().path == "a.py"
    documents.folders_changed(added=[], removed=["file:///work"])
    assert buffer.snapshot().path == "work/a.py"


async def test_an_edit_is_seen_even_when_more_was_typed_in_the_same_message() -> None:
    documents = opened("one\ntwo\n")
    waiting = asyncio.create_task(documents.seen(URI, 1, "1\n2\n", 30))
    await asyncio.sleep(0)
    documents.changed(told((0, 0, 0, 3, "1")), "utf-16")
    await asyncio.sleep(0)
    assert not waiting.done()
    documents.changed(told((1, 0, 1, 3, "2"), (1, 1, 1, 1, "typed"), version=3), "utf-16")
    assert await waiting


async def test_an_edit_is_seen_that_came_back_before_somebody_waited() -> None:
    documents = opened("one\n")
    documents.changed(told((0, 0, 0, 3, "1")), "utf-16")
    assert await documents.seen(URI, 1, "1\n", 0)
    # The same text at the version before the edit proves nothing.
    assert not await documents.seen(URI, 2, "1\n", 0)


@pytest.mark.parametrize("what", ["other text", "closed", "never open"])
async def test_an_edit_that_does_not_come_back_is_not_seen(what: str) -> None:
    documents = opened("one\n")
    if what == "never open":
        # Waits no longer than it has to: the test's own time limit would end it.
        assert not await documents.seen("file:///other", 1, "1\n", 3600)
        return
    waiting = asyncio.create_task(documents.seen(URI, 1, "1\n", 3600 if what == "closed" else 0.01))
    await asyncio.sleep(0)
    if what == "closed":
        documents.closed(URI)
    else:
        documents.changed(told((0, 0, 0, 3, "2")), "utf-16")
    assert not await waiting


async def test_whoever_stops_waiting_is_forgotten() -> None:
    documents = opened("one\n")
    waiting = asyncio.create_task(documents.seen(URI, 1, "1\n", 30))
    await asyncio.sleep(0)
    waiting.cancel()
    await asyncio.wait({waiting})
    documents.changed(told((0, 0, 0, 3, "1")), "utf-16")
    assert waiting.cancelled()
    assert not documents._echoes
