"""From JSON that somebody else has sent to values of our own, whatever it holds.

Versions differ in what they send, and what answers may be something else altogether. So unknown
fields are ignored, and a field that is missing, null or of a wrong type has its default: zero, empty,
or None where "not said" matters. Only what is no JSON object at all is an error.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Mapping
from typing import Any, Final, TypeVar, get_args, get_origin

from attrs import has
from cattrs import Converter
from cattrs.gen import make_dict_structure_fn

T = TypeVar("T")


class NoObject(ValueError):
    """These bytes are no JSON object."""


def read(data: str | bytes, kind: type[T]) -> T:
    """The value that JSON stands for. Raises `NoObject` where it is no JSON object."""
    try:
        value = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise NoObject from error
    if not isinstance(value, dict):
        raise NoObject
    return structure(value, kind)


def structure(value: Any, kind: type[T]) -> T:  # noqa: ANN401  # JSON
    """The value that parsed JSON stands for; what is no object has all defaults."""
    return _CONVERTER.structure(value, kind)


def _text(value: Any, _: type) -> str:  # noqa: ANN401  # JSON
    """A text that can be encoded: an escape can smuggle half of a surrogate pair in."""
    if not isinstance(value, str):
        return ""
    return value if value.isascii() else value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _number(value: Any) -> int | float:  # noqa: ANN401  # JSON
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        return 0
    return value


def _several(value: Any, kind: Any) -> tuple[Any, ...] | None:  # noqa: ANN401  # JSON, and a type
    """A list, or None."""
    if not isinstance(value, list):
        return None
    (of, *_), *_ = (get_args(option) for option in get_args(kind) if option is not type(None))
    return tuple(_CONVERTER.structure(item, of) for item in value if item is not None)


def _is_several(kind: Any) -> bool:  # noqa: ANN401  # a type
    return type(None) in get_args(kind) and any(get_origin(option) is tuple for option in get_args(kind))


def _is_number_or_none(kind: Any) -> bool:  # noqa: ANN401  # a type
    return set(get_args(kind)) == {int, type(None)}


def _is_mapping(kind: Any) -> bool:  # noqa: ANN401  # a type
    return get_origin(kind) is Mapping


def _converter() -> Converter:
    converter = Converter(detailed_validation=False)
    converter.register_structure_hook(str, _text)
    converter.register_structure_hook(int, lambda value, _: int(_number(value)))
    converter.register_structure_hook(float, lambda value, _: _number(value))
    converter.register_structure_hook(bool, lambda value, _: value is True)
    converter.register_structure_hook_func(_is_several, _several)
    converter.register_structure_hook_func(
        _is_number_or_none, lambda value, _: None if value is None else int(_number(value))
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
