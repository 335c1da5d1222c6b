"""Which human language a text is in: by its script first, then by its words.

The answer is the same on every installation, and `None` is one of the answers: short texts in Latin
letters often do not tell.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

from gloss_lsp.core.human_words import LETTERS, SCRIPTS, SIMPLIFIED, TRADITIONAL, WORDS

if TYPE_CHECKING:
    from collections.abc import Iterable

# Blocks of Unicode 16, *Blocks.txt*; what is not listed here counts as Latin.
_RANGES = (
    (0x0370, 0x03FF, "greek"),
    (0x1F00, 0x1FFF, "greek"),
    (0x0400, 0x052F, "cyrillic"),
    (0x0530, 0x058F, "armenian"),
    (0x0590, 0x05FF, "hebrew"),
    (0x0600, 0x077F, "arabic"),
    (0x08A0, 0x08FF, "arabic"),
    (0xFB50, 0xFDFF, "arabic"),
    (0xFE70, 0xFEFF, "arabic"),
    (0x0900, 0x097F, "devanagari"),
    (0x0980, 0x09FF, "bengali"),
    (0x0B80, 0x0BFF, "tamil"),
    (0x0C00, 0x0C7F, "telugu"),
    (0x0E00, 0x0E7F, "thai"),
    (0x0E80, 0x0EFF, "lao"),
    (0x1000, 0x109F, "myanmar"),
    (0x10A0, 0x10FF, "georgian"),
    (0x1100, 0x11FF, "hangul"),
    (0x3130, 0x318F, "hangul"),
    (0xAC00, 0xD7AF, "hangul"),
    (0x1780, 0x17FF, "khmer"),
    (0x3040, 0x30FF, "kana"),
    (0x31F0, 0x31FF, "kana"),
    (0xFF66, 0xFF9F, "kana"),
    (0x3400, 0x4DBF, "han"),
    (0x4E00, 0x9FFF, "han"),
    (0xF900, 0xFAFF, "han"),
    (0x20000, 0x323AF, "han"),
)
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
# What is code within words says nothing of the language: quoted, dotted, snake_case, camelCase, addresses.
# What can begin anywhere is bounded: a comment may hold a megabyte of data without a space.
_CODE = re.compile(
    r"`[^`]*`|\{@\w{1,40}[^}]{0,500}\}|<[^<>\s][^<>]*>|\b[A-Za-z][A-Za-z0-9+.-]{0,30}://[!-~]+"
    r"|[^\s@]{1,64}@[^\s@.]{1,255}\.\S+|\b\w+(?:[._]\w+)+(?:\(\))?|\b\w+\(\)"
    r"|\b[a-z]+[A-Z]\w*|\b[A-Z][a-z]+(?:[A-Z][a-z0-9]*)+\b|\b[A-Z]{2,}\w*"
)
_GREEK_IN_FORMULAS = 2
_SEVERAL = 4


def script(text: str) -> str | None:
    """The script that most of a text's letters are in: ``latin``, ``han``, ``kana``…; None without letters.

    Names and code in Latin letters stand in texts of every script, so Latin counts a third; a text
    with kana is Japanese however much Han it has.
    """
    counts = _scripts(text)
    if not counts:
        return None
    if counts["kana"] * 8 >= counts["han"] and counts["kana"]:
        counts["kana"] += counts.pop("han", 0)
    if counts["greek"] <= _GREEK_IN_FORMULAS and len(counts) > 1:
        counts.pop("greek", None)
    weighed = {name: count if name == "latin" else 3 * count for name, count in counts.items()}
    return max(weighed, key=lambda name: weighed[name])


def is_in(text: str, language: str, prior: str | None = None) -> bool | None:
    """Whether a text is in a language; None where that cannot be told.

    Args:
        text: some words, such as a comment.
        language: the English name of the language, such as ``Brazilian Portuguese``.
        prior: the language that the rest of the file is in, as `prior_of` tells it.
    """
    bare = _CODE.sub(" ", text)
    found = script(bare) or script(text)
    name = _plain(language)
    if found is None:
        return None
    expected = list(scripts_of(language))
    if found not in expected:
        return False if name in SCRIPTS or name in WORDS else None
    if found == "han":
        # Without kana, the file's own language says whether it is Japanese.
        other = "Japanese" if name == "Chinese" else "Chinese"
        return (prior == name or (name == "Chinese" and prior != other)) and _is_variant(bare, language)
    if name not in WORDS and name not in LETTERS:
        return True if len([other for other in SCRIPTS.values() if other == SCRIPTS.get(name)]) == 1 else None
    if len(_scripts(bare)) > 1 and _foreign(bare, expected):
        return False
    return _judged(bare, name, prior)


def scripts_of(language: str) -> tuple[str, ...]:
    """The scripts that a language is written in; Latin where nothing else is known of it."""
    return tuple(SCRIPTS.get(_plain(language), "latin").split())


def script_shares(text: str) -> dict[str, float]:
    """The part of a text's letters that is in each script, code left out; empty where there are none."""
    counts = _scripts(_CODE.sub(" ", text))
    return {name: count / counts.total() for name, count in counts.items() if count}


