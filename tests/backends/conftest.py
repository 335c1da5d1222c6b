"""Ollama's stand-in, and our backend in front of it."""

import pytest

from fake import FakeOllama
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
