"""The forms in which models were taught to fill in the middle, and which model knows which.

The forms are those of the families' own model cards, and of the templates in Ollama's library.
"""

from __future__ import annotations

import re
from typing import Final, Literal

from attrs import evolve, frozen


@frozen
class Form:
    """How a family of models is asked to fill in the middle, and where it has to stop."""

    name: str
    prefix: str
    """Stands ahead of the text before the gap."""
    suffix: str
    """Stands ahead of the text behind the gap."""
    middle: str
    """Stands at the end, where the model goes on; empty where it goes on with the prefix."""
    stops: tuple[str, ...]
    """Special tokens that are no part of an answer."""
    order: Literal["prefix first", "suffix first"] = "prefix first"

    def render(self, prefix: str, suffix: str) -> str:
        """The prompt, to be sent raw: through no template of the server."""
        prefix, suffix = defuse(prefix, suffix, self.markers)
        parts = [self.prefix + prefix, self.suffix + suffix]
        if self.order == "suffix first":
            parts.reverse()
        return "".join(parts) + self.middle

    @property
    def markers(self) -> tuple[str, ...]:
        """All that means something to the model when it stands in the prompt."""
        own = (self.prefix.strip(), self.suffix.strip(), self.middle.strip())
        return tuple(dict.fromkeys(marker for marker in (*own, *self.stops) if marker))


def form_for(template: str, architecture: str, name: str) -> Form | None:
    """The form that a model knows, or None where it is not known to know any.

    Args:
        template: of the server for this model. Where it holds the markers of a form, that is it.
        architecture: of the model's file, such as ``qwen2``; empty where the server does not say.
        name: the model's name and whatever else it is called; without markers in the template, it and
            the architecture decide. A general model of a family does not count: that its vocabulary has
            the markers does not mean that it was taught to use them.
    """
    name = name.lower()
    named = [family for family in _FAMILIES if family.knows(architecture, name)]
    written = [family for family in _FAMILIES if family.stands_in(template)]
    both = [family for family in written if family in named]
    chosen = next(iter(both or written or named), None)
    if chosen is None:
        return None
    form = chosen.form
    if chosen in written and 0 <= template.find(form.suffix.strip()) < template.find(form.prefix.strip()):
        return evolve(form, order="suffix first")
    return form


def defuse(prefix: str, suffix: str, markers: tuple[str, ...] = ()) -> tuple[str, str]:
    """Takes markers out of the user's text, where they would act as such.

    Servers read special tokens in a raw prompt wherever they stand, so a file *about* them, such as
    this one, would end its own prefix. They are not altered, since the model would copy what it reads
    into what it writes: a line that holds one is left out, and of the line with the gap stays what is
    between the gap and the marker next to it. Without `markers`, those of all forms are meant.
    """
    marker = re.compile("|".join(map(re.escape, markers or _ALL_MARKERS)))
    if not marker.search(prefix) and not marker.search(suffix):
        return prefix, suffix
    *above, before = prefix.split("\n")
    after, *below = suffix.split("\n")
    above = [line for line in above if not marker.search(line)]
    below = [line for line in below if not marker.search(line)]
    return "\n".join([*above, marker.split(before)[-1]]), "\n".join([marker.split(after)[0], *below])


@frozen
class _Family:
    """The models that know a form."""

    form: Form
    names: str
    """A pattern for what they are called, in lower case."""
    architectures: tuple[str, ...] = ()
    """Empty: any."""
    brand: str = ""
    """A pattern that has to stand in the name too, where nothing says what the architecture is."""

    def knows(self, architecture: str, name: str) -> bool:
        if architecture:
            fits = not self.architectures or architecture in self.architectures
        else:
            fits = re.search(self.brand, name) is not None
        return fits and re.search(self.names, name) is not None

    def stands_in(self, template: str) -> bool:
        form = self.form
        return all(marker.strip() in template for marker in (form.prefix, form.suffix, form.middle))


