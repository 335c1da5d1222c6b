"""What a command that uses a model works with: its settings, and the way to the model."""

from __future__ import annotations

import asyncio
import os
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, TypeVar

import attrs
from attrs import frozen

from gloss_lsp.actions import action_named
from gloss_lsp.actions.base import Selection
from gloss_lsp.cli.options import configuration_for, locale_of
from gloss_lsp.cli.output import Waiting, note
from gloss_lsp.connect import Connector
from gloss_lsp.converse import converse
from gloss_lsp.core.tongues import tongue
from gloss_lsp.gateway import Gateway
from gloss_lsp.scheduler import Priority

if TYPE_CHECKING:
    import argparse
    from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable

    from attrs import AttrsInstance

    from gloss_lsp.actions.base import Action, Gap, Outcome, Prompt
    from gloss_lsp.backends.base import Piece
    from gloss_lsp.configuration import Configuration
    from gloss_lsp.converse import Step
    from gloss_lsp.core.text import Source, Span

Result = TypeVar("Result")


@frozen
class Session:
    """One run of a command that uses a model."""

    configuration: Configuration
    gateway: Gateway
    waiting: Waiting

    async def perform(
        self,
        name: str,
        source: Source,
        span: Span,
        report: Callable[[Step], None],
        waiting: Callable[[str], None] | None = None,
    ) -> Outcome:
        """Have an action converse with its model.

        Args:
            name: of the action.
            source: the file.
            span: what is asked about.
            report: told every step.
            waiting: told what is waited for; None: said as everywhere.

        Raises:
            GlossError: it could not be done.
        """
        action = action_named(name)
        self.gateway.refuse(source.path)
        waiting = waiting or self.waiting.say
        ready = await self.gateway.prepare(action.task, waiting)
        waiting(f"{ready.model.name} reads {source.path}")
        asked = selection(self.configuration, action, source, span, room=ready.room)

        def ask(prompt: Prompt | Gap, number: int) -> AsyncGenerator[Piece, None]:  # noqa: ARG001  # the protocol has it
            return self.gateway.ask(
                prompt, task=action.task, path=source.path, priority=Priority.ASKED, ready=ready
            )

        return await converse(action.converse(asked), ask, report)


def selection(
    configuration: Configuration, action: Action, source: Source, span: Span, room: int = 4096
) -> Selection:
    """What an action is asked about, with the settings that hold."""
    settings = configuration.settings
    language = settings.translate.target if action.task == "translate" else settings.explain.language
    groups: dict[str, AttrsInstance] = {
        "chat": settings.explain,
        "translate": settings.translate,
        "complete": settings.complete,
    }
    return Selection(
        source,
        span,
        target=tongue(language, locale_of(os.environ)),
        room=room,
        options=attrs.asdict(groups[action.task]),
    )


def run_with_model(options: argparse.Namespace, work: Callable[[Session], Awaitable[Result]]) -> Result:
    """Run the work of a command from beginning to end."""

    async def whole() -> Result:
        async with session(options) as ready:
            return await work(ready)

    return asyncio.run(whole())


def gateway_for(configuration: Configuration) -> Gateway:
    """The way to the models that these settings mean; whoever asks for it closes it."""
    return Gateway(Connector(configuration, note), lambda: configuration.settings)


@asynccontextmanager
async def session(options: argparse.Namespace) -> AsyncIterator[Session]:
    """A session for a command with these options; at its end nothing is left running."""
    configuration = configuration_for(options)
    for problem in configuration.problems:
        note(f"settings: {problem}")
    gateway = gateway_for(configuration)
    with Waiting() as waiting:
        try:
            yield Session(configuration, gateway, waiting)
        finally:
            await gateway.aclose()
