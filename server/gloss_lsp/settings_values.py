"""What the value of a setting may be: one `Kind` for each type that settings have."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Annotated, Any, Literal, TypeAlias, get_args, get_origin

from attrs import frozen

from gloss_lsp.address import AddressError, normal_url


@frozen(eq=False)
class Kind:
    """A type of value, as users meet it."""

    expected: str
    """For messages: *must be …*."""
    schema: Mapping[str, Any]
    """The JSON schema of such a value."""
    take: Callable[[Any], Any]
    """The value as it is used; raises ValueError or TypeError where it is not of this kind."""
    without: Callable[[Any], tuple[Any, tuple[Any, ...]]] | None = None
    """Of a list, what can be used of it and what is wrong in it; raises TypeError where it is no list."""
    text: bool = False
    """Whether a text stands for itself, where others are written as JSON (environment, ``--set``)."""
    secret: bool = False
    """Whether a value may be a key: then no message quotes it."""


def kind_of(annotation: Any) -> Kind:  # noqa: ANN401  # an annotation can be anything
    """The kind that a field's type stands for."""
    if annotation is bool:
        return Kind("true or false", {"type": "boolean"}, _take_bool)
    if get_origin(annotation) is Literal:
        return _one_of(get_args(annotation))
    if get_origin(annotation) is Annotated:
        for extra in get_args(annotation)[1:]:
            if isinstance(extra, Kind):
                return extra
    for option in get_args(annotation):
        if option is not type(None):
            return kind_of(option)
    raise TypeError(f"no kind of setting is {annotation}")


def _one_of(choices: tuple[str, ...]) -> Kind:
    def take(value: object) -> object:
        if value not in choices:
            raise ValueError
        return value

    quoted = [f'"{choice}"' for choice in choices]
    return Kind(" or ".join((", ".join(quoted[:-1]), quoted[-1])), {"enum": list(choices)}, take, text=True)


def _take_bool(value: object) -> bool:
    if not isinstance(value, bool):
        raise TypeError
    return value


def _number(value: object, least: float, most: float) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise TypeError
    if not least <= value <= most:
        raise ValueError
    return float(value)


def _whole(least: int, most: int) -> Kind:
    def take(value: object) -> int:
        number = _number(value, least, most)
        if not number.is_integer():
            raise ValueError
        return int(number)

    schema = {"type": "integer", "minimum": least, "maximum": most}
    return Kind(f"a whole number from {least} to {most}", schema, take)


def _take_seconds(value: object) -> float:
    number = _number(value, 0, 86_400)
    if not number:
        raise ValueError
    return number


def _matching(pattern: str, expected: str) -> Kind:
    def take(value: object) -> str:
        if not isinstance(value, str) or not re.fullmatch(pattern, value.strip()):
            raise ValueError
        return value.strip()

    return Kind(expected, {"type": "string"}, take, text=True)


def _take_address(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError
    try:
        return normal_url(value)
    except AddressError as error:
        raise ValueError from error


def _take_file(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError
    # Where the server was started must not decide which file is meant.
    if "\0" in value or not (value.startswith(("~/", "~\\")) or Path(value).is_absolute()):
        raise ValueError
    return value


def _take_duration(value: object) -> int | str:
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    if not isinstance(value, str):
        raise TypeError
    if re.fullmatch(r"-?\d{1,9}", value):
        return int(value)
    if not re.fullmatch(r"-?(\d{1,9}(\.\d{1,9})?(ns|us|µs|ms|s|m|h))+", value):
        raise ValueError
    return value


def _take_globs(value: object) -> tuple[str, ...]:
    globs, wrong = _sort_globs(value)
    if wrong:
        raise ValueError
    return globs


def _sort_globs(value: object) -> tuple[tuple[str, ...], tuple[object, ...]]:
    if not isinstance(value, (list, tuple)):
        raise TypeError
    globs = tuple(item for item in value if isinstance(item, str) and _is_glob(item))
    return globs, tuple(item for item in value if item not in globs)


_MOST_STARS = 3


def _stars(name: str) -> int:
    return len(re.findall(r"\*+", name))


def _is_glob(pattern: str) -> bool:
    from pathspec import GitIgnoreSpec  # noqa: PLC0415  # most settings have none

    # What git reads as *not excluded after all* would take back what others exclude.
    if not pattern.strip() or pattern.lstrip().startswith("!"):
        return False
    # Each star more multiplies the time that a name can take, and these can come from a repository.
    if max(map(_stars, pattern.split("/"))) > _MOST_STARS or pattern.count("**/") > _MOST_STARS:
        return False
    try:
        GitIgnoreSpec.from_lines([f"**/{pattern.strip()}"])
    except (ValueError, re.error):
        return False
    return True


_FRAMING = frozenset(
    {"connection", "content-length", "expect", "keep-alive", "te", "trailer", "transfer-encoding", "upgrade"}
)
"""Headers that say where a request ends: another one could stand inside of it. They are the HTTP client's."""


def _take_headers(value: object) -> dict[str, str]:
    if not isinstance(value, Mapping):
        raise TypeError
    headers = {}
    for name, text in value.items():
        # RFC 9110: a name is a token, a value has no control characters.
        if not isinstance(text, str) or not re.fullmatch(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+", str(name)):
            raise ValueError
        if str(name).lower() in _FRAMING or not re.fullmatch(r"[\x20-\x7e\t]*", text):
            raise ValueError
        headers[str(name)] = text
    return headers


Seconds: TypeAlias = Annotated[
    float,
    Kind(
        "a number of seconds above 0, a day at most",
        {"type": "number", "exclusiveMinimum": 0, "maximum": 86_400},
        _take_seconds,
    ),
]
Milliseconds: TypeAlias = Annotated[int, _whole(0, 60_000)]
Tokens: TypeAlias = Annotated[int, _whole(1, 32_768)]
WindowSize: TypeAlias = Annotated[int, _whole(512, 16_777_216)]
ModelName: TypeAlias = Annotated[
    str, _matching(r"[A-Za-z0-9/][\w.:/@+-]{0,350}", 'the name of a model, such as "qwen3:1.7b"')
]
Language: TypeAlias = Annotated[
    str,
    _matching(r"[^\W\d_][\w -]{1,40}", 'a language such as "de", "pt-BR" or "German", or "auto"'),
]
Address: TypeAlias = Annotated[
    str,
    Kind(
        'an address such as "http://127.0.0.1:11434", without name, password or query',
        {"type": "string"},
        _take_address,
        text=True,
    ),
]
File: TypeAlias = Annotated[
    str,
    Kind('the whole path of a file, such as "~/team.pem"', {"type": "string"}, _take_file, text=True),
]
Requests: TypeAlias = Annotated[int, _whole(1, 64)]
Duration: TypeAlias = Annotated[
    "int | str",
    Kind(
        'a duration such as "10m", or a number of seconds (-1: for ever)',
        {"type": ["string", "integer"]},
        _take_duration,
    ),
]
Globs: TypeAlias = Annotated[
    "tuple[str, ...]",
    Kind(
        'a list of patterns such as ["*.key", "secrets/"], none with "!" or more than three "*"',
        {"type": "array", "items": {"type": "string"}},
        _take_globs,
        _sort_globs,
    ),
]
Headers: TypeAlias = Annotated[
    Mapping[str, str],
    Kind(
        'an object of HTTP headers, such as {"Authorization": "Bearer ${GLOSS_KEY}"}',
        {"type": "object", "additionalProperties": {"type": "string"}},
        _take_headers,
        secret=True,
    ),
]
