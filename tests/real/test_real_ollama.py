"""The Ollama backend with a real Ollama."""

from __future__ import annotations

import asyncio
import json
from contextlib import aclosing
from typing import TYPE_CHECKING

import pytest
from ollama_build import VERSION
from ollama_rig import CODER, MINE

from gloss_lsp.backends.base import BackendSettings, Chat, Fill, Message, Piece, PullProgress
from gloss_lsp.backends.ollama import requests
from gloss_lsp.backends.ollama.client import Ollama as Backend
from gloss_lsp.backends.ollama.describe import Facts
from gloss_lsp.errors import CannotFill, Interrupted, ModelMissing, TooLong, Unreachable

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, AsyncIterator

    from ollama_registry import Registry
    from ollama_rig import Ollama

# The first test may wait for a build, and for a model to be read from a cold disk.
pytestmark = [pytest.mark.needs("ollama"), pytest.mark.timeout(2400)]

GAP = Fill(CODER, "def add(a, b):\n    return ", "\n\nprint(add(1, 2))\n", max_tokens=12)


@pytest.fixture
def settings(real_ollama: Ollama) -> BackendSettings:
    return BackendSettings(url=real_ollama.url)


@pytest.fixture
async def backend(settings: BackendSettings) -> AsyncIterator[Backend]:
    backend = Backend(settings)
    yield backend
    await backend.aclose()


def chat(text: str, model: str = CODER, **more: object) -> Chat:
    return Chat(model, (Message("user", text),), **more)


async def collect(stream: AsyncGenerator[Piece, None]) -> list[Piece]:
    async with aclosing(stream):
        return [piece async for piece in stream]


def text(pieces: list[Piece]) -> str:
    return "".join(piece.text for piece in pieces)


async def test_what_it_is_and_has(backend: Backend, real_ollama: Ollama):
    health = await backend.health()
    assert (health.reachable, health.version) == (True, VERSION)
    assert health.name == f"Ollama {VERSION} at {real_ollama.url}"
    models = {model.name: model for model in await backend.models()}
    assert set(models) >= {CODER, MINE}
    for name in (CODER, MINE):
        model = models[name]
        assert (model.family, model.chat, model.thinking, model.remote_host) == ("qwen2", True, False, "")
        assert (model.fill, model.trained_context) == ("raw", 32768)
        assert model.size > 1_117_320_768
    shown = await backend.show(CODER)
    assert shown["capabilities"] == ["completion", "insert"]
    assert "insert" not in (await backend.show(MINE))["capabilities"]


async def test_chat_with_usage_stop_and_length(backend: Backend):
    pieces = await collect(backend.chat(chat("What is the capital of France? One word.", max_tokens=5)))
    assert "Paris" in text(pieces)
    usage = pieces[-1].usage
    assert usage
    assert 0 < usage.tokens <= 5
    assert usage.prompt_tokens > 5
    assert (await collect(backend.chat(chat("Write 1, 2, 3, 4, 5.", max_tokens=3))))[-1].done == "length"
    stopped = await collect(backend.chat(chat("Write 1, 2, 3, 4, 5.", max_tokens=30, stop=("3",))))
    assert "2" in text(stopped)
    assert "3" not in text(stopped)
    assert stopped[-1].done == "stop"


async def test_thinking_that_the_model_cannot(backend: Backend):
    """Ollama refuses to let it think; it is asked again without."""
    assert text(await collect(backend.chat(chat("Say hello.", max_tokens=3, think=True))))


async def test_an_answer_in_a_schema(backend: Backend):
    schema = {
        "type": "object",
        "properties": {"city": {"type": "string", "enum": ["Lima", "Oslo"]}},
        "required": ["city"],
    }
    forced = await collect(backend.chat(chat("Which city is in Peru?", max_tokens=20, schema=schema)))
    assert json.loads(text(forced)) == {"city": "Lima"}


@pytest.mark.parametrize("model", [CODER, MINE])
async def test_filling_raw(backend: Backend, model: str):
    """Also where the template says nothing of it: the weights are known by what their file calls them."""
    pieces = await collect(backend.fill(Fill(model, GAP.prefix, GAP.suffix, max_tokens=12)))
    assert text(pieces).strip() == "a + b"
    assert pieces[-1].done == "stop"


async def test_filling_by_the_template_of_the_server(backend: Backend, settings: BackendSettings):
    """As for a family that Gloss does not know, whose template fills in the middle."""
    body = requests.fill(GAP, settings, Facts(form=None, inserts=True, stops=()))
    assert body["suffix"] == GAP.suffix
    assert text(await collect(backend._pieces("/api/generate", body))).strip() == "a + b"
    with pytest.raises(CannotFill):
        await collect(backend._pieces("/api/generate", {**body, "model": MINE}))


async def test_load_what_is_loaded_and_unload(backend: Backend, real_ollama: Ollama):
    for name in real_ollama.loaded():
        await backend.unload(name)
    assert real_ollama.loaded() == {}
    model = await backend.load(CODER)
    assert (model.name, model.loaded, model.context) == (CODER, True, 4096)
    assert model.memory > 0
    assert list(real_ollama.loaded()) == [CODER]
    await backend.unload(CODER)
    assert real_ollama.loaded() == {}
    assert [one.loaded for one in await backend.models() if one.name == CODER] == [False]


async def test_every_request_of_a_model_is_answered_by_one_load(
    settings: BackendSettings, real_ollama: Ollama
):
    """A load-time option that differs would load the model anew."""
    backend = Backend(settings)
    await backend.load(CODER)
    before = real_ollama.log.count("llama-server started in")
    await collect(backend.chat(chat("Hello.", max_tokens=1)))
    await collect(backend.fill(GAP))
    await backend.load(CODER)
    await collect(backend.chat(chat("Hello.", max_tokens=1, stop=("x",), schema={"type": "object"})))
    assert real_ollama.log.count("llama-server started in") == before
    await backend.aclose()


