"""What is shown of an answer, and how early the model is stopped."""

from __future__ import annotations

import random

import pytest
from completion_cases import Case, cases
from places import context_of

from gloss_lsp.core.completion.filters import CUTS, clean, finished, stops, whole_lines

JS = "javascript"

ROWS: list[Case] = [
    *(case for file in cases().values() for case in file),
    # Characters that change how code reads.
    ("python", "x = ‸", "a\u202e\u2066 # b", "a # b"),
    ("python", "# \u200f\nx = ‸", "a\u200f\x07", "a\u200f"),
    ("python", "x = ‸\r\ny\r\n", "1\r\n2\r\n", "1"),
    ("python", "def f():\r\n    ‸\r\n", "a = 1\r\n    return a\r\n", "a = 1\n    return a"),
]  # fmt: skip


@pytest.mark.parametrize(("language", "place", "answer", "expected"), ROWS)
def test_what_is_left_of_an_answer(language: str, place: str, answer: str, expected: str | None) -> None:
    assert clean(answer, context_of(place, language)) == expected


@pytest.mark.parametrize(("language", "place", "answer", "expected"), ROWS)
def test_stopping_as_soon_as_it_is_decided_loses_nothing(
    language: str, place: str, answer: str, expected: str | None
) -> None:
    context = context_of(place, language)
    lengths = (length for length in range(len(answer)) if finished(answer[:length], context))
    decided = next(lengths, len(answer))
    assert clean(answer[:decided], context) == expected


def pieces(chance: random.Random) -> str:
    parts = [
        "a",
        "b(",
        ")",
        "]",
        "}",
        "{\n",
        "\n",
        "    ",
        "'",
        '"',
        "`",
        "# ",
        ":\n",
        "return x\n",
        "```",
        "<|fim_pad|>",
    ]
    return "".join(chance.choices(parts, k=chance.randrange(30)))


@pytest.mark.parametrize("language", ["python", "javascript", "rust", "markdown"])
def test_no_later_text_brings_back_what_was_cut(language: str) -> None:
    chance = random.Random(language)
    stopped = 0
    for _ in range(600):
        marked = pieces(chance).replace("‸", "") + "‸" + pieces(chance)
        context, answer = context_of(marked, language), pieces(chance)
        for length in range(len(answer)):
            if finished(answer[:length], context):
                stopped += 1
                assert clean(answer[:length], context) == clean(answer, context), (marked, answer, length)
                break
    assert stopped > 100


@pytest.mark.parametrize(
    ("language", "place", "answer", "needed"),
    [
        ("python", "x = ‸", "1 + 2\ny = 3\n", "1 + 2\n"),
        ("python", "foo(‸)", "a, b)\n", "a, b)"),
        ("python", "def f(x):‸", "\n    return x\n\nprint(f(1))\n", "\n    return x\n\np"),
        (JS, "function f() {‸", "\n  return 1;\n}\n\nf();\n", "\n  return 1;\n}\n"),
        (JS, "function f() {\n  ‸\n}\n", "return 1;\n}\n", "return 1;\n}"),
        ("python", "a = 1\n‸\nb = 2\n", "c = 3\nb = 2\nd = 4\n", "c = 3\nb = 2\n"),
        ("python", "def f():\n    ‸", "return 1\n```\nThe function", "return 1\n```\n"),
        ("python", "x = ‸", "```python\n1\n```\nThis is one.", "```python\n1\n"),
        ("python", "x = ‸", "1<|endoftext|>\n2", "1<|endoftext|>"),
        ("python", "x = [‸]", "1, 2, 3", None),
    ],
)
def test_the_model_is_stopped_early(language: str, place: str, answer: str, needed: str | None) -> None:
    context = context_of(place, language)
    lengths = (length for length in range(len(answer) + 1) if finished(answer[:length], context))
    length = next(lengths, None)
    assert (None if length is None else answer[:length]) == needed


def test_cuts_return_beginnings() -> None:
    chance = random.Random(3)
    for _ in range(500):
        context = context_of(pieces(chance) + "‸" + pieces(chance), "javascript")
        answer = pieces(chance)
        for cut in CUTS:
            assert answer.startswith(cut(answer, context)), cut


def test_the_model_is_told_where_to_stop_by_itself() -> None:
    assert stops(context_of("x = ‸")) == ("\n",)
    assert stops(context_of("def f():‸")) == ("\n\n\n",)


@pytest.mark.parametrize(
    ("text", "whole"), [("a\nb", "a\n"), ("a\n", "a\n"), ("a", ""), ("", ""), ("a\n\nb\nc", "a\n\nb\n")]
)
def test_an_answer_that_was_cut_off_ends_with_its_last_whole_line(text: str, whole: str) -> None:
    assert whole_lines(text) == whole
