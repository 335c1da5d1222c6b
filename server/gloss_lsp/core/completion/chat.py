"""Completion by a model that cannot fill in the middle: asked in words, and taken out of its answer."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from gloss_lsp.core.languages import fence

if TYPE_CHECKING:
    from gloss_lsp.core.completion.context import Context

CURSOR: Final = "<CURSOR>"

SYSTEM: Final = (
    "You complete text in an editor. You are shown a piece of a file with the mark <CURSOR> in it. Answer"
    " with a single code block that holds only what belongs in the place of the mark: nothing that stands"
    " before or after the mark already, nothing beyond what is asked for, no explanation."
)

_FENCED: Final = re.compile(r"^[ \t]*```[^\n`]*\n(.*?)(?:^[ \t]*```|\Z)", re.MULTILINE | re.DOTALL)
_FENCE_END: Final = re.compile(r"^[ \t]*```[^\n`]*\n.*^[ \t]*```", re.MULTILINE | re.DOTALL)


def question(context: Context) -> str:
    """What the model is shown."""
    window = context.window
    code = f"{window.prefix}{CURSOR}{window.suffix}"
    wanted = "the rest of the line" if context.shape == "line" else "the lines up to the end of the block"
    return f"```{fence(context.language)}\n{code.rstrip()}\n```\nWrite {wanted} in the place of {CURSOR}."


def answered(reply: str) -> bool:
    """Whether the code block of an answer has ended."""
    return _FENCE_END.search(reply) is not None


def answer_of(reply: str, context: Context) -> str:
    """What of an answer is the completion: its code block, without the lines before the cursor said again."""
    fenced = _FENCED.search(reply)
    text = (fenced[1].removesuffix("\n") if fenced else reply).replace(CURSOR, "")
    lines, above, before = text.split("\n"), context.window.line_above.strip(), context.window.before.strip()
    if any(character.isalnum() for character in above):
        same = [number for number, line in enumerate(lines) if line.strip() == above]
        del lines[: same[-1] + 1 if same else 0]
    if before and lines and lines[0].lstrip().startswith(before):
        lines[0] = lines[0].lstrip().removeprefix(before)
    return "\n".join(lines)
