"""What a list of models says of each: what it can do, whether it fits, and what it is used for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import frozen

from gloss_lsp.core.choose import Room

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from gloss_lsp.backends.base import Model, Task
    from gloss_lsp.core.choose import Choice


@frozen
class Listed:
    """A model, as somebody who picks one wants to know it."""

    model: Model
    can: tuple[str, ...]
    """Of ``chat``, ``complete``, ``think``, ``embed``."""
    fits: bool
    """Whether it fits in memory, as far as is known; what runs elsewhere does."""
    used_for: tuple[Task, ...]


def listed(models: Sequence[Model], choices: Mapping[Task, Choice], memory: int) -> list[Listed]:
    """What is said of each model.

    Args:
        models: what is installed.
        choices: the model of each task.
        memory: bytes that are free for models; 0: not known.
    """
    room = Room.of(models, memory)
    return [Listed(model, can(model), room.fits(model), _used_for(model, choices)) for model in models]


def can(model: Model) -> tuple[str, ...]:
    """What a model can do, in words."""
    able = {
        "chat": model.chat,
        "complete": model.fill != "none",
        "think": model.thinking,
        "embed": model.embedding,
    }
    return tuple(word for word, yes in able.items() if yes)


def _used_for(model: Model, choices: Mapping[Task, Choice]) -> tuple[Task, ...]:
    return tuple(
        task
        for task, choice in choices.items()
        if choice.model is not None and choice.model.name == model.name
    )
