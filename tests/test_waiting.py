"""No wait is silent, and nothing ticks on when it is over."""

from __future__ import annotations

import asyncio

import pytest

from gloss_lsp import waiting
from gloss_lsp.waiting import told_until_first, within


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


async def test_what_is_waited_for_instead_is_told_and_not_passed_on(monkeypatch):
    monkeypatch.setattr(waiting, "TICK", 0.001)
    told, read_again = [], asyncio.Event()

    def tell(text):
        told.append(text)
        if told[-1] == "reading" and "busy" in told:
            read_again.set()

    async def stream():
        yield "wait: busy"
        await read_again.wait()
        yield "first"

    pieces = told_until_first(stream(), tell, "reading", lambda piece: piece.partition("wait: ")[2])
    assert [piece async for piece in pieces] == ["first"]
    assert told.count("busy") == 1


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


@pytest.mark.parametrize("ends", ["with a value", "with an error"])
async def test_who_is_cancelled_stops_waiting_also_where_the_work_ends_in_that_moment(ends):
    work = asyncio.get_running_loop().create_future()
    waits = asyncio.create_task(within(work, 600.0))
    await asyncio.sleep(0)
    work.set_result(1) if ends == "with a value" else work.set_exception(OSError())
    waits.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waits


async def test_what_takes_too_long_is_cancelled_before_that_is_said():
    work = asyncio.create_task(asyncio.sleep(600.0))
    with pytest.raises(asyncio.TimeoutError):
        await within(work, 0.001)
    assert work.cancelled()


async def test_what_ends_in_time_ends_as_it_would_alone():
    assert await within(asyncio.sleep(0, "slept"), 600.0) == "slept"
    with pytest.raises(StopAsyncIteration):
        await within(anext(_nothing()), 600.0)


async def _nothing():
    return
    yield
