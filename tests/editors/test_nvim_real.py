"""Neovim with the plugin and a real model: what a person has after installing both."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from ollama_rig import embedded_weights

from editors.nvim import SAMPLE, Editor, wait

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = [pytest.mark.needs("nvim"), pytest.mark.needs("embedded"), pytest.mark.timeout(900)]

LIMIT = 300.0
"""Seconds for one answer on two slow cores."""


def cyrillic(text: str) -> bool:
    return bool(re.search(r"[\u0400-\u04ff]", text))


def code(text: str) -> list[str]:
    return [line.partition("  #")[0] for line in text.split("\n") if not line.startswith("#")]


def test_the_three_actions(tmp_path: Path) -> None:
    models = tmp_path / "CACHE" / "gloss" / "models"
    models.parent.mkdir(parents=True)
    models.symlink_to(embedded_weights().parent)
    settings = {"BACKEND_KIND": "embedded", "MODELS_CONTEXT_LENGTH": "1024", "COMPLETE_MAX_TIME": "120"}
    editor = Editor(
        tmp_path, "circle.py", SAMPLE, {f"GLOSS_{name}": value for name, value in settings.items()}
    )
    try:
        editor.type("4GVj<Space>ge")
        wait(lambda: editor.ended() == ["done"], LIMIT)
        assert re.search(r"area|circle|радиус", editor.view() or ""), editor.view()

        before = editor.text
        assert before == SAMPLE + "\n"
        editor.type("<Space>gt")
        wait(lambda: editor.ended() == ["done"] * 2, LIMIT)
        assert code(editor.text) == code(before)
        assert not cyrillic(editor.text)
        assert re.search(r"# .*area", editor.text, re.IGNORECASE), editor.text
        editor.type("u")
        assert editor.text == before

        editor.type("G$<Space>gc")
        wait(lambda: editor.ended() == ["done"] * 3, LIMIT)
        assert editor.text.startswith(SAMPLE)
        assert editor.text.removeprefix(SAMPLE).strip()
    finally:
        editor.close()
