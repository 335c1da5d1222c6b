"""Complete here: what the model is asked, and the one insertion that comes of its answer."""

from __future__ import annotations

import pytest

from gloss_lsp.actions.base import Edits, Gap, Prompt, Selection
from gloss_lsp.actions.complete import ACTION
from gloss_lsp.core.budget import estimate
from gloss_lsp.core.text import Source, Span, apply_edits
from gloss_lsp.errors import CannotFill, Refused

MARK = "‸"


def selection_of(marked: str, language: str = "python", **more: object) -> Selection:
    before, _, after = marked.partition(MARK)
    at = len(before)
    return Selection(Source(before + after, language), Span(at, at), **more)  # type: ignore[arg-type]


def outcome(selection: Selection, *replies: str | CannotFill) -> tuple[str, list[Gap | Prompt]]:
    """The text that the action leaves behind, and what it asked."""
    conversation = ACTION.converse(selection)
    asked = [next(conversation)]
    if isinstance(replies[0], CannotFill):
        asked.append(conversation.throw(replies[0]))
    with pytest.raises(StopIteration) as ended:
        conversation.send(str(replies[-1]))
    edits = ended.value.value
    assert isinstance(edits, Edits)
    assert [edit.span for edit in edits.edits] == [selection.span]
    return apply_edits(selection.source.text, edits.edits), asked


@pytest.mark.parametrize(
    ("text", "reply", "expected"),
    [
        ("x = ‸\ny = 2\n", "1\nz = 3", "x = 1\ny = 2\n"),
        ("def f():\n    ‸\n\nf()\n", "return 1\n\nf()\n", "def f():\n    return 1\n\nf()\n"),
        ("def f():\r\n    ‸\r\n", "a = 1\n    return a\n", "def f():\r\n    a = 1\r\n    return a\r\n"),
        ("def f():\r‸", "    a = 1\n    return a\n", "def f():\r    a = 1\r    return a"),
        ("語 = ‸", "'😀'", "語 = '😀'"),
    ],
)
def test_the_answer_is_inserted_at_the_cursor(text: str, reply: str, expected: str) -> None:
    changed, asked = outcome(selection_of(text), reply)
    assert changed == expected
    (gap,) = asked
    assert isinstance(gap, Gap)
    assert gap.max_tokens == 128


def test_the_gap_is_what_stands_around_the_cursor() -> None:
    _, (gap,) = outcome(selection_of("a = 1\r\nb = ‸  # two\r\nc = 3", options={"max_tokens": 40}), "2")
    assert isinstance(gap, Gap)
    assert (gap.prefix, gap.suffix, gap.max_tokens, gap.stop) == (
        "a = 1\nb = ",
        "  # two\nc = 3",
        40,
        ("\n",),
    )
    assert gap.finished is not None
    assert [gap.finished(reply) for reply in ("2", "2\n")] == [False, True]


def test_what_is_asked_fits_a_small_context() -> None:
    text = "".join(f"value_{number} = compute(value_{number - 1}, {number})\n" for number in range(200))
    _, (gap,) = outcome(selection_of(text + "x = ‸\n" + text, room=1024), "1")
    assert isinstance(gap, Gap)
    assert estimate(gap.prefix) + estimate(gap.suffix) + gap.max_tokens <= 1024


@pytest.mark.parametrize("reply", ["", "  \n", "<|endoftext|>", "\ny = 2\n", "```\n```"])
def test_an_empty_answer_is_said_to_be_one(reply: str) -> None:
    with pytest.raises(Refused, match="nothing to add"):
        outcome(selection_of("x = ‸\ny = 2\n"), reply)


@pytest.mark.parametrize(
    ("text", "reply", "expected"),
    [
        ("x = ‸\n", "```python\n1 + 1\n```", "x = 1 + 1\n"),
        ("x = ‸\n", "```python\nx = 1 + 1\n```\nThat is two.", "x = 1 + 1\n"),
        ("x = ‸\n", "1 + 1", "x = 1 + 1\n"),
        ("def f(a):\n    ‸\n", "So:\n\n```python\n    return a\n```\nDone.", "def f(a):\n    return a\n"),
        ("def f(a):\n    ‸\n", "```\ndef f(a):\n    b = a\n    b()\n```", "def f(a):\n    b = a\n    b()\n"),
        ("def f(a):\n    ‸\n", "```python\ndef f(a):\n    <CURSOR>return a", "def f(a):\n    return a\n"),
        ("def f(a):\n    ‸\n", "Sure, here it is:\nreturn a\n", "def f(a):\n    return a\n"),
    ],
)  # fmt: skip
def test_a_model_that_cannot_fill_is_asked_in_words(text: str, reply: str, expected: str) -> None:
    changed, (gap, prompt) = outcome(selection_of(text), CannotFill("It cannot."), reply)
    assert changed == expected
    assert isinstance(gap, Gap)
    assert isinstance(prompt, Prompt)
    assert text.replace(MARK, "<CURSOR>").rstrip() in prompt.user
    assert prompt.user.startswith("```python\n")


def test_an_answer_in_words_is_stopped_when_its_code_ends() -> None:
    _, (_, prompt) = outcome(selection_of("x = ‸"), CannotFill("It cannot."), "1")
    assert prompt.finished is not None
    replies = ("```python\n1", "```python\n1\n", "```python\n1\n```")
    assert [prompt.finished(reply) for reply in replies] == [False, False, True]


def test_it_is_offered_where_nothing_is_selected() -> None:
    source = Source("x = 1\n", "python")
    assert ACTION.offer(Selection(source, Span(5, 5))) == "Complete here"
    assert ACTION.offer(Selection(source, Span(0, 5))) is None