def prior_of(texts: Iterable[str]) -> str | None:
    """The language that the texts of a file are in together, where their words tell."""
    text = _CODE.sub(" ", " ".join(texts))
    name = script(text)
    written = [language for language, scripts in SCRIPTS.items() if name in scripts.split()[:1]]
    return written[0] if len(written) == 1 else _best(_scores(text))


def _plain(language: str) -> str:
    """The name by which the tables know a language, without region or script."""
    for name in (*WORDS, *SCRIPTS):
        if name.lower() in language.lower():
            return name
    return language


def _scripts(text: str) -> Counter[str]:
    if text.isascii():
        letters = sum(map(str.isalpha, text))
        return Counter(latin=letters) if letters else Counter()
    return Counter(_script_of(ord(character)) for character in text if character.isalpha())


def _script_of(point: int) -> str:
    for first, last, name in _RANGES:
        if first <= point <= last:
            return name
    return "latin"


def _foreign(text: str, expected: list[str]) -> bool:
    """Whether a text in Latin letters holds a word in another script, which makes it one to translate."""
    counts = _scripts(text)
    return sum(count for name, count in counts.items() if name not in (*expected, "latin", "greek")) > 1


def _is_variant(text: str, language: str) -> bool:
    """Whether Chinese is written as the name of the language wants it, where it says so."""
    simplified = sum(character in SIMPLIFIED - TRADITIONAL for character in text)
    traditional = sum(character in TRADITIONAL - SIMPLIFIED for character in text)
    if "traditional" in language.lower():
        return simplified <= traditional
    if "simplified" in language.lower():
        return traditional <= simplified
    return True


def _scores(text: str) -> dict[str, float]:
    written = [word.lower().replace("’", "'") for word in _WORD.findall(text)]
    # A letter that stands alone among few words is a name.
    words = Counter(word for word in written if len(word) > 1 or len(written) >= _SEVERAL)
    lowered = text.lower()
    scores = {
        name: float(sum(words[word] for word in known if word in words)) for name, known in WORDS.items()
    }
    for name, letters in LETTERS.items():
        scores[name] = scores.get(name, 0.0) + sum(lowered.count(letter) for letter in letters)
    return scores


def _best(scores: dict[str, float]) -> str | None:
    ordered = sorted(scores.items(), key=lambda item: item[1], reverse=True)
    if not ordered or not ordered[0][1] or (len(ordered) > 1 and ordered[0][1] == ordered[1][1]):
        return None
    return ordered[0][0]


def _judged(text: str, name: str, prior: str | None) -> bool | None:
    scores = _scores(text)
    own = scores.get(name, 0.0)
    other = max((score for rival, score in scores.items() if rival != name), default=0.0)
    # English has no letters of its own, so accents speak against it.
    accents = (
        sum(character.isalpha() and not character.isascii() for character in text) if name == "English" else 0
    )
    other += accents
    if own > other:
        return True
    if other > own:
        return False
    if (
        name == "English"
        and text.isascii()
        and (prior is None or prior == name or "latin" not in scripts_of(prior))
    ):
        # Names and abbreviations, in a file where nothing speaks for another language in Latin letters.
        return True
    if own == 0 and prior is not None:
        return prior == name
    return None
