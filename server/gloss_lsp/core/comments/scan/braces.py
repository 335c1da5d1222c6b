"""Rows of the languages with slashes, stars and braces: C and what looks like it."""

from __future__ import annotations

from gloss_lsp.core.comments.scan.before import at_value_of_swift
from gloss_lsp.core.comments.scan.rules import (
    BRACES,
    CHARACTER,
    CONFLICT,
    ESCAPE,
    REST,
    SLASHES,
    STARS,
    Row,
    Rule,
    code,
    doubled,
    literal,
    long_string,
    nested,
    raw,
    skip,
    string,
    text,
)

NESTED_STARS, STARS_INSIDE = nested(r"/\*", r"\*/", "comment")
INSIDE = {"comment": (STARS_INSIDE,)}
_COMMON = (CONFLICT, SLASHES, STARS)
_NESTING = (CONFLICT, SLASHES, NESTED_STARS)
_QUOTE_OR_LINE_END = '"|(?=[\r\n])'
_DOLLAR_BRACE = code(r"\$\{", r"\}", "code")

# C23 6.4: a backslash carries comments on, quotes need not be closed in text that is never compiled.
C = Row(
    {
        "code": (
            CONFLICT,
            Rule("line", r"//(?:\\\r?\n|[^\r\n])*"),
            STARS,
            literal(r"R(?<!\wR)\"(?P<delimiter>[^()\\\s\"]{0,16})\(.*?\)(?P=delimiter)\""),
            literal(
                r"(?:u8|[uUL])(?<!\wu8)(?<!\w[uUL])R\"(?P<delimiter>[^()\\\s\"]{0,16})\(.*?\)(?P=delimiter)\""
            ),
            skip(r"[A-Za-z_]\w*"),
            skip(r"\.?[0-9](?:'?[\w.]|[eEpP][+-])*"),
            skip(r"\#[ \t]*(?:include|import)[ \t]*<[^>\r\n]*>"),
            literal(r'"(?:\\(?:\r\n|.)|[^"\\\r\n])*"'),
            literal(r"'(?:\\(?:\r\n|.)|[^'\\\r\n])*'"),
        )
    }
)
JAVA = Row({"code": (*_COMMON, long_string('"""'), string('"'), CHARACTER)})
GO = Row({"code": (*_COMMON, raw("`", "`"), string('"'), CHARACTER)})
PROTOBUF = Row({"code": (*_COMMON, string('"'), string("'"))})
JSON = Row({"code": (*_COMMON, string('"'))})
RUST = Row(
    {
        "code": (
            *_NESTING,
            literal(r"(?:r|br|cr)(?<!\wr)(?<!\w[bc]r)(?P<level>#*)\".*?(?:\"(?P=level)|\Z)"),
            skip(r"[A-Za-z_]\w+"),
            long_string('"'),
            CHARACTER,
        ),
        **INSIDE,
    }
)
ZIG = Row({"code": (CONFLICT, SLASHES, literal(rf"\\\\{REST}"), string('"'), CHARACTER)})
C_SHARP = Row(
    {
        "code": (
            *_COMMON,
            skip(rf"\#[ \t]*(?:end)?(?:region|error|warning|line|pragma)\b{REST}"),
            literal(r'\$*(?P<quotes>"{3,}).*?(?P=quotes)"*'),
            text(r'(?:\$@|@\$)"', '"(?!")', "verbatim"),
            doubled('"', "@"),
            text(r'\$"', _QUOTE_OR_LINE_END, "interpolated"),
            string('"'),
            CHARACTER,
            code(*BRACES, "code"),
        ),
        "interpolated": (ESCAPE, skip(r"\{\{"), code(*BRACES, "code")),
        "verbatim": (skip('""'), skip(r"\{\{"), code(*BRACES, "code")),
    }
)
KOTLIN = Row(
    {
        "code": (
            *_NESTING,
            text('"""', '"{3,}', "long"),
            text('"', _QUOTE_OR_LINE_END, "interpolated"),
            CHARACTER,
            skip(r"`[^`\r\n]*`"),
            code(*BRACES, "code"),
        ),
        "interpolated": (ESCAPE, _DOLLAR_BRACE),
        "long": (_DOLLAR_BRACE,),
        **INSIDE,
    }
)
GROOVY = Row(
    {
        "code": (
            *_COMMON,
            long_string("'''"),
            text('"""', '"""', "interpolated"),
            text('"', _QUOTE_OR_LINE_END, "interpolated"),
            string("'"),
            raw(r"\$/", r"/\$"),
            code(*BRACES, "code"),
        ),
        "interpolated": (ESCAPE, _DOLLAR_BRACE),
    }
)
SCALA = Row(
    {
        "code": (
            *_NESTING,
            text(r'[a-z]\w*"""', '"{3,}', "long"),
            raw('"""', '"{3,}'),
            text(r'[a-z]\w*"', _QUOTE_OR_LINE_END, "interpolated"),
            string('"'),
            CHARACTER,
            skip(r"`[^`\r\n]*`"),
            skip(r"[A-Za-z_]\w*"),
            code(*BRACES, "code"),
        ),
        "interpolated": (ESCAPE, skip(r"\$\$"), _DOLLAR_BRACE),
        "long": (skip(r"\$\$"), _DOLLAR_BRACE),
        **INSIDE,
    }
)
DART = Row(
    {
        "code": (
            *_NESTING,
            literal(r"r(?<!\wr)(?:'''.*?'''|\"\"\".*?\"\"\"|'[^'\r\n]*'|\"[^\"\r\n]*\")"),
            text("'''", "'''", "interpolated"),
            text('"""', '"""', "interpolated"),
            text("'", "'|(?=[\r\n])", "interpolated"),
            text('"', _QUOTE_OR_LINE_END, "interpolated"),
            code(*BRACES, "code"),
        ),
        "interpolated": (ESCAPE, _DOLLAR_BRACE),
        **INSIDE,
    }
)
SWIFT = Row(
    {
        "code": (
            *_NESTING,
            literal(r'(?P<level>#+)(?:"""(?!").*?"""(?P=level)|"[^\r\n]*?"(?P=level)|/.*?/(?P=level))'),
            text('"""', '"""', "interpolated"),
            text('"', _QUOTE_OR_LINE_END, "interpolated"),
            literal(r"/(?![/*\s])(?:\\.|\[(?:\\.|[^\]\\\r\n])*\]|[^/\\\r\n])+/", at_value_of_swift),
            code(r"\(", r"\)", "code"),
        ),
        "interpolated": (code(r"\\\(", r"\)", "code"), ESCAPE),
        **INSIDE,
    }
)
