"""Lines come as they were sent, stopping closes the socket, and failures are sentences."""

import asyncio
import json
import subprocess
import sys
from contextlib import aclosing

import pytest

from gloss_lsp.backends.base import BackendSettings
from gloss_lsp.backends.http import Http, is_loopback, settle
from gloss_lsp.errors import Interrupted, Stalled, Unreachable

CHAT = {"model": "qwen2.5-coder:1.5b", "messages": [{"role": "user", "content": "Hi"}]}


@pytest.fixture
async def http(fake):
    http = Http(BackendSettings(fake.url), server="Ollama", advice="Start it.")
    yield http
    await http.aclose()


def explain(status, body):
    return Interrupted(f"{status}: {body.decode()}")


def lines_of(http, body=CHAT, stall=None):
    return http.lines("POST", "/api/chat", body, explain=explain, stall=stall)


async def collect(http, stall=None):
    async with aclosing(lines_of(http, stall=stall)) as lines:
        return [line async for line in lines]


@pytest.mark.parametrize("chunk", [0, 1, 2, 7])
async def test_lines_end_at_line_feeds_alone_wherever_the_chunks_end(http, fake, chunk):
    text = "a\u0085b\u2028c\u000bd ✓ é"
    fake.script(rules=[{"pieces": [text, "x"], "chunk": chunk}])
    lines = await collect(http)
    assert len(lines) == 3
    assert json.loads(lines[0])["message"]["content"] == text
    assert "\u0085".encode() in lines[0]


async def test_a_last_line_without_its_end_and_empty_lines(http, fake):
    fake.script(rules=[{"raw": '\n\r\n{"a": 1}\r\n\n  \n{"b": 2}'}])
    assert await collect(http) == [b'{"a": 1}', b'{"b": 2}']


def test_nothing_is_imported_before_the_first_request():
    code = "import sys, gloss_lsp.backends.http as h; print(sorted({'httpx', 'anyio'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


async def test_stopping_while_words_come_closes_the_socket(http, fake):
    fake.script(rules=[{"pieces": ["word "], "repeat": 1000, "gap": 0.01}])
    async with aclosing(lines_of(http)) as lines:
        async for _ in lines:
            break
    entry = await asyncio.to_thread(fake.wait_closed)
    assert entry["closed_while_active"]
    assert entry["pieces"] < 1000


async def test_stopping_before_the_first_word_closes_the_socket(http, fake):
    fake.script(rules=[{"never": True}])
    task = asyncio.create_task(collect(http))
    await asyncio.to_thread(fake.wait_for_request)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert (await asyncio.to_thread(fake.wait_closed))["closed_while_active"]


async def test_stopping_again_and_again_leaves_a_usable_client(http, fake):
    fake.script(rules=[{"never": True, "times": 5}])
    for count in range(1, 6):
        task = asyncio.create_task(collect(http))
        await asyncio.to_thread(fake.wait_for_request, count)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
    assert len(await collect(http)) == 5
    await asyncio.to_thread(fake.wait_closed, 5)


async def test_an_answer_that_was_read_to_its_end_leaves_its_connection_for_the_next(http, fake):
    for _ in range(3):
        async with aclosing(lines_of(http)) as lines:
            async for line in lines:
                if b'"done": true' in line:
                    await settle(lines)
                    break
    assert not any("closed_at" in entry for entry in fake.requests())
    assert await http.read("GET", "/api/version", explain=explain, within=5) == b'{"version": "0.34.0"}'
    assert len(fake.requests()) == 4


async def test_an_answer_that_never_ends_is_left_after_its_last_line(http, fake):
    fake.script(rules=[{"pieces": ["x"], "end": "hang"}])
    async with aclosing(lines_of(http)) as lines:
        async for _ in lines:
            await settle(lines)
            break
    assert (await asyncio.to_thread(fake.wait_closed))["closed_while_active"]


async def test_the_first_line_may_take_longer_than_the_limit_between_lines(http, fake):
    fake.script(rules=[{"first_delay": 1.5}])
    assert len(await collect(http, stall=1)) == 5


async def test_a_pause_longer_than_the_limit_is_an_error(http, fake):
    fake.script(rules=[{"pieces": ["x"], "end": "hang"}])
    with pytest.raises(Stalled, match=r"nothing for 0\.1 seconds"):
        await collect(http, stall=0.1)
    await asyncio.to_thread(fake.wait_closed)


