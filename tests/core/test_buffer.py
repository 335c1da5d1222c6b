"""The edited document: every edit gives what the same edit of a plain string gives, cheaply."""

from __future__ import annotations

import random
import re
from typing import TYPE_CHECKING

import pytest

from gloss_lsp.core.buffer import REMEMBERED, Buffer
from gloss_lsp.core.text import (
    Edit,
    Encoding,
    Place,
    Span,
    apply_edits,
    column_from_units,
    column_to_units,
    split_lines,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

# One character of each width in every encoding, every line end, and what only `str.splitlines` takes for one.
ALPHABET = ["a", " ", "é", "語", "😀", "\n", "\r", "\r\n", "\f", "\v", "\x1c", "\x85", "\u2028", "\u2029"]


def units_place(text: str, line: int, units: int, encoding: Encoding) -> int:
    """The offset of a position by the letter of the protocol, on the whole text."""
    starts = [0, *(match.end() for match in re.finditer(r"\r\n|\n|\r", text))]
    if line >= len(starts):
        return len(text)
    end = starts[line + 1] if line + 1 < len(starts) else len(text)
    body = text[starts[line] : end].rstrip("\r\n")
    return starts[line] + column_from_units(body, units, encoding)


def place_of(lines: Sequence[str], line: int, units: int, encoding: Encoding) -> Place:
    if line >= len(lines):
        return Place(len(lines), 0)
    return Place(line, column_from_units(lines[line].rstrip("\r\n"), units, encoding))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-32"])
@pytest.mark.parametrize("seed", range(25))
def test_random_edits_give_what_edits_of_a_string_give(seed: int, encoding: Encoding) -> None:
    chance = random.Random(seed)

    def some_text(most: int) -> str:
        return "".join(chance.choices(ALPHABET, k=chance.randrange(most)))

    text = some_text(40)
    buffer = Buffer(text)
    for version in range(1, 60):
        ends = [(chance.randrange(12), chance.randrange(12)) for _ in range(2)]
        start, end = sorted(units_place(text, *position, encoding) for position in ends)
        places = [place_of(buffer.lines, *position, encoding) for position in ends]
        new = some_text(6)
        before, text = text, text[:start] + new + text[end:]
        buffer.replace(*places, new, version)

        assert "".join(buffer.lines) == text
        assert list(buffer.lines) == split_lines(text)
        assert buffer.length == len(text)
        assert buffer.snapshot().text == text
        changes = buffer.changes_since(version - 1)
        assert changes is not None
        (change,) = changes
        assert (change.span, change.length) == (Span(start, end), len(new))
        assert apply_edits(before, [Edit(change.span, new)]) == text


@pytest.mark.parametrize("seed", range(20))
def test_a_whole_new_text_is_recorded_as_the_lines_that_differ(seed: int) -> None:
    chance = random.Random(seed)
    lines = ["one\n", "two\r\n", "three\r", "four"]
    old = "".join(chance.choices(lines, k=8))
    new = "".join(chance.choices(lines, k=8)) if seed % 2 else old.replace("two", "2", 1)
    buffer = Buffer(old)
    buffer.reset(new, 7)
    assert list(buffer.lines) == split_lines(new)
    assert buffer.length == len(new)
    changes = buffer.changes_since(0)
    assert changes is not None
    (change,) = changes
    came = new[change.span.start : change.span.start + change.length]
    assert apply_edits(old, [Edit(change.span, came)]) == new


def test_a_whole_new_text_leaves_what_stands_around_the_difference_alone() -> None:
    buffer = Buffer("a\nb\nc\nd\n")
    buffer.reset("a\nB\nnew\nc\nd\n", 2)
    changes = buffer.changes_since(1)
    assert changes is not None
    assert [(change.span, change.length) for change in changes] == [(Span(2, 4), 6)]


@pytest.mark.parametrize(
    ("text", "start", "end", "new", "lines"),
    [
        ("a\r\nb", (0, 1), (0, 1), "\r", ["a\r", "\r\n", "b"]),
        ("a\rb", (1, 0), (1, 0), "\n", ["a\r\n", "b"]),
        ("a\r\nb", (0, 99), (0, 99), "x", ["ax\r\n", "b"]),
        ("a\rx\nb", (1, 0), (1, 1), "", ["a\r\n", "b"]),
        ("a\r\nb", (0, 1), (1, 0), "\n", ["a\n", "b"]),
        ("abc", (0, 99), (0, 99), "X", ["abcX"]),
        ("abc", (5, 3), (9, 0), "X", ["abcX"]),
        ("abc\n", (5, 3), (5, 3), "X", ["abc\n", "X"]),
        ("a\fq\nb", (1, 0), (1, 0), "X", ["a\fq\n", "Xb"]),
        ("a\u2028q\nb", (1, 0), (1, 0), "X", ["a\u2028q\n", "Xb"]),
        ("", (0, 0), (0, 0), "a\n", ["a\n"]),
        ("a\nb\n", (0, 0), (2, 0), "", []),
        ("a\nb\n", (1, 1), (0, 1), "-", ["a-\n"]),
    ],
)
def test_line_ends_and_places_outside_the_text(
    text: str, start: tuple[int, int], end: tuple[int, int], new: str, lines: list[str]
) -> None:
    buffer = Buffer(text)
    buffer.replace(Place(*start), Place(*end), new, 1)
    assert list(buffer.lines) == lines
    assert buffer.length == sum(map(len, lines))


def test_a_snapshot_is_made_once_a_version_and_never_changes() -> None:
    buffer = Buffer("one\n", "python", "file:///a.py", 1, "a.py")
    first = buffer.snapshot()
    assert first is buffer.snapshot()
    assert (first.text, first.language, first.uri, first.version, first.path) == (
        "one\n", "python", "file:///a.py", 1, "a.py",
    )  # fmt: skip
    buffer.replace(Place(0, 0), Place(0, 3), "two", 2)
    assert first.text == "one\n"
    assert (buffer.snapshot().text, buffer.snapshot().version) == ("two\n", 2)


def test_changes_are_told_by_version_and_forgotten_in_order() -> None:
    buffer = Buffer("", version=3)
    assert buffer.changes_since(3) == ()
    assert buffer.changes_since(2) is None
    for version in range(4, 6):
        buffer.replace(Place(0, 0), Place(0, 0), "x", version)
        buffer.replace(Place(0, 0), Place(0, 0), "y", version)
    assert [change.version for change in buffer.changes_since(3) or ()] == [4, 4, 5, 5]
    assert [change.version for change in buffer.changes_since(4) or ()] == [5, 5]
    for version in range(6, 6 + REMEMBERED):
        buffer.replace(Place(0, 0), Place(0, 0), "z", version)
    assert buffer.changes_since(4) is None
    assert len(buffer.changes_since(5) or ()) == REMEMBERED


class CountingLines(list[str]):
    """Lines that count how many of them are looked at."""

    def __init__(self, lines: Sequence[str]) -> None:
        super().__init__(lines)
        self.looked_at = 0

    def __getitem__(self, index):
        found = super().__getitem__(index)
        self.looked_at += len(found) if isinstance(index, slice) else 1
        return found


def test_typing_looks_at_few_lines_of_a_large_document() -> None:
    buffer = Buffer("".join(f"line {number}\n" for number in range(50_000)))
    buffer.replace(Place(25_000, 0), Place(25_000, 0), "x", 1)
    buffer._lines = lines = CountingLines(buffer.lines)
    for version in range(2, 102):
        buffer.replace(Place(25_000 + version % 5, 1), Place(25_000 + version % 5, 1), "y", version)
    assert lines.looked_at < 100 * 40


def test_columns_go_there_and_back_in_every_encoding() -> None:
    line = "aé語😀b"
    encodings: tuple[Encoding, ...] = ("utf-8", "utf-16", "utf-32")
    for encoding in encodings:
        for column in range(len(line) + 1):
            assert column_from_units(line, column_to_units(line, column, encoding), encoding) == column
