"""What the engine is asked, and what it says where it fails."""

from __future__ import annotations

import pytest

from gloss_lsp.backends.base import Chat, Message
from gloss_lsp.backends.embedded.process import seconds
from gloss_lsp.backends.embedded.wire import Sentences, chat_body
from gloss_lsp.errors import Busy, Interrupted, TooLong, Unauthorized


@pytest.mark.parametrize(
    ("status", "body", "kind", "sentence"),
    [
        (
            400,
            b'{"error":{"type":"exceed_context_size_error","message":"m","n_prompt_tokens":9000,"n_ctx":8192}}',
            TooLong,
            r"9000 tokens.* 8192: ask about less",
        ),
        (400, b'{"error":{"type":"exceed_context_size_error","message":"m"}}', TooLong, "0 tokens"),
        (401, b'{"error":{"message":"Invalid API Key"}}', Unauthorized, "own key"),
        (503, b'{"error":{"message":"Loading model"}}', Busy, r"\(Loading model\): try again"),
        (500, b'{"error":{"message":"it hurts"}}', Interrupted, r"\(it hurts\)"),
        (500, b"plain", Interrupted, r"\(plain\)"),
        (502, b"", Interrupted, r"\(status 502\)"),
        (500, b'{"error":"text"}', Interrupted, "text"),
    ],
)
def test_refusals(status: int, body: bytes, kind: type, sentence: str):
    error = Sentences().refusal(status, body)
    assert type(error) is kind
    with pytest.raises(kind, match=sentence):
        raise error


def test_the_body_of_a_chat():
    schema = {"type": "object"}
    messages = (Message("system", "Be brief."), Message("user", "Why?"))
    plain = {
        "model": "m",
        "messages": [{"role": "system", "content": "Be brief."}, {"role": "user", "content": "Why?"}],
        "temperature": 0.0,
        "stream": True,
        "stream_options": {"include_usage": True},
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
