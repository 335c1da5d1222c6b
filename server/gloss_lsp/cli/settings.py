"""``gloss settings``: every setting with its value, where that comes from, its default and its meaning."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from rich.text import Text

from gloss_lsp.cli.options import configuration_for
from gloss_lsp.cli.outcomes import DONE
from gloss_lsp.cli.output import console, note
from gloss_lsp.core.terminal import safe_terminal
from gloss_lsp.settings_help import Row, describe, schema

if TYPE_CHECKING:
    import argparse

    from gloss_lsp.configuration import Effective


def run(options: argparse.Namespace) -> int:
    """Print the settings, or their schema, or where the user's own are."""
    if options.schema:
        print(json.dumps(schema(), indent=2, ensure_ascii=False))
        return DONE
    configuration = configuration_for(options)
    if options.path:
        print(configuration.folder.settings_path)
        return DONE
    screen = console()
    for row in describe():
        screen.print(_shown(row, configuration.effective))
    for problem in configuration.problems:
        note(str(problem))
    return DONE


def _shown(row: Row, effective: Effective) -> Text:
    text = Text()
    text.append(row.name, "bold")
    origin = effective.origins.get(row.name)
    if origin is None:
        text.append(f" = {_written(row.default)}")
        text.append("  (default)", "dim")
    else:
        value = effective.values[row.name]
        text.append(f" = {_written(_hidden(value) if row.name == 'backend.headers' else value)}", "cyan")
        text.append(f"  (from {safe_terminal(origin)}; default {_written(row.default)})", "dim")
    text.append(f"\n    {row.meaning}")
    return text


def _written(value: object) -> str:
    return "unset" if value is None else safe_terminal(json.dumps(value, ensure_ascii=False))


def _hidden(headers: dict[str, Any]) -> dict[str, str]:
    """Headers without their values: they are mostly keys, and screens are shared."""
    return dict.fromkeys(headers, "…")
