"""An editor on an OpenAI-compatible server: several answers at once, a server that is busy, trust."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pytest
from session import FOREVER, Session, session

from fake import FakeOpenAI

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

CODE = "def area(r):\n    return 3.14 * r * r\n"


@contextmanager
def led_to(team: FakeOpenAI, home: Path, **more: str) -> Iterator[Session]:
    """A session whose user has set the two settings."""
    environ = {"GLOSS_BACKEND_KIND": "openai", "GLOSS_BACKEND_URL": f"{team.url}/v1", **more}
    with session(home, environ=environ) as editor:
        editor.fake = team
        yield editor


@pytest.fixture
def team() -> Iterator[FakeOpenAI]:
    with FakeOpenAI() as fake:
        yield fake


def busy(kind: str, **more: Any) -> dict[str, Any]:
    return {"kind": kind, "status": 429, "error": "slow down", **more}


def complete(editor: Session, trigger: int) -> Any:
    document = editor.open("x = \n")
    params = {"textDocument": document.identifier(), "position": {"line": 0, "character": 4}}
    params["context"] = {"triggerKind": trigger}
    answer = editor.client.request("textDocument/inlineCompletion", params)
    return answer["items"] if answer else []


def test_explain_and_complete(team: FakeOpenAI, tmp_path: Path) -> None:
    with led_to(team, tmp_path) as editor:
        outcome = editor.ask("gloss.explain", editor.open(CODE).all())
        assert outcome["markdown"].startswith("This is the reply.")
        [item] = complete(editor, 2)
        assert item["insertText"] == "return value"


@pytest.mark.parametrize(("setting", "at_once"), [({}, 4), ({"GLOSS_BACKEND_PARALLEL": "2"}, 2)])
def test_so_many_are_answered_at_once(team: FakeOpenAI, tmp_path: Path, setting: Any, at_once: int) -> None:
    team.script(rules=[FOREVER])
    with led_to(team, tmp_path, **setting) as editor:
        document = editor.open(CODE)
        requests = [editor.start("gloss.explain", document.all(), f"job {number}") for number in range(5)]
        team.wait_for_piece(at_once, kind="chat")
        editor.settle()
        assert len(team.requests("chat")) == at_once
        editor.run("gloss.stop", {"token": "job 0"})
        team.wait_for_piece(at_once + 1, kind="chat")
        editor.run("gloss.stop", {})
        for request in requests:
            assert editor.client.wait(request)["error"]["code"] == -32800
        team.wait_closed(at_once + 1, kind="chat")


def test_a_job_waits_for_a_busy_server_and_says_so(team: FakeOpenAI, tmp_path: Path) -> None:
    team.script(rules=[busy("chat", headers=["Retry-After: 1"], times=1)])
    with led_to(team, tmp_path) as editor:
        request = editor.start("gloss.explain", editor.open(CODE).all(), "job")
        assert editor.report("job", "the server is busy, trying again in 1 s")
        assert editor.client.wait(request)["result"]["markdown"].startswith("This is the reply.")
        assert editor.ended("job") == "done"
        assert len(team.requests("chat")) == 2


def test_a_server_that_is_starting_is_waited_for_and_that_is_said(team: FakeOpenAI, tmp_path: Path) -> None:
    team.script(rules=[busy("models", status=503, headers=["Retry-After: 2"], times=1)])
    with led_to(team, tmp_path) as editor:
        request = editor.start("gloss.explain", editor.open(CODE).all(), "job")
        assert editor.report("job", "looking for a model, 1 s")
        assert editor.client.wait(request)["result"]["markdown"].startswith("This is the reply.")


def test_stopping_ends_the_wait(team: FakeOpenAI, tmp_path: Path) -> None:
    team.script(rules=[busy("chat", headers=["Retry-After: 100"])])
    with led_to(team, tmp_path) as editor:
        request = editor.start("gloss.explain", editor.open(CODE).all(), "job")
        editor.report("job", "trying again in")
        editor.client.cancel(request)
        assert editor.client.wait(request)["error"]["code"] == -32800
        assert editor.ended("job") == "stopped"
        assert len(team.requests("chat")) == 1


def test_a_completion_does_not_wait(team: FakeOpenAI, tmp_path: Path) -> None:
    team.script(rules=[busy("completions", headers=["Retry-After: 1"])])
    with led_to(team, tmp_path) as editor:
        complete(editor, 2)
        assert complete(editor, 2) == []
        assert team.requests("completions")
        assert len(team.requests("completions")) <= 2
        assert editor.messages() == []


def test_a_model_that_cannot_fill_is_told_of_once(team: FakeOpenAI, tmp_path: Path) -> None:
    team.script(
        models=[{"id": "llama", "owned_by": "vllm", "max_model_len": 8192}],
        refuses={"suffix": "suffix is not currently supported"},
    )
    with led_to(team, tmp_path) as editor:
        for _ in range(3):
            assert complete(editor, 2) == []
        editor.said("cannot fill in the middle")
        assert len(editor.messages()) == 1
        assert len(team.requests("completions")) == 1


def test_a_workspace_may_not_lead_there_without_a_word_of_the_user(team: FakeOpenAI, tmp_path: Path) -> None:
    evil = {"kind": "openai", "url": "http://models.evil.invalid/v1"}
    with session(tmp_path, environ={"GLOSS_BACKEND_URL": team.url}, options={"backend": evil}) as editor:
        editor.fake = team
        assert editor.said("http://models.evil.invalid:80")
        assert editor.ask("gloss.explain", editor.open(CODE).all())["markdown"].startswith(
            "This is the reply."
        )
        assert team.requests("chat"), "the user's own server is asked, in the way that the workspace says"
