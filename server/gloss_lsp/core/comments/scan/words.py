"""Rows of the languages in which a slash or a word may begin a literal: Ruby, Perl, PHP."""

from __future__ import annotations

from gloss_lsp.core.comments.scan.before import at_value_of_perl, at_value_of_ruby
from gloss_lsp.core.comments.scan.below import here_document, php_document
from gloss_lsp.core.comments.scan.rules import (
    BRACES,
    CONFLICT,
    ESCAPE,
    HASH,
    LINE_START,
    REST,
    STARS,
    Row,
    Rule,
    code,
    literal,
    long_string,
    skip,
    text,
    to_the_end,
)
from gloss_lsp.core.comments.scan.scripts import HASH_BRACE

_PAIRS = (("round", r"\(", r"\)"), ("square", r"\[", r"\]"), ("curly", r"\{", r"\}"), ("angle", "<", ">"))
_BETWEEN = r"(?P<mark>[^\w\s(\[{<])(?:\\.|(?!(?P=mark))[^\\])*(?P=mark)"
_NESTED = {name: (ESCAPE, Rule("skip", start, end, inside=name)) for name, start, end in _PAIRS}

RUBY = Row(
    {
        "code": (
            CONFLICT,
            Rule("block", r"=(?<![^\r\n]=)begin(?=[ \t\r\n])", rf"{LINE_START}=end(?!\w){REST}"),
            to_the_end(r"__END__(?<![^\r\n]__END__)(?=[\r\n]|\Z)"),
            HASH,
            skip(r"\$[^\w\s]"),
            Rule(
                "below",
                r"<<(?:[~-](?P<quote>[\"'`]?)(?P<tag>[A-Za-z_]\w*)(?P=quote))",
                body=here_document,
            ),
            Rule("below", r"<<(?P<quote>[\"'`]?)(?P<tag>[A-Z][A-Z0-9_]*)(?P=quote)", body=here_document),
            text('"', '"', "interpolated"),
            long_string("'"),
            text("`", "`", "interpolated"),
            skip(r"\?(?<![\w)\]}]\?)(?:\\\S|[^\w\s])(?!\w)"),
            *(text(rf"%[qQwWiIrsx]{start}", end, name) for name, start, end in _PAIRS),
            literal(rf"%[qQwWiIrsx]{_BETWEEN}"),
            *(text(rf"%{start}", end, name, at_value_of_ruby) for name, start, end in _PAIRS),
            text(r"/(?=(?:\\.|#\{[^}\r\n]*\}|[^/\\\r\n])*/)", "/", "interpolated", at_value_of_ruby),
            text(r"/(?=[ \t]*[\r\n])", "/", "interpolated", at_value_of_ruby),
            code(*BRACES, "code"),
        ),
        "interpolated": (ESCAPE, HASH_BRACE),
        **_NESTED,
    }
)

_POD = Rule("block", r"=(?<![^\r\n]=)[a-z]\w*", rf"{LINE_START}=cut(?!\w)|\Z")
_QUOTING = r"(?<![\w$@%&>{{-]{0})(?<!\\{0})"
_OPERATOR = r"(?!\s*=>|\s*[,;)=])"


def _operators(words: tuple[str, ...], parts: int) -> tuple[Rule, ...]:
    """The quote-like operators of Perl (perlop) that take so many parts."""
    rules: list[Rule] = []
    for word in words:
        begin = word + _QUOTING.format(word) + _OPERATOR
        if parts == 1:
            rules += (text(rf"{begin}\s*{start}", end, name) for name, start, end in _PAIRS)
            rules.append(literal(rf"{begin}(?:\s*(?!\#)|(?=\#)){_BETWEEN}"))
        else:
            rules += (
                text(rf"{begin}\s*{start}", rf"{end}\s*(?:{start}(?:\\.|[^\\])*?{end})?", name)
                for name, start, end in _PAIRS
            )
            rules.append(
                literal(rf"{begin}(?:\s*(?!\#)|(?=\#)){_BETWEEN}(?:\\.|(?!(?P=mark))[^\\])*(?P=mark)")
            )
    return tuple(rules)


PERL = Row(
    {
        "code": (
            CONFLICT,
            _POD,
            to_the_end(r"__(?:END|DATA)__(?<![^\r\n]__END__)(?<![^\r\n]__DATA__)(?=[\r\n]|\Z)", "rest"),
            skip(r"\$(?:\#(?=[\w{$:])|[^\w\s{$])"),
            HASH,
            Rule("below", r"<<(?:~?)(?P<quote>[\"'])(?P<tag>[^\r\n\"']*)(?P=quote)", body=here_document),
            Rule("below", r"<<~?(?P<tag>[A-Za-z_]\w*)", body=here_document),
            long_string('"'),
            long_string("'"),
            long_string("`"),
            *_operators(("qw", "qq", "qr", "qx", "q", "m"), 1),
            *_operators(("tr", "s", "y"), 2),
            literal(r"/(?![/\s])(?:\\.|[^/\\])+/[a-wyz]*x[a-z]*(?!\w)", at_value_of_perl),
            literal(r"/(?:\\.|\[(?:\\.|[^\]\\\r\n])*\]|[^/\\\r\n])+/", at_value_of_perl),
        ),
        "rest": (_POD,),
        **_NESTED,
    }
)
PHP_CODE = (
    CONFLICT,
    Rule("line", r"(?://|#(?!\[))(?:(?!\?>)[^\r\n])*"),
    STARS,
    long_string("'"),
    text('"', '"', "php string"),
    long_string("`"),
    Rule("below", r"<<<[ \t]*(?P<quote>[\"']?)(?P<tag>[A-Za-z_]\w*)(?P=quote)(?=[\r\n])", body=php_document),
    to_the_end(r"__halt_compiler(?=\s*\()"),
)
PHP_MODES = {
    "php": PHP_CODE,
    "php string": (ESCAPE, code(r"\{(?=\$)", r"\}", "php nested")),
    "php nested": (long_string("'"), text('"', '"', "php string"), code(*BRACES, "php nested")),
}
