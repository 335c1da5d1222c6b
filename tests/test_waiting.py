"""No wait is silent, and nothing ticks on when it is over."""

from __future__ import annotations

import asyncio

import pytest

from gloss_lsp import waiting
from gloss_lsp.waiting import told_until_first


async def slowly(gate: asyncio.Event):
    await gate.wait()
    yield "first"
    yield "second"


async def test_the_wait_is_told_until_the_first_piece_and_not_after(monkeypatch):
    monkeypatch.setattr(waiting, "TICK", 0.001)
    gate, told = asyncio.Event(), []

    def tell(text):
        told.append(text)
        if len(told) == 3:
            gate.set()

    stream = told_until_first(slowly(gate), tell, "reading")
    pieces = [(piece, len(told)) async for piece in stream]
    assert pieces[0][0] == "first"
    assert pieces[1] == ("second", pieces[0][1]), "nothing is told once the first piece is there"
    assert told[0] == "reading"
    assert told[1].startswith("reading, ")


async def test_closing_ends_the_ticking_and_the_stream():
    closed = asyncio.Event()

    async def endless():
        try:
            while True:
                yield "word"
        finally:
            closed.set()

    stream = told_until_first(endless(), lambda _: None, "reading")
    assert await anext(stream) == "word"
    await stream.aclose()
    assert closed.is_set()
    assert asyncio.all_tasks() == {asyncio.current_task()} or await settled()


async def settled() -> bool:
    await asyncio.sleep(0)
    return asyncio.all_tasks() == {asyncio.current_task()}


async def test_an_error_passes_through():
    async def broken():
        raise OSError("gone")
        yield

    with pytest.raises(OSError, match="gone"):
        async for _ in told_until_first(broken(), lambda _: None, "reading"):
            pass
