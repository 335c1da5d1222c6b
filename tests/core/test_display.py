import pytest

from gloss_lsp.core.display import join, width, wrap


@pytest.mark.parametrize(
    ("text", "columns"), [("abc", 3), ("\tx", 5), ("计算", 4), ("e\u0301", 1), ("ｶ", 1), ("", 0)]
)
def test_columns_that_a_text_takes(text, columns):
    assert width(text) == columns


@pytest.mark.parametrize(
    ("above", "below", "joined"),
    [
        ("a", "b", "a b"),
        ("计", "算", "计算"),
        ("计", "b", "计 b"),
        ("한", "국", "한 국"),
        ("", "b", "b"),
        ("a", "", "a"),
    ],
)
def test_lines_become_one(above, below, joined):
    assert join(above, below) == joined


@pytest.mark.parametrize(
    ("words", "lines"),
    [
        ("one two three", ["one two", "three"]),
        ("unbreakable-word x", ["unbreakable-word", "x"]),
        ("平均を計算します。", ["平均を計", "算しま", "す。"]),
        ("see the @param x", ["see", "the @param", "x"]),
        ("one twoo - three", ["one", "twoo -", "three"]),
        ("one two TODO", ["one", "two TODO"]),
        ("", [""]),
    ],
)
def test_lines_break_where_nothing_is_taken_for_markup(words, lines):
    assert wrap(words, 9, 7) == lines
