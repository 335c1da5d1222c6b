"""The command line on the embedded model: what a person sees who has just installed it."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = [pytest.mark.needs("embedded"), pytest.mark.timeout(900)]

MODEL = "qwen2.5-coder:1.5b"


@pytest.fixture
def home(tmp_path: Path, embedded_weights: Path) -> Path:
    (tmp_path / "gloss").mkdir()
    (tmp_path / "gloss" / "models").symlink_to(embedded_weights.parent)
    return tmp_path


def gloss(home: Path, *words: str) -> str:
    """What a command writes; it has to work, and to say nothing else."""
    homes = dict.fromkeys(("HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME"), str(home))
    own = {**homes, "GLOSS_BACKEND_KIND": "embedded", "LC_ALL": "C.UTF-8"}
    done = subprocess.run(
        [sys.executable, "-m", "gloss_lsp", *words],
        env={**os.environ, **own},
        cwd=home,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        timeout=600,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, ""), done
    return done.stdout


def test_the_demo(home: Path) -> None:
    """An explanation, a diff of translated comments and a completion, and which model did each."""
    _, explained, translated, completed = re.split(
        r"(?m)^(?=Explain|Translate the|Complete at)", gloss(home, "demo")
    )
    assert re.search(r"average", explained.partition("return averages")[2])
    removed, added = (re.findall(rf"(?m)^{sign} +# (.*)", translated) for sign in ("-", r"\+"))
    assert len(removed) == len(added) == 2
    assert all(comment.isascii() for comment in added)
    assert "        return" in completed
    for part in (explained, translated, completed):
        assert re.search(rf"(?m)^{re.escape(MODEL)} · ", part)


def test_run(home: Path) -> None:
    assert "Paris" in gloss(home, "run", "What is the capital of France? Answer with one word.")
