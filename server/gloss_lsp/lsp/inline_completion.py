"""`textDocument/inlineCompletion`: the next words as ghost text, for clients that show it (LSP 3.18)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lsprotocol import types

from gloss_lsp.lsp.completer import Completer

if TYPE_CHECKING:
    from gloss_lsp.lsp.server import Server


async def inline_completion(
    completer: Completer, params: types.InlineCompletionParams
) -> types.InlineCompletionList:
    """What could stand at the cursor: one item, or none."""
    context = params.context
    selected = context.selected_completion_info
    wanted = completer.wanted(
        params.text_document.uri,
        params.position,
        automatic=context.trigger_kind == types.InlineCompletionTriggerKind.Automatic,
        selected=selected,
    )
    text = await completer.complete(wanted) if wanted is not None else None
    if text is None:
        return types.InlineCompletionList([])
    if selected is not None:
        # The protocol wants the chosen item said first, in its own range; anything else is not shown.
        item = types.InlineCompletionItem(selected.text + text, range=selected.range)
    else:
        item = types.InlineCompletionItem(text, range=types.Range(params.position, params.position))
    return types.InlineCompletionList([item])


def register(server: Server) -> None:
    """Declare `textDocument/inlineCompletion`; without options pygls would not advertise it."""
    completer = Completer(server)

    async def handle(params: types.InlineCompletionParams) -> types.InlineCompletionList:
        return await inline_completion(completer, params)

    server.feature(types.TEXT_DOCUMENT_INLINE_COMPLETION, types.InlineCompletionOptions())(handle)
