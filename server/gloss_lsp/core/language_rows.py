"""The languages that a grammar parses."""

from __future__ import annotations

from typing import Final

from gloss_lsp.core.language import Language

SLASHES = ("///", "//!", "//")
STARS = (("/**", "*/"), ("/*!", "*/"), ("/*", "*/"))
# Doxygen's markers for what stands before the comment.
_C_SLASHES = ("///<", "//!<", *SLASHES)
_C_STARS = (("/**<", "*/"), ("/*!<", "*/"), *STARS)

PARSED: Final = (
    Language(
        "python", "Python", "python", "python", ("#:", "#"),
        aliases=("py", "python3", "pyi"),
        extensions=("py", "pyi", "pyw", "pyx", "pxd"),
        file_names=("SConstruct", "SConscript", "wscript"),
        interpreters=("python", "pypy", "python3", "python2"),
    ),
    Language(
        "javascript", "JavaScript", "javascript", "javascript", ("///", "//"), STARS,
        aliases=("js", "node", "ecmascript"),
        extensions=("js", "mjs", "cjs", "es6"),
        interpreters=("node", "nodejs", "bun"),
    ),
    Language(
        "javascriptreact", "JavaScript JSX", "jsx", "javascript", ("///", "//"), STARS,
        aliases=("jsx", "javascript.jsx"), extensions=("jsx",),
    ),
    Language(
        "typescript", "TypeScript", "typescript", "typescript", ("///", "//"), STARS,
        aliases=("ts",), extensions=("ts", "mts", "cts"), interpreters=("deno", "ts-node", "tsx"),
    ),
    Language(
        "typescriptreact", "TypeScript JSX", "tsx", "tsx", ("///", "//"), STARS,
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
    Language("java", "Java", "java", "java", ("///", "//"), STARS, extensions=("java",)),
    Language("go", "Go", "go", "go", ("//",), (("/*", "*/"),), aliases=("golang",), extensions=("go",)),
    Language(
        "rust", "Rust", "rust", "rust", SLASHES, STARS,
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
