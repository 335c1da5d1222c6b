"""A server with two models, and how it is asked."""

from __future__ import annotations

from contextlib import aclosing
from typing import TYPE_CHECKING, Any

from gloss_lsp.backends.base import Chat, Message, Piece

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Sequence

CODER = "Qwen/Qwen2.5-Coder-7B"
TALKER = "meta-llama/Llama-3.1-8B-Instruct"
CARDS = [
    {"id": CODER, "owned_by": "vllm", "root": CODER, "max_model_len": 16384},
    {"id": TALKER, "owned_by": "vllm", "root": TALKER, "max_model_len": 8192},
]


def hello(model: str = CODER, **more: Any) -> Chat:
    return Chat(model, (Message("system", "Be short."), Message("user", "Hi")), **more)


async def collect(stream: AsyncGenerator[Piece, None], into: list[Piece] | None = None) -> list[Piece]:
    """The pieces of an answer; also those that came ahead of an error, in `into`."""
    pieces = [] if into is None else into
    async with aclosing(stream):
        async for piece in stream:
            pieces.append(piece)
    return pieces


def text_of(pieces: Sequence[Piece]) -> str:
    return "".join(piece.text for piece in pieces)
