"""How far a pull has come, and how long it will take."""

from __future__ import annotations

import pytest

from gloss_lsp.core.pulling import Amount, Pull

GB = 1000**3
MB = 1000**2
WEIGHTS = ("weights", 4 * GB)
LICENCE = ("licence", 1 * GB)


def pulled(*steps: tuple[tuple[str, int], int, float]) -> list[Amount]:
    """What is said at each step: a layer, its bytes that are there, and the time."""
    pull = Pull()
    return [pull.step(layer, done, total, at) for (layer, total), done, at in steps]


def steady(
    start: int, speed: int, seconds: float, tick: float = 0.06
) -> list[tuple[tuple[str, int], int, float]]:
    """Steps of the weights, as Ollama tells them."""
    times = [number * tick for number in range(round(seconds / tick) + 1)]
    return [(WEIGHTS, start + round(speed * at), at) for at in times]


WORDS = [
    ("the beginning", [(WEIGHTS, 0, 0.0)], "0.0 of 4.0 GB"),
    ("a speed", steady(0, 45 * MB, 10), "0.5 of 4.0 GB, 45 MB/s, 79 s left"),
    ("what was there says nothing of speed", [(WEIGHTS, 3 * GB, 0.0)], "3.0 of 4.0 GB"),
    ("going on from what is there", steady(3 * GB, 10 * MB, 10), "3.1 of 4.0 GB, 10 MB/s, 90 s left"),
    ("minutes", steady(0, 5 * MB, 10), "0.1 of 4.0 GB, 5 MB/s, 13 min 10 s left"),
    ("nothing comes", [(WEIGHTS, GB, at) for at in (0.0, 1.0, 60.0)], "1.0 of 4.0 GB"),
    ("all layers count", [(WEIGHTS, 4 * GB, 0.0), (LICENCE, 0, 0.1)], "4.0 of 5.0 GB"),
    ("one that was there before", [(WEIGHTS, 4 * GB, 0.0), (LICENCE, 0, 9.0)], "4.0 of 5.0 GB"),
    ("the end", [*steady(0, 400 * MB, 9.9), (WEIGHTS, 4 * GB, 10.0)], "4.0 of 4.0 GB, 400 MB/s, 0 s left"),
]


@pytest.mark.parametrize(("steps", "text"), [case[1:] for case in WORDS], ids=[case[0] for case in WORDS])
def test_what_is_said(steps: list[tuple[tuple[str, int], int, float]], text: str) -> None:
    assert str(pulled(*steps)[-1]) == text


def test_a_stutter_hardly_changes_the_estimate_and_a_change_of_speed_does() -> None:
    even = pulled(*steady(0, 40 * MB, 20))[-1].rate
    stutter = [*steady(0, 40 * MB, 20), (WEIGHTS, 800 * MB, 20.5)]
    assert 0.85 * even < pulled(*stutter)[-1].rate < even
    slower = [(WEIGHTS, 800 * MB + round(4 * MB * at), 20 + at) for at in range(1, 31)]
    assert 4 * MB <= pulled(*steady(0, 40 * MB, 20), *slower)[-1].rate < 5 * MB


def test_where_nothing_comes_any_more_the_time_left_grows() -> None:
    waits = [(WEIGHTS, 400 * MB, 10.0 + at) for at in range(1, 60)]
    said = pulled(*steady(0, 40 * MB, 10), *waits)
    left = [amount.left for amount in said[-50:]]
    assert left == sorted(left)


def test_bytes_that_are_fetched_again_neither_turn_the_bar_back_nor_make_a_speed_below_zero() -> None:
    said = pulled(*steady(0, 100 * MB, 5), (WEIGHTS, 100 * MB, 5.1), (WEIGHTS, 110 * MB, 5.2))
    shares = [amount.share for amount in said]
    assert shares == sorted(shares)
    assert said[-1].done == 110 * MB
    assert said[-1].rate > 90 * MB


def test_another_layer_does_not_turn_the_bar_back() -> None:
    said = pulled((WEIGHTS, 4 * GB, 0.0), (LICENCE, 0, 1.0), (LICENCE, 1 * GB, 2.0))
    assert [amount.share for amount in said] == [1.0, 1.0, 1.0]
    assert [amount.total for amount in said] == [4 * GB, 5 * GB, 5 * GB]


def test_a_small_layer_that_comes_first_is_not_the_whole_bar() -> None:
    said = pulled((LICENCE, 1 * GB, 0.0), (WEIGHTS, 0, 1.0), (WEIGHTS, 1 * GB, 2.0))
    assert [amount.share for amount in said] == [1.0, 0.2, 0.4]


@pytest.mark.parametrize("total", [0, 5])
def test_odd_numbers_are_harmless(total: int) -> None:
    [first, second] = pulled((("x", total), 9, 5.0), (("x", total), 9, 4.0))
    assert (first.done, second.done) == (total, total)
    assert second.rate == 0
