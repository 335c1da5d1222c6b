"""What the editor sees of a job while it runs: `$/progress`, and `gloss/stream` for our own plugins."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any, Protocol

from lsprotocol import types

from gloss_lsp.core.markdown import MarkdownStream, safe_markdown
from gloss_lsp.core.safe import safe_line, safe_line_end
from gloss_lsp.lsp.throttle import Throttle

if TYPE_CHECKING:
    from gloss_lsp.converse import Step
    from gloss_lsp.lsp.server import Server

REPORT_INTERVAL = 0.2
"""Seconds between two progress reports: at most five a second (design section 3)."""

STREAM_INTERVAL = 0.05
"""Seconds between two `gloss/stream` notifications: at most twenty a second (design section 3)."""

NEWEST_WORDS = 60
"""Characters of the newest text in a report: more is cut off by the editors' status lines."""


class Sink(Protocol):
    """Somewhere that the words of a job go besides progress, such as a page."""

    def write(self, page: str) -> object:
        """Show the page as it stands now."""


class Progress:
    """The progress of one job on one token: begun once, ended once."""

    def __init__(self, server: Server, token: str | int, title: str, *, measured: bool = False) -> None:
        self._server = server
        self.token = token
        self.title = title
        self.sinks: list[Sink] = []
        self._reports = Throttle(REPORT_INTERVAL, self._report)
        self._rate = Rate()
        self._has_words = False
        self._open = False
        self._percentage = 0 if measured else None
        self._last: types.WorkDoneProgressReport | None = None

    def begin(self) -> None:
        """Announce the job, with a way to stop it; without this no progress is sent."""
        self._open = True
        title = safe_line(self.title, 100)
        # Only a bar that was announced with a percentage is shown as one (LSP 3.18, *WorkDoneProgressBegin*).
        self._send(types.WorkDoneProgressBegin(title=title, cancellable=True, percentage=self._percentage))

    def waiting(self, message: str) -> None:
        """Say what is waited for, such as *loading qwen3:1.7b, 3 s*."""
        self._reports.put(message)
        self._server.status.doing(self.token, "loading", self.title, message)

    def uses(self, model: str) -> None:
        """Say which model does it."""
        self._server.status.uses(self.token, model)

    def amount(self, message: str, share: float) -> None:
        """Say how much is done, as a share of one."""
        self._percentage = min(100, max(0, int(share * 100)))
        self._reports.put(message)
        self._server.status.doing(self.token, "working", self.title, message)

    def step(self, step: Step) -> None:
        """Show how far the conversation has come."""
        first = bool(step.newest) and not self._has_words
        self._has_words |= first
        if step.newest or step.thinking:
            self._rate.count()
        words = step.page if step.newest else step.thinking or step.page
        said = [step.note, safe_line_end(words, NEWEST_WORDS), self._rate.text()]
        message = " · ".join(part for part in said if part)
        self._reports.put(message, at_once=first)
        self._server.status.doing(self.token, "working", self.title, message)
        if step.usage is not None:
            # The next reply begins after the model has read: that is not writing speed.
            self._rate = Rate()
        if step.newest:
            for sink in self.sinks:
                sink.write(step.page)

    def end(self, message: str, *, failed: bool = False) -> None:
        """Say how the job ended: *done*, *stopped*, or why it failed."""
        self._reports.flush()
        self._server.status.ended(self.token, message if failed else "")
        self._send(types.WorkDoneProgressEnd(message=safe_line(message, 300)))
        self._open = False

    def _report(self, message: str) -> None:
        report = types.WorkDoneProgressReport(message=safe_line(message, 200), percentage=self._percentage)
        if report != self._last:
            self._last = report
            self._send(report)

    def _send(self, value: Any) -> None:  # noqa: ANN401  # one of three classes of lsprotocol
        if self._open:
            self._server.progress(types.ProgressParams(self.token, value))


class Rate:
    """Counts pieces, which are tokens for every backend here, and says how many come in a second."""

    def __init__(self) -> None:
        self._pieces = 0
        self._first = 0.0

    def count(self) -> None:
        """Count one piece, which has come now."""
        if not self._pieces:
            self._first = time.monotonic()
        self._pieces += 1

    def text(self) -> str:
        """Such as ``21 tokens/s``; nothing while there is too little to tell."""
        seconds = time.monotonic() - self._first
        if self._pieces < 5 or seconds <= 0:  # noqa: PLR2004  # fewer pieces say nothing about speed
            return ""
        return f"{(self._pieces - 1) / seconds:.0f} tokens/s"


class Growing:
    """A page that grows, made safe as it does: what is safe to show of it never changes afterwards."""

    def __init__(self) -> None:
        self._markdown = MarkdownStream()
        self._taken = ""

    def grow(self, page: str) -> str:
        """What can be shown now that could not before; nothing of a page that does not go on from the last."""
        if not page.startswith(self._taken):
            return ""
        new = page[len(self._taken) :]
        self._taken = page
        return self._markdown.feed(new)


class Stream:
    """Sends the words of a job as `gloss/stream`, each only once."""

    def __init__(self, server: Server, token: str | int) -> None:
        self._server = server
        self._token = token
        self._growing = Growing()
        self._number = 0
        self._pages = Throttle(STREAM_INTERVAL, self._send)

    def write(self, page: str) -> None:
        """Send what is new of the page."""
        self._pages.put(page)

    def close(self, page: str) -> None:
        """Send the whole page as the last word."""
        self._pages.flush()
        self._notify(safe_markdown(page), done=True)

    def _send(self, page: str) -> None:
        new = self._growing.grow(page)
        if new:
            self._notify(new, done=False)

    def _notify(self, text: str, *, done: bool) -> None:
        params = {"id": self._token, "seq": self._number, "text": text, "done": done}
        self._number += 1
        self._server.notify("gloss/stream", params)
