"""How much memory is free on this machine."""

from __future__ import annotations

import os
import re
import sys
from pathlib import Path


def available_memory() -> int:
    """Bytes that programs can still take; where that is not told, all that the machine has; 0: not known."""
    try:
        told = Path("/proc/meminfo").read_text("ascii")
    except OSError:
        return _installed_memory()
    available = re.search(r"^MemAvailable:\s+(\d+) kB", told, re.MULTILINE)
    return int(available[1]) * 1024 if available else _installed_memory()


def _installed_memory() -> int:
    if sys.platform == "win32":
        import ctypes  # noqa: PLC0415  # there is another way everywhere else

        kibibytes = ctypes.c_ulonglong()
        found = ctypes.windll.kernel32.GetPhysicallyInstalledSystemMemory(ctypes.byref(kibibytes))
        return kibibytes.value * 1024 if found else 0
    try:
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (ValueError, OSError):
        return 0
