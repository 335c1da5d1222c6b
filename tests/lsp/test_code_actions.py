"""`textDocument/codeAction`: commands for every selection, and never a model."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from editing import Document, span
from session import Session, session

if TYPE_CHECKING:
    from pathlib import Path

CODE = "def area(r):\n    # Berechnet die Fläche des Kreises\n    return 3.14 * r * r\n"
ALL = span(0, 0, 2, 23)
EDITS = "refactor.rewrite.gloss."
PAGES = "refactor.gloss."


def kinds(actions: list[dict[str, Any]]) -> dict[str, str]:
    """The kind of each action by its command."""
    return {action["command"]["command"]: action["kind"] for action in actions}


def offered(editor: Session, document: Document, where: dict[str, Any], **context: Any) -> Any:
    """What a menu that the user opens shows."""
    return editor.select(document, where, triggerKind=1, **context)


def test_a_selection_is_offered_what_can_be_done_with_it(editor: Session) -> None:
    document = editor.open(CODE)
    actions = offered(editor, document, ALL)
    found = kinds(actions)
    assert found["gloss.explain"].startswith(PAGES)
    assert found["gloss.translateComments"].startswith(EDITS)
    for action in actions:
        assert action["title"]
        assert "edit" not in action
        assert action["command"]["arguments"] == [{"uri": document.uri, "range": ALL}]
    assert editor.fake.requests() == []


def test_an_automatic_trigger_asks_no_model_and_offers_nothing_where_nothing_is_selected(
    editor: Session,
) -> None:
    document = editor.open(CODE)
    word = {"start": {"line": 0, "character": 4}, "end": {"line": 0, "character": 8}}
    for where in ({"start": ALL["start"], "end": ALL["start"]}, word):
        assert editor.select(document, where, triggerKind=2) == []
    assert "gloss.explain" in kinds(editor.select(document, ALL, triggerKind=2))
    assert editor.fake.requests() == []


def test_what_is_offered_can_be_run_as_it_is(editor: Session) -> None:
    document = editor.open(CODE)
    action = next(each for each in offered(editor, document, ALL) if "explain" in each["kind"])
    command = action["command"]
    params = {"command": command["command"], "arguments": command["arguments"], "workDoneToken": "here"}
    assert editor.client.request("workspace/executeCommand", params)["kind"] == "page"


@pytest.mark.parametrize(
    ("only", "expected"),
    [
        (["refactor"], {"gloss.explain", "gloss.translateComments"}),
        (["refactor.rewrite"], {"gloss.translateComments"}),
        (["refactor.gloss"], {"gloss.explain"}),
        (["refactor.gloss.explain"], {"gloss.explain"}),
        (["refactor.rewrite.gloss.translateComments"], {"gloss.translateComments"}),
        (["refactor.glos"], set()),
        (["refactor.extract"], set()),
        (["quickfix"], set()),
        (["source", "source.organizeImports"], set()),
        (["quickfix", "refactor.gloss"], {"gloss.explain"}),
        ([""], {"gloss.explain", "gloss.translateComments"}),
    ],
    ids=str,
)
def test_only_the_kinds_that_are_asked_for(editor: Session, only: list[str], expected: set[str]) -> None:
    found = set(kinds(offered(editor, editor.open(CODE), ALL, only=only) or []))
    assert found & {"gloss.explain", "gloss.translateComments"} == expected
    assert expected or not found


def test_no_comment_no_translation(editor: Session) -> None:
    assert "gloss.translateComments" not in kinds(offered(editor, editor.open("x = 1\n"), span(0, 0, 0, 5)))


def test_nothing_is_a_quickfix_without_a_diagnostic(editor: Session) -> None:
    found = kinds(offered(editor, editor.open(CODE), ALL))
    assert not [kind for kind in found.values() if kind.startswith("quickfix")]


@pytest.mark.parametrize(
    ("name", "tagged"), [("vscode", True), ("vscode-client-9", False), ("neovim-0.11", False)]
)
def test_actions_are_tagged_as_generated_where_that_is_known(tmp_path: Path, name: str, tagged: bool) -> None:
    with session(tmp_path, name) as editor:
        for action in offered(editor, editor.open(CODE), ALL):
            assert action.get("tags") == ([1] if tagged else None)


def test_an_old_client_gets_plain_commands(tmp_path: Path) -> None:
    with session(tmp_path, "bare") as editor:
        document = editor.open(CODE)
        commands = offered(editor, document, ALL)
        assert {each["command"] for each in commands} >= {"gloss.explain", "gloss.translateComments"}
        for each in commands:
            assert each["title"]
            assert each["arguments"] == [{"uri": document.uri, "range": ALL}]
            assert set(each) <= {"title", "command", "arguments", "tooltip"}


@pytest.mark.parametrize(
    "params",
    [
        {"textDocument": {"uri": "file:///nobody.py"}, "range": ALL, "context": {"diagnostics": []}},
        {"textDocument": {"uri": "OPEN"}, "range": span(99, 0, 99, 9), "context": {"diagnostics": []}},
    ],
    ids=["not open", "outside"],
)
def test_where_there_is_nothing_nothing_breaks(editor: Session, params: dict[str, Any]) -> None:
    if params["textDocument"]["uri"] == "OPEN":
        params = {**params, "textDocument": {"uri": editor.open(CODE).uri}}
    answer = editor.client.request("textDocument/codeAction", params)
    assert answer is None or isinstance(answer, list)


def test_the_kinds_that_are_declared_are_those_that_are_offered(editor: Session) -> None:
    declared = editor.client.messages[0]["result"]["capabilities"]["codeActionProvider"]["codeActionKinds"]
    document = editor.open(CODE)
    found = set(kinds(offered(editor, document, ALL)).values())
    found |= set(kinds(offered(editor, document, span(2, 4, 2, 4))).values())
    assert found
    assert found <= set(declared)
