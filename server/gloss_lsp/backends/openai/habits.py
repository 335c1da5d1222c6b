"""What a server does not take: found out by its refusing, and remembered for each model."""

from __future__ import annotations

import re
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

_PARTS: Final = MappingProxyType(
    {
        "chat_template_kwargs": r"chat_template_kwargs|enable_thinking",
        "stream_options": r"stream_options|include_usage",
        "response_format": r"response_format|json_schema|schema|grammar|structured|guided",
        "max_tokens": r"max_completion_tokens",
        "temperature": r"temperature",
        "system": r"system (role|message|prompt|instruction)|roles must alternate|role.{0,5}system",
    }
)
"""The parts of a body that a server may do without, and how a refusal names them.

Where none is named, the first three are left out one after another: what costs least first. The others
only where they are named: `max_tokens` then goes by its newer name, and `system`, that the system has a
message of its own, into the user's.
"""
_GUESSED: Final = ("chat_template_kwargs", "stream_options", "response_format")


class Habits:
    """Remembers what each model's server was seen to refuse, as long as Gloss runs."""

    def __init__(self) -> None:
        self._refused: dict[str, frozenset[str]] = {}

    def refused(self, model: str) -> frozenset[str]:
        """The parts to leave out."""
        return self._refused.get(model, frozenset())

    def remember(self, model: str, refused: frozenset[str]) -> None:
        """Without these the server has answered."""
        self._refused[model] = refused


def part_to_leave_out(body: Mapping[str, Any], left_out: frozenset[str], said: str) -> str | None:
    """What to leave out next after a refusal with these words; None where there is nothing left."""
    has_system = any(turn["role"] == "system" for turn in body.get("messages", ()))
    there = [part for part in _PARTS if part in body or (part == "system" and has_system)]
    for part in there:
        if part not in left_out and re.search(_PARTS[part], said, re.IGNORECASE):
            return part
    return next((part for part in _GUESSED if part in there and part not in left_out), None)
