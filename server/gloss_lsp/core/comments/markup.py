"""The patterns of markup in comments: doc tags, sections, list marks, fences, markup languages."""

from __future__ import annotations

import re

LETTER = re.compile(r"[^\W\d_]")
URL_ONLY = re.compile(r"\W*(?:\w+://\S+|[^\s@]+@[^\s@.]+\.\S+)\W*$")

# Tags whose whole line is for tools and readers of names.
KEPT_TAG = re.compile(
    r"""[@\\](?:author|since|version|see|type|typedef|template|callback|extends|augments|implements|override
        |inherit[dD]oc|module|namespace|member[oO]f|name|file|private|public|protected|readonly|static|abstract
        |async|const|constant|enum|event|fires|function|func|method|global|ignore|instance|interface|kind|access
        |lends|mixes|mixin|requires|satisfies|import|overload|ingroup|defgroup|addtogroup|copydoc|sa|ref|cond
        |endcond|hideinitializer|serial\w*|include|snippet|date|nosubgrouping|\{|\})(?![\w])
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
BREAK = re.compile(r"\s*(?:<br\s*/?>|<p>)\s*$")
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
    r"(?:<pre>|<code>|[@\\]code\b|[@\\]verbatim\b|\{@code\s*$|@example\b|\.\. (?:code|code-block|math)::)"
)
CODE_END = re.compile(r"</pre>|</code>|[@\\]end(?:code|verbatim)\b|^\s*\}")
SENTENCE_END = re.compile(r"[。.!?！？:：;；)）]$")
