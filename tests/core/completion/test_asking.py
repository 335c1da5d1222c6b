"""Where no model is asked, and whether a line or a block is completed."""

from __future__ import annotations

import pytest
from places import context_of

from gloss_lsp.core.completion.asking import in_comment, worth_asking


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("x = ‸", True),
        ("x = fo‸", True),
        ("foo(‸)", True),
        ('foo(bar(‸), "]");', True),
        ("x = ‸ + y", True),
        ("retu‸rn", False),
        ("é‸é", False),
        ("x_‸1", False),
        ("x ‸= compute(1)", False),
        ("‸def compute(value):", False),
        ("x = ‸a + b)) }", True),
        ("", False),
        (" \n‸\n", False),
        ("import os\n‸", True),
        ("‸\nimport os", True),
        ("x = [" + "1, " * 400 + "‸", False),
    ],
)
def test_where_the_model_is_asked(text: str, asked: bool) -> None:
    assert worth_asking(context_of(text if "‸" in text else text + "‸")) is asked


def test_a_file_that_nobody_wrote_is_left_alone() -> None:
    assert [worth_asking(context_of("x = ‸"), lines=lines) for lines in (200_000, 200_001)] == [True, False]


@pytest.mark.parametrize(
    ("text", "language", "commented"),
    [
        ("x = 1  # sum of‸", "python", True),
        ("x = 1  # sum of\n‸", "python", False),
        ('x = "# no"‸', "python", False),
        ("x = '#' + ‸", "python", False),
        ("/* one\n * two‸\n", "c", True),
        ("/* one\n */ int x‸\n", "c", False),
        ("/** one ‸", "java", True),
        ("// one\n// two ‸", "go", True),
        ('let url = "http://x"‸', "rust", False),
        ("/// docs ‸", "rust", True),
        ("# a\necho ‸", "shellscript", False),
        ("-- a language that is not known ‸", "cobol", False),
    ],
)
def test_comments_are_asked_about_by_setting(text: str, language: str, commented: bool) -> None:
    context = context_of(text, language)
    assert in_comment(context.window, language) is commented
    assert worth_asking(context, in_comments=True)
    assert worth_asking(context, in_comments=False) is not commented


@pytest.mark.parametrize(
    ("text", "language", "shape"),
    [
        ("x = ‸", "python", "line"),
        ("foo(‸)", "python", "line"),
        ("‸", "python", "block"),
        ("    ‸\n", "python", "block"),
        ("    ‸  # why", "python", "line"),
        ("def f(x):‸", "python", "block"),
        ("async def f(x): ‸", "python", "block"),
        ("    elif x:‸\n        pass", "python", "block"),
        ('x = {"a":‸', "python", "line"),
        ("x: ‸", "python", "line"),
        ("x = {‸", "python", "block"),
        ("foo(‸", "python", "block"),
        ("function f() {‸", "javascript", "block"),
        ("function f() {‸}", "javascript", "line"),
        ("const f = () =>‸", "javascript", "block"),
        ("    case 1:‸", "c", "block"),
        ("x = a ? b :‸", "c", "line"),
        ("match x {‸", "rust", "block"),
        ("if x; then‸", "shellscript", "block"),
        ("for x in *; do‸", "shellscript", "block"),
        ("echo dodo‸", "shellscript", "line"),
        ("def greet(name)‸", "ruby", "block"),
        ("local function f()‸", "lua", "block"),
        ("services:‸", "yaml", "block"),
        ("Now this:‸", "markdown", "line"),
        ("Now (‸", "plaintext", "line"),
        ("# sort the list‸", "python", "line"),
    ],
)
def test_a_line_or_a_block(text: str, language: str, shape: str) -> None:
    assert context_of(text, language).shape == shape
