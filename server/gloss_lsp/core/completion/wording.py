"""What models write around code: special tokens, code fences, and phrases of a chat."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from gloss_lsp.core.completion.context import Context

_TOKEN: Final = re.compile(
    r"<\|(?:endoftext|end_of_text|eot_id|im_start|im_end|im_sep|end|eom_id|repo_name|file_sep|file_separator|cursor"
    r"|fim_\w+|begin_of_text|assistant|user|system|start_of_role|end_of_role)\|>"
    r"|<fim_\w+>|<file_sep>|<reponame>|<jupyter_\w+>|<(?:end|start)_of_turn>|<eos>|</s>"
    r"|<(?:PRE|SUF|MID|EOT|EOD)>|\[(?:PREFIX|SUFFIX|MIDDLE)\]|<｜[^｜\n]{1,40}｜>|<END_OF_\w+>"
)
_FENCE: Final = re.compile(r"^[ \t]*```[^\n`]*\n", re.MULTILINE)
_FENCE_COMING: Final = re.compile(r"^[ \t]*`(?:`(?:`[^\n`]*)?)?\Z", re.MULTILINE)
_PHRASE: Final = re.compile(
    r"[ \t]*(?:(?:sure|certainly|of course|absolutely)[,.!:][^\n]*"
    r"|(?:here(?:'s| is| are)|this is|the (?:missing|completed?|following|remaining))\b[^\n]*:)"
    r"[ \t]*\n(?:[ \t]*\n)*",
    re.IGNORECASE,
)
_FENCED_LANGUAGES: Final = frozenset({"markdown", "mdx", "restructuredtext", "asciidoc"})


def unwrapped(text: str, context: Context) -> tuple[str, bool]:
    """What of an answer is to be inserted, and whether its end was seen (a token or a closing fence)."""
    token = _TOKEN.search(text)
    ended = token is not None
    if token is not None:
        text = text[: token.start()]
    if context.language in _FENCED_LANGUAGES:
        return text, ended
    phrase = _PHRASE.match(text)
    begun = phrase.end() if phrase and not context.is_prose else 0
    fences = list(_FENCE.finditer(text, begun))
    if fences and fences[0].start() == begun:
        begun = fences.pop(0).end()
    if fences:
        return text[begun : fences[0].start()], True
    coming = None if ended else _FENCE_COMING.search(text, begun)
    return text[begun : coming.start() if coming else None], ended
