"""What goes out while the client does not read: nothing waits for it, stale words are left out."""

from __future__ import annotations

import io
import os
import sys
import threading
from typing import Any

import pytest
from raw_client import read_message

from gloss_lsp.lsp.outbox import AT_ONCE, Outbox, encode, write_all

LIMIT = 20.0


class Reader:
    """A client that starts to read when it is told to."""

    def __init__(self) -> None:
        self.reads = threading.Event()
        self.wire = io.BytesIO()
        self.begun = threading.Event()

    def write(self, data: bytes) -> None:
        self.begun.set()
        assert self.reads.wait(LIMIT)
        self.wire.write(data)

    @property
    def messages(self) -> list[dict[str, Any]]:
        self.wire.seek(0)
        return list(iter(lambda: read_message(self.wire), None))


def progress(token: object, kind: str, message: str = "") -> dict[str, Any]:
    return {"method": "$/progress", "params": {"token": token, "value": {"kind": kind, "message": message}}}


def stream(token: object, number: int, text: str, *, done: bool = False) -> dict[str, Any]:
    return {"method": "gloss/stream", "params": {"id": token, "seq": number, "text": text, "done": done}}


def sent(*messages: dict[str, Any]) -> list[dict[str, Any]]:
    """What arrives of messages that were all put while the client did not read."""
    reader = Reader()
    outbox = Outbox(-1, reader.write, lambda: None)
    outbox.put({"first": True})
    assert reader.begun.wait(LIMIT)
    for message in messages:
        outbox.put(message)
    reader.reads.set()
    assert outbox.close(LIMIT)
    assert reader.messages[0] == {"first": True}
    return reader.messages[1:]


ANSWER = {"id": 1, "result": None}


@pytest.mark.parametrize(
    ("put", "arrives"),
    [
        pytest.param(
            [progress(1, "report", "a"), progress(1, "report", "b")],
            [progress(1, "report", "b")],
            id="a report gives way to the next",
        ),
        pytest.param(
            [progress(1, "report", "a"), progress(2, "report", "b")],
            [progress(1, "report", "a"), progress(2, "report", "b")],
            id="but not to another token's",
        ),
        pytest.param(
            [progress(1, "begin"), progress(1, "report", "a"), ANSWER, progress(1, "end")],
            [progress(1, "begin"), ANSWER, progress(1, "end")],
            id="nor does anything else, and an end makes reports stale",
        ),
        pytest.param(
            [progress(1, "begin"), progress(1, "end"), progress(1, "begin")],
            [progress(1, "begin"), progress(1, "end"), progress(1, "begin")],
            id="begin and end always arrive",
        ),
        pytest.param(
            [stream(1, 0, "a"), ANSWER, stream(1, 1, "b"), stream(2, 0, "x"), stream(1, 2, "c")],
            [ANSWER, stream(2, 0, "x"), stream(1, 2, "abc")],
            id="pieces of a stream are put together",
        ),
        pytest.param(
            [stream(1, 0, "a"), stream(1, 1, "ab", done=True), stream(1, 2, "c")],
            [stream(1, 1, "ab", done=True), stream(1, 2, "c")],
            id="the last word of a stream holds them all",
        ),
        pytest.param(
            [{"method": "$/progress", "params": {"token": 1, "value": [number]}} for number in range(2)],
            [{"method": "$/progress", "params": {"token": 1, "value": [number]}} for number in range(2)],
            id="partial results are all needed",
        ),
    ],
)
def test_what_a_client_gets_that_did_not_read(
    put: list[dict[str, Any]], arrives: list[dict[str, Any]]
) -> None:
    assert sent(*put) == arrives


def test_ten_thousand_reports_to_a_client_that_does_not_read_are_one() -> None:
    assert sent(*(progress(1, "report", str(number)) for number in range(10_000))) == [
        progress(1, "report", "9999")
    ]


@pytest.mark.skipif(sys.platform == "win32", reason="Windows cannot tell whether a pipe takes more")
def test_no_thread_is_needed_while_the_client_reads() -> None:
    outgoing, incoming = os.pipe()
    outbox = Outbox(incoming, write_all(incoming), lambda: None)
    with os.fdopen(outgoing, "rb") as reader, os.fdopen(incoming, "wb"):
        for number in range(100):
            outbox.put({"number": number})
            assert read_message(reader) == {"number": number}
        assert outbox._thread is None


@pytest.mark.skipif(sys.platform == "win32", reason="Windows cannot tell whether a pipe takes more")
def test_messages_keep_their_order_across_a_full_pipe() -> None:
    outgoing, incoming = os.pipe()
    outbox = Outbox(incoming, write_all(incoming), lambda: None)
    sizes = [10, AT_ONCE * 2, 20, 200_000, 5] * 20
    with os.fdopen(outgoing, "rb") as reader, os.fdopen(incoming, "wb"):
        for number, size in enumerate(sizes):
            outbox.put({"number": number, "pad": "x" * size})
        assert [read_message(reader)["number"] for _ in sizes] == list(range(len(sizes)))
        assert outbox.close(LIMIT)


def test_a_client_that_has_gone_is_told_once_and_the_rest_is_let_go() -> None:
    gone = threading.Event()
    calls = []

    def write(data: bytes) -> None:
        calls.append(data)
        raise BrokenPipeError

    outbox = Outbox(-1, write, gone.set)
    outbox.put({"a": 1})
    assert gone.wait(LIMIT)
    outbox.put({"a": 2})
    assert outbox.close(LIMIT)
    assert len(calls) == 1


def test_closing_waits_no_longer_than_it_may() -> None:
    reader = Reader()
    outbox = Outbox(-1, reader.write, lambda: None)
    outbox.put({"a": 1})
    assert not outbox.close(0.01)
    reader.reads.set()
    assert outbox.close(LIMIT)


def test_text_is_sent_as_utf_8_and_half_a_surrogate_pair_as_it_came() -> None:
    assert encode({"a": "世界"}) == b'Content-Length: 14\r\n\r\n{"a":"\xe4\xb8\x96\xe7\x95\x8c"}'
    assert encode({"a": "\ud83d"}).endswith(b'{"a":"\\ud83d"}')


def test_what_is_not_json_is_the_fault_of_who_put_it() -> None:
    outbox = Outbox(-1, lambda _: None, lambda: None)
    with pytest.raises(TypeError):
        outbox.put({"a": object()})
