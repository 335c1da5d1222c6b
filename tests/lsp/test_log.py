"""What the log holds: what happened, and nothing of documents, answers, prompts or settings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from session import session

if TYPE_CHECKING:
    from pathlib import Path

SETTINGS = {"backend": {"headers": {"Authorization": "Bearer SETTING"}}}
CODE = "password = 'hunter2-and-more'\ndef DOCUMENT():\n    return 1\n"


def test_a_log_of_everything_holds_nothing_of_the_user(tmp_path: Path) -> None:
    log = tmp_path / "log"
    options = {"environ": {"GLOSS_LOG": "debug"}, "arguments": ("--log", str(log)), "settings": SETTINGS}
    with session(tmp_path, "vscode", **options) as editor:
        editor.let("an ANSWER")
        document = editor.open(CODE)
        editor.ask("gloss.explain", document.all())
        editor.client.send({"jsonrpc": "2.0", "id": "unasked", "result": [SETTINGS]})
        identifier = {"uri": document.uri, "version": "DOCUMENT", "languageId": 1, "text": {"DOCUMENT": 1}}
        editor.client.notify("textDocument/didOpen", {"textDocument": identifier})
        editor.client.notify("textDocument/didOpen", {"textDocument": "DOCUMENT"})
        editor.settle()
        editor.client.request("shutdown")
        said = log.read_text("utf-8")
    assert "unasked" in said
    assert said.count("odd params") == 2
    for mine in ("SETTING", "DOCUMENT", "hunter2", "ANSWER"):
        assert mine not in said


def test_every_line_is_said_once(tmp_path: Path) -> None:
    with session(tmp_path) as editor:
        editor.client.notify("textDocument/didOpen", {"textDocument": "odd"})
        editor.settle()
        editor.client.request("shutdown")
        editor.client.notify("exit")
        editor.client.process.wait(timeout=20)
        editor.client.wait_stderr("odd params")
        assert editor.client.stderr.count("odd params") == 1
