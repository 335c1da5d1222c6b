"""Text that an operator announces and that begins on the next line: here-documents, block scalars."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

_SCALAR_LINE = re.compile(r"([ \t]*)([^\r\n]*)(\r\n|[\r\n]|\Z)")


def here_document(groups: Mapping[str, str], text: str, at: int) -> int | None:
    """To the line that holds nothing but the tag, set in or not; without such a line there is none."""
    tag = re.escape(groups["tag"])
    end = re.compile(rf"(?<![^\r\n])[ \t]*{tag}(?=[ \t]*(?:[\r\n]|\Z)|[;,).\]])").search(text, at)
    return end.end() if end is not None else None


def php_document(groups: Mapping[str, str], text: str, at: int) -> int | None:
    """To the line that begins with the tag (PHP 7.3: the code may go on behind it)."""
    end = re.compile(rf"(?<![^\r\n])[ \t]*{re.escape(groups['tag'])}(?!\w)").search(text, at)
    return end.end() if end is not None else None


def block_scalar(_: Mapping[str, str], text: str, at: int) -> int | None:
    """The lines set in as far as the first that is not blank, and further than that above (YAML 1.2.2, 8.1.1.1)."""
    above = text[:at].rstrip("\r\n")
    above = above[max(above.rfind("\n"), above.rfind("\r")) + 1 :]
    outer = len(above) - len(above.lstrip(" "))
    end, inner = at, -1
    while at < len(text):
        line = _SCALAR_LINE.match(text, at)
        if line is None:
            break
        at = line.end()
        if not line[2]:
            continue
        indent = len(line[1])
        inner = indent if inner < 0 else inner
        if indent < inner or (inner <= outer and (outer or not indent)):
            break
        end = at
    return end
