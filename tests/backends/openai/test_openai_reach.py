"""How a server is reached: its address, and its key."""

from __future__ import annotations

import pytest
from openai_asked import collect, hello, text_of

from gloss_lsp.errors import Interrupted, Unauthorized


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
