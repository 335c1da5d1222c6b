"""One OpenAI-compatible server, four editors with four jobs each; and beside them a client without editors.

What the server's log says is how late it could write each piece: a client that does not keep up makes
it wait. How old the newest word is where it is shown is seen at the other end.
"""

from __future__ import annotations

import asyncio
import json
import re
import time
from contextlib import ExitStack
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import httpx
from raw_connection import result
from tests.bench.editor import COMMANDS, Timed, environment, introduce
from tests.bench.results import STREAMS, Sample
from tests.bench.subjects import document

from fake import FakeOpenAI

if TYPE_CHECKING:
    from collections.abc import Iterator

EDITORS, JOBS = 4, 4
GAP = 0.01
"""Seconds between two tokens of a stream."""
MODEL = "Qwen/Qwen2.5-Coder-7B"
AGE = "age of the newest word, sixteen streams"
LIMIT = 120.0
"""Seconds for all of it."""

_STAMP = re.compile(r"\d{10,}")


def measure(tokens: int) -> Iterator[Sample]:
    """The two, one after the other, each on a server that has done nothing before."""
    shown: list[Sample] = []
    for name, run in (("direct httpx", _direct), ("Gloss", _editors)):
        with FakeOpenAI() as fake:
            ages = run(fake, tokens)
            entries = fake.requests("chat")
        late = [lateness / 1e6 for entry in entries for lateness in entry["late"]]
        yield Sample(STREAMS, name, "ms", late, _counts(entries))
        shown.append(Sample(AGE, name, "ms", ages))
    yield from shown


def _direct(fake: FakeOpenAI, tokens: int) -> list[float]:
    _tell(fake, tokens)

    async def read(client: httpx.AsyncClient) -> list[float]:
        body = {"model": MODEL, "messages": [{"role": "user", "content": document(80)}], "stream": True}
        ages = []
        async with client.stream("POST", "/v1/chat/completions", json=body) as response:
            async for line in response.aiter_lines():
                if line.startswith("data: {"):
                    [choice] = json.loads(line[6:])["choices"]
                    stamps = _STAMP.findall(choice["delta"]["content"])
                    ages += [(time.monotonic_ns() - int(stamp)) / 1e6 for stamp in stamps]
        return ages

    async def all_of_them() -> list[list[float]]:
        async with httpx.AsyncClient(base_url=fake.url, timeout=None, trust_env=False) as client:
            return await asyncio.gather(*(read(client) for _ in range(EDITORS * JOBS)))

    return [age for ages in asyncio.run(all_of_them()) for age in ages]


def _editors(fake: FakeOpenAI, tokens: int) -> list[float]:
    with ExitStack() as stack:
        editors = []
        for _ in range(EDITORS):
            folder = stack.enter_context(TemporaryDirectory())
            env = {**environment(folder, fake.url), "GLOSS_BACKEND_KIND": "openai"}
            editor = stack.enter_context(Timed(COMMANDS["Gloss"], env=env))
            introduce(editor)
            editor.open("file:///bench/file.py", document(80))
            result(editor.wait(_explain(editor, "first"), LIMIT))
            editors.append(editor)
        fake.reset()
        _tell(fake, tokens)
        begun = [(editor, _explain(editor, f"job {number}")) for number in range(JOBS) for editor in editors]
        for editor, request in begun:
            result(editor.wait(request, LIMIT))
        return [age for editor in editors for age in _ages(editor)]


def _explain(editor: Timed, token: str) -> int:
    range_ = {"start": {"line": 30, "character": 0}, "end": {"line": 38, "character": 0}}
    argument = {"uri": "file:///bench/file.py", "range": range_}
    params = {"command": "gloss.explain", "arguments": [argument], "workDoneToken": token}
    return editor.start("workspace/executeCommand", params)


def _ages(editor: Timed) -> Iterator[float]:
    for message in editor.messages:
        if message.get("method") == "$/progress":
            stamps = _STAMP.findall(message["params"]["value"].get("message") or "")
            if stamps:
                yield (message["at"] - int(stamps[-1])) / 1e6


def _tell(fake: FakeOpenAI, tokens: int) -> None:
    rule = {
        "kind": "chat",
        "pieces": ["word "],
        "repeat": tokens,
        "gap": GAP,
        "stamped": True,
        "usage": False,
    }
    fake.script(rules=[rule])


def _counts(entries: list[dict[str, Any]]) -> dict[str, int]:
    lengths = [entry["ended_at"] - entry["first_piece_at"] for entry in entries]
    last_begun = max(entry["first_piece_at"] for entry in entries)
    return {
        "streams": len(entries),
        "at_once": sum(entry["ended_at"] > last_begun for entry in entries),
        "pieces": sum(entry["pieces"] for entry in entries),
        "milliseconds": round(max(lengths) / 1e6),
    }
