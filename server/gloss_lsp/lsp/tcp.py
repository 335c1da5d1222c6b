"""The language server on a port of this machine: for one client, and deaf to web pages.

Any page in a browser can connect to a loopback port and post to it. So a connection is nobody until
its first header line has proved to be one of LSP, and the first that does is the only client.
"""

from __future__ import annotations

import ipaddress
import selectors
import socket
import sys
import time
from functools import partial
from typing import TYPE_CHECKING, Any

from attrs import define, field

from gloss_lsp.errors import Refused
from gloss_lsp.lsp.connection import Streams, run
from gloss_lsp.lsp.frames import Frames, NotTheProtocolError
from gloss_lsp.lsp.outbox import Outbox

if TYPE_CHECKING:
    from gloss_lsp.lsp.server import Server

CHUNK = 1 << 16

CANDIDATES = 16
"""Connections that may be waited for at the same time before the first header line of one of them."""

CANDIDATE_LIMIT = 10.0
"""Seconds that a connection may take for its first header line."""


@define
class Candidate:
    """A connection that has not shown yet what it speaks."""

    since: float
    said: bytes = field(default=b"", repr=False)

    def hear(self, data: bytes) -> bool:
        """Add what came; whether it is a whole header line by now.

        Raises:
            NotTheProtocolError: it is, or begins, no header of LSP.
        """
        self.said += data
        Frames(strict=True).feed(self.said)
        return b"\n" in self.said


def run_tcp(server: Server, host: str, port: int, *, allow_remote: bool = False) -> int:
    """Wait for a client, serve it until it leaves, and return the exit code. Port 0 is any free one.

    Raises:
        Refused: the address is not this machine's own, and `allow_remote` was not said.
        OSError: the address can't be listened on.
    """
    family, address = _resolve(host, port)
    if not allow_remote and not ipaddress.ip_address(str(address[0]).partition("%")[0]).is_loopback:
        raise Refused(
            f"{host} can be reached from other machines. Listen on 127.0.0.1, "
            "or say --allow-remote if you mean it."
        )
    with socket.create_server(address, family=family) as listener:
        shown = listener.getsockname()
        sys.stderr.write(f"Gloss listens on {shown[0]}:{shown[1]}\n")
        sys.stderr.flush()
        connection, said = _first_client(listener)
    with connection:
        return run(server, _streams(connection, said))


def _resolve(host: str, port: int) -> tuple[socket.AddressFamily, tuple[Any, ...]]:
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    family, _, _, _, address = found[0]
    return family, address


def _first_client(listener: socket.socket) -> tuple[socket.socket, bytes]:
    """The first connection whose first line is a header of LSP, and what it has said so far."""
    candidates: dict[socket.socket, Candidate] = {}
    listener.setblocking(False)
    with selectors.DefaultSelector() as selector:
        selector.register(listener, selectors.EVENT_READ)
        try:
            while True:
                for key, _ in selector.select(timeout=1.0):
                    if key.fileobj is listener:
                        _accept(listener, selector, candidates)
                    elif isinstance(key.fileobj, socket.socket) and _is_client(
                        key.fileobj, selector, candidates
                    ):
                        return key.fileobj, candidates.pop(key.fileobj).said
                for late in [
                    one for one, it in candidates.items() if time.monotonic() - it.since > CANDIDATE_LIMIT
                ]:
                    _turn_away(late, selector, candidates)
        finally:
            for candidate in candidates:
                candidate.close()


def _accept(
    listener: socket.socket, selector: selectors.BaseSelector, candidates: dict[socket.socket, Candidate]
) -> None:
    try:
        connection, _ = listener.accept()
    except OSError:
        return  # It has gone already.
    if len(candidates) >= CANDIDATES:
        connection.close()
        return
    connection.setblocking(False)
    candidates[connection] = Candidate(time.monotonic())
    selector.register(connection, selectors.EVENT_READ)


def _is_client(
    connection: socket.socket, selector: selectors.BaseSelector, candidates: dict[socket.socket, Candidate]
) -> bool:
    try:
        data = connection.recv(CHUNK)
        if data and candidates[connection].hear(data):
            selector.unregister(connection)
            connection.setblocking(True)
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            return True
        refused = not data
    except (OSError, NotTheProtocolError):
        refused = True
    if refused:
        _turn_away(connection, selector, candidates)
    return False


def _turn_away(
    connection: socket.socket, selector: selectors.BaseSelector, candidates: dict[socket.socket, Candidate]
) -> None:
    selector.unregister(connection)
    del candidates[connection]
    connection.close()


def _streams(connection: socket.socket, said: bytes) -> Streams:
    before = [said]

    def read() -> bytes:
        return before.pop() if before else connection.recv(CHUNK)

    return Streams(read, partial(Outbox, -1, connection.sendall), Frames(strict=True))
