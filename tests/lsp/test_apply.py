"""Whether an edit that came back together with typing is recognised, and one that was skipped is not."""

from __future__ import annotations

import pytest

from gloss_lsp.core.text import Edit, Span
from gloss_lsp.lsp.apply import _holds

TEXT = "abc def ghi"


@pytest.mark.parametrize(
    ("edit", "text", "holds"),
    [
        (Edit(Span(4, 7), "DEF"), "abc DEF ghi", True),
        (Edit(Span(4, 7), "DEF"), "abc DEF ghi!", True),
        (Edit(Span(4, 7), "DEF"), "!abc DEF ghi", True),
        (Edit(Span(4, 7), "DEF"), "abc def ghi!", False),
        (Edit(Span(4, 7), "DEF"), "!abc def ghi", False),
        (Edit(Span(4, 7), "DEF"), "abc DxEF ghi", False),
        (Edit(Span(4, 7), "de"), "abc def ghi", False),
        (Edit(Span(4, 8), ""), "abc ghi!", True),
        (Edit(Span(4, 8), ""), "abc def ghi", False),
        (Edit(Span(4, 8), ""), "abc def ghi!", False),
        (Edit(Span(4, 8), ""), "!abc def ghi", False),
        (Edit(Span(4, 7), ""), "abc  ghi", True),
        (Edit(Span(3, 3), "XY"), "abcXY def ghi", True),
        (Edit(Span(3, 3), "XY"), "abcXY! def ghi", True),
        (Edit(Span(3, 3), "XY"), "abc!XY def ghi", True),
        (Edit(Span(3, 3), "XY"), "abc! def ghi", False),
        (Edit(Span(3, 3), "XY"), "abc def ghi!", False),
    ],
)
def test_an_edit_stands_in_a_text_that_was_also_changed_elsewhere(edit: Edit, text: str, holds: bool) -> None:
    assert _holds(text, TEXT, [edit]) is holds
