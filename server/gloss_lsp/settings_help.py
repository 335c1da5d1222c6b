"""What is said of settings: a row for each, and their JSON schema.

The meaning of a setting is the text under its field, so that there is one place to write it.
"""

from __future__ import annotations

import ast
import inspect
import textwrap
from itertools import pairwise
from typing import Any

from attrs import frozen

from gloss_lsp.settings import Settings
from gloss_lsp.settings_names import Group, groups_of


@frozen
class Row:
    """One setting, as it is shown."""

    name: str
    """With dots, without the section."""
    default: Any
    """As JSON has it; None where it is unset."""
    expected: str
    meaning: str


def describe() -> list[Row]:
    """All settings, in the order of their declaration."""
    rows = []
    for group in groups_of(Settings):
        meanings = _texts_under_fields(group.type)
        for setting in group.settings:
            meaning = meanings[setting.attribute]
            rows.append(Row(setting.name, _as_json(setting.default), setting.kind.expected, meaning))
    return rows


def schema() -> dict[str, Any]:
    """The JSON schema of the user's settings file (draft 7, which editors know)."""
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": "Settings of Gloss",
        "type": "object",
        "additionalProperties": False,
        "properties": {group.name: _group_schema(group) for group in groups_of(Settings)},
    }


def _group_schema(group: Group) -> dict[str, Any]:
    meanings = _texts_under_fields(group.type)
    properties = {}
    for setting in group.settings:
        default = _as_json(setting.default)
        shown = {} if default is None else {"default": default}
        key = setting.name.partition(".")[2]
        properties[key] = {**setting.kind.schema, **shown, "description": meanings[setting.attribute]}
    return {
        "type": "object",
        "description": inspect.getdoc(group.type),
        "additionalProperties": False,
        "properties": properties,
    }


def _as_json(default: object) -> object:
    return list(default) if isinstance(default, tuple) else default


def _texts_under_fields(group: type) -> dict[str, str]:
    """Python does not keep the text under a field, so it is read from the source."""
    [declaration] = ast.parse(textwrap.dedent(inspect.getsource(group))).body
    assert isinstance(declaration, ast.ClassDef)  # noqa: S101  # for the type checker: a class was parsed
    body = declaration.body
    return {
        field.target.id: inspect.cleandoc(text.value.value)
        for field, text in pairwise(body)
        if isinstance(field, ast.AnnAssign)
        and isinstance(field.target, ast.Name)
        and isinstance(text, ast.Expr)
        and isinstance(text.value, ast.Constant)
        and isinstance(text.value.value, str)
    }
