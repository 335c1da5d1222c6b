"""Ollama as a backend: chats, fillings, and its library of models."""

from __future__ import annotations

import json
from contextlib import aclosing
from functools import partial
from typing import TYPE_CHECKING, Any, Literal, Protocol

from attrs import evolve

from gloss_lsp.backends.base import Health, Piece, PullProgress, Usage
from gloss_lsp.backends.beginning import BeginsOtherwise, behind
from gloss_lsp.backends.http import Http, is_loopback, settle
from gloss_lsp.backends.ollama import requests, wire
from gloss_lsp.backends.ollama.catalogue import Catalogue
from gloss_lsp.backends.ollama.errors import (
    CannotThink,
    broken_off,
    failure,
    foreign,
    missing,
    pull_failure,
    pull_refusal,
    refusal,
)
from gloss_lsp.backends.structure import NoObject, read
from gloss_lsp.core.choose import same_model
from gloss_lsp.core.completion.anchor import Habit
from gloss_lsp.core.thinking import ThinkingSplitter
from gloss_lsp.errors import GlossError

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from gloss_lsp.backends.base import BackendSettings, Chat, Fill, Model
    from gloss_lsp.backends.http import Explain


class BatchFor(Protocol):
    """Chooses the batch to load a model with; None leaves it to the server."""

    def __call__(self, model: str, /, *, loaded: bool) -> int | None:
        """Choose; `loaded` is whether somebody has loaded it already."""


_ADVICE = "Start it with `ollama serve`, or set `gloss.backend.url` to where it runs."
_CHAT = "/api/chat"


