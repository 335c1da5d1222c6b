"""What the engine says, as pieces and as errors."""

from __future__ import annotations

import json

import pytest

from gloss_lsp.backends.base import Chat, Message, Piece, Usage
from gloss_lsp.backends.embedded.process import seconds
from gloss_lsp.backends.embedded.wire import chat_body, read_line, refusal
from gloss_lsp.errors import Busy, Interrupted, TooLong, Unauthorized

TIMINGS = {
    "cache_n": 24,
    "prompt_n": 8,
    "prompt_ms": 260.5,
    "predicted_n": 10,
    "predicted_ms": 400.0,
    "new": 1,
}
USAGE = Usage(prompt_tokens=32, prompt_seconds=0.2605, tokens=10, seconds=0.4, read_tokens=8)


def chat_event(delta: dict, reason: str | None = None, **more: object) -> dict:
    return {"choices": [{"finish_reason": reason, "index": 0, "delta": delta}], "object": "chunk", **more}


@pytest.mark.parametrize(
    ("event", "piece"),
    [
        (chat_event({"role": "assistant", "content": None}), Piece()),
        (chat_event({"content": "Hello\x85"}), Piece(text="Hello\x85")),
        (chat_event({"reasoning_content": "hm"}), Piece(thinking="hm")),
        (chat_event({}, "stop", timings=TIMINGS), Piece(done="stop", usage=USAGE)),
        (chat_event({}, "length", timings=TIMINGS), Piece(done="length", usage=USAGE)),
        ({"choices": [], "usage": {"total_tokens": 3}}, Piece()),
        ({"content": " + b", "stop": False, "tokens": [1]}, Piece(text=" + b")),
        (
            {"content": "", "stop": True, "stop_type": "eos", "timings": TIMINGS},
            Piece(done="stop", usage=USAGE),
        ),
        ({"content": "", "stop": True, "stop_type": "word"}, Piece(done="stop")),
        ({"content": "", "stop": True, "stop_type": "limit"}, Piece(done="length")),
    ],
)
def test_pieces(event: dict, piece: Piece):
    assert read_line(b"data: " + json.dumps(event).encode()) == piece


@pytest.mark.parametrize("line", [b"data: [DONE]", b": ping", b"event: x", b"id: 7", b"retry: 3"])
def test_lines_that_say_nothing(line: bytes):
    assert read_line(line) is None


@pytest.mark.parametrize(
    "line",
    [
        b"data: {nonsense",
        b"data: []",
        b"data: 7",
        b"data: null",
        b'data: {"other": 1}',
        b'data: {"choices": 7}',
        b'data: {"choices": [7]}',
        b'data: {"content": "", "stop": true}',
        b'data: {"content": "", "stop": false, "timings": {"x": 1}}',
        b"data: \xff",
        b'data: {"error": {"message": "it hurts"}}',
        b'error: {"message": "it hurts"}',
        b"error: it hurts",
    ],
)
def test_lines_that_make_no_sense_or_report_an_error(line: bytes):
    with pytest.raises(Interrupted, match=r"understand|it hurts"):
        read_line(line)


@pytest.mark.parametrize(
    ("status", "body", "kind", "sentence"),
    [
        (
            400,
            b'{"error":{"type":"exceed_context_size_error","message":"m","n_prompt_tokens":9000,"n_ctx":8192}}',
            TooLong,
            r"9000 tokens.* 8192: ask about less",
        ),
        (400, b'{"error":{"type":"exceed_context_size_error","message":"m"}}', Interrupted, "exceed"),
        (401, b'{"error":{"message":"Invalid API Key"}}', Unauthorized, "own key"),
        (503, b'{"error":{"message":"Loading model"}}', Busy, r"\(Loading model\): try again"),
        (500, b'{"error":{"message":"it hurts"}}', Interrupted, r"\(it hurts\)"),
        (500, b"plain", Interrupted, r"\(plain\)"),
        (502, b"", Interrupted, r"\(status 502\)"),
        (500, b'{"error":"text"}', Interrupted, "text"),
    ],
)
def test_refusals(status: int, body: bytes, kind: type, sentence: str):
    error = refusal(status, body)
    assert type(error) is kind
    with pytest.raises(kind, match=sentence):
        raise error


def test_the_body_of_a_chat():
    schema = {"type": "object"}
    messages = (Message("system", "Be brief."), Message("user", "Why?"))
    plain = {
        "messages": [{"role": "system", "content": "Be brief."}, {"role": "user", "content": "Why?"}],
        "temperature": 0.0,
        "stop": [],
        "stream": True,
    }
    assert chat_body(Chat("m", messages)) == plain
    full = Chat("m", messages, max_tokens=7, stop=("\n",), schema=schema, temperature=0.5)
    assert chat_body(full) == {
        **plain,
        "temperature": 0.5,
        "stop": ["\n"],
        "max_tokens": 7,
        "response_format": {
            "type": "json_schema",
            "json_schema": {"name": "answer", "strict": True, "schema": schema},
        },
    }


@pytest.mark.parametrize(
    ("keep_alive", "expected"),
    [
        (None, 1800),
        (0, 1),
        (90, 90),
        ("90", 90),
        (-1, -1),
        ("-1", -1),
        ("-5m", -1),
        ("10m", 600),
        ("1h30m", 5400),
        ("1.5h", 5400),
        ("1m30s", 90),
        ("500ms", 1),
        ("2us", 1),
        ("0", 1),
    ],
)
def test_how_long_a_model_is_kept(keep_alive: str | int | None, expected: int):
    assert seconds(keep_alive) == expected
