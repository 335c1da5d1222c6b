"""`workspace/applyEdit`: applies an outcome to the document it was made for, or says why not.

A wrong place is never edited: edits are for one version, are carried through what the user typed
meanwhile, and count as applied only when the change has been seen coming back.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from attrs import frozen
from lsprotocol import types

from gloss_lsp.core.text import Span, apply_edits
from gloss_lsp.errors import Refused
from gloss_lsp.lsp import convert

if TYPE_CHECKING:
    from collections.abc import Iterable

    from gloss_lsp.actions.base import Edits
    from gloss_lsp.core.text import Edit, Source
    from gloss_lsp.lsp.server import Server

ATTEMPTS = 4
"""How often an edit is carried on when the user types while it is on its way."""

ANSWER_PATIENCE = 60.0
"""Seconds to wait for the editor's answer: it may show the edit and ask the user first."""

ECHO_PATIENCE = 3.0
"""Seconds to wait for the change to come back: Neovim debounces its changes by 0.15 s, Emacs by 0.5 s."""


@frozen
class Applied:
    """What became of an edit."""

    applied: bool
    changes: tuple[types.TextDocumentEdit, ...]
    """As they were sent last."""


class NotMade(Refused):
    """The editor did not make an edit, whatever it said of it."""

    def __init__(self, label: str, changes: tuple[types.TextDocumentEdit, ...]) -> None:
        super().__init__(f"The editor did not make the edit: {label}. Nothing was changed; ask again.")
        self.label = label
        self.changes = changes


class Applier:
    """Applies edits, one after the other: two on their way at once could cross."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self._turn = asyncio.Lock()

    async def apply(self, source: Source, outcome: Edits) -> Applied:
        """Apply edits made for `source`.

        Raises:
            Refused: the user changed the same places.
            NotMade: the editor did not make the edit.
        """
        if not outcome.edits:
            return Applied(applied=False, changes=())
        sent = Applied(applied=False, changes=())
        async with self._turn:
            for _ in range(ATTEMPTS):
                sent = await self._attempt(source, outcome)
                if sent.applied:
                    return sent
                if not self._moved_on(sent):
                    break
        raise NotMade(outcome.label, sent.changes)

    def _moved_on(self, sent: Applied) -> bool:
        document = sent.changes[0].text_document
        buffer = self._server.documents.get(document.uri)
        return buffer is not None and buffer.version != document.version

    async def _attempt(self, source: Source, outcome: Edits) -> Applied:
        documents = self._server.documents
        buffer = documents.still_open(source.uri, source.opening)
        if buffer is None:
            raise Refused("The document was closed before the edit could be made.")
        edits = buffer.carry(source.version, outcome.edits)
        if edits is None:
            raise Refused("You changed the same lines meanwhile, so nothing was edited; ask again.")
        now = buffer.snapshot()
        change = convert.to_document_edit(now, edits, self._server.encoding)
        text_edits = [edit for edit in change.edits if isinstance(edit, types.TextEdit)]
        if self._server.client.takes_versioned_edits:
            edit = types.WorkspaceEdit(document_changes=[change])
        else:
            edit = types.WorkspaceEdit(changes={source.uri: text_edits})
        patience = ANSWER_PATIENCE + ECHO_PATIENCE
        expected = apply_edits(now.text, edits)
        seen = documents.seen(source.uri, now.version, expected, patience)
        echo = asyncio.ensure_future(seen)
        try:
            answer = asyncio.ensure_future(
                self._server.client.apply_edit(outcome.label, edit, ANSWER_PATIENCE)
            )
            await asyncio.wait({answer, echo}, return_when=asyncio.FIRST_COMPLETED)
            if not answer.done():
                # The edit is there: an editor that does not answer is not waited for.
                await asyncio.wait({answer}, timeout=ECHO_PATIENCE)
            result = answer.result() if answer.done() else None
            made = False
            if result is not None and result.applied:
                await asyncio.wait({echo}, timeout=ECHO_PATIENCE)
                made = buffer.version > now.version and _holds(buffer.snapshot().text, now.text, edits)
            return Applied(made or (echo.done() and echo.result()), (change,))
        finally:
            echo.cancel()
            answer.cancel()


def _holds(text: str, before: str, edits: Iterable[Edit]) -> bool:
    """Whether `text` is `before` with the edits, but for one more place that they have nothing to do with.

    An editor that waits a moment before it tells of changes (Neovim) tells of an edit and of what was
    typed next as one.
    """
    made, moved = [], 0
    edits = sorted(edits, key=lambda edit: edit.span.start)
    for edit in edits:
        start = edit.span.start + moved
        made.append(Span(start, start + len(edit.text)))
        moved += len(edit.text) - len(edit.span)
    skipped = _changed_beside(before, text, [edit.span for edit in edits])
    return not skipped and _changed_beside(apply_edits(before, edits), text, made)


def _changed_beside(old: str, new: str, spans: Iterable[Span]) -> bool:
    """Whether the one place in which two texts differ lies outside these spans of the old one."""
    first = _common(old, new)
    last = len(old) - _common(old[first:][::-1], new[first:][::-1])
    # What happens at the very place of an empty span happens to it.
    apart = [(span.end, span.start) if len(span) else (span.end + 1, span.start - 1) for span in spans]
    return all(end <= first or last <= start for end, start in apart)


def _common(one: str, other: str) -> int:
    """How many characters two texts begin with alike."""
    pairs = enumerate(zip(one, other, strict=False))
    return next((place for place, (mine, its) in pairs if mine != its), min(len(one), len(other)))
