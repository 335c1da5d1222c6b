"""Short messages, edits and terminals get nothing but words."""

from __future__ import annotations

import re
import unicodedata

import pytest

from gloss_lsp.core.safe import UNSAFE, safe_code, safe_line, safe_line_end
from gloss_lsp.core.terminal import TerminalFilter, safe_terminal

LINES = [
    ("plain", 10, "plain"),
    ("two\n lines\tand\r\nmore  ", 40, "two lines and more"),
    ("exactly 10", 10, "exactly 10"),
    ("eleven long", 10, "eleven lo…"),
    ("a word cut", 8, "a word…"),
    ("[Run](command:x) now", 40, "[Run] (command:x) now"),
    ("[a](command:b)[c](command:d)", 40, "[a] (command:b)[c] (command:d)"),
    ("[a]\u200e(command:b)", 40, "[a] (command:b)"),
    ("![a](https://b/c.png)", 40, "[a] (https://b/c.png)"),
    ("<img src=x></b><!-- <command:x>", 40, "‹img src=x>‹/b>‹!-- ‹command:x>"),
    ("List<int> a < b << 2", 40, "List‹int> a < b << 2"),
    ("a\x1b[31mred\x07 \u202eb", 40, "a [31mred b"),
    ("cafe\u0301s", 5, "caf…"),
    ("ab👨\u200d👩\u200d👧cd", 5, "ab…"),
    ("日本語のコメント", 4, "日本語…"),
    ("anything", 1, "…"),
    ("anything", 0, ""),
    ("", 5, ""),
    ("\ud800a", 5, "a"),
]


@pytest.mark.parametrize(("text", "limit", "shown"), LINES)
def test_a_line_is_one_line_of_whole_characters(text: str, limit: int, shown: str) -> None:
    assert safe_line(text, limit) == shown
    assert len(shown) <= limit


LINE_ENDS = [
    ("plain", 10, "plain"),
    ("the newest words", 10, "…est words"),
    ("one\ntwo\nthree", 8, "…o three"),
    ("one two", 4, "…two"),
    ("cafe\u0301s", 4, "…e\u0301s"),
    ("cafe\u0301s", 3, "…s"),
    ("x" * 5000 + " end", 6, "…x end"),
    ("x" + " " * 5000 + "end", 6, "…end"),
    ("[a](command:b)", 13, "…(command:b)"),
    ("anything", 0, ""),
]


@pytest.mark.parametrize(("text", "limit", "shown"), LINE_ENDS)
def test_the_end_of_a_growing_text_fits_a_line(text: str, limit: int, shown: str) -> None:
    assert safe_line_end(text, limit) == shown
    assert len(shown) <= limit


CODE = [
    ("x = 1\n\ty\n", "", "x = 1\n\ty\n"),
    ("a\u202eb\u2066c\x1bd\x00e", "plain", "abcde"),
    ("a\fb\u200fc\u202ed", "page\fbreak \u200f", "a\fb\u200fcd"),
    ("a\r\nb", "x\r\ny", "a\r\nb"),
    ("a\r\nb", "x\ny", "a\nb"),
    ("می\u200cخواهم", "", "می\u200cخواهم"),
]


@pytest.mark.parametrize(("text", "original", "written"), CODE)
def test_edits_bring_no_hidden_characters_that_were_not_there(text: str, original: str, written: str) -> None:
    assert safe_code(text, original) == written


def test_all_controls_and_all_bidirectional_controls_are_unsafe() -> None:
    bidirectional = {"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"}
    for point in range(0x110000):
        character = chr(point)
        is_control = unicodedata.category(character) in ("Cc", "Cs", "Zl", "Zp") and character not in "\t\n"
        if is_control or unicodedata.bidirectional(character) in bidirectional:
            assert UNSAFE.match(character), hex(point)


TERMINAL = [
    ("plain\n\ttext\n", "plain\n\ttext\n"),
    ("\x1b[31mred\x1b[0m", "red"),
    ("\x1b[38;2;1;2;3mred\x1b[?25l\x1b[2J\x1b[1 q", "red"),
    ("\x9b31mred\x85", "red"),
    ("a\x1b]0;title\x07b\x1b]8;;https://x.example\x1b\\c", "abc"),
    ("a\x9d0;title\x9cb\x90q\x9cc", "abc"),
    ("a\x1bPq...\x1b\\b\x1b_x\x1b\\c\x1b^y\x07d", "abcd"),
    ("a\x1bcb\x1b(Bc\x1b7d", "abcd"),
    ("a\x1b]0;never ended\nb", "a0;never ended\nb"),
    ("a\x1b\x1b[m[31mb", "a[31mb"),
    ("a\x1b", "a"),
    ("a\x1b[31", "a31"),
    ("over\rwritten\r\nb\x08\x7f", "overwritten\nb"),
    ("a\u202eb\u2069c\ud800", "abc"),
    ("\x1b]" + "x" * 5000, "x" * 5000),
]


@pytest.mark.parametrize(("text", "printed"), TERMINAL)
def test_terminals_get_no_sequences_however_they_are_cut(text: str, printed: str) -> None:
    assert safe_terminal(text) == printed
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f]", printed)
    for size in (1, 2, 3, 5):
        cleaner = TerminalFilter()
        pieces = [cleaner.feed(text[at : at + size]) for at in range(0, len(text), size)]
        assert "".join(pieces) + cleaner.flush() == printed


def test_ordinary_words_are_printed_at_once() -> None:
    cleaner = TerminalFilter()
    assert [cleaner.feed(piece) for piece in ("one ", "two\x1b", "[1", "mthree")] == [
        "one ",
        "two",
        "",
        "three",
    ]
