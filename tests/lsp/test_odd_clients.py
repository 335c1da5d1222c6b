"""What odd clients ask: answered with a sentence, and no job is lost sight of."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from session import FOREVER, Session, session

if TYPE_CHECKING:
    from collections.abc import Iterator

CODE = "# Fläche\narea = 3.14 * r * r\n"


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Session]:
    with session(tmp_path_factory.mktemp("home")) as editor:
        yield editor


@pytest.fixture
def editor(shared: Session) -> Session:
    shared.anew()
    return shared


def test_a_token_in_use_is_refused_and_still_stops_its_job(editor: Session) -> None:
    editor.fake.script(rules=[FOREVER])
    document = editor.open(CODE)
    first = editor.start("gloss.explain", document.all(), "same")
    editor.fake.wait_for_piece(kind="chat")
    second = editor.client.wait(editor.start("gloss.explain", document.lines(1, 1), "same"))
    assert "still runs" in second["error"]["message"]
    editor.run("gloss.stop", {"token": "same"})
    assert editor.client.wait(first)["error"]["code"] == -32800
    assert editor.ended("same") == "stopped"


@pytest.mark.parametrize("token", [[], {}, [1], 1.5])
def test_what_is_no_token_is_answered_with_a_sentence(editor: Session, token: Any) -> None:
    error = editor.client.wait(editor.start("gloss.stop", {"token": token}))["error"]
    assert (error["code"], error["message"][-1]) == (-32803, ".")


@pytest.mark.parametrize("line", [-1, float("inf"), float("nan"), 10**30, [], "x"])
def test_what_is_no_line_is_answered_with_a_sentence(editor: Session, line: Any) -> None:
    where = {"start": {"line": line, "character": 0}, "end": {"line": 1, "character": 4}}
    error = editor.failure("gloss.explain", {"uri": editor.open(CODE).uri, "range": where})
    assert (error["code"], error["message"][-1]) == (-32803, ".")
