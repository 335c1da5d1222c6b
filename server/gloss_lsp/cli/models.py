"""``gloss models``: what is installed, what is loaded, and to fetch, look at and remove a model."""

from __future__ import annotations

import json
from contextlib import aclosing
from typing import TYPE_CHECKING

from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TransferSpeedColumn
from rich.table import Table

from gloss_lsp.cli.outcomes import DONE, FAILED
from gloss_lsp.cli.output import console, note
from gloss_lsp.cli.session import Session, run_with_model
from gloss_lsp.core.terminal import safe_terminal

if TYPE_CHECKING:
    import argparse

    from gloss_lsp.backends.base import Model


def run(options: argparse.Namespace) -> int:
    """Do what the second word says; without one, list."""
    way = options.way or "list"

    async def work(session: Session) -> int:
        if way in ("list", "ps"):
            return await _list(session, loaded=way == "ps")
        ways = {"show": _show, "pull": _pull, "rm": _remove}
        return await ways[way](session, options.name)

    return run_with_model(options, work)


async def _list(session: Session, *, loaded: bool) -> int:
    session.waiting.say("looking for models")
    models = [model for model in await session.gateway.models() if model.loaded or not loaded]
    session.waiting.end()
    if not models:
        pull = "; `gloss models pull NAME` fetches one" if session.gateway.has_library else ""
        note("no model is loaded." if loaded else f"no model is installed{pull}.")
        return DONE if loaded else FAILED
    console().print(_table(models, loaded=loaded))
    return DONE


def _table(models: list[Model], *, loaded: bool) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold")
    columns = ("NAME", "MEMORY", "CONTEXT") if loaded else ("NAME", "SIZE", "PARAMETERS", "CAN", "LOADED")
    for column in columns:
        table.add_column(column, no_wrap=True)
    for model in models:
        name = safe_terminal(model.name)
        if loaded:
            table.add_row(name, size(model.memory), str(model.context or ""))
        else:
            table.add_row(
                name, size(model.size), model.parameters, abilities(model), "yes" if model.loaded else ""
            )
    return table


def abilities(model: Model) -> str:
    """What a model can do, in words."""
    can = {
        "chat": model.chat,
        "complete": model.fill != "none",
        "think": model.thinking,
        "embed": model.embedding,
        f"runs at {model.remote_host}": model.remote_host,
    }
    return ", ".join(word for word, able in can.items() if able)


def size(count: int) -> str:
    """Bytes as people read them; nothing where they are not known."""
    if not count:
        return ""
    return f"{count / 1e9:.1f} GB" if count >= 1e9 else f"{count / 1e6:.0f} MB"  # noqa: PLR2004  # a gigabyte


async def _show(session: Session, name: str) -> int:
    session.waiting.say(f"asking about {name}")
    shown = await (await session.gateway.library()).show(name)
    session.waiting.end()
    print(safe_terminal(json.dumps(shown, indent=2, ensure_ascii=False)))
    return DONE


async def _pull(session: Session, name: str) -> int:
    session.waiting.say(f"asking for {name}")
    library = await session.gateway.library()
    columns = (
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        DownloadColumn(),
        TransferSpeedColumn(),
    )
    screen = console(stderr=True)
    with Progress(*columns, console=screen, transient=True, disable=not screen.is_terminal) as progress:
        session.waiting.end()
        task = progress.add_task(name, total=None)
        async with aclosing(library.pull(name)) as steps:
            async for step in steps:
                what, total = safe_terminal(step.status), step.total or None
                progress.update(task, description=what, completed=step.completed, total=total)
    print(f"{safe_terminal(name)} is installed.")
    return DONE


async def _remove(session: Session, name: str) -> int:
    await (await session.gateway.library()).delete(name)
    print(f"{safe_terminal(name)} is removed.")
    return DONE
