"""What an editor may set. Its settings may come from a repository, so they are not the user's word.

- An address that is neither on this machine nor named by the user is used only once the user has
  confirmed it. What counts is scheme, host and port together.
- Headers go with the address that they were set beside: those of the user are not sent to an address
  that the editor chose.
- Such a header does not name another host than that of the address, which a proxy could follow.
- ``${NAME}`` in a header is expanded only for names that begin with ``OLLAMA_`` or ``GLOSS_``.
- Whom to trust (``backend.certificates``) is the user's word alone: who could name an authority could stand
  between Gloss and the user's own server.
- Nothing of ``privacy`` can be weakened.
- A model that runs elsewhere needs the user's word too: see `Trusted.models`.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from attrs import frozen

from gloss_lsp.address import read_url
from gloss_lsp.settings_names import Problem

if TYPE_CHECKING:
    from collections.abc import Mapping

_VARIABLE = re.compile(r"\$\{([^}]*)\}")
_OURS = ("OLLAMA_", "GLOSS_")
_URL, _HEADERS, _EXCLUDE, _REDACT = "backend.url", "backend.headers", "privacy.exclude", "privacy.redact"
_CERTIFICATES = "backend.certificates"


@frozen
class Trusted:
    """What the user's own file, the environment and the command line say."""

    values: Mapping[str, Any]
    """All of it, by dotted names."""
    fixed: frozenset[str] = frozenset()
    """Names that an editor does not override: those of the command line."""
    origins: frozenset[str] = frozenset()
    """Scheme, host and port of every address that is named somewhere in it."""
    models: frozenset[str] = frozenset()
    """Every model that is named somewhere in it. Only these may run elsewhere (cloud)."""


@frozen
class Judgement:
    """What holds once an editor's settings have been judged."""

    values: Mapping[str, Any]
    """All values, the user's and those taken from the editor."""
    taken: frozenset[str]
    """The names whose value the editor gave, or added to."""
    unconfirmed: tuple[str, ...]
    """Origins that the user has to be asked about before they are used."""
    problems: tuple[Problem, ...]


def judge(
    editor: Mapping[str, Any], trusted: Trusted, answers: Mapping[str, bool], exclude: tuple[str, ...]
) -> Judgement:
    """Put checked values of an editor over those of the user, as far as they may be.

    Args:
        editor: checked values by dotted names.
        trusted: what the user says.
        answers: what the user answered about an origin earlier.
        exclude: the patterns that hold where the user sets none.
    """
    wanted = {name: value for name, value in editor.items() if name not in trusted.fixed or name == _EXCLUDE}
    problems: list[Problem] = []
    unconfirmed = _judge_address(wanted, trusted, answers, problems)
    if wanted.get(_CERTIFICATES, own := trusted.values.get(_CERTIFICATES)) != own:
        del wanted[_CERTIFICATES]
        problems.append(Problem(_CERTIFICATES, "an editor cannot set it, only your own settings can."))
    if wanted.get(_REDACT) is False and trusted.values.get(_REDACT, True):
        del wanted[_REDACT]
        problems.append(
            Problem(
                _REDACT, "an editor cannot switch it off, only your own settings can; secrets are masked."
            )
        )
    if _EXCLUDE in wanted:
        own = trusted.values.get(_EXCLUDE, exclude)
        wanted[_EXCLUDE] = tuple(dict.fromkeys((*own, *wanted[_EXCLUDE])))
    values = {**trusted.values, **wanted}
    if _HEADERS not in wanted and _URL in wanted and not _same_server(wanted[_URL], trusted.values.get(_URL)):
        values.pop(_HEADERS, None)
    return Judgement(values, frozenset(wanted), unconfirmed, tuple(problems))


def _judge_address(
    wanted: dict[str, Any], trusted: Trusted, answers: Mapping[str, bool], problems: list[Problem]
) -> tuple[str, ...]:
    """Take an address that is not to be used out of `wanted`, and the headers meant for it."""
    if _URL not in wanted:
        return ()
    address = read_url(wanted[_URL])
    if address.loopback or address.origin in trusted.origins or answers.get(address.origin):
        return ()
    del wanted[_URL]
    wanted.pop(_HEADERS, None)
    if address.origin in answers:
        how = "you refused it; to allow it, set it in your own settings file (`gloss settings --path`)."
        problems.append(Problem(_URL, f"{address.origin} is not used, because {how}"))
        return ()
    how = "it comes from the editor's settings, and you have not confirmed it."
    problems.append(Problem(_URL, f"{address.origin} is not used, because {how}"))
    return (address.origin,)


def _same_server(url: str, other: str | None) -> bool:
    return other is not None and read_url(url).origin == read_url(other).origin


def expand(
    headers: Mapping[str, str], environ: Mapping[str, str], *, from_editor: bool
) -> tuple[dict[str, str], list[Problem]]:
    """The headers with ``${NAME}`` replaced by environment variables.

    A header that cannot be sent as it was meant is left out, and its problem told.
    """
    expanded: dict[str, str] = {}
    problems: list[Problem] = []
    for header, value in headers.items():
        names = _VARIABLE.findall(value)
        refused = [name for name in names if from_editor and not name.startswith(_OURS)]
        missing = [name for name in names if name not in environ]
        text = _VARIABLE.sub(lambda found: environ.get(found[1], ""), value)
        if refused:
            why = f"an editor may name only variables that begin with OLLAMA_ or GLOSS_, not {refused[0]}"
        elif from_editor and header.lower() == "host":
            why = "an editor may not name another host than that of the address"
        elif missing:
            why = f"the environment variable {missing[0]} is not set"
        elif not re.fullmatch(r"[\x20-\x7e\t]*", text):
            why = "a variable in it holds characters that a header cannot"
        else:
            expanded[header] = text
            continue
        problems.append(Problem(_HEADERS, f"{header} is not sent: {why}."))
    return expanded, problems
