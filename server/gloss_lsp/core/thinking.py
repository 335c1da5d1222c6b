"""Takes a model's thinking out of its answer, where it comes as a ``<think>`` block of the text."""

from __future__ import annotations

import re
from typing import Final

from attrs import define

_OPEN: Final = "<think>"
_CLOSE: Final = "</think>"
_FENCES: Final = ("```", "~~~")
_BEGINNINGS: Final = (_OPEN, *_FENCES)
_LOST: Final = re.compile(rf"^[ \t]*{_CLOSE}\s*", re.MULTILINE)


@define
class ThinkingSplitter:
    """Told an answer piece by piece, says of each what is text and what is thinking.

    A block that the answer begins with is thinking, and one that follows such a block. Later, where some
    models think again, only a block that begins its line, outside of fenced code: anywhere else the tag
    is what the answer speaks of, such as the documentation of this very class. A block that never ends
    is thinking to the end. White space around a block belongs to neither, but where there is no block,
    the text is passed on as it came, to the letter.
    """

    later: bool = True
    """Whether a block can come later; not in code, where the tag may begin a line of its own right."""
    _state: str = "start"
    """``start`` before anything that counts, ``inside`` a block, ``after`` a block, or in the ``text``."""
    _held: str = ""
    """What cannot be judged before more is known."""
    _at_line_start: bool = True
    """Whether nothing of the line that comes next has been passed on as text."""
    _in_fence: bool = False

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
                text += self._speak()
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

    def _speak(self) -> str:
        """The text up to where another block begins, or may be about to begin."""
        if not self.later:
            text, self._held = self._held, ""
            return text
        text = ""
        while self._held:
            line, newline, rest = self._held.partition("\n")
            bare = line.lstrip()
            if self._at_line_start and not self._in_fence and bare.startswith(_OPEN):
                self._state, self._held = "inside", f"{bare[len(_OPEN) :]}{newline}{rest}"
                break
            if self._at_line_start and not newline and any(mark.startswith(bare) for mark in _BEGINNINGS):
                break
            if self._at_line_start and bare.startswith(_FENCES):
                self._in_fence = not self._in_fence
            text += line + newline
            self._held, self._at_line_start = rest, bool(newline)
        return text

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


@define
class Answer:
    """An answer as it grows, without thinking whose beginning never came.

    Some models' templates write ``<think>`` themselves, and where nothing takes the block apart, the
    answer begins within it. Only an end that begins its line, outside of fenced code, is taken for one.
    """

    text: str = ""
    _after_thinking: bool = False

    def add(self, piece: str) -> None:
        """Take the next piece; what turns out to have been thinking is forgotten."""
        known = len(self.text)
        self.text += piece
        # A tag that began in an earlier piece may have been completed by this one.
        found = _LOST.search(self.text) if _CLOSE in self.text[max(0, known - len(_CLOSE)) :] else None
        if found is not None and not _is_spoken_of(self.text[: found.start()]):
            self.text, self._after_thinking = self.text[found.end() :], True
        elif self._after_thinking and not known:
            self.text = self.text.lstrip()


def _is_spoken_of(before: str) -> bool:
    """Whether an end tag behind this text is part of what the answer says."""
    fences = sum(line.lstrip().startswith(_FENCES) for line in before.split("\n"))
    return _OPEN in before or fences % 2 == 1
