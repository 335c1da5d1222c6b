"""Starts the engine in a child process, keeps what it logs, and says why it ended."""

from __future__ import annotations

import asyncio
import json
import re
import secrets
import signal
import subprocess
import sys
from contextlib import suppress
from typing import TYPE_CHECKING, Any, cast

from gloss_lsp.backends.embedded.weights import SMALL
from gloss_lsp.errors import BackendError, OutOfMemory

if TYPE_CHECKING:
    from asyncio import StreamReader, StreamWriter
    from asyncio.subprocess import Process
    from pathlib import Path

_LOG_BYTES = 16 * 1024
_WANT_OF_MEMORY = re.compile(
    r"insufficient memory|Cannot allocate memory|failed to allocate|out of memory", re.IGNORECASE
)
"""How llama.cpp says so: in ggml's allocator, for mmap, for buffers, and in the GPU drivers."""

_SAVE_MEMORY = (
    "close other programs, set a smaller `gloss.models.contextLength`, "
    f"or take a smaller model ({SMALL.install})"
)
_KEEP_ALIVE = 30 * 60
_UNITS = {"ns": 1e-9, "us": 1e-6, "µs": 1e-6, "ms": 1e-3, "s": 1.0, "m": 60.0, "h": 3600.0}


class Engine:
    """A child process that serves one model; made by `start`."""

    def __init__(self, process: Process, key: str) -> None:
        self.key = key
        """What a request has to bring as its bearer token."""
        self.url = ""
        self.context = 0
        """Tokens that the model was loaded with."""
        self._process = process
        # All three were asked for, so they are there.
        self._stdin = cast("StreamWriter", process.stdin)
        self._stdout = cast("StreamReader", process.stdout)
        self._stderr = cast("StreamReader", process.stderr)
        self._log = bytearray()
        self._logging = asyncio.create_task(self._keep_log())

    @property
    def running(self) -> bool:
        """Whether it can be asked, as far as is known."""
        return self._process.returncode is None

    @property
    def identity(self) -> int:
        """The process id."""
        return self._process.pid

    async def ending(self) -> BackendError | None:
        """Why it ended; None where it still runs a second later.

        A broken connection is seen before the end of the process, hence the second.
        """
        try:
            await asyncio.wait_for(self._process.wait(), 1)
        except asyncio.TimeoutError:
            return None
        await asyncio.wait({self._logging})
        return self._error(f"ended with code {self._process.returncode}")

    async def stop(self) -> None:
        """End it at once: it holds nothing that is worth keeping."""
        with suppress(ProcessLookupError):
            self._process.kill()
        await self._process.wait()
        await asyncio.wait({self._logging})
        self._stdin.close()

    async def order(self, orders: dict[str, Any]) -> None:
        """Say what to serve, and wait until it does. Raises `OutOfMemory`, or `BackendError`."""
        # One that is gone already is noticed by its silence.
        with suppress(ConnectionError):
            self._stdin.write(json.dumps({**orders, "key": self.key}).encode() + b"\n")
            await self._stdin.drain()
        line = await self._stdout.readline()
        answer = json.loads(line) if line else {}
        if "url" not in answer:
            await self._process.wait()
            await asyncio.wait({self._logging})
            raise self._error(answer.get("problem") or f"ended with code {self._process.returncode}")
        self.url, self.context = answer["url"], answer["context"]

    async def _keep_log(self) -> None:
        while chunk := await self._stderr.read(4096):
            self._log += chunk
            del self._log[:-_LOG_BYTES]

    def _error(self, problem: str) -> BackendError:
        log = self._log.decode("utf-8", "replace")
        if sys.platform != "win32" and self._process.returncode == -signal.SIGKILL:
            return OutOfMemory(
                f"The embedded engine was killed, most likely for want of memory: {_SAVE_MEMORY}."
            )
        if _WANT_OF_MEMORY.search(log):
            return OutOfMemory(f"There is not enough free memory for the embedded model: {_SAVE_MEMORY}.")
        complaints = re.findall(r"^\S+ E (.*)", log, re.MULTILINE) or log.strip().splitlines()[-1:]
        reason = f"{problem}: {complaints[0].strip()}" if complaints else problem
        return BackendError(f"The embedded engine does not run ({reason}).")


async def start(weights: Path, context: int | None, keep_alive: str | int | None) -> Engine:
    """Start an engine with these weights, and wait until it has loaded them.

    `context` is in tokens, None leaves it to the engine. After `keep_alive` (as Ollama takes it)
    without a request it gives the memory back until the next one. Raises as `Engine.order`.
    """
    options: dict[str, Any] = {}
    if sys.platform == "win32":
        options["creationflags"] = subprocess.CREATE_NO_WINDOW
    else:
        # Ctrl+C in a terminal is for Gloss, which then ends the engine.
        options["start_new_session"] = True
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "gloss_lsp.backends.embedded.engine",
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        # With -m Python looks for modules in the current folder first, which could be anybody's repository.
        cwd=weights.parent,
        **options,
    )
    engine = Engine(process, secrets.token_urlsafe(32))
    try:
        await engine.order({"model": str(weights), "context": context, "keep_alive": seconds(keep_alive)})
    except BaseException:
        await engine.stop()
        raise
    return engine


def seconds(keep_alive: str | int | None) -> int:
    """Whole seconds of a time as Ollama takes it: a number of seconds or a Go duration; -1: for ever.

    Nothing set means half an hour, as everywhere in Gloss; 0 becomes a second, the least that the
    engine knows.
    """
    if keep_alive is None:
        return _KEEP_ALIVE
    text = str(keep_alive)
    if text.startswith("-"):
        return -1
    parts = re.findall(r"([\d.]+)(ns|us|µs|ms|s|m|h)", text)
    total = sum(float(number) * _UNITS[unit] for number, unit in parts) if parts else float(text)
    return max(1, round(total))
