"""How fast a model reads and writes here, out of what its answers cost; and the batch that suits it.

Each kind of speed is kept as tokens and seconds that fade together: a long prompt weighs more than a
short one, and a machine that has become faster is believed after some answers.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from attrs import evolve, field, frozen

if TYPE_CHECKING:
    from gloss_lsp.backends.base import Usage

_FADING: Final = 0.8
"""What is left of the old tokens and seconds when new ones come."""
_LEAST_READ: Final = 128
"""Tokens of a prompt below which its time is mostly spent on other things."""
_LEAST_WRITTEN: Final = 16

FAST: Final = 1000.0
"""Tokens a second from which on reading holds nobody up: Ollama's own batch takes half a second at most."""
_SMALLEST: Final = 32
_LARGEST: Final = 512
"""Tokens of a batch; the larger one is Ollama's own."""
_WORTH: Final = 0.5
"""Seconds that a batch is to take: a stopped request holds the model until its batch is read."""


_EVIDENCE: Final = 2.0
"""Seconds of reading without which no batch is chosen: a first prompt is slow everywhere, while things warm up."""


@frozen
class Speed:
    """Tokens, and the time that they took."""

    tokens: float = 0.0
    seconds: float = 0.0

    @property
    def per_second(self) -> float:
        """Tokens a second; 0: not measured."""
        return self.tokens / self.seconds if self.seconds > 0 else 0.0

    def with_more(self, tokens: int, seconds: float) -> Speed:
        """What is known after another answer."""
        return Speed(self.tokens * _FADING + tokens, self.seconds * _FADING + seconds)


@frozen
class Measured:
    """What is known of one model on one machine."""

    reading: Speed = field(factory=Speed)
    writing: Speed = field(factory=Speed)
    batch: int | None = None
    """The batch that it is loaded with; None: the server's own."""

    def with_answer(self, usage: Usage) -> Measured:
        """What is known after another answer; one that is too short says nothing."""
        reading, writing = self.reading, self.writing
        read = usage.read_tokens or 0
        if read >= _LEAST_READ and usage.prompt_seconds > 0:
            reading = reading.with_more(read, usage.prompt_seconds)
        if usage.tokens >= _LEAST_WRITTEN and usage.seconds > 0:
            writing = writing.with_more(usage.tokens, usage.seconds)
        return evolve(self, reading=reading, writing=writing)


def batch_for(known: Measured, *, loaded: bool) -> int | None:
    """The batch to load a model with; None leaves it to the server.

    Once chosen it stays, unless reading is so fast by now that it is clearly of no use: with another
    one, whoever loads the model next would make all others wait for another load.

    Args:
        known: what is known of the model.
        loaded: whether it is loaded already, by whomever; then nothing new is chosen.
    """
    speed = known.reading.per_second
    if loaded or speed == 0:
        return known.batch
    if known.batch is None and known.reading.seconds < _EVIDENCE:
        return None
    if known.batch is not None and speed < 2 * FAST:
        return known.batch
    if speed >= FAST:
        return None
    batch = _SMALLEST
    while batch * 2 <= min(speed * _WORTH, _LARGEST):
        batch *= 2
    return batch
