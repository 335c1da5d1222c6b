"""What OpenAI-compatible servers stream, as pieces and as errors."""

from __future__ import annotations

import json
from contextlib import aclosing
from pathlib import Path

import pytest

from gloss_lsp.backends.base import Piece, Usage
from gloss_lsp.backends.openai import answers
from gloss_lsp.backends.openai.errors import Sentences
from gloss_lsp.backends.sse import EventReader
from gloss_lsp.errors import GlossError, Interrupted, TooLong

RECORDED = Path(__file__).parent / "streams"
TIMINGS = {"cache_n": 24, "prompt_n": 8, "prompt_ms": 260.5, "predicted_n": 10, "predicted_ms": 400.0, "x": 1}
USAGE = Usage(prompt_tokens=32, prompt_seconds=0.2605, tokens=10, seconds=0.4, read_tokens=8)


async def collect(stream: bytes) -> tuple[list[Piece], GlossError | None]:
    """The pieces, and the error that ended them, if one did."""

    async def events():
        for event in EventReader().feed(stream):
            yield event

    pieces: list[Piece] = []
    try:
        async with aclosing(answers.pieces(events(), Sentences("http://box", "m"))) as stream_of_pieces:
            async for piece in stream_of_pieces:
                pieces.append(piece)  # noqa: PERF401  # what came ahead of an error counts
    except GlossError as error:
        return pieces, error
    return pieces, None


def sse(*events: object) -> bytes:
    said = [event if isinstance(event, str) else json.dumps(event) for event in events]
    return "".join(f"data: {each}\n\n" for each in said).encode()


def delta(reason: str | None = None, /, **parts: object) -> dict[str, object]:
    return {"choices": [{"index": 0, "delta": parts, "finish_reason": reason}]}


def text(reason: str | None, said: object) -> dict[str, object]:
    return {"choices": [{"index": 0, "text": said, "finish_reason": reason}]}


DONE = "[DONE]"
COUNTED = {"usage": {"prompt_tokens": 3, "completion_tokens": 2}}
ANSWERS = {
    "a chat": (
        [delta(role="assistant", content=None), delta(content="Hel"), delta("stop", content="lo"), DONE],
        [Piece("Hel"), Piece("lo", done="stop")],
    ),
    "a completion that was cut": (
        [text(None, "x = "), text("length", "1"), DONE],
        [Piece("x = "), Piece("1", done="length")],
    ),
    "usage in an event without choices": (
        [delta(content="a"), delta("stop"), {"choices": [], **COUNTED}, DONE],
        [Piece("a"), Piece(done="stop", usage=Usage(prompt_tokens=3, tokens=2))],
    ),
    "usage beside the reason": (
        [{**delta("stop", content="a"), **COUNTED}, DONE],
        [Piece("a", done="stop", usage=Usage(prompt_tokens=3, tokens=2))],
    ),
    "usage that is null, as vLLM has it on the way": (
        [{**delta(content="a"), "usage": None}, {**delta("stop"), "usage": None}, DONE],
        [Piece("a"), Piece(done="stop")],
    ),
    "timings of llama.cpp": (
        [delta("stop", content="a"), {"choices": [], **COUNTED, "timings": TIMINGS}, DONE],
        [Piece("a", done="stop", usage=USAGE)],
    ),
    "a reason, and no [DONE]": ([delta("stop", content="a")], [Piece("a", done="stop")]),
    "[DONE], and no reason": ([delta(content="a"), DONE], [Piece("a"), Piece(done="stop")]),
    "thinking, as vLLM and llama.cpp have it": (
        [delta(reasoning_content="hm"), delta("stop", content="a"), DONE],
        [Piece(thinking="hm"), Piece("a", done="stop")],
    ),
    "thinking, as Ollama has it": (
        [delta(content="", reasoning="hm"), delta("stop", content="a"), DONE],
        [Piece(thinking="hm"), Piece("a", done="stop")],
    ),
    "thinking under both names is said once": (
        [delta(reasoning="hm", reasoning_content="hm"), delta("stop"), DONE],
        [Piece(thinking="hm"), Piece(done="stop")],
    ),
    "thinking among the text": (
        [delta(content="<thi"), delta(content="nk>hm</think>\n\na"), delta("stop"), DONE],
        [Piece("a", "hm"), Piece(done="stop")],
    ),
    "what was held back": ([delta(content="<thi"), delta("stop"), DONE], [Piece("<thi", done="stop")]),
    "what is odd and does no harm": (
        [
            {"choices": 7, "usage": [], "timings": "x"},
            {"choices": [7, None]},
            {"choices": None, "new": {"deep": [1]}},
            delta(content=["a"], reasoning_content=3),
            delta(7, content="a"),
            delta("stop", tool_calls=[{}]),
            {"choices": [], "usage": {"prompt_tokens": "many", "completion_tokens": True}},
            DONE,
        ],
        [Piece("a"), Piece(done="stop")],
    ),
    "what is wrong behind the end": ([delta("stop", content="a"), "nonsense"], [Piece("a", done="stop")]),
}


