"""How the engine is started, shared, started anew and ended."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import socket
import subprocess
import sys
from contextlib import aclosing, suppress
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from embedded_toy import TOY, WHOLE, chat, collect, settings, starts

from gloss_lsp.backends.embedded.client import EmbeddedBackend
from gloss_lsp.errors import BackendError, Interrupted, OutOfMemory

if TYPE_CHECKING:
    from gloss_lsp.backends.base import Piece


async def test_how_the_engine_is_started(backend: EmbeddedBackend, models: Path):
    await collect(backend.chat(chat("hello")))
    seen = json.loads((models / "parameters").read_text())
    assert seen["model"] == str(models / TOY.file)
    assert (models / TOY.file).read_bytes() == WHOLE
    assert (seen["hostnames"], seen["port"], seen["ui"]) == (["127.0.0.1"], 0, False)
    assert (seen["fit_params"], seen["no_extra_bufts"], seen["n_parallel"]) == (False, True, 1)
    assert (seen["n_batch"], seen["n_ubatch"], seen["sleep_idle_seconds"]) == (64, 64, 1800)
    assert (seen["n_ctx"] in {4096, 8192}, seen["sse_ping_interval"]) == (True, -1)
    assert 0 < seen["threads"] <= os.cpu_count()
    (key,) = seen["api_keys"]
    assert len(key) >= 32
    assert key not in json.dumps([seen["argv"], seen["environment"]])


async def test_settings_reach_the_engine(models: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("GLOSS_FAKE_DEVICE", "1")
    backend = EmbeddedBackend(settings(context_length=2048, keep_alive="5m"), folder=models, weights=(TOY,))
    try:
        model = await backend.load(TOY.name)
    finally:
        await backend.aclose()
    seen = json.loads((models / "parameters").read_text())
    assert (seen["n_ctx"], seen["sleep_idle_seconds"], seen["n_batch"]) == (2048, 300, 512)
    assert (model.loaded, model.context) == (True, 2048)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SC_PHYS_PAGES to compare with")
async def test_the_cache_of_prompts_takes_a_tenth_of_memory(backend: EmbeddedBackend, models: Path):
    await backend.load(TOY.name)
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    assert json.loads((models / "parameters").read_text())["cache_ram_mib"] == memory // 10 // 1024**2


async def test_modules_of_the_current_folder_are_not_run(
    backend: EmbeddedBackend, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """The language server runs in the user's repository, which may hold anything."""
    repository = tmp_path / "repository"
    repository.mkdir()
    for name in ("gloss_lsp", "json", "attrs", "xllamacpp"):
        (repository / f"{name}.py").write_text("raise SystemExit('code of the repository was run')\n")
    monkeypatch.chdir(repository)
    assert "hello" in await collect(backend.chat(chat("hello")))


async def test_what_is_printed_by_the_engine_goes_nowhere(
    backend: EmbeddedBackend, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
):
    monkeypatch.setenv("GLOSS_FAKE_LOAD", "noise")
    assert "hello" in await collect(backend.chat(chat("hello")))
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize(
    ("load", "kind", "sentence"),
    [
        ("memory", OutOfMemory, "not enough free memory .* smaller `gloss.models.contextLength`"),
        ("broken", BackendError, r"does not run \(Failed to init server: gguf: invalid magic\)"),
        ("crash", BackendError, r"does not run \(ended with code"),
    ],
)
async def test_loading_that_fails(
    backend: EmbeddedBackend, monkeypatch: pytest.MonkeyPatch, load: str, kind: type, sentence: str
):
    with monkeypatch.context() as patch:
        patch.setenv("GLOSS_FAKE_LOAD", load)
        with pytest.raises(kind, match=sentence) as caught:
            await backend.load(TOY.name)
        assert type(caught.value) is kind
        assert [model.loaded for model in await backend.models()] == [False]
    assert (await backend.load(TOY.name)).loaded


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        ("crash", "ended with code .* The next request starts it anew"),
        pytest.param(
            "kill",
            "killed, most likely for want of memory: .* starts it anew",
            marks=pytest.mark.skipif(sys.platform == "win32", reason="a POSIX signal"),
        ),
    ],
)
async def test_an_engine_that_crashes_is_started_anew(
    backend: EmbeddedBackend, models: Path, asked: str, sentence: str
):
    pieces: list[Piece] = []
    with pytest.raises(Interrupted, match=sentence):
        await collect(backend.chat(chat(asked)), pieces)
    assert [piece.text for piece in pieces if piece.text] == ["word"]
    assert "hello" in await collect(backend.chat(chat("hello")))
    assert len(set(starts(models))) == 2


