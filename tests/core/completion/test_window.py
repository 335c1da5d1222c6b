"""What the model reads: whole lines, a beginning and an end that stay, at the same cost in any document."""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import overload

import pytest
from places import context_of

from gloss_lsp.core.budget import estimate
from gloss_lsp.core.completion.window import Limits, Window, window
from gloss_lsp.core.text import Place, Source, split_lines


def numbered(count: int) -> list[str]:
    return [f"line {number}\n" for number in range(count)]


@pytest.mark.parametrize(
    ("text", "prefix", "suffix"),
    [
        ("‸", "", ""),
        ("a‸", "a", ""),
        ("a‸\n", "a", "\n"),
        ("a\n‸", "a\n", ""),
        ("a\nb‸c\nd", "a\nb", "c\nd"),
        ("a\r\nb‸c\r\nd\r\n", "a\nb", "c\nd\n"),
        ("a\rb‸c\rd", "a\nb", "c\nd"),
        ("a\fb\u2028‸c\n", "a\fb\u2028", "c\n"),
    ],
)
def test_a_small_document_is_taken_whole_with_plain_line_ends(text: str, prefix: str, suffix: str) -> None:
    seen = context_of(text).window
    assert (seen.prefix, seen.suffix, seen.reaches_end) == (prefix, suffix, True)


@pytest.mark.parametrize(
    ("text", "line_end"),
    [("a‸", "\n"), ("a‸\r\nb\n", "\r\n"), ("a\rb‸", "\r"), ("a\r\n‸", "\r\n"), ("a\r\nb‸\nc", "\n")],
)
def test_the_line_end_is_that_of_the_cursors_line_or_of_the_one_above(text: str, line_end: str) -> None:
    assert context_of(text).window.line_end == line_end


def test_the_parts_of_the_window() -> None:
    seen = context_of("one\n\n  two‸ three\n \n  four\n").window
    assert (seen.before, seen.after, seen.line_above, seen.line_below) == ("  two", " three", "one", "  four")
    nothing = Window("", "")
    assert (nothing.before, nothing.after, nothing.line_above, nothing.line_below) == ("", "", "", "")


def test_typing_and_moving_leave_the_beginning_and_the_end_as_they_are() -> None:
    lines = numbered(500)
    limits = Limits()
    starts, ends, sizes = set(), set(), set()
    for line in range(200, 200 + limits.step_before):
        seen = window(lines, Place(line, 3), limits)
        above, below = seen.prefix.count("\n"), seen.suffix.count("\n") - 1
        sizes |= {above >= limits.lines_before, limits.lines_after <= below}
        sizes |= {
            above < limits.lines_before + limits.step_before,
            below < limits.lines_after + limits.step_after,
        }
        starts.add(split_lines(seen.prefix)[0])
        ends.add(split_lines(seen.suffix)[-1])
    assert len(starts) <= 2
    assert len(ends) <= 1 + limits.step_before // limits.step_after
    assert sizes == {True}


def test_new_lines_at_the_cursor_leave_the_end_as_it_is() -> None:
    lines = numbered(500)
    ends = set()
    for line in range(200, 240):
        ends.add(split_lines(window(lines, Place(line, 6), Limits()).suffix)[-1])
        lines.insert(line + 1, "new\n")
    assert len(ends) == 1


def test_each_keystroke_only_adds_to_what_the_model_has_read() -> None:
    lines = numbered(300)
    previous = ""
    for column in range(1, 60):
        lines[150] = "x" * column + "\n"
        seen = window(lines, Place(150, column), Limits())
        assert seen.prefix.startswith(previous)
        assert seen.suffix.startswith("\nline 151\n")
        previous = seen.prefix


@pytest.mark.parametrize("seed", range(30))
def test_the_window_is_a_piece_of_the_text_within_its_limits(seed: int) -> None:
    chance = random.Random(seed)
    words = ["value", " ", "(", "語", "\t", "é", "= 1", "\n", "\n", "    "]
    lines = split_lines("".join(chance.choices(words, k=chance.randrange(1, 4000))))
    limits = Limits(tokens_before=chance.choice([16, 60, 1024]), tokens_after=chance.choice([8, 40, 256]))
    place = Place(chance.randrange(len(lines)), chance.randrange(20))
    seen = window(lines, place, limits)
    source = Source("".join(lines))
    offset = source.offset(place)
    assert source.text[:offset].endswith(seen.prefix)
    assert source.text[offset:].startswith(seen.suffix)
    # Each line is counted alone, and rounded up.
    assert estimate(seen.prefix) <= limits.tokens_before
    assert estimate(seen.suffix) <= limits.tokens_after + 1
    assert seen.reaches_end == (offset + len(seen.suffix) == len(source.text))


