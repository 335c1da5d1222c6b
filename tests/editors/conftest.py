"""Editors for the tests, each with a stand-in for Ollama or a real model behind the server."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from editors.nvim import SAMPLE, Editor
from fake import FakeOllama

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import BrowserContext

    from editors.vscode import Window
    from editors.vscode_host import CodeServer


@pytest.fixture
def ollama():
    with FakeOllama() as fake:
        yield fake


@pytest.fixture
def nvim(tmp_path, ollama):
    editor = Editor(tmp_path, "circle.py", SAMPLE, {"GLOSS_BACKEND_URL": ollama.url})
    yield editor
    editor.close()


@pytest.fixture(scope="session")
def vsix(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The VS Code extension, built as its README says; `GLOSS_VSIX` names one that is built already."""
    from editors.vscode_build import extension

    if built := os.environ.get("GLOSS_VSIX"):
        return Path(built)
    return extension(tmp_path_factory.mktemp("vsix"))


@pytest.fixture(scope="module")
def browser() -> Iterator[BrowserContext]:
    """A Chromium that keeps what it has loaded; for one module: others would trip over its driver's event loop."""
    from playwright.sync_api import sync_playwright

    from editors.vscode_host import CHROMIUM_OPTIONS, chromium

    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=chromium(), args=CHROMIUM_OPTIONS)
        yield browser.new_context(viewport={"width": 1280, "height": 800})
        browser.close()


@pytest.fixture(scope="module")
def code_server(vsix: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[CodeServer]:
    """A code-server with the extension, where no `gloss` is on PATH."""
    from editors.vscode_host import CodeServer

    with CodeServer(tmp_path_factory.mktemp("code-server"), vsix) as server:
        yield server


@pytest.fixture
def new_window(browser: BrowserContext, tmp_path: Path) -> Iterator[Callable[..., Window]]:
    """Opens windows on folders of their own, and closes them."""
    from editors.vscode import window

    opened: list[Window] = []

    def open_one(server: CodeServer, files: dict[str, str] | None = None) -> Window:
        opened.append(window(browser, server, tmp_path / f"work{len(opened)}", files))
        return opened[-1]

    yield open_one
    for each in opened:
        each.close()


@pytest.fixture
def vscode(code_server, ollama, new_window) -> Window:
    """A window with a sample file open, and a server of this checkout that talks to the stand-in."""
    from editors.vscode_host import GLOSS

    code_server.set(gloss__path=str(GLOSS), gloss__backend__url=ollama.url)
    window = new_window(code_server)
    window.open()
    window.ready()
    return window
