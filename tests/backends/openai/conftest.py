"""The backend for OpenAI-compatible servers, in front of a stand-in with two models."""

import pytest
from openai_asked import CARDS

from gloss_lsp.backends.base import BackendSettings
from gloss_lsp.backends.openai import OpenAICompatible


@pytest.fixture
def fake(team):
    team.script(models=CARDS)
    return team


@pytest.fixture
async def connect(fake):
    """Makes a backend with these settings."""
    opened = []

    def connect(**settings) -> OpenAICompatible:
        opened.append(OpenAICompatible(BackendSettings(**{"url": fake.url, **settings})))
        return opened[-1]

    yield connect
    for backend in opened:
        await backend.aclose()


@pytest.fixture
def backend(connect):
    return connect()
