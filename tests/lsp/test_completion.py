"""`textDocument/completion` over real stdio: the same in a list, for clients without ghost text."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from completing import MARK, Session, session, warm
from raw_client import AnswerError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

EMPTY = {"isIncomplete": True, "items": []}


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Session]:
    with session(tmp_path_factory.mktemp("home"), inline=False) as made:
        warm(made)
        yield made


@pytest.fixture
def editor(shared: Session) -> Session:
    shared.set(listWait=10_000)
    shared.fake.reset()
    return shared


def asked(editor: Session, place: tuple[str, dict[str, int]]) -> Any:
    params = {"textDocument": {"uri": place[0]}, "position": place[1], "context": {"triggerKind": 1}}
    return editor.client.request("textDocument/completion", params)


def test_the_item_replaces_the_word_that_is_begun_and_comes_last(editor: Session) -> None:
    editor.fake.script(rules=[{"kind": "fill", "pieces": ["nt(name)\n"]}])
    answer = asked(editor, editor.open(f"x = '😀' + pri{MARK}\n"))
    assert answer["isIncomplete"]
    (item,) = answer["items"]
    ends = [{"line": 0, "character": 11}, {"line": 0, "character": 14}]
    assert item["textEdit"] == {"range": {"start": ends[0], "end": ends[1]}, "newText": "print(name)"}
    assert (item["label"], item["filterText"], item["detail"]) == ("print(name)", "print(name)", "Gloss")
    assert item["sortText"] > "zzzz"
    assert not item.get("preselect")
    assert "documentation" not in item


def test_several_lines_are_shown_in_full_beside_a_short_label(editor: Session) -> None:
    lines = [f"value_{number} = compute_something(value_{number})\n" for number in range(3)]
    editor.fake.script(rules=[{"kind": "fill", "pieces": ["    ".join(lines), "\n\n", "f()\n"]}])
    (item,) = asked(editor, editor.open(f"def f():\n    {MARK}\n"))["items"]
    text = "    ".join(lines).rstrip()
    assert item["textEdit"]["newText"] == text
    assert len(item["label"]) <= 40
    assert item["documentation"] == {"kind": "markdown", "value": f"```python\n{text}\n```"}
    # The editor is not to indent what is indented already.
    assert item["insertTextMode"] == 1


def test_a_text_with_backticks_does_not_end_its_own_fence(editor: Session) -> None:
    editor.fake.script(rules=[{"kind": "fill", "pieces": ["````\n[x](command:y)\n"]}])
    (item,) = asked(editor, editor.open(f"Write this:\n\n{MARK}\n", "a.md", "markdown"))["items"]
    assert item["documentation"]["value"].startswith("`````markdown\n````")
    assert item["documentation"]["value"].endswith("\n`````")


@pytest.mark.parametrize("pieces", [[], ["a = 1"]])
def test_a_list_does_not_wait_for_a_busy_model(editor: Session, pieces: list[str]) -> None:
    late = {} if pieces else {"first_delay": 600.0}
    editor.fake.script(rules=[{"kind": "fill", "pieces": pieces, "end": "hang", **late}])
    editor.set(listWait=150)
    assert asked(editor, editor.open(f"def f():\n    {MARK}\n")) == EMPTY
    editor.fake.wait_closed(kind="fill")


def test_what_has_come_in_time_is_shown_to_its_last_whole_line(editor: Session) -> None:
    editor.fake.script(rules=[{"kind": "fill", "pieces": ["a = 1\n", "    b"], "end": "hang"}])
    editor.set(listWait=1_000)
    (item,) = asked(editor, editor.open(f"def f():\n    {MARK}\n"))["items"]
    assert item["textEdit"]["newText"] == "a = 1"


def test_nothing_is_asked_where_it_makes_no_sense(editor: Session) -> None:
    assert asked(editor, editor.open(f"val{MARK}ue = 1\n")) is None
    assert asked(editor, ("file:///work/nowhere.py", {"line": 0, "character": 0})) is None
    editor.set(enabled=False)
    assert asked(editor, editor.open(f"x = {MARK}\n")) is None
    assert editor.prompts() == []


def test_a_client_with_ghost_text_gets_no_list(tmp_path: Path) -> None:
    with session(tmp_path) as editor:
        introduced = editor.client.messages[0]["result"]["capabilities"]
        assert "inlineCompletionProvider" in introduced
        assert "completionProvider" not in introduced
        with pytest.raises(AnswerError, match="does not know"):
            asked(editor, editor.open(f"x = {MARK}\n"))
        assert editor.prompts() == []
