"""Fetching models, over stdio: bytes and seconds, stop and go on, one download for all who ask."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest
from session import Session, session

if TYPE_CHECKING:
    from collections.abc import Iterator

CODE = "def area(r):\n    return 3.14 * r * r\n"
GB = 1_000_000_000
NEW = {"name": "new:1b"}


@pytest.fixture
def editor(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Session]:
    with session(tmp_path_factory.mktemp("home")) as made:
        yield made


def layer(name: str, total: int, *completed: int) -> list[dict[str, Any]]:
    line = {"status": f"pulling {name}", "digest": f"sha256:{name}", "total": total}
    return [{**line, "completed": done} for done in completed]


def let(editor: Session, *lines: dict[str, Any], **how: Any) -> None:
    """Let the pulls go as these lines say; without an end where they hang."""
    first = {"status": "pulling manifest"}
    editor.fake.script(rules=[{"kind": "pull", "lines": [first, *lines], **how}])


SUCCESS = {"status": "success"}


def test_bytes_of_all_layers_speed_and_seconds_left(editor: Session) -> None:
    weights = layer("weights", 4 * GB, 0, 1 * GB, 2 * GB, 4 * GB)
    let(editor, *weights, *layer("vision", 1 * GB, 0, GB // 2), *layer("vision", GB, GB), SUCCESS, gap=0.25)
    editor.start("gloss.models.pull", NEW, "here")
    assert editor.ended("here") == "done"
    said = [each.get("message", "") for each in editor.progress("here")]
    assert re.search(r"2\.0 of 4\.0 GB, \d+\.\d GB/s, \d+ s left", str(said)), said
    assert "4.5 of 5.0 GB" in str(said), said
    shares = [each["percentage"] for each in editor.progress("here")[:-1]]
    assert shares == sorted(shares)


def test_what_is_there_already_is_no_speed(editor: Session) -> None:
    let(editor, *layer("weights", 4 * GB, 3 * GB, 3 * GB), end="hang", gap=0.5)
    editor.start("gloss.models.pull", NEW, "here")
    assert editor.report("here", "GB") == "3.0 of 4.0 GB"
    editor.run("gloss.stop")


def test_stopping_says_that_what_came_is_kept_and_a_later_pull_goes_on(editor: Session) -> None:
    let(editor, *layer("weights", 4 * GB, 1 * GB), end="hang")
    request = editor.start("gloss.models.pull", NEW, "here")
    editor.report("here", "1.0 of 4.0 GB")
    editor.client.notify("window/workDoneProgress/cancel", {"token": "here"})
    assert editor.ended("here") == "stopped"
    assert editor.client.wait(request)["error"]["code"] == -32800
    editor.fake.wait_closed(kind="pull")
    [message] = editor.messages()
    assert "new:1b" in message
    assert "kept" in message
    assert "pull it again" in message
    let(editor, *layer("weights", 4 * GB, 1 * GB, 4 * GB), SUCCESS)
    assert editor.ask("gloss.models.pull", NEW) is None


def test_two_who_ask_at_once_share_one_download(editor: Session) -> None:
    let(editor, *layer("weights", 4 * GB, 1 * GB), end="hang")
    first = editor.start("gloss.models.pull", NEW, "one")
    editor.report("one", "1.0 of 4.0 GB")
    editor.start("gloss.models.pull", {"name": "New:1B"}, "two")
    assert editor.report("two", "GB") == "1.0 of 4.0 GB"
    editor.client.cancel(first)
    assert editor.ended("one") == "stopped"
    assert editor.messages() == []
    assert "closed_at" not in editor.fake.requests("pull")[0]
    editor.client.notify("window/workDoneProgress/cancel", {"token": "two"})
    assert editor.ended("two") == "stopped"
    editor.fake.wait_closed(kind="pull")
    assert len(editor.fake.requests("pull")) == 1


def test_both_are_answered_when_it_is_there(editor: Session) -> None:
    let(editor, *layer("weights", 4, 1, 4), SUCCESS, gap=0.5)
    requests = [editor.start("gloss.models.pull", NEW, token) for token in ("one", "two")]
    assert [editor.client.wait(request)["result"] for request in requests] == [None, None]
    assert [editor.ended(token) for token in ("one", "two")] == ["done", "done"]
    assert len(editor.fake.requests("pull")) == 1


def test_a_second_command_without_a_token_begins_nothing(editor: Session) -> None:
    let(editor, *layer("weights", 4 * GB, 1 * GB), end="hang")
    editor.run("gloss.models.pull", NEW)
    editor.fake.wait_for_piece(kind="pull")
    editor.run("gloss.models.pull", NEW)
    editor.settle()
    assert len(editor.told("window/workDoneProgress/create")) == len(editor.fake.requests("pull")) == 1


def test_the_first_model_is_used_at_once_and_that_is_said(tmp_path_factory: pytest.TempPathFactory) -> None:
    with session(tmp_path_factory.mktemp("home"), script={"models": []}) as editor:
        document = editor.open(CODE)
        editor.failure("gloss.explain", document.all())
        editor.ask("gloss.models.pull", NEW)
        assert editor.said("installed")["message"] == (
            "new:1b is installed, and used to chat, translate and complete."
        )
        assert editor.ask("gloss.explain", document.all())["kind"] == "page"


def test_one_that_changes_nothing_is_said_to_be_there(editor: Session) -> None:
    editor.ask("gloss.models.pull", NEW)
    assert editor.said("installed")["message"] == "new:1b is installed."


def test_what_is_nowhere_is_not_offered_again(editor: Session) -> None:
    let(editor, {"error": "pull model manifest: file does not exist"})
    editor.run("gloss.models.pull", {"name": "nobody"})
    assert "nobody" in editor.said("library")["message"]
    assert editor.told("window/showMessageRequest") == []
