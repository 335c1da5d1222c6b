"""`textDocument/completion`: the same in the editor's own list, for clients without inline completion."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from lsprotocol import types

from gloss_lsp.core.languages import fence
from gloss_lsp.core.safe import safe_line
from gloss_lsp.core.text import column_to_units
from gloss_lsp.lsp.completer import Completer

if TYPE_CHECKING:
    from gloss_lsp.lsp.answer import Wanted
    from gloss_lsp.lsp.server import Server

LABEL_LIMIT = 40
"""Characters of a label: menus are narrow."""

LAST = "~"
"""Sorts behind the items of other servers: what they know is certain, what a model says is not."""

_WORD = re.compile(r"\w*\Z")


async def completion(
    server: Server, completer: Completer, params: types.CompletionParams
) -> types.CompletionList | None:
    """What could stand at the cursor, if the model is quick enough; the list asks again at the next key."""
    wanted = completer.wanted(params.text_document.uri, params.position, automatic=True)
    if wanted is None:
        return None
    text = await completer.complete(wanted, server.settings.complete.list_wait / 1000)
    items = [] if text is None else [_item(server, wanted, params.position, text)]
    return types.CompletionList(is_incomplete=True, items=items)


def _item(server: Server, wanted: Wanted, cursor: types.Position, text: str) -> types.CompletionItem:
    """The text as an item that replaces the word begun, since lists show only what begins like that."""
    found = _WORD.search(wanted.context.window.before)
    word = found[0] if found else ""
    units = column_to_units(word, len(word), server.encoding)
    start = types.Position(cursor.line, cursor.character - units)
    whole = word + text
    return types.CompletionItem(
        safe_line(whole, LABEL_LIMIT),
        kind=types.CompletionItemKind.Text,
        detail="Gloss",
        documentation=_documentation(whole, wanted.context.language),
        sort_text=LAST,
        filter_text=whole.partition("\n")[0] or whole,
        insert_text_format=types.InsertTextFormat.PlainText,
        # The lines have their indentation; by default editors would add that of the cursor's line.
        insert_text_mode=types.InsertTextMode.AsIs,
        text_edit=types.TextEdit(types.Range(start, cursor), whole),
    )


def _documentation(text: str, language: str) -> types.MarkupContent | None:
    if "\n" not in text:
        return None
    # The fence is longer than any run of backticks in the text, so that the text cannot end it.
    marks = "`" * max(3, 1 + max(map(len, re.findall(r"`+", text)), default=0))
    return types.MarkupContent(types.MarkupKind.Markdown, f"{marks}{fence(language)}\n{text}\n{marks}")


def register(server: Server) -> None:
    """Declare `textDocument/completion`."""
    completer = Completer(server)

    async def handle(params: types.CompletionParams) -> types.CompletionList | None:
        return await completion(server, completer, params)

    server.feature(types.TEXT_DOCUMENT_COMPLETION, types.CompletionOptions())(handle)
