"""Server-sent events, wherever their bytes are cut."""

from __future__ import annotations

import pytest

from gloss_lsp.backends.sse import Event, EventReader

STREAMS = {
    "one line": (b"data: a\n\n", [Event("a")]),
    "no space behind the colon": (b"data:a\n\n", [Event("a")]),
    "only the first space goes": (b"data:  a \n\n", [Event(" a ")]),
    "several lines of data": (b"data: a\ndata:\ndata: c\n\n", [Event("a\n\nc")]),
    "a field without a colon": (b"data\ndata\n\n", [Event("\n")]),
    "carriage returns": (b"data: a\r\rdata: b\r\r", [Event("a"), Event("b")]),
    "both": (b"data: a\r\n\r\ndata: b\r\n\r\n", [Event("a"), Event("b")]),
    "mixed": (b"data: a\r\ndata: b\rdata: c\n\n", [Event("a\nb\nc")]),
    "comments": (b": ping\n\n:\ndata: a\n: more\ndata: b\n\n", [Event("a\nb")]),
    "other fields": (b"id: 7\nretry: 3\nodd: x\ndata: a\n\n", [Event("a")]),
    "a kind": (b"event: error\ndata: a\n\ndata: b\n\n", [Event("a", "error"), Event("b")]),
    "a kind without data": (b"event: error\n\ndata: b\n\n", [Event("b")]),
    "llama.cpp's error field": (b'error: {"code": 500}\n\n', [Event('{"code": 500}', "error")]),
    "a byte order mark": (b"\xef\xbb\xbfdata: a\n\n", [Event("a")]),
    "other line ends are none": (
        "data: a\u0085b\u2028c\u000bd ✓\n\n".encode(),
        [Event("a\u0085b\u2028c\u000bd ✓")],
    ),
    "bytes that are no text": (b"data: \xff\n\n", [Event("\ufffd")]),
    "half an event at the end": (b"data: a\n\ndata: b\n", [Event("a")]),
    "nothing": (b"", []),
}


@pytest.mark.parametrize("size", [1, 2, 3, 7, 10_000])
@pytest.mark.parametrize(("stream", "events"), STREAMS.values(), ids=STREAMS)
def test_events(stream: bytes, events: list[Event], size: int):
    reader = EventReader()
    read = [
        event for start in range(0, len(stream), size) for event in reader.feed(stream[start : start + size])
    ]
    assert read == events


def test_what_is_held_is_counted_and_let_go():
    reader = EventReader()
    reader.feed(b"data: 12345\ndata: 1")
    assert reader.held == 5 + len("data: 1")
    reader.feed(b"\n\n")
    assert reader.held == 0
