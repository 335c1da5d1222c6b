"""The server object inside a loop of our own: requests to the client, work in the background, params."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import pytest
from lsprotocol import types

from gloss_lsp.lsp.server import Server, create_server

if TYPE_CHECKING:
    from collections.abc import Callable

ASK = types.WINDOW_SHOW_MESSAGE_REQUEST
PARAMS = types.ShowMessageRequestParams(types.MessageType.Info, "?")


class Wire:
    """Stands where the outbox is: keeps what was sent, and lets a test answer it."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self.sent: list[dict[str, Any]] = []
        self._news = asyncio.Event()
        server.protocol.outbox = self  # type: ignore[assignment]

    def put(self, message: dict[str, Any]) -> None:
        self.sent.append(message)
        self._news.set()

    async def wait(self, number: int) -> None:
        """Wait until that many messages were sent."""
        while len(self.sent) < number:
            self._news.clear()
            await self._news.wait()

    def say(self, *messages: dict[str, Any]) -> None:
        self.server.protocol.receive(messages)


async def meet(server: Server, **params: Any) -> Wire:
    wire = Wire(server)
    wire.say({"jsonrpc": "2.0", "id": 0, "method": "initialize", "params": {"capabilities": {}, **params}})
    await wire.wait(1)
    return wire


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        ({"result": {"title": "Yes"}}, "Yes"),
        ({"result": None}, None),
        ({"result": {}}, None),
        ({"result": {"title": None}}, None),
        ({"result": {"title": 5}}, None),
        ({"result": "Yes"}, None),
        ({}, None),
        ({"error": {"code": -32601, "message": "no"}}, None),
        ({"error": None}, None),
        ({"error": "no"}, None),
    ],
)
async def test_odd_answers_of_clients_are_no_answers(answer: dict[str, Any], expected: str | None) -> None:
    server = create_server()
    wire = await meet(server)
    asked = asyncio.ensure_future(server.request(ASK, PARAMS, 20))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    wire.say({"jsonrpc": "2.0", "id": wire.sent[-1]["id"], **answer})
    assert getattr(await asked, "title", None) == expected
    assert len(server.protocol.asked) == 0


async def test_a_client_that_does_not_answer_is_one_that_cannot_and_its_late_answer_is_let_go() -> None:
    server = create_server()
    wire = await meet(server)
    missing = object()
    assert await server.request(ASK, PARAMS, 0.01, missing=missing) is missing
    assert len(server.protocol.asked) == 0
    wire.say({"jsonrpc": "2.0", "id": wire.sent[-1]["id"], "result": {"title": "Yes"}})
    wire.say({"jsonrpc": "2.0", "id": [1], "result": None}, {"jsonrpc": "2.0", "id": None, "error": {}})
    assert len(wire.sent) == 2


async def test_null_is_an_answer_to_what_has_no_result() -> None:
    server = create_server()
    wire = await meet(server)
    missing = object()
    params = types.WorkDoneProgressCreateParams("token")
    asked = asyncio.ensure_future(
        server.request(types.WINDOW_WORK_DONE_PROGRESS_CREATE, params, missing=missing)
    )
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    wire.say({"jsonrpc": "2.0", "id": wire.sent[-1]["id"], "result": None})
    assert await asked is None


async def test_questions_end_when_the_session_does() -> None:
    server = create_server()
    wire = await meet(server)
    asked = server.protocol.send_request(ASK, PARAMS)
    await server.protocol.wind_down(1)
    assert asked.exception() is not None
    assert wire.sent[-1]["method"] == ASK


async def test_handlers_see_the_messages_before_theirs_and_none_after() -> None:
    """What a handler sees before its first `await` is the state at its message, all being sent at once."""
    server = create_server()
    log: list[str] = []

    @server.feature("look")
    async def look(name: str) -> None:
        log.append(name)
        await asyncio.sleep(0)
        log.append(f"{name} later")

    server.feature("change")(log.append)
    wire = await meet(server)
    wire.say(
        {"id": 1, "method": "look", "params": "first look"},
        {"method": "change", "params": "change"},
        {"id": 2, "method": "look", "params": "second look"},
    )
    await wire.wait(3)
    assert [entry for entry in log if "later" not in entry] == ["first look", "change", "second look"]


async def test_background_work_is_kept_and_ended_with_the_session() -> None:
    server = create_server()
    await meet(server)
    ended = []

    async def work(name: str) -> None:
        try:
            await asyncio.Event().wait()
        finally:
            ended.append(name)

    task = server.background(work("one"), "one")
    server.background(work("two"), "two")
    await asyncio.sleep(0)
    await server.protocol.wind_down(1)
    assert sorted(ended) == ["one", "two"]
    assert task.cancelled()


async def test_background_work_that_fails_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    server = create_server()

    async def fail() -> None:
        raise ValueError("why")

    with pytest.raises(ValueError, match="why"):
        await server.background(fail(), "the failing one")
    await asyncio.sleep(0)
    assert "the failing one failed" in caplog.text
    assert "ValueError: why" in caplog.text


async def test_what_has_to_be_closed_is_closed_once_however_the_session_ends() -> None:
    server = create_server()
    closed = []
    server.feature(types.SHUTDOWN)(lambda _: closed.append(True))
    wire = await meet(server)
    wire.say({"id": 1, "method": "shutdown"})
    await wire.wait(2)
    assert wire.sent[-1] == {"jsonrpc": "2.0", "id": 1, "result": None}
    await server.protocol.wind_down(1)
    assert closed == [True]


async def test_an_id_that_is_in_use_is_refused() -> None:
    server = create_server()

    @server.feature("wait")
    async def wait(_: object) -> None:
        await asyncio.Event().wait()

    wire = await meet(server)
    wire.say({"id": 1, "method": "wait"}, {"id": 1, "method": "wait"})
    await wire.wait(2)
    assert wire.sent[-1]["error"]["code"] == -32600
    await server.protocol.wind_down(1)
    assert wire.sent[-1] == {
        "jsonrpc": "2.0",
        "id": 1,
        "error": {"code": -32800, "message": "The request was cancelled."},
    }


async def test_the_client_is_known_by_what_it_said() -> None:
    server = create_server()
    met = []
    server.feature(types.INITIALIZE)(met.append)
    capabilities = {
        "general": {"positionEncodings": ["utf-8", "utf-16"]},
        "experimental": {"gloss": {"stream": True}},
    }
    await meet(
        server, capabilities=capabilities, locale="de", trace="compact", initializationOptions={"a": 1}
    )
    assert server.client_capabilities == capabilities
    assert server.encoding == "utf-16"
    [params] = met
    assert (params.locale, params.initialization_options, params.trace) == ("de", {"a": 1}, None)


RESULTS: list[tuple[Callable[[], object], object]] = [
    (
        lambda: types.Hover(types.MarkupContent(types.MarkupKind.Markdown, "x")),
        {"contents": {"kind": "markdown", "value": "x"}},
    ),
    (lambda: [types.Position(1, 2)], [{"line": 1, "character": 2}]),
    (lambda: {"at": types.Position(1, 2), "n": [None]}, {"at": {"line": 1, "character": 2}, "n": [None]}),
    (lambda: None, None),
]


@pytest.mark.parametrize(("make", "expected"), RESULTS)
async def test_results_of_all_kinds_become_json(make: Callable[[], object], expected: object) -> None:
    server = create_server()
    server.feature("give")(lambda _: make())
    wire = await meet(server)
    wire.say({"id": 1, "method": "give"})
    assert wire.sent[-1]["result"] == expected
