"""llama.cpp's server with the embedded weights, as a server of its own: reached by its address and a key."""

from __future__ import annotations

import json
import subprocess
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

from attrs import frozen

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

KEY = "a-key-of-the-team"


@frozen
class LlamaServer:
    """A server that runs."""

    url: str
    process: int

    @property
    def settings(self) -> dict[str, str]:
        """The variables that lead Gloss to it, as a user would set them."""
        return settings(self.url) | {
            "GLOSS_BACKEND_HEADERS": '{"Authorization": "Bearer ${GLOSS_API_KEY}"}',
            "GLOSS_API_KEY": KEY,
        }


def settings(url: str) -> dict[str, str]:
    """The variables that lead Gloss to an OpenAI-compatible server."""
    return {"GLOSS_BACKEND_KIND": "openai", "GLOSS_BACKEND_URL": f"{url}/v1"}


@contextmanager
def running(weights: Path, context: int = 2048) -> Iterator[LlamaServer]:
    """A server that has loaded these weights; it ends with the block."""
    command = [sys.executable, "-m", "gloss_lsp.backends.embedded.engine"]
    with (
        (weights.parent / "llama-server.log").open("wb") as log,
        subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log) as process,
    ):
        try:
            orders = {"model": str(weights), "context": context, "keep_alive": -1, "key": KEY}
            process.stdin.write(json.dumps(orders).encode() + b"\n")
            process.stdin.flush()
            answer = json.loads(process.stdout.readline())
            assert "url" in answer, answer
            yield LlamaServer(answer["url"], process.pid)
        finally:
            process.kill()
