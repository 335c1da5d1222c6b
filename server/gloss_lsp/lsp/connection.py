"""One session over one pair of byte streams, whatever they are: reading, writing, and the end."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import signal
import sys
import threading
from typing import TYPE_CHECKING

from attrs import frozen

from gloss_lsp.lsp.frames import Frames, NotTheProtocolError
from gloss_lsp.lsp.log import log_to_stderr
from gloss_lsp.lsp.parent import LAST_PATIENCE, PATIENCE, insist
from gloss_lsp.lsp.protocol import END_LIMIT

if TYPE_CHECKING:
    from collections.abc import Callable

    from gloss_lsp.lsp.outbox import Outbox
    from gloss_lsp.lsp.server import Server

FLUSH_LIMIT = 0.5
"""Seconds that a client is given to read the last messages."""

logger = logging.getLogger(__name__)


@frozen
class Streams:
    """The two directions of a connection."""

    read: Callable[[], bytes]
    """Waits for bytes and returns some; none at the end."""
    open_outbox: Callable[[Callable[[], object]], Outbox]
    """Makes the outbox, given what to call when the client can't be written to."""
    frames: Frames


def run(server: Server, streams: Streams) -> int:
    """Serve one client until it leaves; the exit code is 0 if it had asked for `shutdown`, else 1."""
    log_to_stderr()
    # Not asyncio.run: that would wait for ever for a thread that hangs.
    loop = asyncio.new_event_loop()
    try:
        asyncio.set_event_loop(loop)
        loop.run_until_complete(_serve(server, streams, loop))
    except KeyboardInterrupt:
        logger.info("interrupted")
    finally:
        asyncio.set_event_loop(None)
        loop.close()
        server.thread_pool.shutdown(wait=False, cancel_futures=True)
    code = 0 if server.protocol.shutting_down else 1
    # The interpreter would wait for the threads of handlers that hang; ours are daemons.
    hanging = any(
        not thread.daemon for thread in threading.enumerate() if thread is not threading.main_thread()
    )
    insist(code, LAST_PATIENCE if hanging else PATIENCE)
    return code


async def _serve(server: Server, streams: Streams, loop: asyncio.AbstractEventLoop) -> None:
    stopped = asyncio.Event()

    def stop() -> None:
        # The loop may be closed by now: then there is nothing left to stop.
        with contextlib.suppress(RuntimeError):
            loop.call_soon_threadsafe(stopped.set)

    server.stop_with(stop)
    _stop_on_signals(loop, stopped.set)
    server.protocol.outbox = outbox = streams.open_outbox(stop)
    threading.Thread(target=_read, args=(server, streams, loop), name="gloss-reader", daemon=True).start()
    await stopped.wait()
    await server.protocol.wind_down(END_LIMIT)
    outbox.close(FLUSH_LIMIT)
    with contextlib.suppress(asyncio.TimeoutError):
        await asyncio.wait_for(loop.shutdown_asyncgens(), FLUSH_LIMIT)


def _read(server: Server, streams: Streams, loop: asyncio.AbstractEventLoop) -> None:
    try:
        while data := streams.read():
            messages = streams.frames.feed(data)
            if messages:
                loop.call_soon_threadsafe(server.protocol.receive, messages)
    except NotTheProtocolError as error:
        logger.error("%s", error)  # noqa: TRY400  # where it was found says nothing
    except (OSError, RuntimeError) as error:
        # The stream was closed under us, or the loop.
        logger.info("reading ended: %s", error)
    server.stop()
    insist(0 if server.protocol.shutting_down else 1)


def _stop_on_signals(loop: asyncio.AbstractEventLoop, stop: Callable[[], None]) -> None:
    if sys.platform == "win32" or threading.current_thread() is not threading.main_thread():
        return
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        loop.add_signal_handler(number, stop)
