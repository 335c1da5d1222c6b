"""A document that is being edited: the lines as they are now, and what was changed of late.

An edit patches the list of lines, so its cost does not grow with the document (beyond moving the
list's own references). `gloss_lsp.core.text.Source` is the immutable twin: one version, whole.
"""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING

from gloss_lsp.core.carry import Change, carry
from gloss_lsp.core.text import Place, Source, Span, line_body, split_lines

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from gloss_lsp.core.text import Edit

REMEMBERED = 1000
"""Changes kept: more than a person types while a model answers."""


class Buffer:
    """The text of one open document, at its newest version.

    Lines are as `split_lines` has them: with their line ends, the last one absent where it would be
    empty. Columns count code points.
    """

    def __init__(
        self,
        text: str,
        language: str = "plaintext",
        uri: str = "",
        version: int = 0,
        path: str = "",
        *,
        opening: int = 0,
    ) -> None:
        self.language = language
        self.uri = uri
        self.path = path
        self.version = version
        self.opening = opening
        """Which opening of the document this is; see `Source.opening`."""
        self.length = len(text)
        """The code points of the whole text."""
        self._lines = split_lines(text)
        self._anchor = (0, 0)
        self._changes: deque[Change] = deque(maxlen=REMEMBERED)
        self._remembers = version
        self._snapshot: Source | None = None

    @property
    def lines(self) -> Sequence[str]:
        """The lines with their line ends, as they are now. A view: copy what has to outlast an edit."""
        return self._lines

    def snapshot(self) -> Source:
        """The whole document as it is now; made once a version, at a cost that grows with it."""
        made = self._snapshot
        if made is None or (made.version, made.path) != (self.version, self.path):
            made = Source(
                "".join(self._lines), self.language, self.uri, self.version, self.path, self.opening
            )
            self._snapshot = made
        return made

    def changes_since(self, version: int) -> tuple[Change, ...] | None:
        """What was changed after `version`, oldest first; None where that is no longer known."""
        if version < self._remembers:
            return None
        return tuple(change for change in self._changes if change.version > version)

    def carry(self, version: int, edits: Iterable[Edit]) -> tuple[Edit, ...] | None:
        """Edits made for `version`, as they are for the newest; None where the user touched one of them."""
        changes = self.changes_since(version)
        return None if changes is None else carry(edits, changes)

    def replace(self, start: Place, end: Place, text: str, version: int) -> None:
        """Put `text` in place of what stands between two places, which leads to `version`.

        A place beyond the text or its line is moved to the nearest inside; places the wrong way
        round are turned.
        """
        start, end = sorted((self._inside(start), self._inside(end)))
        first, last = start.line, end.line
        head, tail = self._part(first, None, start.column), self._part(last, end.column, None)
        span = Span(self._offset(first) + start.column, self._offset(last) + end.column)
        if not start.column and first and self._lines[first - 1].endswith("\r"):
            # What comes next may begin with the \n that makes one line end of this lone \r.
            first -= 1
            head = self._lines[first]
        self._anchor = (first, self._offset(first))
        self._lines[first : last + 1] = split_lines(head + text + tail)
        self.length += len(text) - len(span)
        self._record(Change.of(version, span, text))

    def reset(self, text: str, version: int) -> None:
        """Take a whole new text, and remember as changed only the lines that differ."""
        old, new = self._lines, split_lines(text)
        shorter = min(len(old), len(new))
        same = next((index for index in range(shorter) if old[index] != new[index]), shorter)
        left = shorter - same
        tail = next((index for index in range(left) if old[-1 - index] != new[-1 - index]), left)
        span = Span(self._offset(same), self._offset(len(old) - tail))
        self._anchor = (same, span.start)
        self._lines = new
        self.length = len(text)
        self._record(Change.of(version, span, "".join(new[same : len(new) - tail])))

    def _record(self, change: Change) -> None:
        if len(self._changes) == REMEMBERED:
            self._remembers = self._changes[0].version
        self._changes.append(change)
        self.version = change.version
        self._snapshot = None

    def _inside(self, place: Place) -> Place:
        if place.line < len(self._lines):
            return Place(place.line, min(place.column, len(line_body(self._lines[place.line]))))
        last = len(self._lines) - 1
        if last >= 0 and line_body(self._lines[last]) == self._lines[last]:
            return Place(last, len(self._lines[last]))
        return Place(last + 1, 0)

    def _part(self, line: int, start: int | None, end: int | None) -> str:
        return self._lines[line][start:end] if line < len(self._lines) else ""

    def _offset(self, line: int) -> int:
        """The offset at which a line begins, counted from the nearest line of which it is known.

        Edits come close together, so the last edited line is remembered (nothing before it moves).
        """
        known = ((0, 0), self._anchor, (len(self._lines), self.length))
        near, offset = min(known, key=lambda anchor: abs(anchor[0] - line))
        if near <= line:
            return offset + sum(map(len, self._lines[near:line]))
        return offset - sum(map(len, self._lines[line:near]))
