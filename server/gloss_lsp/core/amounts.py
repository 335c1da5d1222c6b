"""Bytes and seconds as people read them."""

from __future__ import annotations

from typing import Final

_UNITS: Final = ((1e9, "GB", 1), (1e6, "MB", 0), (1e3, "kB", 0), (1.0, "B", 0))
"""Of each its bytes, its name, and how many decimals tell enough."""
_PATIENCE: Final = 120
"""Seconds up to which people count in seconds."""
_HOUR: Final = 3600


def size(count: float) -> str:
    """Bytes, such as ``986 MB`` or ``4.7 GB``; nothing where they are not known."""
    return f"{_in(count, count)} {_unit(count)[1]}" if count else ""


def part(done: float, whole: float) -> str:
    """How many bytes of a whole, in one unit: ``1.2 of 4.7 GB``."""
    return f"{_in(done, whole)} of {_in(whole, whole)} {_unit(whole)[1]}"


def duration(seconds: float) -> str:
    """Such as ``78 s``, ``12 min 5 s`` or ``2 h 5 min``."""
    whole = max(0, round(seconds))
    if whole <= _PATIENCE:
        return f"{whole} s"
    if whole < _HOUR:
        return f"{whole // 60} min {whole % 60} s"
    return f"{whole // _HOUR} h {whole % _HOUR // 60} min"


def _in(count: float, like: float) -> str:
    """A number of bytes in the unit that suits another one."""
    unit, _, decimals = _unit(like)
    return f"{count / unit:.{decimals}f}"


def _unit(count: float) -> tuple[float, str, int]:
    return next((unit for unit in _UNITS if count >= unit[0]), _UNITS[-1])
