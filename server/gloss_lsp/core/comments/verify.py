"""Proves that edits changed nothing but comments."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from itertools import accumulate, islice
from typing import TYPE_CHECKING, TypeAlias

from attrs import evolve, frozen

from gloss_lsp.core.comments.find import find
from gloss_lsp.core.comments.read import Scanned, by_lexer, read, scanned
from gloss_lsp.core.syntax import leaves
from gloss_lsp.core.text import Edit, Span, apply_edits

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from gloss_lsp.core.comments.find import Comment, Kind
    from gloss_lsp.core.comments.read import Reading
    from gloss_lsp.core.syntax import Tree

    _Form: TypeAlias = tuple[Kind, str, str]

_LINE_ENDS_COUNT = re.compile(
    "go|(?:java|type)script(?:react)?|vue|svelte|kotlin|swift|scala|groovy|dart|julia|terraform|powershell"
    "|cmake|haskell|fsharp"
)
"""Languages that may take a comment with a line end in it for a line end."""


@frozen
class Verified:
    """Edits that together change nothing but comments, and those that could not be let through."""

    kept: tuple[Edit, ...]
    dropped: tuple[Edit, ...]


def verified(reading: Reading, edits: Sequence[Edit]) -> Verified:
    """Let through as many of the edits as change nothing but comments when they are made together."""
    if not edits or _holds(reading, edits):
        return Verified(tuple(edits), ())
    if len(edits) == 1:
        return Verified((), tuple(edits))
    middle = len(edits) // 2
    left, right = verified(reading, edits[:middle]), verified(reading, edits[middle:])
    dropped = left.dropped + right.dropped
    kept = left.kept + right.kept
    if not kept or _holds(reading, kept):
        return Verified(kept, dropped)
    # Harmless alone but not together, which broken code can bring about: the smaller half gives way.
    if len(left.kept) < len(right.kept):
        return Verified(right.kept, dropped + left.kept)
    return Verified(left.kept, dropped + right.kept)


def _holds(reading: Reading, edits: Sequence[Edit]) -> bool:
    after = read(evolve(reading.source, text=apply_edits(reading.source.text, edits)))
    return after is not None and same_code(reading, after, edits)


def same_code(before: Reading, after: Reading, edits: Sequence[Edit]) -> bool:
    """Whether `edits` made `before` into `after` and touched nothing but comments and docstrings.

    Every character outside of the edits has to be the same, and in a comment of the same form if and
    only if it was in one; inside of them there may be nothing but comments and white space. Besides,
    every token outside of comments and edited docstrings has to be there again, in order and in its
    place. Where a scanner reads, for want of a grammar or because code is broken, the tokens that it
    knows are literals: those have to be there again.
    """
    before = by_lexer(before)
    if isinstance(before, Scanned):
        after = scanned(after.source) or after
    edits = sorted(edits, key=lambda edit: edit.span)
    if apply_edits(before.source.text, edits) != after.source.text:
        return False
    old, new = find(before), find(after)
    moved = _Moved([(edit.span.start, edit.span.end, len(edit.text)) for edit in edits])
    spans = [edit.span for edit in edits]
    regions = [Span(*region) for span in spans if (region := moved(span.start, span.end)) is not None]
    if (
        _outside(old, spans) != _outside(new, regions)
        or not _only_comments(before, old, spans)
        or not _only_comments(after, new, regions)
        or _lines_shared_with_code(before, old) != _lines_shared_with_code(after, new)
    ):
        return False
    if isinstance(before, Scanned) and isinstance(after, Scanned):
        return [moved(*place) for place in _literals(before)] == _literals(after)
    if isinstance(before, Scanned) or isinstance(after, Scanned):
        return False
    strings = [comment.span for comment in old if comment.kind == "docstring" and _touched(comment, spans)]
    in_bytes = _Moved([(*before.bytes(edit.span), len(edit.text.encode(errors="replace"))) for edit in edits])
    tokens = [in_bytes(start, end, whole=whole) for start, end, whole in _tokens(before, old, strings)]
    moved_strings = [
        Span(*place) for string in strings if (place := moved(string.start, string.end)) is not None
    ]
    return tokens == [(start, end) for start, end, _ in _tokens(after, new, moved_strings)]


def _outside(comments: Sequence[Comment], spans: Sequence[Span]) -> list[tuple[int, int, int, _Form]]:
    """What of the comments is outside of spans: the gap that each part is in, its place there, its form."""
    starts = [0, *(span.end for span in spans)]
    parts = []
    for comment in comments:
        first = bisect_right(starts, comment.span.start) - 1
        for gap in range(first, len(starts)):
            begin = max(comment.span.start, starts[gap])
            end = min(comment.span.end, spans[gap].start) if gap < len(spans) else comment.span.end
            if begin >= comment.span.end:
                break
            if begin < end:
                form = (comment.kind, comment.opening, comment.closing)
                parts.append((gap, begin - starts[gap], end - starts[gap], form))
    return parts


def _literals(scanned: Scanned) -> list[tuple[int, int]]:
    return [(token.span.start, token.span.end) for token in scanned.tokens if token.kind == "literal"]


def _touched(comment: Comment, spans: Sequence[Span]) -> bool:
    at = bisect_left(spans, comment.span.start, key=lambda span: span.end)
    return at < len(spans) and spans[at].overlaps(comment.span)


def _lines_shared_with_code(reading: Reading, comments: Sequence[Comment]) -> int:
    """How many comments beside code run over lines, where the line end in one can end a statement."""
    return sum(
        _LINE_ENDS_COUNT.fullmatch(comment.language.id) is not None
        and not comment.whole_lines
        and "\n" in reading.source.slice(comment.span)
        for comment in comments
        if comment.kind == "block"
    )


def _only_comments(reading: Reading, comments: Sequence[Comment], spans: Sequence[Span]) -> bool:
    """Whether nothing but comments and white space is in any of the spans, which are in order."""
    for span in spans:
        at = span.start
        first = bisect_right(comments, span.start, key=lambda comment: comment.span.end)
        for comment in islice(comments, first, None):
            if comment.span.start >= span.end:
                break
            if reading.source.text[at : comment.span.start].strip():
                return False
            at = comment.span.end
        if reading.source.text[at : span.end].strip():
            return False
    return True


def _tokens(
    tree: Tree, comments: Sequence[Comment], strings: Sequence[Span]
) -> Iterator[tuple[int, int, bool]]:
    """The tokens of the code: where each starts and ends in bytes, and whether it is one of `strings`."""
    wholes = [tree.bytes(span) for span in strings]
    holes = [tree.bytes(comment.span) for comment in comments if comment.kind != "docstring"]
    holes = sorted([*holes, *wholes])
    yield from ((start, end, True) for start, end in wholes)
    hole = 0
    for leaf in leaves(tree):
        start, end = leaf.start_byte, leaf.end_byte
        while hole < len(holes) and holes[hole][1] <= start:
            hole += 1
        for cut_start, cut_end in islice(holes, hole, None):
            if cut_start >= end:
                break
            if start < cut_start:
                yield start, cut_start, False
            start = max(start, cut_end)
        # Some grammars count a line end to the comment, or make a token of it.
        if start < end and not tree.data[start:end].isspace():
            yield start, end, False


class _Moved:
    """Says where a span is after replacements of (start, end, new length), none of which is an insertion."""

    def __init__(self, replaced: Sequence[tuple[int, int, int]]) -> None:
        self._starts = [start for start, _, _ in replaced]
        self._ends = [end for _, end, _ in replaced]
        self._shifts = [0, *accumulate(size - (end - start) for start, end, size in replaced)]

    def __call__(self, start: int, end: int, *, whole: bool = True) -> tuple[int, int] | None:
        """The span's new place; None where a replacement reaches over an end, or, unless `whole`, into it."""
        before, until = bisect_right(self._ends, start), bisect_right(self._ends, end)
        reached = before < len(self._starts) and self._starts[before] < start
        if (
            reached
            or (until < len(self._starts) and self._starts[until] < end)
            or (before != until and not whole)
        ):
            return None
        return start + self._shifts[before], end + self._shifts[until]
