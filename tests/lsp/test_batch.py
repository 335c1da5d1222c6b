"""The batch: none where reading is fast; where it is slow one, chosen at a load, the same in all requests."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from session import Session, session

from fake import FakeOllama

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

CODE = "# Berechnet die Fläche des Kreises\ndef area(r):\n    return 3.14 * r * r\n"
GENERATING = ("load", "chat", "fill", "generate")


@pytest.fixture
def ollama() -> Iterator[FakeOllama]:
    with FakeOllama() as fake:
        yield fake


def used(home: Path, ollama: FakeOllama) -> None:
    """One session in which all three actions are used, and then the model is idle for so long that it is unloaded."""
    with session(home, environ={"GLOSS_BACKEND_URL": ollama.url}) as editor:
        all_three(editor)
    ollama.script(loaded={})


def all_three(editor: Session) -> None:
    document = editor.open(CODE)
    editor.ask("gloss.explain", document.all())
    editor.ask("gloss.translateComments", document.all())
    editor.ask("gloss.complete", document.lines(2, 2))


def batches(ollama: FakeOllama) -> list[Any]:
    """The batches that requests named, in order, each change once."""
    bodies = [entry["body"] for entry in ollama.requests() if entry["kind"] in GENERATING]
    named = [body["options"].get("num_batch") for body in bodies]
    return [batch for number, batch in enumerate(named) if number == 0 or named[number - 1] != batch]


def reads(ollama: FakeOllama, speed: int) -> None:
    """Let it read so many tokens a second."""
    usage = {"prompt_eval_count": 1000, "prompt_eval_duration": 1000 * 10**9 // speed}
    ollama.script(rules=[{"kind": kind, "usage": usage} for kind in ("chat", "fill")])


def test_where_reading_is_slow_the_next_load_has_a_small_batch_and_so_has_every_request(
    tmp_path: Path, ollama: FakeOllama
) -> None:
    reads(ollama, 74)
    used(tmp_path, ollama)
    assert batches(ollama) == [None], "nothing is loaded again in the middle of work"
    used(tmp_path, ollama)
    used(tmp_path, ollama)
    assert batches(ollama) == [None, 32]
    assert [load["options"] for load in ollama.loads()] == [{}, {"num_batch": 32}, {"num_batch": 32}]


def test_where_reading_is_fast_nothing_is_asked_for(tmp_path: Path, ollama: FakeOllama) -> None:
    reads(ollama, 4000)
    for _ in range(2):
        used(tmp_path, ollama)
    assert batches(ollama) == [None]


def test_what_is_loaded_already_is_not_loaded_again_for_it(tmp_path: Path, ollama: FakeOllama) -> None:
    reads(ollama, 74)
    for _ in range(2):
        with session(tmp_path, environ={"GLOSS_BACKEND_URL": ollama.url}) as editor:
            all_three(editor)
    assert batches(ollama) == [None]
    assert len(ollama.loads()) == 1
