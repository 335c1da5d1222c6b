"""Completes code at the cursor: fills in the middle, or asks in words where the model cannot."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from gloss_lsp.actions.base import Action, Edits, Gap, Prompt
from gloss_lsp.core.completion import chat
from gloss_lsp.core.completion.context import Context
from gloss_lsp.core.completion.filters import clean, finished, stops
from gloss_lsp.core.completion.window import Limits, window
from gloss_lsp.core.text import Edit, Span
from gloss_lsp.errors import CannotFill, Refused

if TYPE_CHECKING:
    from gloss_lsp.actions.base import Conversation, Selection

_TITLE: Final = "Complete here"
_MOST_TOKENS: Final = 128
_AROUND: Final = 200
"""Tokens for what stands around the window: the markers of a form, or the words of a question."""


def _offer(selection: Selection) -> str | None:
    return None if len(selection.span) else _TITLE


def _converse(selection: Selection) -> Conversation:
    at, most = selection.span.end, _most_tokens(selection)
    context = context_of(selection)
    try:
        reply = yield gap_at(context, most)
    except CannotFill:
        reply = chat.answer_of((yield _prompt(context, most)), context)
    text = clean(reply, context)
    if text is None:
        raise Refused("The model had nothing to add here.")
    return Edits(_TITLE, (Edit(Span(at, at), text.replace("\n", context.window.line_end)),))


def context_of(selection: Selection) -> Context:
    """The place of the cursor, and as much around it as there is room for."""
    source, room = selection.source, selection.room - _most_tokens(selection) - _AROUND
    place = source.place(selection.span.end)
    return Context(window(source.lines, place, Limits().within(room)), source.language)


def gap_at(context: Context, most: int) -> Gap:
    """What a model that can fill in the middle is asked at a place, for at most so many tokens."""
    return Gap(
        context.window.prefix,
        context.window.suffix,
        max_tokens=most,
        stop=stops(context),
        finished=lambda reply: finished(reply, context),
        since_anchor=context.window.since_anchor,
    )


def _most_tokens(selection: Selection) -> int:
    return int(selection.options.get("max_tokens", _MOST_TOKENS))


def _prompt(context: Context, most: int) -> Prompt:
    return Prompt(chat.SYSTEM, chat.question(context), max_tokens=most + most // 2, finished=chat.answered)


ACTION: Final = Action("complete", _TITLE, "refactor.rewrite.gloss.complete", "complete", _converse, _offer)
