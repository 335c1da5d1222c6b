"""`gloss/status` for clients that asked for it: what Gloss does now, and what went wrong last."""

from __future__ import annotations

from editing import until
from session import session

ASKED_FOR = {"experimental": {"gloss": {"status": True}}}
CODE = "def one():\n    return 1\n"


def test_a_job_is_shown_from_its_beginning_to_its_end(tmp_path):
    with session(tmp_path, more=ASKED_FOR) as editor:
        editor.let("It is ", "one.")
        editor.ask("gloss.explain", editor.open(CODE).all())
        told = editor.told("gloss/status")
        until(lambda: editor.told("gloss/status")[-1]["state"] == "ready")
        assert {each["state"] for each in told} <= {"loading", "working", "ready"}
        assert told[0]["task"] == "Explain"
        assert any(each["model"] == "qwen2.5-coder:1.5b" for each in editor.told("gloss/status"))


def test_a_failure_stays_with_what_helps(tmp_path):
    with session(tmp_path, more=ASKED_FOR) as editor:
        editor.fake.stop()
        editor.run("gloss.explain", editor.open(CODE).all())
        until(lambda: (editor.told("gloss/status") or [{}])[-1].get("state") == "failed")
        failed = editor.told("gloss/status")[-1]
        assert str(editor.fake.port) in failed["message"]
        assert failed["command"]["command"] == "gloss.doctor"


def test_nobody_else_is_sent_any(tmp_path):
    with session(tmp_path) as editor:
        editor.let("It is one.")
        editor.ask("gloss.explain", editor.open(CODE).all())
        assert editor.told("gloss/status") == []
