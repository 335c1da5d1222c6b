"""Settings from an editor: every way that they come, wrong ones named, changes without a restart."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from raw_client import SILENCE
from session import Session, session

if TYPE_CHECKING:
    from pathlib import Path

CODE = "def area(r):\n    return 3.14 * r * r\n"
GERMAN = {"explain": {"language": "de"}}
SHAPES: dict[str, Any] = {
    "nested": GERMAN,
    "nested in the section": {"gloss": GERMAN},
    "dotted": {"explain.language": "de"},
    "dotted with the section": {"gloss.explain.language": "de"},
    "dotted in the section": {"gloss": {"explain.language": "de"}},
}


def complaints(editor: Session) -> list[str]:
    return [message for message in editor.messages() if "settings" in message]


def explains_in(editor: Session, language: str) -> bool:
    before = len(editor.fake.requests("chat"))
    editor.ask("gloss.explain", editor.open(CODE).all())
    return language in str(editor.fake.requests("chat")[before]["body"]["messages"])


@pytest.mark.parametrize("shape", SHAPES)
def test_initialization_options(tmp_path: Path, shape: str) -> None:
    with session(tmp_path, options=SHAPES[shape]) as editor:
        assert explains_in(editor, "German")
        assert complaints(editor) == []


@pytest.mark.parametrize("shape", SHAPES)
def test_did_change_configuration_of_a_client_that_cannot_be_asked(tmp_path: Path, shape: str) -> None:
    with session(tmp_path, "bare") as editor:
        editor.client.notify("workspace/didChangeConfiguration", {"settings": SHAPES[shape]})
        assert explains_in(editor, "German")
        assert complaints(editor) == []


def test_workspace_configuration_is_asked_for_and_goes_over_the_options(tmp_path: Path) -> None:
    with session(tmp_path, options={"explain.language": "fr"}, settings=GERMAN) as editor:
        editor.wait_told("workspace/configuration")
        editor.settle()
        assert explains_in(editor, "German")


@pytest.mark.parametrize("told", [None, {}, {"python": {"x": 1}}], ids=str)
def test_a_change_that_says_nothing_of_us_is_a_reason_to_ask(tmp_path: Path, told: Any) -> None:
    with session(tmp_path) as editor:
        editor.wait_told("workspace/configuration")
        assert explains_in(editor, "English")
        editor.settings = GERMAN
        editor.client.notify("workspace/didChangeConfiguration", {"settings": told})
        editor.wait_told("workspace/configuration", number=2)
        editor.settle()
        assert explains_in(editor, "German")
        editor.settings = None
        editor.client.notify("workspace/didChangeConfiguration", {"settings": told})
        editor.wait_told("workspace/configuration", number=3)
        editor.settle()
        assert explains_in(editor, "English")
        assert complaints(editor) == []


def test_what_is_pushed_holds_in_a_client_that_can_be_asked_too(tmp_path: Path) -> None:
    with session(tmp_path) as editor:
        editor.wait_told("workspace/configuration")
        editor.settle()
        editor.client.notify("workspace/didChangeConfiguration", {"settings": {"gloss": GERMAN}})
        assert explains_in(editor, "German")


def test_an_answer_that_was_asked_for_before_a_push_does_not_undo_it(tmp_path: Path) -> None:
    with session(tmp_path) as editor:

        def push_first(params: Any) -> Any:
            editor.client.notify("workspace/didChangeConfiguration", {"settings": {"gloss": GERMAN}})
            return [None for _ in params["items"]]

        editor.client.answers["workspace/configuration"] = push_first
        editor.client.notify("workspace/didChangeConfiguration", {"settings": None})
        editor.wait_told("workspace/configuration", number=2)
        editor.settle()
        assert explains_in(editor, "German")


def test_an_answer_to_an_older_question_does_not_shut_out_that_to_a_newer_one(tmp_path: Path) -> None:
    with session(tmp_path) as editor:
        editor.wait_told("workspace/configuration")
        editor.settle()
        answers: list[Any] = [None, GERMAN]

        def change_first(_: Any) -> Any:
            if len(answers) > 1:
                editor.client.notify("workspace/didChangeConfiguration", {"settings": None})
            return [answers.pop(0)]

        editor.client.answers["workspace/configuration"] = change_first
        editor.client.notify("workspace/didChangeConfiguration", {"settings": None})
        editor.wait_told("workspace/configuration", number=3)
        editor.settle()
        assert explains_in(editor, "German")


def test_vs_code_is_asked_to_tell_of_changes(tmp_path: Path) -> None:
    with session(tmp_path, "vscode") as editor:
        params = editor.wait_told("client/registerCapability")
        assert "workspace/didChangeConfiguration" in str(params)


@pytest.mark.parametrize(
    ("settings", "name"),
    [
        ({"complete": {"debounce": "soon"}}, "complete.debounce"),
        ({"complete.maxTokens": -1}, "complete.maxTokens"),
        ({"explain": {"langage": "de"}}, "explain.langage"),
        ({"models": 5}, "models"),
        ({"backend.url": "not an address"}, "backend.url"),
    ],
)
def test_a_wrong_value_is_named_once_and_the_others_hold(
    tmp_path: Path, settings: dict[str, Any], name: str
) -> None:
    with session(tmp_path, "bare", options={**settings, "hover.translate": False}) as editor:
        assert name in editor.said("Gloss settings")["message"]
        told = {"settings": {**settings, "explain.language": "de"}}
        if "explain" not in settings:
            editor.client.notify("workspace/didChangeConfiguration", told)
            assert explains_in(editor, "German")
        assert sum(name in message for message in editor.messages()) == 1


@pytest.mark.parametrize("options", [5, "text", [], [1], {"gloss": 7}, {"gloss": None}, None, True], ids=str)
def test_options_that_are_no_settings_stop_nothing(tmp_path: Path, options: Any) -> None:
    with session(tmp_path, options=options) as editor:
        assert explains_in(editor, "English")


def test_another_model_without_a_restart(tmp_path: Path) -> None:
    models = [
        {"name": "one:1b", "capabilities": ["completion"]},
        {"name": "two:1b", "capabilities": ["completion"]},
    ]
    with session(tmp_path, "bare", script={"models": models}) as editor:
        for name in ("one:1b", "two:1b", "one:1b"):
            editor.set(models={"chat": name})
            editor.ask("gloss.explain", editor.open(CODE).all())
            assert editor.fake.requests("chat")[-1]["body"]["model"] == name


def test_a_setting_that_is_taken_back_has_its_default_again(tmp_path: Path) -> None:
    with session(tmp_path, "bare") as editor:
        editor.set(explain={"language": "de"})
        assert explains_in(editor, "German")
        editor.set()
        assert explains_in(editor, "English")


def test_the_command_line_goes_over_the_editor(tmp_path: Path) -> None:
    with session(tmp_path, options=GERMAN, arguments=("--set", "explain.language=fr")) as editor:
        assert explains_in(editor, "French")


def test_an_editor_that_never_answers_about_its_settings(tmp_path: Path) -> None:
    with session(tmp_path, options=GERMAN) as editor:
        editor.client.answers["workspace/configuration"] = lambda _: SILENCE
        editor.client.notify("workspace/didChangeConfiguration", {"settings": None})
        assert explains_in(editor, "German")
