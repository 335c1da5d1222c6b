"""The smallest sample of what a keystroke makes a real Ollama read: a ratio within one run."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = [pytest.mark.needs("ollama"), pytest.mark.timeout(1200)]


def test_a_keystroke_makes_the_model_read_a_fraction_of_what_is_usual(tmp_path: Path) -> None:
    file = tmp_path / "results.json"
    command = [sys.executable, "-m", "tests.bench.reading", "--places", "1", "--json", str(file)]
    ran = subprocess.run(command, check=False, cwd=Path(__file__).parents[2], capture_output=True, text=True)
    assert ran.returncode == 0, ran.stderr
    samples = {
        (sample["measure"], sample["subject"]): sample for sample in json.loads(file.read_text())["samples"]
    }
    gloss, usual = (samples["tokens read for a keystroke", subject] for subject in ("Gloss", "usual form"))
    assert gloss["n"] == usual["n"] == 4
    assert gloss["median"] < usual["median"] / 10
