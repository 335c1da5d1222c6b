"""What stands before a place in code: tells a regular expression from a division, a string from a word."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from attrs import frozen

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gloss_lsp.core.text import Span

_LOOK = 60
"""Characters before a place that are looked at: more than the longest keyword and its neighbours."""

_LINE = 2000
"""Characters of a line that are looked at: generated ones have lines of megabytes."""


@frozen
class Before:
    """A place in a text that is being scanned."""

    text: str
    at: int
    comments: Sequence[Span]
    """Those that were found so far, in order."""
    closed: tuple[int, int]
    """Where the last round brackets open and end."""

    @property
    def code(self) -> str:
        """The end of the code before this place, without the white space and comments in between."""
        end = self._skip(self.at)
        return self.text[max(0, end - _LOOK) : end]

    @property
    def line(self) -> str:
        """What of the line stands before this place, in so far as anybody has written it by hand."""
        first = max(0, self.at - _LINE)
        start = max(self.text.rfind("\n", first, self.at), self.text.rfind("\r", first, self.at)) + 1
        return self.text[max(start, first) : self.at]

    @property
    def next(self) -> str:
        """What stands at this place."""
        return self.text[self.at : self.at + _LOOK]

    @property
    def opener(self) -> str:
        """Where round brackets end right before this place: the code before them; else nothing."""
        opened, ended = self.closed
        if self._skip(self.at) != ended:
            return ""
        end = self._skip(opened)
        return self.text[max(0, end - _LOOK) : end]

    def _skip(self, at: int) -> int:
        """The end of the code before an offset."""
        number = len(self.comments)
        while True:
            while at and self.text[at - 1].isspace():
                at -= 1
            while number and self.comments[number - 1].start >= at:
                number -= 1
            if not number or self.comments[number - 1].end != at:
                return at
            at = self.comments[number - 1].start


_STAR_MARK = re.compile(r"/\*|\*/")
_VALUE = re.compile(r"[\w$)\]}\"'`]$|(?:\+\+|--)$")
_WORD = re.compile(r"(?<![.\w$])(?:[a-z]+)$")
_JS_OPERATORS = re.compile(
    "return|typeof|instanceof|in|of|new|delete|void|throw|case|do|else|yield|await|default|extends|try"
)
_RUBY_OPERATORS = re.compile(
    "and|or|not|if|unless|while|until|when|in|then|else|elsif|return|do|begin|case|puts|p|raise|yield"
)
_PERL_OPERATORS = re.compile(
    "and|or|not|if|unless|while|until|return|split|grep|map|join|push|unshift|x|lt|gt|le|ge|eq|ne|cmp"
)


def at_value_of_javascript(before: Before) -> bool:
    """Whether a value is due here (ECMA-262, 12: *InputElementRegExp*), so that ``/`` and ``<`` begin one."""
    code = before.code
    if code.endswith(")"):
        return re.search(r"(?<![.\w$])(?:if|while|for|with|await)$", before.opener) is not None
    if code.endswith("}"):
        return not before.next[1:2].isspace()
    return _is_due(code, _JS_OPERATORS)


def at_jsx(before: Before) -> bool:
    """Whether ``<`` begins an element here rather than a comparison or the parameters of a type."""
    return at_value_of_javascript(before) and not re.match(r"<\w+(?:\s*,|\s+extends\b)", before.next)


def at_value_of_ruby(before: Before) -> bool:
    """Whether ``/`` and ``%`` begin a literal: where a value is due, or as ``puts /x/`` is spaced."""
    return _is_due(before.code, _RUBY_OPERATORS) or _is_spaced_argument(before)


def at_value_of_perl(before: Before) -> bool:
    """Whether ``/`` begins a pattern."""
    return not before.code.endswith("}") and _is_due(before.code, _PERL_OPERATORS)


def at_value_of_swift(before: Before) -> bool:
    """Whether ``/`` begins a pattern (SE-0354): where a value is due, and no space follows."""
    return not before.next[1:2].isspace() and _is_due(before.code, _JS_OPERATORS)


def at_line_start(before: Before) -> bool:
    """Whether nothing but white space stands before this place on its line."""
    return not before.line.strip("\ufeff \t\f")


def _is_due(code: str, operators: re.Pattern[str]) -> bool:
    word = _WORD.search(code)
    return not _VALUE.search(code) or (word is not None and operators.fullmatch(word[0]) is not None)


def _is_spaced_argument(before: Before) -> bool:
    spaced = before.line[-1:].isspace() and not before.next[1:2].isspace() and before.next[1:2] != "="
    return spaced and re.search(r"(?<![\w@$.)\]])[a-z_]\w*[?!]?\s+$", before.line) is not None


def at_word_start(before: Before) -> bool:
    """Whether a word of a shell may begin here (POSIX, *Shell Command Language*, 2.3)."""
    return not before.line or before.line[-1] in " \t;&|()`{}\ufeff"


def at_documentation_of_elixir(before: Before) -> bool:
    """Whether a string that begins here documents what follows it."""
    return re.search(r"@(?:module|type|short)?doc$", before.code) is not None


def at_documentation_of_julia(before: Before) -> bool:
    """Whether a string that begins here may document what follows it: it is no part of an expression."""
    return at_line_start(before) and not re.search(r"[=(,\[{+*<>:?&|-]$|\breturn$", before.code)


def at_scalar(before: Before) -> bool:
    """Whether a scalar of YAML begins here, so that quotes and ``|`` mean something."""
    return (
        re.search(r"(?:^|[\[{,]|(?:^|\s)[-?]\s|:\s|[:\"'\]}][ \t]*:)\s*(?:[!&]\S*\s+)*$", before.line)
        is not None
    )


def at_ini_comment(before: Before) -> bool:
    """Whether a mark begins a comment: at the beginning of a line, or between white space."""
    return at_line_start(before) or (
        before.line[-1].isspace() and before.next[1:2] in ("", " ", "\t", "\r", "\n")
    )


def at_description(before: Before) -> bool:
    """Whether a block string of GraphQL describes what follows it rather than being a value."""
    return before.code[-1:] not in (":", "=", "[")


def at_nested_comment(before: Before) -> bool:
    """Whether each ``/*`` from here on is closed by a ``*/`` of its own, so that this dialect of SQL nests."""
    depth = 0
    for mark in _STAR_MARK.finditer(before.text, before.at):
        depth += 1 if mark[0] == "/*" else -1
        if not depth:
            return True
    return False
