"""Tells commented-out code and code samples from words."""

from __future__ import annotations

import re
from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from gloss_lsp.core.languages import Language

_STRING = re.compile(r"\"(?:\\.|[^\"\\])*\"|'(?:\\.|[^'\\])*'|`[^`]*`")

# One of these on every line of a comment makes it code in any language.
_STATEMENT = re.compile(
    r"""\s*(?:
        [}\])]+[;,)]*$                                   # closes something
        |[\w.\->*&\[\]$"']+\s*(?:[-+*/|&^%:]|<<|>>|\*\*|//)?=(?!=)\s*\S.*[;,)\]}"'\w]$   # assigns
        |[A-Za-z_$][\w.:>\-]*(?:<[\w, ]*>)?\([^()]*(?:\([^()]*\)[^()]*)*\)\s*[;{,:]?$    # calls
        |(?:\}\s*)?(?:if|elif|else\ if|for|while|switch|catch|with|until|match)\b.*[:{]$
        |(?:\}\s*)?(?:else|try|finally|do|default)\s*[:{]$
        |(?:return|throw|raise|yield|await|assert|delete|goto|break|continue)\b[^a-z]*[\w.()\[\]"']*;?$
        |(?:import|from|use|using|package|include|require|export|namespace)\s+[\w.:{}*,"'<>/ ]+;$
        |(?:import\s+[\w.]+(?:\s+as\s+\w+)?|from\s+[\w.]+\s+import\s+.+)$
        |(?:async\ )?(?:def|class)\s+\w+.*:$
        |(?:def|class|fn|func|function|struct|enum|trait|impl|interface|void|int|char|float|double|bool|auto|const
           |let|var|static|public|private|protected|unsigned|long|pub|mut|type)\b.*[;{=(]$
        |\#\s*(?:include|define|ifdef|ifndef|endif|if|else|pragma|undef)\b
        |@\w+(?:\.\w+)*(?:\(.*\))?$
        |(?:const|let|var|val|auto|int|char|float|double|long|bool|String|string)\s+[\w*&\[\]<>]+\s*=.*
        |.*[=(\[{].*[\w)\]"'];$
        |.*\)\s*\{$
    )""",
    re.VERBOSE,
)
_MARKUP = re.compile(r"\s*</?[A-Za-z][^<>]*>(?:.*<?/?[\w-]*>)?\s*$")
_STYLE = re.compile(r"\s*(?:[@$-]*[\w-]+\s*:\s*[^;]+;|[.#&@:\w][^{};]*\{|\})\s*$")
_ENDS = re.compile(
    r"\s*(?:end\b[,)]?$|local\s+\w+(?:\s*,\s*\w+)*(?:\s*=.*)?$|(?:def|defp|function"
    r"|module)\s+[\w.:!?]+(?:\(.*\))?(?:\s+do)?$"
    r"|(?:if|unless|while|for|elseif)\b.*\b(?:then|do)$|puts\s+[\w\"':(].*\)$)"
)
_OPTION = re.compile(r"\s*(?:\[[\w .:-]+\]|[\w.-]+\s*=\s*\S*)$")
# One of these makes a line code in one language.
_BY_LANGUAGE: Mapping[str, re.Pattern[str]] = MappingProxyType(
    {
        "shellscript": re.compile(
            r"\s*(?:sudo|cd|cp|mv|rm|mkdir|echo|export|source|curl|wget|apt(?:-get)?|git"
            r"|docker|make|chmod|chown|set|eval|exec"
            r"|fi|done|esac|then)(?:\s+[-$./\"'\w].*)?$|\s*\w+=\S*$|\s*\$\(?\w+.*|\s*\[\[? .* \]\]?.*"
        ),
        **dict.fromkeys(("html", "xml", "vue", "svelte"), _MARKUP),
        **dict.fromkeys(("css", "scss", "less"), _STYLE),
        **dict.fromkeys(("lua", "ruby", "elixir", "julia"), _ENDS),
        **dict.fromkeys(("ini", "properties", "toml"), _OPTION),
        "dockerfile": re.compile(
            r"\s*(?:FROM|RUN|CMD|LABEL|EXPOSE|ENV|ADD|COPY|ENTRYPOINT|VOLUME|USER"
            r"|WORKDIR|ARG|ONBUILD|HEALTHCHECK|SHELL)\s+\S"
        ),
        "latex": re.compile(r"\s*\\\w+\*?(?:\[[^\]]*\])?(?:\{[^{}]*\})*\s*$"),
        "powershell": re.compile(r"\s*[A-Z][a-z]+-[A-Z]\w+(?:\s+[-$|'\"{].*)?$"),
        "sql": re.compile(
            r"\s*(?:SELECT|INSERT|UPDATE|DELETE|CREATE|DROP|ALTER|GRANT|FROM|WHERE"
            r"|JOIN|LEFT JOIN|GROUP BY|ORDER BY)\s+\S"
        ),
        "yaml": re.compile(r"\s*(?:-\s+)?[a-z_][\w./-]*:(?:\s+(?:[^\s\"']+|\"[^\"]*\"|'[^']*'))?$"),
    }
)
_SEVERAL = 3


def is_code(line: str, language: Language) -> bool:
    """Whether one line of a comment is code rather than words.

    Text in another script outside of strings is taken for words, because names are written in
    ASCII nearly everywhere and words in such a script are what there is to translate.
    """
    bare = _STRING.sub('""', line)
    if not bare.isascii() or not bare.strip():
        return False
    own = _BY_LANGUAGE.get(language.id)
    if own is not None and own.match(bare):
        return True
    return _STATEMENT.match(bare) is not None


def is_all_code(lines: list[str], language: Language) -> bool:
    """Whether a comment is commented-out code: each of its lines is, or most where it has several."""
    written = [line for line in lines if line.strip()]
    if not written or any(not _STRING.sub('""', line).isascii() for line in written):
        return False
    coded = sum(is_code(line, language) for line in written)
    return coded == len(written) or (len(written) >= _SEVERAL and coded * 2 > len(written))
