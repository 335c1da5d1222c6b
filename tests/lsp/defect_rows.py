"""What our protocol does and pygls 2.1.1 does not: each row raises where the defect is."""

from __future__ import annotations

from raw_client import SILENCE, ServerProcess, frame

HOVER = {"textDocument": {"uri": "file:///a.py"}, "position": {"line": 0, "character": 0}}
POP_UP = "window/showMessage"
SHOW_MESSAGE_REQUEST = "window/showMessageRequest"


def command(client: ServerProcess, name: str, *arguments: object) -> int:
    return client.start("workspace/executeCommand", {"command": name, "arguments": list(arguments)})


def settle(client: ServerProcess) -> None:
    """Return when the server has dealt with everything that was sent before."""
    assert client.request("probe/echo", {"a": 1}) is not None


def answers(client: ServerProcess, request: int | None) -> list[dict]:
    settle(client)
    return [
        message for message in client.messages if "method" not in message and message.get("id") == request
    ]


def code_of(client: ServerProcess, request: int | None) -> int:
    [answer] = answers(client, request)
    assert answer["jsonrpc"] == "2.0"
    return answer["error"]["code"]


def cancellation_reaches_commands(client: ServerProcess) -> None:
    client.initialize()
    request = command(client, "wait")
    client.wait_notification("probe/started")
    client.cancel(request)
    assert client.wait(request)["error"]["code"] == -32800
    while len(events := client.request("probe/events")) < 2:
        pass
    assert events == ["wait starts", "wait was cancelled"]


def what_was_cancelled_before_it_ran_does_not_run(client: ServerProcess) -> None:
    client.initialize()
    hover = client.new_request("textDocument/hover", HOVER)
    client.send(hover, {"jsonrpc": "2.0", "method": "$/cancelRequest", "params": {"id": hover["id"]}})
    assert client.wait(hover["id"])["error"]["code"] == -32800
    assert client.request("probe/events") == []


def nothing_is_kept_per_message(client: ServerProcess) -> None:
    client.initialize()
    client.open("file:///a.py", "a\n")
    settle(client)
    before = client.request("probe/kept")
    change = {"range": {"start": HOVER["position"], "end": HOVER["position"]}, "text": "b"}
    document = {"uri": "file:///a.py", "version": 2}
    params = {"textDocument": document, "contentChanges": [change]}
    message = frame({"jsonrpc": "2.0", "method": "textDocument/didChange", "params": params})
    client.send_bytes(message * 200)
    for _ in range(20):
        client.wait(command(client, "echo", 1))
    assert client.request("probe/kept") == before


def a_malformed_request_is_answered(client: ServerProcess) -> None:
    client.initialize()
    request = client.start("textDocument/hover", {"textDocument": {"uri": "file:///a.py"}})
    assert code_of(client, request) == -32602


def a_malformed_notification_does_not_pop_up(client: ServerProcess) -> None:
    client.initialize()
    client.notify("textDocument/didChange", {"contentChanges": 3})
    settle(client)
    assert client.notifications(POP_UP) == []


def a_key_named_jsonrpc_may_stand_anywhere(client: ServerProcess) -> None:
    client.initialize()
    pasted = {"jsonrpc": "2.0", "id": 7, "method": "initialize"}
    request = command(client, "echo", {"log": pasted})
    assert [answer["result"] for answer in answers(client, request)] == [[{"log": pasted}]]


def bad_json_is_answered(client: ServerProcess) -> None:
    client.initialize()
    client.send_bytes(b'Content-Length: 7\r\n\r\n{"a": }')
    assert code_of(client, None) == -32700


def what_is_no_message_is_answered(client: ServerProcess) -> None:
    client.initialize()
    client.send([client.new_request("probe/echo")])
    assert code_of(client, None) == -32600


def shutdown_ends_work_in_flight(client: ServerProcess) -> None:
    client.initialize()
    requests = [command(client, "wait") for _ in range(3)]
    client.wait_notification("probe/started")
    assert client.request("shutdown") is None
    assert [client.wait(request)["error"]["code"] for request in requests] == [-32800] * 3
    client.notify("exit")
    assert client.exit_code() == 0


def exit_without_shutdown_is_a_failure(client: ServerProcess) -> None:
    client.initialize()
    client.notify("exit")
    assert client.exit_code() == 1


