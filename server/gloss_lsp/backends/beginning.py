"""Takes from the stream of an answer what it was asked to begin with."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import evolve

from gloss_lsp.core.completion.anchor import Beginning

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from gloss_lsp.backends.base import Piece
    from gloss_lsp.core.completion.anchor import Habit


class BeginsOtherwise(Exception):
    """An answer doesn't begin as it has to."""


async def behind(
    pieces: AsyncGenerator[Piece, None], begins: str, habit: Habit | None = None
) -> AsyncGenerator[Piece, None]:
    """The pieces without what the answer has to begin with.

    Args:
        pieces: The answer.
        begins: How it has to begin.
        habit: Learns whether it does. None where the server sees to that.

    Raises:
        BeginsOtherwise: It doesn't, which is raised as soon as it is seen. Only blanks may be left out,
            and only by a model that does not mostly write them.
    """
    beginning = Beginning(begins)
    decided = False
    async for piece in pieces:
        if decided:
            yield piece
            continue
        text = beginning.feed(piece.text)
        missed = beginning.missed or (piece.done is not None and not beginning.met)
        decided = beginning.met or missed
        if decided and habit is not None:
            refused = missed and (habit.is_good or bool(begins.strip()))
            habit.learn(begins, met=not missed)
            if refused:
                raise BeginsOtherwise
            text = beginning.seen if missed else text
        if text or piece.thinking or piece.done:
            yield evolve(piece, text=text)
