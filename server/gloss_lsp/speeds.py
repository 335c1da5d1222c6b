"""The file of how fast each model is on this machine: numbers alone, and nothing of what was asked.

Several servers may write it; each puts in what it has measured itself, and leaves the rest as it is.
"""

from __future__ import annotations

import asyncio
import json
import logging
import platform
import time
from typing import TYPE_CHECKING, Any, Final

from attrs import evolve

from gloss_lsp.backends.embedded.lock import locked
from gloss_lsp.core.choose import full_name
from gloss_lsp.core.speed import Measured, Speed, batch_for
from gloss_lsp.kept import make_private, replace_private, speeds_path

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from gloss_lsp.backends.base import Usage

_MOST: Final = 64
"""How many models are remembered; the one that was measured longest ago goes first."""
_INTERVAL: Final = 30.0
"""Seconds between two writings while answers come."""

logger = logging.getLogger(__name__)


class Speeds:
    """What is known of every model; read when it is first asked for."""

    def __init__(self, path: Path | None = None) -> None:
        self._path = path
        self._known: dict[str, Measured] | None = None
        self._new: dict[str, float] = {}
        """What was measured since the last writing, and when."""
        self._written_at = -_INTERVAL
        self._writing: asyncio.Task[None] | None = None

    def of(self, server: str, model: str) -> Measured:
        """What is known of a model.

        Args:
            server: the address of what answers for it; empty for the embedded engine.
            model: its name.
        """
        if self._known is None:
            self._known = {key: measured for key, (_, measured) in self._read().items()}
        return self._known.get(_key(server, model), Measured())

    def note(self, server: str, model: str, usage: Usage) -> None:
        """Learn from an answer."""
        before = self.of(server, model)
        self._put(server, model, before, before.with_answer(usage))

    def measure(self, server: str, model: str, usage: Usage) -> None:
        """Believe one answer alone, which was asked for to be measured."""
        before = self.of(server, model)
        now = Measured(
            Speed(usage.read_tokens or usage.prompt_tokens, usage.prompt_seconds),
            Speed(usage.tokens, usage.seconds),
            before.batch,
        )
        self._put(server, model, before, now)

    def batch(self, server: str, model: str, *, loaded: bool) -> int | None:
        """The batch to load a model with now, which is remembered; None: the server's own.

        Args:
            server: as in `of`.
            model: its name.
            loaded: whether it is loaded already.
        """
        if not self._new and (self._writing is None or self._writing.done()):
            self._known = None  # Another server may have chosen meanwhile.
        before = self.of(server, model)
        batch = batch_for(before, loaded=loaded)
        self._put(server, model, before, evolve(before, batch=batch), at_once=True)
        return batch

    async def aclose(self) -> None:
        """Write what is not written yet."""
        if self._writing is not None:
            await asyncio.wait({self._writing})
        await self._write()

    def _put(
        self, server: str, model: str, before: Measured, now: Measured, *, at_once: bool = False
    ) -> None:
        if now == before or self._known is None:
            return
        key = _key(server, model)
        self._known[key] = now
        self._new[key] = time.time()
        due = at_once or time.monotonic() - self._written_at >= _INTERVAL
        if due and (self._writing is None or self._writing.done()):
            self._writing = asyncio.create_task(self._write(), name="write speeds")

    async def _write(self) -> None:
        new, known = self._new, self._known
        if not new or known is None:
            return
        self._new, self._written_at = {}, time.monotonic()
        ours = {key: (at, known[key]) for key, at in new.items()}
        try:
            await asyncio.to_thread(self._merge, ours)
        except OSError as error:
            logger.info("speeds could not be written: %s", error)

    def _merge(self, ours: Mapping[str, tuple[float, Measured]]) -> None:
        make_private(self._file.parent)
        with locked(self._file.with_name("lock")):
            newest = sorted({**self._read(), **ours}.items(), key=lambda entry: entry[1][0])[-_MOST:]
            text = json.dumps({key: _raw(at, measured) for key, (at, measured) in newest}, indent=1)
            replace_private(self._file, text)

    def _read(self) -> dict[str, tuple[float, Measured]]:
        """What the file holds; what is damaged counts as not there."""
        try:
            raw = json.loads(self._file.read_text("utf-8"))
        except (OSError, ValueError, RecursionError):
            return {}
        entries = {key: _entry(value) for key, value in raw.items()} if isinstance(raw, dict) else {}
        return {key: entry for key, entry in entries.items() if entry is not None}

    @property
    def _file(self) -> Path:
        return self._path or speeds_path()


def _key(server: str, model: str) -> str:
    """The machine counts too: a user's folders may lie on a server that several machines share."""
    return " ".join((platform.node(), server or "embedded", full_name(model)))


def _raw(at: float, measured: Measured) -> dict[str, Any]:
    reading, writing = measured.reading, measured.writing
    return {
        "at": round(at),
        "reading": [round(reading.tokens, 1), round(reading.seconds, 4)],
        "writing": [round(writing.tokens, 1), round(writing.seconds, 4)],
        "batch": measured.batch,
    }


def _entry(raw: Any) -> tuple[float, Measured] | None:  # noqa: ANN401  # JSON
    try:
        batch = None if raw["batch"] is None else int(raw["batch"])
        reading, writing = (Speed(*map(float, raw[name])) for name in ("reading", "writing"))
        return float(raw["at"]), Measured(reading, writing, batch)
    except (KeyError, TypeError, ValueError, OverflowError):
        return None
