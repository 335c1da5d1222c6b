"""Explanations that were asked for, so that a hover can show them: while they are written, and after."""

from __future__ import annotations

import asyncio
import contextlib
from collections import OrderedDict
from typing import TYPE_CHECKING

from attrs import define, field

from gloss_lsp.actions.base import Page
from gloss_lsp.core.markdown import safe_markdown
from gloss_lsp.core.text import Edit
from gloss_lsp.errors import GlossError
from gloss_lsp.lsp.jobs import BROKEN

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from gloss_lsp.actions.base import Outcome
    from gloss_lsp.converse import Step
    from gloss_lsp.core.text import Span
    from gloss_lsp.lsp.server import Server
    from gloss_lsp.perform import Asked

KEPT = 100
"""How many explanations are remembered; the oldest goes first."""


LOST = 0
"""The opening of no document: that of a text that was touched."""


def _markdown(outcome: Outcome) -> str:
    return outcome.markdown if isinstance(outcome, Page) else ""


@define(eq=False)
class Explanation:
    """What is known of one text: its page so far, and how it stands."""

    uri: str
    version: int
    """That `span` is of."""
    span: Span
    opening: int = LOST
    """Of the document."""
    page: str = ""
    state: str = "waiting for the model; hover again to see more"
    """Why there is not more to see; empty when it is complete."""
    again: bool = False
    """Whether it was asked for once more while it was written for a hover."""
    ended: asyncio.Event = field(factory=asyncio.Event, repr=False)
    """Set when nothing more will be written."""

    def waiting(self, message: str) -> None:
        """Say what is waited for."""
        self.state = f"{message}; hover again to see more"

    def uses(self, model: str) -> None:
        """Nothing of the model is shown."""

    def step(self, step: Step) -> None:
        """Take the page as far as the conversation has come."""
        self.write(step.page)

    def write(self, page: str) -> None:
        """Take the page as far as it has come."""
        self.page = page
        self.state = "still being written; hover again to see more"

    async def follow(self, work: Awaitable[Outcome], shown: Callable[[Outcome], str] = _markdown) -> Outcome:
        """Wait for the work that writes this explanation, and note how it ends.

        Args:
            work: an action on its way.
            shown: makes Markdown of its outcome.
        """
        try:
            outcome = await work
            self.page = shown(outcome)
            self.state = ""
        except asyncio.CancelledError:
            self.state = "stopped"
            raise
        except GlossError as error:
            self.state = str(error)
            raise
        except Exception:
            self.state = BROKEN
            raise
        else:
            return outcome
        finally:
            self.ended.set()

    @property
    def worth_showing(self) -> bool:
        """Whether it is complete, or still being written."""
        return not self.state or not self.ended.is_set()

    @property
    def markdown(self) -> str:
        """For a hover: the page, and how it stands."""
        note = f"*{safe_markdown(self.state)}*" if self.state else ""
        return "\n\n".join(part for part in (safe_markdown(self.page), note) if part)


class Explanations:
    """The explanations of this session by document and text, newest last."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self._kept: OrderedDict[tuple[str, str, str], Explanation] = OrderedDict()
        self._in_background: dict[asyncio.Task[None], Explanation] = {}

    def find(self, asked: Asked) -> Explanation | None:
        """What is known of the text that is asked about."""
        return self._kept.get(_key(asked))

    def begin(self, asked: Asked) -> Explanation:
        """A new explanation of a text, in the place of what was known of it."""
        source = asked.source
        fresh = Explanation(source.uri, source.version, asked.span, source.opening)
        self._kept[_key(asked)] = fresh
        self._kept.move_to_end(_key(asked))
        while len(self._kept) > KEPT:
            self._kept.popitem(last=False)
        return fresh

    def in_background(self, asked: Asked, shown: Callable[[Outcome], str] = _markdown) -> Explanation:
        """What is known of a text, or will be: one background job at most writes it.

        Those that were begun for older hovers, and not asked for again, are given up: the pointer has
        moved on, and they would be written ahead of what is wanted now.
        """
        known = self.find(asked)
        if known is not None and known.worth_showing:
            known.again = True
            return known
        for task, older in self._in_background.items():
            if not older.again:
                task.cancel()
        explanation = self.begin(asked)

        async def explain() -> None:
            # How it ended stands in the explanation, for the next hover to show.
            with contextlib.suppress(GlossError):
                await explanation.follow(self._server.perform(asked, explanation), shown)

        task = self._server.background(explain(), f"{asked.action.title} for a hover")
        self._in_background[task] = explanation
        task.add_done_callback(lambda ended: self._in_background.pop(ended, None))
        return explanation

    def stop(self) -> None:
        """Stop what is written for hovers alone."""
        for task in self._in_background:
            task.cancel()

    def forget(self) -> None:
        """Forget all of them, as when they would be written in another language now."""
        self.stop()
        self._kept.clear()

    def any(self, uri: str) -> bool:
        """Whether anything of this document was explained."""
        return any(kept.uri == uri for kept in self._kept.values())

    def around(self, uri: str, offset: int) -> Explanation | None:
        """The newest explanation whose text stands around `offset` now, carried through later edits."""
        for kept in reversed(self._kept.values()):
            span = self.span_now(kept) if kept.uri == uri else None
            if span is not None and span.start <= offset <= span.end:
                return kept
        return None

    def span_now(self, explanation: Explanation) -> Span | None:
        """Where the explained text stands now; None where it was touched, or its document closed."""
        buffer = self._server.documents.still_open(explanation.uri, explanation.opening)
        if buffer is None:
            return None
        edits = buffer.carry(explanation.version, [Edit(explanation.span, "")])
        if edits is None:
            explanation.opening = LOST
            return None
        # Carried once: a hundred explanations are not carried through a thousand changes at each hover.
        explanation.version, explanation.span = buffer.version, edits[0].span
        return explanation.span


def _key(asked: Asked) -> tuple[str, str, str]:
    return asked.action.name, asked.source.uri, asked.source.slice(asked.span)
