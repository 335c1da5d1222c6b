"""What is asked of an OpenAI-compatible server, and what comes of its answers."""

from __future__ import annotations

import asyncio
from contextlib import aclosing

import pytest

from gloss_lsp.backends.base import BackendSettings, Chat, Fill, Message, Model, Piece, Usage
from gloss_lsp.backends.openai import OpenAICompatible
from gloss_lsp.errors import (
    CannotFill,
    Interrupted,
    ModelMissing,
    Stalled,
    TooLong,
    Unauthorized,
    Unreachable,
)

CODER = "Qwen/Qwen2.5-Coder-7B"
TALKER = "meta-llama/Llama-3.1-8B-Instruct"
CARDS = [
    {"id": CODER, "owned_by": "vllm", "root": CODER, "max_model_len": 16384},
    {"id": TALKER, "owned_by": "vllm", "root": TALKER, "max_model_len": 8192},
]


@pytest.fixture
def fake(team):
    team.script(models=CARDS)
    return team


@pytest.fixture
async def connect(fake):
    opened = []

    def connect(**settings) -> OpenAICompatible:
        opened.append(OpenAICompatible(BackendSettings(**{"url": fake.url, **settings})))
        return opened[-1]

    yield connect
    for backend in opened:
        await backend.aclose()


@pytest.fixture
def backend(connect):
    return connect()


def hello(model=CODER, **more):
    return Chat(model, (Message("system", "Be short."), Message("user", "Hi")), **more)


async def collect_into(pieces, stream):
    async with aclosing(stream):
        async for piece in stream:
            pieces.append(piece)  # what came ahead of an error counts


async def collect(stream) -> list[Piece]:
    pieces = []
    await collect_into(pieces, stream)
    return pieces


def text_of(pieces):
    return "".join(piece.text for piece in pieces)


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
        await collect_into(pieces, connect(stall_timeout=1).chat(hello()))
    assert words in str(caught.value)
    assert text_of(pieces) == text


SCHEMA = {"type": "object"}
REFUSED = {
    "a schema": ({"response_format": "response_format is not supported"}, ["response_format"]),
    "the switch for thinking": (
        {"chat_template_kwargs": "Unrecognized request argument supplied: chat_template_kwargs"},
        ["chat_template_kwargs"],
    ),
    "usage": ({"stream_options": "extra fields not permitted: stream_options"}, ["stream_options"]),
    "a part that is not named": (
        {"response_format": "bad request"},
        ["chat_template_kwargs", "stream_options"],
    ),
    "a temperature": ({"temperature": "Only the default temperature is supported"}, ["temperature"]),
    "two of them": (
        {"response_format": "no grammar", "stream_options": "no include_usage"},
        ["response_format", "stream_options"],
    ),
}


@pytest.mark.parametrize(("refuses", "left_out"), REFUSED.values(), ids=REFUSED)
async def test_what_a_server_refuses_is_left_out_and_not_tried_again(backend, fake, refuses, left_out):
    fake.script(refuses=refuses)
    for _ in range(2):
        assert text_of(await collect(backend.chat(hello(schema=SCHEMA)))) == "This is the reply."
    requests = [request["body"] for request in fake.requests("chat")]
    parts = {"response_format", "chat_template_kwargs", "stream_options", "temperature"}
    missing = {part for part in parts if part not in requests[-1]}
    assert missing == {*left_out, *refuses}
    assert len(requests) == len(missing) + 2
    assert set(requests[-1]) == set(requests[-2])


async def test_what_one_model_does_not_take_another_may(backend, fake):
    fake.script(refuses={"response_format": "no schema"})
    await collect(backend.chat(hello(schema=SCHEMA)))
    fake.script(refuses={})
    await collect(backend.chat(hello(TALKER, schema=SCHEMA)))
    assert "response_format" in fake.requests("chat")[-1]["body"]


async def test_the_newer_name_of_the_limit_is_used_where_the_older_one_is_refused(backend, fake):
    words = "Unsupported parameter: 'max_tokens' is not supported. Use 'max_completion_tokens' instead."
    fake.script(refuses={"max_tokens": words})
    await collect(backend.chat(hello(max_tokens=7)))
    body = fake.requests("chat")[-1]["body"]
    assert ("max_tokens" in body, body["max_completion_tokens"]) == (False, 7)


async def test_a_template_without_a_system_gets_its_words_from_the_user(backend, fake):
    fake.script(refuses={"system": "System role not supported"})
    assert text_of(await collect(backend.chat(hello())))
    first, second = fake.requests("chat")
    assert second["body"]["messages"] == [{"role": "user", "content": "Be short.\n\nHi"}]
    assert second["body"]["chat_template_kwargs"] == first["body"]["chat_template_kwargs"]


async def test_a_refusal_for_another_reason_is_said_and_nothing_is_remembered(backend, fake):
    fake.script(rules=[{"status": 400, "error": "the moon is full", "times": 3}])
    with pytest.raises(Exception, match=r"refuses the request \(the moon is full\)"):
        await collect(backend.chat(hello()))
    await collect(backend.chat(hello()))
    assert "chat_template_kwargs" in fake.requests("chat")[-1]["body"]


