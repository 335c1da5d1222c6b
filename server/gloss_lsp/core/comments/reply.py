"""Reads a model's reply as the translation of a few words, and says what is wrong with it."""

from __future__ import annotations

import re

from attrs import frozen

from gloss_lsp.core.display import join, width
from gloss_lsp.core.human import is_in, script_shares, scripts_of

_FENCE = re.compile(r"^\s*(?:```|~~~)[^\n]*\n(.*?)(?:\n\s*(?:```|~~~)\s*)?$", re.DOTALL)
_THINKING = re.compile(r"<think>.*?(?:</think>|$)", re.DOTALL)
# A greeting, then a sentence about the translation or the name of the language, up to a colon.
_CHATTER = re.compile(
    r"""\s*(?:(?:sure|certainly|of\ course|okay|ok|yes)\b[^\n:：]{0,40}[!,.:]\s*)?
    (?:(?:here(?:'s|\ is|\ are)|the|this|your)\b[^\n:：]{0,60}?\b(?:translat\w+|comment)\b[^\n:：]{0,60}[:：]
      |(?:translat\w+|answer|output|result)(?:\s+(?:in(?:to)?|to)\s+\w+)?\s*[:：]
      |%s\s*[:：])\s*""",
    re.VERBOSE | re.IGNORECASE,
)  # fmt: skip
_QUOTES = (("“", "”"), ('"', '"'), ("'", "'"), ("‘", "’"), ("«", "»"), ("「", "」"), ("`", "`"), ("„", "“"))
_MARKER = re.compile(r"\s*(?:/\*+!?|\*+/|\*(?=\s)|//[/!]*|#+(?=\s)|--(?=\s)|<!--|\"\"\"|''')\s*")
_END_MARKER = re.compile(r"\s*(?:\*+/|-->|\"\"\"|''')\s*$")
_REFUSAL = re.compile(
    r"(?:i'?m|i am)\s+(?:sorry|unable|not able)|i (?:cannot|can't|can not)|sorry,|as an ai|unfortunately, i"
    r"|xin lỗi|(?:很|非常)?抱歉|对不起|申し訳|すみません|죄송|es tut mir leid|entschuldigung"
    r"|je suis désolé|désolé"
    r"|lo siento|извините|простите|к сожалению|desculpe|mi dispiace|عذر|آسف",
    re.IGNORECASE,
)
# A statement about the comment or its translation: the words alone can be the translation itself.
_ABOUT_ITSELF = re.compile(
    r"\b(?:translat(?:es|ed|ion))\s+(?:\w+\s+)?(?:to|into|as|is|of|from|for|would)\b|\bto translate\b"
    r"|\btranslating\b|\b(?:the|this|that|your) comment\s+(?:\w+\s+)?(?:is|was|says|states|reads|means|would|can"
    r"|describes|explains|indicates|refers|translates|provided|you)\b|\bin english,? (?:this|it|that|the)\b"
    r"|\bin english[:,]",
    re.IGNORECASE,
)
_OF_TRANSLATION = re.compile(
    r"translat|翻译|翻譯|翻訳|번역|перевод|перевед|переклад|übersetz|tradu[ckitz]|dịch|vertaal|comment"
    r"|注释|註釋|コメント|주석|комментар|kommentar|coment|chú thích",
    re.IGNORECASE,
)
# What has to be in the translation as it was: addresses, quoted code, inline tags, placeholders.
_KEPT = re.compile(
    r"[A-Za-z][A-Za-z0-9+.-]*://[!-~]*[A-Za-z0-9/_]|[\w.+-]+@[\w-]+\.[\w.-]*\w|`[^`]+`|</?(?:code|tt|kbd|samp)>|\{@\w+[^}]*\}|(?<![\w%])%[-+#0]*\d*[sdifxr]\b"
    r"|(?<!\w)[@\\][A-Za-z]\w*|\{\w*\}|\b[A-Za-z]\w*(?:_\w+)+\b|\b[a-z]+[A-Z]\w*\b|\b\w+\(\)"
)
_SENTENCE_END = (".", "。", "!", "！", "?", "？", "…", ":", "：")
_LETTER = re.compile(r"[^\W\d_]")
_LONG_TEXT = 30
_LEFTOVER = 0.25
"""The part of the letters that may be left in another script: a name, a quotation."""
_LEAST_SHARE = 0.2
"""Of the letters that have to be in the target's script; names of code in Latin letters stand beside them."""


