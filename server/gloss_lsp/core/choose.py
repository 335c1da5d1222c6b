"""Which model does what, out of those that are installed, and why.

Where the user names none: one model for all tasks if one can do all, so that none is evicted for
another; what is loaded before what is not; code models first for completion; the largest that fits
in memory. Embedding models never, and never a model that runs elsewhere unless the user named it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from attrs import evolve, field, frozen

from gloss_lsp.core.amounts import size

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from gloss_lsp.backends.base import Model, Task

TASKS: Final[tuple[Task, ...]] = ("chat", "translate", "complete")
_CODE: Final = ("code", "devstral", "starcoder")
_UNKNOWN_MEMORY: Final = 8 * 1024**3
"""Bytes that are counted on where nobody says how many there are: those of a small laptop."""
_OVERHEAD: Final = (1.1, 512 * 1024**2)
"""What a model takes beyond its file: a tenth for buffers, half a gigabyte for its context."""


@frozen
class Wishes:
    """What the settings say of models."""

    named: Mapping[Task, str] = field(factory=dict)
    """The models that are named, for some tasks or all."""
    trusted: Collection[str] = ()
    """Names that are the user's own word: only such a model may run elsewhere."""
    can_pull: bool = True
    """Whether what is missing can be pulled; on other servers it is somebody's business there."""


@frozen
class Choice:
    """The model of a task."""

    model: Model | None
    """None where there is no usable one."""
    reason: str
    """Why this one, or why none and what to do: a sentence."""
    missing: str = ""
    """The model that is named in the settings and not installed."""


def choose(models: Sequence[Model], wishes: Wishes, memory: int) -> dict[Task, Choice]:
    """The model of each task.

    Args:
        models: what is installed.
        wishes: what the settings say.
        memory: bytes that are free for models; 0: not known.
    """
    room = Room.of(models, memory)
    choices = {task: _named(models, name, wishes, room) for task, name in wishes.named.items() if name}
    usable = [model for model in models if not model.embedding and not model.remote_host]
    guessed = room if room.known else evolve(room, free=_UNKNOWN_MEMORY)
    for task in TASKS:
        if task not in choices:
            choices[task] = _shared(task, choices) or _free(task, usable, guessed, wishes)
    return {task: choices[task] for task in TASKS}


def find(models: Sequence[Model], name: str) -> Model | None:
    """The model that a name means; as in Ollama, a name without a tag means the tag ``latest``."""
    for wanted in (name, f"{name}:latest"):
        for model in models:
            if model.name.lower() == wanted.lower():
                return model
    return None


def same_model(name: str, other: str) -> bool:
    """Whether two names mean one model; as in Ollama, what has no tag means ``latest``."""
    return full_name(name) == full_name(other)


def full_name(name: str) -> str:
    """What is the same for all names of one model."""
    return (name if ":" in name.rpartition("/")[2] else f"{name}:latest").lower()


def smaller_than(model: Model, models: Sequence[Model]) -> Model | None:
    """The next smaller model that can be used instead, for one that does not fit."""
    smaller = [
        other
        for other in models
        if 0 < other.size < model.size
        and other.chat
        and not other.embedding
        and not other.remote_host
        and (other.fill != "none" or model.fill == "none")
    ]
    return max(smaller, key=lambda other: (other.size, other.name), default=None)


@frozen
class Room:
    """The memory that models can have."""

    free: int
    """Bytes; 0: not known."""
    reclaimable: int
    """Bytes that models take which are loaded now; they make way for others."""

    @classmethod
    def of(cls, models: Sequence[Model], memory: int) -> Room:
        """What these models can have where so many bytes are free; 0: not known."""
        return cls(memory, sum(model.memory for model in models))

    @property
    def known(self) -> bool:
        """Whether anybody says how much there is."""
        return self.free > 0

    def fits(self, model: Model) -> bool:
        """Whether a model can be loaded here; where nothing is known, nothing speaks against it."""
        if not self.known or model.loaded or model.remote_host:
            return True
        return taken(model) <= self.free + self.reclaimable


