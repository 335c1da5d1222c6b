"""``gloss complete``: prints what could come next at a place."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from gloss_lsp.actions.base import Edits
from gloss_lsp.cli.files import read
from gloss_lsp.cli.outcomes import DONE
from gloss_lsp.cli.places import cursor_of, offset_of_cursor
from gloss_lsp.cli.session import Session, run_with_model
from gloss_lsp.core.terminal import safe_terminal
from gloss_lsp.core.text import Span

if TYPE_CHECKING:
    import argparse

    from gloss_lsp.core.text import Source


def run(options: argparse.Namespace) -> int:
    """Complete at the place."""
    path, line, column = cursor_of(options.place)
    source = read(path).source
    offset = offset_of_cursor(source, line, column)
    return run_with_model(options, lambda session: _complete(session, source, Span(offset, offset)))


async def _complete(session: Session, source: Source, cursor: Span) -> int:
    outcome = await session.perform("complete", source, cursor, lambda _: None)
    session.waiting.end()
    text = "".join(edit.text for edit in outcome.edits) if isinstance(outcome, Edits) else outcome.markdown
    sys.stdout.write(safe_terminal(text).rstrip("\n") + "\n")
    return DONE
