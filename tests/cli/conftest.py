"""Runs `gloss` as a user would: a process of its own, with a stand-in for Ollama and settings of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from attrs import frozen

from fake import FakeOllama

if TYPE_CHECKING:
    from pathlib import Path

LIMIT = 50.0
"""Seconds that a command may take on a machine that is busy."""


@frozen
class Outcome:
    """How a command ended."""

    code: int
    out: str
    err: str


@frozen
class Gloss:
    """The command line, in a folder of its own."""

    folder: Path
    environ: dict[str, str]

    def __call__(self, *words: str, stdin: bytes | None = b"", **environ: str) -> Outcome:
        """Run a command to its end. Whatever happens, nobody sees a traceback."""
        ended = subprocess.run(
            self.command(*words),
            input=stdin,
            capture_output=True,
            cwd=self.folder,
            env={**self.environ, **environ},
            timeout=LIMIT,
            check=False,
        )
        out, err = ended.stdout.decode("utf-8"), ended.stderr.decode("utf-8")
        assert "Traceback" not in err + out
        return Outcome(ended.returncode, out, err)

    def start(self, *words: str) -> subprocess.Popen[bytes]:
        """Start a command."""
        pipe = subprocess.PIPE
        return subprocess.Popen(
            self.command(*words), stdin=pipe, stdout=pipe, stderr=pipe, cwd=self.folder, env=self.environ
        )

    def command(self, *words: str) -> list[str]:
        return [sys.executable, "-m", "gloss_lsp", *words]

    def write(self, name: str, text: str | bytes) -> Path:
        """A file in the folder."""
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode("utf-8") if isinstance(text, str) else text)
        return path


@pytest.fixture(scope="package")
def server():
    with FakeOllama() as fake:
        yield fake


@pytest.fixture
def fake(server):
    """The stand-in for Ollama; it says what it always says."""
    server.reset()
    return server


@pytest.fixture
def gloss(fake, tmp_path):
    """The command line, which knows no other server than the stand-in."""
    kept = {name: os.environ[name] for name in ("PATH", "SYSTEMROOT", "TEMP") if name in os.environ}
    own = dict.fromkeys(
        ("HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME", "APPDATA", "LOCALAPPDATA"), str(tmp_path / "own")
    )
    (tmp_path / "work").mkdir()
    return Gloss(tmp_path / "work", {**kept, **own, "OLLAMA_HOST": fake.url, "LC_ALL": "C.UTF-8"})