def taken(model: Model) -> int:
    """Bytes of memory that a model is reckoned to take."""
    factor, constant = _OVERHEAD
    return round(model.size * factor + constant)


def _named(models: Sequence[Model], name: str, wishes: Wishes, room: Room) -> Choice:
    model = find(models, name)
    if model is None:
        others = ", ".join(sorted(other.name for other in models if other.chat and not other.embedding))
        if not wishes.can_pull:
            return Choice(None, f"The server has no model {name}. It has: {others or 'none'}.", name)
        instead = f" Installed are: {others}." if others else ""
        return Choice(
            None, f"The model {name} is not installed. Pull it (`gloss models pull {name}`).{instead}", name
        )
    if model.embedding:
        return Choice(None, f"{model.name} only makes embeddings. Name another model in the settings.")
    if model.remote_host and name not in wishes.trusted:
        return Choice(
            None,
            f"{model.name} runs at {model.remote_host}, so code would leave this machine;"
            " name it in your own settings file (`gloss settings --path`) to allow that.",
        )
    where = f"; it runs at {model.remote_host}" if model.remote_host else ""
    tight = "" if room.fits(model) else f", but may not fit in memory: {needs(model, room)}"
    return Choice(model, f"It is named in the settings{where}{tight}.")


def needs(model: Model, room: Room) -> str:
    """How much a model takes, beside how much there is."""
    return f"it takes about {size(taken(model))}, and {size(room.free + room.reclaimable)} are free for it"


def _shared(task: Task, choices: Mapping[Task, Choice]) -> Choice | None:
    """A model that another task has been given and that can do this one too."""
    for choice in choices.values():
        model = choice.model
        if model is not None and not model.remote_host and _can(model, task):
            return Choice(
                model, "It is used for another task already, and one model for all is never evicted."
            )
    return None


def _free(task: Task, usable: Sequence[Model], room: Room, wishes: Wishes) -> Choice:
    able = [model for model in usable if all(_can(model, other) for other in TASKS)]
    if able:
        choice = _best(able, room, prefer_code=True)
        return evolve(
            choice, reason=f"It can do all tasks, so that no model is evicted for another; {choice.reason}."
        )
    able = [model for model in usable if _can(model, task)]
    if able:
        choice = _best(able, room, prefer_code=task == "complete")
        return evolve(choice, reason=f"Of those that can do this task, {choice.reason}.")
    talking = [model for model in usable if model.chat]
    if talking:
        choice = _best(talking, room, prefer_code=True)
        return evolve(
            choice,
            reason=f"No model that is installed can fill in the middle; of the others, {choice.reason}.",
        )
    if not wishes.can_pull:
        return Choice(
            None, "The server has no usable model: it has to be started with one that chats or completes."
        )
    return Choice(
        None,
        "No usable model is installed. Pull one, such as qwen2.5-coder:1.5b (1 GB):"
        " `gloss models pull qwen2.5-coder:1.5b`.",
    )


def _best(models: Sequence[Model], room: Room, *, prefer_code: bool) -> Choice:
    fitting = [model for model in models if room.fits(model)]
    if not fitting:
        return Choice(
            min(models, key=lambda model: (model.size, model.name)),
            "none fits in memory, and it is the smallest",
        )
    best = max(
        fitting, key=lambda model: (model.loaded, prefer_code and _is_code(model), model.size, model.name)
    )
    if best.loaded:
        return Choice(best, "it is loaded already")
    if prefer_code and _is_code(best):
        return Choice(best, "it is the largest model for code that fits in memory")
    return Choice(best, "it is the largest that fits in memory")


def _can(model: Model, task: Task) -> bool:
    return model.fill != "none" if task == "complete" else model.chat


def _is_code(model: Model) -> bool:
    return any(word in f"{model.name} {model.family}".lower() for word in _CODE)
