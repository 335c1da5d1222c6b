"""The settings that hold now, out of all the places they can come from.

From the weakest to the strongest: the defaults; Ollama's own variables; the user's own file; the
``GLOSS_…`` variables; the editor (`initializationOptions`, over them what it says later); the
command line's ``--set``. The editor comes after the file and the environment, because what is set
there is meant for the project at hand, and before ``--set``, which is meant for one run. All but
the editor are the user's own word; what the editor says is judged by `gloss_lsp.trust` first.
"""

from __future__ import annotations

from functools import reduce
from typing import TYPE_CHECKING, Any

from attrs import evolve, field, frozen

from gloss_lsp.address import read_url
from gloss_lsp.core.privacy import DEFAULT_EXCLUDE
from gloss_lsp.errors import Refused
from gloss_lsp.settings import Settings, build
from gloss_lsp.settings_sources import (
    OLLAMA_HOST,
    Layer,
    OwnFolder,
    from_command_line,
    from_environment,
    from_ollama,
    from_raw,
)
from gloss_lsp.trust import Trusted, expand, judge

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from gloss_lsp.actions.base import Task
    from gloss_lsp.settings_names import Problem

EDITOR = "the editor"
"""The origin of what an editor set, for people."""
CHOICE = "a choice in the editor"
"""The origin of what the user chose there by a command."""


@frozen
class Effective:
    """What holds: the outcome of all layers."""

    settings: Settings
    """Ready for use: variables in headers are expanded."""
    values: Mapping[str, Any]
    """What was set, as it was written (variables not expanded), by dotted names."""
    origins: Mapping[str, str]
    """Where each of these comes from, for people. A name that is missing has its default."""
    from_editor: frozenset[str]
    """The names whose value the editor gave, or added to."""
    problems: tuple[Problem, ...]
    unconfirmed: tuple[str, ...]
    """Origins (scheme, host, port) from the editor to ask the user about; not used until confirmed."""
    trusted_models: frozenset[str]
    """The models that the user's own word names. Only these may run elsewhere (cloud)."""

    def trusted(self, name: str) -> bool:
        """Whether the value of a setting is the user's own word, or the default."""
        return name not in self.from_editor


@frozen
class Layers:
    """What every source says, weakest first."""

    ollama: Layer = field(factory=Layer)
    own: Layer = field(factory=Layer)
    environment: Layer = field(factory=Layer)
    initial: Layer = field(factory=Layer)
    """The editor's `initializationOptions`."""
    later: Layer = field(factory=Layer)
    """What the editor said afterwards."""
    chosen: Layer = field(factory=Layer)
    """What the user chose while the editor runs; over ``--set``, since it came later."""
    command_line: Layer = field(factory=Layer)


def resolve(layers: Layers, answers: Mapping[str, bool], environ: Mapping[str, str]) -> Effective:
    """Put the layers over each other.

    Args:
        layers: what every source says.
        answers: what the user answered about origins that an editor had set.
        environ: the environment variables that headers can name.
    """
    user = (layers.ollama, layers.own, layers.environment, layers.command_line)
    editor = layers.initial.under(layers.later).under(layers.chosen)
    trusted = _trusted(user, fixed=layers.command_line.values.keys() - layers.chosen.values.keys())
    judgement = judge(editor.values, trusted, answers, tuple(DEFAULT_EXCLUDE))
    own_origins = reduce(Layer.under, user).origins
    origins: Mapping[str, str] = {
        name: _origin(name, own_origins, editor.origins if name in judgement.taken else {})
        for name in judgement.values
    }
    headers, header_problems = expand(
        judgement.values.get("backend.headers", {}), environ, from_editor="backend.headers" in judgement.taken
    )
    values, origins = _without_ollama(judgement.values, origins)
    said = [problem for layer in (*user, editor) for problem in layer.problems]
    return Effective(
        build({**values, "backend.headers": headers}),
        values,
        origins,
        judgement.taken,
        (*dict.fromkeys((*said, *judgement.problems, *header_problems)),),
        judgement.unconfirmed,
        trusted.models,
    )


