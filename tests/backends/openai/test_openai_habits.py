"""What a server does not take is found out by asking, and remembered."""

from __future__ import annotations

import pytest
from openai_asked import TALKER, collect, hello, text_of

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
