"""Where a completion ends: with the line, with the block, or at a closer that closes nothing."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from gloss_lsp.core.completion.brackets import CLOSER_OF, brackets
from gloss_lsp.core.completion.window import columns

if TYPE_CHECKING:
    from gloss_lsp.core.completion.context import Context


def cut_scope(text: str, context: Context) -> str:
    """`text` up to the end of the line, or of the block, that the cursor is in.

    The line that closes the block belongs to it, where nothing after the cursor closes it. At the
    left edge a block ends with the first blank line after which a line begins at the edge again.
    """
    if context.shape == "line":
        return text.partition("\n")[0]
    lines = text.split("\n")
    end = len(lines[0]) + 1
    for above, line in pairwise(lines):
        before = text[:end]
        if line.strip() and columns(line) < context.floor:
            return before + (line if _closes(line, before, context) else "")
        at_edge = not columns(line) and line.strip(")]} \t") and not above.strip()
        if not context.floor and at_edge and before.strip():
            return before
        end += len(line) + 1
    return text


def cut_closers(text: str, context: Context) -> str:
    """`text` up to the first closer that closes neither one of its own brackets nor one left open for it."""
    if context.is_prose:
        return text
    line, outer, own = context.window.before, list(context.open_brackets), list[str]()
    for at, bracket in brackets(line + text, context.bracket_pattern):
        if at < len(line):
            continue
        if bracket in CLOSER_OF:
            own.append(CLOSER_OF[bracket])
        elif own and own[-1] == bracket:
            own.pop()
        elif not own and outer and outer[-1].free and CLOSER_OF[outer[-1].opener] == bracket:
            outer.pop()
        else:
            return text[: at - len(line)]
    return text


def _closes(line: str, before: str, context: Context) -> bool:
    """Whether a line begins with a closer that has something to close, given the answer before it."""
    closer = line.lstrip()[:1]
    return closer in CLOSER_OF.values() and len(cut_closers(before + closer, context)) > len(before)
