"""Programs of this machine: where they are, and how one is started that outlives Gloss.

An editor starts the server in the folder that is open, which may be anybody's repository. So no program
is ever taken from the current folder, where Windows looks first, and POSIX too with an empty entry of PATH.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping


def find_program(name: str) -> str | None:
    """The full path of a program in the folders of PATH; None where there is none."""
    file = f"{name}.exe" if sys.platform == "win32" else name
    folders = (Path(folder) for folder in os.get_exec_path() if folder)
    # A whole path is looked up as it stands; of a name alone Windows has its own mind.
    found = (shutil.which(str(folder / file)) for folder in folders if folder.is_absolute())
    return next((path for path in found if path is not None), None)


def start_program(
    program: str, *arguments: str, environ: Mapping[str, str] | None = None
) -> subprocess.Popen[bytes]:
    """Start a program of its own, in the user's home: it outlives Gloss, and says nothing. Raises OSError.

    Args:
        program: its full path.
        arguments: what it is called with.
        environ: variables besides those of this process.
    """
    options: dict[str, Any] = {}
    if sys.platform == "win32":
        options["creationflags"] = subprocess.CREATE_NO_WINDOW | subprocess.CREATE_NEW_PROCESS_GROUP
    else:
        options["start_new_session"] = True
    process = subprocess.Popen(  # noqa: S603  # the caller has found it by `find_program`
        [program, *arguments],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        cwd=Path.home(),
        env={**os.environ, **(environ or {})},
        **options,
    )
    # Somebody has to take note of its end, or it would stay in the table of processes.
    threading.Thread(target=process.wait, name="gloss-program", daemon=True).start()
    return process
