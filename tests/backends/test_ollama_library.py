"""Ollama's library of models: pulled, shown, deleted; and whether it is there at all."""

import asyncio
from contextlib import aclosing

import pytest

from gloss_lsp.backends.base import BackendSettings, Fill, PullProgress
from gloss_lsp.backends.ollama import Ollama
from gloss_lsp.errors import Interrupted, ModelMissing, Unreachable

CODER = "qwen2.5-coder:1.5b"


async def test_a_model_is_shown_and_deleted(ollama, fake):
    assert (await ollama.show(CODER))["model_info"]["general.architecture"] == "qwen2"
    await ollama.delete(CODER)
    assert [model.name for model in await ollama.models()] == ["nomic-embed-text:latest"]
    for ask in (ollama.show, ollama.delete, ollama.unload):
        with pytest.raises(ModelMissing) as caught:
            await ask(CODER)
        assert caught.value.model == CODER


async def pulled(ollama, name="tiny:1b"):
    async with aclosing(ollama.pull(name)) as stream:
        return [step async for step in stream]


async def test_a_pull_tells_how_far_it_is(ollama, fake):
    progress = await pulled(ollama)
    assert progress[0] == PullProgress("pulling manifest", layer="pulling manifest")
    assert progress[3].completed == 2000
    assert progress[3].total == 4000
    assert progress[-1] == PullProgress("success", layer="success")
    assert "tiny:1b" in [model.name for model in await ollama.models()]
    assert fake.requests("pull")[0]["body"] == {"model": "tiny:1b", "stream": True}


PULL_FAILURES = [
    ([{"status": "pulling manifest"}, {"error": "pull model manifest: file does not exist"}], ModelMissing),
    ([{"status": "pulling manifest"}, {"error": "dial tcp: lookup registry: no such host"}], Interrupted),
    ([{"status": "pulling manifest"}, {"status": "writing manifest"}], Interrupted),
    ([], Interrupted),
]


@pytest.mark.parametrize(("lines", "kind"), PULL_FAILURES)
async def test_nothing_but_success_is_success(ollama, fake, lines, kind):
    fake.script(rules=[{"kind": "pull", "lines": lines}])
    with pytest.raises(kind):
        await pulled(ollama)


async def test_progress_that_goes_back_is_passed_on_as_it_is(ollama, fake):
    steps = [{"status": "pulling x", "completed": done, "total": 9} for done in (5, 3, 9)]
    fake.script(rules=[{"kind": "pull", "lines": [*steps, {"status": "success"}]}])
    assert [step.completed for step in await pulled(ollama)] == [5, 3, 9, 0]


async def test_stopping_a_pull_closes_the_socket(ollama, fake):
    fake.script(rules=[{"kind": "pull", "gap": 30}])
    async with aclosing(ollama.pull("tiny:1b")) as stream:
        async for _ in stream:
            break
    assert (await asyncio.to_thread(fake.wait_closed, kind="pull"))["closed_while_active"]
    assert "tiny:1b" not in [model.name for model in await ollama.models()]


async def test_checking_a_large_file_may_take_longer_than_an_answer_may_pause(fake):
    ollama = Ollama(BackendSettings(fake.url, stall_timeout=0.1))
    fake.script(
        rules=[{"kind": "pull", "lines": [{"status": "verifying"}, {"status": "success"}], "gap": 0.4}]
    )
    assert len(await pulled(ollama)) == 2
    await ollama.aclose()


async def test_a_model_that_was_pulled_anew_is_asked_about_anew(ollama, fake):
    await ollama.models()
    await pulled(ollama, CODER)
    async with aclosing(ollama.fill(Fill(CODER, "a", "b"))) as stream:
        assert [piece async for piece in stream]
    assert [request["body"]["model"] for request in fake.requests("show")].count(CODER) == 2


async def test_health(ollama, fake, unused_tcp_port):
    health = await ollama.health()
    assert (health.name, health.reachable, health.version, health.problem) == (
        f"Ollama 0.34.0 at {fake.url}",
        True,
        "0.34.0",
        "",
    )
    nowhere = Ollama(BackendSettings(f"http://127.0.0.1:{unused_tcp_port}"))
    health = await nowhere.health()
    assert not health.reachable
    assert "ollama serve" in health.problem
    with pytest.raises(Unreachable):
        await nowhere.models()
    await nowhere.aclose()


@pytest.mark.parametrize("raw", ["<html>", "{}", '{"version": 5}', "[]", ""])
async def test_what_is_not_ollama_is_said_to_be_so(ollama, fake, raw):
    fake.script(rules=[{"raw": raw}])
    health = await ollama.health()
    assert not health.reachable
    assert "is not Ollama" in health.problem
    with pytest.raises(Interrupted, match="is not Ollama"):
        await ollama.models()


async def test_prompts_stay_on_this_machine_where_the_address_does():
    assert Ollama(BackendSettings("http://127.0.0.1:11434")).local
    assert not Ollama(BackendSettings("http://10.0.0.7:11434")).local
