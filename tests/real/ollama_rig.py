"""A real Ollama of the tests' own: its models from the embedded weights, its start and its end."""

from __future__ import annotations

import os
import shlex
import shutil
import signal
import socket
import subprocess
import sys
import time
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx
import ollama_build

from gloss_lsp.backends.embedded import weights

if TYPE_CHECKING:
    from collections.abc import Iterator

CODER = "gloss-test:1.5b"
"""Has a template with a place for a suffix."""
MINE = "my-coder:latest"
"""The same weights; the template says nothing of filling in."""

_TURN = "<|im_start|>{{ .Role }}\n{{ .Content }}<|im_end|>\n"
_CHAT = f"{{{{- range .Messages }}}}{_TURN}{{{{ end }}}}<|im_start|>assistant\n"
_INSERT = "{{- if .Suffix }}<|fim_prefix|>{{ .Prompt }}<|fim_suffix|>{{ .Suffix }}<|fim_middle|>{{- else }}"
_TEMPLATES = {CODER: f"{_INSERT}{_CHAT}{{{{- end }}}}", MINE: _CHAT}
_SHIMS = Path(__file__).parent / "shims"


class Ollama:
    """A server that runs. Nobody else's is touched: address, home and models are its own."""

    def __init__(self, folder: Path, program: Path) -> None:
        self.folder = folder
        self.models = folder / "models"
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self._program = program
        self._process: subprocess.Popen[bytes] | None = None
        self.client = httpx.Client(base_url=self.url, timeout=httpx.Timeout(300, connect=5), trust_env=False)

    @property
    def log(self) -> str:
        """What it has said so far."""
        path = self.folder / "log"
        return path.read_text(encoding="utf-8", errors="replace") if path.exists() else ""

    def wait_for(self, words: str, times: int) -> None:
        """Wait until it has said these words so many times; it has no other way to say how far it is."""
        while self.log.count(words) < times:
            time.sleep(0.02)

    def start(self) -> None:
        """Start it, and wait until it answers."""
        environment = {
            "PATH": os.environ["PATH"],
            "HOME": str(self.folder / "home"),
            "OLLAMA_HOST": f"127.0.0.1:{self.port}",
            "OLLAMA_MODELS": str(self.models),
            "OLLAMA_CONTEXT_LENGTH": "4096",
            "OLLAMA_NUM_PARALLEL": "1",
            "NO_PROXY": "*",
        }
        with (self.folder / "log").open("ab") as log:
            self._process = subprocess.Popen(
                [self._program, "serve"],
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        deadline = time.monotonic() + 60
        while not self._answers():
            if self._process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"Ollama did not start:\n{self.log[-4000:]}")
            time.sleep(0.05)

    def stop(self) -> None:
        """End it in good order, and the runners that it started."""
        if self._process:
            self._process.terminate()
            with suppress(subprocess.TimeoutExpired):
                self._process.wait(20)
            self.kill()

    def kill(self) -> None:
        """End it as a crash would, and its runners with it, which would outlive it."""
        if self._process:
            with suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()
            self._process = None

    def ask(self, method: str, path: str, body: Any = None) -> Any:
        """A direct request, for what tests look at beside Gloss."""
        answer = self.client.request(method, path, json=body)
        answer.raise_for_status()
        return answer.json() if answer.content else None

    def loaded(self) -> dict[str, Any]:
        """The models in memory, by name, as `/api/ps` describes them."""
        return {model["name"]: model for model in self.ask("GET", "/api/ps")["models"]}

    def create(self, whole: Path, digest: str) -> None:
        """Make the models of the tests from a GGUF file, without a copy of it where links can be made."""
        blob = self.models / "blobs" / f"sha256-{digest}"
        blob.parent.mkdir(parents=True, exist_ok=True)
        try:
            blob.hardlink_to(whole)
        except OSError:
            shutil.copyfile(whole, blob)
        for name, template in _TEMPLATES.items():
            self.ask(
                "POST",
                "/api/create",
                {
                    "model": name,
                    "files": {"weights.gguf": f"sha256:{digest}"},
                    "template": template,
                    "parameters": {"stop": ["<|im_end|>", "<|endoftext|>"]},
                    "stream": False,
                },
            )

    def _answers(self) -> bool:
        try:
            return self.client.get("/api/version").is_success
        except httpx.TransportError:
            return False


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def embedded_weights() -> Path:
    """The whole 1.5B model, put together by Gloss from its parts, in the cache of the tests."""
    return weights.assemble(weights.LARGE, ollama_build.cache() / "models")


@contextmanager
def running(folder: Path) -> Iterator[Ollama]:
    """A real Ollama that has `CODER` and `MINE`. Its folder is emptied at the end: it holds gigabytes."""
    ollama = Ollama(folder, lay_out(folder, ollama_build.ollama()))
    try:
        ollama.start()
        ollama.create(embedded_weights(), weights.LARGE.sha256)
        yield ollama
    finally:
        ollama.client.close()
        ollama.stop()
        shutil.rmtree(ollama.models, ignore_errors=True)


def lay_out(folder: Path, built: Path) -> Path:
    """Put the program beside the two helpers that it looks for in `../lib/ollama`."""
    program = folder / "bin" / "ollama"
    helpers = folder / "lib" / "ollama"
    for new in (program.parent, helpers, folder / "home"):
        new.mkdir(parents=True)
    try:
        program.hardlink_to(built)
    except OSError:
        shutil.copy2(built, program)
    for name in ("llama-server", "llama-quantize"):
        script = _SHIMS / f"{name.replace('-', '_')}.py"
        helper = helpers / name
        helper.write_text(f'#!/bin/sh\nexec {shlex.quote(sys.executable)} {shlex.quote(str(script))} "$@"\n')
        helper.chmod(0o755)
    return program
