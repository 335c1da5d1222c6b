"""Carries edits that were made for one version of a document to a later one.

A model takes seconds, and the user goes on typing. An edit moves with what was changed before it;
one whose own text was touched is not carried, and then none of its list is: half of an outcome
would be a third text that nobody asked for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import frozen

from gloss_lsp.core.text import Edit, Span

if TYPE_CHECKING:
    from collections.abc import Iterable


@frozen
class Change:
    """What one change of a document did, without the text itself: records of it are kept for long."""

    version: int
    """The version that it led to."""
    span: Span
    """What it replaced, in the text before it."""
    length: int
    """Code points that came in its place."""
    whole_before: bool = False
    """What came ends with a line end: what stands after it is a line of its own."""
    whole_after: bool = False
    """What came begins with a line end: what stands before it is a line of its own."""

    @classmethod
    def of(cls, version: int, span: Span, text: str) -> Change:
        """The record of `text` taking the place of `span`."""
        return cls(version, span, len(text), text.endswith(("\n", "\r")), text.startswith(("\n", "\r")))


def carry(edits: Iterable[Edit], changes: Iterable[Change]) -> tuple[Edit, ...] | None:
    """The edits as they are after `changes`, oldest first; None where a change touches one of them.

    Text inserted right at the edge of an edit touches it, unless a line end stands between: a line
    added above a comment leaves the comment as it was, a word typed at its end does not.
    """
    carried = tuple(edits)
    for change in changes:
        moved = [_moved(edit, change) for edit in carried]
        if None in moved:
            return None
        carried = tuple(edit for edit in moved if edit is not None)
    return carried


def _moved(edit: Edit, change: Change) -> Edit | None:
    if _stands_after(edit.span, change):
        shift = change.length - len(change.span)
        return Edit(Span(edit.span.start + shift, edit.span.end + shift), edit.text)
    return edit if _stands_before(edit.span, change) else None


def _stands_after(span: Span, change: Change) -> bool:
    if change.span.end == span.start:
        return _apart(span, change, line_end_between=change.whole_before)
    return change.span.end < span.start


def _stands_before(span: Span, change: Change) -> bool:
    if change.span.start == span.end:
        return _apart(span, change, line_end_between=change.whole_after)
    return change.span.start > span.end


def _apart(span: Span, change: Change, *, line_end_between: bool) -> bool:
    # An insertion (an empty span) is about the very place, so whatever happens there touches it.
    return len(span) > 0 and (line_end_between or not change.length)
