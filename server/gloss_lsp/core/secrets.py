"""Finds what looks like a secret in a text: keys, tokens, passwords.

By form where a kind of secret has one; by the name that it is given where it has none. Names of
variables, words, paths, addresses and templates are left alone: a secret that is missed is one leak,
but a text full of placeholders explains nothing.

This runs at every keystroke, so each pattern is tried only where a word that it needs is found.
"""

from __future__ import annotations

import re
import string
from typing import TYPE_CHECKING, Final

from attrs import frozen

if TYPE_CHECKING:
    from collections.abc import Iterator

PLACEHOLDER: Final = "MASKED_SECRET_"
"""What placeholders begin with; a number follows. A word in every language, so that models copy it whole."""


@frozen
class _Form:
    """A kind of secret that is known by its form."""

    hints: tuple[str, ...]
    """Texts of which one is in every secret of this kind, or just before it."""
    pattern: re.Pattern[str]
    """Its group ``secret`` is what is masked, or the whole where there is no such group."""


def _form(hints: str, pattern: str) -> _Form:
    return _Form(tuple(hints.split()), re.compile(pattern))


_FILL = r"(?:\s|\\[nrt]|[\"',+\\]|(?:Proc-Type|DEK-Info|Version|Comment):[^\r\n]*)"
_BASE64 = r"[A-Za-z0-9+/=]"
_BEGIN = r"-----BEGIN [A-Z0-9 ]{0,30}PRIVATE KEY(?: BLOCK)?-----"
_END = r"-----END [A-Z0-9 ]{0,30}PRIVATE KEY(?: BLOCK)?-----"
_REST = rf"(?:{_BASE64}{{1,76}}{_FILL}*(?=-----END))?(?:{_END})?"

_FORMS: Final = (
    # A private key, also where its end lies outside the text.
    _form("-----BEGIN", rf"{_BEGIN}{_FILL}*(?:{_BASE64}{{16,}}{_FILL}*)+{_REST}"),
    # The user's own text can hold what looks like a placeholder: masked itself, it comes back as it was.
    _form(PLACEHOLDER, rf"{PLACEHOLDER}\d+"),
    # Amazon, GitHub, GitLab, Slack.
    _form("AKIA ASIA ABIA ACCA", r"\bA(?:KIA|SIA|BIA|CCA)[A-Z0-9]{16}\b"),
    _form("ghp_ gho_ ghu_ ghs_ ghr_", r"\bgh[pousr]_[A-Za-z0-9]{36,255}"),
    _form("github_pat_", r"\bgithub_pat_\w{22,255}"),
    _form(
        "glpat- gldt- glptt- glrt- glcbt- glft- glsoat-", r"\bgl(?:pat|dt|ptt|rt|cbt|ft|soat)-[\w.-]{20,300}"
    ),
    _form("xoxa- xoxb- xoxe- xoxo- xoxp- xoxr- xoxs-", r"\bxox[abeoprs]-[A-Za-z0-9-]{10,300}"),
    _form("xapp-", r"\bxapp-\d-[A-Za-z0-9-]{10,300}"),
    _form("hooks.slack.com", r"hooks\.slack\.com/services/(?P<secret>T\w+/B\w+/\w{16,})"),
    # OpenAI and Anthropic, Google, Stripe, package registries, and others.
    _form("sk-", r"\bsk-(?=[\w-]{0,200}\d)(?=[\w-]{0,200}[A-Z])[\w-]{20,300}"),
    _form("AIza", r"\bAIza[\w-]{35}"),
    _form("ya29. GOCSPX-", r"\b(?:ya29\.|GOCSPX-)[\w-]{20,500}"),
    _form("k_live_ k_test_", r"\b[rs]k_(?:live|test)_[A-Za-z0-9]{16,255}"),
    _form("whsec_", r"\bwhsec_[A-Za-z0-9+/=]{20,255}"),
    _form("npm_ hf_", r"\b(?:npm|hf)_[A-Za-z0-9]{30,60}\b"),
    _form("pypi-AgEI", r"\bpypi-AgEI[\w-]{20,500}"),
    _form("dop_v1_", r"\bdop_v1_[a-f0-9]{64}\b"),
    _form("SG.", r"\bSG\.[\w-]{16,64}\.[\w-]{16,64}"),
    _form("hvs.", r"\bhvs\.[\w-]{24,200}"),
    _form("AGE-SECRET-KEY-1", r"\bAGE-SECRET-KEY-1[A-Z0-9]{58}"),
    _form("AccountKey=", r"\bAccountKey=(?P<secret>[A-Za-z0-9+/=]{40,})"),
    # JSON web tokens, authorization headers, addresses with a password.
    _form("eyJ", r"\beyJ[\w-]{8,}\.eyJ[\w-]{8,}(?:\.[\w-]*)?"),
    _form("earer EARER asic ASIC", r"\b(?i:bearer|basic) +(?P<secret>(?=[\w.~+/=-]*\d)[\w.~+/=-]{16,})"),
    _form("://", r"://[^\s/:@\"'<>]{0,100}:(?P<secret>(?![${%<])[^\s/@\"'<>{}]{1,200})@"),
)
_KEY_LINES: Final = re.compile(rf"(?<!{_BASE64})(?:{_BASE64}{{16,}}{_FILL}+)+(?:{_BASE64}{{1,76}}{_FILL}*)?")
_KEY_END: Final = re.compile(_END)

