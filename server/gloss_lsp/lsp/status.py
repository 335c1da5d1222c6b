"""`gloss/status`: what Gloss does now, for a status bar; only for clients that asked for it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from attrs import evolve, frozen

from gloss_lsp.core.safe import safe_line
from gloss_lsp.lsp.throttle import Throttle

if TYPE_CHECKING:
    from gloss_lsp.lsp.server import Server

State = Literal["ready", "loading", "working", "failed"]

INTERVAL = 0.2
"""Seconds between two notifications: a status bar shows no more."""


@frozen
class Doing:
    """What one job does, or how the last one failed."""

    state: State
    task: str = ""
    """The title of the job."""
    model: str = ""
    message: str = ""


READY = Doing("ready")


class Status:
    """Knows what every job does, and shows the newest."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self._jobs: dict[str | int, Doing] = {}
        self._rest = READY
        self._shown = Throttle(INTERVAL, self._notify)

    def doing(self, token: str | int, state: State, title: str, message: str = "") -> None:
        """A job does something new."""
        self._jobs[token] = Doing(state, title, self._jobs.get(token, READY).model, message)
        self._show()

    def uses(self, token: str | int, model: str) -> None:
        """A job has got its model."""
        if token in self._jobs:
            self._jobs[token] = evolve(self._jobs[token], model=model)

    def ended(self, token: str | int, failure: str = "") -> None:
        """A job has ended; a failure is shown until something else happens."""
        done = self._jobs.pop(token, READY)
        # A status bar says which model is ready, too.
        rest = evolve(done, state="failed", message=failure) if failure else Doing("ready", model=done.model)
        self._rest = rest
        self._show()

    def _show(self) -> None:
        if self._server.client.shows_status:
            self._shown.put(next(reversed(self._jobs.values()), self._rest))

    def _notify(self, doing: Doing) -> None:
        params: dict[str, object] = {
            "state": doing.state,
            "task": doing.task,
            "model": doing.model,
            "message": safe_line(doing.message, 200),
        }
        if doing.state == "failed":
            params["command"] = {"title": "What is wrong?", "command": "gloss.doctor", "arguments": [{}]}
        self._server.notify("gloss/status", params)
