"""What can stand between Gloss and a model's server: an end of TLS, and a proxy. Both only pass bytes on."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager, suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import ssl
    from collections.abc import AsyncIterator, Awaitable, Callable

    Serve = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


@asynccontextmanager
async def tls(context: ssl.SSLContext, port: int) -> AsyncIterator[int]:
    """A port on which TLS is spoken, before one of this machine on which it is not."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await _join(reader, writer, *await asyncio.open_connection("127.0.0.1", port))

    async with _listening(serve, context) as port_of_tls:
        yield port_of_tls


class Proxy:
    """A proxy that takes every host to one port of this machine, and remembers what it was asked for."""

    def __init__(self, goal: int) -> None:
        self.goal = goal
        self.asked: list[str] = []
        """First lines of requests."""

    @asynccontextmanager
    async def running(self) -> AsyncIterator[str]:
        """Its address."""
        async with _listening(self._serve) as port:
            yield f"http://127.0.0.1:{port}"

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        line, _, rest = head.partition(b"\r\n")
        self.asked.append(line.decode())
        other_reader, other_writer = await asyncio.open_connection("127.0.0.1", self.goal)
        if line.startswith(b"CONNECT "):
            writer.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
        else:
            method, url, version = line.split(b" ")
            path = url.split(b"/", 3)[3]
            other_writer.write(b"%s /%s %s\r\n%s" % (method, path, version, rest))
        await _join(reader, writer, other_reader, other_writer)


@asynccontextmanager
async def _listening(serve: Serve, context: ssl.SSLContext | None = None) -> AsyncIterator[int]:
    """A port that is served; at the end nothing is left open."""
    serving: set[asyncio.Task[None]] = set()

    async def served(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        serving.add(asyncio.current_task())
        with suppress(asyncio.CancelledError, ConnectionError, asyncio.IncompleteReadError):
            await serve(reader, writer)
        writer.close()

    server = await asyncio.start_server(served, "127.0.0.1", 0, ssl=context)
    async with server:
        yield server.sockets[0].getsockname()[1]
        for task in serving:
            task.cancel()
        await asyncio.gather(*serving)


async def _join(
    reader: asyncio.StreamReader,
    writer: asyncio.StreamWriter,
    other_reader: asyncio.StreamReader,
    other_writer: asyncio.StreamWriter,
) -> None:
    """Pass bytes both ways until one side has gone."""

    async def pass_on(source: asyncio.StreamReader, goal: asyncio.StreamWriter) -> None:
        with suppress(ConnectionError):
            while data := await source.read(65536):
                goal.write(data)
                await goal.drain()

    ways = [
        asyncio.create_task(pass_on(reader, other_writer)),
        asyncio.create_task(pass_on(other_reader, writer)),
    ]
    try:
        await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for way in ways:
            way.cancel()
        await asyncio.gather(*ways, return_exceptions=True)
        for end in (writer, other_writer):
            end.close()
            with suppress(OSError):
                await end.wait_closed()
