"""Jobs: what commands answer, what progress says, and that each ends exactly once."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any

import pytest
from session import Session, session

if TYPE_CHECKING:
    from pathlib import Path

CODE = "import os\n\n\ndef area(r):\n    # Fläche des Kreises\n    return 3.14 * r * r\n"


def texts(editor: Session, token: str) -> list[str]:
    """What the reports on a token said."""
    return [each["message"] for each in editor.progress(token) if each["kind"] == "report"]


@pytest.mark.parametrize("command", ["gloss.explain", "gloss.translateComments", "gloss.complete"])
def test_without_a_token_a_job_is_started_and_the_answer_is_null_at_once(
    editor: Session, command: str
) -> None:
    rules = [{"kind": kind, "first_delay": 600.0} for kind in ("chat", "fill")]
    editor.fake.script(rules=rules)
    assert editor.run(command, editor.open(CODE).all()) is None
    token = editor.begun()
    editor.run("gloss.stop", {"token": token})
    assert "stopped" in editor.ended(token)


def test_with_a_token_the_answer_is_the_outcome_and_progress_is_on_that_token(editor: Session) -> None:
    editor.let("It is ", "a circle.")
    request = editor.start("gloss.explain", editor.open(CODE).lines(3, 5), "here")
    answer = editor.client.wait(request)["result"]
    assert answer.pop("title")
    assert answer == {"kind": "page", "markdown": "It is a circle."}
    assert "done" in editor.ended("here")
    assert editor.told("window/workDoneProgress/create") == []


def test_the_end_of_progress_comes_before_the_outcome(editor: Session) -> None:
    request = editor.start("gloss.explain", editor.open(CODE).all(), "here")
    editor.client.wait(request)
    order = [
        message.get("id") or message["params"]["value"]["kind"]
        for message in editor.client.messages[editor.since :]
        if message.get("method") == "$/progress" or message.get("id") == request
    ]
    assert order[0] == "begin"
    assert order[-2:] == ["end", request]


def test_progress_begins_with_the_title_and_can_be_stopped(editor: Session) -> None:
    editor.run("gloss.explain", editor.open(CODE).all())
    token = editor.begun()
    editor.ended(token)
    begin = editor.progress(token)[0]
    assert "Explain" in begin["title"]
    assert begin["cancellable"] is True


def test_the_first_words_come_at_once(editor: Session) -> None:
    editor.let("Hello", " world", gap=600.0)
    editor.start("gloss.explain", editor.open(CODE).all(), "here")
    editor.report("here", "Hello")
    editor.run("gloss.stop", {})


def test_reports_come_at_most_five_times_a_second_with_the_newest_words_and_their_speed(
    editor: Session,
) -> None:
    editor.let(*(f"w{number} " for number in range(150)), gap=0.02)
    editor.start("gloss.explain", editor.open(CODE).all(), "here")
    editor.ended("here")
    entry = editor.fake.requests("chat")[-1]
    seconds = (entry["ended_at"] - entry["first_piece_at"]) / 1e9
    said = texts(editor, "here")
    assert any("w149" in text for text in said)
    assert "w60" in " ".join(said)
    # One for the first words, one for the last, and two that say what is waited for.
    assert len(said) <= 5 * seconds + 4
    assert any("tokens/s" in text for text in said)


def test_no_report_says_what_the_one_before_it_said(editor: Session) -> None:
    editor.let("It ", "is ", "a circle.", gap=0.3)
    editor.start("gloss.explain", editor.open(CODE).all(), "here")
    editor.ended("here")
    said = texts(editor, "here")
    assert all(earlier != later for earlier, later in pairwise(said))


@pytest.mark.parametrize(
    "pieces",
    [
        [{"content": "", "thinking": "secret plan"}, "The answer."],
        ["<think>secret plan</think>The answer."],
        ["<th", "ink>secret", " plan</th", "ink>", "\n\nThe ", "answer."],
        ["<", "t", "h", "i", "n", "k", ">secret plan<", "/think>The answer."],
        ["\n<think>\nsecret plan\n</think>\n\nThe answer."],
    ],
    ids=str,
)
def test_thinking_is_progress_and_no_part_of_an_outcome(editor: Session, pieces: list[Any]) -> None:
    editor.let(*pieces, gap=0.05)
    document = editor.open(CODE)
    request = editor.start("gloss.explain", document.all(), "here")
    assert editor.client.wait(request)["result"]["markdown"].strip() == "The answer."
    assert "secret" not in str(editor.hover(document, 4, 6))


def test_thinking_is_shown_while_it_lasts(editor: Session) -> None:
    editor.let({"content": "", "thinking": "First I look"}, "x", gap=600.0)
    editor.start("gloss.explain", editor.open(CODE).all(), "here")
    editor.report("here", "First I look")
    editor.run("gloss.stop", {})


@pytest.mark.parametrize("awaited", [True, False], ids=["awaited", "started"])
def test_a_failure_is_the_end_of_progress_and_the_answer(editor: Session, awaited: bool) -> None:
    editor.fake.script(rules=[{"kind": "chat", "error": "the llama is ill", "status": 500}])
    document = editor.open(CODE)
    if awaited:
        answer = editor.client.wait(editor.start("gloss.explain", document.all(), "here"))
        assert answer["error"]["code"] == -32803
        assert "the llama is ill" in answer["error"]["message"]
        token = "here"
    else:
        editor.run("gloss.explain", document.all())
        token = editor.begun()
        editor.said("the llama is ill")
    assert "the llama is ill" in editor.ended(token)


@pytest.mark.parametrize(
    "argument",
    [
        None,
        {},
        {"uri": 5},
        {"uri": "file:///nobody/opened/this.py"},
        {"uri": "OPEN", "range": {"start": {"line": 0}}},
        {"uri": "OPEN", "range": [1, 2]},
        {"uri": "OPEN", "instruction": 5},
        "text",
        [],
    ],
    ids=str,
)
def test_a_wrong_argument_is_answered_with_a_sentence(editor: Session, argument: Any) -> None:
    document = editor.open(CODE)
    if isinstance(argument, dict) and argument.get("uri") == "OPEN":
        argument = {**argument, "uri": document.uri}
    arguments = [] if argument is None else [argument]
    for token in ({}, {"workDoneToken": editor.token()}):
        params = {"command": "gloss.explain", "arguments": arguments, **token}
        error = editor.client.wait(editor.client.start("workspace/executeCommand", params))["error"]
        assert error["code"] in (-32602, -32803)
        assert error["message"].endswith(".")
        assert "Traceback" not in str(error)
    assert editor.fake.requests("chat") == []


def test_an_unknown_command_is_refused(editor: Session) -> None:
    answer = editor.client.wait(editor.start("gloss.nothing", {}))
    assert answer["error"]["code"] in (-32601, -32602)


def test_every_advertised_command_does_something(tmp_path: Path) -> None:
    argument = {"uri": "file:///nobody/opened/this.py", "task": "chat", "name": "nobody"}
    with session(tmp_path) as editor:
        introduced = editor.client.messages[0]["result"]["capabilities"]
        commands = introduced["executeCommandProvider"]["commands"]
        assert "gloss.explain" in commands
        for command in commands:
            answer = editor.client.wait(editor.start(command, argument, editor.token()))
            assert answer.get("error", {}).get("code") not in (-32601, -32603), command


def test_a_client_without_progress_is_told_by_messages_alone(tmp_path: Path) -> None:
    with session(tmp_path, "bare") as editor:
        editor.fake.script(rules=[{"kind": "chat", "error": "the llama is ill"}])
        assert editor.run("gloss.explain", editor.open(CODE).all()) is None
        editor.said("the llama is ill")
        assert editor.told("$/progress") == []
        assert editor.told("window/workDoneProgress/create") == []


def test_a_token_that_the_editor_refuses_is_not_used(tmp_path: Path) -> None:
    with session(tmp_path) as editor:
        del editor.client.answers["window/workDoneProgress/create"]
        editor.run("gloss.explain", editor.open(CODE).all())
        editor.wait_told("window/showDocument")
        editor.settle()
        assert editor.told("$/progress") == []


def test_a_stop_that_comes_while_the_token_is_being_announced_stops(editor: Session) -> None:
    def stop_first(params: Any) -> None:
        editor.client.notify("window/workDoneProgress/cancel", {"token": params["token"]})

    usual = editor.client.answers["window/workDoneProgress/create"]
    editor.client.answers["window/workDoneProgress/create"] = stop_first
    document = editor.open(CODE)
    editor.run("gloss.explain", document.all())
    editor.wait_told("window/workDoneProgress/create")
    editor.client.answers["window/workDoneProgress/create"] = usual
    editor.ask("gloss.explain", document.all())
    assert len(editor.fake.requests("chat")) == 1


def test_two_jobs_have_tokens_of_their_own(editor: Session) -> None:
    editor.let("It.", gap=0.1)
    document = editor.open(CODE)
    editor.run("gloss.explain", document.lines(0, 0))
    editor.run("gloss.explain", document.lines(3, 5))
    first, second = editor.begun(1), editor.begun(2)
    assert first != second
    assert "done" in editor.ended(first)
    assert "done" in editor.ended(second)
