"""Ollama asked in the anchored form, and in the usual one where the answer begins otherwise."""

from __future__ import annotations

from contextlib import aclosing

import pytest

from gloss_lsp.backends.base import Fill
from gloss_lsp.core.completion.anchor import Habit

CODER = "qwen2.5-coder:1.5b"
BELOW = "\n" + "    other = compute(1, 2)\n" * 4
HEAD = "def f(a):\n"
USUAL = "<|fim_prefix|>{}<|fim_suffix|>" + BELOW + "<|fim_middle|>"


def fill(line, lines=0):
    return Fill(CODER, HEAD + line, BELOW, since_anchor=lines)


def anchored(middle):
    return USUAL.format(HEAD) + middle


async def answer(ollama, line):
    async with aclosing(ollama.fill(fill(line))) as pieces:
        return "".join([piece.text async for piece in pieces])


def prompts(fake):
    return [request["body"]["prompt"] for request in fake.requests("fill")]


def let(fake, *pieces, **more):
    fake.script(rules=[{"kind": "fill", "pieces": list(pieces), **more}])


@pytest.fixture
def skilled(ollama):
    """A model that is known to begin as it has to."""
    ollama._habits[CODER] = Habit(8)
    return ollama


async def test_inside_a_word_a_model_that_can_begins_with_what_was_cut_off(skilled, fake):
    let(fake, "    ", "ret", "urn", " a")
    assert await answer(skilled, "    ret") == "urn a"
    assert prompts(fake) == [anchored("")]


async def test_an_answer_that_begins_otherwise_is_stopped_and_asked_for_in_the_usual_form(skilled, fake):
    fake.script(
        rules=[
            {"kind": "fill", "pieces": ["    ", "de"], "end": "hang", "times": 1},
            {"kind": "fill", "pieces": ["urn a"]},
        ]
    )
    assert await answer(skilled, "    ret") == "urn a"
    assert prompts(fake) == [anchored(""), USUAL.format(HEAD + "    ret")]
    assert fake.requests("fill")[0]["closed_while_active"]


@pytest.mark.parametrize("pieces", [[], ["   "], ["\n"]])
async def test_an_answer_that_ends_too_early_is_asked_for_again(skilled, fake, pieces):
    fake.script(rules=[{"kind": "fill", "pieces": pieces, "times": 1}, {"kind": "fill", "pieces": ["urn a"]}])
    assert await answer(skilled, "    ret") == "urn a"
    assert len(prompts(fake)) == 2


async def test_a_model_that_is_not_known_is_asked_once_wherever_the_cursor_is(ollama, fake):
    let(fake, "answer")
    for _ in range(3):
        for line in ("    ret", "    x = ", "    ", "", "    f(", "    x = fo", "    return a"):
            assert await answer(ollama, line) == "answer"
    assert len(prompts(fake)) == 21


async def test_what_a_model_does_with_blanks_tells_what_it_will_do_with_words(ollama, fake):
    let(fake, " word")
    assert await answer(ollama, "x = wo") == " word"
    assert await answer(ollama, "x = ") == "word"
    assert await answer(ollama, "x = wo") == "rd"
    assert prompts(fake) == [USUAL.format(HEAD + "x = wo"), anchored("x ="), anchored("x =")]


async def test_nothing_is_demanded_where_a_token_ends(skilled, fake):
    let(fake, "a)")
    assert await answer(skilled, "x = f(") == "a)"
    assert prompts(fake) == [anchored("x = f(")]


async def test_usage_comes_through(skilled, fake):
    let(fake, " 1")
    async with aclosing(skilled.fill(fill("x = "))) as pieces:
        *_, last = [piece async for piece in pieces]
    assert last.done == "stop"
    assert last.usage.prompt_tokens == 20


async def test_without_an_anchor_the_form_is_the_usual_one(skilled, fake):
    let(fake, "1")
    async with aclosing(skilled.fill(Fill(CODER, HEAD + "x = ", BELOW))) as pieces:
        assert (await anext(pieces)).text == "1"
    assert prompts(fake) == [USUAL.format(HEAD + "x = ")]
