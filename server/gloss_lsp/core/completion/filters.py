"""From what a model wrote to what is inserted, and when no more of it is needed.

Each filter is a function of the text and its place. Those in `CUTS` return the text or a beginning
of it, and what they cut off no later text can bring back: so a cut on the stream is a reason to
stop the model, and `clean` says the same of a beginning that ended by a cut as of the whole.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from gloss_lsp.core.completion.indentation import indented_alike
from gloss_lsp.core.completion.repeats import cut_circles, cut_following, cut_line_above, cut_rest_of_line
from gloss_lsp.core.completion.scope import cut_closers, cut_scope
from gloss_lsp.core.completion.window import TAB
from gloss_lsp.core.completion.wording import unwrapped
from gloss_lsp.core.safe import safe_code

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from gloss_lsp.core.completion.context import Context

CUTS: Final[tuple[Callable[[str, Context], str], ...]] = (
    cut_scope,
    cut_closers,
    cut_following,
    cut_line_above,
    cut_circles,
)


_BLANK_LINES: Final = re.compile(r"\A(?:[ \t]*\n)+")


def finished(text: str, context: Context) -> bool:
    """Whether what `clean` makes of `text` is decided, whatever the model would write next."""
    body, ended = unwrapped(text, context)
    body = _aligned(body, context)
    return ended or any(len(cut(body, context)) < len(body) for cut in CUTS)


def clean(text: str, context: Context) -> str | None:
    """What is to be inserted of an answer; None where it adds nothing."""
    *_, (_, body) = stages(text, context)
    return body if body.strip() else None


def stages(text: str, context: Context) -> Iterator[tuple[str, str]]:
    """The filters in the order in which they work, by their names, and what each leaves of an answer."""
    # A line end makes the last line a complete one: nothing follows it any more.
    body = text.replace("\r\n", "\n") + "\n"
    for step in _STEPS:
        if step in CUTS and not body.endswith("\n"):
            body += "\n"
        body = step(body, context)
        yield step.__name__.strip("_").replace("_", " "), body


def whole_lines(text: str) -> str:
    """`text` up to its last line end, for an answer that was cut off by a limit."""
    return text[: text.rfind("\n") + 1]


def stops(context: Context) -> tuple[str, ...]:
    """Texts at which the model itself is to stop: then it is free at once, and no connection is closed."""
    return ("\n",) if context.shape == "line" else ("\n\n\n",)


def _aligned(text: str, context: Context) -> str:
    """`text` as it goes on at the cursor, without the white space that stands there already."""
    before = context.window.before
    if before.strip():
        return text.lstrip(" ") if before.endswith((" ", "\t")) else text
    begun_anew = _BLANK_LINES.match(text)
    text = text[begun_anew.end() :] if begun_anew else text
    if before and len(before.expandtabs(TAB)) >= context.floor:
        # The cursor stands where the line may begin, whatever the model thought.
        return text.lstrip(" \t")
    return text.removeprefix(before) if begun_anew else text


def _unwrapped(text: str, context: Context) -> str:
    return unwrapped(text, context)[0]


def _harmless(text: str, context: Context) -> str:
    return safe_code(text, context.window.prefix + context.window.suffix)


def _trimmed(text: str, context: Context) -> str:
    line = text.rstrip("\n")
    goes_on = context.window.after.strip() and not context.window.after[0].isspace()
    return line.rstrip() + (" " if goes_on and line.endswith((" ", "\t")) else "")


_STEPS: Final[tuple[Callable[[str, Context], str], ...]] = (
    _unwrapped,
    _aligned,
    *CUTS,
    cut_rest_of_line,
    indented_alike,
    _trimmed,
    _harmless,
)
