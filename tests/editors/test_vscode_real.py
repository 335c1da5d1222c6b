"""A new user: VS Code, Python and the `.vsix`, and no terminal, until a model of one's own explains."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from ollama_rig import embedded_weights

from editors.nvim import wait
from editors.test_vscode_server import base_python, cached, forward, uv
from editors.vscode_host import CodeServer

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = [pytest.mark.needs("vscode"), pytest.mark.needs("embedded"), pytest.mark.timeout(900)]

LIMIT = 400.0
"""Seconds for one answer on two slow cores, and for installing 1.1 GB."""


def test_from_the_vsix_to_a_streamed_explanation(vsix, tmp_path: Path, new_window):
    forward(tmp_path / "bin/python3", base_python())
    forward(tmp_path / "bin/uv", uv())
    # No Ollama is named, and none answers where one would be: so the model that was installed is used.
    env = {**cached(), "OLLAMA_HOST": ""}
    with CodeServer(tmp_path / "own", vsix, path=f"{tmp_path / 'bin'}:/bin", env=env) as server:
        # The parts have been put together for other tests: the same bytes, checked again by Gloss.
        weights = server.home / "gloss/models"
        weights.parent.mkdir(parents=True, exist_ok=True)
        weights.symlink_to(embedded_weights().parent)
        server.set(gloss__models__contextLength=1024)
        window = new_window(server)
        window.open()
        window.answer("Gloss needs its server", "Install with a model (1.1 GB)")
        window.message("Installing Gloss")
        window.status(re.compile(r"ready \("), patience=LIMIT)
        window.select(4, 5)
        window.press("Control+K", "g")
        window.status(re.compile(r"writing, \d+ s"), patience=LIMIT)
        wait(lambda: len(words(window)) > 40, LIMIT)
        assert window.page.locator(".notification-list-item", has_text="Explain").count(), "it still writes"
        window.shoot("embedded")
        assert window.code_has_focus
        assert re.search(r"area|circle|радиус", " ".join(words(window)))
        # The rest says nothing new of the extension, and takes a minute.
        window.answer("Gloss: Explain", "Cancel")
        window.status(re.compile(r"ready \("), patience=LIMIT)


def words(window) -> list[str]:
    """The words that can be read in the preview."""
    return re.sub(
        r"<style.*?</style>|<script.*?</script>|<[^>]*>", " ", "".join(window.previews()), flags=re.DOTALL
    ).split()
