"""The server on its standard streams: it survives what a client sends, and ends when the client does."""

from __future__ import annotations

import io
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from raw_client import RawClient, ServerProcess, frame, read_message

PROBE = str(Path(__file__).with_name("probe_server.py"))
GLOSS = [sys.executable, PROBE, "gloss"]
POSIX = pytest.mark.skipif(sys.platform == "win32", reason="signals and process numbers are POSIX's")


def command(client: ServerProcess, name: str) -> int:
    return client.start("workspace/executeCommand", {"command": name, "arguments": []})


WORK = ["wait", "stubborn", "hang", "work beside"]


@pytest.mark.parametrize("work", WORK)
def test_ends_with_its_client_whatever_it_is_doing(work: str) -> None:
    with ServerProcess(GLOSS) as client:
        client.initialize()
        command(client, work)
        client.wait_notification("probe/started")
        client.close_input()
        assert client.exit_code() == 1


@pytest.mark.parametrize("work", WORK)
def test_ends_when_it_is_told_to_whatever_it_is_doing(work: str) -> None:
    with ServerProcess(GLOSS) as client:
        client.initialize()
        request = command(client, work)
        client.wait_notification("probe/started")
        assert client.shut_down() == 0
        answer = client.wait(request)
        assert (
            answer == {"jsonrpc": "2.0", "id": request, "result": None} or answer["error"]["code"] == -32800
        )


def test_ends_when_it_has_no_input_at_all() -> None:
    ended = subprocess.run(GLOSS, stdin=subprocess.DEVNULL, capture_output=True, timeout=20, check=False)
    assert (ended.returncode, ended.stdout) == (1, b"")


def test_a_shutdown_before_the_client_went_counts() -> None:
    with ServerProcess(GLOSS) as client:
        client.initialize()
        client.request("shutdown")
        client.close_input()
        assert client.exit_code() == 0


def test_answers_are_read_to_the_last_by_a_client_that_only_closes_its_end() -> None:
    """As in `gloss serve < recorded`: a megabyte of answers, then the end of input."""
    messages = [{"jsonrpc": "2.0", "id": 0, "method": "initialize", "params": {"capabilities": {}}}]
    pad = "x" * 100_000
    messages += [{"jsonrpc": "2.0", "id": n, "method": "probe/echo", "params": pad} for n in range(1, 11)]
    with ServerProcess(GLOSS) as client:
        client.send(*messages)
        client.close_input()
        assert client.exit_code() == 1
        assert sorted(message["id"] for message in client.messages) == list(range(11))


@POSIX
@pytest.mark.parametrize("name", ["SIGTERM", "SIGINT", "SIGHUP"])
def test_signals_end_it_in_order(name: str) -> None:
    with ServerProcess(GLOSS) as client:
        client.initialize()
        request = command(client, "wait")
        client.wait_notification("probe/started")
        client.process.send_signal(getattr(signal, name))
        assert client.exit_code() == 1
        assert client.wait(request)["error"]["code"] == -32800
        assert "Traceback" not in client.stderr


IDLE = [sys.executable, "-c", "import time; time.sleep(600)"]


@POSIX
def test_ends_when_its_parent_dies_though_its_input_stays_open() -> None:
    starts_us = "import subprocess, sys, time; subprocess.Popen(sys.argv[1:]); time.sleep(600)"
    questions, to_server = os.pipe()
    from_server, answers = os.pipe()
    editor = subprocess.Popen([sys.executable, "-c", starts_us, *GLOSS], stdin=questions, stdout=answers)
    os.close(questions)
    os.close(answers)
    with RawClient(os.fdopen(to_server, "wb"), os.fdopen(from_server, "rb")) as client:
        client.initialize(processId=editor.pid)
        client.request("probe/echo", 1)
        editor.kill()
        editor.wait()
        client.wait_end()


@POSIX
def test_ends_when_the_process_dies_that_it_was_told_to_watch() -> None:
    editor = subprocess.Popen(IDLE)
    with ServerProcess(GLOSS) as client:
        client.initialize(processId=editor.pid)
        command(client, "wait")
        client.wait_notification("probe/started")
        editor.kill()
        editor.wait()
        assert client.exit_code() == 1


