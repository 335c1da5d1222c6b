"""Where a page is shown: a virtual document, a file, a stream, or nothing but hovering."""

from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from editing import capabilities, path_of, until
from raw_client import SILENCE
from session import Session, session

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

CODE = "def area(r):\n    return 3.14 * r * r\n"
STREAM = {"experimental": {"gloss": {"stream": True}}}


def shown(editor: Session) -> list[Any]:
    """The params of every `window/showDocument`."""
    return editor.told("window/showDocument")


def before_the_end(editor: Session, method: str) -> int:
    """How many messages of a method had come when the first progress ended."""
    messages = editor.client.messages[editor.since :]
    end = next(
        number
        for number, message in enumerate(messages)
        if message.get("method") == "$/progress" and message["params"]["value"]["kind"] == "end"
    )
    return sum(message.get("method") == method for message in messages[:end])


def explain(editor: Session) -> str:
    """Explain to the end, as a user does who does not wait; the token."""
    editor.run("gloss.explain", editor.open(CODE).all())
    token = editor.begun(len(editor.told("window/workDoneProgress/create")) or 1)
    editor.ended(token)
    return token


@pytest.fixture
def editor(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Session]:
    with session(tmp_path, request.param) as made:
        yield made


@pytest.mark.parametrize("editor", ["neovim-0.11", "eglot", "helix"], indirect=True)
def test_a_file_is_opened_once_when_it_is_complete(editor: Session) -> None:
    editor.let("It is ", "a circle.", gap=0.4)
    explain(editor)
    (params,) = shown(editor)
    assert before_the_end(editor, "window/showDocument") == 1
    assert params["takeFocus"] is False
    assert params["selection"]["start"] == {"line": 0, "character": 0}
    path = path_of(params["uri"])
    assert path.suffix == ".md"
    text = path.read_text("utf-8")
    assert text.startswith("# ")
    assert "It is a circle." in text
    assert path.is_relative_to(editor.home)
    assert editor.told("workspace/applyEdit") == []


@pytest.mark.parametrize("editor", ["neovim-0.11"], indirect=True)
@pytest.mark.skipif(os.name != "posix", reason="modes are POSIX's")
def test_pages_are_the_users_alone(editor: Session) -> None:
    explain(editor)
    path = path_of(shown(editor)[0]["uri"])
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


@pytest.mark.parametrize("editor", ["vscode-client-9"], indirect=True)
def test_in_an_editor_that_follows_files_it_is_opened_at_once_and_grows(editor: Session) -> None:
    editor.let("First words. ", "Never.", gap=600.0)
    editor.run("gloss.explain", editor.open(CODE).all())
    token = editor.begun()
    path = path_of(editor.wait_told("window/showDocument")["uri"])
    editor.report(token, "First words")
    until(lambda: "First words" in path.read_text("utf-8"))
    editor.run("gloss.stop", {})
    editor.ended(token)
    text = path.read_text("utf-8")
    assert text.count("First words") == 1
    assert "stopped" in text
    assert len(shown(editor)) == 1


@pytest.mark.parametrize("editor", ["vscode"], indirect=True)
def test_a_virtual_document_is_opened_at_once_and_refreshed(editor: Session) -> None:
    editor.let("First words. ", "Never.", gap=600.0)
    editor.run("gloss.explain", editor.open(CODE).all())
    token = editor.begun()
    uri = editor.wait_told("window/showDocument")["uri"]
    assert uri.startswith("gloss:")

    def read() -> str:
        return editor.client.request("workspace/textDocumentContent", {"uri": uri})["text"]

    editor.wait_told("workspace/textDocumentContent/refresh", lambda params: params["uri"] == uri)
    assert "First words" in read()
    editor.run("gloss.stop", {})
    editor.ended(token)
    editor.wait_told("workspace/textDocumentContent/refresh", number=2)
    assert "stopped" in read()
    assert list(editor.home.rglob("*.md")) == []


@pytest.mark.parametrize("editor", ["vscode"], indirect=True)
def test_a_virtual_document_that_nobody_wrote_is_empty(editor: Session) -> None:
    answer = editor.client.request("workspace/textDocumentContent", {"uri": "gloss:/../../etc/passwd"})
    assert answer["text"] == ""


