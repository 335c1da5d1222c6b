"""How gaps are filled: in the form of the family, else with a suffix, which is tried once."""

from __future__ import annotations

import pytest
from openai_asked import CODER, TALKER, collect, text_of

from gloss_lsp.backends.base import Fill
from gloss_lsp.errors import CannotFill


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
