"""The embedded backend with a real child process, in which xllamacpp is replaced by one that misbehaves."""

from __future__ import annotations

import importlib
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from embedded_toy import TOY, WHOLE, settings

from gloss_lsp.backends.embedded.client import EmbeddedBackend

if TYPE_CHECKING:
    from collections.abc import AsyncIterator


@pytest.fixture(autouse=True)
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Installed packages: an engine, and a model in one part. For this process and for the child."""
    folder = tmp_path / "site"
    data = folder / "gloss_toy_part1" / "data"
    data.mkdir(parents=True)
    (data / "part01.bin").write_bytes(WHOLE)
    (data.parent / "__init__.py").touch()
    shutil.copy(Path(__file__).parent / "fake_xllamacpp.py", folder / "xllamacpp.py")
    described = folder / "xllamacpp-7.0.dist-info"
    described.mkdir()
    (described / "METADATA").write_text("Metadata-Version: 2.1\nName: xllamacpp\nVersion: 7.0\n")
    monkeypatch.syspath_prepend(folder)
    monkeypatch.setenv("PYTHONPATH", str(folder))
    importlib.invalidate_caches()
    return folder


@pytest.fixture
def models(tmp_path: Path) -> Path:
    return tmp_path / "models"


@pytest.fixture
async def backend(models: Path) -> AsyncIterator[EmbeddedBackend]:
    backend = EmbeddedBackend(settings(), folder=models, weights=(TOY,))
    yield backend
    await backend.aclose()
