"""Server-sent events, by the rules of the WHATWG (HTML, *Interpreting an event stream*)."""

from __future__ import annotations

import re
from typing import Final

from attrs import define, field, frozen

_LINE_END: Final = re.compile(rb"\r\n|\r|\n")


@frozen
class Event:
    """One event, whole."""

    data: str
    """Its data lines, joined by line feeds."""
    kind: str = "message"


@define
class EventReader:
    """Told the bytes of a stream as they come, wherever they are cut, says which events are complete.

    Comments, fields that nobody knows, and events without data are left out, and so is what stands
    behind the last empty line when the stream ends. One field more is read than the rules have:
    llama.cpp reported errors as lines of ``error: {…}``, which are taken for events of that kind.
    """

    _line: bytearray = field(factory=bytearray)
    _data: list[str] = field(factory=list)
    _kind: str = ""
    _size: int = 0
    _first: bool = True
    _ended_in_return: bool = False
    """A line feed that comes now is the second half of a line end."""

    @property
    def held(self) -> int:
        """How much is kept of an event that is not complete, in bytes."""
        return len(self._line) + self._size

    def feed(self, chunk: bytes) -> list[Event]:
        """The events that are complete now."""
        if not chunk:
            return []
        if self._ended_in_return and chunk.startswith(b"\n"):
            chunk = chunk[1:]
            self._ended_in_return = False
            if not chunk:
                return []
        self._ended_in_return = chunk.endswith(b"\r")
        *ends, rest = _LINE_END.split(chunk)
        events = []
        for end in ends:
            self._line += end
            event = self._take(self._line.decode("utf-8", "replace"))
            self._line.clear()
            if event is not None:
                events.append(event)
        self._line += rest
        return events

    def _take(self, line: str) -> Event | None:
        """Take a line; the event that it ends, if it ends one."""
        if self._first:
            self._first, line = False, line.removeprefix("\ufeff")
        if not line:
            return self._dispatch()
        name, _, value = line.partition(":")
        value = value.removeprefix(" ")
        if name in ("data", "error"):
            self._data.append(value)
            self._size += len(value)
        if name == "error":
            self._kind = "error"
        elif name == "event":
            self._kind = value
        return None

    def _dispatch(self) -> Event | None:
        event = Event("\n".join(self._data), self._kind or "message") if self._data else None
        self._data.clear()
        self._kind, self._size = "", 0
        return event
