"""Stopping: every way to stop closes the stream at the model, and ends progress with *stopped*."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from session import FOREVER, Session, session

if TYPE_CHECKING:
    from pathlib import Path

CODE = "def area(r):\n    return 3.14 * r * r\n\n\ndef edge(a):\n    return 4 * a\n"


LATE = {**FOREVER, "first_delay": 600.0}
LOADING = {"kind": "load", "first_delay": 600.0}
WAYS = ["$/cancelRequest", "workDoneProgress/cancel", "gloss.stop of its token", "gloss.stop of all"]


def stop(editor: Session, way: str, token: str, request: int) -> None:
    if way == "$/cancelRequest":
        editor.client.cancel(request)
    elif way == "workDoneProgress/cancel":
        editor.client.notify("window/workDoneProgress/cancel", {"token": token})
    else:
        assert editor.run("gloss.stop", {"token": token} if "token" in way else {}) is None


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("moment", ["while it writes", "before the first word"])
def test_a_job_that_is_waited_for(editor: Session, way: str, moment: str) -> None:
    editor.fake.script(rules=[LATE if moment == "before the first word" else FOREVER])
    token = editor.token()
    request = editor.start("gloss.explain", editor.open(CODE).all(), token)
    wait = editor.fake.wait_for_request if "before" in moment else editor.fake.wait_for_piece
    wait(kind="chat")
    stop(editor, way, token, request)
    assert editor.client.wait(request)["error"]["code"] == -32800
    assert editor.ended(token) == "stopped"
    assert editor.fake.wait_closed(kind="chat")["closed_while_active"]


@pytest.mark.parametrize("way", WAYS[1:])
def test_a_job_that_nobody_waits_for(editor: Session, way: str) -> None:
    editor.fake.script(rules=[FOREVER])
    editor.run("gloss.explain", editor.open(CODE).all())
    token = editor.begun()
    editor.fake.wait_for_piece(kind="chat")
    stop(editor, way, token, 0)
    assert editor.ended(token) == "stopped"
    assert editor.fake.wait_closed(kind="chat")["closed_while_active"]
    assert editor.messages() == []


@pytest.mark.parametrize(
    ("command", "kind"), [("gloss.translateComments", "chat"), ("gloss.complete", "fill")]
)
def test_every_action_frees_the_model(editor: Session, command: str, kind: str) -> None:
    editor.fake.script(rules=[{**FOREVER, "kind": kind}])
    document = editor.open("# Die Fläche des Kreises wird berechnet\nx = 1\n")
    request = editor.start(command, document.all(), "here")
    editor.fake.wait_for_piece(kind=kind)
    editor.client.cancel(request)
    assert editor.client.wait(request)["error"]["code"] == -32800
    assert editor.ended("here") == "stopped"
    assert editor.fake.wait_closed(kind=kind)["closed_while_active"]
    assert editor.told("workspace/applyEdit") == []


def test_one_of_two_jobs_is_stopped_and_the_other_goes_on(editor: Session) -> None:
    editor.fake.script(rules=[{**FOREVER, "contains": "edge"}, {"kind": "chat", "pieces": ["Area."]}])
    document = editor.open(CODE)
    endless = editor.start("gloss.explain", {**document.all(), "instruction": "edge"}, "endless")
    editor.fake.wait_for_piece(kind="chat")
    waiting = editor.start("gloss.explain", document.lines(0, 1), "waiting")
    editor.run("gloss.stop", {"token": "endless"})
    assert editor.client.wait(endless)["error"]["code"] == -32800
    assert editor.ended("endless") == "stopped"
    editor.client.cancel(waiting)
    assert editor.client.wait(waiting)["error"]["code"] == -32800


def test_stop_without_a_token_stops_all(editor: Session) -> None:
    editor.fake.script(rules=[FOREVER])
    document = editor.open(CODE)
    requests = [editor.start("gloss.explain", document.lines(n, 5), f"n{n}") for n in (0, 4)]
    editor.fake.wait_for_piece(kind="chat")
    editor.run("gloss.stop")
    for number, request in zip((0, 4), requests, strict=True):
        assert editor.client.wait(request)["error"]["code"] == -32800
        assert editor.ended(f"n{number}") == "stopped"
    editor.fake.wait_closed(kind="chat")


@pytest.mark.parametrize("argument", [{"token": "nobody's"}, {"token": 5}, {}])
def test_stopping_what_is_not_there_is_no_error(editor: Session, argument: dict[str, object]) -> None:
    assert editor.run("gloss.stop", argument) is None


def test_stopping_one_that_is_not_there_stops_no_other(editor: Session) -> None:
    editor.let("It ", "is.", gap=0.3)
    request = editor.start("gloss.explain", editor.open(CODE).all(), "here")
    editor.fake.wait_for_piece(kind="chat")
    editor.run("gloss.stop", {"token": "other"})
    assert editor.client.wait(request)["result"]["markdown"] == "It is."


def test_what_was_stopped_can_be_asked_for_again(editor: Session) -> None:
    editor.fake.script(rules=[{**FOREVER, "times": 1}, {"kind": "chat", "pieces": ["It is."]}])
    document = editor.open(CODE)
    request = editor.start("gloss.explain", document.all(), editor.token())
    editor.fake.wait_for_piece(kind="chat")
    editor.client.cancel(request)
    assert editor.ask("gloss.explain", document.all())["markdown"] == "It is."


def test_a_load_is_not_cut_off_when_the_job_that_waits_for_it_is_stopped(tmp_path: Path) -> None:
    with session(tmp_path, script={"rules": [{"kind": "load", "first_delay": 1.0}]}) as editor:
        request = editor.start("gloss.explain", editor.open(CODE).all(), "here")
        editor.report("here", "loading")
        editor.client.cancel(request)
        assert editor.client.wait(request)["error"]["code"] == -32800
        assert editor.ended("here") == "stopped"
        assert editor.ask("gloss.explain", editor.open(CODE).all())["kind"] == "page"
        loads = editor.fake.requests("load")
        assert len(loads) == 1
        assert not loads[0].get("closed_while_active")


def test_shutdown_stops_what_runs(tmp_path: Path) -> None:
    with session(tmp_path, script={"rules": [FOREVER]}) as editor:
        editor.run("gloss.explain", editor.open(CODE).all())
        editor.fake.wait_for_piece(kind="chat")
        assert editor.client.shut_down() == 0
        assert editor.fake.wait_closed(kind="chat")["closed_while_active"]


def test_when_the_editor_dies_the_server_ends_and_frees_the_model(tmp_path: Path) -> None:
    with session(tmp_path, script={"rules": [FOREVER]}) as editor:
        editor.run("gloss.explain", editor.open(CODE).all())
        editor.fake.wait_for_piece(kind="chat")
        editor.client.close_input()
        assert editor.client.exit_code() == 1
        assert editor.fake.wait_closed(kind="chat")["closed_while_active"]
