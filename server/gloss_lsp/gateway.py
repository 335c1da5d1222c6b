"""The one way to a model: scheduler, then privacy, then backend. Nothing else asks a backend anything."""

from __future__ import annotations

import asyncio
from contextlib import aclosing, contextmanager
from typing import TYPE_CHECKING, Final, cast

from attrs import evolve

from gloss_lsp.aliases import refused
from gloss_lsp.backends.base import Fill, Library
from gloss_lsp.connect import found
from gloss_lsp.connection import finished, wait_for_load
from gloss_lsp.core.choose import smaller_than
from gloss_lsp.core.listing import Listed, listed
from gloss_lsp.core.privacy import Masker, Policy
from gloss_lsp.errors import BackendError, Busy, CannotFill, Interrupted, OutOfMemory, Refused, Superseded
from gloss_lsp.outgoing import Outgoing, SentPrompt, outgoing
from gloss_lsp.ready import Ready
from gloss_lsp.scheduler import Priority, Scheduler
from gloss_lsp.view import NO_LIBRARY

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable, Hashable, Iterator, Mapping

    from gloss_lsp.actions.base import Gap, Prompt
    from gloss_lsp.backends.base import Health, Model, Piece, Task, Usage
    from gloss_lsp.connect import Connector
    from gloss_lsp.connection import Connection
    from gloss_lsp.core.choose import Choice
    from gloss_lsp.core.speed import Measured
    from gloss_lsp.settings import PrivacyGroup, Settings
    from gloss_lsp.view import View

PATIENCE: Final = 1.0
"""Seconds within which an automatic completion has to start; later it would come after the next keystroke."""
LONGEST_TOKEN: Final = 32
"""Characters that are counted for each token of a context: what is longer than all of them has no end."""


