"""What Gloss knows of each language: its LSP ids, its grammar, how comments are written.

Ids are those of the LSP 3.18 table for `TextDocumentItem.languageId`, and the names that editors
send besides. Supporting one more language is one row in `_LANGUAGES`, and one in
`gloss_lsp.core.syntax_data` for its node types.
"""

from __future__ import annotations

import re
from pathlib import PurePath

from attrs import frozen


@frozen
class Language:
    """One language, under the id that the LSP table gives it."""

    id: str
    name: str
    """For people: ``C++``."""
    fence: str
    """What is written behind the three backticks of a Markdown code block."""
    grammar: str
    """The row of `gloss_lsp.core.syntax_data.GRAMMARS` that parses it."""
    line_markers: tuple[str, ...]
    """What begins a comment that ends with the line, the longest first."""
    block_markers: tuple[tuple[str, str], ...] = ()
    """What begins and what ends a comment that may run over lines, the longest first."""
    spliced: bool = False
    """Whether a backslash at its end carries a line comment into the next line."""
    aliases: tuple[str, ...] = ()
    """Other ids and names by which editors and fences call it, in lower case."""
    extensions: tuple[str, ...] = ()
    """Without the leading dot; in lower case, but where case tells languages apart."""
    file_names: tuple[str, ...] = ()
    interpreters: tuple[str, ...] = ()
    """What a first line ``#!`` may name, without a version."""


_SLASHES = ("///", "//!", "//")
_STARS = (("/**", "*/"), ("/*!", "*/"), ("/*", "*/"))
# Doxygen's markers for what stands before the comment.
_C_SLASHES = ("///<", "//!<", *_SLASHES)
_C_STARS = (("/**<", "*/"), ("/*!<", "*/"), *_STARS)

_LANGUAGES = (
    Language(
        "python", "Python", "python", "python", ("#:", "#"),
        aliases=("py", "python3", "pyi"),
        extensions=("py", "pyi", "pyw", "pyx", "pxd"),
        file_names=("SConstruct", "SConscript", "wscript"),
        interpreters=("python", "pypy", "python3", "python2"),
    ),
    Language(
        "javascript", "JavaScript", "javascript", "javascript", ("///", "//"), _STARS,
        aliases=("js", "node", "ecmascript"),
        extensions=("js", "mjs", "cjs", "es6"),
        interpreters=("node", "nodejs", "bun"),
    ),
    Language(
        "javascriptreact", "JavaScript JSX", "jsx", "javascript", ("///", "//"), _STARS,
        aliases=("jsx", "javascript.jsx"), extensions=("jsx",),
    ),
    Language(
        "typescript", "TypeScript", "typescript", "typescript", ("///", "//"), _STARS,
        aliases=("ts",), extensions=("ts", "mts", "cts"), interpreters=("deno", "ts-node", "tsx"),
    ),
    Language(
        "typescriptreact", "TypeScript JSX", "tsx", "tsx", ("///", "//"), _STARS,
        aliases=("tsx", "typescript.tsx"), extensions=("tsx",),
    ),
    Language("c", "C", "c", "c", _C_SLASHES, _C_STARS, spliced=True, extensions=("c", "h")),
    Language(
        "cpp", "C++", "cpp", "cpp", _C_SLASHES, _C_STARS, spliced=True,
        aliases=("c++", "cxx", "cuda-cpp", "cuda", "cu", "arduino"),
        extensions=(
            "cc", "cpp", "cxx", "c++", "C", "hh", "hpp", "hxx", "h++", "ipp", "inl", "tpp", "cu", "cuh",
            "ino",
        ),
    ),
    Language("java", "Java", "java", "java", ("///", "//"), _STARS, extensions=("java",)),
    Language("go", "Go", "go", "go", ("//",), (("/*", "*/"),), aliases=("golang",), extensions=("go",)),
    Language(
        "rust", "Rust", "rust", "rust", _SLASHES, _STARS,
        aliases=("rs",), extensions=("rs",), interpreters=("rust-script",),
    ),
    Language(
        "shellscript", "shell", "bash", "bash", ("#",),
        aliases=("sh", "bash", "shell", "zsh", "ksh", "dash", "shell-script"),
        extensions=("sh", "bash", "zsh", "ksh", "bats", "ebuild"),
        file_names=(
            ".bashrc", ".bash_profile", ".bash_aliases", ".profile", ".zshrc", ".zprofile", ".zshenv",
            "PKGBUILD", "APKBUILD",
        ),
        interpreters=("sh", "bash", "zsh", "ksh", "dash", "ash"),
    ),
)  # fmt: skip

_BY_ID = {name: language for language in _LANGUAGES for name in (language.id, *language.aliases)}
_BY_EXTENSION = {extension: language for language in _LANGUAGES for extension in language.extensions}
_BY_FILE_NAME = {name: language for language in _LANGUAGES for name in language.file_names}
_BY_INTERPRETER = {name: language for language in _LANGUAGES for name in language.interpreters}

# Languages that are explained and completed though nothing is known of them but their id.
_OTHER_EXTENSIONS = {
    "bat": "bat", "clj": "clojure", "cmake": "cmake", "cs": "csharp", "css": "css", "dart": "dart", "diff":
    "diff",
    "erl": "erlang", "ex": "elixir", "exs": "elixir", "fs": "fsharp", "graphql": "graphql", "groovy":
    "groovy",
    "hs": "haskell", "htm": "html", "html": "html", "ini": "ini", "jl": "julia", "json": "json", "jsonc":
    "jsonc",
    "kt": "kotlin", "kts": "kotlin", "less": "less", "lua": "lua", "m": "objective-c", "md": "markdown",
    "mk": "makefile", "ml": "ocaml", "mli": "ocaml", "nix": "nix", "patch": "diff", "php": "php", "pl":
    "perl",
    "pm": "perl", "proto": "protobuf", "ps1": "powershell", "r": "r", "rb": "ruby", "rst": "restructuredtext",
    "sass": "sass", "scala": "scala", "scss": "scss", "sql": "sql", "svelte": "svelte", "swift": "swift",
    "tex": "latex", "tf": "terraform", "toml": "toml", "vim": "vim", "vue": "vue", "xml": "xml", "yaml":
    "yaml",
    "yml": "yaml", "zig": "zig",
}  # fmt: skip
_OTHER_FILE_NAMES = {
    "CMakeLists.txt": "cmake",
    "Dockerfile": "dockerfile",
    "GNUmakefile": "makefile",
    "Makefile": "makefile",
}

_SHEBANG = re.compile(r"#!\s*(?:\S*/)?(?:env\s+(?:-\S+\s+|\w+=\S*\s+)*)?(?:\S*/)?([A-Za-z+-]+)")

PLAIN = "plaintext"
"""The id of a text in no language that is known."""


def language(language_id: str) -> Language | None:
    """The language with this LSP id or one of the names that editors use for it; None: not supported."""
    return _BY_ID.get(language_id.strip().lower())


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
    if name in _OTHER_FILE_NAMES:
        return _OTHER_FILE_NAMES[name]
    extension = name.rpartition(".")[2] if "." in name.lstrip(".") else ""
    known = _BY_EXTENSION.get(extension) or _BY_EXTENSION.get(extension.lower())
    if known is not None:
        return known.id
    if extension.lower() in _OTHER_EXTENSIONS:
        return _OTHER_EXTENSIONS[extension.lower()]
    shebang = _SHEBANG.match(first_line.removeprefix("\ufeff"))
    interpreter = _BY_INTERPRETER.get(shebang[1]) if shebang else None
    return interpreter.id if interpreter else PLAIN