@frozen
class Reply:
    """A reply as it is to be written, or what is wrong with it."""

    words: str
    problem: str = ""
    """Empty where nothing is; else how the sentence *left as it was: …* goes on."""


def read_reply(reply: str, words: str, target: str, *, last: bool) -> Reply:
    """The translation that a reply gives of `words`.

    Args:
        reply: what the model said.
        words: what it was to translate, in one line.
        target: the English name of the language.
        last: whether it is not asked again: then remains of the other script are borne with.
    """
    text = _cleaned(reply, words, target)
    return Reply(text, _problem(text, words, target, last=last))


def is_finished(reply: str) -> bool:
    """Whether what a model goes on to say is of no use: the paragraph with the translation is complete."""
    first, *more = reply.lstrip().split("\n\n")
    if first.startswith(("```", "~~~")):
        return False
    # What ends in a colon announces the translation.
    return bool(more[1:] if first.rstrip().endswith((":", "：")) else more)


def _cleaned(reply: str, words: str, target: str) -> str:
    text = _THINKING.sub("", reply).strip()
    fenced = _FENCE.match(text)
    text = fenced[1].strip() if fenced else text
    chatter = re.compile(_CHATTER.pattern % re.escape(target), _CHATTER.flags)
    match = chatter.match(text)
    if match is not None and not chatter.match(words):
        text = text[match.end() :]
    fenced = _FENCE.match(text)
    text = (fenced[1] if fenced else text).strip()
    text = text.partition("\n\n")[0]
    lines = [
        _END_MARKER.sub("", line) if not words.endswith(("*/", "-->")) else line for line in text.split("\n")
    ]
    if not _MARKER.match(words):
        lines = [line[match.end() :] if (match := _MARKER.match(line)) else line for line in lines]
    text = ""
    for line in lines:
        text = join(text, line.strip())
    text = _unquoted(text, words)
    if text.endswith(".") and not text.endswith("..") and not words.endswith(_SENTENCE_END):
        text = text[:-1]
    return text


def _unquoted(text: str, words: str) -> str:
    for opening, closing in _QUOTES:
        inner = text[1:-1]
        if (
            len(text) > 1
            and text[0] == opening
            and text[-1] == closing
            and not {opening, closing} & set(inner)
        ):
            return text if words[:1] == opening or words[-1:] == closing else inner.strip()
    return text


def _problem(text: str, words: str, target: str, *, last: bool) -> str:
    missing = next((kept for kept in _KEPT.findall(words) if kept not in text), None)
    found = {
        "the model answered nothing": not _LETTER.search(text),
        "the model refused": _REFUSAL.match(text) and not _REFUSAL.match(words),
        "the model gave it back as it was": text.casefold() == words.casefold(),
        "the model spoke about it": _is_about_itself(text, words),
        "the model's answer was far too long": width(text) > 4 * width(words) + 80,
        "the model's answer was far too short": len(words) > 4 * _LONG_TEXT
        and width(text) * 8 < width(words),
        f"the model lost {missing}": missing is not None,
        f"the model's answer was not in {target}": not _reaches(text, target, last=last),
    }
    return next((problem for problem, is_so in found.items() if is_so), "")


def _is_about_itself(text: str, words: str) -> bool:
    """Whether an answer tells of the translation, or announces what the words seemed to ask for."""
    announces = text.endswith((":", "：")) and not words.endswith((":", "："))
    return announces or (_ABOUT_ITSELF.search(text) is not None and _OF_TRANSLATION.search(words) is None)


def _reaches(text: str, target: str, *, last: bool) -> bool:
    """Whether an answer is in the target language as far as can be told: by script, a long one by words."""
    expected = scripts_of(target)
    shares = script_shares(text)
    strange = sum(share for name, share in shares.items() if name not in (*expected, "latin", "greek"))
    if strange > (_LEFTOVER if last else 0):
        return False
    if shares and "latin" not in expected and sum(shares.get(name, 0) for name in expected) < _LEAST_SHARE:
        return False
    long = _LONG_TEXT if "latin" in expected else _LONG_TEXT // 5
    return is_in(text, target) is not False or len(text) <= long
