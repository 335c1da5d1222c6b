"""Rows of the scripting languages whose comments begin with a hash or with dashes."""

from __future__ import annotations

from gloss_lsp.core.comments.scan.before import (
    at_documentation_of_elixir,
    at_documentation_of_julia,
    at_word_start,
)
from gloss_lsp.core.comments.scan.below import here_document
from gloss_lsp.core.comments.scan.rules import (
    BRACES,
    CONFLICT,
    ESCAPE,
    HASH,
    LINE_START,
    REST,
    Row,
    Rule,
    block,
    code,
    line,
    literal,
    long_string,
    nested,
    raw,
    skip,
    string,
    text,
)

HASH_BRACE = code(r"\#\{", r"\}", "code")
_QUOTE_OR_LINE_END = '"|(?=[\r\n])'
_TRIPLE = r'"""(?:\\.|(?!"""|#\{).)*"""'

# The replacement fields of formatted strings hold no comments but in 3.12, where hardly anybody writes them:
# what looks like one is a format.
PYTHON = Row(
    {
        "code": (
            CONFLICT,
            HASH,
            text(r'(?:[fFtT][rR]?|[rR][fFtT])(?<!\w[fFtT])(?<!\w[fFtTrR][fFtTrR])"""', '"""', "formatted"),
            text(r"(?:[fFtT][rR]?|[rR][fFtT])(?<!\w[fFtT])(?<!\w[fFtTrR][fFtTrR])'''", "'''", "formatted"),
            text(
                r'(?:[fFtT][rR]?|[rR][fFtT])(?<!\w[fFtT])(?<!\w[fFtTrR][fFtTrR])"',
                _QUOTE_OR_LINE_END,
                "formatted",
            ),
            text(
                r"(?:[fFtT][rR]?|[rR][fFtT])(?<!\w[fFtT])(?<!\w[fFtTrR][fFtTrR])'",
                "'|(?=[\r\n])",
                "formatted",
            ),
            long_string('"""', "[rRuUbB]{0,2}"),
            long_string("'''", "[rRuUbB]{0,2}"),
            string('"', "[rRuUbB]{0,2}"),
            string("'", "[rRuUbB]{0,2}"),
            skip(r"[A-Za-z_]\w*(?![\w\"'])"),
        ),
        "formatted": (ESCAPE, skip(r"\{\{"), code(*BRACES, "field")),
        "field": (
            long_string('"""'),
            long_string("'''"),
            string('"'),
            string("'"),
            code(*BRACES, "field"),
            code(r"\[", r"\]", "field"),
        ),
    }
)
_SUBSTITUTIONS = (code(r"\$\(", r"\)", "code"), code(r"\$\{", r"\}", "parameter"), code("`", "`", "code"))
SHELL = Row(
    {
        "code": (
            Rule("line", f"#{REST}", when=at_word_start),
            skip(r"\\(?:\r\n|.)"),
            raw(r"\$'", r"(?<!\\)(?:\\\\)*'"),
            raw("'", "'"),
            text('"', '"', "quoted"),
            *_SUBSTITUTIONS,
            skip(r"\$(?:[#?!$@*-]|\w+)"),
            Rule(
                "below",
                r"<<(?<!<<<)-?[ \t]*\\?(?P<quote>[\"']?)(?P<tag>[A-Za-z_][\w.-]*)(?P=quote)",
                body=here_document,
            ),
            skip("<<<"),
            skip(r";;&?\s*(?!esac\b)[^()\s#\"'`;]+\)"),
            skip(r"in(?<!\win)\s+[^()\s#\"'`;]+\)"),
            code(r"\(", r"\)", "code"),
        ),
        "quoted": (skip(r"\\."), *_SUBSTITUTIONS),
        "parameter": (
            skip(r"\\."),
            raw(r"\$'", r"(?<!\\)(?:\\\\)*'"),
            raw("'", "'"),
            text('"', '"', "quoted"),
            *_SUBSTITUTIONS,
        ),
    }
)
POWERSHELL = Row(
    {
        "code": (
            CONFLICT,
            block("<#", "#>"),
            Rule("line", f"#{REST}", when=at_word_start),
            raw(r"@'[ \t]*(?=[\r\n])", rf"{LINE_START}'@"),
            text(r'@"[ \t]*(?=[\r\n])', rf'{LINE_START}"@', "quoted"),
            literal(r"'(?:''|[^'])*(?:'|\Z)"),
            text('"', '"(?!")', "quoted"),
            skip(r"`(?:\r\n|.)"),
            code(r"\(", r"\)", "code"),
        ),
        "quoted": (skip(r"`(?:\r\n|.)"), skip('""(?=[^\r\n]*")'), code(r"\$\(", r"\)", "code")),
    }
)
LUA = Row(
    {
        "code": (
            CONFLICT,
            Rule("block", r"--\[(?P<level>=*)\[", r"\]{level}\]"),
            line("--"),
            raw(r"\[(?P<level>=*)\[", r"\]{level}\]"),
            string('"'),
            string("'"),
        )
    }
)
_COMMENT, _INSIDE = nested("#=", "=#", "comment")
JULIA = Row(
    {
        "code": (
            CONFLICT,
            _COMMENT,
            HASH,
            Rule(
                "docstring",
                r'"""(?:\\.|(?!"""|\$).)*"""(?=[ \t]*\r?\n[ \t]*(?!end\b|else|catch\b|finally\b)[\w@])',
                when=at_documentation_of_julia,
            ),
            literal(r'\w+"""(?:\\.|[^\\])*?(?:"""|\Z)'),
            text('"""', '"""', "quoted"),
            literal(r'\w+"(?:\\.|[^"\\])*(?:"|\Z)'),
            text('"', '"', "quoted"),
            skip(r"\w+'*"),
            skip(r"[)\]}.]'+"),
            literal(r"'(?:\\[^'\r\n]+|\\'|[^'\\\r\n])'"),
            long_string("`"),
            code(r"\(", r"\)", "code"),
        ),
        "quoted": (ESCAPE, code(r"\$\(", r"\)", "code")),
        "comment": (_INSIDE,),
    }
)
_SIGILS = tuple(
    Rule("literal", rf"~[a-z]+{start}", rf"{end}", inside="interpolated")
    for start, end in (
        ('"""', '"""'), ("'''", "'''"), (r"\(", r"\)"), (r"\[", r"\]"), (r"\{", r"\}"), ("<", ">"),
        (r"\|", r"\|"), ("/", "/"), ('"', '"'), ("'", "'"),
    )
)  # fmt: skip
_RAW_SIGILS = literal(
    r"~[A-Z]+(?:\"\"\".*?\"\"\"|'''.*?'''|\([^)]*\)|\[[^\]]*\]|\{[^}]*\}|<[^>]*>|\|[^|]*\||/[^/]*/|\"[^\"]*\"|'[^']*')"
)
ELIXIR = Row(
    {
        "code": (
            CONFLICT,
            HASH,
            Rule("docstring", _TRIPLE, when=at_documentation_of_elixir),
            Rule("docstring", r'~S""".*?"""', when=at_documentation_of_elixir),
            _RAW_SIGILS,
            *_SIGILS,
            skip(r"\?(?<![\w)]\?)(?:\\.|[^\s])"),
            text('"""', '"""', "interpolated"),
            text("'''", "'''", "interpolated"),
            text('"', '"', "interpolated"),
            text("'", "'", "interpolated"),
            code(*BRACES, "code"),
        ),
        "interpolated": (ESCAPE, HASH_BRACE),
    }
)
ERLANG = Row(
    {
        "code": (
            CONFLICT,
            line("%"),
            skip(r"\$(?:\\.|[^\s])"),
            literal(r'(?P<quotes>"{3,})[ \t]*\r?\n.*?\n[ \t]*(?P=quotes)'),
            long_string('"'),
            string("'"),
        )
    }
)
R = Row(
    {
        "code": (
            CONFLICT,
            HASH,
            literal(r'[rR](?<!\w[rR])["\'](?P<dashes>-*)(?:\(.*?\)|\[.*?\]|\{.*?\})(?P=dashes)["\']'),
            long_string('"'),
            long_string("'"),
            skip(r"`[^`\r\n]*`"),
            skip(r"%[^%\s]*%"),
        )
    }
)
