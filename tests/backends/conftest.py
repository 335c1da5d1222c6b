"""Stand-ins for Ollama and for an OpenAI-compatible server, and our backend in front of the first."""

import pytest

from fake import FakeOllama, FakeOpenAI
from gloss_lsp.backends.base import BackendSettings
from gloss_lsp.backends.ollama import Ollama


@pytest.fixture(scope="package")
def fake_process():
    with FakeOllama() as fake:
        yield fake


@pytest.fixture
def fake(fake_process):
    """The stand-in, as if it had just been started."""
    fake_process.reset()
    return fake_process


@pytest.fixture
async def ollama(fake):
    ollama = Ollama(BackendSettings(fake.url))
    yield ollama
    await ollama.aclose()


@pytest.fixture(scope="package")
def team_process():
    with FakeOpenAI() as team:
        yield team


@pytest.fixture
def team(team_process):
    """An OpenAI-compatible server, as if it had just been started."""
    team_process.reset()
    return team_process
