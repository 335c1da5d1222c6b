"""Bytes and seconds as people read them."""

from __future__ import annotations

import pytest

from gloss_lsp.core.amounts import duration, part, size

SIZES = [(0, ""), (999, "999 B"), (4000, "4 kB"), (986_061_892, "986 MB"), (4_683_087_332, "4.7 GB")]
PARTS = [
    (0, 4_700_000_000, "0.0 of 4.7 GB"),
    (1_234_000_000, 4_700_000_000, "1.2 of 4.7 GB"),
    (1_000_000, 9_000_000, "1 of 9 MB"),
    (1, 9, "1 of 9 B"),
]
DURATIONS = [
    (-3, "0 s"),
    (0.4, "0 s"),
    (78.2, "78 s"),
    (120, "120 s"),
    (125, "2 min 5 s"),
    (3599.4, "59 min 59 s"),
    (7500, "2 h 5 min"),
]


@pytest.mark.parametrize(("count", "text"), SIZES)
def test_bytes(count: int, text: str) -> None:
    assert size(count) == text


@pytest.mark.parametrize(("done", "whole", "text"), PARTS)
def test_a_part_has_the_unit_of_the_whole(done: int, whole: int, text: str) -> None:
    assert part(done, whole) == text


@pytest.mark.parametrize(("seconds", "text"), DURATIONS)
def test_durations(seconds: float, text: str) -> None:
    assert duration(seconds) == text