class Gateway:
    """Asks models, for every feature."""

    def __init__(self, connector: Connector, settings: Callable[[], Settings]) -> None:
        self.speeds = connector.speeds
        self._connector = connector
        self._settings = settings
        self._scheduler = Scheduler()
        self._masker = Masker()
        self._policy: tuple[PrivacyGroup, Policy] | None = None
        self._last_prompt: SentPrompt | None = None

    @property
    def last_prompt(self) -> SentPrompt | None:
        """The last prompt as it was sent, secrets masked."""
        return self._last_prompt

    def refuse(self, path: str) -> None:
        """Raise `Refused` where nothing of this file may be sent."""
        privacy = self._settings().privacy
        if self._policy is None or self._policy[0] is not privacy:
            self._policy = privacy, Policy(privacy.exclude)
        reason = refused(self._policy[1], path)
        if reason is not None:
            raise Refused(reason)

    async def prepare(self, task: Task, waiting: Callable[[str], None] = lambda _: None) -> Ready:
        """Choose the model of a task, and load it if that is still to be done.

        Those who come while a model is being loaded wait for the same load, which goes on when
        they give up.

        Args:
            task: what it is for.
            waiting: told every second that a model is looked for, or at once that it is being loaded.

        Raises:
            BackendError: there is none, or it cannot be loaded, and what to do.
        """
        view = self._connector.current()
        if view is None or view.choices[task].model is None:
            # What was missing may have come: somebody who asks for it waits for another look.
            view = await self._connector.fresh(waiting)
        model, connection = view.model(task), view.connection
        self._connector.announce(model)
        loaded = connection.loaded.get(model.name)
        if loaded is None:
            with self._watching(connection, model):
                loaded = await wait_for_load(connection, model.name, waiting)
        return Ready.of(connection, model, loaded)

    async def ask(
        self,
        prompt: Prompt | Gap,
        *,
        task: Task,
        path: str,
        priority: Priority,
        replaces: Hashable | None = None,
        ready: Ready | None = None,
    ) -> AsyncGenerator[Piece, None]:
        """Stream the answer of the model. Closing the stream stops the model, at any moment.

        Args:
            prompt: what to ask.
            task: what it is for.
            path: the file that it is about; empty where there is none.
            priority: who goes first. TYPED is given up where it cannot start within a second.
            replaces: an older prompt with an equal key is given up.
            ready: what `prepare` said, for a job that stays with one model.

        Raises:
            Refused: nothing of this file may be sent.
            TooLong: it does not fit the context of the model.
            Superseded: something else came first, or the model is not loaded yet (TYPED).
            BackendError: whatever went wrong there.
        """
        self.refuse(path)
        if ready is None or ready.connection.closed:
            ready = await (self._ready_at_once(task) if priority is Priority.TYPED else self.prepare(task))
        settings = self._settings()
        connection, model = ready.connection, ready.model
        masker = self._masker if settings.privacy.redact else None
        out = outgoing(prompt, model, masker, room=ready.room, think=settings.models.think)
        stream = self._scheduler.stream(
            lambda: self._open(out, connection),
            lane=(connection.name, model.name),
            priority=priority,
            replaces=replaces,
            patience=PATIENCE if priority is Priority.TYPED else None,
            parallel=connection.backend.parallel,
        )
        with connection.in_use(), self._watching(connection, model):
            async with aclosing(stream), aclosing(out.restored(stream)) as pieces:
                left, unread = LONGEST_TOKEN * ready.room, connection.first_use(model.name)
                async for piece in pieces:
                    left -= len(piece.text) + len(piece.thinking)
                    if left < 0:
                        raise Interrupted(f"{model.name} comes to no end, so it was stopped. Ask again.")
                    if piece.usage is not None:
                        self._learn(ready, piece.usage, unread=unread)
                    yield piece

    async def health(self) -> Health:
        """Whether what should answer does, and what it is."""
        try:
            return await (await self._connector.fresh()).connection.backend.health()
        except BackendError as error:
            return evolve(await self._connector.server().health(), reachable=False, problem=str(error))

    async def ollama(self) -> Health:
        """Whether Ollama answers, also where something else stands in for it."""
        return await self._connector.ollama().health()

    async def models(self) -> list[Model]:
        """What is installed now, with what is loaded."""
        return list((await self._connector.fresh()).models)

    async def listed(self) -> list[Listed]:
        """What is installed now, with what each is good for."""
        view = await self._connector.fresh()
        return listed(view.models, view.choices, view.memory)

    async def choices(self) -> Mapping[Task, Choice]:
        """The model of each task, and why."""
        return (await self._connector.view()).choices

    async def measured(self, model: str) -> Measured:
        """How fast a model is here, as far as is known."""
        view = await self._connector.view()
        return self.speeds.of(view.connection.settings.url, model)

    @property
    def has_library(self) -> bool:
        """Whether there are models that can be added and removed."""
        return self._settings().backend.kind in ("auto", "ollama")

    async def library(self) -> Library:
        """The models that can be added and removed: those of Ollama, also where it is not in use yet."""
        if not self.has_library:
            raise Refused(NO_LIBRARY[self._settings().backend.kind])
        return cast("Library", self._connector.ollama())

    async def aclose(self) -> None:
        """Close what was opened, and end what was started."""
        await self._connector.aclose()
        await self.speeds.aclose()

    async def _ready_at_once(self, task: Task) -> Ready:
        """As `prepare`, for what makes no sense later: what takes long is begun, not waited for."""
        view = self._connector.current() or await self._look_at_once()
        model, connection = view.model(task), view.connection
        self._connector.announce(model)
        loaded = connection.loaded.get(model.name)
        if loaded is None:
            load = connection.load(model.name, retry=False)
            if model.loaded:
                # Another program has loaded it, so this takes no time unless that was done differently.
                await asyncio.wait({load}, timeout=PATIENCE)
            if not load.done():
                raise Superseded(f"{model.name} is being loaded.")
            with self._watching(connection, model):
                loaded = finished(load)
        return Ready.of(connection, model, loaded)

    async def _look_at_once(self) -> View:
        looking = self._connector.look()
        await asyncio.wait({looking}, timeout=PATIENCE)
        if not looking.done():
            raise Superseded("The backend has not answered yet.")
        return found(looking)

    def _open(self, out: Outgoing, connection: Connection) -> AsyncGenerator[Piece, None]:
        self._last_prompt = out.sent(connection.name)
        if isinstance(out.request, Fill):
            return connection.backend.fill(out.request)
        return connection.backend.chat(out.request)

    def _learn(self, ready: Ready, usage: Usage, *, unread: bool) -> None:
        if usage.read_tokens is None and unread:
            # Nothing can have been kept from an earlier prompt.
            usage = evolve(usage, read_tokens=usage.prompt_tokens)
        self.speeds.note(ready.connection.settings.url, ready.model.name, usage)

    @contextmanager
    def _watching(self, connection: Connection, model: Model) -> Iterator[None]:
        """Learn from what goes wrong, and add what helps."""
        try:
            yield
        except OutOfMemory as error:
            connection.loaded.pop(model.name, None)
            smaller = smaller_than(model, connection.known)
            if smaller is None:
                raise
            raise OutOfMemory(f"{error} {smaller.name} is installed too, and smaller.") from error
        except (CannotFill, Busy):
            raise
        except BackendError:
            connection.loaded.pop(model.name, None)
            self._connector.doubt()
            raise
