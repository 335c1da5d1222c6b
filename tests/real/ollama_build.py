"""A real Ollama in a cache folder outside the checkout, built with Go where it is missing.

As a program it does just that, and says where it is. The folder is `GLOSS_CI_CACHE`, or `gloss-ci`
in the user's cache.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import platformdirs

from gloss_lsp.backends.embedded.lock import locked

VERSION = "0.34.0"


class CannotBuildError(Exception):
    """Ollama is not there, and cannot be built; says what is missing."""


def cache() -> Path:
    return Path(os.environ.get("GLOSS_CI_CACHE") or platformdirs.user_cache_path("gloss-ci", appauthor=False))


def ollama() -> Path:
    """The program of a real Ollama, built where it is missing: two minutes, and 2 GB of Go's own caches."""
    folder = cache() / f"ollama-{VERSION}"
    program = folder / "bin" / "ollama"
    if not program.exists():
        folder.mkdir(parents=True, exist_ok=True)
        with locked(folder / "lock"):
            if not program.exists():
                _build(folder)
    return program


def _build(folder: Path) -> None:
    go = shutil.which("go") or shutil.which("/usr/local/go/bin/go")
    if not go:
        raise CannotBuildError(f"Ollama is not in {folder}, and Go, which would build it, is not installed.")
    unfinished = folder / "unfinished"
    done = subprocess.run(
        [
            go,
            "install",
            "-ldflags",
            f"-X github.com/ollama/ollama/version.Version={VERSION}",
            f"github.com/ollama/ollama@v{VERSION}",
        ],
        env={
            **os.environ,
            "GOBIN": str(unfinished),
            "GOFLAGS": "-buildvcs=false",
            "CGO_CFLAGS": "-O1",
            "CGO_CXXFLAGS": "-O1",
        },
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=1800,
        check=False,
    )
    if done.returncode:
        raise CannotBuildError(f"Go could not build Ollama {VERSION}:\n{done.stdout[-4000:]}")
    (folder / "bin").mkdir(exist_ok=True)
    (unfinished / "ollama").replace(folder / "bin" / "ollama")


if __name__ == "__main__":
    try:
        sys.stdout.write(f"{ollama()}\n")
    except CannotBuildError as error:
        sys.exit(str(error))
