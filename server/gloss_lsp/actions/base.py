"""What an action is: a conversation with a model that ends in an outcome.

A conversation is a generator: it yields what it asks the model, receives the reply as a string,
and returns the outcome. What goes wrong at the model is thrown into it as a
`gloss_lsp.errors.BackendError`; one that it does not catch ends the job with that reason.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Generator, Mapping
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from attrs import field, frozen

if TYPE_CHECKING:
    from gloss_lsp.core.text import Edit, Source, Span

Task: TypeAlias = Literal["chat", "translate", "complete"]

_WORD = re.compile(r"\w*")


@frozen
class Selection:
    """What an action is asked about, and what it has to know to ask well."""

    source: Source
    span: Span
    """Empty where the user selected nothing: then the place of the cursor."""
    target: str = "English"
    """The human language of the answer, by its English name."""
    room: int = 4096
    """The context of the model, in tokens: prompt and answer together have to fit."""
    instruction: str = ""
    """What the user said besides."""
    diagnostic: str = ""
    """The message of the diagnostic that the user asks about."""
    options: Mapping[str, Any] = field(factory=dict)
    """The settings of the action's own group, by their Python names (``docstrings``, ``max_tokens``)."""

    @property
    def text(self) -> str:
        """The text that is selected."""
        return self.source.slice(self.span)

    @property
    def is_cursor(self) -> bool:
        """Whether nothing is selected: some editors send what is at the cursor instead.

        Helix sends the character under its block, eglot the word around the point.
        """
        return len(self.span) <= 1 or _WORD.fullmatch(self.text) is not None

    @property
    def cursor(self) -> int:
        """The offset of the cursor, where nothing is selected: before a character, after a word."""
        return self.span.start if len(self.span) == 1 else self.span.end


@frozen
class Prompt:
    """Asks the model in words."""

    system: str
    user: str
    max_tokens: int | None = None
    schema: Mapping[str, Any] | None = None
    """A JSON schema for the answer."""
    stop: tuple[str, ...] = ()
    before: str = ""
    """What a page shows ahead of this reply while it comes."""
    note: str = ""
    """What progress says of this step, such as ``comment 3 of 12``."""
    cut: str = ""
    """What is added to a reply that was cut at its token limit, in Markdown, outside of any code."""
    finished: Callable[[str], bool] | None = None
    """Told the reply so far, says whether more of it is of no use; then the model is stopped."""


@frozen
class Gap:
    """Asks the model to fill in the middle."""

    prefix: str
    suffix: str
    max_tokens: int = 128
    stop: tuple[str, ...] = ()
    note: str = ""
    before: str = ""
    cut: str = ""
    finished: Callable[[str], bool] | None = None
    """As in `Prompt`."""
    since_anchor: int | None = None
    """As in `gloss_lsp.backends.base.Fill`."""


@frozen
class Page:
    """An outcome to be read."""

    title: str
    markdown: str
    """What the model wrote and what Gloss says of it (what was left out of the prompt)."""


@frozen
class Edits:
    """An outcome to be applied to the document that was asked about."""

    label: str
    edits: tuple[Edit, ...]
    left: tuple[str, ...] = ()
    """What was left as it was, and why: a sentence each."""


Outcome: TypeAlias = Page | Edits
Conversation: TypeAlias = Generator[Prompt | Gap, str, Outcome]


@frozen
class Action:
    """One thing that the user can ask for; `gloss_lsp.actions.ACTIONS` is the table of all."""

    name: str
    """In camelCase: the command is ``gloss.<name>``."""
    title: str
    """In menus, progress and messages."""
    kind: str
    """The LSP code action kind."""
    task: Task
    converse: Callable[[Selection], Conversation]
    offer: Callable[[Selection], str | None]
    """The title for the menu, or None where the action makes no sense. Quick, and asks no model."""
