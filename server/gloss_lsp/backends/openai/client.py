"""An OpenAI-compatible server as a backend: vLLM, llama.cpp's, LM Studio, and what stands before them."""

from __future__ import annotations

import asyncio
from contextlib import aclosing
from typing import TYPE_CHECKING, Any, Final

from attrs import evolve

from gloss_lsp.backends.base import Health
from gloss_lsp.backends.failures import cannot_fill
from gloss_lsp.backends.http import Http, is_loopback
from gloss_lsp.backends.ollama.wire import Tags
from gloss_lsp.backends.openai import answers, describe, requests, wire
from gloss_lsp.backends.openai.errors import Declined, NoRoute, Sentences
from gloss_lsp.backends.openai.habits import Habits, part_to_leave_out
from gloss_lsp.backends.patience import Patience, patiently
from gloss_lsp.backends.structure import NoObject, read
from gloss_lsp.errors import Busy, CannotFill, GlossError, Unreachable

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from gloss_lsp.backends.base import BackendSettings, Chat, Fill, Model, Piece

PARALLEL: Final = 4
"""Requests at a time where nothing is set: such servers answer many at once, and they are shared."""
_NO_URL: Final = (
    "No server is set. Set `gloss.backend.url` to the address of your OpenAI-compatible server, such as "
    "https://models.example.com/v1."
)
_NO_COMPLETIONS: Final = (
    "The server at {url} does not complete with `{model}`: it has no `/v1/completions` for it, which filling in"
    " the middle needs. Set `gloss.models.complete` to another model, if there is one."
)
_LONGEST_LOOK: Final = 30.0
"""Seconds that are waited in all for a busy server to list its models: one that starts says that it is busy."""
_SHORTEST_KEY: Final = 8
"""Characters of a header's value that are looked for in what a server says: shorter ones are no keys."""


