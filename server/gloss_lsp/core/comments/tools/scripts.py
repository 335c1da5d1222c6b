"""What the tools of scripting languages, shells, queries and builds look for."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

LOOSE: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "python": (
            r"noqa\b",
            r"type:\s*\S",
            r"(?:pylint|pragma|fmt|isort|yapf|mypy|pyright|basedpyright|ruff|flake8|pytype|black|autopep8|doctest)\s*:",
            r"(?:cython|distutils|coverage|sourcery|docformatter|interrogate|pydocstyle|ty|pyrefly)\s*:",
            r"pyre-\w+",
            r"lint-(?:ignore|fixme)",
            r".*\bcoding[:=]\s*[-\w.]+",
            r"In\s?\[\s*\d*\s*\]:",
        ),
        "ruby": (
            r"(?:frozen_string_literal|warn_indent|warn_past_scope|shareable_constant_value):",
            r".*\b(?:en)?coding[:=]\s*[-\w.]+",
            r"typed:\s*(?:ignore|false|true|strict|strong)\b",
            r"(?:rubocop|standard|steep|reek|erb_lint|rbs_inline|brakeman|solargraph)(?:_todo)?:",
            r":(?:nodoc|doc|startdoc|stopdoc|nocov|notnew|yields|call-seq):",
            r"@rbs\b",
        ),
        "php": (
            r"@?(?:phpstan|psalm|phan|phpcs|phpmd)\b",
            r"@(?:codingStandards|codeCoverageIgnore|noinspection|infection-ignore)",
            r"@var\s+[\w\\|<>,\[\]?]+(?:\s+\$\w+)?\s*$",
            r"php-cs-fixer",
        ),
        "lua": (
            r"(?:luacheck|stylua|selene|luacov):",
            r"@(?:class|type|alias|enum|diagnostic|cast|meta|module|overload|operator|generic|package|as)\b",
        ),
        "perl": (r"(?:no|use) critic\b", r"uncoverable\b", r"PODNAME:", r"no tidy\b", r"line \d+"),
        "r": (r"nolint\b", r"nocov\b", r"styler:", r"!/"),
        "julia": (r"!\s*format:", r"noqa\b", r"jetls\b"),
        "shellscript": (r"(?:shellcheck|shfmt|bashate|hadolint)\b", r"chkconfig:"),
        "powershell": (r"PSScriptAnalyzer", r"SIG #"),
        "sql": (
            r"noqa\b",
            r"sqlfluff\b",
            r"name:\s*\w+(?:\s*:\w+)?\s*$",
            r"\+(?:goose|migrate)\b",
            r"migrate:(?:up|down)",
            r"liquibase formatted sql",
            r"(?:changeset|preconditions)\s+\S+:",
            r"@(?:block|conn|DELIMITER)\b",
        ),
        "dockerfile": (r"(?:syntax|escape|check)\s*=\s*\S", r"hadolint\b"),
        "makefile": (r"checkmake\b",),
        "cmake": (r"cmake-(?:format|lint):",),
        "yaml": (
            r"yaml-language-server:",
            r"(?:yamllint|yamlfmt|ansible-lint|zizmor|actionlint)\b",
            r"noqa\b",
            r"@schema\b",
        ),
        "toml": (r":schema\b", r"taplo:"),
        "nix": (r"(?:nixfmt|statix|deadnix|alejandra):",),
        "terraform": (r"tflint-ignore", r"(?:BEGIN|END)_TF_DOCS", r"infracost\b"),
        "graphql": (r"eslint\b", r"@genqlient\b"),
    }
)
TIGHT: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "python": ("!",),
        "shellscript": ("!", r"(?:SBATCH|PBS|BSUB|COBALT|MSUB|OAR|compdef|autoload)\b", r"\$ -"),
        "perl": ("!", "<<<|>>>"),
        "lua": (r"!(?:strict|nonstrict|nocheck|native|optimize)\b",),
        "powershell": (r"(?i:requires)\s+-",),
        # MySQL runs the former; the latter tells the optimizer of several dialects what to do.
        "sql": ("!", r"\+"),
        "yaml": (r"cloud-config\b", r"!"),
        "graphql": (r"import\s",),
    }
)
