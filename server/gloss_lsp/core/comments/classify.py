"""Which comments are left alone, and why."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Literal

from gloss_lsp.core.comments.code import is_all_code
from gloss_lsp.core.comments.directives import KEEP_BANGS, is_block_of_tool, is_directive

if TYPE_CHECKING:
    from gloss_lsp.core.comments.find import Comment
    from gloss_lsp.core.comments.passages import Passage
    from gloss_lsp.core.comments.read import Reading

Reason = Literal["directive", "licence", "code", "no words"]
"""Why a comment is not translated, whatever language it is in."""

_LICENCE = re.compile(
    r"copyright|©|\(c\)\s*\d{4}|@license|licen[sc]ed?\s+(?:under|to)\b|all rights reserved"
    r"|permission is hereby|general public license|mit license|apache license|mozilla public|bsd license"
    r"|版权|版權|许可证|著作権|ライセンス|저작권|лицензи|авторские права|bản quyền|lizenz|urheberrecht"
    r"|droits réservés|derechos reservados|direitos reservados",
    re.IGNORECASE,
)
_HEADER_LINES = 40
_URL = re.compile(
    r"<?(?:https?|ftp|file|git|ssh)://\S+|<?\b[\w.+-]{1,64}@[\w-]{1,63}\.[\w.-]{1,255}\b>?|\bwww\.\S+"
)
_LETTER = re.compile(r"[^\W\d_]")
_GO_OUTPUT = re.compile(r"(?i)\s*(?:unordered )?output:")


def is_own_text(reading: Reading, comment: Comment) -> bool:
    """Whether a comment is never one text with its neighbours, because a tool reads it."""
    words = reading.source.slice(comment.span)[len(comment.opening) :]
    return _is_shebang(reading, comment.span.start) or is_directive(words, comment.language)


def left_alone(reading: Reading, passage: Passage, *, licences: bool) -> Reason | None:
    """Why a passage is not to be translated into any language; None where it is to be.

    Args:
        reading: the file.
        passage: one of its passages.
        licences: whether licence headers are translated too.
    """
    words = passage.words
    if _is_read_by_tool(reading, passage):
        return "directive"
    if not licences and _is_licence(passage):
        return "licence"
    if not _LETTER.search(_URL.sub("", words)):
        return "no words"
    lines = [row.words for row in passage.rows]
    if passage.kind != "docstring" and is_all_code(lines, passage.language):
        return "code"
    return None


def _is_shebang(reading: Reading, start: int) -> bool:
    return start <= 1 and reading.source.text.lstrip("\ufeff").startswith("#!")


def _is_read_by_tool(reading: Reading, passage: Passage) -> bool:
    language = passage.language
    if passage.kind == "docstring":
        return False
    behind = passage.rows[0].lead[len(passage.opening) :] + passage.words
    if (
        _is_shebang(reading, passage.span.start)
        or is_directive(behind, language)
        or is_block_of_tool(passage.words)
    ):
        return True
    if language.id == "shellscript" and _is_in_init_block(reading, passage):
        return True
    if language.id == "go":
        return _is_read_by_go(reading, passage)
    # Minifiers keep what begins so, because licences do.
    return passage.opening == "/*!" and KEEP_BANGS.fullmatch(language.id) is not None


def _is_in_init_block(reading: Reading, passage: Passage) -> bool:
    """Service managers read the header of an init script (LSB, *Comment Conventions for Init Scripts*)."""
    text, end = reading.source.text, passage.span.end
    return text.rfind("# BEGIN INIT INFO", 0, end) > text.rfind("# END INIT INFO", 0, passage.span.start)


def _is_read_by_go(reading: Reading, passage: Passage) -> bool:
    """A cgo preamble is C code (cmd/cgo), and what an example is to print is compared (package testing)."""
    below = reading.source.text[passage.span.end : passage.span.end + 200]
    if re.match(r"\r?\n[ \t]*import\s+(?:\(\s*)?\"C\"", below):
        return True
    return any(_GO_OUTPUT.match(row.words) for row in passage.rows) and passage.indent != ""


def _is_licence(passage: Passage) -> bool:
    return (
        passage.kind != "docstring"
        and passage.line < _HEADER_LINES
        and _LICENCE.search(passage.words) is not None
    )
