"""What of a comment is prose to be translated, and what within it is kept as it is.

Kept are doc tags with their names and types (JSDoc, Javadoc, Doxygen, Sphinx, Google, NumPy), list
marks, ``TODO(name):``, code samples, doctests, tables, rulers and markup. A piece is what the model
is asked about at once: a paragraph, the words of one tag, one list item.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from attrs import evolve, frozen

from gloss_lsp.core.comments import markup
from gloss_lsp.core.comments.code import is_code
from gloss_lsp.core.comments.directives import directive_at_end
from gloss_lsp.core.comments.samples import CodeSamples
from gloss_lsp.core.display import join, width

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gloss_lsp.core.comments.passages import Passage, Row
    from gloss_lsp.core.languages import Language

_SHORT = 0.7
"""A row that ends a sentence and is shorter than this part of the widest was ended on purpose."""

_CODE_INDENT = 4


@frozen
class Piece:
    """Words of a passage that are translated together: the rows from `first` to `last`."""

    first: int
    last: int
    label: str
    """What stands before the words on the first row and is kept: a tag, a list mark."""
    words: str
    """The words of all rows in one line."""
    trailer: str = ""
    """What stands behind the words on the last row and is kept."""
    hang: int = 0
    """Columns by which rows that are added are set in from the first."""


def pieces(passage: Passage, language: Language) -> list[Piece]:
    """The prose of a passage, in order; rows that are in none of the pieces are kept as they are."""
    reader = _Reader(passage, language)
    for number in range(len(passage.rows)):
        reader.read(number)
    reader.end()
    return [piece for piece in map(_finished, reader.found) if piece is not None]


def _finished(piece: Piece) -> Piece | None:
    end = _end_of_words(piece.words)
    if end < len(piece.words):
        piece = evolve(piece, words=piece.words[:end], trailer=piece.words[end:] + piece.trailer)
    if not markup.LETTER.search(piece.words) or markup.URL_ONLY.match(piece.words):
        return None
    return piece


def _end_of_words(words: str) -> int:
    """Where the markup begins that words end in: line breaks, and tags that close none of their own."""
    found = markup.BREAK.search(words)
    end = len(words) if found is None else found.start()
    while (found := markup.CLOSING.search(words, 0, end)) and f"<{found[1]}" not in words[: found.start()]:
        end = found.start()
    return end


class _Reader:
    """Goes through the rows of one passage from top to bottom."""

    def __init__(self, passage: Passage, language: Language) -> None:
        self.rows: Sequence[Row] = passage.rows
        self.found: list[Piece] = []
        self._passage = passage
        self._language = language
        self._open: Piece | None = None
        self._widest = max(width(row.words) for row in passage.rows)
        self._samples = CodeSamples()
        self._section: Literal["", "google", "numpy"] = ""
        self._section_indent = 0

    def read(self, number: int) -> None:
        words = self.rows[number].words
        if self._samples.holds(words, self._indent(number)) or self._is_kept(number):
            self.end()
        else:
            self._read_prose(number)

    def end(self) -> None:
        """What comes next is not part of the piece under way."""
        if self._open is not None:
            self.found.append(self._open)
            self._open = None

    def _is_kept(self, number: int) -> bool:
        row = self.rows[number]
        if (
            not markup.LETTER.search(row.words)
            or markup.MARKUP_ONLY.match(row.words)
            or markup.TABLE_ROW.match(row.words)
        ):
            return True
        if markup.KEPT_TAG.match(row.words):
            return True
        if self._is_set_in(number):
            return True
        if not markup.LABEL.match(row.words) and is_code(row.words, self._language):
            return True
        return self._is_of_section(number)

    def _is_set_in(self, number: int) -> bool:
        """Whether a row is a code sample because it is set in: in POD by any column, in Markdown by four."""
        if self._language.id == "perl" and self._passage.kind == "block":
            return number > 0 and self.rows[number].lead[:1] in (" ", "\t")
        if self._passage.kind != "docstring" or self._language.id not in ("elixir", "julia"):
            return False
        return self._indent(number) - width(self._passage.indent) >= _CODE_INDENT

    def _is_of_section(self, number: int) -> bool:
        """Whether a row is the title of a section of Google's or NumPy's style, or a name in NumPy's."""
        row, indent = self.rows[number], self._indent(number)
        if markup.SECTION.match(row.words):
            below = self.rows[number + 1].words if number + 1 < len(self.rows) else ""
            self._section = "numpy" if markup.UNDERLINE.match(below) else "google"
            self._section_indent = indent
            return True
        if indent > self._section_indent:
            return False
        if self._section == "google":
            self._section = ""
        return self._section == "numpy" and markup.NUMPY_ITEM.match(row.words) is not None

    def _read_prose(self, number: int) -> None:
        row = self.rows[number]
        label = self._label(number)
        piece = self._open
        if piece is not None and not label and self._goes_on(piece, number):
            self._open = evolve(piece, last=number, words=join(piece.words, row.words.strip()))
        else:
            self.end()
            self._open = Piece(number, number, label, row.words[len(label) :].strip(), hang=_hang(label))
        self._cut_directive()
        if row.words.rstrip().endswith("::"):
            self._samples.below(self._indent(number))

    def _cut_directive(self) -> None:
        piece = self._open
        if piece is None or self._passage.kind != "line":
            return
        at = directive_at_end(piece.words, self._language)
        if at < len(piece.words):
            self._open = evolve(piece, words=piece.words[:at], trailer=piece.words[at:])
            self.end()

    def _label(self, number: int) -> str:
        row = self.rows[number]
        own = markup.LABELS.get(self._language.id)
        match = (own and own.match(row.words)) or markup.LABEL.match(row.words)
        if match is None and self._section == "google" and self._indent(number) > self._section_indent:
            match = markup.ARGUMENT.match(row.words)
        return match[0] if match is not None else ""

    def _indent(self, number: int) -> int:
        """The column at which a row's words begin.

        What stands beside the opening mark of a block counts as set in like the row below it, and what
        a backslash carries on like the row above.
        """
        rows = self.rows
        if self._passage.kind == "line":
            while number and self._passage.opening not in rows[number].lead:
                number -= 1
        if number == 0 and self._passage.kind != "line":
            return next((width(row.lead) for row in rows[1:] if row.words), width(rows[0].lead))
        outside = width(self._passage.indent.lstrip("\ufeff")) if number == 0 else 0
        return outside + width(rows[number].lead)

    def _goes_on(self, piece: Piece, number: int) -> bool:
        """Whether a row goes on with the piece above it: set in alike, and not broken off on purpose."""
        above = self.rows[number - 1]
        apart = self._indent(number) - self._indent(number - 1)
        if apart and (piece.first < number - 1 or apart < 0 or not piece.label):
            return False
        short = width(above.words) < _SHORT * self._widest
        return not (short and markup.SENTENCE_END.search(above.words.rstrip()))


def _hang(label: str) -> int:
    """How far the second line of what follows a label is set in; -1 where it must not have one."""
    if not label:
        return 0
    if label[0] in "#>":
        return -1
    if label[0] in "@\\:" or (label.rstrip().endswith(":") and not label[0].isupper()):
        return 4
    return len(label) if label[0] in "-*+•0123456789(" else 0
