"""Follows code samples through the rows of a comment: fences, doctests, ``<pre>``, literal blocks."""

from __future__ import annotations

from typing import Literal

from gloss_lsp.core.comments import markup

_Until = Literal["", "fence", "blank", "shallower", "tag", "end"]


class CodeSamples:
    """Says of each row, from top to bottom, whether it belongs to a code sample."""

    def __init__(self) -> None:
        self._until: _Until = ""
        """What ends the sample under way; empty outside of one."""
        self._fence = ""
        self._indent = 0

    def holds(self, words: str, indent: int) -> bool:
        """Whether the next row, whose words begin at column `indent`, is part of a sample or opens one."""
        return self._goes_on(words, indent) or self._begins(words, indent)

    def below(self, indent: int) -> None:
        """What is set in further than `indent` from the next row on is a sample: the row ended in ``::``."""
        self._until, self._indent = "shallower", indent

    def _goes_on(self, words: str, indent: int) -> bool:
        if not self._until:
            return False
        outside = (self._until == "shallower" and words.strip() and indent <= self._indent) or (
            self._until == "tag" and words.startswith(("@", "\\"))
        )
        ended = (
            outside
            or (self._until == "blank" and not words.strip())
            or (self._until == "fence" and words.startswith(self._fence))
            or (self._until == "end" and markup.CODE_END.search(words))
        )
        if ended:
            self._until = ""
        return not outside

    def _begins(self, words: str, indent: int) -> bool:
        fence = markup.FENCE.match(words)
        begin = markup.CODE_BEGIN.match(words)
        if fence is not None:
            self._fence = fence[0]
            self._until = "" if self._fence in words[len(self._fence) :] else "fence"
        elif markup.PROMPT.match(words):
            self._until = "blank"
        elif begin is None:
            return False
        elif words.startswith("@example"):
            self._until = "tag"
        elif words.startswith(".."):
            self._until, self._indent = "shallower", indent
        else:
            self._until = "" if markup.CODE_END.search(words) else "end"
        return True