@POSIX
def test_a_process_that_is_not_to_be_seen_from_here_is_not_watched() -> None:
    """The editor's number means nothing in a container, and a server that ends for it is of no use there."""
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    with ServerProcess(GLOSS) as client:
        client.initialize(processId=gone.pid)
        assert client.request("probe/echo", 1) == 1
        assert client.shut_down() == 0


def test_headers_and_bodies_that_are_wrong_do_not_end_the_session() -> None:
    with ServerProcess(GLOSS) as client:
        client.initialize()
        client.send_bytes(b"Content-Length: nonsense\r\n\r\n")
        client.send_bytes(b"Content-Length: 5\r\n\r\n{{{{{")
        client.send([], 5, "text", None, {"jsonrpc": "2.0", "method": 5}, {"jsonrpc": "2.0", "id": None})
        assert client.request("probe/echo", 1) == 1
        codes = [message["error"]["code"] for message in client.messages if message.get("id", 0) is None]
        assert codes == [-32600, -32700, -32600, -32600, -32600, -32600, -32600]


def test_messages_may_come_in_pieces_and_many_at_a_time() -> None:
    with ServerProcess(GLOSS) as client:
        client.initialize()
        requests = [client.new_request("probe/echo", "ß" * 40_000) for _ in range(20)]
        wire = b"".join(map(frame, requests))
        for at in range(0, len(wire), 99_991):
            client.send_bytes(wire[at : at + 99_991])
        for request in requests:
            assert client.wait(request["id"])["result"] == "ß" * 40_000


def test_a_client_that_reads_late_gets_every_end_and_the_newest_words() -> None:
    with ServerProcess(GLOSS) as client:
        client.initialize()
        client.reading.clear()
        request = client.start("probe/flood", {"reports": 5000})
        client.notify("probe/shout")
        client.wait_stderr("shouted")
        client.reading.set()
        assert client.wait(request)["result"] == "flooded"
        kinds = [params["value"]["kind"] for params in client.notifications("$/progress")]
        assert (kinds[0], kinds[-1], kinds.count("begin"), kinds.count("end")) == ("begin", "end", 1, 1)
        assert len(kinds) < 1000
        pieces = client.notifications("gloss/stream")
        assert len(pieces) < 1000
        assert "".join(piece["text"] for piece in pieces) == "".join(f"{number}," for number in range(5000))


def test_the_words_of_all_scripts_come_back_as_they_went() -> None:
    with ServerProcess(GLOSS) as client:
        client.initialize()
        text = "größer 世界 \U0001f600 \x00\u2028 \ud83d"
        assert client.request("probe/echo", [text, 1e300, 2**60, None, {"": {}}]) == [
            text,
            1e300,
            2**60,
            None,
            {"": {}},
        ]


def test_everything_on_its_standard_output_is_a_message() -> None:
    requests = [
        {"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": {"capabilities": {}}},
        {"jsonrpc": "2.0", "id": 2, "method": "probe/print"},
        {"jsonrpc": "2.0", "id": 3, "method": "shutdown"},
        {"jsonrpc": "2.0", "method": "exit"},
    ]
    wire = b"".join(map(frame, requests))
    ended = subprocess.run(GLOSS, input=wire, capture_output=True, timeout=20, check=False)
    stream = io.BytesIO(ended.stdout)
    assert sorted(read_message(stream)["id"] for _ in range(3)) == [1, 2, 3]
    assert stream.read() == b""
    assert all(
        stray in ended.stderr.decode() for stray in ("a stray print", "a stray write", "a stray child")
    )


def test_five_thousand_changes_leave_nothing_behind() -> None:
    position = {"line": 0, "character": 0}
    change = {"range": {"start": position, "end": position}, "text": "b"}
    params = {"textDocument": {"uri": "file:///a.py", "version": 2}, "contentChanges": [change]}
    message = frame({"jsonrpc": "2.0", "method": "textDocument/didChange", "params": params})
    with ServerProcess(GLOSS) as client:
        client.initialize()
        before = client.request("probe/kept")
        for _ in range(50):
            client.send_bytes(message * 100)
        assert client.request("probe/kept") == before
