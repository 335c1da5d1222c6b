"""The embedded model as a backend."""

from __future__ import annotations

import asyncio
import importlib.metadata
import importlib.util
from contextlib import aclosing
from typing import TYPE_CHECKING, Any

from attrs import evolve, frozen

from gloss_lsp.backends.base import Health, Model
from gloss_lsp.backends.beginning import behind
from gloss_lsp.backends.embedded import process, wire
from gloss_lsp.backends.embedded.weights import (
    ALL,
    LARGE,
    Progress,
    Weights,
    assemble,
    available,
    models_folder,
)
from gloss_lsp.backends.http import Http
from gloss_lsp.backends.openai import answers, requests
from gloss_lsp.core.completion.forms import form_for
from gloss_lsp.errors import BackendError, CannotFill, Interrupted, ModelMissing, NoModel, Unreachable

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator
    from pathlib import Path

    from gloss_lsp.backends.base import BackendSettings, Chat, Fill, Piece

_ENGINE = "xllamacpp"
_FAMILY = "qwen2"
"""`general.architecture` of both files."""


@frozen
class _Running:
    """An engine, and the way to it."""

    engine: process.Engine
    http: Http

    async def aclose(self) -> None:
        await self.http.aclose()
        await self.engine.stop()


class EmbeddedBackend:
    """The models that come with Gloss, each in a child process that is started when it is first asked.

    Whoever needs an engine that is being started waits for that start; one that gives up waiting does
    not stop it. An engine that has ended is started anew by the next request. Each model has its own,
    so that a small one for completion and a large one for chat do not push each other out.
    """

    kind = "embedded"
    parallel = 1
    local = True

    def __init__(
        self,
        settings: BackendSettings,
        *,
        progress: Progress = lambda _done, _total: None,
        folder: Path | None = None,
        weights: tuple[Weights, ...] = ALL,
    ) -> None:
        """Start nothing yet.

        Args:
            settings: what of it makes sense without a server: time limits, context, keep-alive.
            progress: told, in the event loop, how far putting together or checking the weights has come.
            folder: where the whole files are; the user's cache if None.
            weights: the models there are, the best first.
        """
        self._settings = settings
        self._progress = progress
        self._folder = folder
        self._weights = {each.name: each for each in weights}
        self._starts: dict[str, asyncio.Task[_Running]] = {}
        self._closed = False

    async def chat(self, request: Chat) -> AsyncGenerator[Piece, None]:
        """Stream the answer to a chat."""
        async with aclosing(self._stream(request.model, requests.CHAT, wire.chat_body(request))) as pieces:
            async for piece in pieces:
                yield piece

    async def fill(self, request: Fill) -> AsyncGenerator[Piece, None]:
        """Stream what stands between prefix and suffix."""
        form = form_for("", _FAMILY, request.model)
        if form is None:
            raise CannotFill(f"{request.model} cannot fill in the middle.")
        body, begins = wire.fill_body(request, form)
        answer = self._stream(request.model, requests.COMPLETIONS, body)
        async with aclosing(answer), aclosing(behind(answer, begins)) as pieces:
            async for piece in pieces:
                yield piece

    async def models(self) -> list[Model]:
        """What is installed, with what is loaded."""
        if importlib.util.find_spec(_ENGINE) is None:
            return []
        folder = self._models_folder()
        return [self._describe(each) for each in self._weights.values() if available(each, folder)]

    async def load(self, model: str) -> Model:
        """Put the weights together where that is still to be done, and start the engine."""
        await self._running(model)
        return self._describe(self._weights[model])

    async def health(self) -> Health:
        """Whether the engine and a model are installed."""
        models = await self.models()
        if not models:
            problem = f"The embedded model is not installed: {LARGE.install}"
            return Health(name="the embedded model", reachable=False, problem=problem)
        version = importlib.metadata.version(_ENGINE)
        names = " and ".join(model.name for model in models)
        return Health(name=f"{names}, embedded ({_ENGINE} {version})", reachable=True, version=version)

    async def aclose(self) -> None:
        """End the engines, and whatever is being started."""
        self._closed = True
        starts, self._starts = list(self._starts.values()), {}
        for start in starts:
            start.cancel()
        for result in await asyncio.gather(*starts, return_exceptions=True):
            if isinstance(result, _Running):
                await result.aclose()

    async def _stream(self, model: str, path: str, body: dict[str, Any]) -> AsyncGenerator[Piece, None]:
        running = await self._running(model)
        try:
            async with aclosing(self._pieces(running, path, body)) as pieces:
                async for piece in pieces:
                    yield piece
        except (Interrupted, Unreachable) as error:
            raise await self._reason(running, error) from error

    async def _pieces(
        self, running: _Running, path: str, body: dict[str, Any]
    ) -> AsyncGenerator[Piece, None]:
        stall = self._settings.stall_timeout
        sentences = wire.Sentences()
        events = running.http.events(path, body, explain=sentences.refusal, stall=stall)
        async with aclosing(events), aclosing(answers.pieces(events, sentences)) as pieces:
            async for piece in pieces:
                yield piece

    async def _reason(self, running: _Running, error: BackendError) -> BackendError:
        """The error, or what lies behind it: that the engine has ended."""
        if self._closed:
            return _closed()
        ending = await running.engine.ending()
        return error if ending is None else Interrupted(f"{ending} The next request starts it anew.")

    async def _running(self, name: str) -> _Running:
        if self._closed:
            raise _closed()
        if name not in self._weights:
            known = ", ".join(self._weights)
            raise ModelMissing(f"There is no embedded model {name}; there are {known}.", name)
        start = self._starts.get(name)
        if start is None or _has_ended(start):
            start = self._starts[name] = asyncio.create_task(self._start(self._weights[name], start))
            # Those who wait may have given up by then; asyncio would complain of a failure that nobody saw.
            start.add_done_callback(lambda task: task.cancelled() or task.exception())
        # Unlike awaiting it, this leaves it going where the one that waits is cancelled.
        await asyncio.wait({start})
        if start.cancelled():
            raise _closed()
        return start.result()

    async def _start(self, weights: Weights, before: asyncio.Task[_Running] | None) -> _Running:
        if before is not None and not before.cancelled() and before.exception() is None:
            await before.result().aclose()
        if importlib.util.find_spec(_ENGINE) is None:
            raise NoModel(f"The embedded engine is not installed: {weights.install}")
        path = await asyncio.to_thread(assemble, weights, self._models_folder(), self._teller())
        engine = await process.start(path, self._settings.context_length, self._settings.keep_alive)
        # The engine closes connections that it said it would keep.
        headers = {"Authorization": f"Bearer {engine.key}", "Connection": "close"}
        settings = evolve(self._settings, url=engine.url, headers=headers)
        return _Running(engine, Http(settings, server="Gloss's embedded engine", advice="Restart Gloss."))

    def _teller(self) -> Progress:
        """Passes progress from a thread to the event loop, and ends its work with the backend."""
        loop = asyncio.get_running_loop()

        def tell(done: int, total: int) -> None:
            if self._closed:
                raise _closed()
            loop.call_soon_threadsafe(self._progress, done, total)

        return tell

    def _models_folder(self) -> Path:
        return self._folder or models_folder()

    def _describe(self, weights: Weights) -> Model:
        start = self._starts.get(weights.name)
        loaded = start is not None and start.done() and not _has_ended(start)
        return Model(
            name=weights.name,
            size=weights.size,
            parameters=weights.parameters,
            family=_FAMILY,
            fill="raw",
            trained_context=weights.trained_context,
            loaded=loaded,
            context=start.result().engine.context if start is not None and loaded else 0,
        )


def _has_ended(start: asyncio.Task[_Running]) -> bool:
    """Whether it failed, or the engine that it started has ended since."""
    if not start.done():
        return False
    return start.cancelled() or start.exception() is not None or not start.result().engine.running


def _closed() -> Interrupted:
    return Interrupted("The embedded engine was ended with Gloss.")
