"""The server's log on standard error, which editors show as the server's output.

Written by a thread of its own, because an editor that does not read our standard error would
otherwise stop the server when the pipe is full.
"""

from __future__ import annotations

import logging
import os
import queue
import sys
import threading
from typing import TYPE_CHECKING, TextIO

if TYPE_CHECKING:
    from collections.abc import Mapping

LEVEL_VARIABLE = "GLOSS_LOG"
"""Names the least severe level that is logged, such as `debug`."""

HELD_LIMIT = 10_000
"""Lines that wait for a reader before newer ones are dropped."""

FLUSH_LIMIT = 0.3
"""Seconds."""

FORMAT = "%(asctime)s %(levelname)s %(name)s: %(message)s"


class BackgroundHandler(logging.Handler):
    """Writes records to a stream without making anybody wait for its reader."""

    def __init__(self, stream: TextIO) -> None:
        super().__init__()
        self._stream = stream
        self._lines: queue.Queue[str] = queue.Queue(HELD_LIMIT)
        self._writer: threading.Thread | None = None

    def emit(self, record: logging.LogRecord) -> None:
        """Hand a record to the thread; drop it if too many wait."""
        if sys.is_finalizing():
            return  # No thread starts any more, and starting one would wait for it for ever.
        try:
            self._lines.put_nowait(self.format(record))
        except queue.Full:
            return
        if self._writer is None:
            self._writer = threading.Thread(target=self._write, name="gloss-log", daemon=True)
            self._writer.start()

    def flush(self) -> None:
        """Wait for the reader a moment, at the end of the process."""
        done = self._lines.all_tasks_done
        with done:
            done.wait_for(lambda: not self._lines.unfinished_tasks, FLUSH_LIMIT)

    def _write(self) -> None:
        try:
            while line := self._lines.get():
                self._stream.write(line + "\n")
                self._stream.flush()
                self._lines.task_done()
        except (OSError, ValueError):
            pass  # Whoever read the log has gone.


def log_to_stderr(environ: Mapping[str, str] = os.environ) -> None:
    """Log to standard error too: from the level that the environment names on, else warnings."""
    named = logging.getLevelName(environ.get(LEVEL_VARIABLE, "").upper())
    level = named if isinstance(named, int) else logging.WARNING
    handler = BackgroundHandler(sys.stderr)
    handler.setFormatter(logging.Formatter(FORMAT))
    handler.setLevel(level)
    root = logging.getLogger()
    root.addHandler(handler)
    root.setLevel(min(level, root.level))
    # At the level of information these tell of every message, with what is in it.
    for chatty in ("pygls", "httpx", "httpcore", "asyncio"):
        logging.getLogger(chatty).setLevel(logging.WARNING)
