"""The anchored form: what is sent in it, what the answer has to begin with, and that typing only adds to it."""

from __future__ import annotations

from itertools import pairwise

import pytest

from gloss_lsp.core.completion.anchor import (
    STEP,
    Anchored,
    Beginning,
    Habit,
    anchored,
    lines_since_anchor,
)
from gloss_lsp.core.completion.forms import Form, form_for
from gloss_lsp.core.completion.window import Limits, window
from gloss_lsp.core.text import Place, split_lines

BELOW = "".join(f"    value_{number} = compute({number})\n" for number in range(8))
SUFFIX = f"\n{BELOW}"


def form(name: str = "coder", architecture: str = "qwen2") -> Form:
    found = form_for("", architecture, name)
    assert found is not None
    return found


def prompt(head: str, middle: str, suffix: str = SUFFIX) -> str:
    return f"<|fim_prefix|>{head}<|fim_suffix|>{suffix}<|fim_middle|>{middle}"


@pytest.mark.parametrize(
    ("prefix", "lines", "head", "middle", "begins"),
    [
        ("a\nb\n    ret", 0, "a\nb\n", "", "    ret"),
        ("a\nb\n    ret", 1, "a\n", "b\n", "    ret"),
        ("a\nx = fo", 0, "a\n", "x =", " fo"),
        ("a\nx = ", 0, "a\n", "x =", " "),
        ("a\nx = f(", 0, "a\n", "x = f(", ""),
        ("a\nx = f.val", 0, "a\n", "x = f.", "val"),
        ("a\nx\t\tgrö", 0, "a\n", "x", "\t\tgrö"),
        ("a\n", 0, "a\n", "", ""),
        ("a\n    \n    ", 0, "a\n    \n", "", "    "),
        ("a\nb\n", 1, "a\n", "b\n", ""),
        ('m = "<|fim_middle|>"\na\nb = ', 0, "a\n", "b =", " "),
    ],
)
def test_the_text_since_the_anchor_begins_the_answer(
    prefix: str, lines: int, head: str, middle: str, begins: str
) -> None:
    assert anchored(form(), prefix, SUFFIX, lines) == Anchored(prompt(head, middle), begins)


@pytest.mark.parametrize(
    ("prefix", "suffix", "lines"),
    [
        ("x = ", SUFFIX, 0),
        ("a\nb\nx = ", SUFFIX, 2),
        ("a\nb\nx = ", SUFFIX, 9),
        ("\n\nx = ", SUFFIX, 0),
        ("a\nx = ", "", 0),
        ("a\nx = ", "\n\ny = 2\n", 0),
        ("a\n" + "x" * 33, SUFFIX, 0),
    ],
)
def test_the_usual_form_is_kept_where_it_is_the_better_one(prefix: str, suffix: str, lines: int) -> None:
    assert anchored(form(), prefix, suffix, lines) is None


@pytest.mark.parametrize("name", ["codestral", "seed-coder"])
def test_a_form_whose_prompt_ends_with_the_cursor_needs_no_anchor(name: str) -> None:
    assert anchored(form(name, "llama"), "a\nx = ", SUFFIX, 0) is None


def test_the_anchor_moves_in_steps_and_text_stands_ahead_of_it() -> None:
    anchors = [line - lines_since_anchor(line) for line in range(40)]
    assert anchors[:9] == [0, 1, 2, 2, 4, 4, 4, 4, 8]
    assert set(anchors[8:]) == {8, 16, 24, 32}
    assert Limits().step_before % STEP == 0


TYPED = """\
def total(values):
    result = 0
    for value in values:
        if value.is_wanted:
            result += value.amount
    return result


def mean(values):
    return total(values) / len(values)
"""


def test_what_is_typed_only_adds_to_the_prompt() -> None:
    above = [f"import package_{number}\n" for number in range(24)]
    prompts: list[tuple[int, Anchored]] = []
    text = ""
    for character in TYPED:
        text += character
        written = split_lines(text)
        line, column = (len(written), 0) if character == "\n" else (len(written) - 1, len(written[-1]))
        own = [""] if character == "\n" else []
        lines = [*above, *written, *own]
        lines[-1] += "\n"
        seen = window([*lines, *split_lines(BELOW)], Place(24 + line, column), Limits())
        assert seen.since_anchor is not None
        asked = anchored(form(), seen.prefix, seen.suffix, seen.since_anchor)
        assert asked is not None
        assert (seen.prefix + "‸").endswith(asked.begins + "‸")
        prompts.append((24 + line - seen.since_anchor, asked))
    steps = 0
    for (anchor, older), (newer_anchor, newer) in pairwise(prompts):
        if anchor != newer_anchor:
            steps += 1
            continue
        assert newer.prompt.startswith(older.prompt)
    assert steps == 1


@pytest.mark.parametrize(
    ("begins", "pieces", "left", "state"),
    [
        ("    ret", ["    return", " x"], "urn x", "met"),
        ("    ret", [" ", "   re", "t", "urn"], "urn", "met"),
        (" ", [" 1"], "1", "met"),
        (" fo", [" f", "un"], "", "missed"),
        (" fo", ["fo"], "", "missed"),
        (" fo", [" f"], "", "open"),
        ("", ["a", "b"], "ab", "met"),
        ("ret", ["ret", "ret"], "ret", "met"),
    ],
)
def test_what_an_answer_has_to_begin_with_is_taken_from_it(
    begins: str, pieces: list[str], left: str, state: str
) -> None:
    beginning = Beginning(begins)
    assert "".join(map(beginning.feed, pieces)) == left
    assert (beginning.met, beginning.missed) == (state == "met", state == "missed")


def test_an_answer_that_begins_otherwise_is_seen_at_its_first_character() -> None:
    beginning = Beginning("    ret")
    beginning.feed("   ")
    assert not beginning.missed
    beginning.feed("d")
    assert beginning.missed


def test_a_model_is_asked_inside_a_word_when_it_has_shown_that_it_can() -> None:
    habit = Habit()
    assert [habit.allows(begins) for begins in ("", " ", " wo")] == [True, True, False]
    habit.learn(" ", met=True)
    assert habit.allows(" wo")
    habit.learn(" wo", met=False)
    assert not habit.allows(" wo")
    assert habit.allows(" ")
    habit.learn("", met=True)
    assert not habit.allows(" wo")


def test_a_model_that_never_begins_as_it_has_to_is_no_longer_asked_to() -> None:
    habit = Habit()
    for _ in range(4):
        assert habit.allows(" ")
        habit.learn(" ", met=False)
    assert not habit.allows(" ")
    assert not habit.allows("")
