"""Framing: whole messages out of any pieces, and nothing that came wrong stops what comes after."""

from __future__ import annotations

import json

import pytest
from raw_client import frame

from gloss_lsp.lsp.failures import INVALID_REQUEST, PARSE_ERROR, Failure
from gloss_lsp.lsp.frames import BODY_LIMIT, HEADER_LIMIT, Frames, NotTheProtocolError

HELLO = {"jsonrpc": "2.0", "method": "hello", "params": {"text": "größer 世界 \U0001f600"}}
AGAIN = {"jsonrpc": "2.0", "method": "again"}
WIRE = frame(HELLO) + frame(AGAIN)


@pytest.mark.parametrize("size", [1, 2, 7, 100, len(WIRE)])
@pytest.mark.parametrize("strict", [False, True])
def test_messages_come_whole_out_of_pieces_of_any_size(size: int, strict: bool) -> None:
    frames = Frames(strict=strict)
    pieces = [WIRE[at : at + size] for at in range(0, len(WIRE), size)]
    assert [message for piece in pieces for message in frames.feed(piece)] == [HELLO, AGAIN]


BODY = json.dumps(AGAIN).encode()
TYPE = b"Content-Type: application/vscode-jsonrpc; charset=utf-8\r\n"


@pytest.mark.parametrize(
    "head",
    [
        b"Content-Length: %d\r\n\r\n",
        b"content-length:%d\r\n\r\n",
        b"CONTENT-LENGTH :  %d \r\n\r\n",
        TYPE + b"Content-Length: %d\r\n\r\n",
        b"Content-Length: %d\r\n" + TYPE + b"\r\n",
        b"Content-Length: %d\n\n",
        b"\r\nContent-Length: %d\r\n\r\n",
    ],
)
@pytest.mark.parametrize("strict", [False, True])
def test_headers_may_be_spelled_as_the_protocol_allows_and_clients_do(head: bytes, strict: bool) -> None:
    assert Frames(strict=strict).feed(head % len(BODY) + BODY) == [AGAIN]


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        (b"Content-Length: 3\r\n\r\n{a}", PARSE_ERROR),
        (b"Content-Length: 0\r\n\r\n", PARSE_ERROR),
        (b'Content-Length: 3\r\n\r\n"\xff"', PARSE_ERROR),
        (b"Content-Length: 100000\r\n\r\n" + b"[" * 100000, PARSE_ERROR),
        (b"Content-Length: x\r\n\r\n", INVALID_REQUEST),
        (b"Content-Length: -5\r\n\r\n", INVALID_REQUEST),
        (b"Content-Length: 99999999999999999999\r\n\r\n", INVALID_REQUEST),
        (b"Nothing: 5\r\n\r\n", INVALID_REQUEST),
        (b"\x00\xff not a header\r\n\r\n", INVALID_REQUEST),
    ],
)
def test_what_is_wrong_is_told_and_survived(wrong: bytes, code: int) -> None:
    failure, message = Frames().feed(wrong + frame(AGAIN))
    assert isinstance(failure, Failure)
    assert failure.code == code
    assert message == AGAIN


def test_a_body_that_is_longer_than_it_said_is_survived() -> None:
    failure, message = Frames().feed(b"Content-Length: 4\r\n\r\n" + BODY + frame(AGAIN))
    assert isinstance(failure, Failure)
    assert message == AGAIN


def test_a_header_that_never_ends_takes_no_memory() -> None:
    frames = Frames()
    for _ in range(100):
        assert frames.feed(b"x" * HEADER_LIMIT) == []
    assert len(frames._bytes) <= 2 * HEADER_LIMIT
    assert frames.feed(frame(AGAIN)) == [AGAIN]


def test_a_body_over_the_limit_is_skipped_without_being_kept() -> None:
    frames = Frames()
    [failure] = frames.feed(b"Content-Length: %d\r\n\r\n" % (BODY_LIMIT + 1))
    assert isinstance(failure, Failure)
    assert failure.code == INVALID_REQUEST
    chunk = bytes(1 << 20)
    for _ in range(BODY_LIMIT >> 20):
        assert frames.feed(chunk) == []
        assert not frames._bytes
    assert frames.feed(b"\0" + frame(AGAIN)) == [AGAIN]


@pytest.mark.parametrize(
    "first",
    [
        b"POST / HTTP/1.1\r\n",
        b"P",
        b"GET /",
        b"\x16\x03\x01",
        b"Content-Length: 5\r\nHost: localhost\r\n",
        b"Content-Length: " + b"9" * HEADER_LIMIT,
        b"Content-Disposition: form-data\r\n",
        b" Content-Length: 5\r\n",
    ],
)
def test_the_strict_side_ends_at_the_first_line_that_is_not_lsp(first: bytes) -> None:
    with pytest.raises(NotTheProtocolError):
        Frames(strict=True).feed(first)
