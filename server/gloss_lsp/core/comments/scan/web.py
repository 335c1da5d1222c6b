"""Rows of JavaScript, of style sheets, and of the markup that holds both."""

from __future__ import annotations

import re

from gloss_lsp.core.comments.scan.before import at_jsx, at_line_start, at_value_of_javascript
from gloss_lsp.core.comments.scan.rules import (
    BRACES,
    CONFLICT,
    ESCAPE,
    PARENTHESES,
    REST,
    SLASHES,
    STARS,
    Row,
    Rule,
    block,
    code,
    literal,
    raw,
    string,
    text,
)
from gloss_lsp.core.comments.scan.words import PHP_MODES

_JS_REGEX = literal(
    r"/(?![/*])(?:\\[^\r\n]|\[(?:\\[^\r\n]|[^\]\\\r\n])*\]|[^/\\\[\r\n])+/\w*", at_value_of_javascript
)
_JS = (
    CONFLICT,
    SLASHES,
    STARS,
    Rule("line", f"<!--{REST}", when=at_line_start),
    Rule("line", f"-->{REST}", when=at_line_start),
    string('"'),
    string("'"),
    text("`", "`", "js template"),
    _JS_REGEX,
    *PARENTHESES,
    code(*BRACES, "js"),
)
_JS_MODES = {"js": _JS, "js template": (ESCAPE, code(r"\$\{", r"\}", "js"))}
_TAG_END = code(">", "(?=</)", "jsx text")
_JSX_MODES = {
    "js": (*_JS, code(r"<(?=[A-Za-z_$>])", r"/>|</[^<>]*>", "jsx tag", at_jsx)),
    "js template": _JS_MODES["js template"],
    "jsx tag": (SLASHES, STARS, literal('"[^"]*"'), literal("'[^']*'"), code(*BRACES, "js"), _TAG_END),
    "jsx text": (code(*BRACES, "js"), code(r"<(?=[A-Za-z_$>])", r"/>|</[^<>]*>", "jsx tag")),
}
TYPESCRIPT = Row(_JS_MODES)
JAVASCRIPT = Row(_JSX_MODES)

_URL = literal(r"url\((?<!\wurl\()\s*(?![\"'\s])[^()\"'\r\n]*\)")
CSS = Row({"code": (CONFLICT, STARS, string('"'), string("'"), _URL, ESCAPE)})
SCSS = Row(
    {"code": (CONFLICT, Rule("line", rf"//(?<!:\//){REST}"), STARS, string('"'), string("'"), _URL, ESCAPE)}
)

XML = Row(
    {
        "markup": (
            CONFLICT,
            block("<!--", "-->"),
            raw(r"<!\[CDATA\[", r"\]\]>"),
            raw(r"<\?", r"\?>"),
            text(r"<(?=[A-Za-z_:/])", ">", "tag"),
        ),
        "tag": (literal('"[^"<]*"'), literal("'[^'<]*'")),
    }
)


def _attribute(tag: str, name: str) -> str:
    match = re.search(rf"""\s{name}\s*=\s*["']?([^"'\s>]*)""", tag, re.IGNORECASE)
    return match[1].lower() if match else ""


def _script(tag: str) -> str | None:
    """The row of a script: JavaScript, unless its type or language says otherwise."""
    lang, kind = _attribute(tag, "lang"), _attribute(tag, "type")
    if lang in ("ts", "typescript"):
        return "typescript"
    if lang == "tsx" or kind in ("text/babel", "text/jsx"):
        return "typescriptreact"
    if lang in ("", "js", "jsx", "javascript") and re.fullmatch(
        r"|module|(?:text|application)/(?:java|ecma)script", kind
    ):
        return "javascript"
    return None


def _style(tag: str) -> str | None:
    """The row of a style sheet."""
    lang = _attribute(tag, "lang") or _attribute(tag, "type").removeprefix("text/") or "css"
    return {"css": "css", "scss": "scss", "less": "less", "postcss": "css"}.get(lang)


_OPEN = r"(?=[\s>])(?:[^<>\"']|\"[^\"]*\"|'[^']*')*(?<!/)>"
_SECTIONS = (
    Rule("code", rf"<[sS][cC][rR][iI][pP][tT]{_OPEN}", r"</script(?=[\s/>])", language=_script),
    Rule("code", rf"<[sS][tT][yY][lL][eE]{_OPEN}", r"</style(?=[\s/>])", language=_style),
    Rule(
        "code",
        rf"<(?:textarea|title|xmp|noembed|iframe|plaintext){_OPEN}",
        r"</(?:textarea|title|xmp|noembed|iframe)",
        language=lambda _: None,
    ),
    Rule(
        "code",
        rf"<template(?=[^<>]*\slang=[\"']?(?:pug|jade)){_OPEN}",
        r"</template\s*>",
        language=lambda _: None,
    ),
)
_ATTRIBUTES = (literal('"(?<=[=\\s]")[^"]*"'), literal("'(?<=[=\\s]')[^']*'"))
_TAG = text(r"<(?=[A-Za-z/])", ">", "tag")
# WHATWG HTML, 13.2.5.43: `<!-->` and `<!--->` are whole comments.
_HTML_COMMENT = Rule("block", r"<!--(?!-?>)", r"-->|--!>")
HTML = Row(
    {"markup": (CONFLICT, _HTML_COMMENT, raw(r"<!\[CDATA\[", r"\]\]>"), *_SECTIONS, _TAG), "tag": _ATTRIBUTES}
)
SVELTE = Row(
    {
        "markup": (CONFLICT, _HTML_COMMENT, *_SECTIONS, _TAG, code(r"\{[#:/@]?\w*", r"\}", "js")),
        "tag": (*_ATTRIBUTES, code(*BRACES, "js"), SLASHES, STARS),
        **_JS_MODES,
    }
)
# A comment of HTML that holds PHP is code to PHP, and so are scripts and styles that do.
_NO_PHP = r"(?:(?!<\?).)*?"
PHP = Row(
    {
        "markup": (
            Rule("code", r"<\?(?:php\b|=)", r"\?>|\Z", inside="php"),
            literal(r"<\?xml.*?\?>"),
            Rule("block", rf"<!--(?!-?>)(?={_NO_PHP}-->)", "-->"),
            Rule("code", rf"<script{_OPEN}(?={_NO_PHP}</script)", r"</script(?=[\s/>])", language=_script),
            Rule("code", rf"<style{_OPEN}(?={_NO_PHP}</style)", r"</style(?=[\s/>])", language=_style),
        ),
        **PHP_MODES,
    }
)
