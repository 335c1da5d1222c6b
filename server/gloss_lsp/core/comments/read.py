"""Reads a file as far as its comments need it: by its grammar, or by the rules of its lexer."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from attrs import field, frozen

from gloss_lsp.core.comments.scan.scanner import Token, scan
from gloss_lsp.core.comments.scan.table import ROWS
from gloss_lsp.core.languages import Language, language
from gloss_lsp.core.syntax import Tree, parse

if TYPE_CHECKING:
    from gloss_lsp.core.text import Source


@frozen(eq=False)
class Scanned:
    """One version of a document, scanned for comments and literals."""

    source: Source
    language: Language
    tokens: tuple[Token, ...] = field(repr=False)


Reading: TypeAlias = "Tree | Scanned"
"""What a file's comments are found in."""


def read(source: Source) -> Reading | None:
    """A file as its grammar has it, else as its scanner has it; None where its language is not supported."""
    tree = parse(source)
    return tree if tree is not None else scanned(source)


def by_lexer(reading: Reading) -> Reading:
    """The same as its scanner has it, where the grammar cannot be relied on for comments.

    A grammar guesses where code is broken, and C's does not know what a macro hides. Comments are a
    matter of the lexer, which both leave as it is.
    """
    if isinstance(reading, Scanned) or not (reading.root.has_error or reading.language.spliced):
        return reading
    return scanned(reading.source) or reading


def scanned(source: Source) -> Scanned | None:
    """A file as its scanner has it; None where its language is not supported."""
    known = language(source.language)
    if known is None or known.id not in ROWS:
        return None
    return Scanned(source, known, tuple(scan(source.text, known.id, ROWS)))