_PIPED = ("<|fim_prefix|>", "<|fim_suffix|>", "<|fim_middle|>")
_PLAIN = ("<fim_prefix>", "<fim_suffix>", "<fim_middle>")
_PLAIN_STOPS = (*_PLAIN, "<fim_pad>", "<file_sep>", "<repo_name>", "<|endoftext|>", "<|end_of_text|>")

_QWEN: Final = Form(
    "qwen",
    *_PIPED,
    (
        *_PIPED,
        "<|fim_pad|>",
        "<|repo_name|>",
        "<|file_sep|>",
        "<|endoftext|>",
        "<|im_start|>",
        "<|im_end|>",
    ),
)
_CODEGEMMA: Final = Form(
    "codegemma", *_PIPED, (*_PIPED, "<|file_separator|>", "<start_of_turn>", "<end_of_turn>", "<eos>")
)
_GRANITE: Final = Form(
    "granite",
    *_PIPED,
    (*_PIPED, "<|fim_pad|>", "<|filename|>", "<|end_of_text|>", "<|start_of_role|>", "<|end_of_role|>"),
)
_STARCODER: Final = Form("starcoder", *_PLAIN, _PLAIN_STOPS)
_MELLUM: Final = Form("mellum", *_PLAIN, (*_PLAIN_STOPS, "<filename>"), order="suffix first")
_DEEPSEEK: Final = Form(
    "deepseek",
    "<｜fim▁begin｜>",
    "<｜fim▁hole｜>",
    "<｜fim▁end｜>",
    (
        "<｜fim▁begin｜>",
        "<｜fim▁hole｜>",
        "<｜fim▁end｜>",
        "<｜begin▁of▁sentence｜>",
        "<｜end▁of▁sentence｜>",
        "<|EOT|>",
    ),
)
_CODESTRAL: Final = Form(
    "codestral",
    "[PREFIX] ",
    "[SUFFIX]",
    "",
    ("[PREFIX]", "[SUFFIX]", "[MIDDLE]", "[INST]", "[/INST]", "</s>"),
    order="suffix first",
)
_CODELLAMA: Final = Form(
    "codellama", "<PRE> ", " <SUF>", " <MID>", ("<PRE>", "<SUF>", "<MID>", "<EOT>", "</s>")
)
_SEED: Final = Form(
    "seed-coder",
    "<[fim-prefix]>",
    "<[fim-suffix]>",
    "<[fim-middle]>",
    (
        "<[fim-prefix]>",
        "<[fim-suffix]>",
        "<[fim-middle]>",
        "<[begin▁of▁sentence]>",
        "<[end▁of▁sentence]>",
    ),
    order="suffix first",
)

# The first of those that share their markers is meant where only the markers are known.
_FAMILIES: Final = (
    # DeepCoder comes from a general model.
    _Family(_QWEN, r"(?<!deep)coder", ("qwen2", "qwen2moe", "qwen3", "qwen3moe", "qwen3next"), "qwen"),
    # Its plain 7b is the one that only talks.
    _Family(_CODEGEMMA, r"codegemma.*(2b|-code)", ("gemma",)),
    _Family(_GRANITE, r"granite-?4", ("granite", "granitemoe", "granitehybrid")),
    _Family(_STARCODER, r"", ("starcoder", "starcoder2"), "starcoder"),
    _Family(_STARCODER, r"starcoder|granite.{0,12}code|stable-?code|codeqwen|refact"),
    _Family(_MELLUM, r"mellum"),
    _Family(_DEEPSEEK, r"deepseek-?coder|deepseek-?v2\.5", ("llama", "deepseek2")),
    _Family(_CODESTRAL, r"codestral(?!.*mamba)", ("llama", "mistral", "mistral3")),
    # Neither the Python models nor the large ones were taught it.
    _Family(_CODELLAMA, r"^(?!.*(python|34b|70b)).*code-?llama", ("llama",)),
    _Family(_SEED, r"seed-?coder", ("llama",)),
)
_ALL_MARKERS: Final = tuple(dict.fromkeys(marker for family in _FAMILIES for marker in family.form.markers))
