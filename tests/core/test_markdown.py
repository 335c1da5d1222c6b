"""Nothing that a model writes can be more than text, code and safe links, in whole or cut off anywhere.

The judge is a parser that shares no code with what is tested, told to let everything through.
"""

from __future__ import annotations

import random
import re
from typing import TYPE_CHECKING

import pytest
from hostile_markdown import HOSTILE
from markdown_it import MarkdownIt

from gloss_lsp.core.markdown import MarkdownStream, safe_markdown, unclosed
from gloss_lsp.core.safe import UNSAFE

if TYPE_CHECKING:
    from markdown_it.token import Token


def forbidden(markdown: str) -> list[str]:
    """What a reader that allows everything would find in `markdown` that may not be there."""
    parser = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"]).disable("text_join")
    parser.validateLink = lambda _: True  # type: ignore[method-assign]
    found = []
    for token in _flat(parser.parse(markdown)):
        if token.type in ("html_block", "html_inline", "image"):
            found.append(f"{token.type}: {token.content}")
        elif token.type == "link_open" and not re.match(r"https?://|mailto:|#", str(token.attrs["href"])):
            found.append(f"link: {token.attrs['href']}")
        elif token.type == "text" and (address := re.search(r"(?<!http:)(?<!https:)//\S+", token.content)):
            found.append(f"address: {address[0]}")
        elif token.type == "fence" and token.info in ("mermaid", "math"):
            found.append(f"drawing: {token.content}")
    found += [f"character: {character!a}" for character in UNSAFE.findall(parser.render(markdown))]
    return found


def _flat(tokens: list[Token]) -> list[Token]:
    return [each for token in tokens for each in (token, *_flat(token.children or []))]


def outside_code(markdown: str) -> bool:
    """Whether what Gloss writes after `markdown` is read as Gloss means it."""
    tokens = MarkdownIt("commonmark").parse(f"{markdown}\n\nLeft out: **imports**")
    last = tokens[-3:]
    return [token.type for token in last] == ["paragraph_open", "inline", "paragraph_close"] and last[
        0
    ].level == 0


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
def test_hostile_markdown_is_harmless_wherever_it_breaks_off(text: str) -> None:
    for end in range(len(text) + 1):
        shown = safe_markdown(text[:end])
        assert forbidden(shown) == [], text[:end]
        assert outside_code(shown), text[:end]
        assert safe_markdown(shown) == shown, "what is safe is changed again"


def test_the_judge_finds_what_the_table_holds() -> None:
    told = [name for name, text in HOSTILE.items() if forbidden(text)]
    assert len(told) > len(HOSTILE) * 3 / 4, sorted(set(HOSTILE) - set(told))


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
def test_a_stream_says_the_same_however_it_is_cut(text: str) -> None:
    whole = safe_markdown(text)
    for size in range(1, 8):
        assert streamed([text[at : at + size] for at in range(0, len(text), size)]) == whole
    for at in range(len(text)):
        assert streamed([text[:at], text[at:]]) == whole


def test_random_mixtures_are_harmless() -> None:
    dice = random.Random(20261123)
    parts = [
        *HOSTILE.values(),
        *(part for text in HOSTILE.values() for part in re.findall(r"\w+|\s+|[^\w\s]+", text)),
    ]
    for _ in range(1500):
        text = "".join(dice.choices(parts, k=dice.randint(2, 9)))
        shown = safe_markdown(text)
        assert forbidden(shown) == [], text
        assert outside_code(shown), text
        cuts = sorted(dice.choices(range(len(text) + 1), k=4))
        assert streamed([text[a:b] for a, b in zip([0, *cuts], [*cuts, len(text)], strict=True)]) == shown, (
            text
        )


