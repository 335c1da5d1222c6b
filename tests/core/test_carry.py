"""Edits move with what the user typed meanwhile, or are given up: the wrong place is never edited."""

from __future__ import annotations

import random

import pytest

from gloss_lsp.core.buffer import Buffer
from gloss_lsp.core.text import Edit, Place, Span, apply_edits

TEXT = "x = 1\n# alt\ny = 2\n"
COMMENT = Edit(Span(6, 11), "# old")


def at(line: int, column: int) -> Place:
    return Place(line, column)


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ([], "x = 1\n# old\ny = 2\n"),
        ([(at(0, 5), at(0, 5), "0")], "x = 10\n# old\ny = 2\n"),
        ([(at(2, 0), at(2, 5), "")], "x = 1\n# old\n\n"),
        ([(at(0, 0), at(1, 0), "")], "# old\ny = 2\n"),
        ([(at(0, 5), at(0, 5), "\nz = 3")], "x = 1\nz = 3\n# old\ny = 2\n"),
        # Editors tell of a new line above as text inserted where the comment begins, too.
        ([(at(1, 0), at(1, 0), "z = 3\n")], "x = 1\nz = 3\n# old\ny = 2\n"),
        ([(at(1, 5), at(1, 5), "\nz = 3")], "x = 1\n# old\nz = 3\ny = 2\n"),
        ([(at(0, 0), at(0, 0), "é"), (at(0, 0), at(0, 1), ""), (at(0, 1), at(0, 1), "😀\r\n")],
         "x😀\r\n = 1\n# old\ny = 2\n"),
        # Touched: at its edges, within, over it, and one that comes to it only by the change before.
        ([(at(1, 0), at(1, 0), "z")], None),
        ([(at(1, 5), at(1, 5), "!")], None),
        ([(at(1, 2), at(1, 3), "A")], None),
        ([(at(1, 3), at(1, 3), "")], None),
        ([(at(0, 0), at(3, 0), "all new\n")], None),
        ([(at(0, 0), at(0, 0), "\n"), (at(2, 2), at(2, 2), "!")], None),
    ],
)  # fmt: skip
def test_an_edit_moves_with_changes_that_do_not_touch_it(
    changes: list[tuple[Place, Place, str]], expected: str | None
) -> None:
    buffer = Buffer(TEXT)
    for version, (start, end, text) in enumerate(changes, 1):
        buffer.replace(start, end, text, version)
    carried = buffer.carry(0, [COMMENT])
    assert (None if carried is None else apply_edits(buffer.snapshot().text, carried)) == expected


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ((at(0, 0), at(0, 0), "ab"), "abx = 1+1\n"),
        ((at(0, 5), at(0, 5), "0"), None),
        ((at(0, 5), at(0, 5), "\n"), None),
        ((at(0, 4), at(0, 5), ""), None),
    ],
)
def test_an_insertion_is_given_up_when_anything_happens_at_its_place(
    change: tuple[Place, Place, str], expected: str | None
) -> None:
    buffer = Buffer("x = 1\n")
    buffer.replace(*change, 1)
    carried = buffer.carry(0, [Edit(Span(5, 5), "+1")])
    assert (None if carried is None else apply_edits(buffer.snapshot().text, carried)) == expected


def test_one_edit_that_is_touched_gives_up_all() -> None:
    buffer = Buffer(TEXT)
    buffer.replace(at(2, 0), at(2, 1), "why", 1)
    assert buffer.carry(0, [COMMENT, Edit(Span(12, 17), "y = 3")]) is None


def test_a_carried_edit_replaces_the_very_characters_it_was_made_for() -> None:
    """The edited characters appear nowhere else, so they can be found again after random changes."""
    chance = random.Random(7)
    outcomes = {"carried": 0, "given up": 0}
    for _ in range(200):
        text = "".join(chance.choices("ab \n", k=40))
        middle = chance.randrange(40)
        buffer = Buffer(text[:middle] + "#語#" + text[middle:])
        edit = Edit(Span(middle, middle + 3), "!")
        for version in range(1, 6):
            start = buffer.snapshot().place(chance.randrange(buffer.length + 1))
            end = Place(start.line, start.column + chance.randrange(3))
            buffer.replace(start, end, chance.choice(["", "a", "b\n", "\nb"]), version)
        carried = buffer.carry(0, [edit])
        outcomes["given up" if carried is None else "carried"] += 1
        if carried is not None:
            now = buffer.snapshot()
            assert now.slice(carried[0].span) == "#語#"
            assert apply_edits(now.text, carried) == now.text.replace("#語#", "!")
    assert min(outcomes.values()) > 20


def test_what_was_made_for_a_version_that_is_forgotten_is_given_up() -> None:
    assert Buffer(TEXT, version=5).carry(4, [COMMENT]) is None
    assert Buffer(TEXT, version=5).carry(5, [COMMENT]) == (COMMENT,)
