"""The file of speeds: private, bounded, shared by several servers, and no trouble where it is damaged."""

from __future__ import annotations

import asyncio
import json
import os
import stat
from typing import TYPE_CHECKING

import pytest

from gloss_lsp.backends.base import Usage
from gloss_lsp.speeds import Speeds

if TYPE_CHECKING:
    from pathlib import Path

SERVER = "http://127.0.0.1:11434"
SLOW = Usage(prompt_tokens=740, prompt_seconds=10.0, tokens=44, seconds=2.0, read_tokens=740)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "cache" / "speeds.json"


async def noted(path: Path, count: int, usage: Usage = SLOW) -> None:
    """Have so many models noted, and end."""
    speeds = Speeds(path)
    for number in range(count):
        speeds.note(SERVER, f"model{number}:1b", usage)
    await speeds.aclose()


async def test_what_was_measured_is_known_the_next_time(path: Path) -> None:
    speeds = Speeds(path)
    speeds.note(SERVER, "coder:1b", SLOW)
    await speeds.aclose()
    again = Speeds(path)
    assert again.of(SERVER, "Coder:1B").reading.per_second == 74
    assert again.of(SERVER, "coder:1b").writing.per_second == 22
    assert again.of(SERVER, "coder").reading.per_second == 0
    assert again.of("http://10.0.0.1:11434", "coder:1b").reading.per_second == 0


@pytest.mark.skipif(os.name != "posix", reason="elsewhere the user's folder is private by itself")
def test_only_the_user_can_read_it(path: Path) -> None:
    asyncio.run(noted(path, 1))
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert sorted(each.name for each in path.parent.iterdir()) == ["lock", path.name]


async def test_two_servers_write_one_file(path: Path) -> None:
    one, two = Speeds(path), Speeds(path)
    one.of(SERVER, "a:1b"), two.of(SERVER, "b:1b")
    one.note(SERVER, "a:1b", SLOW)
    two.note(SERVER, "b:1b", SLOW)
    await one.aclose()
    await two.aclose()
    assert [Speeds(path).of(SERVER, name).reading.per_second for name in ("a:1b", "b:1b")] == [74, 74]


def test_it_does_not_grow_without_end(path: Path) -> None:
    asyncio.run(noted(path, 100))
    assert len(json.loads(path.read_text("utf-8"))) == 64


def test_an_answer_that_says_nothing_is_not_written(path: Path) -> None:
    asyncio.run(noted(path, 1, Usage(20, 0.2, 4, 0.2, read_tokens=20)))
    assert not path.exists()


DAMAGED = [
    "",
    "{",
    "[]",
    "5",
    '{"x": 5}',
    '{"x": {}}',
    '{"x": {"at": 1, "reading": [1], "writing": 3, "batch": "x"}}',
]


@pytest.mark.parametrize("text", DAMAGED)
def test_a_damaged_file_is_as_none(path: Path, text: str) -> None:
    path.parent.mkdir()
    path.write_text(text, "utf-8")
    assert Speeds(path).of(SERVER, "model0:1b").reading.per_second == 0
    asyncio.run(noted(path, 1))
    assert Speeds(path).of(SERVER, "model0:1b").reading.per_second == 74


async def test_where_nothing_can_be_written_it_holds_while_the_server_runs(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("a file stands where the folder should be", "utf-8")
    speeds = Speeds(tmp_path / "taken" / "speeds.json")
    speeds.note(SERVER, "coder:1b", SLOW)
    await speeds.aclose()
    assert speeds.of(SERVER, "coder:1b").reading.per_second == 74


async def test_what_was_asked_to_be_measured_is_believed_alone(path: Path) -> None:
    speeds = Speeds(path)
    speeds.note(SERVER, "coder:1b", SLOW)
    assert speeds.batch(SERVER, "coder:1b", loaded=False) == 32
    speeds.measure(SERVER, "coder:1b", Usage(300, 3.0, 32, 4.0))
    await speeds.aclose()
    known = Speeds(path).of(SERVER, "coder:1b")
    assert (known.reading.per_second, known.writing.per_second, known.batch) == (100, 8, 32)


async def test_what_one_server_chose_the_next_load_of_another_one_keeps(path: Path) -> None:
    first, second = Speeds(path), Speeds(path)
    assert second.batch(SERVER, "coder:1b", loaded=False) is None
    first.note(SERVER, "coder:1b", SLOW)
    assert first.batch(SERVER, "coder:1b", loaded=False) == 32
    await first.aclose()
    assert second.batch(SERVER, "coder:1b", loaded=True) == 32
    await second.aclose()
