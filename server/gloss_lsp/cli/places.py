"""Places as they are written on a command line: ``PATH:FIRST-LAST`` and ``PATH:LINE:COLUMN``."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from gloss_lsp.cli.outcomes import WrongUseError
from gloss_lsp.core.text import Place, Span, line_body

if TYPE_CHECKING:
    from gloss_lsp.core.text import Source


def lines_of(written: str) -> tuple[Path, tuple[int, int] | None]:
    """The path and the lines, counted from one, of ``PATH[:FIRST[-LAST]]``; None: the whole file.

    A file whose name looks like that is taken by its name.
    """
    found = re.fullmatch(r"(.+?):(\d+)(?:-(\d+))?", written, re.DOTALL)
    if found is None or Path(written).exists():
        return Path(written), None
    first = int(found[2])
    last = int(found[3] or first)
    if not 0 < first <= last:
        raise WrongUseError(f"{written} names no lines: they count from 1, and the first comes first.")
    return Path(found[1]), (first, last)


def cursor_of(written: str) -> tuple[Path, int, int]:
    """The path, the line and the column, both counted from one, of ``PATH:LINE:COLUMN``."""
    found = re.fullmatch(r"(.+):(\d+):(\d+)", written, re.DOTALL)
    if found is None:
        raise WrongUseError(f"{written} is not of the form PATH:LINE:COLUMN, such as main.py:12:5.")
    return Path(found[1]), int(found[2]), int(found[3])


def span_of_lines(source: Source, lines: tuple[int, int] | None) -> Span:
    """The span of some lines, without the last line end. Raises `WrongUseError` where there are fewer."""
    if lines is None:
        return source.whole
    first, last = lines
    count = len(source.lines)
    if first > count:
        raise WrongUseError(f"{source.path} has {count} lines, so there is no line {first}.")
    end = min(last, count)
    body = line_body(source.lines[end - 1])
    return Span(source.line_starts[first - 1], source.line_starts[end - 1] + len(body))


def offset_of_cursor(source: Source, line: int, column: int) -> int:
    """The offset of a cursor. Raises `WrongUseError` where there is no such place."""
    lines = source.lines
    # Behind the last line end there is one more line, which is empty, and editors show it.
    count = len(lines) + (not lines or lines[-1].endswith(("\n", "\r")))
    if not 0 < line <= count:
        raise WrongUseError(f"{source.path} has {count} lines, so there is no line {line}.")
    width = len(line_body(lines[line - 1])) if line <= len(lines) else 0
    if not 0 < column <= width + 1:
        raise WrongUseError(
            f"Line {line} of {source.path} has columns 1 to {width + 1}, so there is no column {column}."
        )
    return source.offset(Place(line - 1, column - 1))
