"""`workspace/executeCommand`: the actions as jobs, and stop."""

from __future__ import annotations

import asyncio
import contextlib
from typing import TYPE_CHECKING, Any

from attrs import frozen
from lsprotocol import types

from gloss_lsp.actions import ACTIONS
from gloss_lsp.actions.base import Edits, Page
from gloss_lsp.core.markdown import safe_markdown, unclosed
from gloss_lsp.core.text import Span
from gloss_lsp.errors import GlossError, Refused
from gloss_lsp.lsp import convert
from gloss_lsp.lsp.apply import Applied, NotMade
from gloss_lsp.perform import Asked

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from gloss_lsp.actions.base import Action
    from gloss_lsp.lsp.progress import Progress
    from gloss_lsp.lsp.server import Server

Outcome = dict[str, Any]
"""As the contract has it: ``{"kind": "page", …}`` or ``{"kind": "edits", …}``."""


@frozen
class Argument:
    """The only argument of a command: one object."""

    raw: dict[str, Any]

    @classmethod
    def of(cls, params: types.ExecuteCommandParams) -> Argument:
        """The argument of a command; an empty object where there is none."""
        raw = params.arguments[0] if params.arguments else {}
        if not isinstance(raw, dict):
            raise Refused(f"{params.command} takes one object as its argument.")
        return cls(raw)

    def text(self, name: str) -> str:
        """A text of the object; empty where it is not given."""
        value = self.raw.get(name)
        if value is not None and not isinstance(value, str):
            raise Refused(f"{name} has to be a text.")
        return value or ""

    def required(self, name: str) -> str:
        """A text that has to be given."""
        value = self.text(name)
        if not value:
            raise Refused(f"The argument lacks {name}.")
        return value

    def range(self) -> types.Range | None:
        """The range of the object."""
        raw = self.raw.get("range")
        if raw is None:
            return None
        try:
            ends = [
                types.Position(int(raw[end]["line"]), int(raw[end]["character"])) for end in ("start", "end")
            ]
        except (KeyError, TypeError, ValueError, OverflowError):
            raise Refused("range has to be a range of the protocol, with start and end.") from None
        return types.Range(*ends)

    @property
    def token(self) -> str | int | None:
        """The progress token of a job; None where none is named."""
        value = self.raw.get("token")
        if value is not None and not isinstance(value, str | int):
            raise Refused("token has to be a progress token: a text or a whole number.")
        return value

    @property
    def diagnostic(self) -> str:
        """The message of the diagnostic that is asked about, given as a diagnostic or as its message."""
        value = self.raw.get("diagnostic") or ""
        return str(value.get("message", "")) if isinstance(value, dict) else str(value)


def asked(server: Server, action: Action, argument: Argument) -> Asked:
    """What a command asks for, of the document as it is now."""
    uri = argument.required("uri")
    buffer = server.documents.get(uri)
    if buffer is None:
        raise Refused("Gloss knows only documents that are open in the editor; open this one and ask again.")
    source = buffer.snapshot()
    range_ = argument.range()
    span = convert.to_span(source, range_, server.encoding) if range_ else Span(0, 0)
    return Asked(
        action,
        source,
        span,
        instruction=argument.text("instruction"),
        target=argument.text("target"),
        diagnostic=argument.diagnostic,
    )


async def explained(server: Server, request: Asked, progress: Progress) -> Outcome:
    """Run an action whose outcome may be a page: it is shown while it is written, and by hovering."""
    explanation = server.explanations.begin(request)
    page = server.pages.make(request.action.title, progress.token)
    progress.sinks += [explanation, page]

    async def performed() -> Page | Edits:
        await page.begin()
        return await server.perform(request, progress)

    try:
        outcome = await explanation.follow(performed())
    except (Exception, asyncio.CancelledError):
        # What came so far is kept, and the reason stands below it.
        await asyncio.shield(
            page.close(f"{explanation.page}{unclosed(explanation.page)}\n\n*{explanation.state}*")
        )
        raise
    if isinstance(outcome, Edits):
        return await edited(server, request, outcome)
    if not await page.close(outcome.markdown):
        server.client.say("info", f"{outcome.title}: hover over the code to read it.")
    # The client shows it too: what it is given is as safe as the page.
    return {"kind": "page", "title": outcome.title, "markdown": safe_markdown(outcome.markdown)}


async def edited(server: Server, request: Asked, outcome: Edits) -> Outcome:
    """Apply the edits of an action, and say what was left out."""
    applied = await server.applier.apply(request.source, outcome)
    if outcome.left:
        server.client.say("warning", f"{outcome.label}: {' '.join(outcome.left)}")
    return _edits(server, outcome.label, applied)


def _edits(server: Server, label: str, applied: Applied) -> Outcome:
    changes = server.plain(list(applied.changes))
    return {"kind": "edits", "label": label, "applied": applied.applied, "changes": changes}


async def run(server: Server, request: Asked, progress: Progress) -> Outcome:
    """Run any action to its end in the editor."""
    if not request.action.kind.startswith("refactor.rewrite"):
        return await explained(server, request, progress)
    outcome = await server.perform(request, progress)
    if isinstance(outcome, Page):
        raise GlossError(f"{request.action.title} ended in a page, though its kind promises edits.")
    return await edited(server, request, outcome)


async def as_job(
    server: Server,
    title: str,
    work: Callable[[Progress], Awaitable[object]],
    token: str | int | None,
    *,
    measured: bool = False,
) -> object:
    """Start a job; wait for it only where the client made the token, and so has asked to wait."""
    task = server.jobs.start(title, work, token, measured=measured)
    if token is None:
        server.background(_told(server, task), f"tell how {title} ended")
        return None
    try:
        return await task
    except asyncio.CancelledError:
        task.cancel()
        raise
    except GlossError as error:
        raise server.advice.answer(error) from error


async def _told(server: Server, task: asyncio.Task[object]) -> None:
    with contextlib.suppress(asyncio.CancelledError):
        try:
            await task
        except GlossError as error:
            await server.advice.tell(error)


def register(server: Server) -> None:
    """Declare a command for each action, and `gloss.stop`, which without a token stops what hovers began too."""
    for action in ACTIONS:
        _register_action(server, action)

    async def stop(params: types.ExecuteCommandParams) -> None:
        token = Argument.of(params).token
        server.jobs.stop(token)
        if token is None:
            server.explanations.stop()

    server.command("gloss.stop")(stop)


def _register_action(server: Server, action: Action) -> None:
    async def start(params: types.ExecuteCommandParams) -> object:
        request = asked(server, action, Argument.of(params))

        async def work(progress: Progress) -> Outcome:
            return await run(server, request, progress)

        try:
            return await as_job(server, action.title, work, params.work_done_token)
        except NotMade as error:
            # The job has failed, and its progress says why; whoever waits can still make the edit.
            server.client.say("warning", str(error))
            return _edits(server, error.label, Applied(applied=False, changes=error.changes))

    server.command(f"gloss.{action.name}")(start)
