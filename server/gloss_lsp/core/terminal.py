"""Makes a model's words safe for a terminal, also while they stream."""

from __future__ import annotations

import re

from gloss_lsp.core.safe import UNSAFE

# The forms of ECMA-48, in seven and in eight bits, with bounds: a sequence that does not end in
# sight is no sequence, so that nobody can hide a whole answer in one.
_CONTROL = r"(?:\x1b\[|\x9b)[0-?]{0,64}[ -/]{0,8}"
_STRING = r"(?:\x1b[\]PX^_]|[\x90\x98\x9d-\x9f])[^\x07\x1b\x9c\n]{0,1024}"
_ESCAPE = r"\x1b[ -/]{0,8}"
_SEQUENCE = re.compile(rf"{_CONTROL}[@-~]|{_STRING}(?:\x07|\x1b\\|\x9c)|{_ESCAPE}[0-~]")
_UNFINISHED = re.compile(rf"(?:{_CONTROL}|{_STRING}\x1b?|{_ESCAPE})\Z")


class TerminalFilter:
    r"""Removes escape sequences, controls but ``\n`` and tab, and bidirectional controls from a stream.

    Pieces may be cut anywhere: what may be the beginning of a sequence is kept back until it is
    known, and the joined output is the same for every way to cut the input.
    """

    def __init__(self) -> None:
        self._kept = ""

    def feed(self, piece: str) -> str:
        """What may be printed now."""
        text = self._kept + piece
        unfinished = _UNFINISHED.search(text)
        settled = unfinished.start() if unfinished else len(text)
        self._kept = text[settled:]
        return _clean(text[:settled])

    def flush(self) -> str:
        """What was kept back, at the end of the stream."""
        kept, self._kept = self._kept, ""
        return _clean(kept)


def safe_terminal(text: str) -> str:
    """A whole text as `TerminalFilter` lets it through."""
    cleaner = TerminalFilter()
    return cleaner.feed(text) + cleaner.flush()


def _clean(text: str) -> str:
    return UNSAFE.sub("", _SEQUENCE.sub("", text))
