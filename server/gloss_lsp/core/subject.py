"""What a question is about: the selection, or what stands at the cursor; and how to read it in parts."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from attrs import frozen

from gloss_lsp.core.budget import estimate
from gloss_lsp.core.context import lines_of, qualified
from gloss_lsp.core.syntax import definitions, enclosing_definition
from gloss_lsp.core.text import Span, line_body

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gloss_lsp.core.syntax import Tree
    from gloss_lsp.core.text import Source

_BREAK = re.compile(r"[;,{}()\s]")


@frozen
class Subject:
    """The code that is asked about."""

    span: Span
    name: str = ""
    """Where it is one definition: its name."""
    kind: str = ""
    """What that is: ``function``, ``class``…"""

    def called(self, source: Source) -> str:
        """For people: ``the function `total` (lines 3-9)``, or ``lines 3-9``."""
        lines = line_numbers(source, self.span)
        return f"the {self.kind} `{self.name}` ({lines})" if self.name else lines


def line_numbers(source: Source, span: Span) -> str:
    """``line 3``, or ``lines 3-9``."""
    first, last = lines_of(source, span)
    return f"line {first}" if first == last else f"lines {first}-{last}"


def subject_of(source: Source, span: Span, tree: Tree | None) -> Subject | None:
    """What `span` asks about: what it holds; where it is empty, the definition or the block of lines there.

    None where there is nothing but white space.
    """
    if source.slice(span).strip():
        span = _trimmed(source, span)
        named = [each for each in definitions(tree) if span in (each.code, each.span)] if tree else []
        return Subject(span, qualified(named[0]), named[0].kind) if len(named) == 1 else Subject(span)
    holding = enclosing_definition(tree, Span(span.start, span.start)) if tree else None
    if holding is not None:
        return Subject(holding.span, qualified(holding), holding.kind)
    block = _block(source, source.place(span.start).line)
    return None if block is None else Subject(block)


def split(source: Source, span: Span, most: int, tree: Tree | None) -> list[Span]:
    """A span in parts of about `most` tokens, each as large as may be, that together are all of it.

    Parts begin at a definition where they can, else behind an empty line, else at a line; only a line
    that is too long by itself is cut inside.
    """
    starts = {each.span.start for each in definitions(tree)} if tree else set()
    parts: list[Span] = []
    start = span.start
    while start < span.end:
        end = _end_of_part(source, Span(start, span.end), most, starts)
        parts.append(Span(start, end))
        start = end
    return [part for part in parts if source.slice(part).strip()]


def _end_of_part(source: Source, rest: Span, most: int, starts: set[int]) -> int:
    ends: list[int] = []
    cost = 0
    for line in _lines(source, rest):
        cost += estimate(source.slice(line))
        if cost > most:
            break
        ends.append(line.end)
    if not ends:
        return _inside_line(source, rest, most)
    # A better place to end is worth a part that is half as large, not a smaller one.
    late = [end for end in ends if 2 * (end - rest.start) >= ends[-1] - rest.start]
    return max(late, key=lambda end: (_quality(source, end, rest.end, starts), end))


def _lines(source: Source, span: Span) -> Iterator[Span]:
    start = span.start
    line = source.place(start).line + 1
    while start < span.end:
        end = min(source.line_starts[min(line, len(source.line_starts) - 1)], span.end)
        yield Span(start, end)
        start, line = end, line + 1


def _quality(source: Source, at: int, end: int, starts: set[int]) -> int:
    """How good a place `at` is to end a part: 3 the best, 0 the worst."""
    if at == end:
        return 3
    line = source.place(at).line
    body = source.lines[line] if line < len(source.lines) else ""
    if at + len(body) - len(body.lstrip()) in starts:
        return 2
    return 1 if line and not source.lines[line - 1].strip() else 0


def _inside_line(source: Source, rest: Span, most: int) -> int:
    """Where to cut a line that is too long: behind the last mark that fits."""
    # No token of the estimate stands for more than seven characters, but for white space.
    low, high = 1, min(len(rest), 8 * most)
    while low < high:
        middle = (low + high + 1) // 2
        if estimate(source.text[rest.start : rest.start + middle]) <= most:
            low = middle
        else:
            high = middle - 1
    text = source.text[rest.start : rest.start + low]
    marks = [found.end() for found in _BREAK.finditer(text, len(text) // 2)]
    return rest.start + (marks[-1] if marks else low)


def _trimmed(source: Source, span: Span) -> Span:
    text = source.slice(span)
    start = span.start + len(text) - len(text.lstrip())
    return Span(start, start + len(text.strip()))


def _block(source: Source, line: int) -> Span | None:
    """The lines without an empty one between them at `line`, else the next below it, else the last above."""
    full = [bool(line_body(each).strip()) for each in source.lines]
    below = next((at for at in range(line, len(full)) if full[at]), None)
    at = below if below is not None else next((at for at in reversed(range(len(full))) if full[at]), None)
    if at is None:
        return None
    first = last = at
    while first and full[first - 1]:
        first -= 1
    while last + 1 < len(full) and full[last + 1]:
        last += 1
    return _trimmed(source, Span(source.line_starts[first], source.line_starts[last + 1]))
