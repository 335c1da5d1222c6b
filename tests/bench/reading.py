"""What a keystroke makes a real Ollama read: in the form that Gloss asks in, beside the usual one.

    uv run --extra embedded python -m tests.bench.reading [--json FILE] [--places N]

Lines of a real module, with forty lines and more below them, are typed on key by key; the first key
in each form is not counted, since there the window is read. Needs what the tests with a real Ollama
need; some minutes.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import re
import sys
import textwrap
import time
from collections import defaultdict
from contextlib import aclosing
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from attrs import evolve, frozen
from rich.console import Console
from tests.bench.machine import Watch
from tests.bench.results import Results, Sample

from gloss_lsp.actions.complete import gap_at
from gloss_lsp.backends.base import BackendSettings, Fill, Usage
from gloss_lsp.backends.ollama import Ollama
from gloss_lsp.core.completion.context import Context
from gloss_lsp.core.completion.window import Limits, window
from gloss_lsp.core.text import Place, split_lines

if TYPE_CHECKING:
    from collections.abc import Iterator

SUBJECTS = ("Gloss", "usual form")
KEYS = 4
"""Keys that are counted at each place."""
BELOW = 40
SEED = 7


@frozen
class Typing:
    """A line that is typed on, in a module whose other lines are there."""

    lines: list[str]
    number: int
    start: int
    """Where the first key comes."""

    def context(self, key: int) -> Context:
        """The place after so many keys."""
        line, column = self.lines[self.number], self.start + key
        lines = [*self.lines[: self.number], line[:column] + "\n", *self.lines[self.number + 1 :]]
        return Context(window(lines, Place(self.number, column), Limits()), "python")


def places(count: int) -> Iterator[Typing]:
    """So many places inside lines of code, the same each time."""
    chance = random.Random(SEED)
    lines = split_lines(Path(textwrap.__file__).read_text("utf-8"))
    while count:
        number = chance.randrange(40, len(lines) - BELOW)
        line = lines[number].rstrip("\n")
        if re.match(r"\s+\w+(\.|\(| = | in )\S", line) and len(line.strip()) > 3 * KEYS:
            count -= 1
            indented = len(line) - len(line.lstrip())
            yield Typing(lines, number, chance.randrange(indented + 2, len(line) - 2 * KEYS))


async def measure(url: str, model: str, count: int) -> list[Sample]:
    """Type at so many places in both forms."""
    reading: dict[str, list[float]] = defaultdict(list)
    tokens: dict[str, list[float]] = defaultdict(list)
    whole: dict[str, list[float]] = defaultdict(list)
    ollama = Ollama(BackendSettings(url))
    await ollama.load(model)
    # Whoever types begins with a line, and Gloss learns there how the model answers.
    first, *counted = places(count + 1)
    beginning = len(first.lines[first.number]) - len(first.lines[first.number].lstrip())
    await ask(ollama, model, evolve(first, start=beginning).context(0), anchored=True)
    for typing in counted:
        for subject in SUBJECTS:
            for key in range(KEYS + 1):
                context = typing.context(key)
                began = time.monotonic()
                usage = await ask(ollama, model, context, anchored=subject == "Gloss")
                if key:
                    reading[subject].append(usage.prompt_seconds)
                    if usage.read_tokens is not None:
                        tokens[subject].append(usage.read_tokens)
                    whole[subject].append(time.monotonic() - began)
    await ollama.aclose()
    kinds = [
        ("reading for a keystroke", "s", reading),
        ("tokens read for a keystroke", "tokens", tokens),
        ("key to the whole answer", "s", whole),
    ]
    return [Sample(what, name, unit, values[name]) for what, unit, values in kinds for name in SUBJECTS]


async def ask(ollama: Ollama, model: str, context: Context, *, anchored: bool) -> Usage:
    """What it costs to have the model complete."""
    gap = gap_at(context, 48)
    since = gap.since_anchor if anchored else None
    usage = Usage()
    request = Fill(model, gap.prefix, gap.suffix, gap.max_tokens, gap.stop, since_anchor=since)
    async with aclosing(ollama.fill(request)) as pieces:
        async for piece in pieces:
            usage = piece.usage or usage
    return usage


def main() -> None:
    """Measure, and print a table."""
    sys.path.insert(0, str(Path(__file__).parents[1] / "real"))
    import ollama_rig  # it is found only now

    parser = argparse.ArgumentParser(prog="python -m tests.bench.reading")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the results there too")
    parser.add_argument("--places", type=int, default=20, help="how many lines are typed on")
    options = parser.parse_args()
    watch = Watch()
    with TemporaryDirectory() as folder, ollama_rig.running(Path(folder)) as running:
        samples = asyncio.run(measure(running.url, ollama_rig.CODER, options.places))
    results = Results(samples, watch.told())
    for table in results.tables():
        Console(width=120).print(table)
    if options.json:
        options.json.write_text(json.dumps(results.to_json(), indent=1) + "\n")


if __name__ == "__main__":
    main()
