"""What a command that uses a model works with: its settings, and the way to the model."""

from __future__ import annotations

import asyncio
import os
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, TypeVar

from attrs import frozen

from gloss_lsp.actions import action_named
from gloss_lsp.cli.options import configuration_for, locale_of
from gloss_lsp.cli.output import Waiting, note
from gloss_lsp.connect import Connector
from gloss_lsp.gateway import Gateway
from gloss_lsp.perform import Asked, perform, selection_of

if TYPE_CHECKING:
    import argparse
    from collections.abc import AsyncIterator, Awaitable, Callable

    from gloss_lsp.actions.base import Outcome, Selection
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
        asked = Asked(action_named(name), source, span)
        told = _Told(report, waiting or self.waiting.say)
        return await perform(self.gateway, self.configuration.settings, locale_of(os.environ), asked, told)


@frozen
class _Told:
    """Passes on how far an action has come."""

    step: Callable[[Step], None]
    waiting: Callable[[str], None]

    def uses(self, model: str) -> None:
        self.waiting(f"{model} is ready")


def selection(configuration: Configuration, name: str, source: Source, span: Span) -> Selection:
    """What an action would be asked about, with the settings that hold."""
    asked = Asked(action_named(name), source, span)
    return selection_of(asked, configuration.settings, locale_of(os.environ))


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
