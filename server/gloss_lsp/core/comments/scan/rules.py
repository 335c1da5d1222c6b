"""The words in which a row tells how a language is scanned, and the forms that many languages share.

Patterns are regular expressions in which ``.`` matches line ends too. A pattern had better begin
with a character rather than with a look behind: the search is several times as fast then.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from attrs import frozen

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from gloss_lsp.core.comments.scan.before import Before

Kind = Literal["line", "block", "docstring", "literal", "skip", "code", "open", "close", "below"]
"""What a rule finds.

Comments (``line``, ``block``) and strings that are documentation (``docstring``) are what is looked
for. A ``literal`` is text of the program, ``skip`` what has no meaning of its own. ``code`` goes on
in another mode. ``open`` and ``close`` are round brackets, ``below`` announces text that begins on
the next line.
"""


@frozen
class Rule:
    """Something that begins with `start`; without an `end`, that is all of it."""

    kind: Kind
    start: str
    end: str | None = None
    """May hold ``{name}`` for what a group of `start` matched."""
    inside: str = ""
    """The mode that rules until the end; without one nothing counts but the end."""
    when: Callable[[Before], bool] | None = None
    """Whether it counts here, by what stands before it."""
    body: Callable[[Mapping[str, str], str, int], int | None] | None = None
    """Of what lies below: given the groups of `start`, the text and where the next line begins, where it
    ends; None: nothing lies there."""
    language: str | Callable[[str], str | None] = ""
    """The row of what is inside, where it is in another language, or how what began it tells; None: unknown."""


@frozen
class Row:
    """How a language is scanned: its modes by name. A text begins in the first."""

    modes: Mapping[str, tuple[Rule, ...]]


LINE_START = r"(?<![^\r\n])"
"""Behind a line end, or where the text begins."""
REST = r"[^\r\n]*"
_NEVER = r"(?!)"
CONFLICT = Rule("skip", rf"[<>|]{LINE_START[:-1]}[<>|])(?:<{{6}}|>{{6}}|\|{{6}})(?: {REST})?(?=[\r\n]|\Z)")
"""The lines that git writes around a conflict."""


def line(start: str, when: Callable[[Before], bool] | None = None) -> Rule:
    """A comment that ends with the line."""
    return Rule("line", start + REST, when=when)


def block(start: str, end: str) -> Rule:
    """A comment that ends at the first closing mark."""
    return Rule("block", start, end)


def nested(start: str, end: str, mode: str) -> tuple[Rule, Rule]:
    """A comment that may hold comments: what begins it in code, and what does in `mode`."""
    return Rule("block", start, end, inside=mode), Rule("skip", start, end, inside=mode)


def string(quote: str, prefix: str = "") -> Rule:
    """A string with backslashes that ends with its line at the latest."""
    body = rf"(?:\\(?:\r\n|.|\Z)|[^{quote}\\\r\n])*"
    return Rule("literal", rf"{prefix}{quote}{body}(?:{quote}|(?=[\r\n])|\Z)")


def long_string(quote: str, prefix: str = "") -> Rule:
    """A string with backslashes that may run over lines."""
    first = quote[0]
    inner = rf"(?:\\.|[^\\{first}]|{first}(?!{quote[1:]}))*" if len(quote) > 1 else rf"(?:\\.|[^\\{first}])*"
    return Rule("literal", rf"{prefix}{quote}{inner}(?:{quote}|\\?\Z)")


def raw(start: str, end: str) -> Rule:
    """Text in which nothing counts but its end."""
    return Rule("literal", start, end)


def doubled(quote: str, prefix: str = "") -> Rule:
    """A string in which its own mark, written twice, stands for itself; it may run over lines."""
    return Rule("literal", rf"{prefix}{quote}(?:{quote}{quote}|[^{quote}])*(?:{quote}|\Z)")


def skip(pattern: str, when: Callable[[Before], bool] | None = None) -> Rule:
    """What must not be taken for the beginning of something else."""
    return Rule("skip", pattern, when=when)


def literal(pattern: str, when: Callable[[Before], bool] | None = None) -> Rule:
    """A literal that one pattern holds as a whole."""
    return Rule("literal", pattern, when=when)


def text(start: str, end: str, mode: str, when: Callable[[Before], bool] | None = None) -> Rule:
    """A string in which the rules of `mode` count: escapes, and code that is put in."""
    return Rule("literal", start, end, inside=mode, when=when)


def code(start: str, end: str, mode: str, when: Callable[[Before], bool] | None = None) -> Rule:
    """A part in brackets of some kind, with the rules of `mode`."""
    return Rule("code", start, end, inside=mode, when=when)


def to_the_end(start: str, mode: str = "") -> Rule:
    """What is no code any more, to the end of the text."""
    return Rule("literal", start, _NEVER, inside=mode)


ESCAPE = skip(r"\\(?:\r\n|.)")
BRACES = ("\\{", "\\}")
PARENTHESES = (Rule("open", r"\("), Rule("close", r"\)"))
SLASHES = line("//")
HASH = line("#")
STARS = block(r"/\*", r"\*/")
CHARACTER = literal(r"'(?:\\(?:[^\r\n'][^\r\n']{0,10}|')|[^'\\\r\n])'")
"""A character in quotes; a quote that stands alone means something else in many languages."""
