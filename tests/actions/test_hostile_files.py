"""Files that nobody writes by hand: nested deeper than calls can be, or lines without an end and a space."""

from __future__ import annotations

import pytest

from gloss_lsp.actions import action_named
from gloss_lsp.actions.base import Page, Prompt, Selection
from gloss_lsp.core.text import Source, Span
from gloss_lsp.errors import TooLong

DEEP = {
    "a sum": ("python", "x = " + " + ".join(["a"] * 3_000)),
    "attributes": ("python", "a" + ".b" * 3_000),
    "brackets": ("python", "(" * 2_000 + "a" + ")" * 2_000),
    "pointers": ("c", "int " + "*" * 3_000 + "p;"),
    "tuples": ("python", "(" * 900 + "a" + ",)" * 900 + " = b"),
    "blocks": ("javascript", "{" * 2_000 + "}" * 2_000),
    "functions": ("javascript", "() => " * 2_000 + "1"),
}

LONG = ["@", "a@", "a@b.", "{@a", "a", "a.", "a_", "aB", "a-", "://", "a://", "<a ", "+a", "ab1"]


@pytest.mark.parametrize("name", DEEP)
def test_what_is_nested_deep_is_explained_all_the_same(name: str) -> None:
    language, text = DEEP[name]
    source = Source(text, language, "file:///a", 1, "a")
    middle = len(text) // 2
    for span in (Span(0, len(text)), Span(middle, middle + 1)):
        try:
            said = next(action_named("explain").converse(Selection(source, span, room=32_768)))
        except TooLong:
            continue
        assert isinstance(said, Prompt)


@pytest.mark.parametrize("unit", LONG)
@pytest.mark.timeout(20)
def test_a_comment_may_hold_a_long_run_without_a_space(unit: str) -> None:
    text = f"# Fläche des Kreises {unit * (60_000 // len(unit))}\nx = 1\n# Größe der Fläche\n"
    source = Source(text, "python", "file:///a.py", 1, "a.py")
    conversation = action_named("translateComments").converse(Selection(source, source.whole, room=4_096))
    said = next(conversation)
    assert not isinstance(said, Page)
