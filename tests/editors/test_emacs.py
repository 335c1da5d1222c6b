"""Emacs with eglot, as a person uses it: eglot's own commands are called, and what is seen is looked at."""

from __future__ import annotations

import threading

import pytest

from editors.emacs import SAMPLE, play

pytestmark = pytest.mark.needs("emacs")

EXPLANATION = {"kind": "chat", "pieces": ["It computes ", "the area ", "of a circle."]}
TRANSLATIONS = [
    {"kind": "chat", "contains": "счастливое", "pieces": ["a happy face"]},
    {"kind": "chat", "contains": "считает", "pieces": ["computes the area of a circle"]},
]


def test_the_menu(tmp_path, ollama):
    seen = play(tmp_path, "menu", ollama=ollama.url)
    offered = {place: [title.split()[0] for title in titles] for place, titles in seen.items()}
    assert offered == {
        "function": ["Explain"],
        "file": ["Explain", "Translate"],
        "nothing": ["Explain", "Translate", "Complete"],
    }


def test_hovering_shows_the_explanation(tmp_path, ollama):
    ollama.script(rules=[EXPLANATION])
    seen = play(tmp_path, "explain", ollama=ollama.url)
    assert "It computes the area of a circle." in seen["hover"]
    assert seen["text"] == SAMPLE
    assert "math.pi * radius" in str(ollama.requests("chat")[0]["body"])


def test_a_command_keeps_nobody_waiting_and_is_stopped(tmp_path, ollama):
    """eglot waits for the answer to a command, and Emacs with it."""
    ollama.script(rules=[{"kind": "chat", "never": True}])
    path = tmp_path / "circle.py"

    def watch() -> None:
        ollama.wait_for_request(1, kind="chat")
        path.with_suffix(".py.asked").touch()
        ollama.wait_closed(1, kind="chat")
        path.with_suffix(".py.closed").touch()

    watching = threading.Thread(target=watch)
    watching.start()
    play(tmp_path, "stop", ollama=ollama.url)
    watching.join()
    assert ollama.requests("chat")[0]["closed_while_active"]


def test_comments_are_translated_in_place_and_undone_in_one_step(tmp_path, ollama):
    ollama.script(rules=TRANSLATIONS)
    seen = play(tmp_path, "translate", ollama=ollama.url)
    first = SAMPLE.replace("счастливое лицо", "a happy face")
    assert seen["after"] == first.replace("считает площадь круга", "computes the area of a circle")
    assert seen["undone"] == SAMPLE


def test_what_comes_next_is_in_the_list(tmp_path, ollama):
    ollama.script(rules=[{"kind": "fill", "pieces": ["print(area(2.0))"]}])
    seen = play(tmp_path, "complete", ollama=ollama.url)
    assert seen["text"] == SAMPLE + "print(area(2.0))"


def test_without_ollama_the_user_is_told_what_to_do(tmp_path, ollama):
    ollama.stop()
    said = play(tmp_path, "unreachable", ollama=ollama.url)["said"]
    assert ollama.url.removeprefix("http://") in said
    assert "ollama serve" in said
