"""Which completions serve a place that was reached by typing them."""

from __future__ import annotations

import pytest
from places import context_of

from gloss_lsp.core.completion.context import Context
from gloss_lsp.core.completion.reuse import KEPT, Shown, typed_between
from gloss_lsp.core.completion.window import Limits, window
from gloss_lsp.core.text import Place

ABOVE = "".join(f"value_{number} = compute({number})\n" for number in range(20))

ROWS: list[tuple[str, str, str, str | None]] = [
    # Where it was asked for, what was shown, where the cursor is now, what is left to be shown.
    ("x = ‸\n", "foo(1)", "x = ‸\n", "foo(1)"),
    ("x = ‸\n", "foo(1)", "x = fo‸\n", "o(1)"),
    ("x = ‸\n", "foo(1)", "x = foo(1)‸\n", None),
    ("x = ‸\n", "foo(1)", "x = fa‸\n", None),
    ("x = f‸\n", "oo(1)", "x = ‸\n", None),
    ("x = ‸\n", "foo(1)", "y = fo‸\n", None),
    ("x = ‸\n", "foo(1)", "x = fo‸ + 1\n", None),
    ("x = ‸\n", "foo(1)", "x = foo(‸)\n", "1"),
    ("x = ‸\n", "foo([1])", "x = foo([‸])\n", "1"),
    ("x = ‸\n", "foo([1], 2)", "x = foo([‸])\n", None),
    ("x = ‸\n", "foo(1) + 2", "x = foo(‸)\n", None),
    ("x = ‸\n", "foo(\n    1\n)", "x = foo(‸)\n", None),
    ("x = ‸\n", "'a'", "x = '‸'\n", "a"),
    ("x = ‸\n", "foo(1)", "x = ‸)\n", None),
    ("f(‸)\n", "a, b", "f(a,‸)\n", " b"),
    ("if x:‸\n", "\n    y = 1\n    z = 2", "if x:\n    y‸\n", " = 1\n    z = 2"),
    ("if x:‸\n", "\n    y = 1", "if x:\n  ‸\n", "  y = 1"),
    ("if x:‸\n", "\n    y = 1", "if x:\n\t‸\n", None),
    ("x = ‸\nfoo\n", "foo(1)", "x = fo‸\nbar\n", None),
    (ABOVE + "x = ‸\n" + ABOVE, "foo(1)", ABOVE + "x = fo‸\n" + ABOVE, "o(1)"),
]


@pytest.mark.parametrize(("asked", "text", "now", "left"), ROWS)
def test_what_is_left_of_a_completion(asked: str, text: str, now: str, left: str | None) -> None:
    shown = Shown()
    shown.add("a", context_of(asked), text)
    assert shown.find("a", context_of(now)) == left
    assert shown.find("b", context_of(now)) is None


def test_the_ends_of_the_window_may_move_meanwhile() -> None:
    lines = [f"value_{number} = compute({number})\n" for number in range(200)]
    written = "a = 1\n" * 40
    asked = Context(window([*lines[:100], "\n", *lines[100:]], Place(100, 0), Limits()), "python")
    now = [*lines[:100], *(["a = 1\n"] * 30), "a\n", *lines[100:]]
    newer = Context(window(now, Place(130, 1), Limits()), "python")
    assert not newer.window.prefix.startswith(asked.window.prefix)
    typed = typed_between(asked.window, newer.window)
    assert typed is not None
    assert typed.text == "a = 1\n" * 30 + "a"
    assert typed.rest(written) == " = 1\n" + "a = 1\n" * 9


def test_the_newest_completion_of_a_place_counts() -> None:
    shown = Shown()
    for text in ("1", "2"):
        shown.add("a", context_of("x = ‸"), text)
    assert shown.find("a", context_of("x = ‸")) == "2"


def test_no_more_than_so_many_are_remembered() -> None:
    shown = Shown()
    for number in range(KEPT + 1):
        shown.add("a", context_of(f"x{number} = ‸"), "1")
    assert shown.find("a", context_of("x0 = ‸")) is None
    assert shown.find("a", context_of("x1 = ‸")) == "1"
    shown.forget()
    assert shown.find("a", context_of("x1 = ‸")) is None
