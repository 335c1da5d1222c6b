"""The patterns of markup in comments: doc tags, sections, list marks, fences, markup languages."""

from __future__ import annotations

import re
from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

LETTER = re.compile(r"[^\W\d_]")
URL_ONLY = re.compile(r"\W*(?:\w+://\S+|[^\s@]+@[^\s@.]+\.\S+)\W*$")

# Tags whose whole line is for tools and readers of names.
KEPT_TAG = re.compile(
    r"""[@\\](?:author|since|version|see|type|typedef|template|callback|extends|augments|implements|override
        |inherit[dD]oc|module|namespace|member[oO]f|name|file|private|public|protected|readonly|static|abstract
        |async|const|constant|enum|event|fires|function|func|method|global|ignore|instance|interface|kind|access
        |lends|mixes|mixin|requires|satisfies|import|overload|ingroup|defgroup|addtogroup|copydoc|sa|ref|cond
        |endcond|hideinitializer|serial\w*|include|snippet|date|nosubgrouping|export|exportClass|exportMethod
        |importFrom|importClassesFrom|rdname|inheritParams|inheritDotParams|keywords|family|docType|usage|aliases
        |noRd|S3method|useDynLib|spec|hidden|end|api|dataProvider|covers\w*|group|depends|package|template\w*
        |nodiscard|\{|\})(?![\w])
      |@(?:[A-Z]\w*\\)*[A-Z]\w*(?:\(.*|\s*)$
      |\.[A-Z]{3,}(?:\s+\S+)?\s*$
      |=(?:over|back|cut|pod|begin|end|for|encoding)\b
      |\{[0-5][\s:]
      |:(?:rtype|type|vartype|meta)\b[^:]*:
      |\.\.\s""",
    re.VERBOSE,
)
# Tags, list marks and the like, behind which the words begin.
LABEL = re.compile(
    r"""(?:[@\\](?:param|arg|argument|property|prop|tparam|retval)(?:\[[\w,\ ]+\])?\s+
          (?:\{(?:[^{}]|\{[^{}]*\})*\}\s*)?(?:\[[^\]]*\]|<?[\w.$\[\]*,]+>?)(?:\s*[-–:]\s+|\s+|$)
      |[@\\](?:throws?|exception)\s+(?:\{[^{}]*\}|[\w.:]+)(?:\s*[-–:]\s+|\s+|$)
      |[@\\](?:returns?|yields?|result)\b\s*(?:\{(?!@)(?:[^{}]|\{[^{}]*\})*\}\s*)?(?:[-–]\s+)?
      |[@\\]\w+(?:\{[^{}]*\})?(?:\s+|$)
      |:(?:param|parameter|arg|argument|key|keyword|raises?|except|exception|[ic]?var|returns?|yields?)\b
        [^:]*:\s*
      |[-*+•]\s+(?:\[[ xX]\]\s+)?(?:`[^`]+`\s*(?:[-–:]|--)\s+)?
      |(?:\(?\d{1,3}[.)]|\(?[a-z]\))\s+
      |\#{1,6}\s+
      |>\s+
      |(?:TODO|FIXME|XXX|HACK)(?:\s*\([^)]*\))?(?::\s*|\s+-\s+|\s+)
      |(?:BUG|NOTE|WARNING|SAFETY|OPTIMIZE|REVIEW|Deprecated)(?:\s*\([^)]*\))?:\s*
      |(?:<\w+(?:\s[^<>]*)?>\s*)+
    )""",
    re.VERBOSE,
)
CLOSING = re.compile(r"\s*</(\w+)>\s*$")
BREAK = re.compile(r"\s+[-=#*]{4,}\s*$|\s*(?:<br\s*/?>|<p>)\s*$")
_PHP_TYPE = r"[\w\\|<>,\[\]?&(){}:-]+"
LABELS: Mapping[str, re.Pattern[str]] = MappingProxyType(
    {
        "haskell": re.compile(r"[|^]\s+|[*]{1,4}\s+"),
        "lua": re.compile(
            r"@param\s+[\w.?]+\s+\S+\s+|@field\s+(?:\w+\s+)?\[?[\w.?]+\]?\s+\S+\s+|@return\s+\S+\s+"
        ),
        "perl": re.compile(r"=(?:head[1-6]|item)\s+(?:\*\s+|\d+\.?\s+)?"),
        "php": re.compile(
            rf"@(?:param|property(?:-read|-write)?|var)\s+{_PHP_TYPE}\s+(?:(?:\.\.\.|&)?\$\w+\s+)?"
            rf"|@(?:return|throws)\s+{_PHP_TYPE}\s+"
        ),
        "ruby": re.compile(
            r"@(?:param|yieldparam|attr\w*)\s+(?:\[[^\]]*\]\s+)?[\w*&]+\s+(?:\[[^\]]*\]\s+)?"
            r"|@option\s+\w+\s+\[[^\]]*\]\s+:\w+\s+(?:\([^)]*\)\s+)?"
            r"|@(?:return|raise|yieldreturn)\s+\[[^\]]*\]\s+"
        ),
        "swift": re.compile(r"(?:MARK|TODO|FIXME):\s*(?:-\s+)?|- (?:[Pp]arameter\s+\w+|\w+):\s+"),
    }
)
"""Labels that one language alone has, such as those that tell a type besides the name."""
TABLE_ROW = re.compile(r"\|.*\|")
MARKUP_ONLY = re.compile(r"(?:\s*</?[\w-]+(?:\s[^<>]*)?/?>)+\s*$")
SECTION = re.compile(
    r"(?:Args|Arguments|Parameters|Params|Other Parameters|Keyword Args|Keyword Arguments|Attributes"
    r"|Returns?|Yields?|Receives|Raises|Warns|Warnings?|Examples?|Notes?|References|See Also"
    r"|Todo|Methods|Panics|Errors|Safety):?\s*$"
)
ARGUMENT = re.compile(r"\*{0,2}[A-Za-z_][\w.]*(?:\s*\([^()]*(?:\([^()]*\)[^()]*)*\))?\s*:\s+")
NUMPY_ITEM = re.compile(r"\*{0,2}\w+(?:\s*,\s*\*{0,2}\w+)*(?:\s*:\s*.*)?$")
UNDERLINE = re.compile(r"([-=~^\"'*+#])\1{2,}\s*$")
FENCE = re.compile(r"(?:```|~~~)")
CODE_BEGIN = re.compile(
    r"(?:<pre>|<code>|[@\\]code\b|[@\\]verbatim\b|\{@code\s*$|@examples?\b|\.\. (?:code|code-block|math)::"
    r"|@(?:[A-Z]\w*\\)*[A-Z]\w*\([^()]*$)"
)
PROMPT = re.compile(r">>>|(?:iex|julia)(?:\(\d+\))?>")
CODE_END = re.compile(r"</pre>|</code>|[@\\]end(?:code|verbatim)\b|^\s*[})]")
SENTENCE_END = re.compile(r"[。.!?！？:：;；)）]$")
