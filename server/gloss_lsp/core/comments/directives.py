"""Comments that a tool reads: linters, formatters, compilers, editors, type checkers, coverage.

Each pattern is what the tool's own documentation says it looks for, matched against the words of a
comment (without its marker) from their beginning, or wherever the tool finds it.
"""

from __future__ import annotations

import re
from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


def _words(*patterns: str) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{pattern})" for pattern in patterns))


# Any language: editors (modelines, folds, regions), secrets and spelling checkers, coverage, licences.
_ANY = (
    r"-\*-.*-\*-",
    r"(?:vi|vim|ex)\d*:\s*\S",
    r"#?(?:end)?region\b",
    r"</?editor-fold\b",
    r"\{\{\{|\}\}\}",
    r"%%(?:\s|$)",
    r"noinspection\b",
    r"language=\w",
    r"@formatter:",
    r"(?:c[sS]pell|spell-checker|codespell):",
    r"(?:SPDX|REUSE)-",
    r"[#@]\s*source(?:Mapping)?URL=",
    r"@generated\b",
    r"Code generated .* DO NOT EDIT",
    r"(?:nosec|nosemgrep|gitleaks:allow|trufflehog:ignore|skipcq|snyk|deepcode)\b",
    r"\[(?:START|END) \w+\]",
    r"(?:LCOV|GCOVR?|GRCOV)_EXCL",
    r"(?:dprint|prettier|biome)-ignore",
)
# Found wherever they stand in a comment.
_ANYWHERE = _words(r"\bNOLINT(?:NEXTLINE|BEGIN|END)?\b", r"\bNOSONAR\b", r"\bLCOV_EXCL_")

_PYTHON = (
    r"noqa\b",
    r"type:\s*\S",
    r"(?:pylint|pragma|fmt|isort|yapf|mypy|pyright|basedpyright|ruff|flake8|pytype|black|autopep8|doctest)\s*:",
    r"(?:cython|distutils|coverage|sourcery|docformatter|interrogate|pydocstyle|ty|pyrefly)\s*:",
    r"pyre-\w+",
    r"lint-(?:ignore|fixme)",
    r".*\bcoding[:=]\s*[-\w.]+",
    r"In\s?\[\s*\d*\s*\]:",
)
_JAVASCRIPT = (
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
)
_C = (
    r"clang-(?:format|tidy)\b",
    r"IWYU pragma",
    r"(?:cppcheck|coverity|PVS|pvs|LINT|lint)\b[-\s\[:]",
    r"(?i:-?\s*fall(?:s|-|\s)*thr(?:ough|u)\b)",
    r"(?:NOTREACHED|ARGSUSED\d*|VARARGS\d*|PRINTFLIKE\d*|SCANFLIKE\d*|LINTED|CONSTCOND)\b",
    r"-V[:\d]",
)
_JAVA = (r"CHECKSTYLE", r"NOPMD", r"\$NON-NLS-\d+\$", r"spotless:", r"PMD", r"language=", r"\$FALL-THROUGH\$")
_GO = (r"\+build\b", r"nolint\b", r"#nosec", r"want\s+[\"`]")
_RUST = (
    r"(?:rustfmt|clippy|tarpaulin|grcov)::?",
    r"(?:compile|rustc|run|edition|revisions|ignore|only|needs|aux-build|build-pass|check-pass)[-:]\S*(?=:|$)",
    r"~[\^|]*\s*(?:ERROR|WARN|NOTE|HELP)",
)
_SHELL = (
    r"(?:shellcheck|shfmt|bashate|hadolint)\b",
    r"chkconfig:",
)

_BY_GRAMMAR: Mapping[str, re.Pattern[str]] = MappingProxyType(
    {
        "python": _words(*_ANY, *_PYTHON),
        "javascript": _words(*_ANY, *_JAVASCRIPT),
        "typescript": _words(*_ANY, *_JAVASCRIPT),
        "tsx": _words(*_ANY, *_JAVASCRIPT),
        "c": _words(*_ANY, *_C),
        "cpp": _words(*_ANY, *_C),
        "java": _words(*_ANY, *_JAVA),
        "go": _words(*_ANY, *_GO),
        "rust": _words(*_ANY, *_RUST),
        "bash": _words(*_ANY, *_SHELL),
    }
)
# What counts only right behind the marker, without a space (Go: package go/ast, *Comment*).
_TIGHT: Mapping[str, re.Pattern[str]] = MappingProxyType(
    {
        "python": _words(r"!"),
        "bash": _words(r"!", r"(?:SBATCH|PBS|BSUB|COBALT|MSUB|OAR|compdef|autoload)\b", r"\$ -"),
        "go": _words(r"[a-z0-9]+:[a-z0-9]", r"(?:export|extern|line|sys)\b"),
    }
)
_SECOND_MARKER: Mapping[str, str] = MappingProxyType({"python": "#", "bash": "#"})

# Inline script metadata of Python (PEP 723).
_BLOCK_OF_TOOL = re.compile(r"^\s*/// [a-zA-Z0-9-]+$", re.MULTILINE)


def is_block_of_tool(words: str) -> bool:
    """Whether the lines of a comment together are something that a tool reads."""
    return _BLOCK_OF_TOOL.search(words) is not None


def is_directive(words: str, grammar: str) -> bool:
    """Whether a tool reads a comment with these words.

    Args:
        words: all that stands behind the marker, the space too; of several lines, the first counts.
        grammar: the name of the language's grammar.
    """
    first = words.partition("\n")[0]
    if _ANYWHERE.search(words) or _BY_GRAMMAR[grammar].match(first.strip()):
        return True
    tight = _TIGHT.get(grammar)
    return tight is not None and tight.match(first) is not None


def directive_at_end(words: str, grammar: str) -> int:
    """Where in a comment's words a second marker with a directive begins; their length where there is none.

    ``x = f()  # explains  # noqa: E501`` is one comment, and the linter reads its end.
    """
    marker = _SECOND_MARKER.get(grammar, "//")
    at = words.find(marker, 1)
    while at > 0:
        if is_directive(words[at + len(marker) :], grammar):
            return len(words[:at].rstrip())
        at = words.find(marker, at + len(marker))
    return len(words)
