"""What a server offers, and what it is."""

from __future__ import annotations

import pytest
from openai_asked import CARDS, CODER, TALKER, collect, hello

from gloss_lsp.backends.base import BackendSettings, Fill, Model
from gloss_lsp.backends.openai import OpenAICompatible
from gloss_lsp.errors import ModelMissing, Unreachable

MODELS = {
    "vLLM": (CARDS[0], Model(CODER, fill="raw", loaded=True, context=16384)),
    "llama.cpp": (
        {
            "id": "/srv/qwen2.5-coder-1.5b.gguf",
            "owned_by": "llamacpp",
            "meta": {"n_ctx": 4096, "n_ctx_train": 32768, "n_params": 1_777_088_000, "size": 10**9},
        },
        Model(
            "/srv/qwen2.5-coder-1.5b.gguf",
            size=10**9,
            parameters="1.8B",
            fill="raw",
            loaded=True,
            context=4096,
            trained_context=32768,
        ),
    ),
    "one that embeds": (
        {"id": "text-embedding-nomic-embed-text-v1.5"},
        Model("text-embedding-nomic-embed-text-v1.5", chat=False, embedding=True, loaded=True),
    ),
    "one that thinks": (
        {"id": "qwen/qwen3-8b"},
        Model("qwen/qwen3-8b", fill="suffix", thinking=True, loaded=True),
    ),
    "one of Ollama's cloud": (
        {"id": "glm-5:cloud", "owned_by": "library"},
        Model("glm-5:cloud", fill="suffix", thinking=True, loaded=True, remote_host="Ollama's cloud"),
    ),
    "odd values": (
        {"id": "x", "owned_by": 5, "max_model_len": "long", "meta": None, "root": [], "new": {}},
        Model("x", fill="suffix", loaded=True),
    ),
}


@pytest.mark.parametrize(("card", "model"), MODELS.values(), ids=MODELS)
async def test_what_a_model_is(backend, fake, card, model):
    fake.script(models=[card, {"object": "model"}, None])
    assert await backend.models() == [model]


@pytest.mark.parametrize(
    "tags", [{"models": [{"name": "mine:latest", "remote_host": "https://x"}, {}]}, None, {}]
)
async def test_what_runs_elsewhere_is_marked_whatever_it_is_called(backend, fake, tags):
    names = ["mine:latest", "other:1b", "glm:cloud"]
    fake.script(models=[{"id": name, "owned_by": "library"} for name in names], tags=tags)
    where = ["https://x" if tags else "", "", "Ollama's cloud"]
    assert [model.remote_host for model in await backend.models()] == where


async def test_the_users_context_makes_a_known_one_smaller_alone(connect):
    assert [model.context for model in await connect(context_length=10_000).models()] == [10_000, 8192]


async def test_loading_looks_whether_the_model_is_there(backend, fake):
    assert (await backend.load(CODER)).context == 16384
    with pytest.raises(ModelMissing, match="has no model `x`"):
        await backend.load("x")
    assert {request["path"] for request in fake.requests()} == {"/v1/models"}


async def test_a_model_that_has_gone_is_named(backend, fake):
    fake.script(models=CARDS[:1])
    with pytest.raises(ModelMissing, match=TALKER):
        await collect(backend.chat(hello(TALKER)))


@pytest.mark.parametrize(
    ("owner", "name"),
    [("vllm", "vLLM at "), ("llamacpp", "llama.cpp at "), ("me", "An OpenAI-compatible server at ")],
)
async def test_the_server_is_named(backend, fake, owner, name):
    fake.script(models=[{"id": "x", "owned_by": owner}])
    health = await backend.health()
    assert (health.reachable, health.name) == (True, name + fake.url)


async def test_without_an_address_it_is_said_what_to_set():
    backend = OpenAICompatible(BackendSettings(""))
    health = await backend.health()
    assert not health.reachable
    assert "Set `gloss.backend.url`" in health.problem
    for stream in (backend.chat(hello()), backend.fill(Fill(CODER, "a", "b"))):
        with pytest.raises(Unreachable, match="No server is set"):
            await collect(stream)
