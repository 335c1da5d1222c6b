"""Unified diffs, as `git apply` and `patch` take them."""

from __future__ import annotations

import difflib

from rich.text import Text

from gloss_lsp.core.terminal import safe_terminal

_STYLES = {"+++": "bold", "---": "bold", "@@": "cyan", "+": "green", "-": "red"}
"""The longest first."""


def unified_diff(before: str, after: str, path: str) -> str:
    """The difference of two texts of one file; line ends stand in it as they do in the file."""
    lines = difflib.unified_diff(_lines(before), _lines(after), f"a/{path}", f"b/{path}")
    return "".join(
        line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n" for line in lines
    )


def _lines(text: str) -> list[str]:
    """Lines as `patch` has them: a carriage return is a character of the line."""
    return [f"{line}\n" for line in text.split("\n")[:-1]] + [last for last in text.split("\n")[-1:] if last]


def colored(diff: str) -> Text:
    """A diff for a terminal, safe to show there."""
    text = Text()
    for line in diff.rstrip("\n").split("\n"):
        style = next((style for start, style in _STYLES.items() if line.startswith(start)), "")
        text.append(f"{safe_terminal(line)}\n", style)
    text.right_crop(1)
    return text
