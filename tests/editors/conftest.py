"""Editors for the tests, each with a stand-in for Ollama or a real model behind the server."""

from __future__ import annotations

import pytest

from editors.nvim import SAMPLE, Editor
from fake import FakeOllama


@pytest.fixture
def ollama():
    with FakeOllama() as fake:
        yield fake


@pytest.fixture
def nvim(tmp_path, ollama):
    editor = Editor(tmp_path, "circle.py", SAMPLE, {"GLOSS_BACKEND_URL": ollama.url})
    yield editor
    editor.close()
