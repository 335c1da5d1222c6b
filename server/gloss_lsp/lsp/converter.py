"""JSON to lsprotocol's classes and back, without the guesses that hide a malformed message."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import cattrs
from cattrs.cols import is_sequence, list_structure_factory
from lsprotocol import converters

if TYPE_CHECKING:
    from collections.abc import Callable


def make_converter() -> cattrs.Converter:
    """A converter that is quick to start, gives lists for arrays, and takes only strings for strings."""
    # Detailed validation builds slower code to name the place of an error, which nobody is shown.
    converter = converters.get_converter(cattrs.Converter(detailed_validation=False))
    # cattrs would make 'None' of null: `{"title": null}` would be a button of that name.
    converter.register_structure_hook(str, _text)
    converter.register_structure_hook_factory(is_sequence, _list_hook)
    return converter


def _text(raw: object, _: object) -> str:
    if not isinstance(raw, str):
        raise TypeError(f"not a string: {type(raw).__name__}")
    return raw


def _list_hook(kind: Any, converter: cattrs.Converter) -> Callable[[object, Any], list[Any]]:  # noqa: ANN401  # a type
    structure: Callable[[object, Any], list[Any]] = list_structure_factory(kind, converter)

    def checked(raw: object, target: Any) -> list[Any]:  # noqa: ANN401  # a type
        if not isinstance(raw, list):
            # A string or an object can be walked through like an array, and would be taken for one.
            raise TypeError(f"not an array: {type(raw).__name__}")
        return structure(raw, target)

    return checked
