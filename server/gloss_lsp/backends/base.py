"""What every backend offers, and the values that go in and come out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, Protocol

from attrs import field, frozen

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Mapping

Task = Literal["chat", "translate", "complete"]
"""A kind of model use that has its own model and settings."""

FillMode = Literal["raw", "suffix", "none"]
"""How a model fills in the middle: by its family's own tokens, by the server's template, or not at all."""


@frozen
class Model:
    """A model that a backend has, and what it can do."""

    name: str
    size: int = 0
    """Bytes on disk."""
    parameters: str = ""
    """As the backend writes it, such as ``7.6B``."""
    family: str = ""
    chat: bool = True
    fill: FillMode = "none"
    thinking: bool = False
    embedding: bool = False
    remote_host: str = ""
    """Not empty where the model runs elsewhere (cloud): prompts would leave this machine."""
    trained_context: int = 0
    """Tokens; 0: not known."""
    loaded: bool = False
    context: int = 0
    """Tokens that the loaded model really has; 0: not loaded."""
    memory: int = 0
    """Bytes that it takes while loaded; 0: not loaded or not known."""


@frozen
class Message:
    """One turn of a chat."""

    role: Literal["system", "user", "assistant"]
    content: str


@frozen
class Chat:
    """A chat to be continued by the model."""

    model: str
    messages: tuple[Message, ...]
    max_tokens: int | None = None
    stop: tuple[str, ...] = ()
    schema: Mapping[str, Any] | None = None
    """A JSON schema that the answer has to follow."""
    think: bool = False
    temperature: float = 0.0


@frozen
class Fill:
    """A text with a gap to be filled in by the model."""

    model: str
    prefix: str
    suffix: str
    max_tokens: int = 128
    stop: tuple[str, ...] = ()
    temperature: float = 0.0
    since_anchor: int | None = None
    """Lines of the prefix, ahead of the cursor's, that may begin the answer (`core.completion.anchor`);
    None: that would not be of use."""


@frozen
class Usage:
    """What an answer cost; 0 where the backend does not say."""

    prompt_tokens: int = 0
    """All of the prompt, also what the backend had kept from an earlier one."""
    prompt_seconds: float = 0.0
    """What it took to read the rest."""
    tokens: int = 0
    seconds: float = 0.0
    load_seconds: float = 0.0
    read_tokens: int | None = None
    """Tokens of the prompt that had to be read; None where the backend does not tell them from the others."""


@frozen
class Piece:
    """A piece of an answer, in order of arrival."""

    text: str = ""
    thinking: str = ""
    """The model thinking aloud: progress, never part of an answer."""
    done: Literal["stop", "length"] | None = None
    """Set on the last piece, which may hold text too."""
    usage: Usage | None = None
    waiting: str = ""
    """What is waited for before the answer begins, such as a server that is busy: progress, and nothing else."""


@frozen
class Health:
    """Whether a backend can be used, and what it is."""

    name: str
    """For people: ``Ollama 0.34.0 at http://127.0.0.1:11434``."""
    reachable: bool
    version: str = ""
    problem: str = ""
    """What is wrong and what to do, where it is not reachable."""


@frozen
class PullProgress:
    """How far a pull has come; bytes of the layer under way."""

    status: str
    completed: int = 0
    total: int = 0
    layer: str = ""
    """What tells one layer from another: its digest, or what the server says in place of it."""


class Backend(Protocol):
    """Answers prompts. Each stream is stopped by closing it (`contextlib.aclosing`), which frees the model.

    All methods raise a `gloss_lsp.errors.BackendError`.
    """

    kind: str
    """``ollama``, ``openai`` or ``embedded``."""
    parallel: int
    """How many requests one model answers at a time."""
    local: bool
    """Whether prompts stay on this machine."""

    def chat(self, request: Chat) -> AsyncGenerator[Piece, None]:
        """Stream the answer to a chat."""

    def fill(self, request: Fill) -> AsyncGenerator[Piece, None]:
        """Stream what stands between prefix and suffix. Raises `CannotFill` where the model cannot."""

    async def models(self) -> list[Model]:
        """What is installed, with what is loaded."""

    async def load(self, model: str) -> Model:
        """Load a model as every later request will use it, and say what context it got.

        Never cancelled by the callers: aborting a load would waste it.
        """

    async def health(self) -> Health:
        """Whether it answers, and what it is. Does not raise."""

    async def aclose(self) -> None:
        """Close connections, and end what was started."""


class Library(Protocol):
    """A backend whose models can be looked at, added and removed (Ollama)."""

    async def show(self, name: str) -> dict[str, Any]:
        """All that the server says of a model. Raises `ModelMissing`."""

    def pull(self, name: str) -> AsyncGenerator[PullProgress, None]:
        """Fetch a model; closing the stream stops it, and a later pull goes on from there."""

    async def delete(self, name: str) -> None:
        """Remove a model. Raises `ModelMissing`."""

    async def unload(self, name: str) -> None:
        """Free the memory that a model takes."""


@frozen
class BackendSettings:
    """What a backend needs to know; the rest of the settings is not its business."""

    url: str
    headers: Mapping[str, str] = field(factory=dict, repr=False)
    connect_timeout: float = 5.0
    """Seconds."""
    stall_timeout: float = 60.0
    """Seconds between two pieces; the first may take as long as it takes."""
    keep_alive: str | int | None = None
    """As Ollama takes it: seconds or a Go duration; None leaves it to the server."""
    context_length: int | None = None
    """Tokens, the same for every request of a model; None leaves it to the server."""
    batch: int | None = None
    """Tokens that are read between two looks whether to stop, the same for every request of a model;
    None leaves it to the server."""
    certificates: str = ""
    """The file of authorities that are trusted besides the usual ones (PEM); empty: none."""
    parallel: int | None = None
    """How many requests one model answers at a time; None: as is usual for such a server."""
