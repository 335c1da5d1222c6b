"""However an answer of Ollama breaks, what came is passed on, and then the reason."""

import re
from contextlib import aclosing

import pytest

from gloss_lsp.backends.base import BackendSettings, Chat, Fill, Message
from gloss_lsp.backends.ollama import Ollama
from gloss_lsp.errors import Interrupted, ModelMissing, Stalled

HELLO = Chat("qwen2.5-coder:1.5b", (Message("user", "Hi"),))

BROKEN = [
    # what happens after two pieces; the text that was passed on, the error
    ({"end": "eof"}, "Hello", Interrupted, "broke off"),
    ({"end": "half"}, "Hello", Interrupted, "broke off"),
    ({"end": "reset"}, "Hello", Interrupted, "broke off"),
    ({"end": "hang"}, "Hello", Stalled, "nothing for 1 seconds"),
    ({"error_after": "something odd"}, "Hello", Interrupted, "something odd"),
    ({"pieces": ["Hello<thi"], "end": "eof"}, "Hello<thi", Interrupted, "broke off"),
    ({"pieces": ["<thi"], "end": "eof"}, "<thi", Interrupted, "broke off"),
    ({"raw": "<html>Welcome</html>"}, "", Interrupted, "is not Ollama"),
    ({"raw": "\xff\xfe\x00"}, "", Interrupted, "is not Ollama"),
    ({"raw": "[1, 2]"}, "", Interrupted, "is not Ollama"),
    ({"raw": "[" * 100_000}, "", Interrupted, "is not Ollama"),
    ({"raw": ""}, "", Interrupted, "broke off"),
    ({"raw": '{"message": {"content": "Hello"}}\n\xff'}, "Hello", Interrupted, "broke off"),
    ({"raw": '{"message": 5, "done": "no", "eval_count": 1e999}'}, "", Interrupted, "broke off"),
    ({"raw": '{"error": "Unexpected endpoint"}'}, "", Interrupted, "Unexpected endpoint"),
    ({"status": 502, "raw": "<html>Bad gateway</html>"}, "", Interrupted, "is not Ollama, or stands between"),
]


async def collect(ollama, pieces, request=HELLO):
    ask = ollama.chat if isinstance(request, Chat) else ollama.fill
    async with aclosing(ask(request)) as stream:
        async for piece in stream:
            pieces.append(piece)  # what came ahead of an error counts


@pytest.mark.parametrize(("rule", "text", "kind", "words"), BROKEN)
async def test_what_came_is_passed_on_and_then_the_reason(fake, rule, text, kind, words):
    ollama = Ollama(BackendSettings(fake.url, stall_timeout=1 if rule.get("end") == "hang" else 60))
    fake.script(rules=[{"kind": "chat", "pieces": ["Hel", "lo"], **rule}])
    pieces = []
    with pytest.raises(kind, match=re.escape(words)):
        await collect(ollama, pieces)
    await ollama.aclose()
    assert "".join(piece.text for piece in pieces) == text
    assert not any(piece.done for piece in pieces)


@pytest.mark.parametrize("request_of_it", [HELLO, Fill(HELLO.model, "a", "b")])
async def test_a_model_that_is_not_installed_is_named(ollama, fake, request_of_it):
    fake.script(models=[])
    with pytest.raises(ModelMissing, match=f"gloss models pull {HELLO.model}") as caught:
        await collect(ollama, [], request_of_it)
    assert caught.value.model == HELLO.model
