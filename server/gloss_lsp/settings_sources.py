"""Where settings come from: the environment, the command line, the user's own file, and its folder."""

from __future__ import annotations

import json
import re
from contextlib import suppress
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any, Final

from attrs import evolve, field, frozen

from gloss_lsp.address import AddressError, ollama_url
from gloss_lsp.errors import GlossError
from gloss_lsp.kept import replace_private
from gloss_lsp.settings import Settings
from gloss_lsp.settings_names import Problem, Setting, read, settings_of, shown

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

OLLAMA_HOST: Final = "OLLAMA_HOST"
"""The variable that says where Ollama is, and the origin of an address that comes from it."""


class SettingError(GlossError):
    """``--set`` names no setting, or gives it a value that it cannot have."""


@frozen
class Layer:
    """What one source says, or several over each other."""

    values: Mapping[str, Any] = field(factory=dict)
    """Checked values by dotted names."""
    origins: Mapping[str, str] = field(factory=dict)
    """For each of them, where it stands, for people: a path, a variable."""
    problems: tuple[Problem, ...] = ()

    def under(self, upper: Layer) -> Layer:
        """This layer with another one over it."""
        return Layer(
            {**self.values, **upper.values},
            {**self.origins, **upper.origins},
            self.problems + upper.problems,
        )


def from_raw(raw: object, origin: str) -> Layer:
    """What a file or an editor says."""
    values, problems = read(raw, Settings)
    return Layer(values, dict.fromkeys(values, origin), tuple(problems))


def from_ollama(environ: Mapping[str, str]) -> Layer:
    """What the variables of Ollama itself say; anything of Gloss's own comes before them."""
    layer = Layer()
    if host := environ.get(OLLAMA_HOST, "").strip():
        try:
            url = ollama_url(host)
        except AddressError:
            message = f"must be an address such as 127.0.0.1:11434, not {shown(host)}; it is ignored."
            layer = Layer(problems=(Problem(OLLAMA_HOST, message),))
        else:
            layer = Layer({"backend.url": url}, {"backend.url": OLLAMA_HOST})
    if keep_alive := environ.get("OLLAMA_KEEP_ALIVE", "").strip():
        # A value that Ollama itself would not take is its server's business, which reports it.
        with suppress(ValueError):
            value = settings_of(Settings)["models.keepAlive"].kind.take(keep_alive)
            layer = layer.under(Layer({"models.keepAlive": value}, {"models.keepAlive": "OLLAMA_KEEP_ALIVE"}))
    return layer


def from_environment(environ: Mapping[str, str]) -> Layer:
    """What ``GLOSS_…`` variables say; an empty one counts as unset."""
    settings = settings_of(Settings)
    variables = {variable: name for name in settings for variable in variables_of(name)}
    layer = Layer()
    for variable, text in environ.items():
        if not text:
            continue
        if variable in variables:
            name = variables[variable]
            said = from_raw({name: value_of(settings[name], text)}, variable)
            problems = tuple(Problem(variable, problem.message) for problem in said.problems)
            layer = layer.under(evolve(said, problems=problems))
        elif variable.startswith("GLOSS_"):
            for close in get_close_matches(variable, variables, n=1, cutoff=0.85):
                problem = Problem(variable, f"is no setting; did you mean {close}?")
                layer = layer.under(Layer(problems=(problem,)))
    return layer


def variables_of(name: str) -> tuple[str, ...]:
    """The environment variables of a setting: ``GLOSS_COMPLETE_MAX_TOKENS``, ``GLOSS_COMPLETE_MAXTOKENS``."""
    words = re.sub(r"([A-Z])", r"_\1", name).replace(".", "_").upper()
    return tuple(dict.fromkeys((f"GLOSS_{words}", f"GLOSS_{name.replace('.', '_').upper()}")))


def from_command_line(assignments: Iterable[str]) -> Layer:
    """What ``--set NAME=VALUE`` says. Raises `SettingError`."""
    settings = settings_of(Settings)
    values: dict[str, Any] = {}
    for assignment in assignments:
        name, separator, text = assignment.partition("=")
        name = name.strip().removeprefix("gloss.")
        if not separator:
            raise SettingError(
                f"--set takes NAME=VALUE, such as complete.maxTokens=64, not {shown(assignment)}."
            )
        raw = value_of(settings[name], text) if name in settings else text
        checked, problems = read({name: raw}, Settings)
        for problem in problems:
            raise SettingError(f"--set {problem}")
        values.update(checked)
    return Layer(values, dict.fromkeys(values, "--set"))


def value_of(setting: Setting, text: str) -> object:
    """What a text stands for where all values are texts: itself, or JSON."""
    if setting.kind.text:
        return text
    try:
        return json.loads(text)
    except ValueError:
        return text


@frozen
class OwnFolder:
    """The user's folder: their settings file, and what they answered about addresses."""

    path: Path

    @classmethod
    def usual(cls) -> OwnFolder:
        """The folder where the platform keeps a user's settings."""
        from platformdirs import user_config_path  # noqa: PLC0415  # not needed where tests give a folder

        return cls(user_config_path("gloss", appauthor=False))

    @property
    def settings_path(self) -> Path:
        """The user's own settings file, whether it exists or not."""
        return self.path / "settings.json"

    def settings(self) -> Layer:
        """What the user's own file says; without a file, nothing."""
        origin = str(self.settings_path)
        try:
            raw = json.loads(self.settings_path.read_text("utf-8-sig"))
        except FileNotFoundError:
            return Layer()
        except OSError as error:
            return Layer(problems=(Problem(origin, f"cannot be read ({error.strerror}); it is ignored."),))
        except json.JSONDecodeError as error:
            where = f"line {error.lineno}, column {error.colno}"
            return Layer(problems=(Problem(origin, f"is not JSON at {where} ({error.msg}); it is ignored."),))
        except (UnicodeDecodeError, RecursionError):
            return Layer(problems=(Problem(origin, "is not JSON in UTF-8; it is ignored."),))
        return from_raw(raw, origin)

    def answers(self) -> dict[str, bool]:
        """What the user answered about addresses; a file that is damaged holds no answers."""
        try:
            answers = json.loads(self._answers_path.read_text("utf-8"))
        except (OSError, ValueError, RecursionError):
            return {}
        if not isinstance(answers, dict):
            return {}
        return {str(origin): answer for origin, answer in answers.items() if isinstance(answer, bool)}

    def remember(self, origin: str, *, allowed: bool) -> None:
        """Keep an answer, in a file that only the user can read or change. Raises OSError."""
        self.path.mkdir(mode=0o700, parents=True, exist_ok=True)
        answers = {**self.answers(), origin: allowed}
        replace_private(self._answers_path, json.dumps(answers, indent=2, sort_keys=True))

    @property
    def _answers_path(self) -> Path:
        return self.path / "addresses.json"
