"""Which backend answers: the one that is set, or with `auto` Ollama, and else the embedded model.

What was found is looked at again every half minute while it is used, in the background, so that no
keystroke waits for it; that is also how `auto` goes back to Ollama. Where something went wrong, it
is looked at before the next request.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Final, TypeAlias

from attrs import evolve

from gloss_lsp.backends.base import Backend, BackendSettings
from gloss_lsp.backends.kinds import make_backend, named
from gloss_lsp.connection import Connection
from gloss_lsp.core.choose import choose, find
from gloss_lsp.errors import BackendError, Interrupted, Unreachable
from gloss_lsp.memory import available_memory
from gloss_lsp.speeds import Speeds
from gloss_lsp.view import INSTALL, Kind, View, Wanted, wanted_by

if TYPE_CHECKING:
    from gloss_lsp.backends.base import Model
    from gloss_lsp.configuration import Configuration, Effective

REFRESH: Final = 30.0
"""Seconds after which what is known is looked at again, while it is still used."""
STALE: Final = 300.0
"""Seconds after which it is looked at before it is used: the shortest time after which Ollama unloads
a model by itself (its default ``OLLAMA_KEEP_ALIVE``)."""
GRACE: Final = 60.0
"""Seconds without a stream after which a backend is closed that is not wanted any more: a job of many
prompts stays with the backend that it began with."""

Make: TypeAlias = Callable[[Kind, BackendSettings, Callable[[int, int], None]], Backend]
"""Makes a backend, which starts nothing yet, and tells how far the preparing of a model has come (bytes)."""


class Connector:
    """Finds the backend, keeps it, and changes it when the settings change."""

    def __init__(
        self,
        configuration: Configuration,
        notice: Callable[[str], None] = lambda _: None,
        *,
        make: Make | None = None,
        speeds: Speeds | None = None,
        grace: float = GRACE,
    ) -> None:
        """Connect to nothing yet.

        Args:
            configuration: whose settings hold at any time.
            notice: told, once each, when another backend answers, and when a model runs elsewhere.
            make: makes a backend of a kind.
            speeds: how fast models are here.
            grace: seconds that a backend which is not wanted any more is kept without being used.
        """
        self._configuration = configuration
        self._notice = notice
        self.speeds = speeds or Speeds()
        self._make = make or partial(make_backend, speeds=self.speeds)
        self._grace = grace
        self._connections: list[tuple[Kind, Connection]] = []
        self._retiring: dict[asyncio.Task[None], Connection] = {}
        self._view: View | None = None
        self._last_kind: Kind | None = None
        self._looking: tuple[Wanted, asyncio.Task[View]] | None = None
        self._looks: set[asyncio.Task[View]] = set()
        self._told: set[str] = set()
        self._wanted_then: tuple[Effective, Wanted] | None = None

    def current(self) -> View | None:
        """What is known and can be used now; None where it has to be looked up first."""
        view = self._view
        if view is None or view.wanted != self._wanted():
            return None
        age = asyncio.get_running_loop().time() - view.at
        if age > STALE:
            return None
        if age > REFRESH:
            self.look()
        return view

    def look(self) -> asyncio.Task[View]:
        """The look under way for these settings, or a new one. Wait for it without cancelling it."""
        wanted = self._wanted()
        if self._looking is None or self._looking[1].done() or self._looking[0] != wanted:
            task = asyncio.create_task(self._look(wanted), name="look for a backend")
            task.add_done_callback(lambda task: task.cancelled() or task.exception())
            self._looks.add(task)
            task.add_done_callback(self._looks.discard)
            self._looking = wanted, task
        return self._looking[1]

    async def view(self) -> View:
        """What there is; raises the `BackendError` of what should answer and does not."""
        return self.current() or await self.fresh()

    async def fresh(self, waiting: Callable[[str], None] = lambda _: None) -> View:
        """What there is now, with `waiting` told every second that it is looked for; raises as `view`."""
        looking, seconds = self.look(), 0
        while not (await asyncio.wait({looking}, timeout=1))[0]:
            seconds += 1
            waiting(f"looking for a model, {seconds} s")
        return found(looking)

    def doubt(self) -> None:
        """Something went wrong: look again before the next request."""
        self._view = None

    def announce(self, model: Model) -> None:
        """Say once of a model that runs elsewhere that it does."""
        if model.remote_host and model.name not in self._told:
            self._told.add(model.name)
            self._notice(f"{model.name} runs at {model.remote_host}: what it is asked leaves this machine.")

    def ollama(self) -> Backend:
        """Ollama, whether it answers or not."""
        return self._connect("ollama", self._wanted()).backend

    def server(self) -> Backend:
        """The server that the settings mean, or would mean with `auto`, whether it answers or not."""
        wanted = self._wanted()
        return self._connect("openai" if wanted.kind == "openai" else "ollama", wanted).backend

    async def aclose(self) -> None:
        """Close all that was opened."""
        waiting = [task for task, connection in self._retiring.items() if not connection.closed]
        unclosed = [self._retiring[task] for task in waiting] + [each for _, each in self._connections]
        tasks = [*self._retiring, *self._looks]
        self._view, self._connections = None, []
        for task in (*waiting, *self._looks):
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await asyncio.gather(*(connection.aclose() for connection in unclosed))

    def _wanted(self) -> Wanted:
        effective = self._configuration.effective
        if self._wanted_then is None or self._wanted_then[0] is not effective:
            self._wanted_then = effective, wanted_by(effective)
        return self._wanted_then[1]

    async def _look(self, wanted: Wanted) -> View:
        try:
            view = await self._find(wanted)
        except BackendError:
            self._view = None
            raise
        if wanted != self._wanted():
            # The settings have changed meanwhile, and another look is under way or will be.
            return view
        if self._last_kind not in (None, view.kind):
            self._notice(_switched(view))
        self._view, self._last_kind = view, view.kind
        self._retire(view)
        return view

    async def _find(self, wanted: Wanted) -> View:
        if wanted.kind in ("embedded", "openai"):
            return await self._examine(wanted.kind, wanted)
        try:
            view = await self._examine("ollama", wanted)
        except BackendError as error:
            if not wanted.may_fall_back:
                raise
            instead = await self._examine("embedded", wanted)
            if instead.models:
                return instead
            raise Unreachable(f"{error} Or {INSTALL}") from error
        if view.usable or not wanted.may_fall_back:
            return view
        instead = await self._examine("embedded", wanted)
        return instead if instead.models else view

    async def _examine(self, kind: Kind, wanted: Wanted) -> View:
        connection = self._connect(kind, wanted)
        models = await connection.models()
        wishes = wanted.wishes
        if kind == "embedded" and wanted.kind == "auto":
            # It stands in for a server: what is named there is not expected here.
            wishes = evolve(
                wishes, named={task: name for task, name in wishes.named.items() if find(models, name)}
            )
        memory = available_memory() if connection.backend.local else 0
        now = asyncio.get_running_loop().time()
        return View(wanted, kind, connection, tuple(models), choose(models, wishes, memory), now, memory)

    def _connect(self, kind: Kind, wanted: Wanted) -> Connection:
        settings = evolve(wanted.backend, url="", headers={}) if kind == "embedded" else wanted.backend
        for known, connection in self._connections:
            if known == kind and connection.settings == settings:
                return connection
        name = named(kind, settings)

        def progress(done: int, total: int) -> None:
            connection.status = (
                f"putting {name} together, {100 * done // max(total, 1)} %" if done < total else ""
            )

        connection = Connection(name, settings, self._make(kind, settings, progress))
        self._connections.append((kind, connection))
        return connection

    def _retire(self, view: View) -> None:
        """Close, once their work is done, the backends that this view has no use for."""
        for entry in list(self._connections):
            kind, connection = entry
            # While the embedded model stands in, Ollama is asked again and again whether it is back.
            waits = (
                kind == "ollama" and view.kind == "embedded" and connection.settings == view.wanted.backend
            )
            if connection is not view.connection and not waits:
                self._connections.remove(entry)
                task = asyncio.create_task(_close_when_idle(connection, self._grace))
                self._retiring[task] = connection
                task.add_done_callback(lambda task: self._retiring.pop(task, None))


def found(looking: asyncio.Task[View]) -> View:
    """What a look that has ended has found; raises its error."""
    if looking.cancelled():
        raise Interrupted("Gloss is ending.")
    return looking.result()


async def _close_when_idle(connection: Connection, grace: float) -> None:
    uses = -1
    while connection.busy or uses != connection.uses:
        uses = connection.uses
        await asyncio.sleep(grace)
    await connection.aclose()


def _switched(view: View) -> str:
    if view.kind == "embedded" and view.wanted.kind == "auto":
        return "Ollama does not answer or has no usable model: Gloss uses the embedded model until it does."
    return f"Gloss uses {view.connection.name} now."
