"""`gloss.translateComments`: one versioned edit, carried through typing, and never in a wrong place."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from editing import capabilities, span
from raw_client import SILENCE
from session import Session, session

if TYPE_CHECKING:
    from pathlib import Path

CODE = "import os\n\n\ndef area(r):\n    # Berechnet die Fläche des Kreises\n    return 3.14 * r * r\n\n\nx = 1\n"
ENGLISH = CODE.replace("Berechnet die Fläche des Kreises", "Computes the area of the circle")
TWO = "# Das ist der erste Satz hier\nx = 1\n\ny = 2\n# Das ist der zweite Satz hier\n"


def let(editor: Session, *sentences: str, **how: Any) -> None:
    """Let the model translate to this."""
    numbered = {str(number): text for number, text in enumerate(sentences, start=1)}
    # One comment alone is asked for as it is.
    editor.let(json.dumps(numbered) if len(sentences) > 1 else sentences[0], **how)


def start(editor: Session, document: Any, **more: Any) -> int:
    return editor.start("gloss.translateComments", {**document.all(), **more}, editor.token())


EDITORS = ["vscode", "neovim-0.11", "eglot", "eglot-emacs-28", "helix", "kate", "bare"]


@pytest.mark.parametrize("name", EDITORS)
@pytest.mark.parametrize("applies", ["at once", "later"])
def test_one_versioned_edit_in_every_editor(tmp_path: Path, name: str, applies: str) -> None:
    with session(tmp_path, name) as editor:
        let(editor, "Computes the area of the circle")
        editor.applies = applies
        document = editor.open(CODE)
        request = start(editor, document)
        params = editor.wait_told("workspace/applyEdit")
        editor.catch_up()
        outcome = editor.client.wait(request)["result"]
        assert document.text == ENGLISH
        assert set(params["edit"]) == {"documentChanges"}
        (change,) = params["edit"]["documentChanges"]
        assert change["textDocument"] == {"uri": document.uri, "version": 1}
        assert params["label"]
        assert outcome.pop("label")
        assert outcome == {"kind": "edits", "applied": True, "changes": [change]}
        assert len(editor.told("workspace/applyEdit")) == 1


def test_many_comments_are_one_edit(editor: Session) -> None:
    let(editor, "This is the first sentence", "This is the second sentence")
    document = editor.open(TWO)
    outcome = editor.ask("gloss.translateComments", document.all())
    assert outcome["applied"] is True
    assert "first sentence" in document.text
    assert "second sentence" in document.text
    assert len(editor.told("workspace/applyEdit")) == 1


@pytest.mark.parametrize(
    ("name", "language", "marked"),
    [
        ("a.rb", "ruby", '# {}\nx = "# {}"\n'),
        ("a.html", "html", "<script>\n// {}\n</script><p title='<!-- {} -->'>\n"),
    ],
)
def test_a_language_without_a_grammar(editor: Session, name: str, language: str, marked: str) -> None:
    german = "Berechnet die Fläche des Kreises"
    let(editor, "Computes the area of the circle")
    document = editor.open(marked.format(german, german), name, language)
    assert editor.ask("gloss.translateComments", document.all())["applied"] is True
    assert document.text == marked.format("Computes the area of the circle", german)


def test_of_a_selection_only_its_comments(editor: Session) -> None:
    let(editor, "This is the second sentence")
    document = editor.open(TWO)
    editor.ask("gloss.translateComments", document.lines(4, 4))
    assert "erste" in document.text
    assert "second sentence" in document.text
    assert "erste" not in str(editor.fake.requests("chat")[0]["body"])


def test_without_a_range_all_comments(editor: Session) -> None:
    let(editor, "This is the first sentence", "This is the second sentence")
    document = editor.open(TWO)
    editor.ask("gloss.translateComments", {"uri": document.uri})
    assert "first" in document.text
    assert "second" in document.text


@pytest.mark.parametrize(
    ("target", "settings", "language"),
    [("fr", {}, "French"), (None, {"translate.target": "es"}, "Spanish"), (None, {}, "English")],
)
def test_the_language_is_that_of_the_command_else_of_the_settings(
    editor: Session, target: str | None, settings: dict[str, Any], language: str
) -> None:
    editor.set(**settings)
    let(editor, "x")
    request = start(editor, editor.open(CODE), **({"target": target} if target else {}))
    editor.client.wait(request)
    assert language in str(editor.fake.requests("chat")[0]["body"]["messages"])


def test_edits_are_carried_through_what_the_user_typed_elsewhere(editor: Session) -> None:
    let(editor, "Computes the area of the circle", first_delay=0.3)
    document = editor.open(CODE)
    request = start(editor, document)
    editor.fake.wait_for_request(kind="chat")
    document.insert(0, 0, '"""Doc."""\n')
    document.insert(9, 5, "0")
    assert editor.client.wait(request)["result"]["applied"] is True
    assert document.text == '"""Doc."""\n' + ENGLISH.replace("x = 1", "x = 10")
    assert editor.told("workspace/applyEdit")[0]["edit"]["documentChanges"][0]["textDocument"]["version"] == 3


def test_edits_of_places_that_the_user_touched_are_refused(editor: Session) -> None:
    let(editor, "Computes the area of the circle", first_delay=0.3)
    document = editor.open(CODE)
    request = start(editor, document)
    editor.fake.wait_for_request(kind="chat")
    document.insert(4, 10, "X")
    error = editor.client.wait(request)["error"]
    assert error["code"] == -32803
    assert "ask again" in error["message"]
    assert editor.told("workspace/applyEdit") == []
    assert document.text == CODE.replace("    # Bere", "    # BereX")


def test_a_closed_document_is_not_edited(editor: Session) -> None:
    let(editor, "Computes the area of the circle", first_delay=0.3)
    document = editor.open(CODE)
    request = start(editor, document)
    editor.fake.wait_for_request(kind="chat")
    editor.client.notify("textDocument/didClose", {"textDocument": document.identifier()})
    assert "closed" in editor.client.wait(request)["error"]["message"]
    assert editor.told("workspace/applyEdit") == []


@pytest.mark.parametrize("applies", ["refuses", "lies"])
def test_an_edit_that_was_not_made_is_not_called_applied(editor: Session, applies: str) -> None:
    let(editor, "Computes the area of the circle")
    editor.applies = applies
    document = editor.open(CODE)
    outcome = editor.client.wait(start(editor, document))["result"]
    assert (outcome["kind"], outcome["applied"]) == ("edits", False)
    sent = editor.told("workspace/applyEdit")[0]
    assert outcome["changes"] == sent["edit"]["documentChanges"], "so that the client can make them"
    assert outcome["label"] == sent["label"]
    editor.said("Nothing was changed")
    assert document.text == CODE
    assert len(editor.told("workspace/applyEdit")) == 1


def test_an_editor_that_makes_the_edit_and_never_answers_is_not_waited_for(editor: Session) -> None:
    let(editor, "Computes the area of the circle")
    document = editor.open(CODE)
    usual = editor.client.answers["workspace/applyEdit"]
    editor.client.answers["workspace/applyEdit"] = lambda params: (usual(params), SILENCE)[1]
    try:
        assert editor.ask("gloss.translateComments", document.all())["applied"] is True
    finally:
        editor.client.answers["workspace/applyEdit"] = usual
    assert document.text == ENGLISH


def test_a_job_that_nobody_waits_for_says_that_nothing_was_edited(editor: Session) -> None:
    let(editor, "Computes the area of the circle")
    editor.applies = "refuses"
    editor.run("gloss.translateComments", editor.open(CODE).all())
    editor.said("Nothing was changed")
    assert "Nothing was changed" in editor.ended(editor.begun())


def test_who_types_while_the_edit_is_on_its_way_gets_it_a_little_later(editor: Session) -> None:
    let(editor, "Computes the area of the circle")
    document = editor.open(CODE)
    usual = editor.client.answers["workspace/applyEdit"]

    def type_first(params: Any) -> Any:
        if not document.text.startswith("#"):
            document.insert(0, 0, "#\n")
        return usual(params)

    editor.client.answers["workspace/applyEdit"] = type_first
    try:
        outcome = editor.ask("gloss.translateComments", document.all())
    finally:
        editor.client.answers["workspace/applyEdit"] = usual
    assert outcome["applied"] is True
    assert document.text == "#\n" + ENGLISH
    versions = [
        each["edit"]["documentChanges"][0]["textDocument"]["version"]
        for each in editor.told("workspace/applyEdit")
    ]
    assert versions == [1, 2]


@pytest.mark.parametrize("order", ["typed after", "typed before"])
def test_an_edit_that_comes_back_together_with_typing_is_not_made_twice(editor: Session, order: str) -> None:
    let(editor, "Computes the area of the circle")
    editor.applies = "later"
    document = editor.open(CODE)
    request = start(editor, document)
    params = editor.wait_told("workspace/applyEdit")
    editor.settle()
    edits = [(each["range"], each["newText"]) for each in params["edit"]["documentChanges"][0]["edits"]]
    typed = (span(8, 5, 8, 5), "0") if order == "typed after" else (span(0, 0, 0, 0), "import re\n")
    document.edit(*edits, typed)
    editor.late = []
    answer = editor.client.wait(request)
    assert answer.get("result", {}).get("applied") is True
    assert document.text.count("Computes") == 1
    assert len(editor.told("workspace/applyEdit")) == 1


def test_comments_that_are_in_the_language_already_are_left(editor: Session) -> None:
    document = editor.open("# This is the area of the circle\nx = 1\n")
    outcome = editor.client.wait(start(editor, document))
    assert editor.fake.requests("chat") == []
    assert editor.told("workspace/applyEdit") == []
    assert outcome["result"]["applied"] is False
    editor.said("no comment")


@pytest.mark.parametrize(
    "answer",
    ["I am sorry.", "", '{"1": 5}', "[]", '{"1": "os.remove()\\nimport os"}', '{"7": "What?"}', '{"1": ""}'],
)
def test_rubbish_changes_no_code(editor: Session, answer: str) -> None:
    editor.let(answer)
    document = editor.open(CODE)
    editor.client.wait(start(editor, document))
    kept = [line for line in CODE.split("\n") if "#" not in line]
    assert [line for line in document.text.split("\n") if "#" not in line] == kept


@pytest.mark.parametrize("trick", ["\u202e", "\u2066", "\x1b", "\x00", "\u200b", "\r"])
def test_characters_that_deceive_never_reach_the_text(editor: Session, trick: str) -> None:
    let(editor, f"Computes {trick}the area of the circle")
    document = editor.open(CODE)
    editor.client.wait(start(editor, document))
    assert trick not in document.text
    assert trick not in str(editor.told("workspace/applyEdit"))


def test_progress_says_how_many_comments_are_done(editor: Session) -> None:
    let(editor, "This is the first sentence", "This is the second sentence", gap=0.2)
    document = editor.open(TWO)
    editor.start("gloss.translateComments", document.all(), "here")
    editor.report("here", "comment")
    assert "done" in editor.ended("here")


def test_the_file_is_not_opened_and_no_page_is_shown(editor: Session) -> None:
    let(editor, "Computes the area of the circle")
    editor.ask("gloss.translateComments", editor.open(CODE).all())
    assert editor.told("window/showDocument") == []


def test_columns_are_the_clients(tmp_path: Path) -> None:
    _, able = capabilities("vscode")
    with session(tmp_path, "vscode") as editor:
        assert able["general"]["positionEncodings"] == ["utf-16"]
        let(editor, "This is an important value")
        document = editor.open("x = '語言' # Das ist ein wichtiger Wert\n")
        editor.ask("gloss.translateComments", document.all())
        assert document.text == "x = '語言' # This is an important value\n"