FAILURES = [
    ({"closes_at_once": True}, Interrupted, "broke off"),
    ({"end": "reset"}, Interrupted, "broke off"),
    ({"status": 500, "error": "boo"}, Interrupted, "500"),
    (
        {"status": 302, "raw": "", "headers": ["Location: http://elsewhere/"]},
        Unreachable,
        "http://elsewhere/",
    ),
]


@pytest.mark.parametrize(("rule", "error", "words"), FAILURES)
async def test_a_failure_is_an_error_of_our_own(http, fake, rule, error, words):
    fake.script(rules=[rule])
    with pytest.raises(error, match=words):
        await collect(http)
    assert len(fake.requests()) == 1


ADDRESSES = [
    ("http://127.0.0.1:{free}", "Ollama does not answer at http://127.0.0.1:{free}. Start it."),
    ("http://nowhere.invalid:1", "Ollama does not answer at http://nowhere.invalid:1. Start it."),
    ("ftp://127.0.0.1:1", "ftp://127.0.0.1:1 is not an address of HTTP. Start it."),
]


@pytest.mark.parametrize(("url", "sentence"), ADDRESSES)
async def test_what_cannot_be_reached_is_said(url, sentence, unused_tcp_port):
    settings = BackendSettings(url.format(free=unused_tcp_port))
    http = Http(settings, server="Ollama", advice="Start it.")
    with pytest.raises(Unreachable) as caught:
        await http.read("GET", "/", explain=explain, within=10)
    assert str(caught.value) == sentence.format(free=unused_tcp_port)
    await http.aclose()


@pytest.mark.parametrize("value", ["s3cret\n", "s3crét"])
async def test_a_header_that_cannot_be_sent_is_said_but_not_shown(fake, value):
    http = Http(BackendSettings(fake.url, headers={"Key": value}), server="Ollama", advice="Start it.")
    with pytest.raises(Unreachable) as caught:
        await http.read("GET", "/", explain=explain, within=10)
    assert str(caught.value) == "A value of `gloss.backend.headers` holds what no header can."
    await http.aclose()


async def test_what_is_no_http_is_said():
    async def greet(reader, writer):
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"-ERR unknown command\r\n\r\n")
        writer.close()

    async with await asyncio.start_server(greet, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        http = Http(BackendSettings(f"http://127.0.0.1:{port}"), server="Ollama", advice="Start it.")
        with pytest.raises(Interrupted, match="Is it Ollama that answers at"):
            await http.read("GET", "/", explain=explain, within=10)
        await http.aclose()


async def test_a_proxy_is_not_asked_for_this_machine(http, fake, monkeypatch):
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    assert len(await collect(http)) == 5


async def test_headers_are_the_users_and_no_more_than_needed(fake):
    settings = BackendSettings(fake.url, headers={"Authorization": "Bearer key"})
    http = Http(settings, server="Ollama", advice="Start it.")
    await collect(http)
    await http.aclose()
    headers = fake.requests()[0]["headers"]
    assert headers["authorization"] == "bearer key"
    assert headers["host"] == f"127.0.0.1:{fake.port}"
    assert "origin" not in headers


async def test_half_of_a_surrogate_pair_can_be_sent(http, fake):
    body = {**CHAT, "messages": [{"role": "user", "content": "\ud83d ✓"}]}
    async with aclosing(lines_of(http, body)) as lines:
        assert len([line async for line in lines]) == 5
    assert fake.requests()[0]["body"]["messages"][0]["content"] == "\ud83d ✓"


async def test_an_address_with_a_path_keeps_it(fake):
    http = Http(BackendSettings(f"{fake.url}/base/"), server="Ollama", advice="Start it.")
    await http.read("GET", "/api/tags", explain=explain, within=10)
    await http.aclose()
    assert fake.requests()[0]["path"] == "/base/api/tags"


async def test_a_silent_server_is_given_up_by_requests_with_a_limit(http, fake):
    await http.read("GET", "/api/version", explain=explain, within=None)  # connects
    fake.script(rules=[{"never": True}])
    with pytest.raises(Stalled):
        await http.read("GET", "/api/tags", explain=explain, within=0.5)
    await asyncio.to_thread(fake.wait_closed, kind="tags")


@pytest.mark.parametrize(
    ("url", "loopback"),
    [
        ("http://127.0.0.1:11434", True),
        ("http://localhost", True),
        ("http://[::1]:1", True),
        ("http://10.0.0.1:11434", False),
        ("https://ollama.com", False),
        ("http://localhost.evil.example", False),
        ("nonsense", False),
    ],
)
def test_what_stays_on_this_machine(url, loopback):
    assert is_loopback(url) is loopback
