"""`textDocument/hover`: what is explained, what is remembered, and all that is none of its business."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from editing import span
from session import FOREVER, Session, session

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

CODE = "import os\n\n\ndef area(r):\n    s = r * r\n    return 3.14 * s\n\n\nx = 1\n"
AREA = span(3, 0, 5, 19)
RANGES = {"experimental": {"gloss": {"hoverRange": True}}}


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Session]:
    with session(tmp_path_factory.mktemp("home"), more=RANGES) as made:
        yield made


@pytest.fixture
def editor(shared: Session) -> Session:
    shared.anew()
    return shared


def text(hover: Any) -> str:
    return str(hover["contents"]["value"])


def test_a_hover_in_the_selection_explains_it(editor: Session) -> None:
    editor.let("A circle.")
    document = editor.open(CODE)
    editor.select(document, AREA)
    hover = editor.hover(document, 4, 4)
    assert hover["contents"] == {"kind": "markdown", "value": "A circle."}
    assert hover["range"] == AREA
    assert "def area" in str(editor.fake.requests("chat")[0]["body"])


def test_the_second_hover_is_answered_from_memory(editor: Session) -> None:
    document = editor.open(CODE)
    for _ in range(3):
        editor.select(document, AREA)
        editor.hover(document, 4, 4)
    assert len(editor.fake.requests("chat")) == 1


def test_a_hover_answers_though_the_model_never_does(editor: Session) -> None:
    editor.let("x", first_delay=600.0)
    document = editor.open(CODE)
    editor.select(document, AREA)
    for _ in range(2):
        assert "hover again" in text(editor.hover(document, 4, 4))
    assert len(editor.fake.requests("chat")) == 1


def test_a_hover_shows_what_has_been_written_so_far(editor: Session) -> None:
    editor.let("First words. ", "Never.", gap=600.0)
    document = editor.open(CODE)
    editor.select(document, AREA)
    said = text(editor.hover(document, 4, 4))
    assert "First words." in said
    assert "still being written" in said
    assert len(editor.fake.requests("chat")) == 1


def test_hovers_at_once_start_one_explanation(editor: Session) -> None:
    editor.let("A circle.", first_delay=0.3)
    document = editor.open(CODE)
    editor.select(document, AREA)
    params = {"textDocument": document.identifier(), "position": {"line": 4, "character": 4}}
    requests = [editor.client.start("textDocument/hover", params) for _ in range(5)]
    for request in requests:
        assert text(editor.client.wait(request)["result"]) == "A circle."
    assert len(editor.fake.requests("chat")) == 1


FORGOTTEN = {
    "an edit": lambda editor, document: document.insert(8, 0, "y"),
    "an edit elsewhere": lambda editor, document: document.insert(0, 0, "y"),
    "an empty range": lambda editor, document: editor.select(document, span(4, 4, 4, 4)),
    "its closing": lambda editor, document: editor.client.notify(
        "textDocument/didClose", {"textDocument": document.identifier()}
    ),
}


@pytest.mark.parametrize("what", FORGOTTEN)
def test_a_selection_is_forgotten_at(editor: Session, what: str) -> None:
    document = editor.open(CODE)
    editor.select(document, AREA)
    FORGOTTEN[what](editor, document)
    assert editor.hover(document, 4, 4) is None
    assert editor.fake.requests() == []


@pytest.mark.parametrize(
    "place", [(0, 3), (2, 0), (8, 0), (99, 0)], ids=["above", "before", "below", "outside"]
)
def test_any_other_hover_is_null_and_asks_nobody(editor: Session, place: tuple[int, int]) -> None:
    document = editor.open(CODE)
    assert editor.hover(document, *place) is None
    editor.select(document, AREA)
    assert editor.hover(document, *place) is None
    assert editor.fake.requests() == []


def test_a_hover_in_a_document_that_is_not_open_is_null(editor: Session) -> None:
    params = {"textDocument": {"uri": "file:///nobody.py"}, "position": {"line": 0, "character": 0}}
    assert editor.client.request("textDocument/hover", params) is None


def test_a_hover_without_a_selection_is_null_though_another_document_has_one(editor: Session) -> None:
    editor.select(editor.open(CODE), AREA)
    assert editor.hover(editor.open(CODE), 4, 4) is None


def test_the_range_that_is_sent_with_a_hover_counts_first(editor: Session) -> None:
    document = editor.open(CODE)
    editor.select(document, AREA)
    params = {"textDocument": document.identifier(), "position": span(4, 4, 4, 13)}
    hover = editor.client.request("textDocument/hover", params)
    assert hover["range"] == span(4, 4, 4, 13)
    assert len(editor.fake.requests("chat")) == 1


def test_an_empty_range_that_is_sent_with_a_hover_is_no_selection(editor: Session) -> None:
    document = editor.open(CODE)
    params = {"textDocument": document.identifier(), "position": span(4, 4, 4, 4)}
    assert editor.client.request("textDocument/hover", params) is None
    assert editor.fake.requests() == []


def test_hover_explain_off(editor: Session) -> None:
    editor.set(hover={"explain": "off"})
    document = editor.open(CODE)
    editor.select(document, AREA)
    assert editor.hover(document, 4, 4) is None
    assert editor.fake.requests() == []


def test_to_stop_all_stops_it_too(editor: Session) -> None:
    editor.fake.script(rules=[{**FOREVER, "times": 1}])
    document = editor.open(CODE)
    editor.select(document, AREA)
    assert "still being written" in text(editor.hover(document, 4, 4))
    editor.run("gloss.stop")
    assert editor.fake.wait_closed(kind="chat")["closed_while_active"]
    assert text(editor.hover(document, 4, 4)) == "This is the reply."


def test_what_the_user_asks_for_stops_a_hovers_explanation(editor: Session) -> None:
    editor.fake.script(rules=[{**FOREVER, "times": 1}, {"kind": "chat", "pieces": ["Asked."]}])
    document = editor.open(CODE)
    editor.select(document, AREA)
    editor.hover(document, 4, 4)
    assert editor.ask("gloss.explain", document.lines(8, 8))["markdown"] == "Asked."
    assert editor.fake.wait_closed(kind="chat")["closed_while_active"]


def test_a_hover_that_was_superseded_says_so_and_the_next_begins_anew(editor: Session) -> None:
    editor.fake.script(rules=[{**FOREVER, "times": 1}, {"kind": "chat", "pieces": ["Now."]}])
    document = editor.open(CODE)
    editor.select(document, AREA)
    editor.hover(document, 4, 4)
    editor.ask("gloss.explain", document.lines(8, 8))
    assert text(editor.hover(document, 4, 4)) == "Now."


def test_a_failure_is_told_in_the_hover_and_the_next_tries_again(editor: Session) -> None:
    editor.let("x", error="the llama is ill", times=1)
    document = editor.open(CODE)
    editor.select(document, AREA)
    assert "the llama is ill" in text(editor.hover(document, 4, 4))
    assert editor.messages() == []
    assert text(editor.hover(document, 4, 4)) == "This is the reply."


def test_a_cancelled_hover_is_answered_so(editor: Session) -> None:
    editor.let("x", first_delay=600.0)
    document = editor.open(CODE)
    editor.select(document, AREA)
    params = {"textDocument": document.identifier(), "position": {"line": 4, "character": 4}}
    request = editor.client.start("textDocument/hover", params)
    editor.fake.wait_for_request(kind="chat")
    editor.client.cancel(request)
    assert editor.client.wait(request)["error"]["code"] == -32800


COMMENT = "x = 1  # Das ist die Fläche des Kreises, die berechnet wird\ny = 2  # This is the area of it\n"


def translated(body: str) -> dict[str, Any]:
    return {"kind": "chat", "pieces": [body]}


def test_a_comment_in_another_language_is_shown_translated(editor: Session) -> None:
    editor.fake.script(rules=[translated('{"1": "This is the area of the circle"}')])
    document = editor.open(COMMENT)
    hover = editor.hover(document, 0, 20)
    assert "area of the circle" in text(hover)
    assert hover["range"]["start"]["line"] == 0
    assert editor.hover(document, 0, 20) == hover
    assert len(editor.fake.requests("chat")) == 1
    assert editor.told("workspace/applyEdit") == []
    assert document.text == COMMENT


@pytest.mark.parametrize(
    ("line", "column", "settings"),
    [(1, 20, {}), (0, 0, {}), (0, 20, {"hover.translate": False}), (0, 20, {"translate.target": "de"})],
    ids=["it is in that language", "not over the comment", "switched off", "the target is its language"],
)
def test_no_translation_where(editor: Session, line: int, column: int, settings: dict[str, Any]) -> None:
    editor.set(**settings)
    assert editor.hover(editor.open(COMMENT), line, column) is None
    assert editor.fake.requests() == []


def test_a_hover_in_another_language_is_written_anew_when_the_setting_changes(editor: Session) -> None:
    document = editor.open(CODE)
    editor.select(document, AREA)
    editor.hover(document, 4, 4)
    editor.set(explain={"language": "de"})
    editor.select(document, AREA)
    editor.hover(document, 4, 4)
    bodies = [str(entry["body"]) for entry in editor.fake.requests("chat")]
    assert ["German" in body for body in bodies] == [False, True]


def test_a_selection_by_code_action_of_any_trigger_counts(tmp_path: Path) -> None:
    with session(tmp_path, "vscode") as editor:
        document = editor.open(CODE)
        editor.select(document, AREA, triggerKind=1)
        assert text(editor.hover(document, 4, 4)) == "This is the reply."


def test_a_newer_hover_takes_the_place_of_one_that_was_not_asked_for_again(editor: Session) -> None:
    editor.fake.script(rules=[FOREVER])
    document = editor.open(CODE)
    editor.select(document, AREA)
    editor.hover(document, 4, 4)
    editor.fake.wait_for_request(1, kind="chat")
    editor.select(document, span(0, 0, 0, 9))
    editor.hover(document, 0, 4)
    editor.fake.wait_closed(1, kind="chat")
    editor.hover(document, 0, 4)
    editor.select(document, span(8, 0, 8, 5))
    editor.hover(document, 8, 1)
    editor.settle()
    closed = [entry for entry in editor.fake.requests("chat") if "closed_at" in entry]
    assert len(closed) == 1, "what was asked for twice goes on"
    editor.run("gloss.stop")
