"""One backend in use: what is loaded there, who loads it, and who still needs it."""

from __future__ import annotations

import asyncio
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from attrs import Factory, define, field

from gloss_lsp.errors import BackendError, Interrupted

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from gloss_lsp.backends.base import Backend, BackendSettings, Model


_RETRY: Final = 30.0
"""Seconds after a failed load in which nothing but a request of the user tries again."""


@define(eq=False)
class Connection:
    """A backend, and what is known of it as long as it is used."""

    name: str
    """For people: ``Ollama``, ``the embedded model``."""
    settings: BackendSettings = field(repr=False)
    backend: Backend = field(repr=False)
    loaded: dict[str, Model] = Factory(dict)
    """What has been loaded from here, as far as is known, with the context that it has."""
    known: tuple[Model, ...] = ()
    """What is installed, as it was told last."""
    status: str = ""
    """What the backend says of a load under way, such as how far its weights are put together."""
    uses: int = 0
    """How many streams have been begun; who comes back can be seen by it."""
    closed: bool = False
    _streams: int = 0
    _loads: dict[str, asyncio.Task[Model]] = Factory(dict)
    _unused: set[str] = Factory(set)
    """What was loaded from here and not asked yet: it has no prompt in its cache."""
    _failed: dict[str, float] = Factory(dict)
    """When the last load of a model failed, by the event loop's time."""

    @property
    def busy(self) -> bool:
        """Whether a stream or a load is under way."""
        return self._streams > 0 or any(not load.done() for load in self._loads.values())

    @contextmanager
    def in_use(self) -> Iterator[None]:
        """Keeps the backend from being closed."""
        self._streams += 1
        self.uses += 1
        try:
            yield
        finally:
            self._streams -= 1

    def load(self, name: str, *, retry: bool = True) -> asyncio.Task[Model]:
        """The load of a model: the one under way, or a new one.

        Whoever waits for it must do so without cancelling it (`asyncio.wait`): Ollama gives up a
        load whose request is closed, and everybody would wait for it again.

        Args:
            name: of the model.
            retry: whether to load again at once where a load has just failed; if not, that one is
                what is returned for a while. Typing must not try to load at each key.
        """
        load = self._loads.get(name)
        now = asyncio.get_running_loop().time()
        if load is not None:
            failed = self._failed.get(name)
            if not load.done() or (not retry and failed is not None and now - failed < _RETRY):
                return load
        load = self._loads[name] = asyncio.create_task(self._load(name), name=f"load {name}")
        # Those who wait may have given up by then; asyncio would complain of a failure that nobody saw.
        load.add_done_callback(lambda load: load.cancelled() or load.exception())
        return load

    def first_use(self, name: str) -> bool:
        """Whether a model is asked for the first time since it was loaded from here."""
        first = name in self._unused
        self._unused.discard(name)
        return first

    async def models(self) -> list[Model]:
        """What is installed; what is found unloaded there counts as not loaded here too."""
        before = dict(self.loaded)
        models = await self.backend.models()
        self.known = tuple(models)
        now = {model.name: model for model in models if model.loaded}
        for name, model in before.items():
            if self.loaded.get(name) is not model:
                continue
            if name not in now:
                del self.loaded[name]
            elif now[name].context:
                self.loaded[name] = now[name]
        return models

    async def aclose(self) -> None:
        """Give up loads, and close the backend."""
        self.closed = True
        for load in self._loads.values():
            load.cancel()
        await asyncio.gather(*self._loads.values(), return_exceptions=True)
        await self.backend.aclose()

    async def _load(self, name: str) -> Model:
        loaded = any(model.loaded for model in self.known if model.name == name)
        try:
            model = await self.backend.load(name)
        except BackendError:
            self._failed[name] = asyncio.get_running_loop().time()
            raise
        self._failed.pop(name, None)
        self.loaded[name] = model
        if not loaded:
            self._unused.add(name)
        return model


async def wait_for_load(connection: Connection, name: str, waiting: Callable[[str], None]) -> Model:
    """Wait until a model is loaded, and tell at once and then every second that it is being loaded.

    Raises:
        BackendError: it could not be loaded.
    """
    load = connection.load(name)
    begun = asyncio.get_running_loop().time()
    waiting(connection.status or f"loading {name}")
    while not (await asyncio.wait({load}, timeout=1))[0]:
        seconds = round(asyncio.get_running_loop().time() - begun)
        waiting(f"{connection.status or f'loading {name}'}, {seconds} s")
    return finished(load)


def finished(load: asyncio.Task[Model]) -> Model:
    """What a load that has ended ended in; raises its error."""
    if load.cancelled():
        raise Interrupted("The model was not loaded, because its backend was closed. Ask again.")
    return load.result()
