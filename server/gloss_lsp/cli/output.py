"""What is written: words as they come, notes, and signs of life for people who wait."""

from __future__ import annotations

import re
import sys
from typing import TYPE_CHECKING

from rich.console import Console
from rich.text import Text

from gloss_lsp.cli.wrap import Wrap
from gloss_lsp.core.terminal import TerminalFilter, safe_terminal

if TYPE_CHECKING:
    from types import TracebackType

    from rich.status import Status
    from typing_extensions import Self


_BAR = 24
"""Characters of a bar."""


def console(*, stderr: bool = False) -> Console:
    """Writes styled text: with colours on a terminal that has them, else without and never wrapped."""
    return Console(stderr=stderr, highlight=False, markup=False, emoji=False, soft_wrap=True)


def note(text: str) -> None:
    """Say something beside the result, in one line."""
    print(f"gloss: {safe_terminal(text)}", file=sys.stderr)


def tell(name: str) -> None:
    """Write the name of a file as a result: safe to show on a terminal, to the letter for other programs."""
    print(safe_terminal(name) if sys.stdout.isatty() else name, flush=True)


class Words:
    """Writes a model's words to standard output as they come, made safe for a terminal and wrapped for it."""

    def __init__(self, waiting: Waiting) -> None:
        self._waiting = waiting
        self._filter = TerminalFilter()
        screen = console()
        # In the last column some terminals begin a new line by themselves.
        self._wrap = Wrap(screen.width - 1) if screen.is_terminal else None
        self._said = ""
        self._last = "\n"

    def add(self, text: str) -> None:
        """Write more words."""
        if text:
            self._waiting.end()
            self._said += text
            self._write(self._filter.feed(text))

    def become(self, page: str) -> None:
        """Write what makes of everything so far this page; one that begins otherwise is written below."""
        if page.startswith(self._said):
            self.add(page[len(self._said) :])
        else:
            self.end()
            self._said = ""
            self.add(page)

    def end(self) -> None:
        """Finish the line, also where the words broke off."""
        self._write(self._filter.flush())
        if self._last != "\n":
            self._write("\n")

    def _write(self, text: str) -> None:
        if text:
            self._last = text[-1]
            sys.stdout.write(self._wrap.feed(text) if self._wrap else text)
            sys.stdout.flush()


class Waiting:
    """Says on standard error what is waited for, where that is a terminal; gone when the result comes."""

    def __init__(self) -> None:
        self._console = console(stderr=True)
        self._status: Status | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.end()

    def say(self, text: str) -> None:
        """Say it, in place of what was said before; where it tells a percentage, with a bar."""
        if not self._console.is_terminal:
            return
        line = Text(safe_terminal(text).replace("\n", " "), no_wrap=True, overflow="ellipsis", style="dim")
        if percentage := re.search(r"\b(100|\d\d?) ?%", text):
            done = round(int(percentage[1]) / 100 * _BAR)
            line = Text.assemble(("━" * done, "cyan"), ("━" * (_BAR - done), "dim"), " ", line)
        if self._status is None:
            self._status = self._console.status(line)
            self._status.start()
        else:
            self._status.update(line)

    def end(self) -> None:
        """Take it away."""
        if self._status is not None:
            self._status.stop()
            self._status = None
