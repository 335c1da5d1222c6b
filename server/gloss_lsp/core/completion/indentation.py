"""Indents what a model wrote as the file does: by tabs or by spaces."""

from __future__ import annotations

import re
from itertools import accumulate
from math import gcd
from typing import TYPE_CHECKING, Final

from gloss_lsp.core.completion.window import TAB

if TYPE_CHECKING:
    from collections.abc import Iterable

    from gloss_lsp.core.completion.context import Context

_BLANKS: Final = re.compile(r"[ \t]*")
_USUAL_WIDTHS: Final = (2, 4, 8)


def indented_alike(text: str, context: Context) -> str:
    """`text` with its lines indented by tabs where all of the file is, and by spaces where all is by those.

    A file that mixes both is left to whoever mixed them. The first line counts where nothing stands
    ahead of it.
    """
    around = context.window.prefix + "\n" + context.window.suffix
    used = [blanks for blanks in map(_indentation, around.split("\n")) if blanks]
    first, *below = text.split("\n")
    lines = [first] if context.window.before else [_alike(first, used, text)]
    return "\n".join([*lines, *(_alike(line, used, text) for line in below)])


def _alike(line: str, used: list[str], text: str) -> str:
    blanks = _indentation(line)
    if "\t" in blanks and used and not any("\t" in each for each in used):
        return blanks.expandtabs(_width(used)) + line[len(blanks) :]
    if " " in blanks and used and all(each.startswith("\t") for each in used):
        width = _width(map(_indentation, text.split("\n")))
        tabs, spaces = divmod(len(blanks.expandtabs(width)), width)
        return "\t" * tabs + " " * spaces + line[len(blanks) :]
    return line


def _indentation(line: str) -> str:
    found = _BLANKS.match(line)
    blanks = found[0] if found else ""
    return blanks if len(blanks) < len(line) else ""


def _width(indentations: Iterable[str]) -> int:
    """By how many spaces a level is indented, as far as these tell."""
    *_, width = accumulate((len(each) for each in indentations if "\t" not in each), gcd, initial=0)
    return width if width in _USUAL_WIDTHS else TAB