async def test_a_gap_is_filled_in_the_form_of_the_family(backend, fake):
    pieces = await collect(backend.fill(Fill(CODER, "def f():\n    ", "\n", max_tokens=20, stop=("\n\n",))))
    assert text_of(pieces) == "return value"
    body = fake.requests("completions")[0]["body"]
    stops = body.pop("stop")
    assert stops[-1] == "\n\n"
    assert "<|endoftext|>" in stops
    assert body == {
        "model": CODER,
        "prompt": "<|fim_prefix|>def f():\n    <|fim_suffix|>\n<|fim_middle|>",
        "max_tokens": 20,
        "temperature": 0.0,
        "stream": True,
    }


async def test_another_name_does_not_hide_the_family(backend, fake):
    fake.script(models=[{"id": "team-coder", "owned_by": "vllm", "root": "bigcode/starcoder2-7b"}])
    await collect(backend.fill(Fill("team-coder", "a", "b")))
    assert fake.requests("completions")[0]["body"]["prompt"] == "<fim_prefix>a<fim_suffix>b<fim_middle>"


async def test_a_server_that_takes_a_suffix_gets_it_where_the_family_is_unknown(backend, fake):
    assert text_of(await collect(backend.fill(Fill(TALKER, "a<|fim_prefix|>b", "")))) == "return value"
    body = fake.requests("completions")[0]["body"]
    assert (body["prompt"], body["suffix"]) == ("b", "\n")
    assert [model.fill for model in await backend.models()] == ["raw", "suffix"]


SUFFIX = {"suffix": "suffix is not currently supported"}


@pytest.mark.parametrize(
    "script",
    [{"refuses": SUFFIX}, {"rules": [{"kind": "completions", "status": 404, "error": "Not Found"}]}],
    ids=["refused", "no such route"],
)
async def test_a_suffix_is_tried_once(backend, fake, script):
    fake.script(**script)
    for _ in range(2):
        with pytest.raises(CannotFill, match=r"taught to|no `/v1/completions`|cannot fill"):
            await collect(backend.fill(Fill(TALKER, "a", "b")))
    assert len(fake.requests("completions")) == 1
    assert [model.fill for model in await backend.models()] == ["raw", "none"]


async def test_a_server_without_completions_is_asked_once_whatever_the_model_knows(backend, fake):
    fake.script(rules=[{"kind": "completions", "status": 404, "error": "This is a chat model"}])
    with pytest.raises(CannotFill, match="no `/v1/completions`"):
        await collect(backend.fill(Fill(CODER, "a", "b")))
    with pytest.raises(CannotFill):
        await collect(backend.fill(Fill(CODER, "a", "b")))
    assert len(fake.requests("completions")) == 1
    assert [model.fill for model in await backend.models()] == ["none", "suffix"]


async def test_llama_cpp_which_ignores_a_suffix_is_not_asked_with_one(backend, fake):
    fake.script(models=[{"id": "m.gguf", "owned_by": "llamacpp"}])
    with pytest.raises(CannotFill):
        await collect(backend.fill(Fill("m.gguf", "a", "b")))
    assert fake.requests("completions") == []


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


async def test_an_address_with_a_path_keeps_it(connect, fake):
    await collect(connect(url=f"{fake.url}/team").chat(hello()))
    assert fake.requests()[0]["path"] == "/team/v1/chat/completions"


KEY = "s3cret-key-0123456789"


async def test_a_key_is_sent_and_never_shown(connect, fake):
    fake.script(key=KEY)
    right = connect(headers={"Authorization": f"Bearer {KEY}"})
    assert text_of(await collect(right.chat(hello())))
    assert KEY not in repr(right._settings)
    for headers in ({}, {"Authorization": "Bearer wrong-key-987654321"}):
        with pytest.raises(Unauthorized, match=r"\$\{GLOSS_API_KEY\}") as caught:
            await collect(connect(headers=headers).chat(hello()))
        assert "wrong-key" not in str(caught.value)


async def test_a_key_that_the_server_repeats_is_not_shown(connect, fake):
    fake.script(rules=[{"status": 500, "error": f"no worker for Bearer {KEY} or {KEY}"}])
    with pytest.raises(Interrupted) as caught:
        await collect(connect(headers={"Authorization": f"Bearer {KEY}"}).chat(hello()))
    assert "no worker for … or …" in str(caught.value)


async def test_several_are_answered_at_once(backend, fake):
    fake.script(rules=[{"pieces": ["x"], "reason": None, "end": "hang"}], parallel=4)
    assert (backend.parallel, backend.local) == (4, True)
    tasks = [asyncio.create_task(collect(backend.chat(hello()))) for _ in range(4)]
    await asyncio.to_thread(fake.wait_for_piece, 4)
    for task in tasks:
        task.cancel()
    await asyncio.wait(tasks)
    await asyncio.to_thread(fake.wait_closed, 4)
