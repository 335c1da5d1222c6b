"""Hovering over a comment in another language shows it translated; the file stays as it is."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from gloss_lsp.actions import action_named
from gloss_lsp.actions.base import Edits
from gloss_lsp.actions.translate import foreign_comment
from gloss_lsp.core.languages import fence
from gloss_lsp.core.text import Edit, Span, apply_edits
from gloss_lsp.lsp import convert
from gloss_lsp.perform import Asked, selection_of
from gloss_lsp.scheduler import Priority
from gloss_lsp.waiting import within

if TYPE_CHECKING:
    from lsprotocol import types

    from gloss_lsp.actions.base import Outcome
    from gloss_lsp.core.buffer import Buffer
    from gloss_lsp.core.text import Source
    from gloss_lsp.lsp.explanations import Explanation
    from gloss_lsp.lsp.server import Server


SEARCH_PATIENCE = 1.0
"""Seconds to look for the comment: in a file that takes longer, nothing is shown rather than that late."""


async def translated_comment(server: Server, buffer: Buffer, position: types.Position) -> Explanation | None:
    """The translation of the comment at a place, as far as it has come; None where there is none to translate.

    A glance at the text decides for nearly all places; only what may be a comment is parsed, in a thread.
    """
    if not server.settings.hover.translate:
        return None
    source = buffer.snapshot()
    offset = convert.to_offset(source, position, server.encoding)
    action = action_named("translateComments")
    here = Span(offset, min(offset + 1, len(source.text)))
    at = selection_of(Asked(action, source, here), server.settings, server.locale)
    if not len(at.span) or action.offer(at) is None:
        return None
    try:
        comment = await within(asyncio.to_thread(foreign_comment, at), SEARCH_PATIENCE)
    except asyncio.TimeoutError:
        return None
    if comment is None:
        return None
    asked = Asked(action, source, comment, priority=Priority.BACKGROUND)
    return server.explanations.in_background(asked, lambda outcome: _shown(source, comment, outcome))


def _shown(source: Source, comment: Span, outcome: Outcome) -> str:
    """The comment as it would stand in the code, or why it was left."""
    if not isinstance(outcome, Edits):
        return ""
    if not outcome.edits:
        return " ".join(outcome.left)
    inside = [
        Edit(Span(edit.span.start - comment.start, edit.span.end - comment.start), edit.text)
        for edit in outcome.edits
        if comment.start <= edit.span.start and edit.span.end <= comment.end
    ]
    return f"```{fence(source.language)}\n{apply_edits(source.slice(comment), inside)}\n```"
