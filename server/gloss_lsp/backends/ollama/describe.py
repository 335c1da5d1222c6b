"""What a model can do, from what Ollama says of it."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Final

from attrs import frozen

from gloss_lsp.backends.base import FillMode, Model
from gloss_lsp.core.completion.forms import Form, form_for

if TYPE_CHECKING:
    from gloss_lsp.backends.ollama.wire import Running, Shown, Tag

_SMALL_CONTEXT: Final = 2048
_USUAL_CONTEXT: Final = 4096
_USUAL_SINCE: Final = (0, 6, 7)
"""Before it, a model was loaded with the small context where nothing else was said."""


_NAMING: Final = r"general\.(basename|finetune|base_model\.\d+\.name)"
"""Where a model's file says what it is called."""


@frozen
class Facts:
    """What has to be known of a model before it is asked."""

    form: Form | None
    """The form of filling in the middle that it knows."""
    inserts: bool
    """Whether the server's template fills in the middle."""
    stops: tuple[str, ...]
    """The stop strings of its Modelfile, which those of a request replace."""

    @property
    def fill(self) -> FillMode:
        """Its own form goes first: of that, Gloss knows where it stops, and what has to be defused."""
        return "raw" if self.form else "suffix" if self.inserts else "none"


def facts(name: str, shown: Shown) -> Facts:
    """What ``/api/show`` says of a model that is named so, as far as it matters for asking."""
    info = shown.model_info
    names = [value for key, value in info.items() if re.fullmatch(_NAMING, key) and isinstance(value, str)]
    form = form_for(shown.template, architecture(shown), " ".join([name, *names]))
    # What runs elsewhere is rendered elsewhere: nobody knows whether raw prompts reach the model.
    return Facts(None if shown.remote_host else form, _inserts(shown), _stops(shown.parameters))


def architecture(shown: Shown) -> str:
    """The kind of network, such as ``qwen2``."""
    value = shown.model_info.get("general.architecture")
    return value if isinstance(value, str) else shown.details.family


def model(tag: Tag, shown: Shown | None, running: Running | None, context: int) -> Model:
    """A model that is installed.

    Args:
        tag: what ``/api/tags`` says of it.
        shown: what ``/api/show`` says, or None where it could not be had.
        running: what ``/api/ps`` says, or None where it is not loaded.
        context: what it is taken to have where it is loaded and `running` does not tell, as before 0.10.
    """
    able = abilities(tag, shown)
    kind = architecture(shown) if shown else tag.details.family
    return Model(
        name=tag.name or tag.model,
        size=tag.size,
        parameters=tag.details.parameter_size,
        family=kind,
        chat="completion" in able,
        fill=facts(tag.name, shown).fill if shown and "completion" in able else "none",
        thinking="thinking" in able,
        embedding="embedding" in able,
        remote_host=tag.remote_host or (shown.remote_host if shown else ""),
        trained_context=trained_context(shown) if shown else 0,
        loaded=running is not None,
        context=(running.context_length or context) if running else 0,
        memory=running.size if running else 0,
    )


def abilities(tag: Tag, shown: Shown | None) -> tuple[str, ...]:
    """Ollama's capabilities; guessed for versions that do not tell, which had only two kinds of models."""
    said = tag.capabilities if tag.capabilities is not None else shown.capabilities if shown else None
    if said is not None:
        return said
    embeds = "bert" in tag.details.family or (
        shown is not None and any(key.endswith(".pooling_type") for key in shown.model_info)
    )
    return ("embedding",) if embeds else ("completion",)


def trained_context(shown: Shown) -> int:
    """The tokens that a model was trained for; 0 where that is not said."""
    value = shown.model_info.get(f"{architecture(shown)}.context_length")
    return value if isinstance(value, int) else 0


def likely_context(shown: Shown | None, asked: int | None, version: str) -> int:
    """The tokens of a loaded model where the server is silent: as asked, as in the Modelfile, the usual."""
    trained = trained_context(shown) if shown else 0
    of_model = re.search(r"^num_ctx\s+(\d+)\s*$", shown.parameters, re.MULTILINE) if shown else None
    usual = _USUAL_CONTEXT if _numbers(version) >= _USUAL_SINCE else _SMALL_CONTEXT
    context = asked or (int(of_model[1]) if of_model else usual)
    return min(context, trained) if trained else context


def _inserts(shown: Shown) -> bool:
    if shown.capabilities is None:
        return ".Suffix" in shown.template
    return "insert" in shown.capabilities


def _stops(parameters: str) -> tuple[str, ...]:
    """The values of ``stop``, each quoted as Go does, which is near enough to JSON."""
    quoted = re.findall(r'^stop\s+(".*")\s*$', parameters, re.MULTILINE)
    return tuple(value for value in map(_unquoted, quoted) if value)


def _unquoted(quoted: str) -> str:
    try:
        value = json.loads(quoted)
    except ValueError:
        return ""
    return value if isinstance(value, str) else ""


def _numbers(version: str) -> tuple[int, ...]:
    """A version, to be compared. One that is built from source says ``0.0.0``, and is taken for a new one."""
    numbers = tuple(int(number) for number in re.findall(r"\d+", version)[:3])
    return numbers if any(numbers) else _USUAL_SINCE