_STRONG = r"(?P<strong>passwo?r?d|passphrase|pwd)"
_KEYS = "|".join(
    rf"(?<={kind}){middle}key"
    for kind in ("api", "access", "account", "private", "auth", "signing", "encryption")
    for middle in ("", "[_-]")
)
_NAME = rf"(?i:{_STRONG}|secret|token(?!i[sz])|credential|{_KEYS})[\w.-]{{0,40}}"
_NAMES: Final = re.compile(r"passwo?r?d|passphrase|pwd|secret|token|credential|[_-]?key")

_QUOTED: Final = re.compile(
    rf"{_NAME}(?:[\"'\]]{{0,2}}|\[\d{{0,6}}\])"
    r"(?:\s{0,4}:\s{0,4}(?:&?'?[A-Za-z][\w.\[\]<>|?& ]{0,40}))?"  # the type, where there is one
    r"(?:\s{0,8}(?:=>|:=|===?|!=|=|:)\s{0,8}|, ?|\( ?|[ \t]{1,8})[a-zA-Z]{0,2}"
    r"(?P<quote>\"{3}|'{3}|[\"'`])(?P<value>[^\"'`\s]{6,500})(?:(?P=quote)|\r?$)",  # a string may be open yet
    re.MULTILINE,
)
_BARE: Final = re.compile(
    rf"{_NAME}[ \t]*[=:][ \t]*(?P<value>[^\s\"'`(){{}}\[\]<>;,$]{{6,500}})[ \t]*\r?$", re.MULTILINE
)
_BEFORE_BARE = re.compile(r"[ \t]*(?:(?:export|set|ENV|ARG|-) +)?(?:(?P<constant>[A-Z0-9_]*)|[\w.-]*)")

_WORDS = re.compile(r"[^\W\d_]*\d{0,3}(?:[-_./:@ ][^\W\d_]*\d{0,3})*")
"""Names, words, paths, versions: pieces of letters, each perhaps with a small number at its end."""
_TEMPLATE = re.compile(r"[{<$%]|\.\.\.|://|^(?:/|\./|~|arn:|0x)|\*{3}|[xX]{4}|^#[0-9A-Fa-f]{3,8}$")
_LABEL = re.compile(r"[A-Za-z_.:-]+")
_LOWER = str.maketrans(string.ascii_uppercase, string.ascii_lowercase)


def find_secrets(text: str) -> list[tuple[int, int]]:
    """Where secrets stand: start and end offsets, in order, without overlaps."""
    merged: list[tuple[int, int]] = []
    for start, end in sorted([*_by_form(text), *_by_name(text)]):
        if merged and start < merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def _by_form(text: str) -> Iterator[tuple[int, int]]:
    for form in _FORMS:
        if any(hint in text for hint in form.hints):
            for found in form.pattern.finditer(text):
                yield found.span("secret" if "secret" in form.pattern.groupindex else 0)
    if "-----END" in text:
        yield from _ends_of_keys(text)


def _ends_of_keys(text: str) -> Iterator[tuple[int, int]]:
    """Private keys whose beginning lies outside the text.

    A pattern of lines and end together would try every way to read the lines where the end is not
    that of a key, and take time that doubles with each ``+`` in them.
    """
    for lines in _KEY_LINES.finditer(text):
        if end := _KEY_END.match(text, lines.end()):
            yield lines.start(), end.end()


def _by_name(text: str) -> Iterator[tuple[int, int]]:
    lower = text.lower()
    if len(lower) != len(text):
        lower = text.translate(_LOWER)
    for name in _NAMES.finditer(lower):
        if found := _QUOTED.match(text, name.start()):
            if _is_secret(found["value"], likely=bool(found["strong"])):
                yield found.span("value")
        elif found := _BARE.match(text, name.start()):
            before = _BEFORE_BARE.fullmatch(text, text.rfind("\n", 0, name.start()) + 1, name.start())
            likely = (
                found["strong"] and before and before["constant"] is not None and found["strong"].isupper()
            )
            if before and _is_secret(found["value"], likely=bool(likely)):
                yield found.span("value")


def _is_secret(value: str, *, likely: bool) -> bool:
    """Whether a value looks made up by chance or, where one is likely, is more than a word."""
    if _TEMPLATE.search(value):
        return False
    if likely:
        return not _LABEL.fullmatch(value)
    return not _WORDS.fullmatch(value) and any(map(str.isalpha, value)) and any(map(str.isdigit, value))
