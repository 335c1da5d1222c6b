"""The tables of cases in `cases/`, a file for each kind of filter.

A case has a language, a text with a mark at the cursor, an answer, and what is shown of it, or nothing.
A blank at the end of a line is written as ␣.
"""

from __future__ import annotations

import re
from pathlib import Path

_CASE = re.compile(
    r"^=== (?P<language>\S+)\n(?P<place>.*?)\n--- answer\n(?P<answer>.*?)\n"
    r"--- (?:nothing|shown\n(?P<shown>.*?))\n(?=\n===|\Z)",
    re.MULTILINE | re.DOTALL,
)

Case = tuple[str, str, str, "str | None"]


def cases() -> dict[str, list[Case]]:
    """By the names of the files: language, place, answer, what is shown."""
    return {path.stem: _read(path) for path in sorted((Path(__file__).parent / "cases").glob("*.txt"))}


def _read(path: Path) -> list[Case]:
    text = path.read_text("utf-8").replace("␣", " ")
    found = [
        (case["language"], case["place"], case["answer"], case["shown"]) for case in _CASE.finditer(text)
    ]
    assert len(found) == len(re.findall("^===", text, re.MULTILINE)), f"{path.name} holds something else too"
    return found
