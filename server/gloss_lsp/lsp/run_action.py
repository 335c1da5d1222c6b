"""Runs one action for the editor: the one path from a command or a hover to a model's answer."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Protocol

import attrs

from gloss_lsp.actions.base import Selection
from gloss_lsp.converse import converse
from gloss_lsp.scheduler import Priority
from gloss_lsp.waiting import told_until_first

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Mapping

    from gloss_lsp.actions.base import Action, Gap, Outcome, Prompt, Task
    from gloss_lsp.backends.base import Piece
    from gloss_lsp.converse import Step
    from gloss_lsp.core.text import Source, Span
    from gloss_lsp.lsp.server import Server


SETTINGS_OF: Mapping[Task, str] = MappingProxyType(
    {"chat": "explain", "translate": "translate", "complete": "complete"}
)
"""The group of settings that the actions of a task are given."""


@attrs.frozen
class Asked:
    """What the user asked for: an action, and what it is about."""

    action: Action
    source: Source
    span: Span
    instruction: str = ""
    target: str = ""
    """A language tag or name; empty: as the settings say."""
    diagnostic: str = ""
    priority: Priority = Priority.ASKED


class Watcher(Protocol):
    """Is told how far an action has come."""

    def waiting(self, message: str) -> None:
        """Something is waited for."""

    def uses(self, model: str) -> None:
        """The model is ready."""

    def step(self, step: Step) -> None:
        """A piece has come."""


async def run_action(server: Server, asked: Asked, watcher: Watcher) -> Outcome:
    """Have the action converse with its model.

    Raises:
        GlossError: it could not be done, with the reason.
    """
    action = asked.action
    server.gateway.refuse(asked.source.path)
    ready = await server.gateway.prepare(action.task, watcher.waiting)
    watcher.uses(ready.model.name)
    group = getattr(server.settings, SETTINGS_OF[action.task])
    selection = Selection(
        asked.source,
        asked.span,
        target=server.target(action.task, asked.target),
        room=ready.room,
        instruction=asked.instruction,
        diagnostic=asked.diagnostic,
        options=attrs.asdict(group),
    )

    def ask(prompt: Prompt | Gap, number: int) -> AsyncGenerator[Piece, None]:
        # A job of many prompts gives way between them: typing is answered before its next one.
        priority = asked.priority if number == 0 else max(asked.priority, Priority.CONTINUED)
        pieces = server.gateway.ask(
            prompt, task=action.task, path=asked.source.path, priority=priority, ready=ready
        )
        return told_until_first(
            pieces, watcher.waiting, f"{prompt.note}: reading" if prompt.note else "reading the prompt"
        )

    return await converse(action.converse(selection), ask, watcher.step)
