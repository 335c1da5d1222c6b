"""What the tools of compiled languages, and of JavaScript, look for."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

JAVASCRIPT = (
    r"eslint\b",
    r"(?:globals?|exported)\s+[\w$]+\s*(?:[:,].*)?$",
    r"(?:jshint|jslint|jscs|tslint|istanbul|stylelint|standard|oxlint|biome)[\s:-]\S?",
    r"(?:c8|v8|node:coverage) ignore\b",
    r"@(?:ts-|flow\b|noflow\b|jsx|jest-|vitest-|vite-|babel|swc|cc_on|preserve\b|license\b)",
    r"\$Flow|flow(?:lint)?:?\b",
    r"[@#]__[A-Z_]+__",
    r"webpack\w+:",
    r"<(?:reference|amd-)",
    r"deno-(?:lint|fmt|coverage)-",
    r"Stryker (?:disable|restore)\b",
)
_C = (
    r"clang-(?:format|tidy)\b",
    r"IWYU pragma",
    r"(?:cppcheck|coverity|PVS|pvs|LINT|lint)\b[-\s\[:]",
    r"(?i:-?\s*fall(?:s|-|\s)*thr(?:ough|u)\b)",
    r"(?:NOTREACHED|ARGSUSED\d*|VARARGS\d*|PRINTFLIKE\d*|SCANFLIKE\d*|LINTED|CONSTCOND)\b",
    r"-V[:\d]",
)
_JVM = (
    r"CHECKSTYLE",
    r"NOPMD",
    r"\$NON-NLS-\d+\$",
    r"spotless:",
    r"PMD",
    r"\$FALL-THROUGH\$",
    r"(?:ktlint|detekt)[-:]",
)

LOOSE: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        **dict.fromkeys(("javascript", "javascriptreact", "typescript", "typescriptreact"), JAVASCRIPT),
        **dict.fromkeys(("c", "cpp"), _C),
        **dict.fromkeys(("java", "kotlin", "groovy"), _JVM),
        "scala": (*_JVM, r"(?:scalastyle|scalafmt|scalafix):", r"\$COVERAGE-"),
        "csharp": (
            r"(?i:resharper) \w+",
            r"csharpier-ignore",
            r"Stryker (?:disable|restore)\b",
            r"dotnet[-_]\w+:",
        ),
        "fsharp": (r"fantomas-ignore", r"fsharplint:"),
        "swift": (
            r"swift(?:lint|format|-format-ignore)\b",
            r"(?:sourcery|periphery):",
            r"swift-tools-version:",
        ),
        "dart": (
            r"ignore(?:_for_file)?:\s*\w",
            r"@dart\b",
            r"coverage:ignore",
            r"dart format\b",
            r"GENERATED CODE",
        ),
        "go": (r"\+build\b", r"nolint\b", r"#nosec", r"want\s+[\"`]"),
        "rust": (
            r"(?:rustfmt|clippy|tarpaulin|grcov)::?",
            r"(?:compile|rustc|run|edition|revisions|ignore|only|needs|aux-build|build-pass|check-pass)[-:]\S*(?=:|$)",
            r"~[\^|]*\s*(?:ERROR|WARN|NOTE|HELP)",
        ),
        "zig": (r"zig fmt: o(?:n|ff)\b", r"zlint-disable"),
        "haskell": (
            r"(?i:hlint)\b[: ]\s*\w",
            r"(?:ormolu|fourmolu|brittany|weeder):",
            r"(?:OR|FOUR)MOLU_(?:DIS|EN)ABLE",
            r"stylish-haskell",
        ),
        "ocaml": (r"ocamlformat\b", r"\$MDX\b", r"\[@"),
        "erlang": (r"erlfmt[:-]", r"(?:elvis|elp:ignore)\b"),
        "elixir": (r"credo:", r"coveralls-ignore", r"sobelow_skip", r"styler:"),
        "protobuf": (r"buf:lint:ignore", r"protolint:", r"@@protoc_insertion_point", r"clang-format\b"),
    }
)
TIGHT: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        # Package go/ast, *Comment*; cmd/cgo.
        "go": (r"[a-z0-9]+:[a-z0-9]", r"(?:export|extern|line|sys)\b"),
        "haskell": ("#",),
        "scala": (r">\s*using\b",),
        "ocaml": (r"\$",),
    }
)
