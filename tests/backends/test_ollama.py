"""What is asked of Ollama, and what comes of its answers."""

import asyncio
from contextlib import aclosing

import pytest

from gloss_lsp.backends.base import BackendSettings, Chat, Fill, Message, Piece, Usage
from gloss_lsp.backends.ollama import Ollama
from gloss_lsp.errors import BackendError, CannotFill

CODER = "qwen2.5-coder:1.5b"
FIM = "{{- if .Suffix }}<FIRST>{{ .Prompt }}<THEN>{{ .Suffix }}<GO>{{ end }}"
MODELS = [
    {"name": CODER, "capabilities": ["completion", "insert"]},
    {"name": "thinker:latest", "capabilities": ["completion", "thinking"], "family": "qwen3"},
    {"name": "inserter:latest", "capabilities": ["completion", "insert"], "family": "new", "template": FIM},
    {
        "name": "talker:latest",
        "family": "llama",
        "parameters": 'temperature 1\nstop                           "<|eot|>"',
    },
]


@pytest.fixture
def fake(fake):
    fake.script(models=MODELS)
    return fake


@pytest.fixture
async def ollama(fake):
    ollama = Ollama(BackendSettings(fake.url, keep_alive="30m"))
    yield ollama
    await ollama.aclose()


def hello(model=CODER, **more):
    return Chat(model, (Message("system", "Be short."), Message("user", "Hi")), **more)


async def collect(stream):
    """The pieces, and the error that ended them, if one did."""
    pieces = []
    try:
        async with aclosing(stream):
            async for piece in stream:
                pieces.append(piece)  # noqa: PERF401  # what came ahead of an error counts
    except BackendError as error:
        return pieces, error
    return pieces, None


def text_of(pieces):
    return "".join(piece.text for piece in pieces)


def thinking_of(pieces):
    return "".join(piece.thinking for piece in pieces)


async def test_a_chat_is_asked_and_answered(ollama, fake):
    fake.script(rules=[{"kind": "chat", "pieces": ["Hel", "lo"]}])
    pieces, error = await collect(ollama.chat(hello(max_tokens=50)))
    assert error is None
    assert pieces == [
        Piece("Hel"),
        Piece("lo"),
        Piece(
            done="stop",
            usage=Usage(prompt_tokens=20, prompt_seconds=0.2, tokens=2, seconds=0.2, load_seconds=0.1),
        ),
    ]
    [request] = fake.requests()
    assert request["body"] == {
        "model": CODER,
        "messages": [{"role": "system", "content": "Be short."}, {"role": "user", "content": "Hi"}],
        "think": False,
        "truncate": False,
        "stream": True,
        "keep_alive": "30m",
        "options": {"temperature": 0.0, "num_predict": 50},
    }


async def test_an_answer_that_was_cut_says_so(ollama, fake):
    fake.script(rules=[{"done_reason": "length"}])
    pieces, _ = await collect(ollama.chat(hello()))
    assert pieces[-1].done == "length"


async def test_a_schema_and_a_temperature_are_passed_on(ollama, fake):
    await collect(ollama.chat(hello(schema={"type": "object"}, temperature=0.5)))
    body = fake.requests()[0]["body"]
    assert body["format"] == {"type": "object"}
    assert body["options"] == {"temperature": 0.5}


async def test_stops_are_said_with_those_of_the_model_that_they_replace(ollama, fake):
    await collect(ollama.chat(hello("talker", stop=("END",))))
    assert fake.requests("chat")[0]["body"]["options"]["stop"] == ["<|eot|>", "END"]


SPLIT = [
    (["<think>hm</think>Hello"], "Hello", "hm"),
    (["<th", "ink>h", "m</thi", "nk>\n\nHel", "lo"], "Hello", "hm"),
    ([{"content": "", "thinking": "h"}, {"content": "", "thinking": "m"}, "Hello"], "Hello", "hm"),
    (["<thi"], "<thi", ""),
    (["<think>hm"], "", "hm"),
]


@pytest.mark.parametrize(("pieces", "text", "thinking"), SPLIT)
async def test_thinking_is_no_text(ollama, fake, pieces, text, thinking):
    fake.script(rules=[{"kind": "chat", "pieces": pieces}])
    got, error = await collect(ollama.chat(hello()))
    assert (text_of(got), thinking_of(got), error) == (text, thinking, None)
    assert [piece.done for piece in got if piece.done] == ["stop"]


async def test_a_model_thinks_aloud_only_where_it_is_asked_to(ollama, fake):
    silent, _ = await collect(ollama.chat(hello("thinker")))
    aloud, _ = await collect(ollama.chat(hello("thinker", think=True)))
    assert thinking_of(silent) == ""
    assert thinking_of(aloud) == "Hm. "
    assert [request["body"]["think"] for request in fake.requests("chat")] == [False, True]


