"""On every platform all that Gloss needs is there as wheels: nobody has to have a compiler."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

pytestmark = [pytest.mark.needs("package"), pytest.mark.timeout(600)]

PROJECT = Path(__file__).parents[2] / "pyproject.toml"

LINUX, LINUX_ARM = "x86_64-manylinux2014", "aarch64-manylinux2014"
PLATFORMS = (LINUX, LINUX_ARM, "aarch64-apple-darwin", "x86_64-apple-darwin", "x86_64-pc-windows-msvc")
PYTHONS = ("3.10", "3.14")


def resolve(uv: str, platform: str, python: str, *options: str) -> subprocess.CompletedProcess[str]:
    """Choose a version of everything that is needed, by what the index says and without fetching it."""
    target = ("--python-platform", platform, "--python-version", python)
    quiet = ("--no-header", "--no-annotate", "--no-python-downloads", "--quiet")
    return subprocess.run(
        [uv, "pip", "compile", PROJECT, "--only-binary", ":all:", *target, *quiet, *options],
        capture_output=True,
        encoding="utf-8",
        timeout=500,
        check=False,
    )


@pytest.mark.parametrize("extra", ["", "embedded", "embedded-small"])
@pytest.mark.parametrize("python", PYTHONS)
@pytest.mark.parametrize("platform", PLATFORMS)
def test_there_are_wheels_of_everything(uv, platform, python, extra):
    done = resolve(uv, platform, python, *(("--extra", extra) if extra else ()))
    assert done.returncode == 0, done.stderr
    needed = {"pygls", "tree-sitter", "tree-sitter-rust", *(["xllamacpp"] if extra else [])}
    assert needed <= {line.partition("==")[0] for line in done.stdout.splitlines()}


def test_where_there_is_no_wheel_it_would_be_seen(uv):
    """The engine has none for Linux with musl, such as Alpine."""
    done = resolve(uv, "x86_64-unknown-linux-musl", "3.13", "--extra", "embedded")
    assert done.returncode != 0
    assert "xllamacpp" in done.stderr
