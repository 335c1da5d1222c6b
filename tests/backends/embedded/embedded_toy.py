"""A model of one small part, and how it is asked."""

from __future__ import annotations

import hashlib
from contextlib import aclosing
from typing import TYPE_CHECKING

from gloss_lsp.backends.base import BackendSettings, Chat, Message, Piece, Usage
from gloss_lsp.backends.embedded.weights import Weights

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator
    from pathlib import Path

WHOLE = b"no weights " * 1000
TOY = Weights(
    name="qwen2.5-coder:toy",
    extra="toy",
    package="gloss_toy_part{}",
    parts=1,
    file="toy.gguf",
    size=len(WHOLE),
    sha256=hashlib.sha256(WHOLE).hexdigest(),
    parameters="1B",
)
USAGE = Usage(prompt_tokens=7, prompt_seconds=0.5, tokens=4, seconds=0.25, read_tokens=2)


def settings(**values: object) -> BackendSettings:
    return BackendSettings(url="", **values)


def chat(text: str) -> Chat:
    return Chat(TOY.name, (Message("user", text),))


async def collect(stream: AsyncGenerator[Piece, None], into: list[Piece] | None = None) -> str:
    """The text of an answer; the pieces too, also when it fails half way."""
    pieces = [] if into is None else into
    async with aclosing(stream):
        async for piece in stream:
            pieces.append(piece)
    return "".join(piece.text for piece in pieces)


def starts(models: Path) -> list[int]:
    """The process ids of all engines that were started."""
    return [int(line) for line in (models / "starts").read_text().split()]
