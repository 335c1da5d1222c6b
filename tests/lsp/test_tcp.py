"""The server on a port: one client, this machine's, and nothing that a web page can send."""

from __future__ import annotations

import socket
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from raw_client import ServerProcess, SocketClient, frame, read_message

if TYPE_CHECKING:
    from collections.abc import Iterator

PROBE = str(Path(__file__).with_name("probe_server.py"))
LIMIT = 20.0


def start(*arguments: str) -> ServerProcess:
    return ServerProcess([sys.executable, PROBE, "gloss", "tcp", *arguments])


@pytest.fixture
def process() -> Iterator[ServerProcess]:
    with start("127.0.0.1:0") as process:
        yield process


def port_of(process: ServerProcess) -> int:
    """The port that the server says it listens on."""
    process.wait_stderr("\n")
    return int(process.stderr.splitlines()[0].rpartition(":")[2])


def connect(process: ServerProcess) -> socket.socket:
    return socket.create_connection(("127.0.0.1", port_of(process)), timeout=LIMIT)


def is_closed(connection: socket.socket) -> bool:
    """Whether the other side has closed without a word; waits for it."""
    try:
        return connection.recv(1) == b""
    except ConnectionError:
        return True


def test_a_session_from_the_first_word_to_the_exit_code(process: ServerProcess) -> None:
    with SocketClient("127.0.0.1", port_of(process)) as client:
        assert client.initialize({"general": {"positionEncodings": ["utf-8"]}})["capabilities"][
            "positionEncoding"
        ] == ("utf-8")
        assert client.request("probe/echo", "世" * 300_000) == "世" * 300_000
        client.request("shutdown")
        client.notify("exit")
        assert process.exit_code() == 0


def test_ends_when_its_client_has_gone(process: ServerProcess) -> None:
    with SocketClient("127.0.0.1", port_of(process)) as client:
        client.initialize()
        client.start("workspace/executeCommand", {"command": "wait", "arguments": []})
        client.wait_notification("probe/started")
    assert process.exit_code() == 1


@pytest.mark.parametrize(
    "said",
    [
        b"POST / HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 60\r\n\r\n",
        b"GET / HTTP/1.1\r\n",
        b"\x16\x03\x01\x02\x00",
        b"\x00" * 10_000,
    ],
)
def test_a_web_page_is_refused_before_its_body_and_the_editor_is_still_served(
    process: ServerProcess, said: bytes
) -> None:
    with connect(process) as page:
        page.sendall(said)
        assert is_closed(page)
    with SocketClient("127.0.0.1", port_of(process)) as client:
        client.initialize()
        assert client.request("probe/echo", 1) == 1


def test_connections_that_say_nothing_keep_nobody_out(process: ServerProcess) -> None:
    idle = [connect(process) for _ in range(40)]
    # Beyond a number that no editor needs they are closed, and the first ones wait.
    assert is_closed(idle[-1])
    idle[0].sendall(
        frame({"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": {"capabilities": {}}})
    )
    with idle[0].makefile("rb") as answers:
        assert read_message(answers)["id"] == 1
    for connection in idle:
        connection.close()


def test_there_is_one_client(process: ServerProcess) -> None:
    port = port_of(process)
    with connect(process) as other, SocketClient("127.0.0.1", port) as client:
        client.initialize()
        assert is_closed(other)
        with pytest.raises(ConnectionError):
            socket.create_connection(("127.0.0.1", port), timeout=LIMIT)
        assert client.request("probe/echo", 1) == 1


def test_a_header_that_is_not_lsp_ends_the_session_later_too(process: ServerProcess) -> None:
    with SocketClient("127.0.0.1", port_of(process)) as client:
        client.initialize()
        client.send_bytes(b"GET / HTTP/1.1\r\n\r\n")
        assert process.exit_code() == 1


def test_a_first_header_may_come_in_pieces(process: ServerProcess) -> None:
    wire = frame({"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": {"capabilities": {}}})
    with connect(process) as connection, connection.makefile("rb") as answers:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for at in range(len(wire)):
            connection.sendall(wire[at : at + 1])
        assert read_message(answers)["id"] == 1


@pytest.mark.parametrize("host", ["0.0.0.0", "::"])
def test_other_machines_are_let_in_only_when_that_is_said(host: str) -> None:
    with start(f"{host}:0") as process:
        assert process.exit_code() == 1
        assert "--allow-remote" in process.stderr
        assert "Gloss listens" not in process.stderr


def test_all_machines_are_let_in_when_that_is_said() -> None:
    with start("0.0.0.0:0", "remote") as process, SocketClient("127.0.0.1", port_of(process)) as client:
        client.initialize()
        assert client.request("probe/echo", 1) == 1
