"""A model that a job can ask now."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from attrs import evolve, field, frozen

if TYPE_CHECKING:
    from gloss_lsp.backends.base import Model
    from gloss_lsp.connection import Connection

SMALLEST_ROOM: Final = 4096
"""Tokens of context that are counted on where nobody says how many there are: Ollama's smallest default."""


@frozen
class Ready:
    """A model that has been chosen and loaded. A job that keeps it stays with this model to its end."""

    model: Model
    backend: str
    """For people."""
    room: int
    """Tokens of its context: prompt and answer together have to fit."""
    connection: Connection = field(repr=False, eq=False)

    @classmethod
    def of(cls, connection: Connection, model: Model, loaded: Model) -> Ready:
        """A model that was chosen, as it was loaded."""
        room = loaded.context or connection.settings.context_length or SMALLEST_ROOM
        model = evolve(model, loaded=True, context=loaded.context, memory=loaded.memory)
        return cls(model, connection.name, room, connection)
