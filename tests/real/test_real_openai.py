"""The backend for OpenAI-compatible servers on two real ones: llama.cpp's, with a key, and Ollama's `/v1`."""

from __future__ import annotations

import json
from contextlib import aclosing
from typing import TYPE_CHECKING

import llama_server
import pytest
from attrs import frozen
from ollama_rig import CODER, MINE

from gloss_lsp.backends.base import BackendSettings, Chat, Fill, Message, Piece
from gloss_lsp.backends.openai import OpenAICompatible
from gloss_lsp.errors import CannotFill, ModelMissing, TooLong, Unauthorized

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, AsyncIterator, Iterator
    from pathlib import Path

    from llama_server import LlamaServer
    from ollama_rig import Ollama

LLAMA = pytest.param("llama.cpp", marks=[pytest.mark.needs("embedded"), pytest.mark.timeout(600)])
OLLAMA = pytest.param("Ollama", marks=[pytest.mark.needs("ollama"), pytest.mark.timeout(2400)])

SCHEMA = {
    "type": "object",
    "properties": {"city": {"type": "string", "enum": ["Lima", "Oslo"]}},
    "required": ["city"],
    "additionalProperties": False,
}


@frozen
class Server:
    """A server, how to reach it, and a model of it that fills in the middle."""

    name: str
    settings: BackendSettings
    model: str


@pytest.fixture(scope="module")
def llama(embedded_weights: Path) -> Iterator[LlamaServer]:
    with llama_server.running(embedded_weights) as running:
        yield running


@pytest.fixture(scope="module", params=[LLAMA, OLLAMA])
def server(request: pytest.FixtureRequest) -> Server:
    if request.param == "Ollama":
        ollama: Ollama = request.getfixturevalue("real_ollama")
        return Server("Ollama", BackendSettings(ollama.url), CODER)
    running: LlamaServer = request.getfixturevalue("llama")
    weights: Path = request.getfixturevalue("embedded_weights")
    headers = {"Authorization": f"Bearer {llama_server.KEY}"}
    return Server("llama.cpp", BackendSettings(running.url, headers=headers), str(weights))


@pytest.fixture
async def backend(server: Server) -> AsyncIterator[OpenAICompatible]:
    backend = OpenAICompatible(server.settings)
    yield backend
    await backend.aclose()


def chat(model: str, text: str, **more: object) -> Chat:
    return Chat(model, (Message("system", "You answer briefly."), Message("user", text)), **more)


async def collect(stream: AsyncGenerator[Piece, None]) -> list[Piece]:
    async with aclosing(stream):
        return [piece async for piece in stream]


def text(pieces: list[Piece]) -> str:
    return "".join(piece.text for piece in pieces)


async def test_what_is_there(backend: OpenAICompatible, server: Server) -> None:
    health = await backend.health()
    assert (health.reachable, health.name) == (True, f"{server.name} at {server.settings.url}")
    assert server.model in [model.name for model in await backend.models()]
    loaded = await backend.load(server.model)
    assert loaded.fill == ("raw" if server.name == "llama.cpp" else "suffix")
    assert loaded.context == (2048 if server.name == "llama.cpp" else 0), "Ollama does not say it there"
    assert not loaded.remote_host


async def test_chat_and_what_it_costs(backend: OpenAICompatible, server: Server) -> None:
    pieces = await collect(backend.chat(chat(server.model, "What is the capital of France?", max_tokens=8)))
    assert "Paris" in text(pieces)
    usage = pieces[-1].usage
    assert usage
    assert usage.prompt_tokens > 10
    assert 0 < usage.tokens <= 8
    cut = await collect(backend.chat(chat(server.model, "Count from one to twenty in words.", max_tokens=3)))
    assert cut[-1].done == "length"


async def test_a_schema_is_followed(backend: OpenAICompatible, server: Server) -> None:
    request = chat(server.model, "Which city is in Peru?", max_tokens=20, schema=SCHEMA)
    assert json.loads(text(await collect(backend.chat(request)))) == {"city": "Lima"}


async def test_a_gap_is_filled(backend: OpenAICompatible, server: Server) -> None:
    gap = Fill(server.model, "def add(a, b):\n    return ", "\n\nprint(add(1, 2))\n", max_tokens=12)
    assert text(await collect(backend.fill(gap))).strip() == "a + b"


async def test_stopping_frees_the_model(backend: OpenAICompatible, server: Server) -> None:
    """The next answer would otherwise come after one that takes minutes."""
    async with aclosing(backend.chat(chat(server.model, "Write a long story.", max_tokens=1500))) as story:
        async for piece in story:
            if piece.text:
                break
    assert await collect(backend.chat(chat(server.model, "Hello.", max_tokens=1)))


async def test_what_is_too_long_and_what_is_missing(backend: OpenAICompatible, server: Server) -> None:
    if server.name == "llama.cpp":  # Ollama cuts the prompt there, and its server has no other model.
        with pytest.raises(TooLong, match="2048 tokens"):
            await collect(backend.chat(chat(server.model, "word " * 3000)))
    with pytest.raises(ModelMissing, match="no-such-model"):
        await backend.load("no-such-model")


@pytest.mark.needs("embedded")
async def test_a_wrong_key(llama: LlamaServer) -> None:
    backend = OpenAICompatible(BackendSettings(llama.url, headers={"Authorization": "Bearer another-key"}))
    with pytest.raises(Unauthorized, match=r"GLOSS_API_KEY"):
        await collect(backend.chat(chat("x", "Hi")))
    await backend.aclose()


@pytest.mark.needs("ollama")
@pytest.mark.timeout(2400)
async def test_ollama_says_what_it_does_not_have_and_cannot_do(real_ollama: Ollama) -> None:
    backend = OpenAICompatible(BackendSettings(real_ollama.url))
    with pytest.raises(ModelMissing, match="no-such-model"):
        await collect(backend.chat(chat("no-such-model", "Hi")))
    with pytest.raises(CannotFill):
        await collect(backend.fill(Fill(MINE, "a", "b")))
    assert {model.name: model.fill for model in await backend.models()} == {CODER: "suffix", MINE: "none"}
    await backend.aclose()