async def test_closing_the_stream_while_it_writes_frees_the_runner(backend: Backend, real_ollama: Ollama):
    """The runner answers one request at a time, and says which of them it gave up."""
    cancelled = real_ollama.log.count("cancel task")
    async with aclosing(backend.chat(chat("Write a very long story.", max_tokens=3500))) as story:
        await anext(story)
    assert await collect(backend.chat(chat("Hello.", max_tokens=1)))
    assert real_ollama.log.count("cancel task") == cancelled + 1


async def test_cancelling_while_it_reads_frees_the_runner(backend: Backend, real_ollama: Ollama):
    """Before the first piece there is nothing to break off from but the wait itself."""
    await backend.load(CODER)
    begun, cancelled = (real_ollama.log.count(words) for words in ("launch_slot_", "cancel task"))
    answer = asyncio.create_task(collect(backend.chat(chat("one two three " * 800, max_tokens=1))))
    await asyncio.to_thread(real_ollama.wait_for, "launch_slot_", begun + 1)
    answer.cancel()
    with pytest.raises(asyncio.CancelledError):
        await answer
    assert await collect(backend.chat(chat("Hello.", max_tokens=1)))
    assert real_ollama.log.count("cancel task") == cancelled + 1


async def test_a_prompt_that_is_too_long(backend: Backend):
    """Ollama would leave out the middle of it without a word, and answer what is left."""
    for stream in (
        backend.chat(chat("word " * 6000, max_tokens=1)),
        backend.fill(Fill(CODER, "word " * 3000, "word " * 3000, max_tokens=1)),
    ):
        with pytest.raises(TooLong, match=r"gloss\.models\.contextLength"):
            await collect(stream)


async def test_a_model_that_is_not_installed(backend: Backend):
    with pytest.raises(ModelMissing, match="gloss models pull nope"):
        await collect(backend.chat(chat("Hello.", model="nope")))
    for ask in (backend.show, backend.delete, backend.load):
        with pytest.raises(ModelMissing):
            await ask("nope")


async def test_what_was_kept_of_a_prompt_is_told_from_what_was_read(backend: Backend):
    """Speeds would be nonsense otherwise: the time is that of what was read alone."""
    question = chat("Nobody has asked this before. " * 12, max_tokens=1)
    first, second = [(await collect(backend.chat(question)))[-1].usage for _ in range(2)]
    assert first.prompt_tokens == second.prompt_tokens
    assert 0 < second.read_tokens < first.read_tokens <= first.prompt_tokens


async def test_pull_stopped_gone_on_with_and_deleted(backend: Backend, registry: Registry):
    half = 4 * 1024 * 1024
    registry.hold(half)
    async with aclosing(backend.pull(registry.name)) as pull:
        async for progress in pull:
            if progress.completed == half:
                break
    assert progress.total == len(registry.blobs[registry.weights])
    assert registry.listed not in {model.name for model in await backend.models()}

    registry.release()
    seen: list[PullProgress] = []
    async with aclosing(backend.pull(registry.name)) as pull:
        seen.extend([progress async for progress in pull])
    assert seen[0].status == "pulling manifest"
    assert seen[-1].status == "success"
    assert registry.ranges == [(0, progress.total - 1), (half, progress.total - 1)]
    assert registry.listed in {model.name for model in await backend.models()}

    await backend.delete(registry.listed)
    assert registry.listed not in {model.name for model in await backend.models()}
    with pytest.raises(ModelMissing):
        await backend.delete(registry.listed)


async def test_a_pull_shows_progress(backend: Backend, registry: Registry):
    half, whole = 4 * 1024 * 1024, len(registry.blobs[registry.weights])
    registry.hold(half)
    seen: list[PullProgress] = []
    async with aclosing(backend.pull(registry.name)) as pull:
        async for progress in pull:
            seen.append(progress)
            if progress.completed == half:
                registry.release()
    assert PullProgress(f"pulling {registry.weights[7:19]}", half, whole, registry.weights) in seen
    assert all(0 <= progress.completed <= progress.total for progress in seen)
    ended = ["verifying sha256 digest", "writing manifest", "success"]
    assert [progress.status for progress in seen[-3:]] == ended
    await backend.delete(registry.listed)


async def test_a_pull_of_what_is_nowhere(backend: Backend, registry: Registry):
    with pytest.raises(ModelMissing, match="has no model"):
        async with aclosing(backend.pull(registry.name.replace("tiny", "nope"))) as pull:
            [progress async for progress in pull]


async def test_a_registry_that_cannot_be_reached(backend: Backend):
    with pytest.raises(Interrupted, match="could not fetch"):
        async with aclosing(backend.pull("http://127.0.0.1:1/library/tiny")) as pull:
            [progress async for progress in pull]


async def test_ollama_killed_in_the_middle_of_an_answer(real_ollama: Ollama, backend: Backend):
    async with aclosing(backend.chat(chat("Write a very long story.", max_tokens=500))) as stream:
        await anext(stream)
        real_ollama.kill()
        with pytest.raises(Interrupted):
            await collect(stream)
    assert not (await backend.health()).reachable
    with pytest.raises(Unreachable):
        await collect(backend.chat(chat("Hello.", max_tokens=1)))
    real_ollama.start()
    assert text(await collect(backend.chat(chat("Say hello.", max_tokens=3))))
