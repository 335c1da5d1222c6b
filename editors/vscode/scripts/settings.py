"""Writes the server's settings into the extension's `package.json`: `uv run python editors/vscode/scripts/settings.py`.

What a setting is called, may be and means comes from the server's schema; who may set it is said here.
"""

# ruff: noqa: INP001  # a script, not a package

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from gloss_lsp.settings_help import schema

MANIFEST = Path(__file__).parents[1] / "package.json"

RESTRICTED = ("backend", "models", "privacy")
"""Groups that say where prompts go and what is in them: a folder that is not trusted sets none of them."""

OF_THIS_MACHINE = ("backend", "models")
"""Groups whose values mean something on one machine only, or hold keys: they are not synchronised."""

OWN: dict[str, dict[str, Any]] = {
    "gloss.path": {
        "type": "string",
        "default": "",
        # The user's alone: no folder says what is run.
        "scope": "machine",
        "markdownDescription": (
            "The whole path of the program `gloss`. Empty: the one on `PATH`, else the selected Python"
            " interpreter's, else the one that this extension has installed."
        ),
    },
    "gloss.trace.server": {
        "type": "string",
        "enum": ["off", "messages", "verbose"],
        "default": "off",
        "scope": "window",
        "markdownDescription": (
            "What of the talk with the server is written to the log. `verbose` writes your code, too."
        ),
    },
}
"""The extension's own settings."""


def manifest_with_settings(manifest: dict[str, Any]) -> dict[str, Any]:
    """The manifest with all settings as they are now."""
    groups = schema()["properties"]
    sections = [{"title": "Gloss", "properties": OWN}]
    sections += [
        {
            "title": name.capitalize(),
            "properties": {f"gloss.{name}.{key}": _property(name, key, group) for key in group["properties"]},
        }
        for name, group in groups.items()
    ]
    restricted = [
        name
        for section in sections
        for name in section["properties"]
        if name == "gloss.path" or name.split(".")[1] in RESTRICTED
    ]
    manifest["contributes"]["configuration"] = sections
    manifest["capabilities"]["untrustedWorkspaces"]["restrictedConfigurations"] = restricted
    return manifest


def _property(group: str, key: str, declared: dict[str, Any]) -> dict[str, Any]:
    setting = dict(declared["properties"][key])
    meaning = setting.pop("description")
    if "enum" in setting:
        setting["type"] = "string"
    if "default" not in setting and setting.get("type") == "integer":
        # Else the editor would show 0 for what is not set. An empty text shows that by itself.
        setting |= {"type": ["integer", "null"], "default": None}
    scope = "machine-overridable" if group in OF_THIS_MACHINE else "window"
    return {**setting, "scope": scope, "markdownDescription": meaning}


def main() -> None:
    """Rewrite the manifest."""
    manifest = json.loads(MANIFEST.read_text("utf-8"))
    text = json.dumps(manifest_with_settings(manifest), indent=2, ensure_ascii=False)
    MANIFEST.write_text(text + "\n", "utf-8")


if __name__ == "__main__":
    main()
