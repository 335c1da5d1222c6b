"""The measures. Subjects take turns within each, so that a busy moment of the machine meets all of them."""

from __future__ import annotations

import re
import time
from collections import defaultdict
from contextlib import suppress
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from attrs import frozen
from raw_client import ServerProcess
from tests.bench import load
from tests.bench.editor import COMMANDS, LANGUAGE_SERVERS, Editor, environment, introduction
from tests.bench.machine import cpu_seconds, resident_mib
from tests.bench.results import Sample
from tests.bench.subjects import KINDS, Task

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tests.bench.subjects import Subject

FILES = (2000, 50000)
"""Lines of the documents that are typed in."""

PAUSE = 0.02
"""Seconds in which a server can finish what it does after it has answered."""

_STAMP = re.compile(r"\d{10,}")


@frozen
class Size:
    """How often each is done."""

    completions: int = 200
    jobs: int = 50
    streams: int = 5
    stops: int = 40
    starts: int = 15
    remembered: int = 1000
    """Completions after which memory is looked at."""
    tokens: int = 500
    """Of each of the streams that run together, a hundred a second."""


SMALLEST = Size(completions=30, jobs=8, streams=1, stops=8, starts=10, remembered=100, tokens=100)


def completion(subjects: Sequence[Subject], size: Size) -> Iterator[Sample]:
    """From a character typed to the first byte that comes to Ollama, for a completion."""
    for subject in subjects:
        for lines in FILES:
            subject.open(lines)
    _tell(subjects)
    began: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for turn, subject in enumerate(_in_turns(subjects, len(FILES) * size.completions)):
        lines = FILES[turn // len(subjects) % len(FILES)]
        subject.turn_to(lines)
        began[subject.name].append((lines, subject.complete()))
    for lines in FILES:
        for subject in subjects:
            asked = zip(began[subject.name], subject.fake.requests("fill"), strict=True)
            times = [(entry["first_byte_at"] - at) / 1e6 for (where, at), entry in asked if where == lines]
            yield Sample(f"first byte, {lines:,} lines", subject.name, "ms", times)


def progress(subjects: Sequence[Subject], size: Size) -> Iterator[Sample]:
    """From the first piece that Ollama writes to the first words of it in the editor."""
    rule = {
        "kind": "chat",
        "pieces": ["word "],
        "repeat": 3,
        "gap": 0.005,
        "first_delay": 0.02,
        "stamped": True,
    }
    shown: dict[str, list[int]] = {subject.name: [] for subject in subjects}
    _tell(subjects, rule)
    for subject in _in_turns(subjects, size.jobs):
        shown[subject.name].append(next(at for at, text in subject.explain() if _STAMP.search(text)))
    for subject in subjects:
        written = [entry["first_piece_at"] for entry in subject.fake.requests("chat")]
        times = _milliseconds(written, shown[subject.name])
        yield Sample("first piece to first words", subject.name, "ms", times)


def age(subjects: Sequence[Subject], size: Size) -> Iterator[Sample]:
    """How old the newest word is when it is shown."""
    for what, repeat, gap in (("a piece every 10 ms", 150, 0.01), ("pieces without a pause", 2000, 0.0)):
        _tell(subjects, {"kind": "chat", "pieces": ["word "], "repeat": repeat, "gap": gap, "stamped": True})
        ages: dict[str, list[float]] = {subject.name: [] for subject in subjects}
        for subject in _in_turns(subjects, size.streams):
            for at, text in subject.explain():
                stamps = _STAMP.findall(text)
                if stamps:
                    ages[subject.name].append((at - int(stamps[-1])) / 1e6)
        for subject in subjects:
            yield Sample(f"age of the newest word, {what}", subject.name, "ms", ages[subject.name])


def cancel(subjects: Sequence[Subject], size: Size) -> Iterator[Sample]:
    """From a cancellation to the closed socket at Ollama."""
    # Then it waits, so that what a server does not stop costs the others nothing.
    begun = {"pieces": [" + one"], "repeat": 3, "gap": 0.02, "end": "hang"}
    yield from _cancel(subjects, size, "completion", "before its first piece", {"first_delay": 60})
    yield from _cancel(subjects, size, "completion", "after its first piece", begun)
    yield from _cancel(subjects, size, "job", "after its first piece", begun)


def streams(_: Sequence[Subject], size: Size) -> Iterator[Sample]:
    """One server, four editors, sixteen streams of a hundred tokens a second."""
    yield from load.measure(size.tokens)


def start(_: Sequence[Subject], size: Size) -> Iterator[Sample]:
    """What starting costs until `initialize` is answered."""
    cpu: dict[str, list[float]] = {name: [] for name in LANGUAGE_SERVERS}
    wall: dict[str, list[float]] = {name: [] for name in LANGUAGE_SERVERS}
    for turn in range(size.starts + 1):
        for name in LANGUAGE_SERVERS:
            used, took = _start(name)
            # The first start may compile modules.
            if turn:
                cpu[name].append(used)
                wall[name].append(took)
    for name in LANGUAGE_SERVERS:
        yield Sample("start-up CPU", name, "ms", cpu[name])
    for name in LANGUAGE_SERVERS:
        yield Sample("start-up, by the clock", name, "ms", wall[name])


def memory(_: Sequence[Subject], size: Size) -> Iterator[Sample]:
    """What a server keeps in memory."""
    samples = []
    for name in LANGUAGE_SERVERS:
        with Editor(name) as editor:
            samples.append(Sample("memory, idle", name, "MiB", [resident_mib(editor.process)]))
            editor.open(2000)
            samples.append(Sample("memory, 2,000 lines open", name, "MiB", [resident_mib(editor.process)]))
            for number in range(size.remembered):
                if number % 500 == 0:
                    editor.open(2000)  # A line that is typed on for ever is not code.
                editor.complete()
            what = f"memory, after {size.remembered:,} completions"
            samples.append(Sample(what, name, "MiB", [resident_mib(editor.process)]))
    yield from sorted(samples, key=lambda sample: [each.measure for each in samples].index(sample.measure))


MEASURES = {
    measure.__name__: measure for measure in (completion, progress, age, cancel, start, memory, streams)
}


def _cancel(
    subjects: Sequence[Subject], size: Size, task: Task, when: str, rule: dict[str, object]
) -> Iterator[Sample]:
    kind = KINDS[task]
    stopped: dict[str, list[int]] = {subject.name: [] for subject in subjects}
    _tell(subjects)
    for subject in subjects:
        for number in range(size.stops):
            subject.open(FILES[0] + number)
    _tell(subjects, {"kind": kind, **rule})
    for turn, subject in enumerate(_in_turns(subjects, size.stops)):
        count = turn // len(subjects) + 1
        # Each in a document of its own, since a newer request in the same one would stop it as well.
        subject.turn_to(FILES[0] + count - 1)
        begun = subject.begin(task)
        reached = subject.fake.wait_for_piece if "pieces" in rule else subject.fake.wait_for_request
        subject.wait(lambda reached=reached, count=count: reached(count, kind=kind))
        stopped[subject.name].append(subject.stop(begun))
        # Some answer before they close the socket: what comes next must not get in their way.
        time.sleep(PAUSE)
    for subject in subjects:
        # Not all servers stop everything: that is among what is measured.
        with suppress(AssertionError):
            subject.fake.wait_closed(size.stops, timeout=2, kind=kind)
        pairs = list(zip(stopped[subject.name], subject.fake.requests(kind), strict=True))
        closed = [(said, entry["closed_at"]) for said, entry in pairs if entry.get("closed_while_active")]
        times = _milliseconds([said for said, _ in closed], [at for _, at in closed])
        counts = {"closed": len(closed), "stopped": size.stops}
        yield Sample(f"cancel to closed socket, {task} {when}", subject.name, "ms", times, counts)


def _start(name: str) -> tuple[float, float]:
    """Milliseconds of CPU, and by the clock, until a server has answered `initialize`."""
    with TemporaryDirectory() as folder:
        began = time.monotonic()
        with ServerProcess(COMMANDS[name], env=environment(folder, "http://127.0.0.1:9")) as client:
            client.request("initialize", introduction(), 60)
            return cpu_seconds(client.process.pid) * 1e3, (time.monotonic() - began) * 1e3


def _tell(subjects: Sequence[Subject], *rules: dict[str, object]) -> None:
    for subject in subjects:
        subject.fake.reset()
        subject.fake.script(rules=list(rules), parallel=100)


def _in_turns(subjects: Sequence[Subject], times: int) -> Iterator[Subject]:
    """Each subject so often, in rounds, each round begun by another."""
    for turn in range(times):
        first = turn % len(subjects)
        yield from (*subjects[first:], *subjects[:first])


def _milliseconds(began: Sequence[int], ended: Sequence[int]) -> list[float]:
    return [(end - begin) / 1e6 for begin, end in zip(began, ended, strict=True)]
