"""The machine that is measured on, and how much of it others used meanwhile (Linux)."""

from __future__ import annotations

import os
import platform
import time
from importlib.metadata import version
from pathlib import Path
from typing import Any

from attrs import define, field

BUSY_OTHERS = 0.25
"""Cores that others may use before times mean little."""

SCHEDULED = 2
"""The clock of a process that counts what it ran, in the kernel's numbering (`linux/posix-timers.h`)."""


def cpu_seconds(process: int) -> float:
    """CPU time of a running process with all its threads, user and system, to the nanosecond.

    This is what `clock_getcpuclockid` of the C library would name; `/proc` counts in hundredths of a second.
    """
    return time.clock_gettime((~process << 3) | SCHEDULED)


def resident_mib(process: int) -> float:
    """Memory of a process that is in RAM."""
    status = Path(f"/proc/{process}/status").read_text()
    return next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmRSS:")) / 1024


def _processor() -> str:
    lines = Path("/proc/cpuinfo").read_text().splitlines()
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.machine()


def _busy_seconds() -> float:
    """CPU time of the whole machine that was neither idle nor waiting (`proc(5)`, the first line of `stat`)."""
    user, nice, system, _, _, interrupts, soft = map(int, Path("/proc/stat").read_text().split()[1:8])
    return (user + nice + system + interrupts + soft) / os.sysconf("SC_CLK_TCK")


def _own_seconds() -> float:
    return sum(os.times()[:4])


@define
class Watch:
    """Sees how busy the machine is from its making to `told`."""

    load: tuple[float, ...] = field(factory=os.getloadavg)
    began: float = field(factory=time.monotonic)
    busy: float = field(factory=_busy_seconds)
    own: float = field(factory=_own_seconds)

    def told(self) -> dict[str, Any]:
        """What is written into results; call it when all children have ended."""
        seconds = time.monotonic() - self.began
        others = max(0.0, _busy_seconds() - self.busy - (_own_seconds() - self.own)) / seconds
        pressure = Path("/proc/pressure/cpu")
        return {
            "cores": os.cpu_count(),
            "processor": _processor(),
            "system": platform.system(),
            "python": platform.python_version(),
            **{name: version(name) for name in ("pygls", "lsprotocol", "httpx")},
            "seconds": round(seconds, 1),
            "load_average_before": self.load,
            "load_average_after": os.getloadavg(),
            "pressure": pressure.read_text().splitlines()[0] if pressure.exists() else None,
            "cores_used_by_others": round(others, 2),
            "loaded": others > BUSY_OTHERS,
        }
