"""A small language server as it is usually written, on stock pygls and httpx: what Gloss is measured against.

It completes by filling in the middle, and explains by a command that streams into progress. httpx is
imported at the first request, so that starting it costs what pygls costs. `OLLAMA_HOST` says where
the model is.
"""

from __future__ import annotations

import json
import os
from functools import cache
from typing import TYPE_CHECKING, Any

from lsprotocol import types
from pygls.lsp.server import LanguageServer

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    import httpx

MODEL = "qwen2.5-coder:1.5b"
BEFORE, AFTER = 2000, 500
"""Characters around the cursor that the model reads: about as many as Gloss sends of the document here."""

server = LanguageServer("bare", "1")


@cache
def ollama() -> httpx.AsyncClient:
    import httpx

    return httpx.AsyncClient(base_url=os.environ["OLLAMA_HOST"], timeout=None, trust_env=False)


async def ask(path: str, **body: Any) -> AsyncIterator[dict[str, Any]]:
    async with ollama().stream("POST", path, json={"model": MODEL, **body}) as response:
        async for line in response.aiter_lines():
            yield json.loads(line)


@server.feature(types.TEXT_DOCUMENT_INLINE_COMPLETION, types.InlineCompletionOptions())
async def complete(params: types.InlineCompletionParams) -> types.InlineCompletionList:
    document = server.workspace.get_text_document(params.text_document.uri)
    at, text = document.offset_at_position(params.position), document.source
    body = {"prompt": text[max(0, at - BEFORE) : at], "suffix": text[at : at + AFTER]}
    pieces = [line["response"] async for line in ask("/api/generate", **body)]
    return types.InlineCompletionList([types.InlineCompletionItem("".join(pieces))])


@server.command("bare.explain")
async def explain(argument: Any) -> None:
    # pygls does not tell a command the token of its request.
    token = argument["token"]
    document = server.workspace.get_text_document(argument["uri"])
    begin, end = (argument["range"][place]["line"] for place in ("start", "end"))
    question = "Explain this code:\n" + "".join(document.lines[begin:end])
    server.work_done_progress.begin(token, types.WorkDoneProgressBegin("Explain", cancellable=True))
    async for line in ask("/api/chat", messages=[{"role": "user", "content": question}]):
        report = types.WorkDoneProgressReport(message=line["message"]["content"])
        server.work_done_progress.report(token, report)
    server.work_done_progress.end(token, types.WorkDoneProgressEnd(message="done"))


if __name__ == "__main__":
    server.start_io()
