"""`textDocument/codeAction`: offers actions as commands. No model is asked here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import evolve
from lsprotocol import types

from gloss_lsp.actions import ACTIONS
from gloss_lsp.actions.base import Selection
from gloss_lsp.core.text import Span
from gloss_lsp.lsp import convert
from gloss_lsp.perform import Asked, selection_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gloss_lsp.actions.base import Action
    from gloss_lsp.core.text import Source
    from gloss_lsp.lsp.server import Server

Offered = types.CodeAction | types.Command

STOP_KIND = "refactor.gloss.stop"


def offer(server: Server, params: types.CodeActionParams) -> list[Offered]:
    """The actions that make sense for a range, in the order of the table.

    An automatic trigger (the light bulb at each cursor move) gets them where something is selected:
    elsewhere they would be offered on every line, and hide the actions of the real language server.
    """
    buffer = server.documents.get(params.text_document.uri)
    if buffer is None:
        return []
    source = buffer.snapshot()
    span = convert.to_span(source, params.range, server.encoding)
    if len(span) == 1:
        # The character under Helix's block: nobody asks about one character.
        span = Span(span.start, span.start)
    server.selections.remember(source, span)
    automatic = params.context.trigger_kind == types.CodeActionTriggerKind.Automatic
    if automatic and Selection(source, span).is_cursor:
        return []
    offers = [
        _offer(server, action, source, span)
        for action in ACTIONS
        if _wanted(action.kind, params.context.only)
    ]
    return [offered for offered in (*offers, _stop(server, params.context.only)) if offered is not None]


def _offer(server: Server, action: Action, source: Source, span: Span) -> Offered | None:
    """One action for what is selected, or else for the cursor that some editors send as a selection."""
    selection = selection_of(Asked(action, source, span), server.settings, server.locale)
    title = action.offer(selection)
    if title is None and selection.is_cursor:
        selection = evolve(selection, span=Span(selection.cursor, selection.cursor))
        title = action.offer(selection)
    if title is None:
        return None
    range_ = server.plain(convert.to_range(source, selection.span, server.encoding))
    command = types.Command(title, f"gloss.{action.name}", arguments=[{"uri": source.uri, "range": range_}])
    tags = [types.CodeActionTag.LlmGenerated] if server.client.knows_generated_actions else None
    return _offered(server, types.CodeAction(title, kind=action.kind, command=command, tags=tags), command)


def _stop(server: Server, only: Sequence[str] | None) -> Offered | None:
    """A way to stop for editors that have no button for it (Helix, Kate), while there is something to stop."""
    if not server.jobs.busy or not _wanted(STOP_KIND, only):
        return None
    command = types.Command("Stop what Gloss does", "gloss.stop", arguments=[{}])
    return _offered(server, types.CodeAction(command.title, kind=STOP_KIND, command=command), command)


def _offered(server: Server, action: types.CodeAction, command: types.Command) -> Offered:
    return action if server.client.takes_action_literals else command


def _wanted(kind: str, only: Sequence[str] | None) -> bool:
    """Kinds are hierarchies: `refactor` asks for `refactor.rewrite.gloss` too (LSP 3.18, *CodeActionKind*)."""
    return not only or any(kind == asked or kind.startswith(f"{asked}.") or not asked for asked in only)


def register(server: Server) -> None:
    """Declare `textDocument/codeAction` with the kinds of all actions."""

    def code_action(params: types.CodeActionParams) -> list[Offered]:
        return offer(server, params)

    options = types.CodeActionOptions(code_action_kinds=[*(action.kind for action in ACTIONS), STOP_KIND])
    server.feature(types.TEXT_DOCUMENT_CODE_ACTION, options)(code_action)
