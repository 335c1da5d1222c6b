"""Comments as people read them: line comments below each other as one text, each line apart from its frame.

A passage is cut into rows, and each row into what frames it (markers, indentation, star columns,
right edges) and its words, so that the rows put together again are the passage.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from attrs import frozen

from gloss_lsp.core.text import Source, Span, line_body, split_lines

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from gloss_lsp.core.comments.find import Comment, Kind
    from gloss_lsp.core.languages import Language

_STAR = re.compile(r"[^\S\r\n]*\*+(?!/)[^\S\r\n]*")


@frozen
class Row:
    """One line of a passage: `lead`, `words` and `tail` in this order are all of it."""

    lead: str
    """Indentation, marker and the space behind it."""
    words: str
    tail: str
    """White space, a frame's right edge, a closing mark, and the line end."""

    @property
    def text(self) -> str:
        """The row as it is written."""
        return self.lead + self.words + self.tail


@frozen
class Passage:
    """One text of the file's comments: one comment, or consecutive whole-line ones of one form."""

    span: Span
    kind: Kind
    opening: str
    closing: str
    whole_lines: bool
    rows: tuple[Row, ...]
    column: int
    """The column at which its first line begins, in code points."""
    line: int
    """The line on which it begins, from zero."""
    indent: str
    """What stands before its marker; empty where that is code."""
    newline: str
    """The line end that a row that is added gets."""
    language: Language
    """The one that the comment is written in."""

    @property
    def words(self) -> str:
        """The words of all rows, a line each."""
        return "\n".join(row.words for row in self.rows)


def passages(source: Source, comments: Iterable[Comment], alone: Callable[[Comment], bool]) -> list[Passage]:
    """The comments of a file as passages, in order.

    Args:
        source: the file.
        comments: what `gloss_lsp.core.comments.find.find` found in it.
        alone: tells a comment that is never one text with its neighbours, such as a linter's directive.
    """
    groups: list[list[Comment]] = []
    for comment in comments:
        above = groups[-1][-1] if groups else None
        if above is None or not _continues(source, above, comment) or alone(above) or alone(comment):
            groups.append([comment])
        else:
            groups[-1].append(comment)
    return [_passage(source, group) for group in groups]


def _continues(source: Source, above: Comment, below: Comment) -> bool:
    between = source.text[above.span.end : below.span.start]
    return (
        above.kind == below.kind == "line"
        and above.opening == below.opening
        and above.whole_lines
        and below.whole_lines
        and between.strip() == ""
        and len(split_lines(between)) <= (1 if between.endswith(("\n", "\r")) else 2)
        and _indent(source, above) == _indent(source, below)
    )


def _indent(source: Source, comment: Comment) -> str:
    start = source.line_starts[source.place(comment.span.start).line]
    before = source.text[start : comment.span.start]
    return before if not before.strip("\ufeff \t\f") else ""


def _passage(source: Source, group: Sequence[Comment]) -> Passage:
    first, last = group[0], group[-1]
    place = source.place(first.span.start)
    starts = [first.span.start, *(source.whole_lines(comment.span).start for comment in group[1:])]
    ends = [*starts[1:], last.span.end]
    rows: list[Row] = []
    for comment, start, end in zip(group, starts, ends, strict=True):
        cut = _line_rows if comment.kind == "line" else _block_rows
        rows += cut(comment, source.text[start:end])
    return Passage(
        Span(first.span.start, last.span.end),
        first.kind,
        first.opening,
        first.closing,
        first.whole_lines,
        tuple(rows),
        place.column,
        place.line,
        _indent(source, first),
        _newline(source, place.line),
        first.language,
    )


def _newline(source: Source, line: int) -> str:
    for text in (source.lines[line], *source.lines[:1]):
        if len(text) > len(line_body(text)):
            return text[len(line_body(text)) :]
    return "\n"


def _line_rows(comment: Comment, text: str) -> list[Row]:
    """The rows of a line comment: more than one where a backslash carries it on."""
    rows = []
    for number, line in enumerate(split_lines(text)):
        body = line_body(line)
        marker = _blank(body) + comment.opening if number == 0 else ""
        rows.append(_row(marker + _blank(body[len(marker) :]), body, line[len(body) :]))
    return rows


def _block_rows(comment: Comment, text: str) -> list[Row]:
    lines = split_lines(text)
    inner = [line for line in lines[1:-1] if line.strip()] + ([lines[-1]] if len(lines) > 1 else [])
    starred = (
        comment.kind == "block"
        and bool(inner)
        and all(_STAR.match(line) or line.strip() == comment.closing for line in inner)
    )
    rows = []
    for number, line in enumerate(lines):
        body = line_body(line)
        end = line[len(body) :]
        if number == len(lines) - 1:
            body, end = body[: len(body) - len(comment.closing)], comment.closing + end
        if number == 0:
            lead = comment.opening + _blank(body[len(comment.opening) :])
        else:
            star = _STAR.match(body) if starred else None
            lead = star[0] if star else _blank(body)
        rows.append(_row(lead, body, end))
    return rows


def _row(lead: str, body: str, end: str) -> Row:
    words = body[len(lead) :]
    inner = words.rstrip().removesuffix("//").rstrip("*#|")
    # What is no more than a star is a bullet and has no edge on its right.
    at = len(inner.rstrip()) if inner.strip() and inner[-1] in " \t" else len(words.rstrip())
    if words[:at].endswith("\\"):
        at = len(words[:at].rstrip("\\ \t"))
    return Row(lead, words[:at], words[at:] + end)


def _blank(text: str) -> str:
    return text[: len(text) - len(text.lstrip(" \t\f\v\u3000\xa0"))]
