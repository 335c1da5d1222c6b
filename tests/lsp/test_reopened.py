"""A document that was closed and opened again is another one, though its versions begin anew."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lsprotocol import types
from session import session

from gloss_lsp.core.text import Edit, Span
from gloss_lsp.lsp.documents import Documents

if TYPE_CHECKING:
    from pathlib import Path

BEFORE = "# Fläche des Kreises\narea = 3.14 * r * r\n"
AFTER = "import os, sys, shutil\nshutil.rmtree(home)\n"


def test_an_edit_for_the_closed_document_does_not_reach_the_one_that_was_opened_instead(
    tmp_path: Path,
) -> None:
    with session(tmp_path) as editor:
        editor.let("Area of the circle", first_delay=1.0)
        first = editor.open(BEFORE, "a.py")
        request = editor.start("gloss.translateComments", {"uri": first.uri}, "here")
        editor.fake.wait_for_request(kind="chat")
        editor.client.notify("textDocument/didClose", {"textDocument": first.identifier()})
        second = editor.open(AFTER, "a.py")
        assert "closed" in editor.client.wait(request)["error"]["message"]
        assert (second.uri, second.text) == (first.uri, AFTER)
        assert editor.told("workspace/applyEdit") == []


def test_an_opening_is_told_apart_from_the_next() -> None:
    documents = Documents()
    item = types.TextDocumentItem("file:///a.py", "python", 1, BEFORE)
    documents.opened(item)
    buffer = documents.get(item.uri)
    assert buffer is not None
    before = buffer.snapshot()
    buffer.reset(BEFORE + "\n", 2)
    assert documents.still_open(before.uri, before.opening) is buffer
    assert buffer.carry(before.version, [Edit(Span(0, 1), "#")]) is not None
    documents.closed(item.uri)
    assert documents.still_open(before.uri, before.opening) is None
    documents.opened(item)
    assert documents.still_open(before.uri, before.opening) is None


def test_what_was_selected_before_is_selected_no_more(tmp_path: Path) -> None:
    with session(tmp_path) as editor:
        first = editor.open(BEFORE, "a.py")
        editor.select(first, first.lines(0, 1)["range"])
        editor.client.notify("textDocument/didClose", {"textDocument": first.identifier()})
        second = editor.open(AFTER, "a.py")
        assert editor.hover(second, 1, 3) is None
        assert editor.fake.requests("chat") == []
