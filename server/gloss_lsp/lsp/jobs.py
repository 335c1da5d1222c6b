"""Jobs: long work that has progress, can be stopped, and ends exactly once."""

from __future__ import annotations

import asyncio
import logging
import uuid
from typing import TYPE_CHECKING, TypeVar

from lsprotocol import types

from gloss_lsp.errors import GlossError, Refused
from gloss_lsp.lsp.progress import Progress

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from gloss_lsp.lsp.server import Server

T = TypeVar("T")

BROKEN = "Gloss has a fault and could not go on; its log says more."
"""What the user is told of an exception that nobody foresaw."""

logger = logging.getLogger(__name__)


class Jobs:
    """The jobs that run now, by their progress tokens."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self._running: dict[str | int, asyncio.Task[object]] = {}

    def start(
        self,
        title: str,
        work: Callable[[Progress], Awaitable[T]],
        token: str | int | None = None,
        *,
        measured: bool = False,
    ) -> asyncio.Task[T]:
        """Start a job.

        Args:
            title: what it is, for people.
            work: does it, and says how far it has come.
            token: of its progress, where the client made it and has announced it itself.
            measured: whether it can say how much of it is done, so that a bar can be shown.

        Raises:
            Refused: the token is that of a job that still runs.
        """
        if token in self._running:
            raise Refused("This progress token is that of a job that still runs; use another one.")
        announced = token is not None
        name = str(uuid.uuid4()) if token is None else token
        progress = Progress(self._server, name, title, measured=measured)
        task = self._server.background(self._run(work, progress, announced=announced), title)
        self._running[name] = task
        task.add_done_callback(lambda _: self._running.pop(name, None))
        return task

    @property
    def busy(self) -> bool:
        """Whether a job runs."""
        return bool(self._running)

    def stop(self, token: str | int | None = None) -> int:
        """Stop one job, or all; how many were stopped."""
        tasks = list(self._running.values()) if token is None else [self._running.get(token)]
        return sum(task.cancel() for task in tasks if task is not None)

    async def _run(
        self, work: Callable[[Progress], Awaitable[T]], progress: Progress, *, announced: bool
    ) -> T:
        self._server.status.doing(progress.token, "working", progress.title)
        try:
            if announced or await self._server.client.create_progress(progress.token):
                progress.begin()
            result = await work(progress)
        except asyncio.CancelledError:
            progress.end("stopped")
            raise
        except GlossError as error:
            progress.end(str(error), failed=True)
            raise
        except Exception as error:
            logger.exception("The job %r failed", progress.title)
            progress.end(BROKEN, failed=True)
            raise GlossError(BROKEN) from error
        progress.end("done")
        return result


def register(server: Server) -> None:
    """`window/workDoneProgress/cancel` stops the job of its token."""

    def cancel(params: types.WorkDoneProgressCancelParams) -> None:
        server.jobs.stop(params.token)

    server.feature(types.WINDOW_WORK_DONE_PROGRESS_CANCEL)(cancel)
