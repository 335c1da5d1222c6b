"""Words that come bit by bit are wrapped as if they had come at once."""

from __future__ import annotations

import pytest

from gloss_lsp.cli.wrap import Wrap

CASES = {
    "short lines are left alone": ("one two\n\nthree\n", "one two\n\nthree\n"),
    "a word that does not fit goes down": ("one two three four\n", "one two\nthree four\n"),
    "a word is one cell too long": ("one two 567\n", "one two\n567\n"),
    "a line is just full": ("one two 56\n", "one two 56\n"),
    "a word longer than a line stays whole": ("a abcdefghijklmn b\n", "a\nabcdefghijklmn\nb\n"),
    "what stands before a line stays": ("  - one two three\n", "  - one\ntwo three\n"),
    "spaces at the end go": ("one  \ntwo", "one\n"),
    "code is left alone": (
        "```py\nfoo(a, b, c, d)\n```\none two three\n",
        "```py\nfoo(a, b, c, d)\n```\none two\nthree\n",
    ),
    "wide characters are two cells": ("计算最近值的移动平均\n", "计算最近值\n的移动平均\n"),
}


@pytest.mark.parametrize("size", [1, 3, 100], ids=lambda size: f"by {size}")
@pytest.mark.parametrize(("text", "wrapped"), CASES.values(), ids=CASES)
def test_words_are_wrapped(text, wrapped, size):
    wrap = Wrap(10)
    pieces = [text[at : at + size] for at in range(0, len(text), size)]
    assert "".join(wrap.feed(piece) for piece in pieces) == wrapped


def test_what_is_known_to_fit_is_written_at_once():
    wrap = Wrap(80)
    assert [wrap.feed(piece) for piece in ("It ", "comp", "utes the", " area")] == [
        "It",
        "",
        " computes",
        " the",
    ]
