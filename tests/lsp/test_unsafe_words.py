"""What a model or a backend says is untrusted: it is made safe in pages, hovers, progress, messages and edits."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from editing import path_of
from session import Session, session

from gloss_lsp.core.markdown import safe_markdown

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

CODE = "def area(r):\n    return 3.14 * r * r\n"


@pytest.fixture
def editor(tmp_path: Path) -> Iterator[Session]:
    with session(tmp_path) as made:
        yield made


UNSAFE: dict[str, tuple[str, list[str]]] = {
    "a remote image": ("See ![x](https://evil.invalid/p.png?q=1) it", ["](https://evil.invalid"]),
    "a command link": ("Press [here](command:evil.run) now", ["](command:"]),
    "a script link": ("Press [here](javascript:alert(1)) now", ["](javascript:"]),
    "HTML": ("Hi <img src=x onerror=alert(1)><script>evil()</script> there", ["<img", "<script"]),
    "a reference": ("Hi [x][1] there\n\n[1]: command:evil.run\n", ["]: command:"]),
    "an autolink": ("Hi <command:evil.run> there", ["<command:"]),
    "escape characters": ("Hi \x1b[31mred\x1b]0;title\x07 there", ["\x1b", "\x07"]),
}


@pytest.mark.parametrize("what", UNSAFE)
@pytest.mark.parametrize("split", ["whole", "in single characters"])
def test_what_a_model_says_is_made_safe_wherever_it_is_shown(tmp_path: Path, what: str, split: str) -> None:
    said, unsafe = UNSAFE[what]
    with session(tmp_path, "vscode-client-9") as editor:
        editor.let(*(said if split != "whole" else [said]))
        document = editor.open(CODE)
        editor.ask("gloss.explain", document.all())
        page = path_of(editor.told("window/showDocument")[0]["uri"]).read_text("utf-8")
        hover = editor.hover(document, 1, 6)["contents"]["value"]
        progress = "".join(each.get("message", "") for each in editor.progress("mine-1"))
        for text in unsafe:
            assert text not in page
            assert text not in hover
            if text == "\x1b":
                assert text not in progress
        assert "there" in page + hover or "it" in page + hover or "now" in page + hover


@pytest.mark.parametrize("what", UNSAFE)
def test_a_stream_is_made_safe_too(tmp_path: Path, what: str) -> None:
    said, unsafe = UNSAFE[what]
    with session(tmp_path, more={"experimental": {"gloss": {"stream": True}}}) as editor:
        editor.let(*said)
        editor.ask("gloss.explain", editor.open(CODE).all())
        told = editor.told("gloss/stream")
        streamed = "".join(each["text"] for each in told[:-1])
        for text in unsafe:
            assert text not in streamed
            assert text not in told[-1]["text"]


@pytest.mark.parametrize("trick", ["\u202e", "\u2066", "\x1b", "\x00", "\x07"])
def test_characters_that_deceive_are_not_written_into_code(editor: Session, trick: str) -> None:
    editor.let("1 ", trick, "+ 2", trick, "\n", kind="fill")
    document = editor.open("x = \n")
    where = {"start": {"line": 0, "character": 4}, "end": {"line": 0, "character": 4}}
    outcome = editor.ask("gloss.complete", {"uri": document.uri, "range": where})
    assert outcome["applied"] is True
    assert trick not in document.text
    assert document.text == "x = 1 + 2\n"
    params = {
        "textDocument": document.identifier(),
        "position": where["start"],
        "context": {"triggerKind": 1},
    }
    assert trick not in str(editor.client.request("textDocument/inlineCompletion", params))


def test_an_error_of_the_backend_is_made_safe_too(editor: Session) -> None:
    editor.fake.script(rules=[{"kind": "chat", "error": "\x1b[31mill\x1b[0m\n\n" + "long " * 2000}])
    editor.run("gloss.explain", editor.open(CODE).all())
    message = editor.said("ill")["message"]
    assert "\x1b" not in message
    assert len(message) < 2000


def test_the_outcome_is_as_safe_as_the_page(editor: Session) -> None:
    editor.let(*"See ![x](https://evil.example/x.png) <b>and</b> [go](command:rm)\x1b[31m \u202e.")
    markdown = editor.ask("gloss.explain", editor.open("x = 1\n").all())["markdown"]
    assert markdown == safe_markdown(markdown)
    for bad in ("![", "<b>", "](command:", "\x1b", "\u202e"):
        assert bad not in markdown
