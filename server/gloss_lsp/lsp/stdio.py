"""The language server on standard input and output.

Both are taken away from the rest of the process: the descriptors 0 and 1 stand for nothing and for
standard error from then on, so that neither a stray `print` nor a child process can get between the
messages.
"""

from __future__ import annotations

import os
import sys
from functools import partial
from typing import TYPE_CHECKING

from gloss_lsp.lsp.connection import Streams, run
from gloss_lsp.lsp.frames import Frames
from gloss_lsp.lsp.outbox import Outbox, write_all

if TYPE_CHECKING:
    from gloss_lsp.lsp.server import Server

CHUNK = 1 << 16
"""Bytes of one read: as many as a pipe holds on Linux."""


def run_stdio(server: Server) -> int:
    """Serve the client at the other end of the standard streams until it leaves; the exit code."""
    incoming, outgoing = _take_streams()
    server.watches_parent = True
    # By the descriptor: a thread that waits in `sys.stdin.buffer` holds a lock that makes the exit abort.
    read = partial(os.read, incoming, CHUNK)
    return run(server, Streams(read, partial(Outbox, outgoing, write_all(outgoing)), Frames()))


def _take_streams() -> tuple[int, int]:
    sys.stdout.flush()
    incoming, outgoing = os.dup(0), os.dup(1)
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0, inheritable=False)
    os.close(nothing)
    os.dup2(2, 1)
    sys.stdout = sys.stderr
    if sys.platform == "win32":
        import msvcrt  # noqa: PLC0415  # there is none elsewhere

        for file in (incoming, outgoing):
            msvcrt.setmode(file, os.O_BINARY)
    return incoming, outgoing