@pytest.mark.parametrize(("events", "pieces"), ANSWERS.values(), ids=ANSWERS)
async def test_an_answer(events: list[object], pieces: list[Piece]):
    assert await collect(sse(*events)) == (pieces, None)


LONG = "This model's maximum context length is 2048 tokens. However, your request has 3000 input tokens."
HURTS = {"message": "it hurts", "type": "server_error", "code": 500}
BROKEN = {
    "no end": (sse(delta(content="a")), "a", Interrupted, "broke off"),
    "half an event": (sse(delta(content="a")) + b'data: {"choices"', "a", Interrupted, "broke off"),
    "garbage on the way": (sse(delta(content="a"), "{nonsense"), "a", Interrupted, "broke off"),
    "nothing": (b"", "", Interrupted, "is no OpenAI-compatible server"),
    "garbage": (sse("{nonsense"), "", Interrupted, "is no OpenAI-compatible server"),
    "a list": (sse([1]), "", Interrupted, "is no OpenAI-compatible server"),
    "nested too deep": (sse("[" * 100_000), "", Interrupted, "is no OpenAI-compatible server"),
    "a page": (b"<html>\n\nWelcome</html>\n\n", "", Interrupted, "is no OpenAI-compatible server"),
    "an error": (sse(delta(content="a"), {"error": HURTS}), "a", Interrupted, "it hurts"),
    "an error as a text": (sse({"error": "it hurts"}), "", Interrupted, "it hurts"),
    "an error within an error": (
        sse({"error": json.dumps({"error": HURTS})}),
        "",
        Interrupted,
        "it hurts",
    ),
    "an error of old vLLM": (sse({"object": "error", **HURTS}), "", Interrupted, "it hurts"),
    "an event of the kind error": (b'event: error\ndata: {"message": "it hurts"}\n\n', "", Interrupted, "it hurts"),
    "that, with a text": (b"event: error\ndata: it hurts\n\n", "", Interrupted, "it hurts"),
    "an error field": (b'error: {"code": 500, "message": "it hurts"}\n\n', "", Interrupted, "it hurts"),
    "an error without words": (sse({"error": {"code": 7}}), "", Interrupted, "failed"),
    "what does not fit": (sse({"error": {"message": LONG, "code": 400}}), "", TooLong, "Ask about less"),
    "what was held back": (sse(delta(content="<thi")), "<thi", Interrupted, "broke off"),
}  # fmt: skip


@pytest.mark.parametrize(("stream", "said", "kind", "words"), BROKEN.values(), ids=BROKEN)
async def test_what_came_is_passed_on_and_then_the_reason(stream, said, kind, words):
    pieces, error = await collect(stream)
    assert "".join(piece.text for piece in pieces) == said
    assert not any(piece.done for piece in pieces)
    assert type(error) is kind
    assert words in str(error)


RECORDINGS = {
    "vllm_chat": ("The answer is 4.", "", "stop", Usage(prompt_tokens=22, tokens=6)),
    "vllm_thinks": ("4", "Two and two make four.", "stop", Usage(prompt_tokens=24, tokens=11)),
    "vllm_completion": ("a + b", "", "length", Usage(prompt_tokens=18, tokens=4)),
    "lm_studio_chat": ("Hello!", "", "stop", None),
    "gateway_chat": ("Hello", "", "stop", None),
}


@pytest.mark.parametrize(("name", "expected"), RECORDINGS.items(), ids=RECORDINGS)
async def test_a_stream_as_such_servers_send_it(name: str, expected: tuple):
    pieces, error = await collect((RECORDED / f"{name}.txt").read_bytes())
    assert error is None
    text = "".join(piece.text for piece in pieces)
    thinking = "".join(piece.thinking for piece in pieces)
    assert (text, thinking, pieces[-1].done, pieces[-1].usage) == expected


async def test_an_error_of_vllm_in_the_middle():
    pieces, error = await collect((RECORDED / "vllm_error.txt").read_bytes())
    assert "".join(piece.text for piece in pieces) == "The ans"
    assert "EngineCore encountered an issue" in str(error)
