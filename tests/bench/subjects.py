"""What all that is measured side by side can do, and the direct call to Ollama, without a server.

Each has an Ollama of its own. All offer the same: complete at a place where something was just typed,
stream an explanation, begin something and stop it. Times are `time.monotonic_ns()`, which the stand-in
for Ollama uses too.
"""

from __future__ import annotations

import asyncio
import json
import time
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any, Literal, Protocol

import httpx

from fake import FakeOllama

if TYPE_CHECKING:
    from collections.abc import Callable

    from typing_extensions import Self

Task = Literal["completion", "job"]
KINDS = {"completion": "fill", "job": "chat"}
"""What each asks of Ollama, in the words of the stand-in."""


class Subject(Protocol):
    name: str
    fake: FakeOllama

    def open(self, lines: int) -> None:
        """Open a document of so many lines; what follows happens there."""

    def turn_to(self, lines: int) -> None:
        """Go back to the document of so many lines that was opened last."""

    def complete(self) -> int:
        """Type a character, ask for a completion, and wait for it; when that began."""

    def explain(self) -> list[tuple[int, str]]:
        """Run a job to its end; the texts that were shown, and when they came."""

    def begin(self, task: Task) -> Any:
        """Start something."""

    def wait(self, until: Callable[[], Any]) -> None:
        """Wait for something that happens at the fake."""

    def stop(self, begun: Any) -> int:
        """Stop it, as an editor does; when that was said."""

    def __enter__(self) -> Self: ...

    def __exit__(self, *_: object) -> None: ...


def document(lines: int) -> str:
    """Code, with an empty line in its middle to type in."""
    text = [f"    value_{number} = compute(value_{number - 1}, {number})\n" for number in range(lines)]
    text[lines // 2] = "    \n"
    return "def everything():\n" + "".join(text[1:])


class Direct:
    """httpx, without a server between."""

    name = "direct httpx"

    def __enter__(self) -> Self:
        self.stack = ExitStack()
        self.fake = self.stack.enter_context(FakeOllama())
        self.loop = asyncio.new_event_loop()
        self.stack.callback(self.loop.close)
        self.client = httpx.AsyncClient(base_url=self.fake.url, timeout=None, trust_env=False)
        self.stack.callback(lambda: self.loop.run_until_complete(self.client.aclose()))
        return self

    def __exit__(self, *_: object) -> None:
        self.stack.close()

    def open(self, lines: int) -> None:
        code = document(80)
        self.bodies: dict[Task, dict[str, Any]] = {
            "completion": {"model": "qwen2.5-coder:1.5b", "prompt": code[:2000], "suffix": code[2000:2500]},
            "job": {"model": "qwen2.5-coder:1.5b", "messages": [{"role": "user", "content": code[:2500]}]},
        }
        self.complete()

    def turn_to(self, lines: int) -> None:
        """It makes no difference here."""

    def complete(self) -> int:
        began = time.monotonic_ns()
        self.loop.run_until_complete(self._read("completion"))
        return began

    def explain(self) -> list[tuple[int, str]]:
        return self.loop.run_until_complete(self._read("job"))

    def begin(self, task: Task) -> asyncio.Task[Any]:
        return self.loop.create_task(self._read(task))

    def wait(self, until: Callable[[], Any]) -> None:
        self.loop.run_until_complete(asyncio.to_thread(until))

    def stop(self, begun: asyncio.Task[Any]) -> int:
        said = time.monotonic_ns()
        begun.cancel()
        self.loop.run_until_complete(asyncio.wait({begun}))
        return said

    async def _read(self, task: Task) -> list[tuple[int, str]]:
        path = "/api/generate" if task == "completion" else "/api/chat"
        shown: list[tuple[int, str]] = []
        async with self.client.stream("POST", path, json=self.bodies[task]) as response:
            async for line in response.aiter_lines():
                said = json.loads(line)
                shown.append(
                    (time.monotonic_ns(), said.get("response") or said.get("message", {}).get("content", ""))
                )
        return shown
