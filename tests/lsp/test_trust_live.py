"""What an editor's settings may not do, since they may come from a repository; and files that are private."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from editing import span
from raw_client import SILENCE
from session import Session, session

if TYPE_CHECKING:
    from pathlib import Path

CODE = "def area(r):\n    return 3.14 * r * r\n"
SECRET = "ghp_" + "a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8"
HOSTILE = "http://collector.invalid:11434"
ASKED = "window/showMessageRequest"


def explain(editor: Session) -> Any:
    return editor.ask("gloss.explain", editor.open(CODE).all())


@pytest.mark.parametrize("way", ["options", "workspace/configuration", "didChangeConfiguration"])
@pytest.mark.parametrize("answer", [None, SILENCE, "Never"], ids=["dismissed", "unanswered", "refused"])
def test_an_address_from_the_workspace_is_asked_about_once_and_not_used(
    tmp_path: Path, way: str, answer: Any
) -> None:
    hostile = {"backend": {"url": HOSTILE}}
    options = hostile if way == "options" else None
    with session(tmp_path, options=options) as editor:
        editor.chooses = answer
        if way == "workspace/configuration":
            editor.settings = hostile
        for _ in range(2):
            pushed = {"gloss": hostile} if way == "didChangeConfiguration" else None
            editor.client.notify("workspace/didChangeConfiguration", {"settings": pushed})
        assert "collector.invalid" in editor.wait_told(ASKED)["message"]
        assert explain(editor)["kind"] == "page"
        assert editor.fake.requests("chat")
        assert len(editor.told(ASKED)) == 1


def test_a_confirmed_address_is_used_and_remembered_in_the_users_folder(tmp_path: Path) -> None:
    with session(tmp_path) as editor:
        editor.chooses = "Allow"
        editor.set(backend={"url": HOSTILE})
        editor.wait_told(ASKED)
        editor.settle()
        error = editor.failure("gloss.explain", editor.open(CODE).all())
        assert "collector.invalid" in error["message"]
        assert editor.fake.requests("chat") == []
    with session(tmp_path, options={"backend.url": HOSTILE}) as editor:
        error = editor.failure("gloss.explain", editor.open(CODE).all())
        assert "collector.invalid" in error["message"]
        assert editor.told(ASKED) == []


def test_a_refused_address_is_not_asked_about_again(tmp_path: Path) -> None:
    for asked in (1, 0):
        with session(tmp_path, options={"backend.url": HOSTILE}) as editor:
            editor.chooses = "Never"
            if asked:
                editor.wait_told(ASKED)
                editor.settle()
            assert explain(editor)["kind"] == "page"
            assert len(editor.told(ASKED)) == asked


def test_an_editor_that_cannot_ask_means_no(tmp_path: Path) -> None:
    with session(tmp_path, "bare", options={"backend.url": HOSTILE}) as editor:
        assert explain(editor)["kind"] == "page"
        assert "collector.invalid" in editor.said("collector.invalid")["message"]


def test_the_users_own_address_needs_no_question(tmp_path: Path) -> None:
    with session(tmp_path, environ={"GLOSS_BACKEND_URL": HOSTILE}) as editor:
        error = editor.failure("gloss.explain", editor.open(CODE).all())
        assert "collector.invalid" in error["message"]
        assert editor.told(ASKED) == []


@pytest.mark.parametrize(
    ("value", "environ", "sent"),
    [
        ("Bearer ${GLOSS_KEY}", {"GLOSS_KEY": "hunter2"}, "bearer hunter2"),
        ("Bearer ${OLLAMA_KEY}", {"OLLAMA_KEY": "hunter2"}, "bearer hunter2"),
        ("Bearer ${AWS_SECRET_ACCESS_KEY}", {"AWS_SECRET_ACCESS_KEY": "hunter2"}, None),
    ],
)
def test_headers_name_only_our_own_variables(
    tmp_path: Path, value: str, environ: dict[str, str], sent: str | None
) -> None:
    with session(tmp_path, environ=environ) as editor:
        editor.set(backend={"url": editor.fake.url, "headers": {"X-Key": value}})
        explain(editor)
        assert editor.fake.requests("chat")[0]["headers"].get("x-key") == sent
        assert sent or "hunter2" not in str(editor.fake.requests())


WEAKER: list[dict[str, Any]] = [
    {"privacy": {"redact": False}},
    {"privacy.redact": False},
    {"privacy": {"exclude": []}},
    {"privacy": {"exclude": ["!.env*"]}},
    {"privacy": {"exclude": ["!*"]}},
]


@pytest.mark.parametrize("settings", WEAKER, ids=str)
@pytest.mark.parametrize("way", ["options", "pushed"])
def test_privacy_is_not_weakened_from_an_editor(tmp_path: Path, settings: dict[str, Any], way: str) -> None:
    with session(tmp_path, options=settings if way == "options" else None) as editor:
        if way == "pushed":
            editor.set(**settings)
        editor.ask("gloss.explain", editor.open(f'key = "{SECRET}"\n').all())
        assert SECRET not in str(editor.fake.requests())
        error = editor.failure("gloss.explain", editor.open("A=1\n", ".env", "dotenv").all())
        assert "private" in error["message"] or "exclude" in error["message"]


def test_an_editor_may_add_to_what_is_private(tmp_path: Path) -> None:
    with session(tmp_path, options={"privacy.exclude": ["*.hidden.py"]}) as editor:
        for name in ("x.hidden.py", ".env"):
            editor.failure("gloss.explain", editor.open(CODE, name).all())
        assert editor.fake.requests("chat") == []
        assert explain(editor)["kind"] == "page"


PRIVATE = [".env", ".env.local", "secrets/id_rsa", "server.key", ".aws/credentials", ".npmrc"]


@pytest.mark.parametrize("name", PRIVATE)
def test_nothing_of_a_private_file_is_sent_for_any_feature(tmp_path: Path, name: str) -> None:
    inline = {"textDocument": {"hover": {}, "inlineCompletion": {}}}
    with session(tmp_path, more=inline) as editor:
        document = editor.open(f"# Das ist ein geheimer Wert\ntoken = {SECRET}\n", name)
        for command in ("gloss.explain", "gloss.translateComments", "gloss.complete"):
            error = editor.failure(command, document.all())
            assert error["code"] == -32803
            assert error["message"].endswith(".")
        editor.select(document, span(0, 0, 1, 20))
        editor.hover(document, 0, 5)
        params = {"textDocument": document.identifier(), "position": {"line": 1, "character": 8}}
        for trigger in (1, 2):
            answer = editor.client.request(
                "textDocument/inlineCompletion", {**params, "context": {"triggerKind": trigger}}
            )
            assert answer in (None, {"items": []})
        assert [each for each in editor.fake.requests() if each["method"] == "POST"] == []
        assert SECRET not in str(editor.fake.requests())


def test_a_private_file_is_refused_to_completion_lists_too(tmp_path: Path) -> None:
    with session(tmp_path, "bare") as editor:
        document = editor.open("token = \n", ".env")
        params = {"textDocument": document.identifier(), "position": {"line": 0, "character": 8}}
        editor.client.request("textDocument/completion", params)
        assert [each for each in editor.fake.requests() if each["method"] == "POST"] == []


def test_while_typing_it_is_said_at_most_once_that_a_file_is_private(tmp_path: Path) -> None:
    with session(tmp_path, more={"textDocument": {"inlineCompletion": {}}}) as editor:
        document = editor.open("A=1\n", ".env")
        for column in range(3):
            position = {"line": 0, "character": column}
            params = {"textDocument": document.identifier(), "position": position}
            editor.client.request("textDocument/inlineCompletion", {**params, "context": {"triggerKind": 2}})
            editor.hover(document, 0, column)
        assert len(editor.messages()) <= 1


def test_cloud_models_are_not_used_because_a_workspace_names_them(tmp_path: Path) -> None:
    models = [
        {"name": "far:1b", "capabilities": ["completion"], "remote_host": "https://ollama.com"},
        {"name": "near:1b", "capabilities": ["completion"]},
    ]
    with session(tmp_path, options={"models.chat": "far:1b"}, script={"models": models}) as editor:
        editor.client.wait(editor.start("gloss.explain", editor.open(CODE).all(), "here"))
        assert [each for each in editor.fake.requests("chat") if each["body"]["model"] == "far:1b"] == []


def test_redirects_are_not_followed(tmp_path: Path) -> None:
    with session(tmp_path) as editor:
        headers = ["Location: http://127.0.0.1:1/api/chat"]
        editor.fake.script(rules=[{"kind": "chat", "raw": "", "status": 307, "headers": headers}])
        error = editor.failure("gloss.explain", editor.open(CODE).all())
        assert error["code"] == -32803
        assert len(editor.fake.requests("chat")) == 1
