"""The wheel without extras, in a fresh environment on a machine where nothing else is."""

from __future__ import annotations

import json

import pytest
from raw_client import ServerProcess

import gloss_lsp
from gloss_lsp.settings_help import describe

pytestmark = [pytest.mark.needs("package"), pytest.mark.timeout(600)]


def test_the_version(installed):
    assert installed(installed.gloss, "--version").stdout == f"gloss {gloss_lsp.__version__}\n"


def test_settings_are_shown(installed):
    shown = installed(installed.gloss, "settings").stdout
    assert [row.name for row in describe() if row.name not in shown] == []
    schema = json.loads(installed(installed.gloss, "settings", "--schema").stdout)
    assert set(schema["properties"]) == {row.name.partition(".")[0] for row in describe()}


def test_the_doctor_says_what_to_do_where_nothing_is(installed):
    said = installed(installed.gloss, "doctor", code=1)
    assert "127.0.0.1:1" in said.stdout
    assert "Traceback" not in said.stdout + said.stderr


def test_a_server_of_its_own_begins_and_ends(installed):
    with ServerProcess([str(installed.gloss), "serve"], env=installed.environ, cwd=installed.home) as client:
        answer = client.initialize()
        assert answer["serverInfo"] == {"name": "gloss", "version": gloss_lsp.__version__}
        assert client.shut_down() == 0
        assert client.stderr == ""


def test_ask_from_python(installed):
    code = (
        "import sys, gloss_lsp; assert callable(gloss_lsp.ask); "
        "print('httpx' in sys.modules, 'pygls' in sys.modules)"
    )
    assert installed(installed.python, "-c", code).stdout == "False False\n"


def test_types_are_there_for_whoever_uses_it(installed):
    code = "import importlib.resources as r; print(r.files('gloss_lsp').joinpath('py.typed').is_file())"
    assert installed(installed.python, "-c", code).stdout == "True\n"


def test_nothing_of_the_extras_comes_along(installed):
    packages = json.loads(installed(installed.python, "-m", "pip", "list", "--format=json").stdout)
    names = {package["name"] for package in packages}
    assert {"gloss-lsp", "pygls", "httpx"} <= names
    assert [name for name in names if "llama" in name or "part" in name] == []
