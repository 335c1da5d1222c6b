"""A model's thinking is told from its answer, however the pieces are cut."""

import pytest

from gloss_lsp.core.thinking import Answer, ThinkingSplitter

CASES = [
    # what comes, the text of it, the thinking of it
    ("", "", ""),
    ("Hello", "Hello", ""),
    ("  indented code\n", "  indented code\n", ""),
    (" \n", " \n", ""),
    ("<think>hm</think>Hello", "Hello", "hm"),
    ("<think>\n\n</think>\n\nHello\n", "Hello\n", "\n\n"),
    ("\n <think>hm</think>\n", "", "hm"),
    ("<think>a</think> <think>b</think>c", "c", "ab"),
    ("<think>cut off", "", "cut off"),
    ("<think>cut </thin", "", "cut </thin"),
    ("<think>a < b </ c</think>x", "x", "a < b </ c"),
    ("<think>a<think>b</think>x", "x", "a<think>b"),
    ("<<think>x", "<<think>x", ""),
    ("<thin", "<thin", ""),
    ("<thinking>x", "<thinking>x", ""),
    ("the `<think>` tag", "the `<think>` tag", ""),
    ("a</think>b", "a</think>b", ""),
    ("<think>hm</think>use <think> here", "use <think> here", "hm"),
    ("<think>hm</think>\n<thi", "<thi", "hm"),
    ("It is.\n<think>hm</think>\n\nSo.", "It is.\nSo.", "hm"),
    ("It is.\n  <think>hm", "It is.\n", "hm"),
    ("a\n<think>b</think>\nc\n<think>d</think>e", "a\nc\ne", "bd"),
    ("a\n```html\n<think>b</think>\n```\n<think>c</think>d", "a\n```html\n<think>b</think>\n```\nd", "c"),
    ("a\n ``", "a\n ``", ""),
    ("a\n<thin", "a\n<thin", ""),
    ("a\n<thing>", "a\n<thing>", ""),
    ("<think>số</think>đúng", "đúng", "số"),
]


def split(pieces):
    splitter = ThinkingSplitter()
    parts = [splitter.feed(piece) for piece in pieces] + [splitter.flush()]
    return "".join(text for text, _ in parts), "".join(thinking for _, thinking in parts)


@pytest.mark.parametrize(("comes", "text", "thinking"), CASES)
def test_thinking_is_split_off_wherever_the_pieces_are_cut(comes, text, thinking):
    for first in range(len(comes) + 1):
        for second in range(first, len(comes) + 1):
            pieces = [comes[:first], comes[first:second], comes[second:]]
            assert split(pieces) == (text, thinking), pieces
    assert split(list(comes)) == (text, thinking)


def test_text_is_not_held_back_longer_than_it_is_in_doubt():
    splitter = ThinkingSplitter()
    assert splitter.feed("<th") == ("", "")
    assert splitter.feed("ere") == ("<there", "")
    assert splitter.feed("<think>") == ("<think>", "")


def test_thinking_comes_while_it_comes():
    splitter = ThinkingSplitter()
    assert splitter.feed("<think>one ") == ("", "one ")
    assert splitter.feed("two </") == ("", "two ")
    assert splitter.feed("b>") == ("", "</b>")


def test_in_code_a_line_may_begin_with_the_tag():
    splitter = ThinkingSplitter(later=False)
    assert splitter.feed("a\n<think>b\n") == ("a\n<think>b\n", "")
    assert splitter.flush() == ("", "")


ANSWERS = [
    # what comes, what is left where the template had written the tag that is missing
    ("Hm, so.\n</think>\n\nIt is.", "It is."),
    ("</think>It is.", "It is."),
    ("Hm.\n</think>\n", ""),
    ("It ends with </think> here.", "It ends with </think> here."),
    ("`<think>` and\n</think> are tags.", "`<think>` and\n</think> are tags."),
    ("See:\n```\n</think>\n```\nDone.", "See:\n```\n</think>\n```\nDone."),
    ("  x\n\n", "  x\n\n"),
]


@pytest.mark.parametrize(("comes", "left"), ANSWERS)
def test_thinking_whose_beginning_never_came_is_forgotten(comes, left):
    for first in range(len(comes) + 1):
        for second in range(first, len(comes) + 1):
            answer = Answer()
            for piece in (comes[:first], comes[first:second], comes[second:]):
                answer.add(piece)
            assert answer.text == left
