"""Bad days: what the user is told when something is not as it should be, and that the next request works."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from editing import path_of
from raw_client import SILENCE
from session import Session, session

from fake import FakeOllama

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

CODE = "def area(r):\n    return 3.14 * r * r\n"
CODER = "qwen2.5-coder:1.5b"


@pytest.fixture
def editor(tmp_path: Path) -> Iterator[Session]:
    with session(tmp_path, arguments=("--set", "backend.stallTimeout=1")) as made:
        yield made


def explain(editor: Session) -> Any:
    return editor.ask("gloss.explain", editor.open(CODE).all())


def works_again(editor: Session) -> bool:
    editor.fake.script(rules=[])
    return bool(explain(editor)["markdown"] == "This is the reply.")


FAULTS: dict[str, tuple[dict[str, Any], str]] = {
    "an error before the answer": ({"error": "the llama is ill"}, "the llama is ill"),
    "an error within the answer": ({"error_after": "the llama fell"}, "the llama fell"),
    "the stream ends early": ({"end": "eof"}, ""),
    "the stream is cut": ({"end": "reset"}, ""),
    "half a line": ({"end": "half"}, ""),
    "it stalls": ({"end": "hang"}, "stallTimeout"),
    "a web page": ({"raw": "<html>Welcome</html>"}, ""),
    "garbage": ({"raw": "\x00\xff{]", "content_type": "application/x-ndjson"}, ""),
    "a long line of nothing": ({"raw": "x" * 3_000_000}, ""),
    "another shape": ({"lines": [{"message": 5}, {"done": "maybe"}]}, ""),
    "a list": ({"lines": [[1, 2]]}, ""),
    "it hangs up at once": ({"closes_at_once": True}, ""),
    "a key is wanted": ({"error": "unauthorized", "status": 401}, ""),
    "it is busy": ({"error": "server busy, please try again", "status": 503}, ""),
    "it has gone": ({"raw": "not here", "status": 404, "content_type": "text/plain"}, ""),
}


BROKEN_OFF = ("an error within the answer", "the stream ends early", "the stream is cut", "it stalls")
"""The faults that come after words."""


@pytest.mark.parametrize("fault", FAULTS)
def test_the_reason_is_told_what_came_is_kept_and_the_next_request_works(editor: Session, fault: str) -> None:
    how, reason = FAULTS[fault]
    editor.fake.script(rules=[{"kind": "chat", "pieces": ["First words. ", "Second words. "], **how}])
    document = editor.open(CODE)
    answer = editor.client.wait(editor.start("gloss.explain", document.all(), "here"))
    message = answer["error"]["message"]
    assert answer["error"]["code"] == -32803
    assert reason in message
    assert message.rstrip().endswith((".", ")", ":", "?"))
    assert "Traceback" not in str(editor.client.messages)
    assert "Gloss has a fault" not in message
    assert "<html" not in message
    editor.ended("here")
    if fault in BROKEN_OFF:
        assert "First words." in str(editor.hover(document, 1, 6))
    assert works_again(editor)


def test_what_came_stands_on_the_page_with_the_reason_below_it(editor: Session) -> None:
    editor.let("First words. ", error_after="the llama fell")
    editor.run("gloss.explain", editor.open(CODE).all())
    editor.ended(editor.begun())
    text = path_of(editor.told("window/showDocument")[0]["uri"]).read_text("utf-8")
    assert text.index("First words.") < text.index("the llama fell")


def test_before_the_first_word_patience_has_no_end(editor: Session) -> None:
    editor.let("At last.", first_delay=2.5)
    assert explain(editor)["markdown"] == "At last."


def test_who_waits_is_told_for_how_many_seconds(editor: Session) -> None:
    editor.let("x", first_delay=600.0)
    editor.start("gloss.explain", editor.open(CODE).all(), "here")
    editor.report("here", "reading the prompt, 2 s")


def test_who_waits_for_a_load_is_told_so(tmp_path: Path) -> None:
    with session(tmp_path, script={"load_seconds": 600.0}) as editor:
        editor.start("gloss.explain", editor.open(CODE).all(), "here")
        assert CODER in editor.report("here", "loading")
        editor.report("here", "2 s")


def test_ollama_that_was_stopped_is_missed_and_found_again(editor: Session) -> None:
    editor.fake.stop()
    document = editor.open(CODE)
    for _ in range(2):
        message = editor.failure("gloss.explain", document.all())["message"]
        assert editor.fake.url in message
        assert "start" in message.lower()
    with FakeOllama(port=editor.fake.port):
        assert editor.ask("gloss.explain", document.all())["markdown"] == "This is the reply."


def test_ollama_that_is_killed_in_mid_answer(editor: Session) -> None:
    editor.let("First words. ", "Never.", gap=600.0)
    document = editor.open(CODE)
    request = editor.start("gloss.explain", document.all(), "here")
    editor.report("here", "First words")
    editor.fake.stop()
    assert editor.client.wait(request)["error"]["code"] == -32803
    assert "First words." in str(editor.hover(document, 1, 6))
    assert editor.fake.url in editor.failure("gloss.explain", document.all())["message"]
    with FakeOllama(port=editor.fake.port):
        assert editor.ask("gloss.explain", document.all())["markdown"] == "This is the reply."


def test_a_missing_model_can_be_pulled_by_one_press(tmp_path: Path) -> None:
    with session(tmp_path, options={"models.chat": "wanted:1b"}) as editor:
        editor.chooses = "Pull wanted:1b"
        document = editor.open(CODE)
        editor.run("gloss.explain", document.all())
        assert "wanted:1b" in editor.ended(editor.begun(1))
        question = editor.wait_told("window/showMessageRequest")
        assert "wanted:1b" in question["message"]
        assert CODER in question["message"]
        assert [each["title"] for each in question["actions"]] == ["Pull wanted:1b"]
        assert editor.ended(editor.begun(2)) == "done"
        assert editor.ask("gloss.explain", document.all())["kind"] == "page"
        assert editor.fake.requests("chat")[-1]["body"]["model"] == "wanted:1b"


@pytest.mark.parametrize("models", [[], [{"name": "nomic:1b", "capabilities": ["embedding"]}]], ids=str)
def test_without_any_model_one_is_offered(tmp_path: Path, models: list[Any]) -> None:
    with session(tmp_path, script={"models": models}) as editor:
        editor.run("gloss.explain", editor.open(CODE).all())
        question = editor.wait_told("window/showMessageRequest")
        assert question["actions"][0]["title"].startswith("Pull ")
        assert "GB" in question["actions"][0]["title"] or "GB" in question["message"]
        assert editor.fake.requests("pull") == []


def test_out_of_memory_names_the_next_smaller_model(tmp_path: Path) -> None:
    models = [
        {"name": "big:70b", "capabilities": ["completion"], "size": 40_000_000_000},
        {"name": "middle:7b", "capabilities": ["completion"], "size": 4_000_000_000},
        {"name": "tiny:1b", "capabilities": ["completion"], "size": 1_000_000_000},
    ]
    said = "model requires more system memory (40.1 GiB) than is available (7.2 GiB)"
    rules = [{"kind": kind, "model": "big:70b", "error": said} for kind in ("load", "chat")]
    with session(
        tmp_path, options={"models.chat": "big:70b"}, script={"models": models, "rules": rules}
    ) as editor:
        message = editor.failure("gloss.explain", editor.open(CODE).all())["message"]
        assert "memory" in message
        assert "middle:7b" in message
        assert "tiny:1b" not in message


QUESTIONS = ["window/workDoneProgress/create", "window/showDocument", "workspace/applyEdit"]


@pytest.mark.parametrize("method", QUESTIONS)
@pytest.mark.parametrize("how", ["never answers", "answers nonsense", "refuses"])
def test_an_editor_that_does_not_answer(tmp_path: Path, method: str, how: str) -> None:
    with session(tmp_path) as editor:
        if how == "refuses":
            del editor.client.answers[method]
        else:
            editor.client.answers[method] = lambda _: SILENCE if how == "never answers" else {"x": [1]}
        document = editor.open("# Berechnet die Fläche des Kreises\nx = 1\n")
        editor.run("gloss.explain", document.all())
        editor.fake.wait_for_request(kind="chat")
        if method == "workspace/applyEdit":
            request = editor.start("gloss.translateComments", document.all(), "here")
            editor.wait_told("workspace/applyEdit")
            editor.client.cancel(request)
            assert "error" in editor.client.wait(request)
        assert editor.ask("gloss.explain", document.lines(1, 1))["kind"] == "page"


def test_that_a_model_cannot_fill_is_said_once_with_one_that_can(tmp_path: Path) -> None:
    models = [{"name": "talker:1b", "capabilities": ["completion"]}]
    with session(
        tmp_path, more={"textDocument": {"inlineCompletion": {}}}, script={"models": models}
    ) as editor:
        document = editor.open("x = \n")
        params = {
            "textDocument": document.identifier(),
            "position": {"line": 0, "character": 4},
            "context": {"triggerKind": 2},
        }
        for _ in range(3):
            editor.client.request("textDocument/inlineCompletion", params)
        assert sum("fill in" in message for message in editor.messages()) == 1
        editor.let("```python\n1 + 2\n```")
        outcome = editor.ask("gloss.complete", {"uri": document.uri, "range": document.lines(0, 0)["range"]})
        assert json.dumps(outcome).count("```") == 0
