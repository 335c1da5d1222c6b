"""What helps is offered beside each failure, whether the client waits or not, and nothing is said twice."""

from __future__ import annotations

import os
import signal
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from editing import until
from raw_client import SILENCE
from session import Session, session

if TYPE_CHECKING:
    from collections.abc import Iterator

CODE = "def area(r):\n    return 3.14 * r * r\n"
START = {"title": "Start Ollama", "command": "gloss.startOllama", "arguments": [{}]}
OFFERS = {"experimental": {"gloss": {"offers": True}}}
FAKE = Path(__file__).parents[1] / "fake_ollama.py"
SERVES = f'echo $$ > {{pid}}\nexec {sys.executable} {FAKE} --port "${{{{OLLAMA_HOST##*:}}}}"'
"""A program that does what `ollama serve` does, where it is told to."""


@contextmanager
def machine(tmp_path: Path, program: str | None, **how: Any) -> Iterator[Session]:
    """An editor on a machine on which Ollama does not run; `program` is what stands for it, if it is installed."""
    folder = tmp_path / "bin"
    folder.mkdir()
    pid = tmp_path / "pid"
    if program is not None:
        (folder / "ollama").write_text("#!/bin/sh\n" + program.format(pid=pid), "utf-8")
        (folder / "ollama").chmod(0o755)
    try:
        with session(tmp_path, environ={"PATH": f"{folder}:/bin"}, **how) as editor:
            editor.fake.stop()
            yield editor
    finally:
        if pid.exists():
            os.kill(int(pid.read_text()), signal.SIGKILL)


def test_without_ollama_on_the_machine_there_is_no_button_to_start_it(tmp_path: Path) -> None:
    with machine(tmp_path, None) as editor:
        document = editor.open(CODE)
        editor.run("gloss.explain", document.all())
        editor.said(str(editor.fake.port))
        error = editor.failure("gloss.explain", document.all())
        assert "ollama serve" in error["message"]
        assert "data" not in error
        assert editor.told("window/showMessageRequest") == []


ELSEWHERE = ["http://192.0.2.1:11434", "https://127.0.0.1:9", "http://127.0.0.1:9/behind/a/proxy"]


@pytest.mark.parametrize("url", ELSEWHERE)
def test_what_runs_elsewhere_is_not_started_here(tmp_path: Path, url: str) -> None:
    timeout = ("--set", "backend.connectTimeout=0.2")
    with machine(tmp_path, SERVES, arguments=("--set", f"backend.url={url}", *timeout)) as editor:
        assert "data" not in editor.failure("gloss.explain", editor.open(CODE).all())
        assert editor.client.wait(editor.start("gloss.startOllama", {}, "here"))["error"]["code"] == -32803
        assert not (tmp_path / "pid").exists()


def test_ollama_is_started_by_one_press_and_said_to_be_ready(tmp_path: Path) -> None:
    with machine(tmp_path, SERVES) as editor:
        editor.chooses = "Start Ollama"
        document = editor.open(CODE)
        editor.run("gloss.explain", document.all())
        question = editor.wait_told("window/showMessageRequest")
        assert str(editor.fake.port) in question["message"]
        assert [each["title"] for each in question["actions"]] == ["Start Ollama"]
        editor.said("starting")
        editor.said("ready")
        assert editor.ended(editor.begun(2)) == "done"
        assert editor.ask("gloss.explain", document.all())["markdown"] == "This is the reply."
        assert len(editor.messages()) == 3


def test_a_client_that_waits_is_asked_too_and_reads_the_reason_once(tmp_path: Path) -> None:
    with machine(tmp_path, SERVES) as editor:
        editor.chooses = "Start Ollama"
        document = editor.open(CODE)
        error = editor.failure("gloss.explain", document.all())
        assert error["data"] == {"commands": [START]}
        question = editor.wait_told("window/showMessageRequest")
        assert (question["message"], question["actions"]) == ("Start Ollama?", [{"title": "Start Ollama"}])
        editor.said("ready")
        assert error["message"] not in editor.messages()
        assert editor.ask("gloss.explain", document.all())["kind"] == "page"


def test_a_client_that_shows_offers_itself_is_not_asked(tmp_path: Path) -> None:
    with machine(tmp_path, SERVES, more=OFFERS) as editor:
        document = editor.open(CODE)
        error = editor.failure("gloss.explain", document.all())
        [offer] = error["data"]["commands"]
        editor.settle()
        assert editor.messages() == []
        answer = editor.client.wait(editor.start(offer["command"], offer["arguments"][0], "press"))
        assert answer["result"] is None
        assert editor.ended("press") == "done"
        assert editor.ask("gloss.explain", document.all())["kind"] == "page"


def test_the_question_stands_on_the_screen_only_once(tmp_path: Path) -> None:
    with machine(tmp_path, SERVES) as editor:
        editor.client.answers["window/showMessageRequest"] = lambda _: SILENCE
        document = editor.open(CODE)
        for _ in range(3):
            editor.failure("gloss.explain", document.all())
        editor.settle()
        assert len(editor.told("window/showMessageRequest")) == 1


def test_a_program_that_fails_is_said_to(tmp_path: Path) -> None:
    with machine(tmp_path, "exit 3") as editor:
        error = editor.client.wait(editor.start("gloss.startOllama", {}, "here"))["error"]
        assert "ended at once, with code 3" in error["message"]
        assert editor.ended("here") == error["message"]


def test_a_wait_for_one_that_never_answers_can_be_stopped(tmp_path: Path) -> None:
    with machine(tmp_path, "echo $$ > {pid}\nexec sleep 1000") as editor:
        editor.start("gloss.startOllama", {}, "here")
        editor.report("here", "waiting for Ollama, 1 s")
        editor.client.notify("window/workDoneProgress/cancel", {"token": "here"})
        assert editor.ended("here") == "stopped"
        until((tmp_path / "pid").exists)


@pytest.mark.parametrize("models", [[], [{"name": "nomic:1b", "capabilities": ["embedding"]}]], ids=str)
def test_a_model_is_offered_to_a_client_that_waits(tmp_path: Path, models: list[Any]) -> None:
    with session(tmp_path, script={"models": models}) as editor:
        error = editor.failure("gloss.explain", editor.open(CODE).all())
        [offer] = error["data"]["commands"]
        assert offer["command"] == "gloss.models.pull"
        assert offer["arguments"] == [{"name": "qwen2.5-coder:1.5b"}]
        question = editor.wait_told("window/showMessageRequest")
        assert question["message"] == f"{offer['title']}?" == "Pull qwen2.5-coder:1.5b (1 GB)?"
        assert editor.fake.requests("pull") == []
