"""How the VS Code extension comes to its server: where it looks, what it installs, and what it says on bad days."""

from __future__ import annotations

import os
import re
import shutil
import signal
import sys
from pathlib import Path

import pytest

from editors.nvim import wait
from editors.vscode_host import GLOSS, CodeServer

pytestmark = [pytest.mark.needs("vscode"), pytest.mark.timeout(240)]

EVIL = '#!/bin/sh\ntouch "$(dirname "$0")/was-run"\nexit 1\n'
"""A program that stands in the folder that is open."""

DIES = f"""#!/bin/sh
case "$1" in --version) exec {GLOSS} --version;; esac
echo started >> "$0.log"
exit 3
"""
"""A server that answers what version it is, and ends when it shall serve."""


DOES_NOT_START = re.compile("Gloss's server (does not start|has ended unexpectedly)")
"""Which of the two it is, is a matter of who notices first."""


def program(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    path.chmod(0o755)
    return path


def forward(path: Path, to: str | Path) -> Path:
    """A program that is another one: a link to Python would forget which environment it is of."""
    return program(path, f'#!/bin/sh\nexec "{to}" "$@"\n')


def test_the_one_on_path_is_started_and_none_out_of_the_workspace(vsix, tmp_path, new_window):
    forward(tmp_path / "bin/gloss", GLOSS)
    path = os.pathsep.join([str(tmp_path / "work0/bin"), "bin", str(tmp_path / "bin"), "/usr/bin", "/bin"])
    with CodeServer(tmp_path / "own", vsix, path=path) as server:
        server.set()
        window = new_window(server, {"bin/gloss": EVIL, "gloss_lsp/__main__.py": "raise SystemExit(9)"})
        window.status(re.compile("ready|failed"))
        wait(server.servers)
        assert not (window.folder / "bin/was-run").exists()


def test_the_selected_interpreter_is_asked(code_server, new_window):
    code_server.set(python__defaultInterpreterPath=sys.executable)
    window = new_window(code_server, {"gloss_lsp/__init__.py": "raise SystemExit(9)"})
    wait(code_server.servers)
    window.status(re.compile("ready|failed"))


def test_a_path_that_leads_nowhere_is_one_message_and_is_mended_by_the_setting(
    code_server, ollama, new_window
):
    code_server.set(gloss__path="/nowhere/gloss", gloss__backend__url=ollama.url)
    window = new_window(code_server)
    window.message("/nowhere/gloss, which the setting gloss.path names, is not a program")
    window.status("failed")
    window.shoot("broken-path")
    assert window.page.locator(".notification-list-item").count() == 1
    code_server.set(gloss__path=str(GLOSS), gloss__backend__url=ollama.url)
    window.ready()


def test_a_crash_is_one_message_with_a_button_that_restarts(code_server, vscode, ollama):
    [pid] = code_server.servers()
    os.kill(pid, signal.SIGKILL)
    vscode.status("failed")
    vscode.shoot("crash")
    vscode.answer("has ended unexpectedly", "Restart")
    vscode.ready()
    [new] = code_server.servers()
    assert new != pid
    ollama.script(rules=[{"kind": "chat", "pieces": ["It works."]}])
    vscode.select(4, 5)
    vscode.press("Control+K", "g")
    vscode.shows("It works.")


def test_a_server_that_always_crashes_is_one_message_each_time_it_is_asked_for(
    code_server, tmp_path, new_window
):
    code_server.set(gloss__path=str(program(tmp_path / "gloss", DIES)))
    window = new_window(code_server)
    log = tmp_path / "gloss.log"
    for number in (1, 2, 3):
        wait(lambda: log.exists() and log.read_text().count("started") == number)  # noqa: B023  # waited for here
        window.message(DOES_NOT_START)
        window.status("failed")
        window.shoot("crash-at-start")
        assert window.page.locator(".notification-list-item").count() == 1
        window.answer(DOES_NOT_START, "Restart")


def test_without_python_the_user_is_told_what_is_missing(vsix, tmp_path, new_window):
    (tmp_path / "empty").mkdir()
    with CodeServer(tmp_path / "own", vsix, path=str(tmp_path / "empty")) as server:
        server.set()
        window = new_window(server)
        window.status("off")
        window.shoot("install-offer")
        window.answer("Gloss needs its server", "Install for Ollama")
        window.message("Python 3.10 or later is needed")
        window.status("failed")


@pytest.mark.parametrize("tool", ["uv", "pip"])
def test_the_server_is_installed_into_the_storage_of_the_extension(vsix, tmp_path, new_window, ollama, tool):
    forward(tmp_path / "bin/python3", base_python())
    if tool == "uv":
        forward(tmp_path / "bin/uv", uv())
    with CodeServer(tmp_path / "own", vsix, path=f"{tmp_path / 'bin'}:/bin", env=cached()) as server:
        server.set(gloss__backend__url=ollama.url)
        window = new_window(server)
        window.answer("Gloss needs its server", "Install for Ollama")
        window.message("Installing Gloss")
        window.status(re.compile("ready \\(qwen2"), patience=120)
        [environment] = server.storage.glob("server-*")
        made_by_uv = "uv = " in (environment / "pyvenv.cfg").read_text()
        assert made_by_uv == (tool == "uv")
        if tool == "uv":
            the_python_vanishes(window, server, environment)


def the_python_vanishes(window, server, environment) -> None:
    """What was installed is broken: one message, and it is installed again."""
    (environment / "bin/python").unlink()
    window.command("Gloss: Restart Server")
    window.answer("cannot be started", "Install Again")
    window.answer("How shall", "Install for Ollama")
    window.status(re.compile("ready \\(qwen2"), patience=120)
    assert [each for each in server.storage.glob("server-*") if each != environment]
    assert not environment.exists()


def test_an_installation_can_be_stopped(vsix, tmp_path, new_window):
    # An index that is there and never answers.
    program(
        tmp_path / "bin/uv", '#!/bin/sh\ncase "$1" in venv) mkdir -p "${5}/bin";; esac\nexec /bin/sleep 100\n'
    )
    forward(tmp_path / "bin/python3", base_python())
    with CodeServer(tmp_path / "own", vsix, path=f"{tmp_path / 'bin'}:/bin") as server:
        server.set()
        window = new_window(server)
        window.answer("Gloss needs its server", "Install with a model (1.1 GB)")
        wait(lambda: [each for each in server.programs().values() if each == "/bin/sleep 100"])
        wait(lambda: list(server.storage.glob("server-*")))
        window.answer("Installing Gloss", "Cancel")
        wait(lambda: not list(server.storage.glob("server-*")))
        window.status("off")
        wait(lambda: not [each for each in server.programs().values() if each == "/bin/sleep 100"])


def base_python() -> str:
    """The Python that environments are made from, which has no Gloss."""
    return os.path.realpath(sys.executable)


def uv() -> str:
    """The program uv."""
    found = os.environ.get("UV") or shutil.which("uv")
    assert found, "uv is missing: `pip install uv`"
    return found


def cached() -> dict[str, str]:
    """Where what comes from the package index is kept, so that it comes once."""
    from ollama_build import cache

    own = os.environ.get("UV_CACHE_DIR") or str(Path.home() / ".cache/uv")
    return {"UV_CACHE_DIR": own, "PIP_CACHE_DIR": str(cache() / "pip")}
