"""What the user has selected, as far as a server can know: the last range of a code action request."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from attrs import frozen

if TYPE_CHECKING:
    from collections.abc import Callable

    from gloss_lsp.core.text import Source, Span

LIFETIME = 60.0
"""Seconds after which a selection is forgotten (design section 3)."""


@frozen
class Remembered:
    """A selection, and when it was made."""

    version: int
    span: Span
    since: float


class Selections:
    """The last non-empty selection of each document; forgotten at an edit, at an empty one, or after a minute."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._by_uri: dict[str, Remembered] = {}

    def remember(self, source: Source, span: Span) -> None:
        """Take note of a range that the client asked about."""
        if len(span):
            self._by_uri[source.uri] = Remembered(source.version, span, self._clock())
        else:
            self._by_uri.pop(source.uri, None)

    def any(self, uri: str) -> bool:
        """Whether a selection of this document is remembered."""
        return uri in self._by_uri

    def around(self, uri: str, version: int, offset: int) -> Span | None:
        """The selection that holds `offset`, if it is still one for this version of the document."""
        kept = self._by_uri.get(uri)
        if kept is None:
            return None
        if kept.version != version or self._clock() - kept.since > LIFETIME:
            del self._by_uri[uri]
            return None
        return kept.span if kept.span.start <= offset <= kept.span.end else None

    def forget(self, uri: str) -> None:
        """The document was closed."""
        self._by_uri.pop(uri, None)
