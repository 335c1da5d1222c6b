"""The commands about models and health, over stdio."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from session import Session, session

if TYPE_CHECKING:
    from collections.abc import Iterator

CODE = "def area(r):\n    return 3.14 * r * r\n"
CODER = "qwen2.5-coder:1.5b"


@pytest.fixture
def editor(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Session]:
    with session(tmp_path_factory.mktemp("home")) as made:
        yield made


def test_list(editor: Session) -> None:
    listed = {each["name"]: each for each in editor.run("gloss.models.list", {})}
    assert set(listed) == {CODER, "nomic-embed-text:latest"}
    assert listed[CODER]["size"] > 0
    assert listed[CODER]["can"] == ["chat", "complete"]
    assert listed[CODER]["used_for"] == ["chat", "translate", "complete"]
    assert listed["nomic-embed-text:latest"]["can"] == ["embed"]
    assert listed["nomic-embed-text:latest"]["used_for"] == []
    assert {each["fits"] for each in listed.values()} == {True}


def test_show(editor: Session) -> None:
    assert "capabilities" in editor.run("gloss.models.show", {"name": CODER})
    error = editor.client.wait(editor.start("gloss.models.show", {"name": "nobody"}))["error"]
    assert "nobody" in error["message"]
    assert error["code"] == -32803


def test_pull_is_a_job_with_its_bytes_as_progress(editor: Session) -> None:
    editor.fake.script(
        rules=[
            {
                "kind": "pull",
                "gap": 0.25,
                "lines": [
                    {"status": "pulling manifest"},
                    *(
                        {
                            "status": "pulling abc",
                            "digest": "sha256:abc",
                            "total": 4_000_000_000,
                            "completed": n,
                        }
                        for n in (0, 1_000_000_000, 4_000_000_000)
                    ),
                    {"status": "success"},
                ],
            }
        ]
    )
    assert editor.run("gloss.models.pull", {"name": "new:1b"}) is None
    token = editor.begun()
    assert editor.ended(token) == "done"
    begin, *reports, _ = editor.progress(token)
    assert "new:1b" in begin["title"]
    assert begin["cancellable"] is True
    assert begin["percentage"] == 0
    assert any("MB" in each.get("message", "") or "GB" in each.get("message", "") for each in reports)
    shares = [each["percentage"] for each in reports]
    assert shares == sorted(shares)
    assert shares[-1] == 100


def test_a_pull_is_stopped(editor: Session) -> None:
    line = {"status": "pulling abc", "digest": "sha256:abc", "total": 4000, "completed": 1000}
    editor.fake.script(rules=[{"kind": "pull", "lines": [line] * 3, "end": "hang"}])
    editor.run("gloss.models.pull", {"name": "new:1b"})
    token = editor.begun()
    editor.fake.wait_for_piece(kind="pull")
    editor.client.notify("window/workDoneProgress/cancel", {"token": token})
    assert editor.ended(token) == "stopped"
    editor.fake.wait_closed(kind="pull")


def test_a_pull_of_what_is_not_there_says_so(editor: Session) -> None:
    editor.fake.script(
        rules=[{"kind": "pull", "lines": [{"error": "pull model manifest: file does not exist"}]}]
    )
    error = editor.failure("gloss.models.pull", {"name": "nobody"})
    assert "nobody" in error["message"]


def test_what_was_pulled_is_used(editor: Session) -> None:
    editor.ask("gloss.models.pull", {"name": "new:1b"})
    editor.run("gloss.models.select", {"task": "chat", "name": "new:1b"})
    editor.ask("gloss.explain", editor.open(CODE).all())
    assert editor.fake.requests("chat")[-1]["body"]["model"] == "new:1b"


def test_select_takes_effect_at_once_and_for_its_task_alone(editor: Session) -> None:
    models = [{"name": CODER, "capabilities": ["completion", "insert"]}, {"name": "other:1b"}]
    editor.fake.script(models=models)
    document = editor.open(CODE)
    assert editor.run("gloss.models.select", {"task": "chat", "name": "other:1b"}) is None
    editor.ask("gloss.explain", document.all())
    editor.client.wait(editor.start("gloss.complete", document.lines(1, 1), "here"))
    assert editor.fake.requests("chat")[0]["body"]["model"] == "other:1b"
    assert editor.fake.requests("fill")[0]["body"]["model"] == CODER


@pytest.mark.parametrize(
    "argument",
    [{}, {"task": "chat"}, {"name": CODER}, {"task": "cook", "name": CODER}, {"task": "chat", "name": ""}],
    ids=str,
)
def test_a_wrong_choice_is_refused_with_a_sentence(editor: Session, argument: dict[str, str]) -> None:
    error = editor.client.wait(editor.start("gloss.models.select", argument))["error"]
    assert error["message"].endswith(".")


def test_delete(editor: Session) -> None:
    assert editor.run("gloss.models.delete", {"name": CODER}) is None
    assert CODER not in str(editor.run("gloss.models.list", {}))
    error = editor.client.wait(editor.start("gloss.models.delete", {"name": CODER}))["error"]
    assert CODER in error["message"]


def test_a_model_that_is_loaded_is_unloaded_first_and_nobody_is_asked(editor: Session) -> None:
    editor.ask("gloss.explain", editor.open(CODE).all())
    editor.run("gloss.models.delete", {"name": CODER})
    kinds = [each["kind"] for each in editor.fake.requests() if each["kind"] in ("unload", "delete")]
    assert kinds == ["unload", "delete"]
    assert editor.fake.loaded() == {}
    assert editor.messages() == []


def test_that_a_task_is_set_to_what_was_deleted_is_said(editor: Session) -> None:
    editor.run("gloss.models.select", {"task": "translate", "name": CODER})
    editor.run("gloss.models.delete", {"name": CODER})
    assert editor.said("models.translate")["message"].startswith(f"{CODER} is removed")
    assert editor.fake.requests("unload") == []


def test_doctor(editor: Session) -> None:
    editor.set(complete={"debounce": "soon"})
    told = editor.run("gloss.doctor", {})
    assert editor.fake.url in str(told)
    assert CODER in str(told)
    assert "complete.debounce" in str(told)


def test_doctor_of_a_backend_that_is_not_there(editor: Session) -> None:
    editor.fake.stop()
    assert editor.fake.url in str(editor.run("gloss.doctor", {}))


def test_show_prompt_is_the_last_prompt_as_it_was_sent(editor: Session) -> None:
    assert editor.run("gloss.showPrompt", {}) is None
    document = editor.open(CODE)
    editor.ask("gloss.explain", {**document.all(), "instruction": "Why pi?"})
    shown = str(editor.run("gloss.showPrompt", {}))
    assert "Why pi?" in shown
    assert "3.14" in shown
    assert CODER in shown
