"""The process ends when nobody needs it any more: when its editor has died, whatever hangs.

An editor that dies closes our standard input, but not where something else still holds the other
end. `processId` of `initialize` tells whom to watch (LSP 3.18, *Initialize Request*).
"""

from __future__ import annotations

import logging
import os
import sys
import threading
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

INTERVAL = 1.0
"""Seconds between two looks at the parent."""

PATIENCE = 4.0
"""Seconds after which a process that should have ended is ended by force."""

LAST_PATIENCE = 0.3
"""The same when all is done, and only a thread that hangs keeps the process."""

logger = logging.getLogger(__name__)


def watch_parent(process: int, died: Callable[[], object]) -> None:
    """Call `died`, in another thread, when that process has ended; if we stay, we are ended by force."""
    alive = _watch(process)
    if not alive():
        # The editor is in another container, or on another machine: its number means nothing here.
        logger.info("process %s of the editor is not to be seen from here, and not watched", process)
        return

    def watch() -> None:
        while alive():
            time.sleep(INTERVAL)
        died()
        insist(1)

    threading.Thread(target=watch, name="gloss-parent", daemon=True).start()


def insist(code: int, patience: float = PATIENCE) -> None:
    """End the process with this exit code if it still runs after `patience` seconds, whatever holds it."""

    def wait() -> None:
        time.sleep(patience)
        os._exit(code)

    threading.Thread(target=wait, name="gloss-last-word", daemon=True).start()


def _watch(process: int) -> Callable[[], bool]:
    if sys.platform == "win32":
        import ctypes  # noqa: PLC0415  # only needed here

        synchronize, still_running = 0x00100000, 0x102
        kernel = ctypes.WinDLL("kernel32", use_last_error=True)
        handle = kernel.OpenProcess(synchronize, False, process)
        return lambda: bool(handle) and kernel.WaitForSingleObject(handle, 0) == still_running
    if os.getppid() == process:
        # Exact even where the dead parent waits for somebody to collect it, or its number is given again.
        return lambda: os.getppid() == process
    return lambda: _exists(process)


def _exists(process: int) -> bool:
    try:
        os.kill(process, 0)
    except PermissionError:
        return True
    except (ProcessLookupError, OverflowError):
        return False
    return True
