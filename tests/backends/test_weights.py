"""Putting a model together from packages: what is checked, what is kept, what is said when it fails."""

from __future__ import annotations

import errno
import hashlib
import importlib
import os
import shutil
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest
from attrs import evolve

from gloss_lsp.backends.embedded import weights as module
from gloss_lsp.backends.embedded.lock import locked
from gloss_lsp.backends.embedded.weights import Weights, assemble, available
from gloss_lsp.errors import BackendError, NoModel

PARTS = [b"first " * 1000, b"second " * 1000, b"x" * (5 * 1024 * 1024)]
WHOLE = b"".join(PARTS)
TOY = Weights(
    name="toy:1b",
    extra="toy",
    package="gloss_toy_part{}",
    parts=len(PARTS),
    file="toy.gguf",
    size=len(WHOLE),
    sha256=hashlib.sha256(WHOLE).hexdigest(),
    parameters="1B",
)


@pytest.fixture
def packages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Three packages that hold a part each, and must not be imported."""
    site = tmp_path / "site"
    for number, content in enumerate(PARTS, start=1):
        data = site / TOY.package.format(number) / "data"
        data.mkdir(parents=True)
        (data / f"part{number:02d}.bin").write_bytes(content)
        (data.parent / "__init__.py").write_text("raise RuntimeError('a part was imported')\n")
    monkeypatch.syspath_prepend(site)
    importlib.invalidate_caches()
    return site


def part(packages: Path, number: int) -> Path:
    return packages / TOY.package.format(number) / "data" / f"part{number:02d}.bin"


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_parts_become_the_whole(packages: Path, tmp_path: Path):
    seen: list[tuple[int, int]] = []
    folder = tmp_path / "cache" / "models"
    path = assemble(TOY, folder, lambda done, total: seen.append((done, total)))
    assert path.read_bytes() == WHOLE
    assert names(folder) == ["toy.gguf", "toy.json", "toy.lock"]
    assert {total for _, total in seen} == {len(WHOLE)}
    assert [done for done, _ in seen] == sorted({done for done, _ in seen})
    assert seen[-1][0] == len(WHOLE)
    assert not [name for name in sys.modules if name.startswith("gloss_toy")]


@pytest.mark.skipif(sys.platform == "win32", reason="Windows keeps a user's folders private by itself")
def test_the_folder_is_private(packages: Path, tmp_path: Path):
    assemble(TOY, tmp_path / "models")
    assert (tmp_path / "models").stat().st_mode & 0o777 == 0o700


def test_a_file_that_was_checked_is_not_read_again(packages: Path, tmp_path: Path):
    assemble(TOY, tmp_path)
    shutil.rmtree(packages)
    importlib.invalidate_caches()
    assert assemble(TOY, tmp_path, lambda _done, _total: pytest.fail("it was read")) == tmp_path / "toy.gguf"
    assert available(TOY, tmp_path)


def test_a_right_file_without_stamp_is_checked_and_kept(packages: Path, tmp_path: Path):
    path = assemble(TOY, tmp_path)
    (tmp_path / "toy.json").unlink()
    shutil.rmtree(packages)
    importlib.invalidate_caches()
    before, seen = path.stat().st_ino, []
    assert assemble(TOY, tmp_path, lambda done, _total: seen.append(done)) == path
    assert (path.stat().st_ino, seen[-1]) == (before, len(WHOLE))


@pytest.mark.parametrize(
    "damage",
    [
        pytest.param(lambda path: path.write_bytes(b"x" * len(WHOLE)), id="other content of the same length"),
        pytest.param(lambda path: path.write_bytes(WHOLE[:-1]), id="cut short"),
        pytest.param(lambda path: path.unlink(), id="gone"),
        pytest.param(
            lambda path: path.with_suffix(".json").write_text("[]") and path.write_bytes(b"y"), id="no stamp"
        ),
        pytest.param(
            lambda path: path.with_suffix(".json").write_bytes(b"\xff") and path.write_bytes(b"y"),
            id="bad stamp",
        ),
    ],
)
def test_a_wrong_file_is_made_anew(packages: Path, tmp_path: Path, damage):
    path = assemble(TOY, tmp_path)
    damage(path)
    if path.exists():
        # Even where the clock is too coarse to tell the two apart.
        os.utime(path, ns=(1, 1))
    assert assemble(TOY, tmp_path).read_bytes() == WHOLE


def test_a_stamp_of_other_weights_is_not_believed(packages: Path, tmp_path: Path):
    assemble(TOY, tmp_path)
    with pytest.raises(NoModel, match="sha256"):
        assemble(evolve(TOY, sha256="0" * 64), tmp_path)


def test_a_missing_part(packages: Path, tmp_path: Path):
    shutil.rmtree(part(packages, 2).parents[1])
    importlib.invalidate_caches()
    assert not available(TOY, tmp_path)
    with pytest.raises(NoModel, match=r'2 of its 3 parts were found\): pip install "gloss-lsp\[toy\]"'):
        assemble(TOY, tmp_path)
    assert names(tmp_path) == ["site", "toy.lock"]


def test_a_damaged_part_is_refused(packages: Path, tmp_path: Path):
    part(packages, 1).write_bytes(PARTS[0].upper())
    assert available(TOY, tmp_path)
    with pytest.raises(NoModel, match=r"damaged .* --force-reinstall"):
        assemble(TOY, tmp_path)
    assert names(tmp_path) == ["site", "toy.lock"]


def test_a_full_disk_is_known_beforehand(packages: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(module.shutil, "disk_usage", lambda _path: SimpleNamespace(free=len(WHOLE) - 1))
    with pytest.raises(BackendError, match=r"too little room in .* free 0\.0 GB"):
        assemble(TOY, tmp_path)


@pytest.mark.parametrize(
    ("number", "sentence"),
    [
        (errno.ENOSPC, "too little room"),
        (errno.EDQUOT, "too little room"),
        (errno.EIO, "could not be put together in"),
    ],
)
def test_a_disk_that_fails_half_way(packages: Path, tmp_path: Path, number: int, sentence: str):
    def fail(done: int, _total: int) -> None:
        if done > len(PARTS[0]):
            raise OSError(number, os.strerror(number))

    with pytest.raises(BackendError, match=sentence):
        assemble(TOY, tmp_path, fail)
    assert names(tmp_path) == ["site", "toy.lock"]


def test_progress_can_give_up(packages: Path, tmp_path: Path):
    def stop(_done: int, _total: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        assemble(TOY, tmp_path, stop)
    assert names(tmp_path) == ["site", "toy.lock"]
    assert assemble(TOY, tmp_path).read_bytes() == WHOLE


HOLD = """
import sys
from pathlib import Path
from gloss_lsp.backends.embedded.lock import locked
with locked(Path(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.read()
"""


@pytest.mark.parametrize("end", ["let go", "killed"])
def test_one_waits_for_another_process(packages: Path, tmp_path: Path, end: str):
    """The waiting one says how far the other is, and goes on when that one is done or dead."""
    (tmp_path / "toy.tmp").write_bytes(b"half")
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(tmp_path / "toy.lock")],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    with holder:
        assert holder.stdout.readline().strip() == b"held"
        seen: list[int] = []

        def progress(done: int, _total: int) -> None:
            seen.append(done)
            if len(seen) == 2:
                holder.kill() if end == "killed" else holder.stdin.close()

        assert assemble(TOY, tmp_path, progress).read_bytes() == WHOLE
    assert seen[:2] == [4, 4]


def test_a_lock_is_let_go_after_an_error(tmp_path: Path):
    def hold(reason: str) -> None:
        with locked(tmp_path / "lock"):
            raise ValueError(reason)

    for reason in ("first", "second"):
        with pytest.raises(ValueError, match=reason):
            hold(reason)


@pytest.mark.parametrize("weights", module.ALL, ids=lambda weights: weights.name)
def test_the_extras_install_the_parts_that_are_looked_for(weights: Weights):
    text = (Path(__file__).parents[2] / "pyproject.toml").read_text(encoding="utf-8")
    listed = text.split(f"\n{weights.extra} = [")[1].split("\n]")[0]
    for number in range(1, weights.parts + 1):
        assert f'"{weights.package.format(number).replace("_", "-")}==' in listed
    assert listed.count("-part") == weights.parts
