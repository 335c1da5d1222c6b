"""The settings in the VS Code extension's manifest are those of the server, and who may set them is said there."""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path

import pytest

import gloss_lsp
from gloss_lsp.settings_help import describe, schema

EXTENSION = Path(__file__).parents[2] / "editors/vscode"
MANIFEST = json.loads((EXTENSION / "package.json").read_text("utf-8"))
OWN = {"gloss.path", "gloss.trace.server"}

DECLARED = {
    name: setting
    for section in MANIFEST["contributes"]["configuration"]
    for name, setting in section["properties"].items()
}
KNOWN = {
    f"gloss.{group}.{key}": setting
    for group, declared in schema()["properties"].items()
    for key, setting in declared["properties"].items()
}
ABOUT = {"scope", "markdownDescription"}
"""What the manifest says of a setting beside its schema."""


def test_the_manifest_has_the_settings_of_the_server_and_two_of_its_own():
    assert list(DECLARED) == [
        "gloss.path",
        "gloss.trace.server",
        *(f"gloss.{row.name}" for row in describe()),
    ]


@pytest.mark.parametrize("name", KNOWN)
def test_a_setting_is_what_the_server_says(name):
    declared, known = DECLARED[name], dict(KNOWN[name])
    assert declared["markdownDescription"] == known.pop("description")
    rest = {key: value for key, value in declared.items() if key not in ABOUT}
    if "enum" in known:
        assert rest.pop("type") == "string"
    if known.get("type") == "integer" and "default" not in known:
        # What is unset and a number is null here: the editor would show 0.
        assert (rest.pop("type"), rest.pop("default")) == (["integer", "null"], None)
        del known["type"]
    assert rest == known


def test_a_folder_that_is_not_trusted_sets_nothing_that_matters():
    restricted = set(MANIFEST["capabilities"]["untrustedWorkspaces"]["restrictedConfigurations"])
    groups = ("gloss.backend.", "gloss.models.", "gloss.privacy.")
    assert restricted == {"gloss.path", *(name for name in DECLARED if name.startswith(groups))}
    assert MANIFEST["capabilities"]["untrustedWorkspaces"]["supported"] == "limited"
    assert DECLARED["gloss.path"]["scope"] == "machine"


def test_the_script_that_writes_them_would_change_nothing():
    path = EXTENSION / "scripts/settings.py"
    spec = importlib.util.spec_from_file_location("vscode_settings", path)
    script = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(script)
    assert script.manifest_with_settings(json.loads(json.dumps(MANIFEST))) == MANIFEST


def test_the_versions_are_the_same():
    lock = json.loads((EXTENSION / "package-lock.json").read_text("utf-8"))
    assert {MANIFEST["version"], lock["version"]} == {gloss_lsp.__version__}


def test_the_lock_file_names_no_registry():
    text = (EXTENSION / "package-lock.json").read_text("utf-8")
    assert '"resolved"' not in text
