"""``gloss models``: what is installed, what is loaded, and to fetch, look at and remove a model."""

from __future__ import annotations

import asyncio
import json
import sys
from typing import TYPE_CHECKING, Final

from rich.progress import BarColumn, Progress, TextColumn
from rich.table import Table

from gloss_lsp.cli.options import configuration_for
from gloss_lsp.cli.outcomes import DONE, FAILED
from gloss_lsp.cli.output import console, note
from gloss_lsp.cli.session import Session, gateway_for, run_with_model
from gloss_lsp.core.amounts import size
from gloss_lsp.core.listing import can
from gloss_lsp.core.pulling import Amount
from gloss_lsp.core.terminal import safe_terminal
from gloss_lsp.errors import GlossError
from gloss_lsp.pulls import Pulls
from gloss_lsp.removing import installed, remove

if TYPE_CHECKING:
    import argparse

    from gloss_lsp.backends.base import Model
    from gloss_lsp.pulls import Step

_WIDE: Final = 1000
"""Columns for what is no terminal: other programs want every word of a line."""


def run(options: argparse.Namespace) -> int:
    """Do what the second word says; without one, list."""
    way = options.way or "list"

    async def work(session: Session) -> int:
        if way in ("list", "ps"):
            return await (_list if way == "list" else _loaded)(session)
        ways = {"show": _show, "pull": _pull, "rm": _remove}
        return await ways[way](session, options.name)

    if way == "rm" and not _agreed(options):
        note("nothing is removed.")
        return FAILED
    try:
        return run_with_model(options, work)
    except KeyboardInterrupt:
        if way != "pull":
            raise
        kept = f"What has come is kept; `gloss models pull {options.name}` goes on from there."
        raise GlossError(f"Stopped. {kept}") from None


async def _list(session: Session) -> int:
    session.waiting.say("looking for models")
    models = await session.gateway.listed()
    session.waiting.end()
    if not models:
        pull = "; `gloss models pull NAME` fetches one" if session.gateway.has_library else ""
        note(f"no model is installed{pull}.")
        return FAILED
    table = _table("NAME", "SIZE", "PARAMETERS", "CAN", "LOADED", "FITS", "USED FOR")
    for listed in models:
        model = listed.model
        table.add_row(
            safe_terminal(model.name),
            size(model.size),
            model.parameters,
            abilities(model),
            "yes" if model.loaded else "",
            "yes" if listed.fits else "no",
            ", ".join(listed.used_for),
        )
    _print(table)
    return DONE


async def _loaded(session: Session) -> int:
    session.waiting.say("looking for models")
    models = [model for model in await session.gateway.models() if model.loaded]
    session.waiting.end()
    if not models:
        note("no model is loaded.")
        return DONE
    table = _table("NAME", "MEMORY", "CONTEXT")
    for model in models:
        table.add_row(safe_terminal(model.name), size(model.memory), str(model.context or ""))
    _print(table)
    return DONE


def _table(*columns: str) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold")
    for column in columns:
        # What is a list of words may take several lines where the terminal is narrow.
        table.add_column(column, no_wrap=column not in ("CAN", "USED FOR"), overflow="fold")
    return table


def _print(table: Table) -> None:
    screen = console()
    if not screen.is_terminal:
        screen.width = _WIDE
    screen.print(table)


def abilities(model: Model) -> str:
    """What a model can do, in words."""
    words = [*can(model), f"runs at {model.remote_host}" if model.remote_host else ""]
    return ", ".join(word for word in words if word)


async def _show(session: Session, name: str) -> int:
    session.waiting.say(f"asking about {name}")
    shown = await (await session.gateway.library()).show(name)
    session.waiting.end()
    print(safe_terminal(json.dumps(shown, indent=2, ensure_ascii=False)))
    return DONE


async def _pull(session: Session, name: str) -> int:
    screen = console(stderr=True)
    columns = (TextColumn("{task.description}", markup=False), BarColumn())
    with Progress(*columns, console=screen, transient=True, disable=not screen.is_terminal) as progress:
        bar = progress.add_task(safe_terminal(name), total=None)

        def tell(step: Step) -> None:
            progress.update(bar, description=safe_terminal(str(step)))
            if isinstance(step, Amount):
                progress.update(bar, total=1.0, completed=step.share)

        pulled = await Pulls(session.gateway).pull(name, tell)
    print(safe_terminal(str(pulled)))
    return DONE


async def _remove(session: Session, name: str) -> int:
    left = await remove(session.gateway, session.configuration.settings, name)
    print(f"{safe_terminal(name)} is removed.")
    if left:
        note(left)
    return DONE


def _agreed(options: argparse.Namespace) -> bool:
    """Ask before a model is removed, where somebody sits there who can answer.

    No event loop runs meanwhile: it would keep Ctrl+C for itself until the line is complete.
    """
    if options.yes or not (sys.stdin.isatty() and sys.stderr.isatty()):
        return True
    model = asyncio.run(_looked_up(options))
    if model is None:
        return True  # Then there is nothing to lose, and the removal says so.
    question = f"Remove {model.name} ({size(model.size)})? [y/N] "
    print(safe_terminal(question), end="", file=sys.stderr, flush=True)
    return sys.stdin.readline().strip().lower() in ("y", "yes")


async def _looked_up(options: argparse.Namespace) -> Model | None:
    gateway = gateway_for(configuration_for(options))
    try:
        return await installed(gateway, options.name)
    finally:
        await gateway.aclose()
