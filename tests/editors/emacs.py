"""A real Emacs without a window, with eglot set up as the README says and a server of this checkout."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import readme

DRIVER = Path(__file__).with_name("emacs.el")

SAMPLE = """import math

face = "😀"  # счастливое лицо
# считает площадь круга
def area(radius):
    return math.pi * radius ** 2


def main():
    """
"""Comments in another language, one behind a character that utf-16 has two units for."""

LIMIT = 50.0
"""Seconds that a scene may take: generous, since nothing waits on success."""


def play(folder: Path, scene: str, *, ollama: str) -> dict[str, Any]:
    """Play a scene of `emacs.el` in a file with `SAMPLE`; what it reports."""
    path = folder / "circle.py"
    path.write_text(SAMPLE, "utf-8")
    [setup] = readme.fenced("elisp")
    homes = dict.fromkeys(("HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME"), str(folder))
    # The README's line starts `gloss`, which is that of the environment in which the tests run.
    gloss = Path(sys.executable).parent
    assert (gloss / "gloss").exists(), f"gloss is not installed in {gloss}"
    own = {"PATH": f"{gloss}{os.pathsep}{os.environ['PATH']}", "LC_ALL": "C.UTF-8"}
    given = {"GLOSS_SETUP": setup, "GLOSS_FILE": str(path), "GLOSS_BACKEND_URL": ollama}
    done = _emacs(f"scene-{scene}", {**homes, **own, **given})
    assert done.returncode == 0, done.stdout + done.stderr
    seen: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return seen


def _emacs(function: str, env: dict[str, str]) -> subprocess.CompletedProcess[str]:
    program = shutil.which("emacs")
    assert program, "Emacs is missing: on Debian it is in emacs-nox, and eglot in elpa-eglot"
    return subprocess.run(
        [program, "--quick", "--batch", "--load", str(DRIVER), "--funcall", function],
        env={**os.environ, **env},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        timeout=LIMIT,
        check=False,
    )
