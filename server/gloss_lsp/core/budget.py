"""Fits a prompt into a context length: how many tokens a text may take, and what to leave out."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from attrs import frozen

from gloss_lsp.errors import TooLong

if TYPE_CHECKING:
    from collections.abc import Sequence

_MARGIN: Final = 1.2
_PIECES: Final = re.compile(
    r"[A-Z]?[a-z]{1,6}|[A-Z]{1,3}|\d|\n[ \t]*|[ \t]{2,}|[!-/:-@\[-`{-~]{1,2}"
    # Cyrillic, Hebrew, Arabic and Ethiopic take about two letters a token.
    r"|[\u0400-\u06ff\u1200-\u137f]{1,2}"
    r"|\S"
)
_COSTLY: Final = re.compile(
    # Armenian, Telugu, Sinhala, Burmese, Yi and other rare scripts, and what lies beyond the first plane.
    r"[\u0530-\u058f\u0c00-\u0c7f\u0d80-\u0dff\u1000-\u109f\u1400-\u1dff\ua000-\uabff\U00010000-\U0010ffff]"
)


def estimate(text: str) -> int:
    """How many tokens a text takes, rather too many than too few.

    Measured against the tokenizer of Qwen2.5-Coder on 617 samples of 800 to 1,500 characters: code in
    a dozen programming languages takes 0.72 of the estimate at the mean, text in 38 human languages
    0.81. One sample in 36 takes more than the estimate, by a sixth at most; letters drawn by chance,
    which no prompt is made of, take up to 2.7 times as much.
    """
    pieces = len(_PIECES.findall(text))
    if not text.isascii():
        pieces += len(_COSTLY.findall(text))
    return int(pieces * _MARGIN) + 1


@frozen
class Part:
    """A part of a prompt that can be left out."""

    name: str
    """For people, who are told when it was left out."""
    text: str
    rank: int = 0
    """0: never left out; the greater, the less useful."""


@frozen
class Fitted:
    """The parts that fit."""

    kept: tuple[Part, ...]
    """In the order in which they were given."""
    left_out: tuple[str, ...]
    """The names of the others, in that order too."""


def fit(parts: Sequence[Part], room: int) -> Fitted:
    """Keep as many parts as fit into `room` tokens, the most useful first.

    A part that is too large does not take with it smaller ones that are less useful. Equals keep
    their order.

    Raises:
        TooLong: not even the parts of rank 0 fit.
    """
    needed = [estimate(part.text) for part in parts]
    left = room - sum(cost for part, cost in zip(parts, needed, strict=True) if part.rank == 0)
    if left < 0:
        raise TooLong(
            f"This needs about {room - left} tokens, and {room} are free in the model's context."
            " Select less, or set models.contextLength to a larger value."
        )
    kept = {index for index, part in enumerate(parts) if part.rank == 0}
    for index in sorted(range(len(parts)), key=lambda index: parts[index].rank):
        if index not in kept and needed[index] <= left:
            kept.add(index)
            left -= needed[index]
    return Fitted(
        tuple(part for index, part in enumerate(parts) if index in kept),
        tuple(part.name for index, part in enumerate(parts) if index not in kept),
    )
