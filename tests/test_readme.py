"""What the README says is so: its commands, its table of settings, and the action that it shows."""

from __future__ import annotations

import json
import re
import shlex
import shutil
import sys
from pathlib import Path

import pytest
from raw_client import ServerProcess

import gloss_lsp
import readme
from fake import FakeOllama
from gloss_lsp.cli.arguments import parse
from gloss_lsp.settings import parse as parse_settings

TRY = ["pip install uv && uv run --extra embedded gloss demo"]
TEST = ["pip install uv && uv run pytest"]


def test_the_two_commands():
    assert readme.indented(readme.section("## Try it")) == TRY
    assert readme.indented(readme.section("## Contributing")) == TEST


def test_the_table_of_settings():
    [table] = readme.TABLE.findall(readme.read())
    assert table == readme.table(), "write it anew: `uv run python -m tests.readme`"


def shown_commands() -> list[str]:
    """The words behind each `gloss` of the README, without what is said of them."""
    lines = readme.indented(readme.section("## The command line"))
    return [re.split(r" {2,}", line.rpartition("gloss ")[2])[0] for line in lines]


def test_the_command_line_is_whole():
    """All commands are shown there or, those that start the server, above it."""
    shown = {command.split()[0] for command in shown_commands()} | {"serve", "demo"}
    modules = (Path(gloss_lsp.__file__).parent / "cli").glob("*.py")
    commands = {
        path.stem for path in modules if re.search(r"^def run\(", path.read_text("utf-8"), re.MULTILINE)
    }
    assert shown == commands


OPTIONS = ["translate src --write", "translate src --check", "models pull NAME", "models rm NAME"]
"""What the README says in passing."""


@pytest.mark.parametrize("command", [*shown_commands(), *OPTIONS, "models show NAME", "models ps", "serve"])
def test_a_command_is_understood(command):
    assert parse(shlex.split(command)).command == command.split()[0]


def test_what_it_links_to_is_there():
    targets = re.findall(r"\]\(([^)]+)\)", readme.read())
    files = [target for target in targets if not target.startswith("https://")]
    assert files
    assert [file for file in files if not (readme.PATH.parent / file).exists()] == []


def test_the_settings_that_it_shows_are_settings():
    for block in readme.fenced("json"):
        assert parse_settings(json.loads(block))[1] == []


NAMES = "- total\n- sum_of_parts\n- amount"


def test_the_action_that_it_shows(tmp_path):
    """One file and one name in the table: menu entry, command and page come with them."""
    [code] = [block for block in readme.fenced("python") if "ACTION = " in block]
    package = tmp_path / "gloss_lsp"
    shutil.copytree(
        Path(gloss_lsp.__file__).parent, package, ignore=shutil.ignore_patterns("__pycache__", "*.tmp.*")
    )
    (package / "actions" / "name_it.py").write_text(code, "utf-8")
    table = package / "actions" / "__init__.py"
    table.write_text(
        table.read_text("utf-8").replace("MODULES = (\n", 'MODULES = (\n    "name_it",\n'), "utf-8"
    )
    homes = dict.fromkeys(
        ("HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME", "APPDATA", "LOCALAPPDATA"), str(tmp_path)
    )
    with FakeOllama() as fake:
        fake.script(rules=[{"kind": "chat", "contains": "You name things", "pieces": [NAMES]}])
        env = {**homes, "OLLAMA_HOST": fake.url, "PYTHONPATH": str(tmp_path)}
        with ServerProcess([sys.executable, "-m", "gloss_lsp", "serve"], env=env, cwd=tmp_path) as client:
            tried(client)
        assert "x = a + b" in str(fake.requests("chat")[0]["body"])


def tried(client: ServerProcess) -> None:
    """Use the action as an editor does."""
    literals = {"codeActionLiteralSupport": {"codeActionKind": {"valueSet": []}}}
    answer = client.initialize({"textDocument": {"codeAction": literals}})
    assert "gloss.nameIt" in answer["capabilities"]["executeCommandProvider"]["commands"]
    client.open("file:///work/sums.py", "x = a + b\n")
    document = {"uri": "file:///work/sums.py"}
    selected = {"start": {"line": 0, "character": 0}, "end": {"line": 0, "character": 9}}
    context = {"diagnostics": [], "triggerKind": 1}
    params = {"textDocument": document, "range": selected, "context": context}
    offered = client.request("textDocument/codeAction", params)
    entry = next(each for each in offered if each["title"] == "Suggest names")
    assert entry["kind"] == "refactor.gloss.nameIt"
    outcome = client.request("workspace/executeCommand", {**entry["command"], "workDoneToken": "names"})
    assert outcome == {"kind": "page", "title": "Names", "markdown": NAMES}
    kinds = [params["value"]["kind"] for params in client.notifications("$/progress")]
    assert (kinds[0], kinds[-1]) == ("begin", "end")
