"""Texts whose comments are marked, and whole files with comments in other languages."""

from pathlib import Path

from gloss_lsp.core.languages import id_for_path
from gloss_lsp.core.text import Source, Span

HERE = Path(__file__).parent
ENDS = {"⟦": "⟧", "⟪": "⟫"}
LANGUAGES = {path.stem: path.read_text("utf-8") for path in sorted((HERE / "samples").glob("*.txt"))}
"""By LSP id: ⟦comments⟧ and ⟪docstrings⟫ are marked."""
FILES = {path.stem: path.read_text("utf-8") for path in sorted((HERE / "files").iterdir())}


def unmarked(text: str) -> tuple[str, list[Span], list[Span]]:
    """A marked text without its marks, where its comments are, and where its docstrings are."""
    plain, comments, docstrings = "", [], []
    start = 0
    for character in text:
        if character in ENDS:
            start = len(plain)
        elif character == "⟧":
            comments.append(Span(start, len(plain)))
        elif character == "⟫":
            docstrings.append(Span(start, len(plain)))
        else:
            plain += character
    return plain, comments, docstrings


def sources() -> dict[str, Source]:
    """Every sample and every file, with line ends as they are and with LF and CRLF mixed."""
    texts = {name: (unmarked(text)[0], name) for name, text in LANGUAGES.items()}
    texts |= {name: (text, id_for_path(name)) for name, text in FILES.items()}
    found = {}
    for name, (text, language) in texts.items():
        lines = text.splitlines(keepends=True)
        mixed = "".join(
            line.replace("\n", "\r\n") if number % 2 else line for number, line in enumerate(lines)
        )
        for ends, changed in (("LF", text), ("mixed", mixed)):
            found[f"{name}-{ends}"] = Source(changed, language, uri=f"file:///{name}")
    return found
