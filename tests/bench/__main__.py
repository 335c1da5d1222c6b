"""What a server between editor and model costs: a direct httpx call, a bare pygls server and Gloss side by side.

    uv run python -m tests.bench [--json FILE] [--smallest] [--only NAME]

For each, against a stand-in for Ollama on a real socket: how long after a character is typed the
first byte comes to Ollama, when the first piece and the newest word are shown, when a cancelled
request is given up at Ollama, what starting costs, and memory. Linux; about two minutes.
"""

from __future__ import annotations

import argparse
import json
from contextlib import ExitStack
from pathlib import Path

from rich.console import Console
from tests.bench.editor import LANGUAGE_SERVERS, Editor
from tests.bench.machine import Watch
from tests.bench.measures import FILES, MEASURES, SMALLEST, Size
from tests.bench.results import Results, Sample
from tests.bench.subjects import Direct


def main() -> None:
    options = _options()
    console = Console()
    if not console.is_terminal:
        console.width = 120
    watch = Watch()
    samples = _measure(options.only or list(MEASURES), SMALLEST if options.smallest else Size(), console)
    results = Results(samples, watch.told())
    for table in results.tables():
        console.print(table)
    _tell_machine(results, console)
    if options.json:
        options.json.write_text(json.dumps(results.to_json(), indent=1) + "\n")


def _measure(names: list[str], size: Size, console: Console) -> list[Sample]:
    samples: list[Sample] = []
    with ExitStack() as stack, console.status("") as status:
        subjects = [stack.enter_context(subject) for subject in (Direct(), *map(Editor, LANGUAGE_SERVERS))]
        for subject in subjects:
            subject.open(FILES[0])
        for name in names:
            status.update(MEASURES[name].__doc__ or name)
            samples += MEASURES[name](subjects, size)
    return samples


def _tell_machine(results: Results, console: Console) -> None:
    machine = results.machine
    console.print(
        f"{machine['cores']} cores of {machine['processor']}, Python {machine['python']}, pygls {machine['pygls']},"
        f" httpx {machine['httpx']}; load average {machine['load_average_before'][0]:.1f} before,"
        f" others used {machine['cores_used_by_others']} cores meanwhile; pressure: {machine['pressure']}"
    )
    if machine["loaded"]:
        console.print("[bold red]The machine was busy with other things: only ratios and counts mean much.")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m tests.bench", description=(__doc__ or "").partition("\n")[0]
    )
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the results there too")
    parser.add_argument("--smallest", action="store_true", help="as few repetitions as still say something")
    parser.add_argument(
        "--only", action="append", choices=sorted(MEASURES), help="this measure; can be repeated"
    )
    return parser.parse_args()


if __name__ == "__main__":
    main()
