"""The names of settings, and the way from what somebody wrote to checked values by name."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from typing import Any, get_type_hints

import attrs
from attrs import frozen

from gloss_lsp.settings_values import Kind, kind_of

_PASSWORD = re.compile(r'(?<=["/])[^\s"/@]*:[^"]*@')

SECTION = "gloss"
"""The section of an editor's settings that is ours."""


@frozen
class Problem:
    """What is wrong with a setting, as a sentence that says what to do."""

    name: str
    """The dotted name, as it was written."""
    message: str

    def __str__(self) -> str:
        return f"{self.name}: {self.message}"


@frozen
class Setting:
    """One setting, as its field declares it."""

    name: str
    """With dots, in camelCase: ``complete.maxTokens``."""
    attribute: str
    """The name of its field."""
    kind: Kind
    default: Any


@frozen
class Group:
    """A group of settings, as its class declares it."""

    name: str
    type: type
    settings: tuple[Setting, ...]


def groups_of(root: type) -> tuple[Group, ...]:
    """The groups of a class whose fields are classes whose fields are settings."""
    return tuple(_group(name, group) for name, group in get_type_hints(root).items())


def settings_of(root: type) -> dict[str, Setting]:
    """All settings by their dotted names, in the order of their declaration."""
    return {setting.name: setting for group in groups_of(root) for setting in group.settings}


def _group(name: str, group: type) -> Group:
    annotations = get_type_hints(group, include_extras=True)
    defaults = group()
    return Group(
        name,
        group,
        tuple(
            Setting(
                f"{name}.{camel_case(each.name)}",
                each.name,
                kind_of(annotations[each.name]),
                getattr(defaults, each.name),
            )
            for each in attrs.fields(group)
        ),
    )


def camel_case(name: str) -> str:
    """``max_tokens`` as ``maxTokens``."""
    first, *others = name.split("_")
    return first + "".join(map(str.capitalize, others))


def read(raw: object, root: type) -> tuple[dict[str, Any], list[Problem]]:
    """The checked values by their dotted names, and what is wrong; null counts as unset."""
    settings = settings_of(root)
    values: dict[str, Any] = {}
    problems: list[Problem] = []
    if raw is not None and not isinstance(raw, Mapping):
        problems.append(Problem(SECTION, f"must be an object of settings, not {shown(raw)}; it is ignored."))
        raw = None
    for name, value in _flat(_own(raw or {}), settings):
        setting = settings.get(name)
        if setting is None:
            problems.append(Problem(name, _unknown(name, value, settings)))
            continue
        try:
            values[name] = setting.kind.take(value)
        except (TypeError, ValueError):
            kept, problem = _salvage(setting, value)
            values |= kept
            problems.append(Problem(name, problem))
    return values, problems


def _salvage(setting: Setting, value: object) -> tuple[dict[str, Any], str]:
    """What can be used of a wrong value, by the setting's name, and what is wrong with it.

    Of a list, only what is wrong is left out. What was meant is not known in full, so the default holds too.
    """
    expected = f"must be {setting.kind.expected}"
    if setting.kind.without is not None and isinstance(value, (list, tuple)):
        right, wrong = setting.kind.without(value)
        message = (
            f"{expected}: {', '.join(map(shown, wrong))} is left out, and the default list holds as well."
        )
        return {setting.name: tuple(dict.fromkeys((*setting.default, *right)))}, message
    given = "" if setting.kind.secret else f", not {shown(value)}"
    return {}, f"{expected}{given}; this value is ignored."


def _own(raw: Mapping[Any, Any]) -> Mapping[Any, Any]:
    """What is ours: where the section is named, what stands beside it belongs to others."""
    sections = [str(key).partition(".") for key in raw]
    if not any(section == SECTION for section, _, _ in sections):
        return raw
    own: dict[Any, Any] = {}
    for (section, _, name), value in zip(sections, raw.values(), strict=True):
        if section == SECTION and not name and isinstance(value, Mapping):
            own.update(value)
        elif section == SECTION:
            own[name or SECTION] = value
    return own


def _flat(
    raw: Mapping[Any, Any], settings: Mapping[str, Setting], prefix: str = ""
) -> Iterator[tuple[str, Any]]:
    for key, value in raw.items():
        name = f"{prefix}{key}"
        if value is None:
            continue
        if isinstance(value, Mapping) and any(known.startswith(f"{name}.") for known in settings):
            yield from _flat(value, settings, f"{name}.")
        else:
            yield name, value


def _unknown(name: str, value: object, settings: Mapping[str, Setting]) -> str:
    if any(known.startswith(f"{name}.") for known in settings):
        return f"must be an object of settings, not {shown(value)}; it is ignored."
    by_lower_case = {known.lower(): known for known in settings}
    close = get_close_matches(name.lower().replace("_", ""), by_lower_case, n=1)
    hint = f"did you mean {by_lower_case[close[0]]}?" if close else "see `gloss settings` for all."
    return f"there is no such setting; {hint}"


def shown(value: object) -> str:
    """A value as it is quoted in a message: as JSON, without passwords of addresses, cut where it is long."""
    try:
        text = json.dumps(value, ensure_ascii=False, default=str)
    except RecursionError:
        return "something nested so deep"
    text = _PASSWORD.sub("…@", text)
    return text if len(text) <= 60 else f"{text[:57]}…"  # noqa: PLR2004  # what a line of a message can hold