def after_shutdown_requests_are_refused(client: ServerProcess) -> None:
    client.initialize()
    client.request("shutdown")
    request = client.start("probe/echo", 1)
    client.notify("exit")
    assert client.exit_code() == 0
    assert client.wait(request)["error"]["code"] == -32600


def before_initialize_requests_are_refused(client: ServerProcess) -> None:
    answer = client.wait(client.start("probe/echo", {"a": 1}))
    assert "error" in answer
    assert answer["error"]["code"] == -32002


def threads_that_hang_leave_the_server_listening(client: ServerProcess) -> None:
    client.initialize()
    requests = [command(client, "hang") for _ in range(2)]
    client.wait_for(lambda _: len(client.notifications("probe/started")) == len(requests))
    settle(client)
    assert not [message for message in client.messages if message.get("id") in requests]


def an_answer_that_nobody_waits_for_is_silent(client: ServerProcess) -> None:
    client.answers[SHOW_MESSAGE_REQUEST] = lambda _: SILENCE
    client.initialize()
    client.wait(command(client, "ask and give up"))
    question = client.wait_for(lambda message: message.get("method") == SHOW_MESSAGE_REQUEST)
    client.send({"jsonrpc": "2.0", "id": question["id"], "result": None})
    settle(client)
    assert client.notifications(POP_UP) == []


def an_empty_answer_is_no_answer(client: ServerProcess) -> None:
    client.answers[SHOW_MESSAGE_REQUEST] = lambda _: {}
    client.initialize()
    assert client.wait(command(client, "ask"))["result"] == "None"


def a_button_without_a_title_is_no_answer(client: ServerProcess) -> None:
    client.answers[SHOW_MESSAGE_REQUEST] = lambda _: {"title": None}
    client.initialize()
    assert client.wait(command(client, "ask"))["result"] == "None"


def errors_hold_no_tracebacks(client: ServerProcess) -> None:
    client.initialize()
    error = client.wait(client.start("textDocument/definition", HOVER))["error"]
    assert error.keys() == {"code", "message"}
    assert error["code"] == -32603
    assert "secret" not in error["message"]


def a_sentence_for_the_user_is_a_failed_request(client: ServerProcess) -> None:
    client.initialize()
    error = client.wait(client.start("textDocument/declaration", HOVER))["error"]
    assert error == {"code": -32803, "message": "Nothing is installed; run `gloss models pull NAME`."}


def a_notification_that_fails_does_not_pop_up(client: ServerProcess) -> None:
    client.initialize()
    client.notify("workspace/didChangeConfiguration", {"settings": {}})
    settle(client)
    assert client.notifications(POP_UP) == []


def a_result_that_is_not_json_is_an_error(client: ServerProcess) -> None:
    client.initialize()
    assert code_of(client, client.start("probe/bad")) == -32603


def progress_forgets_its_tokens(client: ServerProcess) -> None:
    client.answers["window/workDoneProgress/create"] = lambda _: None
    client.initialize()
    for _ in range(2):
        assert client.wait(command(client, "progress"))["result"] is None
    assert client.request("probe/kept")["tokens"] == 0


def params_of_our_own_methods_are_plain(client: ServerProcess) -> None:
    client.initialize()
    assert client.request("probe/echo", {"b-c": 1, "class": 2}) == {"b-c": 1, "class": 2}


def all_capabilities_can_be_declared(client: ServerProcess) -> None:
    capabilities = client.initialize()["capabilities"]
    assert capabilities["executeCommandProvider"]["workDoneProgress"] is True
    assert capabilities["workspace"]["textDocumentContent"] == {"schemes": ["gloss"]}
    assert capabilities["inlineCompletionProvider"] == {}


def the_cheapest_encoding_is_chosen(client: ServerProcess) -> None:
    offered = {"general": {"positionEncodings": ["utf-16", "utf-8", "utf-32"]}}
    assert client.initialize(offered)["capabilities"]["positionEncoding"] == "utf-32"


def a_stray_print_is_not_a_message(client: ServerProcess) -> None:
    client.initialize()
    assert client.request("probe/print") is None
    settle(client)


def a_client_that_does_not_read_blocks_nobody(client: ServerProcess) -> None:
    client.initialize()
    client.reading.clear()
    client.start("probe/flood", {"reports": 2000})
    client.notify("probe/shout")
    client.wait_stderr("shouted", 5.0)
