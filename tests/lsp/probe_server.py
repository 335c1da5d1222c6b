"""A small language server that tests start: `gloss` on our protocol, or `stock` on pygls as it is.

The handlers are the same on both, so that a test which passes on one and fails on the other shows
what our protocol changes and nothing else. Further arguments: `tcp HOST:PORT [remote]`.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import sys
import time
from typing import Any

from lsprotocol import types

KIND, *HOW = sys.argv[1:]


def make_server() -> Any:
    if KIND == "gloss":
        from gloss_lsp.lsp.server import create_server

        return create_server()
    from pygls.lsp.server import LanguageServer

    return LanguageServer("stock", "1", max_workers=2)


server = make_server()
events: list[str] = []


@server.feature("probe/events")
def tell_events(_):
    return events


@server.feature("probe/kept")
def tell_kept(_):
    """How many things are kept per message that has been dealt with."""
    protocol = server.protocol
    return {
        "futures": len(protocol._request_futures) + len(getattr(protocol, "running", ())),
        "types": len(protocol._result_types) + len(getattr(protocol, "asked", ())),
        "tokens": len(protocol.progress.tokens),
    }


@server.feature("probe/echo")
def echo(params):
    return params


@server.feature("probe/print")
def stray(_):
    print("a stray print")  # noqa: T201
    sys.stdout.flush()
    os.write(1, b"a stray write\n")
    os.system("echo a stray child")


@server.feature("probe/shout")
def shout(_):
    sys.stderr.write("shouted\n")
    sys.stderr.flush()


@server.feature("probe/flood")
def flood(params):
    """Reports on one token, and ends with words that nothing may leave out."""
    pad = "x" * 1000

    def progress(value):
        server.protocol.notify("$/progress", types.ProgressParams(1, value))

    progress(types.WorkDoneProgressBegin("flood"))
    for number in range(params["reports"] if isinstance(params, dict) else params.reports):
        progress(types.WorkDoneProgressReport(message=f"{number} {pad}"))
        server.protocol.notify("gloss/stream", {"id": 1, "seq": number, "text": f"{number},", "done": False})
    progress(types.WorkDoneProgressEnd())
    return "flooded"


@server.feature(types.TEXT_DOCUMENT_DID_CHANGE)
def changed(_):
    pass


@server.feature(types.TEXT_DOCUMENT_HOVER)
async def hover(_):
    events.append("hover starts")
    await asyncio.sleep(60)


@server.feature(types.TEXT_DOCUMENT_DEFINITION)
def definition(_):
    raise ValueError("a secret at /home/me")


@server.feature(types.TEXT_DOCUMENT_DECLARATION)
def declaration(_):
    from gloss_lsp.errors import NoModel

    raise NoModel("Nothing is installed; run `gloss models pull NAME`.")


@server.feature(types.TEXT_DOCUMENT_INLINE_COMPLETION)
def inline_completion(_):
    return []


@server.feature(types.WORKSPACE_TEXT_DOCUMENT_CONTENT)
def content(_):
    return types.TextDocumentContentResult("# A page")


@server.feature("probe/bad")
def unanswerable(_):
    return {"not": object()}


@server.feature(types.WORKSPACE_DID_CHANGE_CONFIGURATION)
def configured(_):
    raise ValueError("a notification that fails")


@server.command("wait")
async def wait(*_):
    """Waits for ever, and says how it was ended."""
    events.append("wait starts")
    server.protocol.notify("probe/started", None)
    try:
        await asyncio.sleep(3600 if KIND == "gloss" else 1)
    except asyncio.CancelledError:
        events.append("wait was cancelled")
        raise
    else:
        events.append("wait went on")


@server.command("stubborn")
async def stubborn(*_):
    """Does not end when it is told to."""
    server.protocol.notify("probe/started", None)
    while True:
        with contextlib.suppress(asyncio.CancelledError):
            await asyncio.sleep(3600)


@server.command("hang")
@server.thread()
def hang(*_):
    """Hangs in a thread, as a library that knows no time limit does."""
    server.protocol.notify("probe/started", None)
    time.sleep(3600 if KIND == "gloss" else 2)


@server.command("echo")
def echo_arguments(*arguments):
    return list(arguments[0].arguments) if KIND == "gloss" else list(arguments)


@server.command("ask")
async def ask(*_):
    """Asks the client, and tells what became of the answer."""
    params = types.ShowMessageRequestParams(types.MessageType.Info, "?", [types.MessageActionItem("Yes")])
    if KIND == "gloss":
        return repr(await server.request(types.WINDOW_SHOW_MESSAGE_REQUEST, params, 2.0))
    try:
        return repr(await asyncio.wait_for(server.window_show_message_request_async(params), 2.0))
    except Exception as error:  # noqa: BLE001
        return repr(error)


@server.command("ask and give up")
async def ask_and_give_up(*_):
    params = types.ShowMessageRequestParams(types.MessageType.Info, "?")
    question = asyncio.ensure_future(server.window_show_message_request_async(params))
    await asyncio.sleep(0)
    question.cancel()


@server.command("progress")
async def make_progress(*_):
    await server.work_done_progress.create_async("token")
    server.work_done_progress.begin("token", types.WorkDoneProgressBegin(title="t"))
    server.work_done_progress.end("token", types.WorkDoneProgressEnd())


@server.command("work beside")
async def work_beside(*_):
    async def beside() -> None:
        server.protocol.notify("probe/started", None)
        await asyncio.sleep(3600)

    server.background(beside(), "beside")


def main() -> int:
    if KIND == "stock":
        server.start_io()
        return 0
    if HOW[:1] == ["tcp"]:
        from gloss_lsp.lsp.tcp import run_tcp

        host, _, port = HOW[1].rpartition(":")
        return run_tcp(server, host, int(port), allow_remote="remote" in HOW)
    from gloss_lsp.lsp.stdio import run_stdio

    return run_stdio(server)


if __name__ == "__main__":
    sys.exit(main())
