"""Comments that a tool reads: linters, formatters, compilers, editors, type checkers, coverage.

Which words those are is in `gloss_lsp.core.comments.tools`, by family of languages.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from gloss_lsp.core.comments.tools import markup, programs, scripts
from gloss_lsp.core.comments.tools.any import ANY, ANYWHERE

if TYPE_CHECKING:
    from gloss_lsp.core.languages import Language

KEEP_BANGS = re.compile("(?:java|type)script(?:react)?|vue|svelte|css|scss|less|html")
"""Languages whose minifiers keep a comment that begins with ``/*!``, because licences do."""
_BLOCKS = re.compile(
    r"^\s*/// [a-zA-Z0-9-]+$"  # inline script metadata of Python (PEP 723)
    r"|^\s*Local Variables:\s*$"  # Emacs, *Specifying File Variables*
    r"|^\s*(?:stack|cabal|nix)(?: script)?:?(?: --|$)",  # the heads of Haskell scripts
    re.MULTILINE,
)


def is_block_of_tool(words: str) -> bool:
    """Whether the lines of a comment together are something that a tool reads."""
    return _BLOCKS.search(words) is not None


def is_directive(words: str, language: Language) -> bool:
    """Whether a tool reads a comment with these words.

    Args:
        words: all that stands behind the marker, the space too; of several lines, the first counts.
        language: the one that the comment is written in.
    """
    first = words.partition("\n")[0]
    loose, tight = _patterns(language.id)
    if ANYWHERE.search(words) or loose.match(first.strip()):
        return True
    return tight is not None and tight.match(first) is not None


def directive_at_end(words: str, language: Language) -> int:
    """Where in a comment's words a second marker with a directive begins; their length where there is none.

    ``x = f()  # explains  # noqa: E501`` is one comment, and the linter reads its end.
    """
    markers = "|".join(map(re.escape, language.line_markers or ("//",)))
    for match in re.finditer(markers, words):
        if match.start() and is_directive(words[match.end() :], language):
            return len(words[: match.start()].rstrip())
    return len(words)


@cache
def _patterns(language: str) -> tuple[re.Pattern[str], re.Pattern[str] | None]:
    """What counts behind a marker and white space, and what only right behind the marker."""
    tables = (programs, scripts, markup)
    loose = [pattern for table in tables for pattern in table.LOOSE.get(language, ())]
    tight = [pattern for table in tables for pattern in table.TIGHT.get(language, ())]
    return _either(*ANY, *loose), _either(*tight) if tight else None


def _either(*patterns: str) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{pattern})" for pattern in patterns))
