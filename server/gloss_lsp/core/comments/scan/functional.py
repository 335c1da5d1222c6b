"""Rows of Haskell, OCaml, Nix and their like."""

from __future__ import annotations

from gloss_lsp.core.comments.scan.rules import (
    BRACES,
    CHARACTER,
    CONFLICT,
    HASH,
    SLASHES,
    STARS,
    Row,
    Rule,
    code,
    doubled,
    literal,
    long_string,
    nested,
    skip,
    text,
)

_SYMBOL = r"!\#$%&*+./<=>?@\\^|~:-"
_DASHES, _DASHES_INSIDE = nested(r"\{-", r"-\}", "comment")
# Haskell 2010, 2.3: two dashes within an operator begin no comment.
HASKELL = Row(
    {
        "code": (
            CONFLICT,
            _DASHES,
            Rule("line", rf"-(?<![{_SYMBOL}]-)-+(?![{_SYMBOL}])[^\r\n]*"),
            skip(rf"[{_SYMBOL}]{{2,}}"),
            literal(r'"(?:\\\s+\\|\\(?:\r\n|.)|[^"\\\r\n])*(?:"|(?=[\r\n])|\Z)'),
            skip(r"[A-Za-z_][\w']*"),
            CHARACTER,
            literal(
                r"\[(?:r|raw|str|text|i|iii|here|qq|sql|json\w*|yaml\w*|hamlet|lucius|julius|persist\w*)\|.*?\|\]"
            ),
        ),
        "comment": (_DASHES_INSIDE,),
    }
)
_STARS, _STARS_INSIDE = nested(r"\(\*", r"\*\)", "comment")
_QUOTED = literal(r"\{(?P<tag>%{0,2}[a-z_]*)\|.*?\|(?P=tag)\}")
# OCaml 5 manual, 9.1: strings and characters count within comments.
OCAML = Row(
    {
        "code": (CONFLICT, _STARS, long_string('"'), _QUOTED, skip(r"[A-Za-z_][\w']*"), CHARACTER),
        "comment": (
            _STARS_INSIDE,
            skip(r'"(?:\\.|[^"\\])*(?:"|\\?\Z)'),
            skip(r"\{(?P<tag>[a-z_]*)\|.*?\|(?P=tag)\}"),
            skip(r"[A-Za-z_][\w']*"),
            skip(r"'(?:\\[^\r\n'][^\r\n']{0,10}|\\'|[^'\\\r\n])'"),
        ),
    }
)
F_SHARP = Row(
    {
        "code": (
            CONFLICT,
            SLASHES,
            skip(r"\(\*\)"),
            _STARS,
            literal(r'\$*""".*?"""'),
            doubled('"', r"\$?@"),
            long_string('"'),
            skip(r"``[^`\r\n]*``"),
            skip(r"[A-Za-z_][\w']*"),
            CHARACTER,
        ),
        "comment": (_STARS_INSIDE, skip(r'"(?:\\.|[^"\\])*(?:"|\\?\Z)')),
    }
)
_DOLLAR_BRACE = code(r"\$\{", r"\}", "code")
NIX = Row(
    {
        "code": (
            CONFLICT,
            HASH,
            STARS,
            text('"', '"', "quoted"),
            text("''", "''(?![$'\\\\])", "indented"),
            skip(r"[A-Za-z_][\w'-]*"),
            code(*BRACES, "code"),
        ),
        "quoted": (skip(r"\\."), skip(r"\$\$"), _DOLLAR_BRACE),
        "indented": (skip(r"''(?:\\.|[$'])"), skip(r"\$\$"), _DOLLAR_BRACE),
    }
)
