"""What Gloss keeps for the user on this machine: where it lies, that it is private, and how it is cleared."""

from __future__ import annotations

import os
import stat
import tempfile
from pathlib import Path

import platformdirs


def pages_folder() -> Path:
    """Where explanations lie that an editor shows as files."""
    return _cache() / "pages"


def speeds_path() -> Path:
    """The file of how fast models are here."""
    return _cache() / "statistics" / "speeds.json"


def make_private(folder: Path) -> None:
    """Make a folder that only the user can look into. Raises OSError."""
    folder.mkdir(mode=stat.S_IRWXU, parents=True, exist_ok=True)
    if os.name == "posix":
        folder.chmod(stat.S_IRWXU)


def replace_private(path: Path, text: str) -> None:
    """Write a file that only the user can read, so that nobody ever sees half of it. Raises OSError.

    Its folder is there already (`make_private`).
    """
    # `mkstemp` makes the file 0600.
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}-")
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
        Path(name).replace(path)
    except OSError:
        Path(name).unlink(missing_ok=True)
        raise


def clear() -> int:
    """Remove it all; how many files there were. Raises OSError."""
    files = [*pages_folder().glob("*.md"), *speeds_path().parent.glob("*.json")]
    for file in files:
        file.unlink(missing_ok=True)
    return len(files)


def _cache() -> Path:
    return Path(platformdirs.user_cache_dir("gloss", appauthor=False))
