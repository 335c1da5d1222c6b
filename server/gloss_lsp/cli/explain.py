"""``gloss explain``: streams an explanation of a file, or of lines of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gloss_lsp.actions.base import Page
from gloss_lsp.cli.files import read
from gloss_lsp.cli.outcomes import DONE
from gloss_lsp.cli.output import Words
from gloss_lsp.cli.places import lines_of, span_of_lines
from gloss_lsp.cli.session import Session, run_with_model

if TYPE_CHECKING:
    import argparse

    from gloss_lsp.converse import Step
    from gloss_lsp.core.text import Source, Span


def run(options: argparse.Namespace) -> int:
    """Explain what the place names."""
    path, lines = lines_of(options.place)
    source = read(path).source
    span = span_of_lines(source, lines)
    return run_with_model(options, lambda session: _explain(session, source, span))


async def _explain(session: Session, source: Source, span: Span) -> int:
    words = Words(session.waiting)

    def report(step: Step) -> None:
        if step.newest:
            words.become(step.page)
        elif step.thinking:
            session.waiting.say("the model thinks")

    try:
        outcome = await session.perform("explain", source, span, report)
        if isinstance(outcome, Page):
            words.become(outcome.markdown)
    finally:
        words.end()
    return DONE
