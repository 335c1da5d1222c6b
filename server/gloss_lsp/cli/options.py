"""From the options of a command to the settings of its run."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

from gloss_lsp.cli.outcomes import WrongUseError
from gloss_lsp.configuration import Configuration
from gloss_lsp.core.choose import TASKS
from gloss_lsp.settings_sources import OwnFolder, SettingError

if TYPE_CHECKING:
    import argparse
    from collections.abc import Mapping

_SETTING_OF_TO = {"explain": "explain.language", "translate": "translate.target"}


def configuration_for(options: argparse.Namespace) -> Configuration:
    """The settings for a command with these options. Raises `WrongUseError` for a wrong value."""
    try:
        return Configuration(OwnFolder.usual(), os.environ, assignments_of(options))
    except SettingError as error:
        raise WrongUseError(str(error)) from None


def assignments_of(options: argparse.Namespace) -> list[str]:
    """What the options say, all as ``--set`` takes it."""
    assignments = list(options.settings or [])
    if getattr(options, "model", None) is not None:
        assignments += [f"models.{task}={options.model}" for task in TASKS]
    if getattr(options, "to", ""):
        assignments.append(f"{_SETTING_OF_TO[options.command]}={options.to}")
    return assignments


def locale_of(environ: Mapping[str, str]) -> str:
    """The locale of whoever sits at the terminal, as a tag such as ``de_DE.UTF-8``; empty: not known."""
    for variable in ("LC_ALL", "LC_MESSAGES", "LANG"):
        if environ.get(variable):
            return environ[variable]
    if sys.platform == "win32":
        import ctypes  # noqa: PLC0415  # Windows alone
        import locale  # noqa: PLC0415  # Windows alone

        return locale.windows_locale.get(ctypes.windll.kernel32.GetUserDefaultUILanguage(), "")
    return ""
