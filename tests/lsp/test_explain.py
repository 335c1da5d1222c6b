"""`gloss.explain`: what the model is asked, and what comes of its answer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from editing import span
from session import Session, session

if TYPE_CHECKING:
    from pathlib import Path

CODE = (
    "import math\n\n\ndef half(d):\n    return d / 2\n\n\ndef area(d):\n    return math.pi * half(d) ** 2\n"
)


def prompt(editor: Session) -> str:
    """All that the model was told, of the only time that it was asked."""
    (entry,) = editor.fake.requests("chat")
    return "\n".join(message["content"] for message in entry["body"]["messages"])


@pytest.mark.parametrize(
    ("argument", "told"),
    [
        ({"range": span(8, 0, 8, 32)}, ["return math.pi * half(d) ** 2", "import math", "def half"]),
        ({"range": span(8, 11, 8, 18)}, ["math.pi", "def area(d):"]),
        ({"range": span(4, 4, 4, 4)}, ["def half(d):\n    return d / 2"]),
        ({}, ["import math", "def half", "def area"]),
        ({"range": span(8, 0, 99, 0)}, ["return math.pi * half(d) ** 2"]),
        ({"range": span(0, 0, 0, 11), "instruction": "Why this module?"}, ["Why this module?"]),
        ({"range": span(0, 0, 0, 11), "diagnostic": "unused import"}, ["unused import"]),
        ({"range": span(0, 0, 0, 11), "diagnostic": {"message": "unused import"}}, ["unused import"]),
        ({"range": span(0, 0, 0, 11), "target": "fr"}, ["French"]),
    ],
    ids=str,
)
def test_the_model_is_told(editor: Session, argument: dict[str, Any], told: list[str]) -> None:
    document = editor.open(CODE, "shape.py")
    editor.ask("gloss.explain", {"uri": document.uri, **argument})
    said = prompt(editor)
    assert "shape.py" in said
    assert [text for text in told if text not in said] == []


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-32"])
def test_columns_are_the_clients(tmp_path: Path, encoding: str) -> None:
    text = "x = '語😀'; answer = 42\n"
    width = {"utf-8": "utf-8", "utf-16": "utf-16-le", "utf-32": "utf-32-le"}[encoding]
    unit = {"utf-8": 1, "utf-16": 2, "utf-32": 4}[encoding]

    def column(before: str) -> int:
        return len(before.encode(width)) // unit

    start, end = column("x = '語😀'; "), column("x = '語😀'; answer")
    with session(tmp_path, more={"general": {"positionEncodings": [encoding]}}) as editor:
        document = editor.open(text)
        editor.select(document, span(0, start, 0, end))
        hover = editor.hover(document, 0, start + 1)
        assert hover["range"] == span(0, start, 0, end)
        assert "answer" in prompt(editor)


@pytest.mark.parametrize(
    ("locale", "settings", "language"),
    [
        ("de", {}, "German"),
        ("pt-BR", {}, "Portuguese"),
        ("en-US", {}, "English"),
        (None, {}, "English"),
        ("de", {"explain.language": "fr"}, "French"),
    ],
)
def test_the_language_is_the_settings_else_the_editors(
    tmp_path: Path, locale: str | None, settings: dict[str, Any], language: str
) -> None:
    told = {"locale": locale} if locale else {}
    with session(tmp_path, options=settings, **told) as editor:
        editor.ask("gloss.explain", editor.open(CODE).all())
        assert language in prompt(editor)


def test_an_explanation_is_of_the_document_as_it_was_when_it_was_asked_for(editor: Session) -> None:
    editor.let("It ", "is.", gap=0.3)
    document = editor.open(CODE)
    request = editor.start("gloss.explain", document.lines(7, 8), "here")
    document.edit((span(0, 0, 8, 32), "nothing\n"))
    assert editor.client.wait(request)["result"]["markdown"] == "It is."
    assert "math.pi" in prompt(editor)


def test_an_empty_document_is_refused_with_a_sentence(editor: Session) -> None:
    error = editor.failure("gloss.explain", editor.open("").all())
    assert error["message"].endswith(".")
    assert editor.fake.requests("chat") == []


def test_an_answer_without_words_says_so(editor: Session) -> None:
    editor.let()
    assert "no answer" in editor.ask("gloss.explain", editor.open(CODE).all())["markdown"]


def test_a_secret_is_masked_in_the_prompt_and_restored_in_the_answer(editor: Session) -> None:
    secret = "ghp_" + "a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8"
    document = editor.open(f'token = "{secret}"\n')
    editor.ask("gloss.explain", document.all())
    assert secret not in prompt(editor)
    shown = editor.run("gloss.showPrompt", {})
    assert secret not in str(shown)
    before = prompt(editor).partition('token = "')[2]
    placeholder = before.partition('"')[0]
    assert placeholder in str(shown)
    editor.fake.script(rules=[{"kind": "chat", "pieces": ["It is ", *placeholder, "."]}])
    outcome = editor.ask("gloss.explain", {**document.all(), "instruction": "again"})
    assert outcome["markdown"] == f"It is {secret}."


def test_masking_can_be_switched_off_by_the_user_alone(tmp_path: Path) -> None:
    secret = "ghp_" + "a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8"
    with session(tmp_path, arguments=("--set", "privacy.redact=false")) as editor:
        editor.ask("gloss.explain", editor.open(f'token = "{secret}"\n').all())
        assert secret in prompt(editor)


def test_an_explanation_that_was_cut_says_so_at_its_end(editor: Session) -> None:
    editor.let("It is\n```python\nx = 1", done_reason="length")
    document = editor.open(CODE)
    for shown in (
        editor.ask("gloss.explain", document.all())["markdown"],
        editor.hover(document, 1, 0)["contents"]["value"],
    ):
        assert shown.startswith("It is\n\n```python\nx = 1\n```\n\n*The model wrote as much as it may")
        assert shown.endswith("Select less to read it all.*")


def test_thinking_in_a_block_that_the_template_began_is_no_part_of_the_outcome(editor: Session) -> None:
    editor.let(*"Hm, a circle.\n</think>\n\nIt is.")
    assert editor.ask("gloss.explain", editor.open(CODE).all())["markdown"] == "It is."