class OpenAICompatible:
    """A `gloss_lsp.backends.base.Backend`. Nothing is sent before the first call.

    A part of a request that a server does not take (a JSON schema, the switch for thinking, …) is left
    out and the request sent again, once; that is remembered. A server that is busy is asked again, but
    not for filling in the middle: that would come too late.
    """

    kind = "openai"

    def __init__(self, settings: BackendSettings) -> None:
        self.local = is_loopback(settings.url)
        self.parallel = settings.parallel or PARALLEL
        self._settings = settings
        self._http = Http(
            settings,
            server="the server",
            advice="Start it, or set `gloss.backend.url` to where it runs.",
        )
        words = (word for value in settings.headers.values() for word in (value, *value.split()))
        self._secrets = tuple(
            sorted({word for word in words if len(word) >= _SHORTEST_KEY}, key=len, reverse=True)
        )
        self._habits = Habits()
        self._cannot_fill: set[str] = set()
        self._cards: tuple[wire.Card, ...] = ()

    async def chat(self, request: Chat) -> AsyncGenerator[Piece, None]:
        """Stream the answer to a chat."""
        async with aclosing(patiently(lambda: self._chat(request))) as pieces:
            async for piece in pieces:
                yield piece

    async def fill(self, request: Fill) -> AsyncGenerator[Piece, None]:
        """Stream what stands between prefix and suffix. Raises `CannotFill` where the model cannot."""
        cards = self._cards or await self._list(patience=0.0)
        card = next((card for card in cards if card.id == request.model), wire.Card(request.model))
        form = describe.form_of(card)
        if describe.model(card, None, self._cannot_fill).fill == "none":
            raise CannotFill(cannot_fill(request.model))
        try:
            body = requests.fill(request, form)
            async with aclosing(self._pieces(requests.COMPLETIONS, body)) as pieces:
                async for piece in pieces:
                    yield piece
        except NoRoute as error:
            self._cannot_fill.add(request.model)
            raise CannotFill(_NO_COMPLETIONS.format(url=self._settings.url, model=request.model)) from error
        except Declined as error:
            if form is not None:
                raise
            self._cannot_fill.add(request.model)
            raise CannotFill(cannot_fill(request.model)) from error

    async def models(self) -> list[Model]:
        """What the server offers."""
        asked = self._settings.context_length
        return [describe.model(card, asked, self._cannot_fill) for card in await self._list()]

    async def load(self, model: str) -> Model:
        """See that the model is there: loading is the server's business."""
        found = next((each for each in await self.models() if each.name == model), None)
        if found is None:
            raise self._sentences(model).missing()
        return found

    async def health(self) -> Health:
        """Whether it answers, and what it is. Does not raise."""
        where = f" at {self._settings.url}" if self._settings.url else ""
        try:
            kind = describe.server_of(await self._list())
        except GlossError as error:
            return Health(f"the OpenAI-compatible server{where}", reachable=False, problem=str(error))
        return Health(f"{kind or 'An OpenAI-compatible server'}{where}", reachable=True)

    async def aclose(self) -> None:
        """Close the connections."""
        await self._http.aclose()

    async def _chat(self, request: Chat) -> AsyncGenerator[Piece, None]:
        """The answer, asked for without what the server was seen to refuse, or refuses now."""
        before = left_out = self._habits.refused(request.model)
        while True:
            body = requests.chat(request, left_out)
            begun = False
            try:
                async with aclosing(self._pieces(requests.CHAT, body)) as pieces:
                    async for piece in pieces:
                        if not begun and left_out != before:
                            self._habits.remember(request.model, left_out)
                        begun = True
                        yield piece
            except Declined as error:
                part = None if begun else part_to_leave_out(body, left_out, error.said)
                if part is None:
                    raise
                left_out |= {part}
            else:
                return

    async def _pieces(self, path: str, body: dict[str, Any]) -> AsyncGenerator[Piece, None]:
        self._need_url()
        sentences = self._sentences(body["model"])
        stall = self._settings.stall_timeout
        events = self._http.events(path, body, explain=sentences.refusal, stall=stall)
        async with aclosing(events), aclosing(answers.pieces(events, sentences)) as pieces:
            async for piece in pieces:
                yield piece

    async def _list(self, patience: float = _LONGEST_LOOK) -> tuple[wire.Card, ...]:
        self._need_url()
        sentences = self._sentences("")
        data = await self._read_list(sentences, Patience(patience))
        try:
            cards = read(data, wire.Cards).data
        except NoObject as garbage:
            raise sentences.foreign() from garbage
        if cards is None:
            raise sentences.foreign()
        self._cards = await self._marked(tuple(card for card in cards if card.id))
        return self._cards

    async def _read_list(self, sentences: Sentences, patience: Patience) -> bytes:
        within = self._settings.stall_timeout
        while True:
            try:
                return await self._http.read("GET", requests.MODELS, explain=sentences.refusal, within=within)
            except Busy as busy:  # noqa: PERF203  # it is the loop of these tries
                await asyncio.sleep(patience.wait_after(busy))

    async def _marked(self, cards: tuple[wire.Card, ...]) -> tuple[wire.Card, ...]:
        """The cards with what runs elsewhere: only Ollama's own list says of its models that some do."""
        if not any(card.owned_by == describe.OLLAMA for card in cards):
            return cards
        explain, within = self._sentences("").refusal, self._settings.stall_timeout
        try:
            tags = read(
                await self._http.read("GET", "/api/tags", explain=explain, within=within), Tags
            ).models
        except (GlossError, NoObject):
            return cards
        remote = {tag.name: tag.remote_host for tag in tags or ()}
        return tuple(evolve(card, remote_host=remote.get(card.id, "")) for card in cards)

    def _need_url(self) -> None:
        if not self._settings.url:
            raise Unreachable(_NO_URL)

    def _sentences(self, model: str) -> Sentences:
        return Sentences(self._settings.url, model, self._secrets)
