"""The README, as tests read it; and its table of settings, as it has to be.

    uv run python -m tests.readme

writes that table anew, from what the fields of `gloss_lsp.settings` say.
"""

from __future__ import annotations

import json
import re
from pathlib import Path

from gloss_lsp.settings_help import describe

PATH = Path(__file__).parents[1] / "README.md"
TABLE = re.compile(r"(?<=<!-- settings: begin -->\n).*?(?=<!-- settings: end -->)", re.DOTALL)

SHOWN = 8
"""How much of a list is shown: a table with a cell of sixty patterns is read by nobody."""


def read() -> str:
    return PATH.read_text("utf-8")


def section(heading: str) -> str:
    """What stands below a heading, up to the next one of its level or above."""
    marks = heading.partition(" ")[0]
    after = read().partition(f"\n{heading}\n")[2]
    assert after, f"the README has no heading {heading!r}"
    return re.split(rf"^#{{1,{len(marks)}}} ", after, maxsplit=1, flags=re.MULTILINE)[0]


def fenced(language: str) -> list[str]:
    """The code blocks of a language."""
    return re.findall(rf"^```{language}\n(.*?)^```$", read(), re.DOTALL | re.MULTILINE)


def indented(text: str) -> list[str]:
    """The lines that are commands."""
    return [line[4:] for line in text.splitlines() if line.startswith("    ")]


def table() -> str:
    """All settings: names, defaults and meanings."""
    rows = "".join(f"| `{row.name}` | {_default(row.default)} | {row.meaning} |\n" for row in describe())
    return f"| setting | default | what it means |\n|---|---|---|\n{rows}"


def _default(value: object) -> str:
    if value is None:
        return "unset"
    if isinstance(value, list):
        more = f" and {len(value) - SHOWN} more" if len(value) > SHOWN else ""
        return " ".join(f"`{each}`" for each in value[:SHOWN]) + more
    return f"`{json.dumps(value)}`"


if __name__ == "__main__":
    PATH.write_text(TABLE.sub(lambda _: table(), read()), "utf-8")
