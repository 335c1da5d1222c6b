"""Which characters of a model's words may be shown, and one-line forms for progress and messages.

What a model writes is untrusted: it repeats what stands in the code that it was asked about, and
that may come from anywhere. Pages go through `core/markdown.py`, terminals through
`core/terminal.py`, edits and short messages through the functions here.
"""

from __future__ import annotations

import re
import unicodedata

UNSAFE = re.compile(
    "["
    "\x00-\x08\x0b-\x1f\x7f-\x9f"  # C0 but tab and line feed, delete, C1
    "\u061c\u200e\u200f\u202a-\u202e\u2066-\u206f"  # bidirectional and deprecated format controls
    "\u2028\u2029"  # line ends for some readers and not for others
    "\ufeff\ufff9-\ufffb"  # byte order mark, interlinear annotation
    "\U000e0000-\U000e007f"  # tags: a whole text can hide in them
    "\ud800-\udfff"  # halves of a pair, which cannot be encoded
    "]"
)
"""What is never shown: characters that act on the display, hide, or reorder what is read.

Joiners (U+200C, U+200D) and the zero width space stay: Persian, Hindi, Thai and emoji need them.
"""

_TAG = re.compile(r"<(?=[A-Za-z/!?])")
"""Where HTML begins a tag; an angle quotation mark stands in its place, so that ``List<int>`` can be read."""


def safe_code(text: str, original: str) -> str:
    r"""`text` without those unsafe characters that `original`, the user's own text, does not hold.

    A form feed or a direction mark that the user wrote survives being rewritten; a new one, which
    could make code read otherwise than it runs, does not. ``\r`` counts as such a character.
    """
    own = set(UNSAFE.findall(original))
    return UNSAFE.sub(lambda found: found[0] if found[0] in own else "", text)


def safe_line(text: str, limit: int) -> str:
    """`text` as one line of at most `limit` characters, its end cut off with an ellipsis.

    For progress and messages, which some editors read as Markdown or HTML: no link, image or tag
    survives. Runs of white space become one space.
    """
    line = _one_line(text)
    if len(line) <= limit:
        return line
    cut = max(limit - 1, 0)
    while cut and _joins(line, cut):
        cut -= 1
    return line[:cut].rstrip() + "…"[:limit]


def safe_line_end(text: str, limit: int) -> str:
    """As `safe_line`, but what is cut off is the beginning: the newest words of a text that grows."""
    # What cannot be shown in the end need not be read: a character and its marks take few code points.
    line = _one_line(text[-8 * limit - 8 :])
    if len(line) <= limit and len(text) <= 8 * limit + 8:
        return line
    cut = max(len(line) - limit + 1, 0)
    while cut < len(line) and _joins(line, cut):
        cut += 1
    return "…"[:limit] + line[cut:].lstrip()


def _one_line(text: str) -> str:
    line = " ".join(UNSAFE.sub(" ", text).split())
    return _TAG.sub("‹", line.replace("](", "] (").replace("![", "["))


def _joins(text: str, at: int) -> bool:
    """Whether the code points before and after `at` make up one character."""
    joiner = "\u200d"
    after = text[at]
    return (
        text[at - 1] == joiner
        or after == joiner
        or "\ufe00" <= after <= "\ufe0f"
        or unicodedata.combining(after) > 0
    )
