"""A real model explains a line by what stands elsewhere in its file."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from gloss_lsp.actions.base import Page, Prompt, Selection
from gloss_lsp.actions.explain import ACTION
from gloss_lsp.backends.base import BackendSettings, Chat, Message, Piece
from gloss_lsp.backends.embedded.client import EmbeddedBackend
from gloss_lsp.backends.embedded.weights import LARGE
from gloss_lsp.converse import converse
from gloss_lsp.core.text import Source, Span

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, AsyncIterator
    from pathlib import Path

pytestmark = [pytest.mark.needs("embedded"), pytest.mark.timeout(300)]

SHOP = """\
def apply(price):
    # The state wants a tax of 19 %.
    return price * 1.19


def checkout(price):
    total = apply(price)
    return total
"""


@pytest.fixture
async def backend(embedded_weights: Path) -> AsyncIterator[EmbeddedBackend]:
    backend = EmbeddedBackend(BackendSettings(url="", context_length=2048), folder=embedded_weights.parent)
    yield backend
    await backend.aclose()


async def explained(backend: EmbeddedBackend, target: str) -> str:
    def ask(prompt: Prompt, number: int) -> AsyncGenerator[Piece, None]:
        messages = (Message("system", prompt.system), Message("user", prompt.user))
        return backend.chat(Chat(LARGE.name, messages, max_tokens=120))

    at = SHOP.index("total = apply(price)")
    source = Source(SHOP, "python", path="shop.py")
    selection = Selection(source, Span(at, at + len("total = apply(price)")), target=target, room=2048)
    page = await converse(ACTION.converse(selection), ask, lambda _: None)
    assert isinstance(page, Page)
    return page.markdown


async def test_the_answer_needs_a_helper_from_outside_the_selection(backend: EmbeddedBackend) -> None:
    answer = await explained(backend, "English")
    assert re.search(r"\btax|\b19\b|1\.19", answer), answer


async def test_the_answer_is_in_the_language_that_was_asked_for(backend: EmbeddedBackend) -> None:
    answer = await explained(backend, "German")
    assert re.search(r"Steuer|\b19\b|1[.,]19", answer), answer
    assert len(re.findall(r"\b(?:der|die|das|den|und|ein|eine|wird|mit|von)\b", answer)) > 2, answer
