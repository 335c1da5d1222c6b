"""``gloss complete``: prints what could come next at a place."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Final

from attrs import evolve

from gloss_lsp.actions.base import Edits
from gloss_lsp.actions.complete import context_of
from gloss_lsp.cli.files import read
from gloss_lsp.cli.outcomes import DONE
from gloss_lsp.cli.places import cursor_of, offset_of_cursor
from gloss_lsp.cli.session import Session, run_with_model, selection
from gloss_lsp.core.completion.chat import answer_of
from gloss_lsp.core.completion.filters import stages
from gloss_lsp.core.terminal import safe_terminal
from gloss_lsp.core.text import Span

if TYPE_CHECKING:
    import argparse

    from gloss_lsp.core.completion.context import Context
    from gloss_lsp.core.text import Source
    from gloss_lsp.outgoing import SentPrompt


_MARK: Final = "‸"


def run(options: argparse.Namespace) -> int:
    """Complete at the place."""
    path, line, column = cursor_of(options.place)
    source = read(path).source
    offset = offset_of_cursor(source, line, column)
    cursor = Span(offset, offset)
    return run_with_model(
        options, lambda session: _complete(session, source, cursor, explain=options.explain)
    )


async def _complete(session: Session, source: Source, cursor: Span, *, explain: bool) -> int:
    replies: list[str] = []
    try:
        outcome = await session.perform("complete", source, cursor, lambda step: replies.append(step.page))
    finally:
        session.waiting.end()
        sent = session.gateway.last_prompt
        if explain and sent is not None:
            ready = await session.gateway.prepare("complete")
            asked = evolve(selection(session.configuration, "complete", source, cursor), room=ready.room)
            sys.stdout.write(
                safe_terminal(_explained(sent, replies[-1] if replies else "", context_of(asked)))
            )
    text = "".join(edit.text for edit in outcome.edits) if isinstance(outcome, Edits) else outcome.markdown
    sys.stdout.write(safe_terminal(text).rstrip("\n") + "\n")
    return DONE


def _explained(sent: SentPrompt, reply: str, context: Context) -> str:
    """What was asked, what came, and each filter that made something else of it."""
    asked = "\n".join(f"{message.role}: {message.content}" for message in sent.messages)
    parts = [
        (f"Asked of {sent.model}, with a mark at the cursor", asked or f"{sent.prefix}{_MARK}{sent.suffix}"),
        (f"Raw answer, for a {context.shape}", reply),
    ]
    before = reply.rstrip()
    for name, text in stages(answer_of(reply, context) if sent.messages else reply, context):
        if text.rstrip() != before:
            before = text.rstrip()
            parts.append((f"After the filter `{name}`", before))
    return "".join(f"{title}:\n{text}\n\n" for title, text in parts) + "Shown:\n"
