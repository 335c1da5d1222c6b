"""A stand-in for Ollama in a process of its own, on a real socket, that does as it is told and keeps a log.

    python tests/fake_ollama.py [--port N] [--log FILE] [--until-stdin-closes]

prints its port. Untold, it behaves as Ollama 0.34 does: two models, loading, one request per model at
a time, refusals in Ollama's own words. `POST /control` tells it otherwise (see `fake_script.Script`),
`GET /control/log` answers what it was asked, `POST /control/wait` answers when something has happened.
`fake.FakeOllama` does all of that for tests. Times are `time.monotonic_ns()`.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
import time
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from fake_replies import stamp
from fake_script import Script

if TYPE_CHECKING:
    from fake_replies import Reply

NAMES = {200: "OK", 400: "Bad Request", 404: "Not Found", 405: "Method Not Allowed"}


class Log:
    """What was asked, when, and what became of it."""

    def __init__(self, path: str | None) -> None:
        self.entries: list[dict[str, Any]] = []
        self.changed = asyncio.Condition()
        self._file = open(path, "w", buffering=1, encoding="utf-8") if path else None  # noqa: PTH123, SIM115

    async def add(self, entry: dict[str, Any]) -> None:
        entry["index"] = len(self.entries)
        self.entries.append(entry)
        await self.note(entry, "request", at=entry["first_byte_at"])

    async def note(self, entry: dict[str, Any], event: str, **more: Any) -> None:
        entry.update({key: value for key, value in more.items() if key != "at"})
        if self._file:
            line = {"event": event, "index": entry["index"], "kind": entry["kind"], "at": time.monotonic_ns()}
            self._file.write(json.dumps({**line, **more}) + "\n")
        async with self.changed:
            self.changed.notify_all()

    async def wait(self, count: int, field: str | None, kind: str | None, timeout: float) -> bool:
        def reached() -> bool:
            entries = [entry for entry in self.entries if kind in (None, entry["kind"])]
            return sum(field is None or field in entry for entry in entries) >= count

        async with self.changed:
            with suppress(asyncio.TimeoutError):
                await asyncio.wait_for(self.changed.wait_for(reached), timeout)
        return reached()


class Connection:
    """One client: reads its requests one after another, and knows at once when it hangs up."""

    def __init__(self, fake: Fake, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.fake, self.reader, self.writer = fake, reader, writer
        self.waiting = (b"", 0)

    async def serve(self) -> None:
        try:
            while await self.serve_one():
                pass
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            self.writer.close()

    async def serve_one(self) -> bool:
        first, at = self.waiting if self.waiting[0] else (await self.reader.read(1), time.monotonic_ns())
        self.waiting = (b"", 0)
        if not first:
            return False
        head = (first + await self.reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        method, path, _ = head[0].split(" ", 2)
        headers = dict(line.lower().split(": ", 1) for line in head[1:] if line)
        body = await self.reader.readexactly(int(headers.get("content-length", 0)))
        if path.startswith("/control"):
            answer = await self.fake.control(path, json.loads(body or b"{}"))
            await self.send_whole(200, json.dumps(answer).encode(), "application/json")
            return True
        entry = {"method": method, "path": path, "headers": headers, "first_byte_at": at, "pieces": 0}
        entry["body"] = json.loads(body) if body else {}
        entry["kind"] = self.fake.script.kind(path, entry["body"])
        await self.fake.log.add(entry)
        return await self.answer(entry)

    async def answer(self, entry: dict[str, Any]) -> bool:
        """Answers unless the client hangs up first; says whether the connection can be used again."""
        answering = asyncio.create_task(self.fake.answer(self, entry))
        watching = asyncio.create_task(self.reader.read(1))
        await asyncio.wait({answering, watching}, return_when=asyncio.FIRST_COMPLETED)
        if watching.done() and not answering.done():
            if watching.exception() is None and watching.result():
                self.waiting = (watching.result(), time.monotonic_ns())
                return await answering
            await self._closed_while_active(entry)
            answering.cancel()
            await asyncio.wait({answering})
            return False
        try:
            usable = answering.result()
        except ConnectionError:
            # It was noticed by writing, not by reading.
            watching.cancel()
            await self._closed_while_active(entry)
            raise
        await self.fake.log.note(entry, "ended", ended_at=time.monotonic_ns())
        if not usable:
            watching.cancel()
            await asyncio.wait({watching})
            return False
        data = await watching
        now = time.monotonic_ns()
        self.waiting = (data, now)
        if not data:
            await self.fake.log.note(entry, "closed", closed_at=now, closed_while_active=False)
        return bool(data)

    async def _closed_while_active(self, entry: dict[str, Any]) -> None:
        await self.fake.log.note(entry, "closed", closed_at=time.monotonic_ns(), closed_while_active=True)

    async def send_head(self, status: int, *headers: str) -> None:
        lines = [f"HTTP/1.1 {status} {NAMES.get(status, 'Status')}", *headers, "", ""]
        self.writer.write("\r\n".join(lines).encode())
        await self.writer.drain()

    async def send_whole(self, status: int, body: bytes, content_type: str, *more: str) -> None:
        await self.send_head(status, f"Content-Type: {content_type}", f"Content-Length: {len(body)}", *more)
        self.writer.write(body)
        await self.writer.drain()

    async def send_chunk(self, data: bytes) -> None:
        if data:
            self.writer.write(b"%x\r\n%s\r\n" % (len(data), data))
            await self.writer.drain()

    async def end_chunks(self) -> None:
        self.writer.write(b"0\r\n\r\n")
        await self.writer.drain()


class Fake:
    """The server: a script, a log, and how a reply of the script is written to a connection."""

    content_type = "application/x-ndjson"

    def __init__(self, log: Log) -> None:
        self.log = log
        self.script = Script()

    async def control(self, path: str, message: dict[str, Any]) -> Any:
        if path == "/control/log":
            return {"requests": self.log.entries, "loads": self.script.loads, "loaded": self.script.loaded}
        if path == "/control/wait":
            return {"happened": await self.log.wait(**message)}
        if path == "/control/reset":
            self.script = type(self.script)()
            self.log.entries.clear()
        self.script.tell(message)
        return {}

    async def answer(self, connection: Connection, entry: dict[str, Any]) -> bool:
        reply = self.script.reply(entry["method"], entry["path"], entry["kind"], entry["body"])
        if reply.model is None:
            return await self.write(connection, entry, reply)
        async with self.script.turn(reply.model):
            await self.log.note(entry, "started", started_at=time.monotonic_ns())
            await self.script.load(reply.model, entry["body"])
            return await self.write(connection, entry, reply)

    async def write(self, connection: Connection, entry: dict[str, Any], reply: Reply) -> bool:
        if reply.never:
            await asyncio.Event().wait()
        await asyncio.sleep(reply.first_delay)
        if reply.body is not None:
            await connection.send_whole(reply.status, reply.body, reply.content_type, *reply.headers)
            return True
        if reply.closes_at_once:
            connection.writer.transport.abort()
            return False
        await connection.send_head(200, f"Content-Type: {self.content_type}", "Transfer-Encoding: chunked")
        await self.stream(connection, entry, reply)
        if reply.end == "hang":
            await asyncio.Event().wait()
        if reply.end == "reset":
            connection.writer.transport.abort()
            return False
        if reply.end == "half":
            await connection.send_chunk(b'{"model":"m","message":{"role":"assist')
        if reply.installs:
            self.script.install(reply.installs)
        await connection.end_chunks()
        return True

    async def stream(self, connection: Connection, entry: dict[str, Any], reply: Reply) -> None:
        for number, line in enumerate(reply.lines):
            if number and reply.gap:
                await asyncio.sleep(reply.gap)
            now = time.monotonic_ns()
            line = stamp(line, now) if reply.stamped and not line.get("done") else line  # noqa: PLW2901
            data = json.dumps({**line, "t": now}, ensure_ascii=False).encode("utf-8", "surrogatepass") + b"\n"
            for start in range(0, len(data), reply.chunk or len(data)):
                await connection.send_chunk(data[start : start + (reply.chunk or len(data))])
            entry["pieces"] += 1
            if number == 0:
                await self.log.note(entry, "first piece", first_piece_at=now)
            else:
                await asyncio.sleep(0)


async def run(make: type[Fake], port: int, log: str | None, *, until_stdin_closes: bool) -> None:
    fake = make(Log(log))

    def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> Any:
        return Connection(fake, reader, writer).serve()

    server = await asyncio.start_server(connected, "127.0.0.1", port)
    print(server.sockets[0].getsockname()[1], flush=True)  # noqa: T201  # this is how the port is told
    if until_stdin_closes:
        await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)
    else:
        await server.serve_forever()


def main(make: type[Fake] = Fake) -> None:
    parser = argparse.ArgumentParser(description="A stand-in for a model's server.")
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--log", help="a file for events, one JSON object in each line")
    parser.add_argument("--until-stdin-closes", action="store_true", help="end when the starter does")
    arguments = parser.parse_args()
    asyncio.run(run(make, arguments.port, arguments.log, until_stdin_closes=arguments.until_stdin_closes))


if __name__ == "__main__":
    main()
