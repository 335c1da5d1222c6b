"""How fast a model is, out of its answers; and the batch that suits it."""

from __future__ import annotations

import pytest

from gloss_lsp.backends.base import Usage
from gloss_lsp.core.speed import Measured, Speed, batch_for


def answer(read: int | None, reading: float, written: int = 0, writing: float = 0.0) -> Usage:
    return Usage(5000, reading, written, writing, read_tokens=read)


LEARNING = [
    ("one answer", [answer(740, 10, 44, 2)], 74, 22),
    ("a short prompt says nothing", [answer(127, 0.001, 15, 0.001)], 0, 0),
    ("nor one of which nobody knows how much was read", [answer(None, 0.01, 44, 2)], 0, 22),
    ("nor one that took no time", [answer(740, 0.0, 44, 0.0)], 0, 0),
    ("what was kept from an earlier prompt does not count", [answer(740, 10), answer(3, 0.05)], 74, 0),
    ("a long prompt weighs more", [answer(200, 1), answer(2000, 20)], 104, 0),
    ("the newest weighs most", [answer(1000, 10), *[answer(1000, 1)] * 4], 477, 0),
]


@pytest.mark.parametrize(
    ("answers", "reads", "writes"), [row[1:] for row in LEARNING], ids=[row[0] for row in LEARNING]
)
def test_learning(answers: list[Usage], reads: float, writes: float) -> None:
    known = Measured()
    for usage in answers:
        known = known.with_answer(usage)
    assert round(known.reading.per_second) == reads
    assert round(known.writing.per_second) == writes


BATCHES = [
    # tokens a second, the batch so far, loaded already, the batch
    (0, None, False, None),
    (30, None, False, 32),
    (74, None, False, 32),
    (127, None, False, 32),
    (128, None, False, 64),
    (400, None, False, 128),
    (999, None, False, 256),
    (1000, None, False, None),
    (9000, None, False, None),
    # Nothing is loaded again for it.
    (74, None, True, None),
    (74, 32, True, 32),
    # Chosen once.
    (400, 32, False, 32),
    (1500, 32, False, 32),
    (0, 64, False, 64),
    # Another machine, by now.
    (2000, 32, False, None),
    (2000, 32, True, 32),
]


@pytest.mark.parametrize(("speed", "before", "loaded", "batch"), BATCHES)
def test_the_batch(speed: float, before: int | None, loaded: bool, batch: int | None) -> None:
    known = Measured(Speed(speed * 10, 10.0 if speed else 0.0), batch=before)
    assert batch_for(known, loaded=loaded) == batch


@pytest.mark.parametrize(("seconds", "batch"), [(0.5, None), (1.9, None), (2.0, 32)])
def test_none_is_chosen_for_one_slow_moment(seconds: float, batch: int | None) -> None:
    assert batch_for(Measured(Speed(74 * seconds, seconds)), loaded=False) == batch
