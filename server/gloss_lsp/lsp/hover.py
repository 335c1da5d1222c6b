"""`textDocument/hover`: explains the selection that the pointer is in, translates the comment it is on.

Other hovers are none of Gloss's business and are answered at once, so that the real language
server's answer is not kept waiting (editors show hovers when all servers have answered).
"""

from __future__ import annotations

import asyncio
import contextlib
from typing import TYPE_CHECKING, Any

from attrs import define
from lsprotocol import types

from gloss_lsp.actions import action_named
from gloss_lsp.lsp import convert
from gloss_lsp.lsp.hover_comments import translated_comment
from gloss_lsp.perform import Asked
from gloss_lsp.scheduler import Priority
from gloss_lsp.waiting import within

if TYPE_CHECKING:
    from cattrs import Converter

    from gloss_lsp.core.buffer import Buffer
    from gloss_lsp.core.text import Source, Span
    from gloss_lsp.lsp.explanations import Explanation
    from gloss_lsp.lsp.server import Server

PATIENCE = 1.3
"""Seconds that a hover may wait for the model; the contract is an answer within 1.5 s, always."""


@define
class HoverParams(types.HoverParams):
    """Hover parameters whose position may have been a range (the extension `hoverRange`)."""

    range: types.Range | None = None


def hook_hover_range(converter: Converter) -> None:
    """Teach a converter that a hover's position may be a range (sent by clients that opted in)."""

    def structure(raw: dict[str, Any], _: type) -> HoverParams:
        position, range_ = raw["position"], None
        if "start" in position:
            range_ = converter.structure(position, types.Range)
            position = position["start"]
        return HoverParams(
            converter.structure(raw["textDocument"], types.TextDocumentIdentifier),
            converter.structure(position, types.Position),
            raw.get("workDoneToken"),
            range_,
        )

    converter.register_structure_hook(types.HoverParams, structure)


async def hover(server: Server, params: types.HoverParams) -> types.Hover | None:
    """What Gloss has to say about a place; None nearly always."""
    buffer = server.documents.get(params.text_document.uri)
    if buffer is None:
        return None
    give_up_at = asyncio.get_running_loop().time() + PATIENCE
    explanation = _explanation(server, buffer, params) or await translated_comment(
        server, buffer, params.position
    )
    if explanation is None:
        return None
    with contextlib.suppress(asyncio.TimeoutError):
        await within(explanation.ended.wait(), give_up_at - asyncio.get_running_loop().time())
    span = server.explanations.span_now(explanation)
    return types.Hover(
        types.MarkupContent(types.MarkupKind.Markdown, explanation.markdown),
        None if span is None else convert.to_range(buffer.snapshot(), span, server.encoding),
    )


def _explanation(server: Server, buffer: Buffer, params: types.HoverParams) -> Explanation | None:
    uri, range_ = buffer.uri, getattr(params, "range", None)
    if range_ is None and not server.explanations.any(uri) and not server.selections.any(uri):
        return None
    source = buffer.snapshot()
    offset = convert.to_offset(source, params.position, server.encoding)
    span = _selected(server, source, range_, offset)
    if span is not None and server.settings.hover.explain == "selection":
        asked = Asked(action_named("explain"), source, span, priority=Priority.BACKGROUND)
        return server.explanations.in_background(asked)
    return server.explanations.around(uri, offset)


def _selected(server: Server, source: Source, range_: types.Range | None, offset: int) -> Span | None:
    if range_ is not None:
        span = convert.to_span(source, range_, server.encoding)
        return span if len(span) else None
    return server.selections.around(source.uri, source.version, offset)


def register(server: Server) -> None:
    """Declare `textDocument/hover`."""
    hook_hover_range(server.protocol._converter)  # noqa: SLF001  # pygls gives it no other name

    async def on_hover(params: types.HoverParams) -> types.Hover | None:
        return await hover(server, params)

    server.feature(types.TEXT_DOCUMENT_HOVER)(on_hover)
