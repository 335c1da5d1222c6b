"""Makes a model's words harmless inside a comment: they can neither end it early nor go on behind it."""

from __future__ import annotations

import re
import unicodedata
from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from gloss_lsp.core.comments.passages import Passage
    from gloss_lsp.core.languages import Language

# Python's escape sequences (Language Reference, 2.4.1.1).
_ESCAPE = re.compile(
    r"\\(?:x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|N\{[^{}]*\}|[0-7]{1,3}|.|$)", re.DOTALL
)
_SECTION_END = ((r"<(?=/(?:script|style)|!--)", "< "),)
# What ends the part of the file that a comment is in, whether or not the comment has ended.
_ENDING: Mapping[str, tuple[tuple[str, str], ...]] = MappingProxyType(
    {
        "php": ((r"\?(?=>)", "? "), *_SECTION_END),
        **dict.fromkeys(
            (
                "javascript",
                "javascriptreact",
                "typescript",
                "typescriptreact",
                "css",
                "scss",
                "less",
                "svelte",
            ),
            _SECTION_END,
        ),
    }
)
# What puts code into a string, and how it is written as text.
_INTERPOLATION: Mapping[str, tuple[str, str]] = MappingProxyType(
    {"elixir": (r"(?<!\\)#(?=\{)", r"\\#"), "julia": (r"(?<!\\)\$", r"\\$")}
)
_JOINERS = "\u200c\u200d"
"""Written within words of Persian and Hindi, and within emoji."""
_LEADING_MARKUP = re.compile(r"(?:[@\\#*+>|:=~-]+\s*)+")


def safe_words(words: str, passage: Passage, language: Language) -> str:
    """`words` in one line, fit to stand anywhere in this passage.

    Line ends, control characters, bidirectional marks (Unicode UTS 55) and other invisible ones
    that the passage did not have are removed; closing marks, quotes and escapes are made harmless.
    """
    words = _plain(words, passage.words)
    if not _LEADING_MARKUP.match(passage.words):
        words = words[_end(_LEADING_MARKUP.match(words)) :]
    if passage.kind == "docstring":
        words = _in_string(words, passage, language)
        pattern, escaped = _INTERPOLATION.get(language.id, (r"(?!)", ""))
        return re.sub(pattern, escaped, words)
    if language.id == "java":
        # Java reads \\u escapes before it looks for comments (JLS 3.3): one could end this, or be malformed.
        words = re.sub(r"\\(?=u)", r"\\ ", words)
    if passage.kind == "block":
        words = _without_marks(words, passage, language)
    for pattern, harmless in _ENDING.get(language.id, ()):
        words = re.sub(pattern, harmless, words, flags=re.IGNORECASE)
    if language.id in ("ocaml", "fsharp"):
        words = _without_open_string(words)
    return without_splice(words)


def _without_marks(words: str, passage: Passage, language: Language) -> str:
    """What begins or ends a block comment taken apart: some nest, and one mark can be a part of another."""
    marks = {mark for pair in language.block_markers for mark in pair} | {passage.closing}
    for mark in {mark.strip() for mark in marks if len(mark.strip()) > 1} | (
        {"--"} if "-->" in marks else set()
    ):
        while mark in words:
            words = words.replace(mark, f"{mark[0]} {mark[1:]}")
    return words


def _without_open_string(words: str) -> str:
    """OCaml reads strings within comments: where one could stay open, its quotes become those of print."""
    words = re.sub(r"\{(?=%{0,2}[a-z_]*\|)", "{ ", words)
    if words.count('"') % 2 or "\\" in words or re.search(r"'\"|\"'", words):
        words = words.replace('"', "”")
    return words


def without_splice(line: str) -> str:
    """A line without the backslash, or the trigraph of one, that would carry it on into the next."""
    while line.rstrip().endswith(("\\", "??/")):
        line = line.rstrip()
        line = line[:-3] if line.endswith("??/") else line[:-1]
    return line.rstrip()


def _plain(words: str, own: str) -> str:
    kept = []
    for character in words:
        category = unicodedata.category(character)
        if category in ("Zl", "Zp", "Zs") or character in "\t\n\r\v\f\x1c\x1d\x1e\x1f\x85":
            kept.append(" " if character not in "\xa0\u3000\u202f" else character)
        elif category not in ("Cc", "Cf", "Cs", "Co", "Cn") or character in _JOINERS or character in own:
            kept.append(character)
    return re.sub(r" {2,}", " ", "".join(kept)).strip()


def _in_string(words: str, passage: Passage, language: Language) -> str:
    quote = passage.closing
    if "r" in passage.opening.lower() or passage.opening.startswith("~") or language.id == "graphql":
        # Nothing can be escaped here: a quote becomes another one.
        other = "’" if quote[0] == "'" else "”"
        words = words.replace(quote, other * len(quote)).rstrip("\\")
        words = re.sub(r"\\(?=['\"])", "", words)
        return words[:-1] + other if words.endswith(quote[0]) else words
    known = set(_ESCAPE.findall(passage.words))
    words = _ESCAPE.sub(lambda match: match[0] if match[0] in known else _doubled(match[0]), words)
    if len(quote) == 1:
        return re.sub(rf"(?<!\\){quote}", rf"\\{quote}", words)
    words = words.replace(quote, "".join(f"\\{mark}" for mark in quote))
    ends_in_quote = words.endswith(quote[0]) and not words.endswith(f"\\{quote[0]}")
    return f"{words[:-1]}\\{quote[0]}" if ends_in_quote else words


def _doubled(escape: str) -> str:
    """An escape that the user did not write, as the text that it looks like; one of a backslash stays."""
    return escape if escape in ("\\\\", "\\'", '\\"') else "\\" + escape


def _end(match: re.Match[str] | None) -> int:
    return match.end() if match is not None else 0
