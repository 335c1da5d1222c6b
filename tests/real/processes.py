"""Who works for whom, and how much: read from `/proc`, so on Linux alone."""

from __future__ import annotations

import os
import time
from contextlib import suppress
from pathlib import Path

_TICK = os.sysconf("SC_CLK_TCK") if hasattr(os, "sysconf") else 100


def family(root: int) -> dict[int, float]:
    """A process and all that it has started, with the CPU seconds that each has used."""
    stats = {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):  # It has ended since it was listed.
            # The name of a program, in parentheses, may hold anything.
            fields = path.read_text("utf-8", "replace").rpartition(")")[2].split()
            stats[int(path.parent.name)] = int(fields[1]), (int(fields[11]) + int(fields[12])) / _TICK
    found = {root}
    while more := {pid for pid, (parent, _) in stats.items() if parent in found} - found:
        found |= more
    return {pid: stats[pid][1] for pid in found if pid in stats}


def work_until_idle(root: int) -> float:
    """The CPU seconds that these processes still use before they rest."""
    begun = before = sum(family(root).values())
    while True:
        time.sleep(0.5)
        now = sum(family(root).values())
        if now - before < 0.1:
            return now - begun
        before = now
