"""What the filters know of the place that a completion is for."""

from __future__ import annotations

import re
from functools import cached_property
from types import MappingProxyType
from typing import Final, Literal

from attrs import frozen

from gloss_lsp.core.completion.brackets import Open, bracket_pattern, open_at
from gloss_lsp.core.completion.window import TAB, Window, columns

Shape = Literal["line", "block"]
"""How much is completed: the rest of the line, or lines to the end of the block."""

PROSE: Final = frozenset(
    {"plaintext", "markdown", "latex", "restructuredtext", "git-commit", "text", "org", "typst"}
)
"""Languages whose brackets and colons mean nothing."""

_OPENERS: Final = ("{", "(", "[", "=>", "->", "|>")
_COLON: Final = MappingProxyType(
    {
        "python": re.compile(
            r"\s*(?:async\s+)?(?:if|elif|else|for|while|try|except|finally|with|def|class|match|case)\b.*:\Z"
        ),
        "yaml": re.compile(r".*:\Z"),
        "gdscript": re.compile(r".*:\Z"),
        "nim": re.compile(r".*[:=]\Z"),
    }
)
_LABEL: Final = re.compile(r"\s*(?:case\b.*|default|public|private|protected)\s*:\Z")
_WORDS: Final = re.compile(
    r"\b(?:do|then|else|begin|repeat|loop|of|where)\Z"
    r"|\A\s*(?:def|class|module|function|local\s+function|unless|begin|for|while|until)\b.*\Z"
)
_WORD_LANGUAGES: Final = frozenset(
    {"ruby", "lua", "shellscript", "elixir", "julia", "crystal", "fish", "vim", "haskell"}
)


@frozen
class Context:
    """A place to be completed."""

    window: Window
    language: str
    """The LSP language id."""

    @cached_property
    def shape(self) -> Shape:
        """A line where one is begun or text follows the cursor; a block where one begins or goes on."""
        if self.window.after.strip():
            return "line"
        before = self.window.before
        return "block" if not before.strip() or self.opens_block(before) else "line"

    @cached_property
    def floor(self) -> int:
        """How far the lines of the block at the cursor are indented at least, in columns."""
        before, above = self.window.before, self.window.line_above
        if before.strip():
            return columns(before) + 1
        own = len(before.expandtabs(TAB))
        # Where the editor did not indent the first line of a block, the model has to.
        return max(own, columns(above) + 1) if self.opens_block(above) else own

    @cached_property
    def bracket_pattern(self) -> re.Pattern[str]:
        """What finds brackets in this language."""
        return bracket_pattern(self.language)

    @cached_property
    def open_brackets(self) -> tuple[Open, ...]:
        """The brackets that are open at the cursor, outermost first."""
        return open_at(self.window, self.bracket_pattern)

    @property
    def is_prose(self) -> bool:
        """Whether the text is for people."""
        return self.language in PROSE

    def opens_block(self, line: str) -> bool:
        """Whether the lines after `line` belong to a block that it begins."""
        code = line.rstrip()
        if not code or self.is_prose:
            return False
        if code.endswith(_OPENERS):
            return True
        colon = _COLON.get(self.language, _LABEL)
        if code.endswith(":") or self.language == "nim":
            return colon.match(code) is not None
        return self.language in _WORD_LANGUAGES and _WORDS.search(code) is not None
