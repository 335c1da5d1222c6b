"""What Ollama sends, as values.

Versions differ in what they send, and what answers may not be Ollama at all. So unknown fields are
ignored, and a field that is missing, null or of a wrong type has its default: zero, empty, or None
where "not said" matters. Only what is no JSON object at all is an error.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Mapping
from typing import Any, Final, TypeVar, get_args, get_origin

from attrs import field, frozen, has
from cattrs import Converter
from cattrs.gen import make_dict_structure_fn

T = TypeVar("T")


class NotOllama(ValueError):
    """These bytes are nothing that Ollama sends."""


@frozen
class Said:
    """What the model says in one line of a chat."""

    content: str = ""
    thinking: str = ""


@frozen
class Line:
    """One line of a stream: of a chat, a generation, or a pull. Durations are nanoseconds."""

    error: Any = None
    """A text, or what the engine below answered."""
    message: Said = field(factory=Said)
    response: str = ""
    thinking: str = ""
    done: bool = False
    done_reason: str = ""
    load_duration: int = 0
    prompt_eval_count: int = 0
    prompt_eval_duration: int = 0
    prompt_eval_cached_count: int | None = None
    """Since 0.34; zero is said too."""
    eval_count: int = 0
    eval_duration: int = 0
    status: str = ""
    digest: str = ""
    completed: int = 0
    total: int = 0


@frozen
class Details:
    """What a model is."""

    family: str = ""
    """The architecture, such as ``qwen2``."""
    parameter_size: str = ""


@frozen
class Tag:
    """A model that is installed."""

    name: str = ""
    model: str = ""
    remote_host: str = ""
    size: int = 0
    digest: str = ""
    details: Details = field(factory=Details)
    capabilities: tuple[str, ...] | None = None
    """Since 0.30."""


@frozen
class Tags:
    """The answer of ``/api/tags``."""

    models: tuple[Tag, ...] | None = None


@frozen
class Running:
    """A model that is loaded."""

    name: str = ""
    size: int = 0
    """Bytes of memory, of any kind."""
    size_vram: int = 0
    context_length: int = 0
    """Since 0.10."""
    expires_at: str = ""
    """RFC 3339."""


@frozen
class Ps:
    """The answer of ``/api/ps``."""

    models: tuple[Running, ...] | None = None


@frozen
class Shown:
    """The answer of ``/api/show``."""

    template: str = ""
    parameters: str = ""
    """Lines of a name and a value."""
    details: Details = field(factory=Details)
    model_info: Mapping[str, Any] = field(factory=dict)
    capabilities: tuple[str, ...] | None = None
    """Since 0.6.4."""
    remote_host: str = ""


@frozen
class Version:
    """The answer of ``/api/version``."""

    version: str = ""


def read(data: bytes, kind: type[T]) -> T:
    """The value that bytes of JSON stand for. Raises `NotOllama` where they are no JSON object."""
    try:
        value = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise NotOllama from error
    if not isinstance(value, dict):
        raise NotOllama
    return _CONVERTER.structure(value, kind)


def _text(value: Any, _: type) -> str:  # noqa: ANN401  # JSON
    """A text that can be encoded: an escape can smuggle half of a surrogate pair in."""
    if not isinstance(value, str):
        return ""
    return value if value.isascii() else value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _number(value: Any, _: type) -> int:  # noqa: ANN401  # JSON
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        return 0
    return int(value)


def _number_or_none(value: Any, kind: type) -> int | None:  # noqa: ANN401  # JSON
    return None if value is None else _number(value, kind)


def _several(value: Any, kind: Any) -> tuple[Any, ...] | None:  # noqa: ANN401  # JSON, and a type
    """A list, or None."""
    if not isinstance(value, list):
        return None
    (of, *_), *_ = (get_args(option) for option in get_args(kind) if option is not type(None))
    return tuple(_CONVERTER.structure(item, of) for item in value if item is not None)


def _is_several(kind: Any) -> bool:  # noqa: ANN401  # a type
    return type(None) in get_args(kind) and any(get_origin(option) is tuple for option in get_args(kind))


def _is_mapping(kind: Any) -> bool:  # noqa: ANN401  # a type
    return get_origin(kind) is Mapping


def _converter() -> Converter:
    converter = Converter(detailed_validation=False)
    converter.register_structure_hook(str, _text)
    converter.register_structure_hook(int, _number)
    converter.register_structure_hook(bool, lambda value, _: value is True)
    converter.register_structure_hook_func(_is_several, _several)
    converter.register_structure_hook_func(
        lambda kind: set(get_args(kind)) == {int, type(None)}, _number_or_none
    )
    converter.register_structure_hook_func(
        _is_mapping, lambda value, _: value if isinstance(value, dict) else {}
    )

    def structure(kind: type[T]) -> Callable[[Any, Any], T]:
        of_object = make_dict_structure_fn(kind, converter)
        return lambda value, _: of_object(value if isinstance(value, dict) else {}, kind)

    converter.register_structure_hook_factory(has, structure)
    return converter


_CONVERTER: Final = _converter()
