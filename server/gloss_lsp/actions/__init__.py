"""What the user can ask for: one module an action, and the table of them all.

Menus, commands, progress, stop, errors and the command line read this table; nothing else has to
know of a new action.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gloss_lsp.actions.base import Action

MODULES = (
    "explain",
    "translate",
    "complete",
)
"""The modules of this package that hold an `ACTION`, in the order of menus."""

ACTIONS: tuple[Action, ...] = tuple(import_module(f"{__name__}.{module}").ACTION for module in MODULES)
"""All actions, in the order of menus."""


def action_named(name: str) -> Action:
    """The action of that name, as it stands in ``gloss.<name>``.

    Raises:
        KeyError: there is none.
    """
    return {action.name: action for action in ACTIONS}[name]
