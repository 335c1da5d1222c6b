"""Whether a completion makes sense at a place at all: the cheapest request is the one not made."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from gloss_lsp.core import languages

if TYPE_CHECKING:
    from gloss_lsp.core.completion.context import Context
    from gloss_lsp.core.completion.window import Window

RIGHT_LIMIT: Final = 8
"""Characters other than closers that may stand to the right (the limit of llama.vim, found to be usable)."""

LONGEST_LINE: Final = 1000
"""Characters: a line longer than that was not written by hand."""

LONGEST_FILE: Final = 200_000
"""Lines: a file with more was not written by hand either."""

_CLOSERS: Final = re.compile(r"""[\s)\]}>;:,"'`]""")
_WORD: Final = re.compile(r"\w")
_STRINGS: Final = (r'"(?:\\.|[^"\\\n])*"', r"'(?:\\.|[^'\\\n])*'")


def worth_asking(context: Context, *, in_comments: bool = True, lines: int = 0) -> bool:
    """Whether to ask the model without being told to.

    Not between two word characters, not where much stands to the right, not where nothing stands
    around the cursor, not in a file of that many lines, and not in comments unless those are wanted.
    """
    if lines > LONGEST_FILE:
        return False
    before, after = context.window.before, context.window.after
    if _WORD.match(before[-1:]) and _WORD.match(after[:1]):
        return False
    if len(_CLOSERS.sub("", after)) > RIGHT_LIMIT or len(before) + len(after) > LONGEST_LINE:
        return False
    if not context.window.prefix.strip() and not context.window.suffix.strip():
        return False
    return in_comments or not in_comment(context.window, context.language)


def in_comment(window: Window, language_id: str) -> bool:
    """Whether the cursor stands in a comment, told from the window's lines alone.

    A comment that begins above the window is not seen: a parser would have to read the whole file.
    """
    known = languages.language(language_id)
    if known is None:
        return False
    blocks = dict(known.block_markers)
    # The longest marker first, then strings, in which markers mean nothing.
    markers = sorted({*blocks, *known.line_markers}, key=len, reverse=True)
    pattern = re.compile("|".join([*map(re.escape, markers), *_STRINGS]))
    at = 0
    while found := pattern.search(window.prefix, at):
        at = found.end()
        end = blocks.get(found[0], "\n" if found[0] in known.line_markers else "")
        if end:
            ended = window.prefix.find(end, at)
            if ended < 0:
                return True
            at = ended + len(end)
    return False
