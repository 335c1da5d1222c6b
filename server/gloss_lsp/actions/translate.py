"""Translates the comments of a selection, or of the whole file, and nothing else.

What does it is in `gloss_lsp.actions.translating`, which is loaded when it is first asked for:
its tables and patterns would be a good part of the server's start-up.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from gloss_lsp.actions.base import Action, Conversation, Selection
from gloss_lsp.core.languages import language

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from gloss_lsp.core.languages import Language
    from gloss_lsp.core.text import Span

_MORE_MARKERS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "python": ('"""', "'''"),
        **dict.fromkeys(("elixir", "julia", "graphql"), ('"""',)),
        **dict.fromkeys(("html", "vue"), ("//", "/*")),
    }
)
"""What else may begin a comment: documentation that is a string, comments of the languages inside."""


def converse(selection: Selection) -> Conversation:
    """Translate what the selection touches; an empty selection means the whole file.

    Raises:
        Refused: the language of the file is not supported.
        BackendError: the model failed before anything was translated.
    """
    from gloss_lsp.actions.translating import translate  # noqa: PLC0415

    return (yield from translate(selection))


def foreign_comment(selection: Selection) -> Span | None:
    """The first comment that the selection touches and that is in another language; None: there is none."""
    from gloss_lsp.actions.translating import first_foreign  # noqa: PLC0415

    return first_foreign(selection)


def offer(selection: Selection) -> str | None:
    """The menu's entry, where the language is known and there is a comment, as far as a glance tells."""
    known = language(selection.source.language)
    if known is None:
        return None
    text, span = selection.source.text, selection.span
    markers = [*known.line_markers, *(opening for opening, _ in known.block_markers)]
    markers += _MORE_MARKERS.get(known.id, ())
    if not len(span):
        return (
            f"Translate all comments to {selection.target}" if any(mark in text for mark in markers) else None
        )
    if any(mark in selection.text for mark in markers) or _is_within_comment(
        text, span.start, markers, known
    ):
        return f"Translate comments to {selection.target}"
    return None


def _is_within_comment(text: str, at: int, markers: Sequence[str], known: Language) -> bool:
    """Whether a line comment, a block comment or a docstring begins before `at` and may reach it."""
    line = text[max(text.rfind("\n", 0, at), text.rfind("\r", 0, at)) + 1 : at]
    if any(mark in line for mark in markers):
        return True
    if any(
        text.rfind(opening, 0, at) > text.rfind(closing, 0, at) for opening, closing in known.block_markers
    ):
        return True
    return any(text.count(quotes, 0, at) % 2 for quotes in ('"""', "'''") if quotes in markers)


ACTION = Action(
    name="translateComments",
    title="Translate comments",
    kind="refactor.rewrite.gloss.translateComments",
    task="translate",
    converse=converse,
    offer=offer,
)
