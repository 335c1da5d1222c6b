"""Exit codes, and the error of wrong use."""

from __future__ import annotations

from gloss_lsp.errors import GlossError

DONE = 0
FAILED = 1
WRONG_USE = 2


class WrongUseError(GlossError):
    """What was written on the command line cannot be meant."""