def test_a_stream_is_sent_to_who_asked_for_it(tmp_path: Path) -> None:
    with session(tmp_path, more=STREAM) as editor:
        words = [f"w{number} " for number in range(100)]
        editor.let(*words, gap=0.02)
        document = editor.open(CODE)
        answer = editor.client.wait(editor.start("gloss.explain", document.all(), "here"))
        entry = editor.fake.requests("chat")[-1]
        seconds = (entry["ended_at"] - entry["first_piece_at"]) / 1e9
        told = editor.told("gloss/stream")
        assert {each["id"] for each in told} == {"here"}
        assert [each["seq"] for each in told] == list(range(len(told)))
        assert [each["done"] for each in told] == [False] * (len(told) - 1) + [True]
        assert "".join(each["text"] for each in told[:-1]).strip() == "".join(words).strip()
        assert told[-1]["text"] == answer["result"]["markdown"]
        assert 5 < len(told) <= 20 * seconds + 3
        assert shown(editor) == []
        assert list(tmp_path.rglob("*.md")) == []


@pytest.mark.parametrize("end", ["stopped", "failed"])
def test_a_stream_has_a_last_word_however_it_ends(tmp_path: Path, end: str) -> None:
    with session(tmp_path, more=STREAM) as editor:
        how = {"gap": 600.0} if end == "stopped" else {"error_after": "the llama fell"}
        editor.let("First words. ", "More.", **how)
        editor.start("gloss.explain", editor.open(CODE).all(), "here")
        editor.wait_told("gloss/stream")
        if end == "stopped":
            editor.run("gloss.stop", {})
        last = editor.wait_told("gloss/stream", lambda params: params["done"])
        assert "First words." in last["text"]
        assert ("stopped" if end == "stopped" else "the llama fell") in last["text"]
        assert end == "failed" or editor.ended("here") == "stopped"


@pytest.mark.parametrize("editor", ["bare", "eglot-emacs-28"], indirect=True)
def test_without_a_means_the_user_is_told_to_hover(editor: Session) -> None:
    document = editor.open(CODE)
    editor.run("gloss.explain", document.all())
    editor.said("over")
    assert "This is the reply." in editor.hover(document, 1, 6)["contents"]["value"]
    assert shown(editor) == []
    assert list(editor.home.rglob("*.md")) == []


@pytest.mark.parametrize("editor", ["neovim-0.11", "vscode", "vscode-client-9", "bare"], indirect=True)
def test_hovering_over_what_was_asked_about_always_shows_it(editor: Session) -> None:
    document = editor.open("x = 1\n" + CODE)
    editor.ask("gloss.explain", document.lines(1, 2))
    hover = editor.hover(document, 2, 6)
    assert "This is the reply." in hover["contents"]["value"]
    assert hover["contents"]["kind"] == "markdown"
    assert hover["range"] == document.lines(1, 2)["range"]
    assert editor.hover(document, 0, 0) is None
    document.insert(0, 0, "import os\n")
    assert "This is the reply." in editor.hover(document, 3, 6)["contents"]["value"]
    assert len(editor.fake.requests("chat")) == 1


REFUSALS: dict[str, Callable[[Any], Any]] = {
    "says no": lambda _: {"success": False},
    "never answers": lambda _: SILENCE,
    "answers nonsense": lambda _: {"x": 1},
}


@pytest.mark.parametrize("editor", ["neovim-0.11", "vscode", "vscode-client-9"], indirect=True)
@pytest.mark.parametrize("how", REFUSALS)
def test_an_editor_that_does_not_show_documents_after_all(editor: Session, how: str) -> None:
    editor.client.answers["window/showDocument"] = REFUSALS[how]
    document = editor.open(CODE)
    assert editor.ask("gloss.explain", document.all())["markdown"] == "This is the reply."
    assert "This is the reply." in editor.hover(document, 1, 6)["contents"]["value"]


@pytest.mark.parametrize("editor", ["vscode", "vscode-client-9"], indirect=True)
def test_the_words_do_not_wait_for_the_document_to_be_shown(editor: Session) -> None:
    asked_at_answer: list[int] = []

    def show_late(_: Any) -> Any:
        editor.fake.wait_for_piece(kind="chat")
        asked_at_answer.append(len(editor.fake.requests("chat")))
        return {"success": True}

    editor.client.answers["window/showDocument"] = show_late
    editor.ask("gloss.explain", editor.open(CODE).all())
    assert asked_at_answer == [1]


def test_pages_are_bounded_in_number(tmp_path: Path) -> None:
    pages = tmp_path / "gloss" / "pages"
    pages.mkdir(parents=True)
    for number in range(80):
        (pages / f"explain-{number:08x}.md").write_text("old")
    with session(tmp_path) as editor:
        explain(editor)
        path = path_of(shown(editor)[0]["uri"])
        if path.parent == pages:
            assert len(list(pages.iterdir())) <= 50
        assert path.exists()


def test_the_files_that_editors_say_are_data() -> None:
    for file in Path(__file__).with_name("capabilities").glob("*.json"):
        info, able = capabilities(file.stem)
        assert info["name"]
        assert isinstance(able, dict)