class Ollama:
    """A `gloss_lsp.backends.base.Backend` and `Library`. Nothing is sent before the first call."""

    kind = "ollama"

    def __init__(self, settings: BackendSettings, batch_for: BatchFor | None = None) -> None:
        """Connect to nothing yet.

        Args:
            settings: what it needs to know.
            batch_for: chooses the batch of a model whenever it is loaded from here.
        """
        # Ollama's own default is one, and there is no way to ask what it was started with.
        self.parallel = settings.parallel or 1
        self.local = is_loopback(settings.url)
        self._settings = settings
        self._http = Http(settings, server="Ollama", advice=_ADVICE)
        self._catalogue = Catalogue(self._http, settings)
        self._batch_for = batch_for
        self._batches: dict[str, int | None] = {}
        self._habits: dict[str, Habit] = {}

    async def chat(self, request: Chat) -> AsyncGenerator[Piece, None]:
        """Stream the answer to a chat; a model that cannot think aloud is asked again without."""
        facts = await self._catalogue.facts(request.model) if request.stop else None
        for think in (True, False) if request.think else (False,):
            body = requests.chat(evolve(request, think=think), self._with_batch(request.model), facts)
            try:
                async with aclosing(self._pieces(_CHAT, body)) as pieces:
                    async for piece in pieces:
                        yield piece
            except CannotThink:
                if not think:
                    raise
            else:
                return

    async def fill(self, request: Fill) -> AsyncGenerator[Piece, None]:
        """Stream what stands between prefix and suffix. Raises `CannotFill` where the model cannot.

        An answer in the anchored form that doesn't begin as it has to is stopped, and the model asked
        once more in the usual form.
        """
        facts = await self._catalogue.facts(request.model)
        settings = self._with_batch(request.model)
        habit = self._habits.setdefault(request.model, Habit())
        anchor = requests.anchor(request, facts)
        if anchor is not None and habit.allows(anchor.begins):
            body = requests.fill(request, settings, facts, anchor)
            answer = self._pieces("/api/generate", body)
            try:
                async with aclosing(answer), aclosing(behind(answer, anchor.begins, habit)) as pieces:
                    async for piece in pieces:
                        yield piece
            except BeginsOtherwise:
                pass
            else:
                return
        body = requests.fill(request, settings, facts)
        async with aclosing(self._pieces("/api/generate", body)) as pieces:
            async for piece in pieces:
                yield piece

    async def models(self) -> list[Model]:
        """What is installed, with what is loaded."""
        return await self._catalogue.models()

    async def running(self) -> tuple[wire.Running, ...]:
        """What is loaded, with its memory, its context and when it will be unloaded."""
        return await self._catalogue.running()

    async def load(self, model: str) -> Model:
        """Load a model with the options that every later request has, and say what context it got."""
        if self._batch_for is not None and self.local:
            # A server elsewhere may serve others: an option of ours would have it load again for each of them.
            loaded = any(same_model(one.name, model) for one in await self.running())
            self._batches[model] = self._batch_for(model, loaded=loaded)
        body = requests.load(model, self._with_batch(model))
        explain = partial(refusal, model=model, url=self._settings.url)
        # However long it takes: an aborted load would have to begin again.
        data = await self._http.read("POST", "/api/generate", body, explain=explain, within=None)
        self._catalogue.answer(data, wire.Line, body)
        found = next((one for one in await self.models() if same_model(one.name, model)), None)
        if found is None:
            raise missing(model)
        return found

    async def unload(self, name: str) -> None:
        """Free the memory that a model takes."""
        await self._catalogue.ask("POST", "/api/generate", wire.Line, requests.unload(name))

    async def show(self, name: str) -> dict[str, Any]:
        """All that the server says of a model. Raises `ModelMissing`."""
        explain = partial(refusal, model=name, url=self._settings.url)
        within = self._settings.stall_timeout
        body = {"model": name}
        data = await self._http.read("POST", "/api/show", body, explain=explain, within=within)
        self._catalogue.answer(data, wire.Shown, body)
        said: dict[str, Any] = json.loads(data)
        return said

    async def delete(self, name: str) -> None:
        """Remove a model. Raises `ModelMissing`."""
        explain = partial(refusal, model=name, url=self._settings.url)
        within = self._settings.stall_timeout
        await self._http.read("DELETE", "/api/delete", {"model": name}, explain=explain, within=within)
        self._catalogue.forget(name)

    async def pull(self, name: str) -> AsyncGenerator[PullProgress, None]:
        """Fetch a model; closing the stream stops it, and a later pull goes on from there.

        Nothing but a last status ``success`` means success. There is no limit between two lines, since
        checking a large file takes minutes without a word.
        """
        explain = partial(pull_refusal, model=name, url=self._settings.url)
        lines = self._lines("/api/pull", requests.pull(name), explain, stall=None)
        async with aclosing(lines):
            async for line in lines:
                if line.error is not None:
                    raise pull_failure(line.error, name)
                if line.status == "success":
                    self._catalogue.forget(name)
                yield PullProgress(line.status, line.completed, line.total, line.digest or line.status)

    async def health(self) -> Health:
        """Whether Ollama answers, and which version it is. Does not raise."""
        try:
            version = await self._catalogue.version()
        except GlossError as error:
            return Health(f"Ollama at {self._settings.url}", reachable=False, problem=str(error))
        return Health(f"Ollama {version} at {self._settings.url}", reachable=True, version=version)

    async def aclose(self) -> None:
        """Close the connections."""
        await self._http.aclose()

    def _with_batch(self, model: str) -> BackendSettings:
        """The settings for one model: all its requests have the batch that it was loaded with."""
        return evolve(self._settings, batch=self._batches.get(model))

    async def _pieces(self, path: str, body: dict[str, Any]) -> AsyncGenerator[Piece, None]:
        """The pieces of an answer. What was held back goes out before an error does."""
        model, url = body["model"], self._settings.url
        explain = partial(refusal, model=model, url=url)
        splitter = ThinkingSplitter(later=path == _CHAT)
        try:
            async with aclosing(
                self._lines(path, body, explain, stall=self._settings.stall_timeout)
            ) as lines:
                async for line in lines:
                    if line.error is not None:
                        raise failure(line.error, model=model, url=url)
                    text, thinking = splitter.feed(line.message.content + line.response)
                    thinking = line.message.thinking + line.thinking + thinking
                    if line.done:
                        held, thought = splitter.flush()
                        yield Piece(text + held, thinking + thought, _end(line), _usage(line))
                    elif text or thinking:
                        yield Piece(text, thinking)
        except GlossError:
            held, thought = splitter.flush()
            if held or thought:
                yield Piece(held, thought)
            raise

    async def _lines(
        self, path: str, body: dict[str, Any], explain: Explain, *, stall: float | None
    ) -> AsyncGenerator[wire.Line, None]:
        """The lines of an answer, up to the one that is the last by its own word."""
        came = False
        async with aclosing(self._http.lines("POST", path, body, explain=explain, stall=stall)) as lines:
            async for data in lines:
                try:
                    line = read(data, wire.Line)
                except NoObject as garbage:
                    raise (broken_off() if came else foreign(self._settings.url)) from garbage
                came = True
                yield line
                if line.done or line.status == "success":
                    await settle(lines)
                    return
        raise broken_off()


def _end(line: wire.Line) -> Literal["stop", "length"]:
    return "length" if line.done_reason == "length" else "stop"


def _usage(line: wire.Line) -> Usage:
    cached = line.prompt_eval_cached_count
    return Usage(
        prompt_tokens=line.prompt_eval_count,
        prompt_seconds=line.prompt_eval_duration / 1e9,
        tokens=line.eval_count,
        seconds=line.eval_duration / 1e9,
        load_seconds=line.load_duration / 1e9,
        read_tokens=None if cached is None else max(0, line.prompt_eval_count - cached),
    )
