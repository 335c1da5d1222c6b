"""What the tests on real models share."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from ollama_registry import Registry
    from ollama_rig import Ollama

_OLLAMA = pytest.StashKey["Ollama"]()


@pytest.fixture(scope="session")
def real_ollama(tmp_path_factory: pytest.TempPathFactory, pytestconfig: pytest.Config) -> Iterator[Ollama]:
    """A real Ollama with two models (`ollama_rig.CODER`, `ollama_rig.MINE`), for the whole session.

    A test that uses it leaves it running and with both models. The first use may take minutes, so
    such tests want a time limit of their own.
    """
    import ollama_build
    import ollama_rig

    try:
        with ollama_rig.running(tmp_path_factory.mktemp("ollama")) as ollama:
            pytestconfig.stash[_OLLAMA] = ollama
            yield ollama
    except ollama_build.CannotBuildError as error:
        pytest.fail(str(error), pytrace=False)


@pytest.fixture
def registry() -> Iterator[Registry]:
    """A registry with one tiny model."""
    from ollama_registry import serving

    with serving() as running:
        yield running


@pytest.fixture(scope="session")
def embedded_weights() -> Path:
    """The whole 1.5B model, put together once in the cache of the tests."""
    from ollama_rig import embedded_weights

    return embedded_weights()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item):
    """A failure shows what the real Ollama said meanwhile."""
    report = yield
    ollama = item.config.stash.get(_OLLAMA, None)
    if report.failed and ollama and "real_ollama" in getattr(item, "fixturenames", ()):
        report.sections.append(("the log of Ollama", ollama.log[-6000:]))
    return report