def test_the_beginning_stays_where_the_tokens_decide_it() -> None:
    lines = [f"{'value_' * 30}{number}\n" for number in range(200)]
    starts = []
    for column in range(180):
        seen = window(lines, Place(150, column), Limits())
        starts.append(split_lines(seen.prefix + "x")[0])
    assert 0 < len(set(starts)) <= 3


@pytest.mark.parametrize("text", ["x = 1; ", "変数。"])
def test_a_very_long_line_is_cut_in_steps(text: str) -> None:
    limits = Limits()
    line = text * 20_000
    seen = window(["above\n", line, "below\n"], Place(1, 40_000), limits)
    assert line[:40_000].endswith(seen.prefix)
    assert line[40_000:].startswith(seen.suffix)
    assert 0 < estimate(seen.prefix) <= limits.tokens_before
    assert 0 < estimate(seen.suffix) <= limits.tokens_after
    assert not seen.reaches_end
    starts = {
        40_000 + step - len(window([line], Place(0, 40_000 + step), limits).prefix) for step in range(200)
    }
    assert len(starts) <= 4


def test_the_line_of_the_cursor_can_be_seen_otherwise() -> None:
    seen = window(["a\n", "b\n", "c\n"], Place(1, 5), Limits(), line="bcdefg\n")
    assert (seen.prefix, seen.suffix) == ("a\nbcdef", "g\nc\n")


def test_what_is_accepted_stands_ahead_of_the_cursor() -> None:
    lines = numbered(30)
    text = "new\n    more"
    here = window(lines, Place(20, 4), Limits()).followed_by(text)
    there = window([*lines[:20], "linenew\n", "    more 20\n", *lines[21:]], Place(21, 8), Limits())
    assert (here.line, here.since_anchor) == (there.line, there.since_anchor)
    assert here.prefix.endswith("linenew\n    more")
    assert here.suffix == window(lines, Place(20, 4), Limits()).suffix


def test_a_place_past_the_text_is_its_end() -> None:
    seen = window(["a\n"], Place(1, 7), Limits())
    assert (seen.prefix, seen.suffix) == ("a\n", "")
    assert window([], Place(0, 0), Limits()) == Window("", "")


@pytest.mark.parametrize(
    ("room", "before", "after"), [(9000, 1024, 256), (1280, 1024, 256), (640, 512, 128), (-3, 0, 0)]
)
def test_limits_shrink_with_the_room_that_there_is(room: int, before: int, after: int) -> None:
    limits = Limits().within(room)
    assert (limits.tokens_before, limits.tokens_after) == (before, after)
    seen = window(numbered(100), Place(50, 3), limits)
    assert estimate(seen.prefix) <= max(before, 1)


class Counted(Sequence[str]):
    """Lines that count how many of them are looked at."""

    def __init__(self, count: int) -> None:
        self.count, self.looked_at = count, 0

    def __len__(self) -> int:
        return self.count

    @overload
    def __getitem__(self, index: int) -> str: ...
    @overload
    def __getitem__(self, index: slice) -> list[str]: ...
    def __getitem__(self, index: int | slice) -> str | list[str]:
        if isinstance(index, int):
            self.looked_at += 1
            return f"line {index}\n"
        chosen = range(self.count)[index]
        self.looked_at += len(chosen)
        return [f"line {number}\n" for number in chosen]


def test_the_cost_does_not_grow_with_the_document() -> None:
    counts = []
    for size in (2_000, 50_000):
        lines = Counted(size)
        window(lines, Place(size // 2, 3), Limits())
        counts.append(lines.looked_at)
    assert max(counts) < 200
    assert abs(counts[0] - counts[1]) <= 2 * (Limits().step_before + Limits().step_after)
