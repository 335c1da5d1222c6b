"""Places to be completed, written as texts with a mark where the cursor is."""

from __future__ import annotations

from gloss_lsp.core.completion.context import Context
from gloss_lsp.core.completion.window import Limits, window
from gloss_lsp.core.text import Source

MARK = "‸"


def context_of(marked: str, language: str = "python", limits: Limits | None = None) -> Context:
    """The place of the mark in a text."""
    before, mark, after = marked.partition(MARK)
    assert mark, "the text has no cursor"
    source = Source(before + after, language)
    return Context(window(source.lines, source.place(len(before)), limits or Limits()), language)
