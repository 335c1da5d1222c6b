"""What a list says of each model."""

from __future__ import annotations

import pytest

from gloss_lsp.backends.base import Model
from gloss_lsp.core.choose import Wishes, choose
from gloss_lsp.core.listing import listed

GB = 1000**3
CODER = Model("coder:1b", size=1 * GB, fill="raw")
THINKER = Model("thinker:8b", size=5 * GB, thinking=True)
HUGE = Model("huge:70b", size=40 * GB)
LOADED = Model("big:30b", size=20 * GB, loaded=True, memory=22 * GB)
BASE = Model("base:3b", size=2 * GB, chat=False, fill="suffix")
EMBEDDER = Model("embed:latest", size=1, chat=False, embedding=True)
CLOUD = Model("far:cloud", size=400 * GB, remote_host="https://example.com")

CASES = [
    ("a model for code", CODER, 8 * GB, ("chat", "complete"), True),
    ("one that thinks", THINKER, 8 * GB, ("chat", "think"), True),
    ("one that only fills in", BASE, 8 * GB, ("complete",), True),
    ("one for embeddings", EMBEDDER, 8 * GB, ("embed",), True),
    ("one that is too large", HUGE, 8 * GB, ("chat",), False),
    ("one that is loaded fits", LOADED, 1 * GB, ("chat",), True),
    ("one that runs elsewhere fits", CLOUD, 8 * GB, ("chat",), True),
    ("where memory is not known, nothing speaks against it", HUGE, 0, ("chat",), True),
]


@pytest.mark.parametrize(
    ("model", "memory", "can", "fits"), [case[1:] for case in CASES], ids=[c[0] for c in CASES]
)
def test_what_a_model_can_do_and_whether_it_fits(
    model: Model, memory: int, can: tuple[str, ...], fits: bool
) -> None:
    [said] = listed([model], {}, memory)
    assert (said.model, said.can, said.fits, said.used_for) == (model, can, fits, ())


def test_what_is_loaded_makes_way() -> None:
    said = {
        each.model.name: each.fits for each in listed([LOADED, Model("other:20b", size=15 * GB)], {}, 1 * GB)
    }
    assert said == {"big:30b": True, "other:20b": True}


def test_what_each_is_used_for() -> None:
    models = [THINKER, CODER, EMBEDDER]
    choices = choose(models, Wishes({"chat": THINKER.name}), 16 * GB)
    said = {each.model.name: each.used_for for each in listed(models, choices, 16 * GB)}
    assert said == {THINKER.name: ("chat", "translate"), CODER.name: ("complete",), EMBEDDER.name: ()}


def test_a_named_model_that_does_not_fit_is_said_to() -> None:
    reason = choose([HUGE, CODER], Wishes({"chat": HUGE.name}), 8 * GB)["chat"].reason
    assert "may not fit in memory" in reason
    assert "44.5 GB" in reason
    assert "8.0 GB" in reason
    for memory in (0, 64 * GB):
        assert (
            choose([HUGE], Wishes({"chat": HUGE.name}), memory)["chat"].reason
            == "It is named in the settings."
        )
