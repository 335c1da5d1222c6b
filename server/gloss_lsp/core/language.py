"""What there is to know of a language."""

from __future__ import annotations

from attrs import frozen


@frozen
class Language:
    """One language, under the id that the LSP table gives it."""

    id: str
    name: str
    """For people: ``C++``."""
    fence: str
    """What is written behind the three backticks of a Markdown code block."""
    grammar: str
    """The row of `gloss_lsp.core.syntax_data.GRAMMARS` that parses it; empty where there is none."""
    line_markers: tuple[str, ...]
    """What begins a comment that ends with the line, the longest first."""
    block_markers: tuple[tuple[str, str], ...] = ()
    """What begins and what ends a comment that may run over lines, the longest first."""
    spliced: bool = False
    """Whether a backslash at its end carries a line comment into the next line."""
    aliases: tuple[str, ...] = ()
    """Other ids and names by which editors and fences call it, in lower case."""
    extensions: tuple[str, ...] = ()
    """Without the leading dot; in lower case, but where case tells languages apart."""
    file_names: tuple[str, ...] = ()
    interpreters: tuple[str, ...] = ()
    """What a first line ``#!`` may name, without a version."""
