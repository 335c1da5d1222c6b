"""The menu fits what is selected; a character or a word under the cursor is no selection."""

from __future__ import annotations

import pytest
from editing import span
from session import FOREVER, session

TEXT = "# der Rest\nvalue = rest + 1\n\n"
EXPLAIN, ALL, SOME, COMPLETE = "Explain", "Translate all", "Translate comments", "Complete"


@pytest.mark.parametrize(
    ("selected", "offered", "cursor"),
    [
        pytest.param(span(1, 5, 1, 5), [EXPLAIN, ALL, COMPLETE], span(1, 5, 1, 5), id="nothing"),
        pytest.param(span(1, 8, 1, 12), [EXPLAIN, ALL, COMPLETE], span(1, 12, 1, 12), id="eglot's word"),
        pytest.param(span(1, 16, 2, 0), [EXPLAIN, ALL, COMPLETE], span(1, 16, 1, 16), id="Helix's block"),
        pytest.param(span(0, 2, 0, 5), [EXPLAIN, SOME, COMPLETE], span(0, 5, 0, 5), id="in a comment"),
        pytest.param(span(0, 0, 1, 16), [EXPLAIN, SOME], None, id="lines with a comment"),
        pytest.param(span(1, 0, 1, 16), [EXPLAIN], None, id="lines without one"),
    ],
)
def test_the_menu_fits_what_is_selected(tmp_path, selected, offered, cursor):
    with session(tmp_path, "neovim-0.11") as editor:
        document = editor.open(TEXT)
        context = {"diagnostics": [], "triggerKind": 1}
        asked = {"textDocument": document.identifier(), "range": selected, "context": context}
        actions = editor.client.request("textDocument/codeAction", asked)
        assert len(actions) == len(offered)
        for action, begin in zip(actions, offered, strict=True):
            assert action["title"].startswith(begin)
            if begin == COMPLETE:
                assert action["command"]["arguments"][0]["range"] == cursor


def test_one_character_is_not_taken_for_a_selection_by_a_hover(tmp_path):
    with session(tmp_path, "neovim-0.11") as editor:
        document = editor.open(TEXT)
        context = {"diagnostics": [], "triggerKind": 1}
        asked = {"textDocument": document.identifier(), "range": span(1, 8, 1, 9), "context": context}
        editor.client.request("textDocument/codeAction", asked)
        where = {"textDocument": document.identifier(), "position": {"line": 1, "character": 8}}
        assert editor.client.request("textDocument/hover", where) is None


def test_while_a_job_runs_the_menu_can_stop_it(tmp_path):
    with session(tmp_path, "neovim-0.11") as editor:
        document = editor.open(TEXT)
        context = {"diagnostics": [], "triggerKind": 1}
        asked = {"textDocument": document.identifier(), "range": span(1, 0, 1, 16), "context": context}
        editor.fake.script(rules=[FOREVER])
        job = {"command": "gloss.explain", "arguments": [document.lines(1, 1)]}
        editor.client.request("workspace/executeCommand", job)
        editor.fake.wait_for_piece(1, kind="chat")
        stop = editor.client.request("textDocument/codeAction", asked)[-1]
        assert stop["title"] == "Stop what Gloss does"
        editor.client.request("workspace/executeCommand", stop["command"])
        assert editor.fake.wait_closed(1, kind="chat")["closed_while_active"]
        editor.client.wait_for(lambda message: "stopped" in str(message.get("params", {})))
        titles = [action["title"] for action in editor.client.request("textDocument/codeAction", asked)]
        assert "Stop what Gloss does" not in titles
