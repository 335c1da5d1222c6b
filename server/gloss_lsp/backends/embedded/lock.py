"""A lock between processes, which the system lets go by itself when its holder dies."""

from __future__ import annotations

import errno
import os
import sys
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

if sys.platform == "win32":
    import msvcrt

    def _lock(descriptor: int) -> None:
        msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)

else:
    import fcntl

    def _lock(descriptor: int) -> None:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)


_HELD = frozenset({errno.EACCES, errno.EAGAIN, errno.EDEADLK})
"""What the system says where another process has the lock; Windows and POSIX choose differently."""

_POLL = 0.1
"""Seconds between two tries: neither system can be asked to wait with a way to give up."""


@contextmanager
def locked(path: Path, waiting: Callable[[], None] = lambda: None) -> Iterator[None]:
    """Hold the lock on `path`, a file that is made if need be and stays.

    `waiting` is called before each wait for another holder, and gives up by raising. Blocks its
    thread. Raises `OSError` where the file system knows no locks.
    """
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        while True:
            try:
                _lock(descriptor)
                break
            except OSError as error:
                if error.errno not in _HELD:
                    raise
            waiting()
            time.sleep(_POLL)
        yield
    finally:
        os.close(descriptor)
