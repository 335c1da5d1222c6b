"""Performs an action: the one path from what the user asked for to a model's answer."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Protocol

import attrs

from gloss_lsp.actions.base import Selection
from gloss_lsp.converse import converse
from gloss_lsp.core.tongues import tongue
from gloss_lsp.core.uris import path_of
from gloss_lsp.ready import SMALLEST_ROOM
from gloss_lsp.scheduler import Priority
from gloss_lsp.waiting import told_until_first

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Mapping

    from gloss_lsp.actions.base import Action, Gap, Outcome, Prompt, Task
    from gloss_lsp.backends.base import Piece
    from gloss_lsp.converse import Step
    from gloss_lsp.core.text import Source, Span
    from gloss_lsp.gateway import Gateway
    from gloss_lsp.settings import Settings

GROUPS: Mapping[Task, str] = MappingProxyType(
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


def selection_of(asked: Asked, settings: Settings, locale: str, room: int = SMALLEST_ROOM) -> Selection:
    """What the action is told.

    Args:
        asked: what the user asked for.
        settings: those that hold.
        locale: the language tag of the editor or of the terminal, which ``auto`` means.
        room: the context of the model, in tokens.
    """
    wanted = settings.translate.target if asked.action.task == "translate" else settings.explain.language
    return Selection(
        asked.source,
        asked.span,
        target=tongue(asked.target or wanted, locale),
        room=room,
        instruction=asked.instruction,
        diagnostic=asked.diagnostic,
        options=attrs.asdict(getattr(settings, GROUPS[asked.action.task])),
    )


async def perform(
    gateway: Gateway, settings: Settings, locale: str, asked: Asked, watcher: Watcher
) -> Outcome:
    """Have an action converse with its model.

    Raises:
        GlossError: it could not be done, with the reason.
    """
    action = asked.action
    # All of the path counts: the folder that is open can be the private one.
    path = path_of(asked.source.uri) or asked.source.path
    gateway.refuse(path)
    ready = await gateway.prepare(action.task, watcher.waiting)
    watcher.uses(ready.model.name)

    def ask(prompt: Prompt | Gap, number: int) -> AsyncGenerator[Piece, None]:
        # A job of many prompts gives way between them: typing is answered before its next one.
        priority = asked.priority if number == 0 else max(asked.priority, Priority.CONTINUED)
        pieces = gateway.ask(prompt, task=action.task, path=path, priority=priority, ready=ready)
        what = f"{prompt.note}: reading" if prompt.note else "reading the prompt"
        return told_until_first(pieces, watcher.waiting, what, lambda piece: piece.waiting)

    conversation = action.converse(selection_of(asked, settings, locale, ready.room))
    return await converse(conversation, ask, watcher.step)
