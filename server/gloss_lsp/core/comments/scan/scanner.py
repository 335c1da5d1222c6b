"""Scans a text by the rules of a row, in one pass from its beginning to its end.

What begins and never ends reaches to the end of the text: nothing is found in it.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from attrs import define, field, frozen

from gloss_lsp.core.comments.scan.before import Before
from gloss_lsp.core.text import Span

if TYPE_CHECKING:
    from collections.abc import Mapping

    from gloss_lsp.core.comments.scan.rules import Kind, Row, Rule

_SHEBANG = re.compile(r"\ufeff?(#!(?!\[)[^\r\n]*)")
_LINE_END = re.compile(r"\r\n|[\r\n]")


@frozen
class Token:
    """A comment, or a literal: what the text of a program is made of besides code."""

    span: Span
    kind: Kind
    """``line``, ``block``, ``docstring`` or ``literal``."""
    opening: str
    """What its rule found at its beginning; of a line comment, all of it."""
    closing: str
    language: str
    """The id of the language that it is written in."""


@frozen
class _Frame:
    """A part that has begun and not ended yet."""

    rule: Rule | None
    start: int
    opening: str
    mode: str
    end: str
    pattern: re.Pattern[str]


def scan(
    text: str, language: str, rows: Mapping[str, Row], start: int = 0, end: int | None = None
) -> list[Token]:
    """All comments and literals of a text, or of a part of it, in order.

    Args:
        text: the text.
        language: the key of its row.
        rows: every row, because a text may hold parts in other languages.
        start: where the part begins.
        end: where it ends.
    """
    scanner = _Scanner(text, language, rows, len(text) if end is None else end)
    shebang = _SHEBANG.match(text) if not start else None
    if shebang is not None:
        scanner.add("line", Span(*shebang.span(1)), shebang[1], "")
        start = shebang.end()
    scanner.run(start)
    return sorted(scanner.found, key=lambda token: token.span)


@define
class _Scanner:
    text: str
    language: str
    rows: Mapping[str, Row]
    end: int
    found: list[Token] = field(factory=list)
    _comments: list[Span] = field(factory=list)
    _frames: list[_Frame] = field(factory=list)
    _patterns: dict[tuple[str, str, int], re.Pattern[str]] = field(factory=dict)
    _below: list[tuple[Rule, Mapping[str, str]]] = field(factory=list)
    """What begins on the next line."""
    _next_line: int = -1
    """Where that line begins; -1 where nothing is awaited."""
    _opened: list[int] = field(factory=list)
    _closed: tuple[int, int] = (-1, -1)

    def run(self, at: int) -> None:
        mode = next(iter(self.rows[self.language].modes))
        self._frames.append(_Frame(None, at, "", mode, "", self._pattern(mode, "")))
        while True:
            match = self._frames[-1].pattern.search(self.text, at, self.end)
            if self._next_line >= 0 and (match is None or match.start() >= self._next_line):
                at = self._pass_over_what_is_below()
            elif match is None:
                return
            else:
                at = self._take(match)

    def _pattern(self, mode: str, end: str, first: int = 0) -> re.Pattern[str]:
        """The rules of a mode from `first` on and what ends it as one pattern, in which an empty group names each."""
        pattern = self._patterns.get((mode, end, first))
        if pattern is None:
            rules = self._rules(mode)
            parts = [
                f"(?:{_own_groups(rule.start, number)})(?P<r{number}>)"
                for number, rule in enumerate(rules)
                if number >= first
            ]
            parts += [f"(?:{end})(?P<end>)"] if end else []
            pattern = re.compile("|".join(parts) or r"(?!)", re.DOTALL)
            self._patterns[mode, end, first] = pattern
        return pattern

    def _rules(self, mode: str) -> tuple[Rule, ...]:
        return self.rows[self.language].modes[mode] if mode else ()

    def _take(self, match: re.Match[str]) -> int:
        """Act on what was found; answers where to go on."""
        name = match.lastgroup or ""
        if name == "end":
            return self._leave(match)
        number = int(name[1:])
        rule = self._rules(self._frames[-1].mode)[number]
        before = Before(self.text, match.start(), self._comments, self._closed)
        if rule.when is not None and not rule.when(before):
            frame = self._frames[-1]
            other = self._pattern(frame.mode, frame.end, number + 1).match(self.text, match.start(), self.end)
            return self._take(other) if other is not None else match.start() + 1
        if rule.language:
            return self._embed(rule, match)
        if rule.end is not None:
            self._enter(rule, match, number)
        elif rule.kind == "open":
            self._opened.append(match.start())
        elif rule.kind == "close":
            self._closed = (self._opened.pop() if self._opened else match.start(), match.end())
        elif rule.kind == "below":
            self._await(rule, match, number)
        else:
            self.add(rule.kind, Span(*match.span()), match[0], "")
        return max(match.end(), match.start() + 1)

    def _enter(self, rule: Rule, match: re.Match[str], number: int) -> None:
        groups = _groups(match, number)
        end = re.sub(r"\{([a-z]+)\}", lambda group: re.escape(groups[group[1]]), rule.end or "")
        pattern = self._pattern(rule.inside, end)
        self._frames.append(_Frame(rule, match.start(), match[0], rule.inside, end, pattern))

    def _leave(self, match: re.Match[str]) -> int:
        frame = self._frames.pop()
        if frame.rule is not None:
            self.add(frame.rule.kind, Span(frame.start, match.end()), frame.opening, match[0])
        return match.end()

    def add(self, kind: Kind, span: Span, opening: str, closing: str) -> None:
        if kind in ("line", "block"):
            self._comments.append(span)
        if kind in ("line", "block", "docstring", "literal"):
            self.found.append(Token(span, kind, opening, closing, self.language))

    def _embed(self, rule: Rule, match: re.Match[str]) -> int:
        """Scan a part in another language, whose end does not depend on what is in it."""
        end = re.compile(rule.end or "", re.DOTALL | re.IGNORECASE).search(self.text, match.end(), self.end)
        stop = end.start() if end is not None else self.end
        language = rule.language if isinstance(rule.language, str) else rule.language(match[0])
        if language is not None and end is not None:
            self.found += scan(self.text, language, self.rows, match.end(), stop)
        return stop

    def _await(self, rule: Rule, match: re.Match[str], number: int) -> None:
        line_end = _LINE_END.search(self.text, match.end(), self.end)
        if line_end is not None:
            self._below.append((rule, _groups(match, number)))
            self._next_line = line_end.end()

    def _pass_over_what_is_below(self) -> int:
        at = self._next_line
        for rule, groups in self._below:
            end = rule.body(groups, self.text, at) if rule.body is not None else None
            if end is not None:
                self.add("literal", Span(at, end), "", "")
                at = end
        self._below.clear()
        self._next_line = -1
        return at


def _own_groups(pattern: str, number: int) -> str:
    """A pattern whose named groups have names that no other rule's have."""
    return re.sub(r"(\(\?P[<=])(?=[a-z])", rf"\g<1>g{number}_", pattern)


def _groups(match: re.Match[str], number: int) -> dict[str, str]:
    """What the named groups of the rule with this number matched, by their own names."""
    own = f"g{number}_"
    return {key[len(own) :]: value or "" for key, value in match.groupdict().items() if key.startswith(own)}
