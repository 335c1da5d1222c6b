"""Cuts a stream of bytes into messages of the base protocol (LSP 3.18, *Base Protocol*).

Fed with whatever has come, it returns what is whole. On the lenient side it survives anything and
finds the next header again; on the strict side the first line that is no header of LSP raises,
which is how a port is kept shut to whatever a web page can send.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from gloss_lsp.errors import GlossError
from gloss_lsp.lsp.failures import INVALID_REQUEST, PARSE_ERROR, Failure

if TYPE_CHECKING:
    from collections.abc import Iterator


BODY_LIMIT = 64 * 1024 * 1024
"""Bytes of one message. The largest honest one is a document being opened."""

HEADER_LIMIT = 4096
"""Bytes of one header line. Honest ones have at most 60."""

_HEADER = re.compile(rb"Content-(?:Length|Type)[ \t]*:[^\r\n]*\r?\n?", re.IGNORECASE)
_LENGTH = re.compile(rb"Content-Length[ \t]*:[ \t]*(\d{1,12})[ \t]*\r?\n", re.IGNORECASE)


class NotTheProtocolError(GlossError):
    """Whoever is at the other end does not speak LSP."""


class Frames:
    """The bytes that have come and are not whole messages yet."""

    def __init__(self, *, strict: bool = False) -> None:
        self._strict = strict
        self._bytes = bytearray()
        self._length: int | None = None
        self._in_body = False
        self._lines = 0
        self._skip = 0

    def feed(self, data: bytes) -> list[Any]:
        """Add what has come; the messages that it completes, parsed, or a `Failure` where one is unreadable.

        Raises:
            NotTheProtocolError: a line is no header of LSP, and this is the strict side.
        """
        self._bytes += data
        return list(self._messages())

    def _messages(self) -> Iterator[Any]:
        while True:
            if self._skip:
                skipped = min(self._skip, len(self._bytes))
                del self._bytes[:skipped]
                self._skip -= skipped
                if self._skip:
                    return
            if self._in_body:
                body = self._body()
                if body is None:
                    return
                yield _parsed(body)
                continue
            line = self._line()
            if line is None:
                return
            if (problem := self._header(line)) is not None:
                yield problem

    def _body(self) -> bytes | None:
        length = self._length or 0
        if len(self._bytes) < length:
            return None
        body = bytes(self._bytes[:length])
        del self._bytes[:length]
        self._in_body, self._length = False, None
        return body

    def _line(self) -> bytes | None:
        end = self._bytes.find(b"\n") + 1
        if not end and self._strict and not _could_be_header(self._bytes):
            raise NotTheProtocolError("What came is not the language server protocol.")
        if not end and len(self._bytes) <= HEADER_LIMIT:
            return None
        line = bytes(self._bytes[: end or None])
        del self._bytes[: len(line)]
        if not end:
            # The tail is kept: it may hold the beginning of a header.
            self._bytes += line[-HEADER_LIMIT // 2 :]
            return line[: -HEADER_LIMIT // 2]
        return line

    def _header(self, line: bytes) -> Failure | None:
        if not line.strip():
            lines, self._lines = self._lines, 0
            return self._end_of_headers() if lines else None
        self._lines += 1
        if self._strict and not (len(line) <= HEADER_LIMIT and _HEADER.fullmatch(line)):
            raise NotTheProtocolError("What came is not the language server protocol.")
        # Searched, not matched: after a body that was longer than it said, the header stands behind its rest.
        if (length := _LENGTH.search(line)) is not None:
            self._length = int(length[1])
        return None

    def _end_of_headers(self) -> Failure | None:
        if self._length is None:
            return Failure(INVALID_REQUEST, "A message needs a header that says its Content-Length in bytes.")
        if self._length > BODY_LIMIT:
            self._skip, length, self._length = self._length, self._length, None
            return Failure(INVALID_REQUEST, f"A message of {length} bytes is over the limit of {BODY_LIMIT}.")
        self._in_body = True
        return None


def _could_be_header(start: bytearray) -> bool:
    name = bytes(start[:15]).lower()
    return len(start) <= HEADER_LIMIT and any(
        whole.startswith(name[: len(whole)]) for whole in (b"content-length", b"content-type", b"\r\n")
    )


def _parsed(body: bytes) -> Any:  # noqa: ANN401  # JSON is anything
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return Failure(PARSE_ERROR, "The message is not JSON in UTF-8.")
