"""``gloss run``: one prompt, its answer streamed."""

from __future__ import annotations

import sys
from contextlib import aclosing
from typing import TYPE_CHECKING

from gloss_lsp.actions.base import Prompt
from gloss_lsp.cli.outcomes import DONE, WrongUseError
from gloss_lsp.cli.output import Words
from gloss_lsp.cli.session import Session, run_with_model
from gloss_lsp.scheduler import Priority

if TYPE_CHECKING:
    import argparse


def run(options: argparse.Namespace) -> int:
    """Ask what the words and standard input say."""
    parts = [_piped(), " ".join(options.prompt).strip()]
    text = "\n\n".join(part for part in parts if part)
    if not text:
        raise WrongUseError('`gloss run` takes a prompt: gloss run "Why is the sky blue?"')
    return run_with_model(options, lambda session: _answer(session, text))


def _piped() -> str:
    if sys.stdin is None or sys.stdin.isatty():
        return ""
    return sys.stdin.buffer.read().decode("utf-8-sig", "replace").strip("\r\n")


async def _answer(session: Session, text: str) -> int:
    ready = await session.gateway.prepare("chat", session.waiting.say)
    session.waiting.say(f"{ready.model.name} reads the prompt")
    words = Words(session.waiting)
    prompt = Prompt("", text)
    pieces = session.gateway.ask(prompt, task="chat", path="", priority=Priority.ASKED, ready=ready)
    try:
        async with aclosing(pieces):
            async for piece in pieces:
                if piece.waiting:
                    session.waiting.say(piece.waiting)
                if piece.thinking:
                    session.waiting.say(f"{ready.model.name} thinks")
                words.add(piece.text)
    finally:
        words.end()
    return DONE