ORDINARY = [
    "# Heading\n\nSome *words*, **more** of them, and `code`.\n\n1. One\n2. Two\n   - three\n\n> quoted\n",
    "| a | b |\n|---|:-:|\n| `x` | 1 < 2 and 3 <= 4 |\n",
    "- [ ] to do\n- [x] done, see `list[int] | None` or `Map<K, V>`\n",
    "See [the docs](https://docs.example/a_(b)?c=1&d=2#e), <https://a.example> or https://b.example/c.",
    "Write to [us](mailto:a@b.example), or go [up](#top).",
    "It reads `values[0]`, then calls handlers[name] and 3 // 2.",
    "AT&T, &lt;tag&gt;, fish &amp; chips, C:\\dir\\file, 1 / 2, and/or, 12:30",
    "```python\nprint('<b>', \"[a](javascript:x)\", x | y)\n\n\tindented\n```\nafter\n",
    "~~~\n```\n~~~",
    "Hindi क्\u200dष, Persian می\u200cخواهم, family 👨\u200d👩\u200d👧.",
]


@pytest.mark.parametrize("text", ORDINARY)
def test_ordinary_markdown_stays_as_it_is(text: str) -> None:
    assert safe_markdown(text).replace("%28b%29", "(b)") == text


REWRITTEN = [
    ("[run](command:x) it", "run it"),
    ("[docs](https://a.example 'T')", "[docs](https://a.example)"),
    ("![a diagram](https://a.example/b.png)", "a diagram"),
    ("[![build](https://a.example/b.svg)](https://a.example)", "[build](https://a.example)"),
    ("table[key](value)", "table[key]&#40;value)"),
    ("a <b>bold</b> word", "a &lt;b>bold&lt;/b> word"),
    ("It costs $5 {or so}", "It costs \\$5 \\{or so}"),
    ("a lone ` backtick", "a lone &#96; backtick"),
    ("- so:\n  ```py\n  if a:\n      b\n  ```\n- then", "- so:\n\n```py\nif a:\n    b\n```\n- then"),
    ("> ```py\n> if a:\n>     b\n> ```\n> on", "```py\nif a:\n    b\n```\n> on"),
    ("```mermaid\na-->b\n```", "```text\na-->b\n```"),
    ("```python title=`x`\n", "&#96;&#96;&#96;python title=`x`\n"),
    ("```python {.x}\ncut of", "```python\ncut of\n```"),
    ("one\r\ntwo", "one\ntwo"),
]


@pytest.mark.parametrize(("text", "shown"), REWRITTEN)
def test_what_is_not_safe_is_written_so_that_it_reads_well(text: str, shown: str) -> None:
    assert safe_markdown(text) == shown


STREAMED = [
    (["One w", "ord, ", "two"], ["One w", "ord, ", "two"]),
    (["See [a", "](https://", "x.example)", " on"], ["See ", "", "[a](https://x.example)", " on"]),
    (["a `li", "st[int", "]` b"], ["a ", "", "`list[int]` b"]),
    (["``", "`py", "\nx =", " 1\n`", "``\nb"], ["", "", "```py\nx =", " 1\n", "```\nb"]),
]


@pytest.mark.parametrize(("pieces", "shown"), STREAMED)
def test_words_are_shown_as_soon_as_nothing_can_change_them(pieces: list[str], shown: list[str]) -> None:
    stream = MarkdownStream()
    assert [stream.feed(piece) for piece in pieces] == shown


UNCLOSED = [
    ("", ""),
    ("text", ""),
    ("```\na\n```", ""),
    ("```py\na", "\n```"),
    ("~~~~\na\n", "~~~~"),
    ("- a\n  ```\n  b\n", "```"),
    ("> ```\n> a", ""),
    ("```", "\n```"),
]


@pytest.mark.parametrize(("text", "end"), UNCLOSED)
def test_code_that_breaks_off_can_be_ended_before_more_is_appended(text: str, end: str) -> None:
    assert unclosed(text) == end
    assert "\n\nLeft out" in safe_markdown(f"{text}{end}\n\nLeft out: **imports**")
    assert outside_code(safe_markdown(f"{text}{end}"))


def streamed(pieces: list[str]) -> str:
    stream = MarkdownStream()
    return "".join([stream.feed(piece) for piece in pieces]) + stream.flush()
