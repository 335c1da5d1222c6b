"""`textDocument/inlineCompletion` over real stdio, a stand-in for Ollama behind it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from completing import MARK, NOTHING, Session, session, warm
from raw_client import AnswerError, frame

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

FOREVER: dict[str, Any] = {"kind": "fill", "pieces": ["x"], "repeat": 10_000, "gap": 0.01}
"""Writes one line without an end."""

BLOCK = f"def f():\n    {MARK}\n\n\ndef g():\n    pass\n"


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Session]:
    with session(tmp_path_factory.mktemp("home")) as made:
        warm(made)
        yield made


@pytest.fixture
def editor(shared: Session) -> Session:
    shared.set()
    shared.fake.reset()
    return shared


def let(made: Session, *pieces: str, **more: Any) -> None:
    """Let the model write this."""
    made.fake.script(rules=[{"kind": "fill", "pieces": list(pieces), **more}])


@pytest.mark.parametrize(
    ("text", "pieces", "expected"),
    [
        (f"x = {MARK}\n", ["1", " + 2", "\n", "y = 3"], "1 + 2"),
        (f"語 = '😀' + {MARK}\n", ["'a", "'\n"], "'a'"),
        (f"f({MARK})\n", ["a, ", "b)", "\n"], "a, b"),
        (BLOCK, ["a = 1\n", "    return a\n", "\n\n", "def g():\n"], "a = 1\n    return a"),
        (f"x = {MARK}\n", ["<|endoftext|>"], None),
        (f"x = {MARK}\n", [], None),
    ],
)
def test_one_item_at_the_cursor(editor: Session, text: str, pieces: list[str], expected: str | None) -> None:
    let(editor, *pieces)
    place = editor.open(text)
    answer = editor.client.request("textDocument/inlineCompletion", editor.inline(place))
    spot = {"start": place[1], "end": place[1]}
    assert answer == ({"items": [{"insertText": expected, "range": spot}]} if expected else NOTHING)


def test_the_model_is_stopped_when_the_answer_is_decided(editor: Session) -> None:
    let(editor, "return 1\n", "\n", "d", "ef g():", end="hang")
    assert editor.ask(BLOCK)["items"][0]["insertText"] == "return 1"
    assert editor.fake.wait_closed(kind="fill")["closed_while_active"]


def test_a_newer_request_takes_the_place_of_an_older_one(editor: Session) -> None:
    editor.fake.script(rules=[{**FOREVER, "times": 1}, {"kind": "fill", "pieces": ["2\n"]}])
    place = editor.open(f"x = {MARK}\n")
    older = editor.start(place)
    editor.fake.wait_for_piece(kind="fill")
    newer = editor.start(editor.type(place, "1 + "))
    assert editor.answer(older) == NOTHING
    assert editor.answer(newer)["items"][0]["insertText"] == "2"
    order = [message["id"] for message in editor.client.messages if message.get("id") in (older, newer)]
    assert order == [older, newer]
    assert editor.fake.wait_closed(kind="fill")["closed_while_active"]


def test_requests_of_other_documents_do_not_replace_each_other(editor: Session) -> None:
    let(editor, "1\n", gap=0.05)
    first, second = editor.open(f"x = {MARK}\n"), editor.open(f"y = {MARK}\n")
    requests = [editor.start(first), editor.start(second)]
    assert [editor.answer(request)["items"][0]["insertText"] for request in requests] == ["1", "1"]
    assert len(editor.prompts()) == 2


def test_a_pause_in_typing_is_waited_for_but_not_by_whoever_asks(editor: Session) -> None:
    let(editor, "1\n")
    editor.set(debounce=10_000)
    place = editor.open(f"x = {MARK}\n")
    typed = [editor.start(place), editor.start(place)]
    asked = editor.start(place, invoked=True)
    assert editor.answer(asked)["items"][0]["insertText"] == "1"
    assert [editor.answer(request) for request in typed] == [NOTHING, NOTHING]
    assert len(editor.prompts()) == 1


@pytest.mark.parametrize("written", ["before the first word", "within the answer"])
def test_a_cancelled_request_frees_the_model(editor: Session, written: str) -> None:
    late = {"first_delay": 600.0} if written == "before the first word" else {}
    editor.fake.script(rules=[{**FOREVER, **late}])
    request = editor.start(editor.open(f"x = {MARK}\n"))
    wait = editor.fake.wait_for_request if late else editor.fake.wait_for_piece
    wait(kind="fill")
    editor.client.cancel(request)
    assert editor.client.wait(request)["error"]["code"] == -32800
    assert editor.fake.wait_closed(kind="fill")["closed_while_active"]


def test_after_its_time_a_completion_ends_with_its_last_whole_line(editor: Session) -> None:
    let(editor, "a = 1\n", "    b = 2\n", "    c =", end="hang")
    editor.set(maxTime=0.5)
    assert editor.ask(BLOCK)["items"][0]["insertText"] == "a = 1\n    b = 2"
    editor.fake.wait_closed(kind="fill")


def test_reading_does_not_count_as_writing(editor: Session) -> None:
    let(editor, "1\n", first_delay=0.5)
    editor.set(maxTime=0.1)
    assert editor.ask(f"x = {MARK}\n")["items"][0]["insertText"] == "1"


def test_a_completion_that_is_too_long_ends_with_its_last_whole_line(editor: Session) -> None:
    let(editor, "a = 1\n", "    b =", done_reason="length")
    editor.set(maxTokens=9)
    assert editor.ask(BLOCK)["items"][0]["insertText"] == "a = 1"
    assert editor.fake.requests("fill")[0]["body"]["options"]["num_predict"] == 9
    let(editor, "a = 1 + ", done_reason="length")
    assert editor.ask(BLOCK) == NOTHING


@pytest.mark.parametrize(
    "fault",
    [
        {"error": "out of order", "status": 500},
        {"error_after": "broke"},
        {"end": "reset"},
        {"raw": "no JSON", "status": 200},
        {"closes_at_once": True},
    ],
)
def test_a_fault_is_an_empty_answer_and_the_next_request_works(
    editor: Session, fault: dict[str, Any]
) -> None:
    editor.fake.script(rules=[{"kind": "fill", "pieces": ["1"], "times": 1, **fault}])
    assert editor.ask(f"x = {MARK}\n") == NOTHING
    let(editor, "2\n")
    assert editor.ask(f"x = {MARK}\n", invoked=True)["items"][0]["insertText"] == "2"


@pytest.mark.parametrize(
    ("text", "settings"),
    [
        (f"val{MARK}ue = 1\n", {}),
        (f"x {MARK}= compute(all, of, it)\n", {}),
        (f"{MARK}\n", {}),
        (f"x = {MARK}\n", {"enabled": False}),
        (f"# the sum of {MARK}\n", {"inComments": False}),
    ],
)
def test_no_model_is_asked_where_it_makes_no_sense(
    editor: Session, text: str, settings: dict[str, bool]
) -> None:
    let(editor, "1\n")
    editor.set(**settings)
    assert editor.ask(text) == NOTHING
    assert editor.prompts() == []
    assert editor.ask(text, invoked=True)["items"]


def test_a_document_that_is_not_open_is_answered_empty(editor: Session) -> None:
    nowhere = ("file:///work/nowhere.py", {"line": 0, "character": 0})
    assert editor.answer(editor.start(nowhere)) == NOTHING


def test_a_private_file_is_not_sent_and_that_is_said_once(editor: Session) -> None:
    heard = len(editor.client.messages)
    let(editor, "1\n")
    place = editor.open(f"KEY={MARK}\n", ".env")
    assert [editor.answer(editor.start(place)) for _ in range(2)] == [NOTHING, NOTHING]
    assert editor.prompts() == []
    told = [one for one in editor.client.messages[heard:] if one.get("method") == "window/showMessage"]
    assert len(told) == 1


def test_the_text_is_that_at_the_time_of_the_request(editor: Session) -> None:
    let(editor, "1\n")
    uri, position = editor.open(f"x = {MARK}\n")
    request = editor.client.new_request("textDocument/inlineCompletion", editor.inline((uri, position)))
    change = {"range": {"start": {"line": 0, "character": 0}, "end": {"line": 1, "character": 0}}, "text": ""}
    params = {"textDocument": {"uri": uri, "version": 2}, "contentChanges": [change]}
    later = {"jsonrpc": "2.0", "method": "textDocument/didChange", "params": params}
    editor.client.send_bytes(frame(request) + frame(later))
    assert editor.answer(request["id"])["items"]
    assert editor.prompts()[0] == "<|fim_prefix|>x = <|fim_suffix|>\n<|fim_middle|>"


def test_what_is_chosen_in_the_list_is_kept_to(editor: Session) -> None:
    let(editor, "(name)\n")
    uri, position = editor.open(f"x = pri{MARK}\n")
    chosen = {"start": {"line": 0, "character": 4}, "end": position}
    selected = {"range": chosen, "text": "print"}
    answer = editor.answer(editor.start((uri, position), selected=selected))
    assert answer == {"items": [{"insertText": "print(name)", "range": chosen}]}
    assert "<|fim_prefix|>x = print<|fim_suffix|>" in editor.prompts()[0]


@pytest.mark.parametrize(
    ("start", "end", "text"), [((0, 0), (0, 2), "x"), ((1, 0), (1, 0), "y"), ((0, 4), (0, 7), "two\nlines")]
)
def test_a_choice_that_is_not_at_the_cursor_gets_nothing(
    editor: Session, start: tuple[int, int], end: tuple[int, int], text: str
) -> None:
    let(editor, "1\n")
    ends = [{"line": line, "character": character} for line, character in (start, end)]
    selected = {"range": {"start": ends[0], "end": ends[1]}, "text": text}
    assert editor.ask(f"x = pri{MARK}\n", selected=selected) == NOTHING
    assert editor.prompts() == []


def test_a_large_file_is_asked_about_as_a_small_one(editor: Session) -> None:
    let(editor, "1\n")
    for size in (2_000, 50_000):
        lines = "".join(f"value_{number % 100:02} = {number % 100:02}\n" for number in range(size // 2))
        assert editor.ask(f"{lines}x = {MARK}\n{lines}")["items"]
    small, large = editor.prompts()
    assert abs(len(small) - len(large)) < 16 * 14
    assert len(large) < 70 * 14


def test_what_is_said_in_the_file_as_a_secret_does_not_leave(editor: Session) -> None:
    secret = "ghp_" + "a1B2" * 9
    let(editor, "1\n")
    assert editor.ask(f"token = '{secret}'\nx = {MARK}\n")["items"]
    assert secret not in editor.prompts()[0]


def test_while_the_model_is_being_loaded_nothing_waits_and_the_load_goes_on(tmp_path: Path) -> None:
    rules = [{"kind": "fill", "pieces": ["1\n"]}]
    with session(tmp_path, load_seconds=1.5, rules=rules) as editor:
        place = editor.open(f"x = {MARK}\n")
        assert editor.answer(editor.start(place)) == NOTHING
        assert editor.fake.requests("fill") == []
        assert editor.answer(editor.start(place, invoked=True))["items"]
        assert [load["finished"] for load in editor.fake.loads()] == [True]


def test_a_model_that_cannot_fill_is_told_of_once(tmp_path: Path) -> None:
    with session(tmp_path, models=[{"name": "talker:1b", "capabilities": ["completion"]}]) as editor:
        place = editor.open(f"x = {MARK}\n")
        for invoked in (True, False, True):
            assert editor.answer(editor.start(place, invoked=invoked)) == NOTHING
        told = editor.client.notifications("window/showMessage")
        assert len(told) == 1
        assert "talker:1b" in told[0]["message"]
        assert editor.fake.requests("chat") == []


def test_without_a_server_to_ask_the_answers_are_empty_and_that_is_said_once(tmp_path: Path) -> None:
    with session(tmp_path) as editor:
        editor.fake.stop()
        place = editor.open(f"x = {MARK}\n")
        assert [editor.answer(editor.start(place)) for _ in range(3)] == [NOTHING] * 3
        assert len(editor.client.notifications("window/showMessage")) == 1


def test_odd_requests_are_answered(editor: Session) -> None:
    with pytest.raises(AnswerError) as refused:
        editor.client.request("textDocument/inlineCompletion", {"textDocument": {"uri": "file:///work/a.py"}})
    assert refused.value.code == -32602
    uri, _ = editor.open(f"x = 1{MARK}\n")
    for line, character in ((99, 0), (0, 99), (1, 0)):
        answer = editor.answer(editor.start((uri, {"line": line, "character": character})))
        assert set(answer) == {"items"}
