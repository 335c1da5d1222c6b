"""Programs are taken from the folders of PATH alone, and started where they disturb nobody."""

from __future__ import annotations

import os
import socket
import sys
from pathlib import Path

import pytest

from gloss_lsp.programs import find_program, start_program

TELL = """
import os, socket, sys
with socket.create_connection(("127.0.0.1", int(sys.argv[1]))) as there:
    session = os.getsid(0) if sys.platform != "win32" else "its own"
    there.sendall(f"{os.getcwd()}\\n{session}".encode())
"""
NAME = "ollama.exe" if sys.platform == "win32" else "ollama"


def program_in(folder: Path) -> Path:
    folder.mkdir(exist_ok=True)
    program = folder / NAME
    program.write_text("#!/bin/sh\n", "utf-8")
    program.chmod(0o755)
    return program


@pytest.mark.parametrize("entry", ["", ".", "bin", "./bin", "../repository"], ids=repr)
def test_a_program_of_the_current_folder_is_never_taken(
    entry: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    repository = tmp_path / "repository"
    program_in(repository)
    program_in(repository / "bin")
    monkeypatch.chdir(repository)
    installed = program_in(tmp_path / "installed")
    monkeypatch.setenv("PATH", os.pathsep.join((entry, str(tmp_path / "empty"))))
    assert find_program("ollama") is None
    monkeypatch.setenv("PATH", os.pathsep.join((entry, str(installed.parent), entry)))
    assert find_program("ollama") == str(installed)


def test_a_program_is_started_at_home_and_in_a_session_of_its_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for home in ("HOME", "USERPROFILE"):
        monkeypatch.setenv(home, str(tmp_path))
    with socket.create_server(("127.0.0.1", 0)) as listener:
        start_program(sys.executable, "-c", TELL, str(listener.getsockname()[1]))
        told, _ = listener.accept()
        with told:
            folder, session = told.makefile(encoding="utf-8").read().split("\n")
    assert Path(folder) == tmp_path.resolve()
    assert session != str(getattr(os, "getsid", lambda _: "ours")(0))
