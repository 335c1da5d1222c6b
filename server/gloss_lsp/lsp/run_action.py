"""Runs one action for the editor: the one path from a command or a hover to a model's answer."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

import attrs

from gloss_lsp.actions.base import Selection
from gloss_lsp.converse import converse
from gloss_lsp.scheduler import Priority

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable, Mapping

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


async def run_action(
    server: Server, asked: Asked, waiting: Callable[[str], None], report: Callable[[Step], None]
) -> Outcome:
    """Have the action converse with its model.

    Raises:
        GlossError: it could not be done, with the reason.
    """
    action = asked.action
    server.gateway.refuse(asked.source.path)
    ready = await server.gateway.prepare(action.task, waiting)
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
        return server.gateway.ask(
            prompt, task=action.task, path=asked.source.path, priority=priority, ready=ready
        )

    return await converse(action.converse(selection), ask, report)
