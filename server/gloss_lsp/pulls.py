"""Fetches models: each only once at a time, however many ask for it, and it is used as soon as it is there."""

from __future__ import annotations

import asyncio
import time
from contextlib import aclosing, suppress
from typing import TYPE_CHECKING, TypeAlias

from attrs import Factory, define, field, frozen

from gloss_lsp.core.choose import find, full_name
from gloss_lsp.core.pulling import Amount, Pull
from gloss_lsp.errors import BackendError, Interrupted, ModelMissing

if TYPE_CHECKING:
    from collections.abc import Callable

    from gloss_lsp.backends.base import Task
    from gloss_lsp.gateway import Gateway

Step: TypeAlias = "Amount | str"
"""How far a pull has come: its bytes, or what is done where there are none to count."""


@frozen
class Pulled:
    """A model that is there now."""

    name: str
    used_for: tuple[Task, ...]
    """The tasks that it is used for from now on."""

    def __str__(self) -> str:
        """What the user is told."""
        if not self.used_for:
            return f"{self.name} is installed."
        tasks = " and ".join(filter(None, (", ".join(self.used_for[:-1]), self.used_for[-1])))
        return f"{self.name} is installed, and used to {tasks}."


@define(eq=False)
class _Download:
    """One pull under way, and those who watch it."""

    watchers: list[Callable[[Step], None]] = Factory(list)
    newest: Step = "asking for it"
    task: asyncio.Task[None] = field(init=False)

    def tell(self, step: Step) -> None:
        """Tell all who watch."""
        self.newest = step
        for watcher in self.watchers:
            watcher(step)


class Pulls:
    """The pulls under way."""

    def __init__(self, gateway: Gateway) -> None:
        self._gateway = gateway
        self._under_way: dict[str, _Download] = {}

    def busy(self, name: str) -> bool:
        """Whether this model is being fetched."""
        return full_name(name) in self._under_way

    async def pull(self, name: str, tell: Callable[[Step], None]) -> Pulled:
        """Fetch a model, or join who does. When the last one gives up waiting, the download stops.

        Args:
            name: of the model.
            tell: told how far it has come, as often as the server says so.

        Raises:
            BackendError: it could not be fetched, and why.
        """
        download = self._under_way.get(full_name(name))
        if download is None:
            download = self._under_way[full_name(name)] = self._begin(name)
        download.watchers.append(tell)
        tell(download.newest)
        try:
            await asyncio.wait({download.task})
        finally:
            download.watchers.remove(tell)
            if not download.watchers and not download.task.done():
                self._under_way.pop(full_name(name), None)
                download.task.cancel()
                # The stream is closed by then: only so is the server told to stop.
                await asyncio.wait({download.task})
        if download.task.cancelled():
            raise Interrupted(f"Fetching {name} was stopped.")
        download.task.result()
        return Pulled(name, await self._uses(name))

    def _begin(self, name: str) -> _Download:
        download = _Download()
        download.task = asyncio.create_task(self._download(name, download.tell), name=f"pull {name}")

        def ended(task: asyncio.Task[None]) -> None:
            if self._under_way.get(full_name(name)) is download:
                del self._under_way[full_name(name)]
            if not task.cancelled():
                task.exception()  # Marks it as seen, also where nobody waits any more.

        download.task.add_done_callback(ended)
        return download

    async def _download(self, name: str, tell: Callable[[Step], None]) -> None:
        library = await self._gateway.library()
        layers = Pull()
        try:
            async with aclosing(library.pull(name)) as steps:
                async for step in steps:
                    if step.total:
                        tell(layers.step(step.layer, step.completed, step.total, time.monotonic()))
                    else:
                        tell(step.status)
        except ModelMissing as error:
            # To offer to pull it would be no help.
            raise BackendError(str(error)) from error

    async def _uses(self, name: str) -> tuple[Task, ...]:
        """The tasks that use a model, by another look at what there is."""
        with suppress(BackendError):
            listed = await self._gateway.listed()
            model = find([each.model for each in listed], name)
            return next((each.used_for for each in listed if each.model is model), ())
        return ()