def _without_ollama(
    values: Mapping[str, Any], origins: Mapping[str, str]
) -> tuple[Mapping[str, Any], Mapping[str, str]]:
    """Without what Ollama's own variable says of an address, where another kind of server is meant."""
    if values.get("backend.kind") != "openai" or origins.get("backend.url") != OLLAMA_HOST:
        return values, origins
    kept = {name: value for name, value in values.items() if name != "backend.url"}
    return kept, {name: origins[name] for name in kept}


def _origin(name: str, own: Mapping[str, str], editor: Mapping[str, str]) -> str:
    if name not in editor:
        return own[name]
    # The user's patterns still hold: the editor has only added some.
    return f"{own[name]}, {editor[name]}" if name == "privacy.exclude" and name in own else editor[name]


def _trusted(layers: Iterable[Layer], fixed: Collection[str]) -> Trusted:
    layers = tuple(layers)
    said = [(name, value) for layer in layers for name, value in layer.values.items()]
    return Trusted(
        values=reduce(Layer.under, layers).values,
        fixed=frozenset(fixed),
        origins=frozenset(read_url(value).origin for name, value in said if name == "backend.url"),
        models=frozenset(
            value for name, value in said if name in ("models.chat", "models.translate", "models.complete")
        ),
    )


class Configuration:
    """Holds what every source said, and what follows from it. Changing it takes effect at once."""

    def __init__(
        self, folder: OwnFolder, environ: Mapping[str, str], assignments: Iterable[str] = ()
    ) -> None:
        """Read all sources but the editor.

        Args:
            folder: the user's own folder.
            environ: the environment variables.
            assignments: what ``--set`` was given, such as ``complete.maxTokens=64``.

        Raises:
            gloss_lsp.settings_sources.SettingError: an assignment is wrong.
        """
        self.folder = folder
        self._environ = dict(environ)
        self._answers = folder.answers()
        self._layers = Layers(
            ollama=from_ollama(environ),
            own=folder.settings(),
            environment=from_environment(environ),
            command_line=from_command_line(assignments),
        )
        self._effective = self._resolve()

    @property
    def settings(self) -> Settings:
        """The settings that hold now."""
        return self._effective.settings

    @property
    def effective(self) -> Effective:
        """The settings that hold now, with where they come from and what is wrong."""
        return self._effective

    @property
    def problems(self) -> tuple[Problem, ...]:
        """What is wrong, each once."""
        return self._effective.problems

    def update_editor(self, raw: object, *, initial: bool = False) -> Effective:
        """Take what the editor says now, in place of what it said before; read the user's file again.

        Args:
            raw: what came: nested or dotted, with or without the section.
            initial: whether it is the `initializationOptions`, which what comes later goes over.
        """
        layer = from_raw(raw, EDITOR)
        own = self.folder.settings()
        self._layers = evolve(self._layers, own=own, **{"initial" if initial else "later": layer})
        self._effective = self._resolve()
        return self._effective

    def choose_model(self, task: Task, name: str) -> Effective:
        """Use a model for a task from now on, until the server ends.

        It does not count as the user's own word: an editor can be made to send the command.

        Raises:
            Refused: this cannot be the name of a model.
        """
        chosen = from_raw({f"models.{task}": name}, CHOICE)
        for problem in chosen.problems:
            raise Refused(f"The model for {task} {problem.message}")
        self._layers = evolve(self._layers, chosen=self._layers.chosen.under(chosen))
        self._effective = self._resolve()
        return self._effective

    def confirm(self, origin: str, *, allowed: bool = True) -> Effective:
        """Take and remember the user's answer about an origin of `Effective.unconfirmed`.

        Raises:
            OSError: the answer holds from now on, but could not be kept.
        """
        self._answers[origin] = allowed
        self._effective = self._resolve()
        self.folder.remember(origin, allowed=allowed)
        return self._effective

    def _resolve(self) -> Effective:
        return resolve(self._layers, self._answers, self._environ)
