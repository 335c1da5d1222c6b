"""Makes a model's Markdown safe to show in any editor, also while it streams.

Removed are images, raw HTML, links to anything but the web, mail and the page itself, formulas,
and characters that act on the display. Code stays as it is. Editors read Markdown each in their
own way, so nothing is decided by one parser's reading: what is understood is written anew in a
form that all readers agree on (fences at the margin and always closed, code spans within their
line, absolute links), and every mark that is left over is spelled as a character reference.
"""

from __future__ import annotations

import re

from attrs import frozen

from gloss_lsp.core.inline import Inline
from gloss_lsp.core.safe import UNSAFE

_CONTAINER = r"[ \t]*(?:(?:>|(?:[-*+]|\d{1,9}[.)])(?=[ \t]))[ \t]*){0,12}"
_FENCE = re.compile(rf"(?P<lead>{_CONTAINER})(?P<fence>`{{3,}}(?=[^`]*\Z)|~{{3,}})(?P<info>.*)\Z")
_BEGINNING = re.compile(r"[ \t>*+\-|:0-9.)]*(?:`{0,2}|`{3,}[^`]*|~{0,2}|~{3,}.*)\Z")
_DELIMITER_ROW = re.compile(r"[ \t>*+:0-9.)]*(?P<mark>[-|])[ \t>*+\-|:0-9.)]*\Z")
_INFO = re.compile(r"[ \t]*([A-Za-z0-9_+#.-]{1,32})(?=[ \t]|\Z)")
_METADATA = ("---", "+++")

# Viewers draw these instead of showing them, and load what they name.
_DRAWN = frozenset(
    {"mermaid", "math", "katex", "latex", "plantuml", "dot", "graphviz", "geojson", "topojson", "stl"}
)


@frozen
class _Fence:
    mark: str
    quotes: int
    """How many block quotes it stands in."""
    indent: int

    def closed_by(self, line: str) -> bool:
        """Whether a line ends the code; at any indentation, because models are careless with it."""
        bare = line.strip()
        return len(bare) >= len(self.mark) and not bare.strip(self.mark[0])


class MarkdownStream:
    """Makes Markdown safe piece by piece, for pages that are appended to.

    What is fed may be cut anywhere. What cannot be decided yet, such as half a link, is kept back
    until it can, at most to the end of its line. The joined output is the same for every way to
    cut the input, and with `flush` always whole: what follows it is outside of any code.
    """

    def __init__(self) -> None:
        self._pending = ""
        self._fence: _Fence | None = None
        self._first_line = True
        self._line_begins = True
        self._inline = Inline()
        self._in_table = False
        self._after_splittable = False
        self._blank = True
        self._after_blank = True

    def feed(self, piece: str) -> str:
        """What may be shown now."""
        self._pending += UNSAFE.sub("", piece)
        return self._drain(ended=False)

    def flush(self) -> str:
        """What was kept back, at the end of the text; a fence that is still open is closed. Called once."""
        return self._drain(ended=True) + self._closing()

    def unclosed(self) -> str:
        """What ends the code that what was fed breaks off in; empty where it does not."""
        self._drain(ended=True)
        # Code in a quote ends with the quote.
        return "" if self._fence is None or self._fence.quotes else self._closing()

    def _closing(self) -> str:
        if self._fence is None:
            return ""
        return self._fence.mark if self._line_begins else f"\n{self._fence.mark}"

    def _drain(self, *, ended: bool) -> str:
        written: list[str] = []
        while self._pending:
            line, newline, rest = self._pending.partition("\n")
            complete = bool(newline) or ended
            text, used = self._write(line, complete)
            written.append(text)
            if not complete:
                self._pending = line[used:]
                break
            written.append(newline)
            self._pending = rest
            if newline:
                self._begin_line()
        return "".join(written)

    def _begin_line(self) -> None:
        self._after_splittable = self._inline.splittable
        self._after_blank, self._blank = self._blank, True
        self._line_begins = True
        self._first_line = False
        self._inline = Inline(in_table=self._in_table)

    def _write(self, line: str, complete: bool) -> tuple[str, int]:
        if self._fence is not None:
            return self._write_code(self._fence, line, complete)
        if self._line_begins:
            if not complete and _BEGINNING.match(line):
                return "", 0
            fence = _FENCE.match(line) if complete else None
            if fence is not None:
                return self._open(fence), len(line)
            self._line_begins = False
            return self._write_beginning(line, complete)
        return self._inline.write(line, complete)

    def _write_beginning(self, line: str, complete: bool) -> tuple[str, int]:
        if not line.strip(" \t"):
            self._in_table = False
            return "", len(line)
        self._blank = False
        escape_at = -1
        if self._first_line and line.startswith(_METADATA):
            # Some viewers hide what stands between two such lines at the top, fences too.
            escape_at = 0
        elif complete and (row := _DELIMITER_ROW.match(line)):
            # It makes a table of the line above, whose code spans may hold cell borders.
            escape_at = row.start("mark") if self._after_splittable else -1
            self._in_table = not self._after_splittable
        if escape_at < 0:
            return self._inline.write(line, complete)
        text, used = self._inline.write(line[escape_at:], complete)
        return f"{line[:escape_at]}\\{text}", escape_at + used

    def _open(self, found: re.Match[str]) -> str:
        info = _INFO.match(found["info"])
        name = info[1] if info else ""
        quotes = found["lead"].count(">")
        indent = len(_without_quotes(found["lead"], quotes) or "")
        self._fence = _Fence(found["fence"], quotes, indent)
        self._in_table = False
        self._line_begins = False
        # Some readers see no fence right below what they take for indented code.
        apart = "" if self._after_blank else "\n"
        return apart + self._fence.mark + ("text" if name.lower() in _DRAWN else name)

    def _write_code(self, fence: _Fence, line: str, complete: bool) -> tuple[str, int]:
        if not self._line_begins:
            return line, len(line)
        inside = _without_quotes(line, fence.quotes)
        if not complete and (fence.quotes or not line.strip().strip(fence.mark[0]).strip()):
            return "", 0
        if inside is None:
            self._fence = None
            text, used = self._write(line, complete)
            return f"{fence.mark}\n{text}", used
        self._line_begins = False
        if complete and fence.closed_by(inside):
            self._fence = None
            return fence.mark, len(line)
        margin = len(inside) - len(inside.lstrip(" \t"))
        return inside[min(margin, fence.indent) :], len(line)


def safe_markdown(text: str) -> str:
    """A whole text made safe; safe as well where the text breaks off anywhere.

    So a page that is shown anew at every piece can be made from all that has come so far, and what
    Gloss adds after a blank line is never part of the model's code. Making safe text safe changes
    nothing that shows.
    """
    stream = MarkdownStream()
    return stream.feed(text) + stream.flush()


def unclosed(text: str) -> str:
    """What has to be appended to a model's Markdown so that more Markdown behind it is not read as its code.

    For pages that are made of several answers, and made safe when they are shown.
    """
    stream = MarkdownStream()
    stream.feed(text)
    return stream.unclosed()


def _without_quotes(line: str, depth: int) -> str | None:
    """A line without the marks of the block quotes that it stands in, or None where it does not."""
    for _ in range(depth):
        stripped = line.lstrip(" \t")
        if not stripped.startswith(">"):
            return None
        line = stripped[1:].removeprefix(" ")
    return line
