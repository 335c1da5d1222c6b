"""What counts as nothing selected: editors without a selection send what is at the cursor."""

from __future__ import annotations

import pytest

from gloss_lsp.actions.base import Selection
from gloss_lsp.core.text import Source, Span

TEXT = "# der Rest\nvalue = rest + 1\n\n"


@pytest.mark.parametrize(
    ("selected", "is_cursor", "cursor"),
    [
        (Span(11, 11), True, 11),
        pytest.param(Span(11, 12), True, 11, id="the character under Helix's block"),
        pytest.param(Span(27, 28), True, 27, id="its block at the end of a line"),
        pytest.param(Span(11, 16), True, 16, id="the symbol at eglot's point"),
        pytest.param(Span(11, 18), False, 18, id="more than a word"),
        pytest.param(Span(27, 29), False, 29, id="lines"),
    ],
)
def test_a_character_or_a_word_is_a_cursor(selected, is_cursor, cursor):
    selection = Selection(Source(TEXT, "python"), selected)
    assert (selection.is_cursor, selection.cursor) == (is_cursor, cursor)
