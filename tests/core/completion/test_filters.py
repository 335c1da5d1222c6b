"""What is shown of an answer, and how early the model is stopped."""
# ruff: noqa: E501  # a row of the table is one line: language, place, answer, what is left

from __future__ import annotations

import random

import pytest
from places import context_of

from gloss_lsp.core.completion.filters import CUTS, clean, finished, stops, whole_lines

JS = "javascript"

ROWS: list[tuple[str, str, str, str | None]] = [
    # The rest of a line.
    ("python", "x = ‸\ny = 2\n", "1\nz = 3\n", "1"),
    ("python", "x = ‸", " 1", "1"),
    ("python", "x =‸", " 1", " 1"),
    ("python", "x = ‸ + y", "a ", "a"),
    ("python", "x = ‸+ y", "a ", "a "),
    ("python", "x = ‸", "\n", None),
    ("python", "x = ‸", "   \n  ", None),
    ("python", "x = ‸", "", None),
    ("python", "foo(‸)", "a, b)", "a, b"),
    ("python", "foo(‸)", "bar(a), [b])", "bar(a), [b]"),
    ("python", 'print("‸")', 'hello")', "hello"),
    ("python", 'print("‸")', "a) b", "a) b"),
    ("python", "foo(a, ‸, c)", "b, c)", "b"),
    ("python", "foo(a, ‸, c)", "b", "b"),
    ("python", "x = foo(‸", "a, b)", "a, b)"),
    ("python", "x = [‸\ny = 1\n", "1, 2]", "1, 2]"),
    ("python", "x = [foo(‸]", "1, 2)", "1, 2)"),
    ("python", "x = [foo(‸]", "1, 2)]", "1, 2)"),
    ("python", "# it's (‸", "fun) they're (say)", "fun) they're (say)"),
    ("rust", "fn f(‸)", "x: &'a str) -> &'a str", "x: &'a str"),
    ("python", "x = foo(‸c)", "abc", "abc"),
    ("python", "x = foo(‸c)", "a + c", "a + "),
    ("rust", "fn f‸ {", "<'a>(x: &'a str) -> &'a str", "<'a>(x: &'a str) -> &'a str"),
    ("rust", "let c = ‸;", "')';", "')'"),
    ("c", "if (c == ‸", "')') return;", "')') return;"),
    (JS, "const s = ‸", "`(${a}`;", "`(${a}`;"),
    ("markdown", "Call it ‸", "(see 1) below :)", "(see 1) below :)"),
    # A block that is told by its indentation.
    ("python", "def f(x):‸", "\n    return x\n\nprint(f(1))\n", "\n    return x"),
    ("python", "def f(x):‸\n\nprint(f(1))\n", "\n    if x:\n        return 1\n\n    return 2\n\n", "\n    if x:\n        return 1\n\n    return 2"),
    ("python", "def f(x):\n    ‸", "return x\n\ndef g():\n    pass", "return x"),
    ("python", "def f(x):\n    ‸", "    return x\n", "return x"),
    ("python", "def f(x):\n    ‸", "\n    return x\n", "return x"),
    ("python", "def f(x):\n‸", "    return x\nf(1)\n", "    return x"),
    ("python", "if a:\n    if b:\n        pass\n    ‸", "c = 1\n    d = 2\ne = 3\n", "c = 1\n    d = 2"),
    ("python", "class A:\n    def f(self):\n        ‸", "return 1\n\n    def g(self):\n", "return 1"),
    ("python", "‸", "import os\n\n\ndef main():\n    pass\n", "import os"),
    ("python", "import os\n‸", "def f():\n    a = 1\n\n    return a\n\n\nf()\n", "def f():\n    a = 1\n\n    return a"),
    ("yaml", "services:\n  ‸", "web:\n    image: x\nvolumes:\n", "web:\n    image: x"),
    ("python", "x = {‸", '\n    "a": 1,\n}\ny = 2\n', '\n    "a": 1,\n}'),
    ("python", "x = {\n    ‸\n}\n", '"a": 1,\n}\n', '"a": 1,'),
    # A block that is closed by a bracket.
    (JS, "function f() {‸", "\n  return 1;\n}\n\nf();\n", "\n  return 1;\n}"),
    (JS, "function f() {\n  ‸", "return 1;\n}\n\nf();\n", "return 1;\n}"),
    (JS, "function f() {\n  ‸\n}\n", "return 1;\n}\n", "return 1;"),
    (JS, "function f() {\n  ‸\n\nfunction g() {\n}\n", "return 1;\n}\n", "return 1;\n}"),
    (JS, "class A {\n  f() {\n    ‸\n  }\n}\n", "return 1;\n  }\n\n  g() {\n  }\n}\n", "return 1;"),
    (JS, "class A {\n  f() {\n    ‸\n}\n", "return 1;\n  }\n\n  g() {\n  }\n}\n", "return 1;\n  }"),
    (JS, "list.map((x) => {‸", "\n  return x;\n});\nlog();\n", "\n  return x;\n});"),
    (JS, "list.map((x) => {‸});\n", " return x; }", " return x; "),
    ("go", "func f() int {\n\t‸\n}\n", "if a {\n\t\treturn 1\n\t}\n\treturn 2\n}\n\nfunc g() {}\n", "if a {\n\t\treturn 1\n\t}\n\treturn 2"),
    ("c", "int f(int a) {‸\n", "\n  if (a) {\n    return 1;\n  } else {\n    return 2;\n  }\n}\n", "\n  if (a) {\n    return 1;\n  } else {\n    return 2;\n  }\n}"),
    ("java", "‸", "class A {\n  int a;\n\n}\n\nclass B {}\n", "class A {\n  int a;\n\n}"),
    # What the file says already.
    ("python", "a = 1\n‸\nb = 2\n", "c = 3\nb = 2\nd = 4\n", "c = 3"),
    ("python", "a = 1\n‸\nb = 2\n", "b = 2\n", None),
    ("python", "a = 1\n‸\nb = 2\n", "b = 2 + c\n", "b = 2 + c"),
    ("python", "a = 1\nb =‸\nb = 2\n", " 2\n", None),
    ("python", "    total += 1\n    ‸", "total += 1\n", None),
    ("python", "    total += 1\n    ‸", "total += 2\n", "total += 2"),
    # A model that goes in circles.
    ("python", "def f():\n    ‸", "a(1)\n    a(1)\n    a(1)\n    a(1)\n", "a(1)"),
    ("python", "def f():\n    ‸", "a(1)\n    a(1)\n    b(1)\n", "a(1)\n    a(1)\n    b(1)"),
    ("python", "def f():\n    ‸", "a(1)\n    b(2)\n    a(1)\n    b(2)\n", "a(1)\n    b(2)"),
    ("python", "# ‸", "this is this is this is this is this is", "this is"),
    ("python", "x = [‸]", "0, 0, 0, 0, 0, 0", "0, 0, 0, 0, 0, 0"),
    ("python", "# ‸", "------------------------------------", "------------------------------------"),
    # What belongs to the model and to chats, not to the file.
    ("python", "x = ‸", "1<|endoftext|>\n2", "1"),
    ("python", "x = ‸", "1<|fim_middle|>2", "1"),
    ("python", "x = ‸", "<|im_end|>", None),
    ("python", "x = ‸", "1<EOT>", "1"),
    ("python", "x = ‸", "1<｜end▁of▁sentence｜>", "1"),
    ("elixir", "x ‸", "<|> y", "<|> y"),
    ("python", "x = ‸", "```python\n1\n```\nThis is one.", "1"),
    ("python", "x = ‸", "```\n1\n```", "1"),
    ("python", "def f():\n    ‸", "return 1\n```\nThe function returns one.", "return 1"),
    ("python", "def f():\n    ‸", "Here is the completed code:\n\n```python\n    return 1\n```\n", "return 1"),
    ("python", "x = ‸", "Sure! Here it is:\n```python\n1\n```", "1"),
    ("go", "\t‸", "ok := f()\n", "ok := f()"),
    ("markdown", "Run this:\n\n‸", "```sh\nls\n```\n", "```sh\nls\n```"),
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
