"""How far a pull has come, how fast it goes, and how long it will take.

A model comes in layers, one after another. What was there when a layer was first told of had come
before, in an earlier pull: it counts as done, but says nothing about speed.
"""

from __future__ import annotations

import math
from typing import Final

from attrs import define, field, frozen

from gloss_lsp.core.amounts import duration, part, size

_SMOOTHING: Final = 5.0
"""Seconds in which what was measured loses two thirds of its weight: networks stutter for shorter."""
_SHORTEST: Final = 0.2
"""Seconds of measuring below which nothing is said of speed."""


@frozen
class Amount:
    """What can be said of a pull at one moment."""

    done: int
    """Bytes that are there, of all layers known so far."""
    total: int
    share: float
    """From 0 to 1; no less than before, though bytes are fetched again and small layers come last."""
    rate: float
    """Bytes a second, smoothed; 0: not known, or nothing comes."""

    @property
    def left(self) -> float | None:
        """Seconds; None where that is not known."""
        return (self.total - self.done) / self.rate if self.rate > 0 else None

    def __str__(self) -> str:
        """Such as ``1.2 of 4.7 GB, 45 MB/s, 78 s left``."""
        said = [part(self.done, self.total)]
        if self.rate >= 1 and self.left is not None:
            said += [f"{size(self.rate)}/s", f"{duration(math.ceil(self.left))} left"]
        return ", ".join(said)


@define
class Pull:
    """Adds up the layers of one pull."""

    _layers: dict[str, tuple[int, int]] = field(factory=dict)
    """Of each the bytes that are there, and all."""
    _share: float = 0.0
    _at: float | None = None
    """When the last step came."""
    _bytes: float = 0.0
    _seconds: float = 0.0
    """What came lately, and in what time; both fade alike."""

    def step(self, layer: str, completed: int, total: int, now: float) -> Amount:
        """Take one line of a pull.

        Args:
            layer: what tells it from the others.
            completed: its bytes that are there.
            total: all of its bytes.
            now: seconds, by a clock that only goes forward.
        """
        before = self._layers.get(layer)
        if before is None and total > sum(total for _, total in self._layers.values()):
            # What there was before was the small part.
            self._share = 0.0
        self._layers[layer] = min(completed, total), total
        # Bytes that are fetched again are work too; that some were thrown away is none.
        self._measure(max(0, completed - before[0]) if before else 0, now)
        done = sum(done for done, _ in self._layers.values())
        whole = sum(total for _, total in self._layers.values())
        self._share = max(self._share, done / whole if whole else 0.0)
        rate = self._bytes / self._seconds if self._seconds >= _SHORTEST else 0.0
        return Amount(done, whole, self._share, rate)

    def _measure(self, came: int, now: float) -> None:
        if self._at is not None:
            seconds = max(0.0, now - self._at)
            fading = math.exp(-seconds / _SMOOTHING)
            self._bytes = self._bytes * fading + came
            self._seconds = self._seconds * fading + seconds
        self._at = now
