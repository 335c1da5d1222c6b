"""The row of every language, by its LSP id."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from gloss_lsp.core.comments.scan import braces, data, functional, scripts, web, words

if TYPE_CHECKING:
    from collections.abc import Mapping

    from gloss_lsp.core.comments.scan.rules import Row

ROWS: Mapping[str, Row] = MappingProxyType(
    {
        "c": braces.C,
        "cpp": braces.C,
        "cmake": data.CMAKE,
        "csharp": braces.C_SHARP,
        "css": web.CSS,
        "dart": braces.DART,
        "dockerfile": data.DOCKERFILE,
        "elixir": scripts.ELIXIR,
        "erlang": scripts.ERLANG,
        "fsharp": functional.F_SHARP,
        "go": braces.GO,
        "graphql": data.GRAPHQL,
        "groovy": braces.GROOVY,
        "haskell": functional.HASKELL,
        "html": web.HTML,
        "ini": data.INI,
        "java": braces.JAVA,
        "javascript": web.JAVASCRIPT,
        "javascriptreact": web.JAVASCRIPT,
        "jsonc": braces.JSON,
        "julia": scripts.JULIA,
        "kotlin": braces.KOTLIN,
        "latex": data.LATEX,
        "less": web.SCSS,
        "lua": scripts.LUA,
        "makefile": data.MAKEFILE,
        "nix": functional.NIX,
        "ocaml": functional.OCAML,
        "perl": words.PERL,
        "php": web.PHP,
        "powershell": scripts.POWERSHELL,
        "properties": data.PROPERTIES,
        "protobuf": braces.PROTOBUF,
        "python": scripts.PYTHON,
        "r": scripts.R,
        "ruby": words.RUBY,
        "rust": braces.RUST,
        "scala": braces.SCALA,
        "scss": web.SCSS,
        "shellscript": scripts.SHELL,
        "sql": data.SQL,
        "svelte": web.SVELTE,
        "swift": braces.SWIFT,
        "terraform": data.TERRAFORM,
        "toml": data.TOML,
        "typescript": web.TYPESCRIPT,
        "typescriptreact": web.JAVASCRIPT,
        "vue": web.HTML,
        "xml": web.XML,
        "yaml": data.YAML,
        "zig": braces.ZIG,
    }
)
