"""The embedded backend with its real engine and weights."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
from contextlib import aclosing, suppress
from typing import TYPE_CHECKING

import pytest

from gloss_lsp.backends.base import BackendSettings, Chat, Fill, Message, Piece
from gloss_lsp.backends.embedded.client import EmbeddedBackend
from gloss_lsp.backends.embedded.weights import LARGE
from gloss_lsp.errors import Interrupted, OutOfMemory, TooLong

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, AsyncIterator
    from pathlib import Path

pytestmark = [pytest.mark.needs("embedded"), pytest.mark.timeout(300)]


@pytest.fixture
async def backend(embedded_weights: Path) -> AsyncIterator[EmbeddedBackend]:
    backend = EmbeddedBackend(BackendSettings(url="", context_length=2048), folder=embedded_weights.parent)
    yield backend
    await backend.aclose()


def chat(text: str, **more: object) -> Chat:
    return Chat(LARGE.name, (Message("user", text),), **more)


async def collect(stream: AsyncGenerator[Piece, None]) -> list[Piece]:
    async with aclosing(stream):
        return [piece async for piece in stream]


def text(pieces: list[Piece]) -> str:
    return "".join(piece.text for piece in pieces)


async def test_chat_schema_and_fill(backend: EmbeddedBackend):
    (installed, *_) = await backend.models()
    assert (installed.name, installed.loaded) == (LARGE.name, False)
    assert (await backend.health()).version == "2026.10.11549"

    pieces = await collect(backend.chat(chat("What is the capital of France? One word.", max_tokens=5)))
    assert "Paris" in text(pieces)
    assert pieces[-1].done in {"stop", "length"}
    usage = pieces[-1].usage
    assert usage
    assert 0 < usage.tokens <= 5
    assert usage.prompt_tokens > 10
    assert usage.seconds > 0

    cut = await collect(backend.chat(chat("Count from one to twenty in words.", max_tokens=3)))
    assert cut[-1].done == "length"

    stopped = await collect(backend.chat(chat("Write 1, 2, 3, 4, 5.", max_tokens=30, stop=("3",))))
    assert "2" in text(stopped)
    assert "3" not in text(stopped)
    assert stopped[-1].done == "stop"

    schema = {
        "type": "object",
        "properties": {"city": {"type": "string", "enum": ["Lima", "Oslo"]}},
        "required": ["city"],
        "additionalProperties": False,
    }
    forced = await collect(backend.chat(chat("Which city is in Peru?", max_tokens=20, schema=schema)))
    assert json.loads(text(forced)) == {"city": "Lima"}

    gap = Fill(LARGE.name, "def add(a, b):\n    return ", "\n\nprint(add(1, 2))\n", max_tokens=12)
    filled = await collect(backend.fill(gap))
    assert text(filled).strip() == "a + b"
    assert filled[-1].done == "stop"

    (loaded, *_) = await backend.models()
    assert (loaded.loaded, loaded.context) == (True, 2048)


async def test_a_prompt_that_is_too_long(backend: EmbeddedBackend):
    with pytest.raises(TooLong, match=r"context of the embedded model is 2048"):
        await collect(backend.chat(chat("word " * 3000)))


async def test_closing_the_stream_frees_the_model(backend: EmbeddedBackend):
    """The one slot would otherwise be taken by an answer, and then a prompt, that take minutes."""
    async with aclosing(backend.chat(chat("Write a very long story.", max_tokens=1900))) as story:
        async for piece in story:
            if piece.text:
                break
    assert await collect(backend.chat(chat("Hello.", max_tokens=1)))
    running = await backend._running(LARGE.name)
    slots = json.loads(
        await running.http.read("GET", "/slots", explain=lambda *_: AssertionError(), within=30)
    )
    assert [slot["is_processing"] for slot in slots] == [False]


async def test_an_engine_that_is_killed_is_started_anew(backend: EmbeddedBackend):
    async with aclosing(backend.chat(chat("Write a long story.", max_tokens=500))) as story:
        await anext(story)
        running = await backend._running(LARGE.name)
        os.kill(running.engine.identity, signal.SIGKILL)
        with pytest.raises(Interrupted, match=r"killed.* starts it anew"):
            await collect(story)
    assert await collect(backend.chat(chat("Hello.", max_tokens=1)))


async def test_a_context_that_does_not_fit_into_memory(embedded_weights: Path):
    backend = EmbeddedBackend(
        BackendSettings(url="", context_length=20_000_000), folder=embedded_weights.parent
    )
    try:
        with pytest.raises(OutOfMemory, match=r"smaller `gloss\.models\.contextLength`"):
            await backend.load(LARGE.name)
    finally:
        await backend.aclose()


SERVER = """
import asyncio, sys
from pathlib import Path
from gloss_lsp.backends.base import BackendSettings
from gloss_lsp.backends.embedded.client import EmbeddedBackend
from gloss_lsp.backends.embedded.weights import LARGE

async def main():
    backend = EmbeddedBackend(BackendSettings(url="", context_length=2048), folder=Path(sys.argv[1]))
    await backend.load(LARGE.name)
    print((await backend._running(LARGE.name)).engine.url, flush=True)
    await asyncio.Event().wait()

asyncio.run(main())
"""


def test_the_engine_ends_with_a_server_that_is_killed(embedded_weights: Path):
    command = [sys.executable, "-c", SERVER, str(embedded_weights.parent)]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as server:
        port = int(server.stdout.readline().rpartition(b":")[2])
        with socket.create_connection(("127.0.0.1", port), timeout=60) as connection:
            server.send_signal(signal.SIGKILL)
            # The other end closes when its process is gone, or is reset if it was not taken up yet.
            with suppress(ConnectionResetError):
                assert connection.recv(1) == b""


ASSEMBLE = """
import sys
from pathlib import Path
from gloss_lsp.backends.embedded.weights import LARGE, assemble
seen = []
path = assemble(LARGE, Path(sys.argv[1]), lambda done, total: seen.append(done))
print(path.stat().st_ino, max(seen))
"""


def test_two_processes_put_the_model_together_once(tmp_path: Path):
    command = [sys.executable, "-c", ASSEMBLE, str(tmp_path)]
    both = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(2)]
    answers = [process.communicate()[0].split() for process in both]
    assert [process.returncode for process in both] == [0, 0]
    assert answers[0][0] == answers[1][0]
    assert max(int(done) for _, done in answers) == LARGE.size
    assert sorted(path.suffix for path in tmp_path.iterdir()) == [".gguf", ".json", ".lock"]
    (tmp_path / LARGE.file).unlink()
