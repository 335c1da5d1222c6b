"""The commands about models and health: `gloss.models.*`, `gloss.startOllama`, `gloss.doctor`, `gloss.showPrompt`."""

from __future__ import annotations

import asyncio
from functools import partial
from typing import TYPE_CHECKING, Any

import attrs

from gloss_lsp.core.choose import TASKS
from gloss_lsp.core.pulling import Amount
from gloss_lsp.errors import Refused
from gloss_lsp.lsp.commands import Argument, as_job
from gloss_lsp.removing import remove
from gloss_lsp.starting import start_ollama

if TYPE_CHECKING:
    from lsprotocol import types

    from gloss_lsp.lsp.progress import Progress
    from gloss_lsp.lsp.server import Server
    from gloss_lsp.pulls import Step


async def pull(server: Server, name: str, progress: Progress) -> None:
    """Fetch a model, with its bytes and the seconds left as progress."""

    def tell(step: Step) -> None:
        if isinstance(step, Amount):
            progress.amount(str(step), step.share)
        else:
            progress.waiting(step)

    try:
        pulled = await server.pulls.pull(name, tell)
    except asyncio.CancelledError:
        if not (server.pulls.busy(name) or server.protocol.shutting_down):
            kept = "What has come is kept: pull it again to go on from there."
            server.client.say("info", f"Fetching {name} was stopped. {kept}")
        raise
    server.client.say("info", str(pulled))


async def list_models(server: Server, _: types.ExecuteCommandParams) -> list[dict[str, Any]]:
    """What is installed, with what each can do, whether it fits in memory, and which tasks use it."""
    return [
        {**attrs.asdict(each.model), "can": each.can, "fits": each.fits, "used_for": each.used_for}
        for each in await server.gateway.listed()
    ]


async def show(server: Server, params: types.ExecuteCommandParams) -> dict[str, Any]:
    """All that the backend says of one model."""
    return await (await server.gateway.library()).show(Argument.of(params).required("name"))


async def start_pull(server: Server, params: types.ExecuteCommandParams) -> object:
    """Fetch a model, as a job; where it is being fetched already, nothing more has to be begun or shown."""
    name, token = Argument.of(params).required("name"), params.work_done_token
    if token is None and server.pulls.busy(name):
        return None
    return await as_job(server, f"Pull {name}", partial(pull, server, name), token, measured=True)


async def start(server: Server, params: types.ExecuteCommandParams) -> object:
    """Start Ollama, as a job that lasts until it answers."""

    async def work(progress: Progress) -> None:
        server.client.say("info", "Ollama is starting.")
        await start_ollama(server.gateway, server.settings, progress.waiting)
        server.client.say("info", "Ollama is ready: ask again.")

    return await as_job(server, "Start Ollama", work, params.work_done_token)


async def select(server: Server, params: types.ExecuteCommandParams) -> None:
    """Use a model for a task from now on."""
    argument = Argument.of(params)
    task, name = argument.required("task"), argument.required("name")
    known = next((each for each in TASKS if each == task), None)
    if known is None:
        raise Refused(f"There is no task {task}; there are {', '.join(TASKS)}.")
    server.configuration.choose_model(known, name)


async def delete(server: Server, params: types.ExecuteCommandParams) -> None:
    """Remove a model, without a question: to ask is the business of whoever has the button."""
    left = await remove(server.gateway, server.settings, Argument.of(params).required("name"))
    if left:
        server.client.say("warning", left)


async def doctor(server: Server, _: types.ExecuteCommandParams) -> dict[str, Any]:
    """What works, what does not, and what to do about it."""
    from gloss_lsp.doctor import diagnose  # noqa: PLC0415  # not needed until somebody is ill

    return attrs.asdict(await diagnose(server.gateway, server.configuration))


async def show_prompt(server: Server, _: types.ExecuteCommandParams) -> dict[str, Any] | None:
    """The last prompt as it was sent; null where nothing was sent yet."""
    prompt = server.gateway.last_prompt
    return None if prompt is None else attrs.asdict(prompt)


def register(server: Server) -> None:
    """Declare the commands."""
    for name, command in (
        ("models.list", list_models),
        ("models.show", show),
        ("models.pull", start_pull),
        ("models.select", select),
        ("startOllama", start),
        ("models.delete", delete),
        ("doctor", doctor),
        ("showPrompt", show_prompt),
    ):
        server.command(f"gloss.{name}")(partial(command, server))
