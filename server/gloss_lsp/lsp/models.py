"""The commands about models and health: `gloss.models.*`, `gloss.doctor`, `gloss.showPrompt`."""

from __future__ import annotations

from contextlib import aclosing
from typing import TYPE_CHECKING, Any

import attrs

from gloss_lsp.errors import Refused
from gloss_lsp.lsp.commands import Argument, as_job

if TYPE_CHECKING:
    from lsprotocol import types

    from gloss_lsp.backends.base import Task
    from gloss_lsp.lsp.progress import Progress
    from gloss_lsp.lsp.server import Server

TASKS: tuple[Task, ...] = ("chat", "translate", "complete")

MEGABYTE = 1_000_000


async def pull(server: Server, name: str, progress: Progress) -> None:
    """Fetch a model, with its bytes as progress."""
    library = await server.gateway.library()
    async with aclosing(library.pull(name)) as steps:
        async for step in steps:
            if step.total:
                done, total = step.completed // MEGABYTE, step.total // MEGABYTE
                progress.amount(f"{step.status}: {done} of {total} MB", step.completed / step.total)
            else:
                progress.waiting(step.status)


def register(server: Server) -> None:
    """Declare the commands."""

    async def list_models(_: types.ExecuteCommandParams) -> list[dict[str, Any]]:
        return [attrs.asdict(model) for model in await server.gateway.models()]

    async def show(params: types.ExecuteCommandParams) -> dict[str, Any]:
        return await (await server.gateway.library()).show(Argument.of(params).required("name"))

    async def start_pull(params: types.ExecuteCommandParams) -> object:
        name = Argument.of(params).required("name")
        title = f"Pull {name}"
        return await as_job(
            server,
            title,
            lambda progress: pull(server, name, progress),
            params.work_done_token,
            measured=True,
        )

    async def select(params: types.ExecuteCommandParams) -> None:
        argument = Argument.of(params)
        task, name = argument.required("task"), argument.required("name")
        known = next((each for each in TASKS if each == task), None)
        if known is None:
            raise Refused(f"There is no task {task}; there are {', '.join(TASKS)}.")
        server.configuration.choose_model(known, name)

    async def delete(params: types.ExecuteCommandParams) -> None:
        await (await server.gateway.library()).delete(Argument.of(params).required("name"))

    async def doctor(_: types.ExecuteCommandParams) -> dict[str, Any]:
        from gloss_lsp.doctor import diagnose  # noqa: PLC0415  # not needed until somebody is ill

        return attrs.asdict(await diagnose(server.gateway, server.configuration))

    async def show_prompt(_: types.ExecuteCommandParams) -> dict[str, Any] | None:
        prompt = server.gateway.last_prompt
        return None if prompt is None else attrs.asdict(prompt)

    server.command("gloss.models.list")(list_models)
    server.command("gloss.models.show")(show)
    server.command("gloss.models.pull")(start_pull)
    server.command("gloss.models.select")(select)
    server.command("gloss.models.delete")(delete)
    server.command("gloss.doctor")(doctor)
    server.command("gloss.showPrompt")(show_prompt)
