"""Every setting: its name, its type, its default, and what it means (the text under it).

Names are snake_case here and camelCase outside: `settings.complete.max_tokens` is
``gloss.complete.maxTokens``. The text under a field is what ``gloss settings``, the JSON schema and
the README's table say of it. Where values come from is `gloss_lsp.configuration`'s business, and
what an editor may set is that of `gloss_lsp.trust`.
"""

# The types of fields are read when the server runs, so their imports cannot be for type checkers alone.
# ruff: noqa: TC001, TC003

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from attrs import Factory, field, frozen

from gloss_lsp.core.privacy import DEFAULT_EXCLUDE
from gloss_lsp.settings_names import Problem, groups_of, read
from gloss_lsp.settings_values import (
    Address,
    Duration,
    File,
    Globs,
    Headers,
    Language,
    Milliseconds,
    ModelName,
    Requests,
    Seconds,
    Tokens,
    WindowSize,
)

__all__ = ["Problem", "Settings", "build", "parse"]


@frozen
class BackendGroup:
    """Which server answers, and how it is reached."""

    kind: Literal["auto", "ollama", "openai", "embedded"] = "auto"
    """What answers: `openai` is any OpenAI-compatible server; `auto` is Ollama if usable, else the embedded model."""
    url: Address | None = None
    """The address of the server (`openai` needs one); unset, it is `OLLAMA_HOST`, else `http://127.0.0.1:11434`."""
    headers: Headers = field(factory=dict, repr=False)
    """HTTP headers to send; a value may name an environment variable as `${NAME}`."""
    certificates: File | None = None
    """A file (PEM) of authorities to trust besides the usual ones; only your own settings can name it."""
    parallel: Requests | None = None
    """How many requests a model answers at a time; unset, 4 with `openai`, else 1 (the embedded model: always)."""
    connect_timeout: Seconds = 5.0
    """How long to wait for a connection, in seconds."""
    stall_timeout: Seconds = 60.0
    """How long an answer may pause, in seconds; the time before its first piece does not count."""


@frozen
class ModelsGroup:
    """Which models are used, and how they are loaded."""

    chat: ModelName | None = None
    """The model that explains; unset, the best of those installed (`gloss doctor` says which and why)."""
    translate: ModelName | None = None
    """The model that translates; unset, as above."""
    complete: ModelName | None = None
    """The model that completes; unset, as above."""
    think: bool = False
    """Whether a model that can think aloud is asked to."""
    keep_alive: Duration | None = None
    """How long a model stays loaded, such as `10m`; unset, `OLLAMA_KEEP_ALIVE`, else 30 minutes."""
    context_length: WindowSize | None = None
    """The context that models are loaded with, in tokens, for every task; unset, the server decides."""


@frozen
class ExplainGroup:
    """Explanations."""

    language: Language = "auto"
    """The human language of explanations, such as `de`; `auto`: that of the editor, else English."""


@frozen
class HoverGroup:
    """What hovering shows."""

    explain: Literal["selection", "off"] = "selection"
    """Whether hovering over the selection explains it."""
    translate: bool = True
    """Whether a comment under the pointer that is in another language is shown translated."""


@frozen
class TranslateGroup:
    """Translation of comments."""

    target: Language = "auto"
    """The human language to translate to, such as `de`; `auto`: that of the editor, else English."""
    inlay: bool = False
    """Whether translations are shown as inlay hints, the file untouched. Not in effect yet."""
    docstrings: bool = True
    """Whether docstrings are translated too."""
    licences: bool = False
    """Whether licence headers are translated too."""
    stream: bool = False
    """Whether each comment is replaced as soon as it is translated, not all at the end. Not in effect yet."""


@frozen
class CompleteGroup:
    """Completion while typing."""

    enabled: bool = True
    """Whether completions come by themselves."""
    debounce: Milliseconds = 75
    """How long typing has to pause before the model is asked, in milliseconds."""
    max_tokens: Tokens = 128
    """The longest completion, in tokens."""
    max_time: Seconds = 2.0
    """How long a completion may take once it has begun, in seconds; then it is cut at its last whole line."""
    context: bool = True
    """Whether other open files are given to the model as context. Not in effect yet."""
    in_comments: bool = True
    """Whether comments are completed too."""
    ahead: bool = False
    """Whether the next completion is fetched before it is asked for, as if the one shown had been accepted."""
    list_wait: Milliseconds = 300
    """How long a completion list waits for the model, in milliseconds."""


@frozen
class PrivacyGroup:
    """What never leaves the process."""

    exclude: Globs = tuple(DEFAULT_EXCLUDE)
    """Files that are never sent to a model, for any feature, as gitignore patterns."""
    redact: bool = True
    """Whether secrets are masked before a prompt is sent, and put back into the answer."""


@frozen
class Settings:
    """All settings. Without arguments: the defaults, which always work."""

    backend: BackendGroup = Factory(BackendGroup)
    models: ModelsGroup = Factory(ModelsGroup)
    explain: ExplainGroup = Factory(ExplainGroup)
    hover: HoverGroup = Factory(HoverGroup)
    translate: TranslateGroup = Factory(TranslateGroup)
    complete: CompleteGroup = Factory(CompleteGroup)
    privacy: PrivacyGroup = Factory(PrivacyGroup)


def parse(raw: object) -> tuple[Settings, list[Problem]]:
    """The settings that `raw` asks for, and what is wrong in it; what is wrong counts as unset.

    `raw` is what an editor or a file says: nested or with dotted names, with or without the section
    ``gloss`` around it.
    """
    values, problems = read(raw, Settings)
    return build(values), problems


def build(values: Mapping[str, Any]) -> Settings:
    """The settings with these checked values, by their dotted names; all others have their defaults."""
    groups = {}
    for group in groups_of(Settings):
        given = {each.attribute: values[each.name] for each in group.settings if each.name in values}
        groups[group.name] = group.type(**given)
    return Settings(**groups)
