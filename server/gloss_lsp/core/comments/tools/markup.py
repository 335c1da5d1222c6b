"""What the tools of markup and style sheets look for."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from gloss_lsp.core.comments.tools.programs import JAVASCRIPT

if TYPE_CHECKING:
    from collections.abc import Mapping

_HTML = (
    r"\[if\b",
    r"<?!?\[endif\]",
    r"/?ko\b",
    r"(?:htmlhint|html-validate|eslint|svelte-ignore|google_ad)\b",
    r"(?:end)?(?:build|inject|bower)(?::\w+.*)?$",
    r"/?wp:\w",
    r"more\s*$",
    r"[\w-]+-(?:outlet|html)$",
)
_CSS = (r"(?:stylelint|csslint|purgecss|postcss|autoprefixer)[-: ]\S", r"@(?:noflip|preserve)\b", r"rtl:")

LOOSE: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "html": _HTML,
        "php": _HTML,
        "vue": (*_HTML, *JAVASCRIPT),
        "svelte": (*_HTML, *JAVASCRIPT),
        **dict.fromkeys(("css", "scss", "less"), _CSS),
        "latex": (
            r"!\s*(?:TEX|TeX|BIB)\b",
            r"(?:chktex|arara|lacheck|LTeX)\b[: ]",
            r"(?:BEGIN|END)_FOLD",
        ),
    }
)
TIGHT: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        # Server-side includes.
        **dict.fromkeys(("html", "vue", "svelte"), (r"#\w+",)),
        # docstrip's guards.
        "latex": (r"<[*/+-]?\w+>",),
    }
)
