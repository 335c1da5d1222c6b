"""Tells commented-out code and code samples from words."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
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
_SHELL_COMMAND = re.compile(
    r"\s*(?:sudo|cd|cp|mv|rm|mkdir|echo|export|source|curl|wget|apt(?:-get)?|git|docker|make|chmod|chown|set|eval|exec"
    r"|fi|done|esac|then)(?:\s+[-$./\"'\w].*)?$|\s*\w+=\S*$|\s*\$\(?\w+.*|\s*\[\[? .* \]\]?.*"
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
    if language.id == "shellscript" and _SHELL_COMMAND.match(bare):
        return True
    return _STATEMENT.match(bare) is not None


def is_all_code(lines: list[str], language: Language) -> bool:
    """Whether a comment is commented-out code: each of its lines is, or most where it has several."""
    written = [line for line in lines if line.strip()]
    if not written or any(not _STRING.sub('""', line).isascii() for line in written):
        return False
    coded = sum(is_code(line, language) for line in written)
    return coded == len(written) or (len(written) >= _SEVERAL and coded * 2 > len(written))
