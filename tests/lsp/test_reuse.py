"""Completions that are asked for once: what is shown, or being written, serves later keystrokes too."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from completing import MARK, NOTHING, Session, session, warm

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import TypeAlias

    Place: TypeAlias = "tuple[str, dict[str, int]]"


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Session]:
    with session(tmp_path_factory.mktemp("home")) as made:
        warm(made)
        yield made


@pytest.fixture
def editor(shared: Session) -> Session:
    shared.set(maxTime=30)
    shared.fake.reset()
    return shared


def let(made: Session, *pieces: str, **more: Any) -> None:
    made.fake.script(rules=[{"kind": "fill", "pieces": list(pieces), **more}])


def shown(made: Session, request: int) -> str | None:
    items = made.answer(request)["items"]
    return items[0]["insertText"] if items else None


def test_typing_what_is_shown_sends_nothing(editor: Session) -> None:
    let(editor, "compute(1)\n")
    place = editor.open(f"x = {MARK}\n")
    assert shown(editor, editor.start(place)) == "compute(1)"
    left = "compute(1)"
    while len(left) > 1:
        place, left = editor.type(place, left[0]), left[1:]
        assert shown(editor, editor.start(place)) == left
    assert len(editor.prompts()) == 1
    let(editor, "  # done\n")
    assert shown(editor, editor.start(editor.type(place, left))) == "  # done"
    assert len(editor.prompts()) == 2


def test_deleting_back_within_what_was_shown_sends_nothing(editor: Session) -> None:
    let(editor, "compute(1)\n")
    place = editor.open(f"x = {MARK}\n")
    editor.answer(editor.start(place))
    place = editor.type(editor.type(place, "comp"), "", erase=2)
    assert shown(editor, editor.start(place)) == "mpute(1)"
    place = editor.type(place, "", erase=2)
    assert shown(editor, editor.start(place)) == "compute(1)"
    assert len(editor.prompts()) == 1


def test_a_closer_that_the_editor_adds_is_not_shown_again(editor: Session) -> None:
    let(editor, "compute(1, 2)\n")
    place = editor.open(f"x = {MARK}\n")
    editor.answer(editor.start(place))
    place = editor.type(place, "compute(")
    editor.type(place, ")")
    assert shown(editor, editor.start(place)) == "1, 2"
    assert len(editor.prompts()) == 1


def test_typing_something_else_asks_the_model(editor: Session) -> None:
    let(editor, "compute(1)\n")
    place = editor.open(f"x = {MARK}\n")
    editor.answer(editor.start(place))
    let(editor, "lue\n")
    assert shown(editor, editor.start(editor.type(place, "va"))) == "lue"
    assert len(editor.prompts()) == 2


def test_who_asks_gets_a_new_answer(editor: Session) -> None:
    let(editor, "1\n")
    place = editor.open(f"x = {MARK}\n")
    editor.answer(editor.start(place))
    let(editor, "2\n")
    assert shown(editor, editor.start(place, invoked=True)) == "2"


def test_who_asks_for_the_same_place_again_gets_a_new_answer(editor: Session) -> None:
    let(editor, "1\n")
    place = editor.open(f"x = {MARK}\n")
    editor.answer(editor.start(place))
    let(editor, "2\n")
    assert shown(editor, editor.start(place)) == "2"
    assert len(editor.prompts()) == 2


def test_what_was_shown_under_other_settings_is_forgotten(editor: Session) -> None:
    let(editor, "1\n")
    place = editor.open(f"x = {MARK}\n")
    editor.answer(editor.start(place))
    editor.set(maxTokens=20)
    let(editor, "2\n")
    assert shown(editor, editor.start(place)) == "2"


def begin(editor: Session, *pieces: str, **more: Any) -> tuple[Place, int]:
    """A place, and the request for it, of whose answer the first piece is written."""
    let(editor, *pieces, **more)
    place = editor.open(f"x = {MARK}\n")
    request = editor.start(place)
    wait_until_read(editor)
    return place, request


def wait_until_read(editor: Session) -> None:
    """Wait until the server has what the model has written: its event loop turns with each answer."""
    editor.fake.wait_for_piece(kind="fill")
    for _ in range(20):
        nowhere = ("file:///work/nowhere.py", {"line": 0, "character": 0})
        assert editor.answer(editor.start(nowhere)) == NOTHING


def test_a_request_for_the_same_place_joins_what_is_under_way(editor: Session) -> None:
    place, older = begin(editor, "1", " + 2", "\n", gap=0.3)
    newer = editor.start(place)
    assert editor.answer(older) == NOTHING
    assert shown(editor, newer) == "1 + 2"
    assert len(editor.prompts()) == 1


def test_a_stream_is_taken_over_by_who_types_what_it_writes(editor: Session) -> None:
    place, older = begin(editor, "comp", "ute", "(1)", "\n", gap=0.3)
    editor.client.cancel(older)
    newer = editor.start(editor.type(place, "com"))
    assert editor.client.wait(older)["error"]["code"] == -32800
    assert shown(editor, newer) == "pute(1)"
    assert len(editor.prompts()) == 1


def test_a_stream_may_be_behind_who_types(editor: Session) -> None:
    place, _ = begin(editor, "comp", "ute", "(1)", "\n", gap=0.3)
    assert shown(editor, editor.start(editor.type(place, "comput"))) == "e(1)"
    assert len(editor.prompts()) == 1


def test_a_stream_that_becomes_something_else_is_stopped_and_the_model_asked(editor: Session) -> None:
    editor.fake.script(
        rules=[
            {"kind": "fill", "pieces": ["comp", "lete"], "gap": 0.5, "end": "hang", "times": 1},
            {"kind": "fill", "pieces": ["e(1)\n"]},
        ]
    )
    place = editor.open(f"x = {MARK}\n")
    editor.start(place)
    wait_until_read(editor)
    assert shown(editor, editor.start(editor.type(place, "comput"))) == "e(1)"
    assert editor.fake.wait_closed(kind="fill")["closed_while_active"]
    assert len(editor.prompts()) == 2


def test_a_stream_for_another_place_is_closed_at_once(editor: Session) -> None:
    editor.fake.script(
        rules=[
            {"kind": "fill", "pieces": ["comp"], "end": "hang", "times": 1},
            {"kind": "fill", "pieces": ["2\n"]},
        ]
    )
    place = editor.open(f"x = {MARK}\ny = \n")
    editor.start(place)
    wait_until_read(editor)
    assert shown(editor, editor.start((place[0], {"line": 1, "character": 4}))) == "2"
    assert editor.fake.wait_closed(kind="fill")["closed_while_active"]


def test_a_stream_that_nobody_takes_over_is_closed(editor: Session) -> None:
    _, request = begin(editor, "comp", end="hang")
    editor.client.cancel(request)
    assert editor.client.wait(request)["error"]["code"] == -32800
    assert editor.fake.wait_closed(kind="fill")["closed_while_active"]
    editor.fake.reset()
    let(editor, "1\n")
    assert editor.ask(f"y = {MARK}\n")["items"]


@pytest.fixture
def ahead(editor: Session) -> Iterator[Session]:
    """Fetches ahead; what it still fetches at the end is stopped by a request for another place."""
    editor.set(maxTime=30, ahead=True)
    yield editor
    editor.set()
    editor.ask(f"x = {MARK}\n", invoked=True)


def test_nothing_is_fetched_ahead_unless_that_is_set(editor: Session) -> None:
    let(editor, "1\n")
    assert shown(editor, editor.start(editor.open(f"x = {MARK}\n"))) == "1"
    let(editor, "3\n")
    assert shown(editor, editor.start(editor.open(f"y = {MARK}\n"))) == "3"
    assert len(editor.prompts()) == 2


def test_the_next_completion_is_fetched_as_if_the_one_shown_had_been_accepted(ahead: Session) -> None:
    ahead.fake.script(
        rules=[
            {"kind": "fill", "pieces": ["compute(1)\n"], "times": 1},
            {"kind": "fill", "pieces": [" + 2\n"], "times": 1},
        ]
    )
    place = ahead.open(f"x = {MARK}\n")
    assert shown(ahead, ahead.start(place)) == "compute(1)"
    ahead.fake.wait_for_request(2, kind="fill")
    place = ahead.type(place, "compute(1)")
    assert shown(ahead, ahead.start(place)) == " + 2"
    assert "x = compute(1)<|fim_suffix|>" in ahead.prompts()[1]


def test_what_is_fetched_ahead_goes_on_while_what_is_shown_is_typed(ahead: Session) -> None:
    ahead.fake.script(
        rules=[
            {"kind": "fill", "pieces": ["ab\n"], "times": 1},
            {"kind": "fill", "pieces": [" +", " 2", "\n"], "gap": 0.3, "times": 1},
        ]
    )
    place = ahead.open(f"x = {MARK}\n")
    assert shown(ahead, ahead.start(place)) == "ab"
    ahead.fake.wait_for_piece(2, kind="fill")
    place = ahead.type(place, "a")
    assert shown(ahead, ahead.start(place)) == "b"
    # Another request would have got another answer.
    assert shown(ahead, ahead.start(ahead.type(place, "b"))) == " + 2"


def test_what_is_fetched_ahead_makes_way(ahead: Session) -> None:
    ahead.fake.script(
        rules=[
            {"kind": "fill", "pieces": ["1\n"], "times": 1},
            {"kind": "fill", "pieces": [" +"], "end": "hang", "times": 1},
            {"kind": "fill", "pieces": ["3\n"], "times": 1},
        ]
    )
    assert shown(ahead, ahead.start(ahead.open(f"x = {MARK}\n"))) == "1"
    ahead.fake.wait_for_piece(2, kind="fill")
    assert shown(ahead, ahead.start(ahead.open(f"y = {MARK}\n"))) == "3"
    assert ahead.fake.requests("fill")[1]["closed_while_active"]
