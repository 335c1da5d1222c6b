"""Takes a model's thinking out of its answer, where it comes as a ``<think>`` block of the text."""

from __future__ import annotations

from typing import Final

from attrs import define

_OPEN: Final = "<think>"
_CLOSE: Final = "</think>"


@define
class ThinkingSplitter:
    """Told an answer piece by piece, says of each what is text and what is thinking.

    Only a block that the answer begins with is thinking, or one that follows such a block: later the
    tag is what the answer speaks of, such as the documentation of this very class. A block that never
    ends is thinking to the end. White space around a block belongs to neither, but where there is no
    block, the text is passed on as it came, to the letter.
    """

    _state: str = "start"
    """``start`` before anything that counts, ``inside`` a block, ``after`` a block, or in the ``text``."""
    _held: str = ""
    """What cannot be judged before more is known."""

    def feed(self, piece: str) -> tuple[str, str]:
        """Text and thinking that are certain now."""
        text = thinking = ""
        self._held += piece
        before = None
        while before != (self._state, self._held):
            before = (self._state, self._held)
            if self._state == "inside":
                thinking += self._think()
            elif self._state == "text":
                text, self._held = text + self._held, ""
            else:
                self._begin()
        return text, thinking

    def flush(self) -> tuple[str, str]:
        """Text and thinking that were held back, once nothing more comes."""
        held, self._held = self._held, ""
        if self._state == "inside":
            return "", held
        return (held.lstrip() if self._state == "after" else held), ""

    def _think(self) -> str:
        """The thinking up to the end of the block, or to what may be the beginning of its end."""
        thought, closed, rest = self._held.partition(_CLOSE)
        if closed:
            self._state, self._held = "after", rest
            return thought
        keep = _overlap(thought, _CLOSE)
        self._held = thought[len(thought) - keep :]
        return thought[: len(thought) - keep]

    def _begin(self) -> None:
        """Decides whether a block begins here, once enough has come to tell."""
        seen = self._held.lstrip()
        if seen.startswith(_OPEN):
            self._state, self._held = "inside", seen[len(_OPEN) :]
        elif not _OPEN.startswith(seen):
            self._held = seen if self._state == "after" else self._held
            self._state = "text"


def _overlap(text: str, tag: str) -> int:
    """How many characters at the end of a text may be the beginning of a tag."""
    return next((size for size in range(len(tag) - 1, 0, -1) if text.endswith(tag[:size])), 0)
