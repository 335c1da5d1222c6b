"""The models that Ollama has, and what it says of each, asked once for every version of a model."""

from __future__ import annotations

import asyncio
from functools import partial
from typing import TYPE_CHECKING, Final, TypeVar

from gloss_lsp.backends.ollama import describe, wire
from gloss_lsp.backends.ollama.errors import failure, foreign, refusal
from gloss_lsp.backends.structure import NoObject, read
from gloss_lsp.core.choose import same_model
from gloss_lsp.errors import GlossError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from gloss_lsp.backends.base import BackendSettings, Model
    from gloss_lsp.backends.http import Http

T = TypeVar("T")

_AT_A_TIME: Final = 4
"""How many models are asked about at once: Ollama reads a file for each."""


class Catalogue:
    """What is installed, loaded and known."""

    def __init__(self, http: Http, settings: BackendSettings) -> None:
        self._http = http
        self._settings = settings
        self._by_digest: dict[str, wire.Shown] = {}
        self._by_name: dict[str, wire.Shown] = {}

    async def models(self) -> list[Model]:
        """What is installed, with what is loaded."""
        tags = (await self.ask("GET", "/api/tags", wire.Tags)).models
        if tags is None:
            raise foreign(self._settings.url)
        loaded = await self.running()
        shown = await self._shown_of(tags)
        version = ""
        if any(not running.context_length for running in loaded):
            version = await self.version()
        models = []
        for tag in tags:
            running = next((one for one in loaded if same_model(one.name, tag.name)), None)
            said = shown.get(tag.name)
            context = describe.likely_context(said, self._settings.context_length, version)
            models.append(describe.model(tag, said, running, context))
        return models

    async def running(self) -> tuple[wire.Running, ...]:
        """What is loaded."""
        return (await self.ask("GET", "/api/ps", wire.Ps)).models or ()

    async def version(self) -> str:
        """As Ollama says it, such as ``0.34.0``; one that was built from source says ``0.0.0``."""
        version = (await self.ask("GET", "/api/version", wire.Version)).version
        if not version:
            raise foreign(self._settings.url)
        return version

    async def facts(self, name: str) -> describe.Facts:
        """What has to be known of a model to ask it. Raises `ModelMissing`."""
        shown = self._by_name.get(name)
        if shown is None:
            shown = self._by_name[name] = await self._show(name)
        return describe.facts(name, shown)

    def forget(self, name: str) -> None:
        """What is known of a model holds no longer."""
        self._by_name = {known: said for known, said in self._by_name.items() if not same_model(known, name)}

    async def ask(self, method: str, path: str, kind: type[T], body: Mapping[str, object] | None = None) -> T:
        """One request with one answer."""
        return self.answer(
            await self._http.read(
                method,
                path,
                body,
                explain=partial(refusal, model=_model_of(body), url=self._settings.url),
                within=self._settings.stall_timeout,
            ),
            kind,
            body,
        )

    def answer(self, data: bytes, kind: type[T], body: Mapping[str, object] | None) -> T:
        """The value of an answer; servers that only look like Ollama report errors with status 200."""
        url = self._settings.url
        try:
            error = read(data, wire.Line).error
            value = read(data, kind)
        except NoObject as garbage:
            raise foreign(url) from garbage
        if error is not None:
            raise failure(error, model=_model_of(body), url=url)
        return value

    async def _show(self, name: str) -> wire.Shown:
        return await self.ask("POST", "/api/show", wire.Shown, {"model": name})

    async def _shown_of(self, tags: tuple[wire.Tag, ...]) -> dict[str, wire.Shown]:
        """What is known of each; a model that cannot be read is left out and does not hide the others."""
        turns = asyncio.Semaphore(_AT_A_TIME)

        async def shown(tag: wire.Tag) -> wire.Shown | None:
            known = self._by_digest.get(tag.digest)
            if known is not None:
                return known
            async with turns:
                try:
                    return await self._show(tag.name)
                except GlossError:
                    return None

        found = await asyncio.gather(*(shown(tag) for tag in tags))
        pairs = [(tag, said) for tag, said in zip(tags, found, strict=True) if said is not None]
        # Replaced, not added to: what was removed or pulled anew is forgotten.
        self._by_digest = {tag.digest: said for tag, said in pairs if tag.digest}
        self._by_name = {tag.name: said for tag, said in pairs}
        return self._by_name


def _model_of(body: Mapping[str, object] | None) -> str:
    model = (body or {}).get("model")
    return model if isinstance(model, str) else ""
