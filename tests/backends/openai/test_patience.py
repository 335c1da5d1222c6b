"""A server that is busy is asked again: as it wants, told, bounded, and stopped at once."""

from __future__ import annotations

import asyncio
import time
from contextlib import aclosing
from email.utils import formatdate

import pytest

from gloss_lsp.backends import patience
from gloss_lsp.backends.base import Chat, Fill, Message, Piece
from gloss_lsp.backends.patience import patiently, seconds_until
from gloss_lsp.errors import Busy

CODER = "Qwen/Qwen2.5-Coder-7B"
HELLO = Chat(CODER, (Message("user", "Hi"),))


@pytest.mark.parametrize(
    ("header", "seconds"),
    [("7", 7), (" 0 ", 0), ("", None), ("soon", None), ("-1", None), ("1.5", None), ("9" * 400, 999_999_999)],
)
def test_seconds(header, seconds):
    assert seconds_until(header) == seconds


def test_a_date():
    assert 55 < seconds_until(formatdate(time.time() + 60, usegmt=True)) <= 60
    assert seconds_until("Sun, 06 Nov 1994 08:49:37 GMT") == 0


class Server:
    """Is busy so many times, and then answers."""

    def __init__(self, *waits: float | None) -> None:
        self.waits, self.asked, self.open = list(waits), 0, 0

    async def answer(self):
        self.asked += 1
        self.open += 1
        try:
            if self.waits:
                raise Busy("It is busy.", self.waits.pop(0))
            yield Piece("yes")
        finally:
            self.open -= 1


@pytest.fixture
def slept(monkeypatch):
    """Time flies: what was slept, in seconds."""
    slept: list[float] = []

    async def sleep(seconds):
        slept.append(seconds)

    monkeypatch.setattr(patience.asyncio, "sleep", sleep)
    return slept


async def collect(stream):
    async with aclosing(stream):
        return [piece async for piece in stream]


@pytest.mark.parametrize(
    ("waits", "seconds"), [([3], 3), ([0], 0.5), ([None, None, None], 1 + 2 + 4), ([None, 5], 1 + 5)]
)
async def test_it_waits_as_long_as_the_server_says(slept, waits, seconds):
    server = Server(*waits)
    pieces = await collect(patiently(server.answer))
    assert pieces[-1] == Piece("yes")
    assert sum(slept) == seconds
    assert server.asked == len(waits) + 1
    told = [piece.waiting for piece in pieces[:-1]]
    assert all("the server is busy, trying again in" in words for words in told)
    assert len(told) == len(slept)


async def test_the_seconds_are_counted_down(slept):
    pieces = await collect(patiently(Server(2).answer))
    assert [piece.waiting.rpartition("in ")[2] for piece in pieces[:-1]] == ["2 s", "1 s"]


@pytest.mark.parametrize("waits", [[121], [100, 30], [None] * 50])
async def test_it_does_not_wait_for_ever(slept, waits):
    server = Server(*waits)
    with pytest.raises(Busy) as caught:
        await collect(patiently(server.answer))
    assert sum(slept) <= patience.LONGEST
    assert ("asked again in" in str(caught.value)) == (waits[0] is not None)


async def test_what_has_begun_is_not_begun_again():
    async def answer():
        yield Piece("yes")
        raise Busy("no", 0)

    with pytest.raises(Busy):
        await collect(patiently(answer))


async def test_stopping_ends_the_wait_at_once():
    server = Server(100)
    stream = patiently(server.answer)
    assert (await anext(stream)).waiting
    task = asyncio.create_task(anext(stream))
    await asyncio.sleep(0)
    task.cancel()
    # The limit of the test is shorter than the wait.
    with pytest.raises(asyncio.CancelledError):
        await task
    assert (server.asked, server.open) == (1, 0)


@pytest.mark.parametrize("status", [429, 503])
@pytest.mark.parametrize("when", ["0", "Sun, 06 Nov 1994 08:49:37 GMT"])
async def test_a_chat_waits(backend, team, status, when):
    busy = {
        "kind": "chat",
        "status": status,
        "error": "slow down",
        "headers": [f"Retry-After: {when}"],
        "times": 1,
    }
    team.script(rules=[busy])
    pieces = await collect(backend.chat(HELLO))
    assert "".join(piece.text for piece in pieces) == "This is the reply."
    assert pieces[0].waiting
    assert len(team.requests("chat")) == 2


async def test_the_list_of_models_waits_as_well(backend, team):
    team.script(rules=[{"kind": "models", "status": 503, "error": "Loading model", "times": 1}])
    assert CODER in [model.name for model in await backend.models()]
    assert len(team.requests("models")) == 2
    team.script(rules=[{"kind": "models", "status": 503, "error": "no", "headers": ["Retry-After: 31"]}])
    with pytest.raises(Busy, match="asked again in 31 seconds"):
        await backend.models()


async def test_what_the_server_wants_too_late_is_said(backend, team):
    team.script(rules=[{"status": 429, "error": "slow down", "headers": ["Retry-After: 3600"]}])
    with pytest.raises(Busy, match=r"\(slow down\).* asked again in 3600 seconds"):
        await collect(backend.chat(HELLO))


async def test_a_completion_never_waits(backend, team):
    team.script(rules=[{"kind": "completions", "status": 429, "error": "no", "headers": ["Retry-After: 0"]}])
    with pytest.raises(Busy):
        await collect(backend.fill(Fill(CODER, "a", "b")))
    assert len(team.requests("completions")) == 1
