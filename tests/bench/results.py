"""What was measured: samples, the goals, a table for people and JSON for machines."""

from __future__ import annotations

import statistics
from typing import TYPE_CHECKING, Any

from attrs import field, frozen
from rich.table import Table

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

STREAMS = "how late a server of sixteen streams writes"


@frozen
class Sample:
    """One measure of one subject."""

    measure: str
    subject: str
    unit: str
    values: Sequence[float]
    counts: dict[str, int] = field(factory=dict)
    """Where something was stopped: how many sockets were ``closed``, of how many ``stopped``; where streams
    run together: how many, how many ``at_once``, how many ``pieces`` were written, and ``milliseconds`` that
    the longest took."""

    @property
    def median(self) -> float:
        return statistics.median(self.values)

    @property
    def p95(self) -> float:
        ordered = sorted(self.values)
        return ordered[min(len(ordered) - 1, int(len(ordered) * 0.95))]

    def told(self) -> dict[str, Any]:
        """As it stands in JSON; without numbers where nothing could be timed."""
        told: dict[str, Any] = {"measure": self.measure, "subject": self.subject, "unit": self.unit}
        told |= {"n": len(self.values), **self.counts}
        if not self.values:
            return {**told, "median": None, "p95": None, "min": None, "max": None}
        least, most = min(self.values), max(self.values)
        numbers = {"median": self.median, "p95": self.p95, "min": least, "max": most}
        return told | {name: round(number, 3) for name, number in numbers.items()}


class Results:
    """All samples of a run."""

    def __init__(self, samples: Sequence[Sample], machine: dict[str, Any]) -> None:
        self.samples = samples
        self.machine = machine

    def to_json(self) -> dict[str, Any]:
        return {
            "machine": self.machine,
            "samples": [sample.told() for sample in self.samples],
            "goals": self.goals(),
        }

    def goals(self) -> list[dict[str, Any]]:
        """What is to be reached on an idle machine, as far as it was measured."""
        found = {(sample.measure, sample.subject): sample for sample in self.samples}
        goals = []

        def goal(
            text: str, measure: str, limit: float, over: str, value: Callable[[Sample, Sample], float]
        ) -> None:
            gloss, base = found.get((measure, "Gloss")), found.get((measure, over))
            if gloss is not None and base is not None:
                reached = value(gloss, base)
                goals.append(
                    {"goal": text, "value": round(reached, 3), "limit": limit, "reached": reached <= limit}
                )

        # Who shares the caches and the cores adds to CPU time and never takes from it: the least is the cost.
        text = "start-up CPU, times that of bare pygls"
        goal(
            text, "start-up CPU", 1.2, "bare pygls", lambda gloss, bare: min(gloss.values) / min(bare.values)
        )
        for lines in ("2,000", "50,000"):
            measure = f"first byte, {lines} lines"
            text = f"{measure}: ms over a direct call"
            goal(text, measure, 8.0, "direct httpx", lambda gloss, direct: gloss.median - direct.median)
        measure = "first piece to first words"
        goal(f"{measure}, ms", measure, 3.0, "direct httpx", lambda gloss, _: gloss.median)
        measure = "reading for a keystroke"
        text = f"{measure}, times that in the usual form"
        goal(text, measure, 0.1, "usual form", lambda gloss, usual: gloss.median / usual.median)
        for sample in self.samples:
            if sample.subject == "Gloss" and sample.measure == STREAMS:
                text = f"{sample.measure}: ms at the 95th percentile"
                value = round(sample.p95, 3)
                goals.append({"goal": text, "value": value, "limit": 10.0, "reached": value <= 10})
            if sample.subject == "Gloss" and "stopped" in sample.counts:
                left = sample.counts["stopped"] - sample.counts["closed"]
                text = f"{sample.measure}: sockets left open"
                goals.append({"goal": text, "value": left, "limit": 0, "reached": not left})
        return goals

    def tables(self) -> list[Table]:
        """The same for people."""
        table = Table("measure", title="Overhead", title_justify="left")
        table.add_column("subject", no_wrap=True)
        for name in ("median", "p95", "min", "max", "n"):
            table.add_column(name, justify="right")
        table.add_column("")
        for index, sample in enumerate(self.samples):
            told = sample.told()
            again = index and self.samples[index - 1].measure == sample.measure
            numbers = [_short(told[name]) for name in ("median", "p95", "min", "max")]
            counts = f"{told['closed']} of {told['stopped']} closed" if "stopped" in sample.counts else ""
            name = "" if again else f"{sample.measure}, {sample.unit}"
            if not again and index:
                table.add_section()
            table.add_row(name, sample.subject, *numbers, str(told["n"]), counts)
        goals = Table("goal", "value", "limit", "", title="Goals", title_justify="left")
        for goal in self.goals():
            reached = "reached" if goal["reached"] else "missed"
            goals.add_row(goal["goal"], _short(goal["value"]), _short(goal["limit"]), reached)
        return [table, goals]


def _short(number: float | None) -> str:
    return "" if number is None else f"{number:.2f}" if number < 100 else f"{number:.0f}"
