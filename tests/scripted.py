"""A backend in memory that does what a test says, and writes down what it is asked.

world = World()
world.ollama.models_there = [CODER]
gateway = world.gateway(configuration)
"""

from __future__ import annotations

import asyncio
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

from attrs import evolve

from gloss_lsp.backends.base import Health, Model, Piece
from gloss_lsp.connect import Connector
from gloss_lsp.errors import BackendError, ModelMissing, Unreachable
from gloss_lsp.gateway import Gateway
from gloss_lsp.speeds import Speeds

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from gloss_lsp.backends.base import BackendSettings, Chat, Fill
    from gloss_lsp.configuration import Configuration

GB = 1024**3
CODER = Model("qwen2.5-coder:1.5b", size=1 * GB, family="qwen2", fill="raw")
CHAT = Model("qwen3:8b", size=5 * GB, family="qwen3", thinking=True)
SMALL_CHAT = Model("qwen3:1.7b", size=2 * GB, family="qwen3", thinking=True)
CLOUD = Model("big:cloud", size=1, fill="raw", remote_host="https://ollama.com:443")
EMBEDDED = Model("coder-embedded", size=1 * GB, family="qwen2", fill="raw")
MODELS_UNREACHABLE = Unreachable("Ollama does not answer at http://127.0.0.1:11434. Start it.")


class Place:
    """Where backends of one kind lead: what a server would know, whoever is connected to it."""

    def __init__(self, kind: str, log: list[str]) -> None:
        self.kind = kind
        self.log = log
        self.models_there: list[Model] = []
        self.down: BackendError | None = None
        """Raised by everything."""
        self.fails: BackendError | None = None
        """Raised by loads and answers."""
        self.context = 4096
        self.loading = asyncio.Event()
        """Loads wait for it."""
        self.looking = asyncio.Event()
        """Lists of models wait for it."""
        self.going_on = asyncio.Event()
        """Answers wait for it after their first piece."""
        for gate in (self.loading, self.looking, self.going_on):
            gate.set()
        self.answer: list[Piece | BackendError] | None = None
        """None: the answer repeats the prompt, character by character."""
        self.requests: list[Chat | Fill] = []
        self.open_backends = 0
        self.settings: list[BackendSettings] = []

    def count(self, event: str) -> int:
        return self.log.count(f"{self.kind} {event}")


class ScriptedBackend:
    """An implementation of `Backend`; what happens lies in its place."""

    parallel = 1
    local = True

    def __init__(self, place: Place, settings: BackendSettings) -> None:
        self.kind = place.kind
        self.place = place
        self.settings = settings
        place.settings.append(settings)
        place.open_backends += 1

    def chat(self, request: Chat) -> AsyncGenerator[Piece, None]:
        return self._stream("chat", request, request.messages[-1].content)

    def fill(self, request: Fill) -> AsyncGenerator[Piece, None]:
        return self._stream("fill", request, request.prefix + "|" + request.suffix)

    async def _stream(self, event: str, request: Any, echo: str) -> AsyncGenerator[Piece, None]:
        place = self.place
        place.requests.append(request)
        place.log.append(f"{place.kind} {event}")
        try:
            self._check(request.model)
            said = place.answer or [*map(Piece, echo), Piece(done="stop")]
            for number, piece in enumerate(said):
                if number == 1:
                    await place.going_on.wait()
                if isinstance(piece, BackendError):
                    raise piece
                yield piece
        finally:
            place.log.append(f"{place.kind} closed")

    async def models(self) -> list[Model]:
        self.place.log.append(f"{self.kind} models")
        await self.place.looking.wait()
        if self.place.down is not None:
            raise self.place.down
        return list(self.place.models_there)

    async def load(self, model: str) -> Model:
        place = self.place
        place.log.append(f"{place.kind} load {model}")
        await place.loading.wait()
        self._check(model)
        loaded = [
            evolve(each, loaded=True, context=place.context)
            for each in place.models_there
            if each.name == model
        ]
        place.models_there = [loaded[0] if each.name == model else each for each in place.models_there]
        return loaded[0]

    async def health(self) -> Health:
        if self.place.down is not None:
            return Health(self.kind, reachable=False, problem=str(self.place.down))
        return Health(f"{self.kind} 1.0", reachable=True, version="1.0")

    async def aclose(self) -> None:
        self.place.open_backends -= 1
        self.place.log.append(f"{self.kind} aclose")

    def _check(self, model: str) -> None:
        for error in (self.place.down, self.place.fails):
            if error is not None:
                raise error
        if model not in [each.name for each in self.place.models_there]:
            raise ModelMissing(f"The model {model} is not installed.", model)


class World:
    """Ollama, another server and the embedded engine, as a test wants them."""

    def __init__(self) -> None:
        self.log: list[str] = []
        self.notices: list[str] = []
        self.ollama = Place("ollama", self.log)
        self.openai = Place("openai", self.log)
        self.embedded = Place("embedded", self.log)
        self.progress: dict[str, Any] = {}
        self.speeds = Speeds(Path(os.devnull))

    def connector(self, configuration: Configuration, *, grace: float = 0) -> Connector:
        def make(kind: str, settings: BackendSettings, progress: Any) -> ScriptedBackend:
            self.progress[kind] = progress
            return ScriptedBackend(getattr(self, kind), settings)

        return Connector(configuration, self.notices.append, make=make, speeds=self.speeds, grace=grace)

    def gateway(self, configuration: Configuration, *, grace: float = 0) -> Gateway:
        return Gateway(self.connector(configuration, grace=grace), lambda: configuration.settings)


async def settle() -> None:
    """Let everything happen that can happen without something new from outside."""
    for _ in range(50):
        await asyncio.sleep(0)
