"""What Gloss knows of each language: its LSP ids, its grammar, how comments are written.

Ids are those of the LSP 3.18 table for `TextDocumentItem.languageId`, and the names that editors
send besides. Supporting one more language is one row in `gloss_lsp.core.language_rows`, and one in
`gloss_lsp.core.syntax_data` for its node types; without a grammar, one row in
`gloss_lsp.core.language_rows_scanned`, and one in `gloss_lsp.core.comments.scan.table`.
"""

from __future__ import annotations

import re
from pathlib import PurePath

from gloss_lsp.core.language import Language
from gloss_lsp.core.language_rows import PARSED
from gloss_lsp.core.language_rows_scanned import SCANNED

__all__ = ["PLAIN", "Language", "fence", "id_for_path", "language", "language_of"]

_LANGUAGES = (*PARSED, *SCANNED)
_BY_ID = {name: language for language in _LANGUAGES for name in (language.id, *language.aliases)}
_BY_EXTENSION = {extension: language for language in _LANGUAGES for extension in language.extensions}
_BY_FILE_NAME = {name: language for language in _LANGUAGES for name in language.file_names}
_BY_INTERPRETER = {name: language for language in _LANGUAGES for name in language.interpreters}

# Languages that are explained and completed though nothing is known of them but their id.
_OTHER_EXTENSIONS = {
    "bat": "bat", "clj": "clojure", "diff": "diff", "json": "json", "m": "objective-c", "md": "markdown",
    "patch": "diff", "rst": "restructuredtext", "sass": "sass", "vim": "vim",
}  # fmt: skip
_PREFIXES = ("Dockerfile", "Containerfile", "Makefile")
"""File names behind which one more word may stand: ``Dockerfile.dev``."""

_SHEBANG = re.compile(r"#!\s*(?:\S*/)?(?:env\s+(?:-\S+\s+|\w+=\S*\s+)*)?(?:\S*/)?([A-Za-z+-]+)")

PLAIN = "plaintext"
"""The id of a text in no language that is known."""


def language(language_id: str) -> Language | None:
    """The language with this LSP id or one of the names that editors use for it; None: not supported."""
    return _BY_ID.get(language_id.strip().lower())


def language_of(language_id: str) -> Language:
    """The language with an id of ours; one that is nobody's is a mistake in a table."""
    return _BY_ID[language_id]


def fence(language_id: str) -> str:
    """The name that begins a Markdown code block in this language; where nothing better is known, the id."""
    known = language(language_id)
    if known is not None:
        return known.fence
    return "" if language_id == PLAIN else re.sub(r"[^\w+#.-]", "", language_id)


def id_for_path(path: str, first_line: str = "") -> str:
    """The LSP id for a file: by its name, its extension, or the interpreter that its first line names.

    ``plaintext`` where none of them tells. An editor knows better: this is for the command line.
    """
    name = PurePath(path.replace("\\", "/")).name
    if name in _BY_FILE_NAME:
        return _BY_FILE_NAME[name].id
    extension = name.rpartition(".")[2] if "." in name.lstrip(".") else ""
    known = _BY_EXTENSION.get(extension) or _BY_EXTENSION.get(extension.lower())
    if known is not None:
        return known.id
    if extension.lower() in _OTHER_EXTENSIONS:
        return _OTHER_EXTENSIONS[extension.lower()]
    stem = name.partition(".")[0]
    if stem in _PREFIXES:
        return _BY_FILE_NAME[stem].id
    shebang = _SHEBANG.match(first_line.removeprefix("\ufeff"))
    interpreter = _BY_INTERPRETER.get(shebang[1]) if shebang else None
    return interpreter.id if interpreter else PLAIN