async def test_a_model_that_cannot_think_aloud_is_asked_again_without(ollama, fake):
    pieces, error = await collect(ollama.chat(hello("talker", think=True)))
    assert (text_of(pieces), error) == ("This is the reply.", None)
    assert [request["body"]["think"] for request in fake.requests("chat")] == [True, False]


async def test_a_gap_is_filled_in_the_form_of_the_family(ollama, fake):
    pieces, error = await collect(
        ollama.fill(Fill(CODER, "def f():\n    ", "\n", max_tokens=20, stop=("\n\n",)))
    )
    assert (text_of(pieces), error) == ("return value", None)
    body = fake.requests("fill")[0]["body"]
    stops = body["options"].pop("stop")
    assert stops[-1] == "\n\n"
    assert "<|fim_prefix|>" in stops
    assert body == {
        "model": CODER,
        "prompt": "<|fim_prefix|>def f():\n    <|fim_suffix|>\n<|fim_middle|>",
        "raw": True,
        "think": False,
        "truncate": False,
        "stream": True,
        "keep_alive": "30m",
        "options": {"temperature": 0.0, "num_predict": 20},
    }


INSERTED = [
    # prefix and suffix; what is sent for them
    ("a", "b", "a", "b"),
    ("", "b", "\n", "b"),
    ("a", "", "a", "\n"),
    ("", "", "\n", "\n"),
    ("<|fim_middle|>\na", "b\n<|fim_middle|>", "a", "b"),
    ("<|fim_middle|>", "b", "\n", "b"),
]


@pytest.mark.parametrize(("prefix", "suffix", "prompt", "behind"), INSERTED)
async def test_a_model_of_no_known_family_fills_by_its_template(
    *, ollama, fake, prefix, suffix, prompt, behind
):
    pieces, error = await collect(ollama.fill(Fill("inserter", prefix, suffix)))
    assert (text_of(pieces), error) == ("return value", None)
    body = fake.requests("fill")[0]["body"]
    assert (body["prompt"], body["suffix"]) == (prompt, behind)
    assert "raw" not in body
    assert "stop" not in body["options"]


async def test_an_empty_file_is_filled_too(ollama, fake):
    pieces, error = await collect(ollama.fill(Fill(CODER, "", "")))
    assert (text_of(pieces), error) == ("return value", None)


async def test_a_model_that_cannot_fill_is_not_asked(ollama, fake):
    _, error = await collect(ollama.fill(Fill("talker", "a", "b")))
    assert isinstance(error, CannotFill)
    assert "`talker` cannot fill" in str(error)
    assert "qwen2.5-coder" in str(error)
    assert [request["kind"] for request in fake.requests()] == ["show"]


async def test_a_model_is_asked_about_once(ollama, fake):
    for _ in range(3):
        await collect(ollama.fill(Fill(CODER, "a", "b")))
    assert [request["kind"] for request in fake.requests()] == ["show", "fill", "fill", "fill"]


async def test_every_request_of_a_model_loads_it_alike(fake):
    ollama = Ollama(BackendSettings(fake.url, context_length=8192))
    await ollama.load(CODER)
    await collect(ollama.chat(hello()))
    await collect(ollama.fill(Fill(CODER, "a", "b")))
    await ollama.aclose()
    options = [request["body"]["options"] for request in fake.requests() if "options" in request["body"]]
    assert [option["num_ctx"] for option in options] == [8192, 8192, 8192]
    assert len(fake.loads()) == 1


async def test_stopping_closes_the_socket_and_frees_the_model(ollama, fake):
    fake.script(rules=[{"kind": "chat", "pieces": ["word "], "repeat": 1000, "gap": 0.01, "times": 1}])
    async with aclosing(ollama.chat(hello())) as stream:
        async for _ in stream:
            break
    assert (await asyncio.to_thread(fake.wait_closed, kind="chat"))["closed_while_active"]
    pieces, _ = await collect(ollama.chat(hello()))
    assert text_of(pieces) == "This is the reply."


async def test_stopping_ahead_of_the_first_piece_closes_the_socket(ollama, fake):
    fake.script(rules=[{"kind": "chat", "never": True}])
    task = asyncio.create_task(collect(ollama.chat(hello())))
    await asyncio.to_thread(fake.wait_for_request, kind="chat")
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert (await asyncio.to_thread(fake.wait_closed, kind="chat"))["closed_while_active"]


async def test_answers_leave_their_connection_for_the_next(ollama, fake):
    for _ in range(3):
        await collect(ollama.chat(hello()))
    assert not any("closed_at" in request for request in fake.requests())


async def test_an_answer_that_began_ends_where_its_last_line_says(ollama, fake):
    fake.script(
        rules=[
            {
                "lines": [
                    {"message": {"content": "a"}},
                    {"message": {"content": "b"}, "done": True},
                    {"error": "x"},
                ]
            }
        ]
    )
    pieces, error = await collect(ollama.chat(hello()))
    assert (text_of(pieces), error, pieces[-1].done) == ("ab", None, "stop")
