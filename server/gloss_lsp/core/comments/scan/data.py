"""Rows of languages that describe rather than compute: queries, configuration, builds, schemas, documents."""

from __future__ import annotations

from attrs import evolve

from gloss_lsp.core.comments.scan.before import (
    at_description,
    at_ini_comment,
    at_line_start,
    at_nested_comment,
    at_scalar,
)
from gloss_lsp.core.comments.scan.below import block_scalar, here_document
from gloss_lsp.core.comments.scan.rules import (
    CONFLICT,
    ESCAPE,
    HASH,
    LINE_START,
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

_STARS, _STARS_INSIDE = nested(r"/\*", r"\*/", "comment")
# Dialects differ in whether a backslash escapes a quote: where the string would go on with a word it does.
SQL = Row(
    {
        "code": (
            CONFLICT,
            Rule("line", f"--{REST}"),
            Rule("line", rf"#(?=[ \t!]){REST}", when=at_line_start),
            evolve(_STARS, when=at_nested_comment),
            STARS,
            literal(r"'(?:''|\\'(?!\s*(?:[,;)\r\n]|\Z|--|\|\|))|[^'])*(?:'|\Z)"),
            doubled('"'),
            doubled("`"),
            skip(r"\[[\w .$#-]*\]"),
            raw(r"\$(?<![\w$]\$)(?P<tag>[A-Za-z_]\w*|)\$", r"\${tag}\$"),
        ),
        "comment": (_STARS_INSIDE,),
    }
)
# YAML 1.2.2, 6.6 and 7.3: a hash counts behind white space, a quote where a scalar begins.
YAML = Row(
    {
        "code": (
            CONFLICT,
            Rule("line", rf"#(?<![^\s]#){REST}"),
            literal(r'"(?:\\.|[^"\\])*(?:"|\Z)', at_scalar),
            literal(r"'(?:''|[^'])*(?:'|\Z)", at_scalar),
            Rule(
                "below",
                r"[|>][0-9+-]{0,2}(?=[ \t]*(?:[ \t]\#[^\r\n]*)?[\r\n])",
                when=at_scalar,
                body=block_scalar,
            ),
        )
    }
)
TOML = Row(
    {"code": (CONFLICT, HASH, long_string('"""'), raw("'''", "'''"), string('"'), literal(r"'[^'\r\n]*'"))}
)
INI = Row({"code": (CONFLICT, Rule("line", f"[#;]{REST}", when=at_ini_comment))})
PROPERTIES = Row({"code": (CONFLICT, Rule("line", f"[#!]{REST}", when=at_line_start))})
DOCKERFILE = Row(
    {
        "code": (
            CONFLICT,
            Rule("line", f"#{REST}", when=at_line_start),
            Rule(
                "below", r"<<(?<!<<<)-?(?P<quote>[\"']?)(?P<tag>[A-Za-z_]\w*)(?P=quote)", body=here_document
            ),
        )
    }
)
# A recipe belongs to the shell. A backslash carries a comment on (GNU make manual, 3.1).
MAKEFILE = Row(
    {
        "code": (
            CONFLICT,
            literal(r"\t(?<![^\r\n]\t)(?:\\(?:\r\n|.)|[^\\\r\n])*"),
            raw(r"define(?<![^\r\n]define)(?=[ \t])", rf"{LINE_START}endef\b"),
            skip(r"\\(?:\r\n|.)"),
            Rule("line", r"#(?:\\(?:\r\n|.)|[^\\\r\n])*"),
        )
    }
)
CMAKE = Row(
    {
        "code": (
            CONFLICT,
            Rule("block", r"#\[(?P<level>=*)\[", r"\]{level}\]"),
            HASH,
            raw(r"\[(?P<level>=*)\[", r"\]{level}\]"),
            long_string('"'),
            ESCAPE,
        )
    }
)
GRAPHQL = Row(
    {
        "code": (
            CONFLICT,
            HASH,
            Rule("docstring", r'"""(?:\\"""|(?!""").)*"""', when=at_description),
            literal(r'"""(?:\\"""|(?!""").)*(?:"""|\Z)'),
            string('"'),
        )
    }
)
TERRAFORM = Row(
    {
        "code": (
            CONFLICT,
            HASH,
            SLASHES,
            STARS,
            text('"', '"|(?=[\r\n])', "template"),
            Rule("below", r"<<-?(?P<tag>[A-Za-z_]\w*)(?=[ \t]*[\r\n])", body=here_document),
            code(r"\{", r"\}", "code"),
        ),
        "template": (ESCAPE, skip(r"\$\$\{|%%\{"), code(r"[$%]\{", r"\}", "code")),
    }
)
LATEX = Row(
    {
        "code": (
            CONFLICT,
            raw(
                r"\\begin\{(?P<name>verbatim\*?|Verbatim\*?|BVerbatim|lstlisting|minted|alltt|comment|filecontents\*?)\}",
                r"\\end\{{name}\}",
            ),
            literal(r"\\(?:verb\*?|lstinline(?:\[[^\]]*\])?)(?P<mark>[^\w\s*{\[])[^\r\n]*?(?P=mark)"),
            literal(r"\\(?:url|path|lstinline|nolinkurl|href)\{[^{}\r\n]*\}"),
            skip(r"\\(?:\r\n|.)"),
            Rule("line", f"%{REST}"),
        )
    }
)
