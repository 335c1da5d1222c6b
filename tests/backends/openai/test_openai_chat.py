"""What is asked of an OpenAI-compatible server, and what comes of its answers."""

from __future__ import annotations

import asyncio
from contextlib import aclosing

import pytest
from openai_asked import CODER, collect, hello, text_of

from gloss_lsp.backends.base import Piece, Usage
from gloss_lsp.errors import Interrupted, Stalled, TooLong, Unauthorized, Unreachable


async def test_a_chat_is_asked_and_answered(backend, fake):
    fake.script(rules=[{"kind": "chat", "pieces": ["Hel", "lo"]}])
    pieces = await collect(backend.chat(hello(max_tokens=50, stop=("END",))))
    assert pieces == [Piece("Hel"), Piece("lo"), Piece(done="stop", usage=Usage(prompt_tokens=20, tokens=2))]
    [request] = fake.requests()
    assert request["path"] == "/v1/chat/completions"
    assert request["body"] == {
        "model": CODER,
        "messages": [{"role": "system", "content": "Be short."}, {"role": "user", "content": "Hi"}],
        "temperature": 0.0,
        "stream": True,
        "stream_options": {"include_usage": True},
        "chat_template_kwargs": {"enable_thinking": False},
        "max_tokens": 50,
        "stop": ["END"],
    }


@pytest.mark.parametrize("chunk", [1, 7])
async def test_events_may_be_cut_anywhere(backend, fake, chunk):
    fake.script(rules=[{"pieces": ["é\u0085✓"], "chunk": chunk}])
    assert text_of(await collect(backend.chat(hello()))) == "é\u0085✓"


async def test_a_connection_serves_one_answer_after_another(backend, fake):
    for _ in range(3):
        await collect(backend.chat(hello()))
    assert not any("closed_at" in entry for entry in fake.requests())


async def test_the_end_is_not_waited_for_where_it_does_not_come(connect, fake):
    fake.script(rules=[{"pieces": ["x"], "end": "hang", "usage": False}])
    assert [piece.done for piece in await collect(connect(stall_timeout=30).chat(hello()))] == [None, "stop"]
    assert (await asyncio.to_thread(fake.wait_closed))["closed_while_active"]


async def test_stopping_closes_the_socket(backend, fake):
    fake.script(rules=[{"pieces": ["word "], "repeat": 10_000, "gap": 0.01}])
    async with aclosing(backend.chat(hello())) as pieces:
        async for _ in pieces:
            break
    assert (await asyncio.to_thread(fake.wait_closed))["closed_while_active"]


async def test_comments_while_the_prompt_is_read_do_not_begin_the_limit_between_pieces(connect):
    async def serve(reader, writer):
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n: ping\n\n")
        await writer.drain()
        await asyncio.sleep(0.6)
        writer.write(b'data: {"choices": [{"delta": {"content": "x"}, "finish_reason": "stop"}]}\n\n')
        writer.close()

    async with await asyncio.start_server(serve, "127.0.0.1", 0) as server:
        url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        assert text_of(await collect(connect(url=url, stall_timeout=0.2).chat(hello()))) == "x"


BROKEN = [
    ({"reason": None, "end": "eof"}, "Hello", Interrupted, "broke off before its end"),
    ({"reason": None, "end": "reset"}, "Hello", Interrupted, "broke off"),
    ({"reason": None, "end": "hang"}, "Hello", Stalled, "nothing for 1 seconds"),
    (
        {"reason": None, "events": [{"error": {"message": "it hurts", "code": 500}}]},
        "Hello",
        Interrupted,
        "it hurts",
    ),
    ({"closes_at_once": True}, "", Interrupted, "broke off"),
    ({"raw": "<html>Welcome</html>"}, "", Interrupted, "no OpenAI-compatible server"),
    ({"raw": "<html>Bad gateway</html>", "status": 502}, "", Interrupted, "does not reach it"),
    (
        {"raw": "", "status": 302, "headers": ["Location: http://x/"]},
        "",
        Unreachable,
        "redirects to http://x/",
    ),
    ({"status": 400, "error": "maximum context length is 16384 tokens"}, "", TooLong, "Ask about less"),
    ({"status": 403, "error": "not for you"}, "", Unauthorized, "does not let you in (not for you)"),
]


@pytest.mark.parametrize("broken", BROKEN)
async def test_what_came_is_passed_on_and_then_the_reason(connect, fake, broken):
    rule, text, kind, words = broken
    fake.script(rules=[{"kind": "chat", "pieces": ["Hel", "lo"], "usage": False, **rule}])
    pieces = []
    with pytest.raises(kind) as caught:
        await collect(connect(stall_timeout=1).chat(hello()), pieces)
    assert words in str(caught.value)
    assert text_of(pieces) == text


async def test_several_are_answered_at_once(backend, fake):
    fake.script(rules=[{"pieces": ["x"], "reason": None, "end": "hang"}], parallel=4)
    assert (backend.parallel, backend.local) == (4, True)
    tasks = [asyncio.create_task(collect(backend.chat(hello()))) for _ in range(4)]
    await asyncio.to_thread(fake.wait_for_piece, 4)
    for task in tasks:
        task.cancel()
    await asyncio.wait(tasks)
    await asyncio.to_thread(fake.wait_closed, 4)