async def test_those_who_ask_at_once_share_one_engine(backend: EmbeddedBackend, models: Path):
    answers = await asyncio.gather(*(collect(backend.chat(chat(f"hello {n}"))) for n in range(3)))
    assert [f"hello {n}" in answer for n, answer in enumerate(answers)] == [True] * 3
    assert len(starts(models)) == 1


async def test_who_gives_up_waiting_does_not_stop_the_start(backend: EmbeddedBackend, models: Path):
    first, second = (asyncio.create_task(backend.load(TOY.name)) for _ in range(2))
    # Both have taken their first step, and wait.
    await asyncio.sleep(0)
    first.cancel()
    assert (await second).loaded
    assert first.cancelled()
    assert len(starts(models)) == 1


async def test_closing_ends_the_engine(backend: EmbeddedBackend, models: Path):
    await backend.load(TOY.name)
    (engine,) = starts(models)
    await backend.aclose()
    with pytest.raises(ProcessLookupError):
        os.kill(engine, 0)
    with pytest.raises(Interrupted, match="was ended with Gloss"):
        await backend.load(TOY.name)


async def test_closing_ends_an_answer_and_a_start(models: Path, monkeypatch: pytest.MonkeyPatch):
    answering = EmbeddedBackend(settings(), folder=models, weights=(TOY,))
    async with aclosing(answering.chat(chat("hang"))) as stream:
        await anext(stream)
        rest = asyncio.create_task(collect(stream))
        await asyncio.sleep(0)
        await answering.aclose()
        with pytest.raises(Interrupted, match="was ended with Gloss"):
            await rest
    monkeypatch.setenv("GLOSS_FAKE_LOAD", "forever")
    starting = EmbeddedBackend(settings(), folder=models, weights=(TOY,))
    load = asyncio.create_task(starting.load(TOY.name))
    await asyncio.sleep(0)
    await starting.aclose()
    with pytest.raises(Interrupted, match="was ended with Gloss"):
        await load


SERVER = """
import asyncio, sys
from pathlib import Path
sys.path.insert(0, {tests!r})
from embedded_toy import TOY, settings
from gloss_lsp.backends.embedded.client import EmbeddedBackend

async def main():
    backend = EmbeddedBackend(settings(), folder=Path({models!r}), weights=(TOY,))
    await backend.load(TOY.name)
    print(backend._starts[TOY.name].result().engine.url, flush=True)
    await asyncio.Event().wait()

asyncio.run(main())
"""


@pytest.mark.skipif(
    sys.platform == "win32", reason="Windows has no SIGKILL; there the pipe ends in the same way"
)
def test_the_engine_ends_with_a_server_that_is_killed(models: Path):
    code = SERVER.format(tests=str(Path(__file__).parent), models=str(models))
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE) as server:
        port = int(server.stdout.readline().rpartition(b":")[2])
        with socket.create_connection(("127.0.0.1", port), timeout=30) as connection:
            server.send_signal(signal.SIGKILL)
            # The other end closes when its process is gone, or is reset if it was not taken up yet.
            with suppress(ConnectionResetError):
                assert connection.recv(1) == b""
