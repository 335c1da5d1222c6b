"""How wide a text is shown in a terminal or an editor, and where it may be broken into lines."""

from __future__ import annotations

import re
import unicodedata

_TAB = 4
_HAN_OR_KANA = r"\u2e80-\u2fdf\u3000-\u303f\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff00-\uffef"
_UNSPACED = re.compile(f"[{_HAN_OR_KANA}]$")
_UNSPACED_START = re.compile(f"[{_HAN_OR_KANA}]")
# A unit is what is never broken: a wide character with the punctuation that may not begin a line behind
# it and the brackets that may not end one before it (JIS X 4051), or a run without spaces.
_OPENING = "「『（［｛〈《【“‘("
_CLOSING = "、。，．・：；？！」』）］｝〉》】”’ーぁぃぅぇぉっゃゅょァィゥェォッャュョ)…"
_UNIT = re.compile(
    rf"\s+|[{_OPENING}]*[{_HAN_OR_KANA}][{_CLOSING}]*|(?:(?![{_HAN_OR_KANA}])\S)+[{_CLOSING}]*"
)
# A line that begins so would be read as a tag, a list item, a heading, a quote or a directive.
_NOT_FIRST = re.compile(r"[@\\#*+>|:=~`-]|\d+[.)](?:\s|$)|\w+:$|TODO|FIXME|XXX|NOTE|SAFETY|//|/\*")


def width(text: str) -> int:
    """Columns that a text takes; a tab counts as four, a wide character as two, a mark on another as none."""
    if text.isascii():
        return len(text) + (_TAB - 1) * text.count("\t")
    return sum(map(_width, text))


def _width(character: str) -> int:
    if character == "\t":
        return _TAB
    if unicodedata.combining(character) or unicodedata.category(character) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def join(above: str, below: str) -> str:
    """Two lines as one: with a space between, but where both sides are written without spaces."""
    if _UNSPACED.search(above) and _UNSPACED_START.match(below):
        return above + below
    return f"{above} {below}" if above and below else above or below


def wrap(words: str, first: int, rest: int) -> list[str]:
    """`words` in lines of at most `first` columns for the first and `rest` for each further one.

    What has no place to break is longer than that. No line begins with what would be read as markup.
    """
    lines: list[str] = []
    line, room = "", first
    for unit in _units(words):
        if line.strip() and width(line + unit) > room and not unit.isspace():
            lines.append(line.rstrip())
            line, room = "", rest
        if line or not unit.isspace():
            line += unit
    return [*lines, line.rstrip()] if line.strip() or not lines else lines


def _units(words: str) -> list[str]:
    units: list[str] = []
    for unit in _UNIT.findall(words):
        if len(units) > 1 and units[-1].isspace() and _NOT_FIRST.match(unit):
            space = units.pop()
            units[-1] += space + unit
        else:
            units.append(unit)
    return units
