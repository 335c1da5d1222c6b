"""Wraps words that come bit by bit, since a terminal would break a line in the middle of one."""

from __future__ import annotations

from rich.cells import cell_len

FENCE = "```"


class Wrap:
    """Puts line ends where words would not fit; leaves code between fences as it is.

    A word is held back until it is known where it ends. Scripts that put no spaces between words
    are broken between any two of their wide characters.
    """

    def __init__(self, width: int) -> None:
        """Wrap at a width in cells of the terminal."""
        self._width = width
        self._column = 0
        self._gap = ""
        self._word = ""
        self._line = ""
        self._fenced = False

    def feed(self, text: str) -> str:
        """What can be written now."""
        return "".join(self._take(character) for character in text)

    def _take(self, character: str) -> str:
        if character == "\n":
            return self._end_line()
        self._line += character
        if self._fenced:
            return character
        if character == " ":
            written = self._place()
            self._gap += character
            return written
        if cell_len(character) > 1:
            written = self._place()
            self._word = character
            return written + self._place()
        self._word += character
        return ""

    def _place(self) -> str:
        """Write the word that has ended, on the next line where it does not fit on this one."""
        if not self._word:
            return ""
        gap, word, self._gap, self._word = self._gap, self._word, "", ""
        if self._column and self._column + len(gap) + cell_len(word) > self._width:
            self._column, gap = 0, "\n"
        self._column += len(gap.strip("\n")) + cell_len(word)
        return gap + word

    def _end_line(self) -> str:
        written = self._place()
        if self._line.lstrip().startswith(FENCE):
            self._fenced = not self._fenced
        self._column, self._gap, self._line = 0, "", ""
        return written + "\n"
