"""What of a file a model should read besides the code that it is asked about, the useful first.

Every extract can be left out, and most have a shorter form, so that what is asked about always fits.
Their order is that of the prompt: what stays the same from one question about a file to the next
comes first, because a model's server need not read again a beginning that it has read.
"""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING, Final, Literal

from attrs import evolve, frozen

from gloss_lsp.core.budget import Part, fit
from gloss_lsp.core.syntax import definitions, enclosing_definition, identifiers_in, imports
from gloss_lsp.core.text import Span

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from gloss_lsp.core.syntax import Definition, Tree
    from gloss_lsp.core.text import Source

_MANY_IMPORTS: Final = 12
_LARGE: Final = 40
"""Lines above which a definition that is used counts as large, and a class is told by its outline."""
_MOST_NAMESAKES: Final = 8
_MOST_USED: Final = 400
"""Far more than fit into a prompt; each costs time, and generated files define tens of thousands."""
_NEAR: Final = 12
_FAR: Final = 40
_OUTLINED: Final = ("class", "type", "implementation", "module")

ENCLOSING, USED, IMPORTS, INDIRECT = range(1, 5)


@frozen
class Extract:
    """A part of a file that helps to understand another."""

    place: Literal["imports", "used", "enclosing", "around"]
    name: str
    """What is missing without it, for people: ``the imports``."""
    text: str
    rank: int
    """From `ENCLOSING`, the most useful, to `INDIRECT`."""
    short: str = ""
    """A shorter form; empty: there is none."""
    short_name: str = ""
    """What is missing with the shorter form."""


def gather(source: Source, subject: Span, tree: Tree | None) -> list[Extract]:
    """The extracts that help to understand `subject`, in the order of the prompt."""
    if tree is None:
        return _around(source, subject)
    enclosing = enclosing_definition(tree, subject)
    known = definitions(tree)
    used = _used(tree, subject, enclosing, known)
    own = [_enclosing(tree, subject, enclosing, known)] if enclosing else _unless_whole(tree, subject, known)
    return [*_imports(tree, subject, enclosing), *used, *own]


def fit_extracts(extracts: Sequence[Extract], room: int) -> tuple[list[Extract], tuple[str, ...]]:
    """The extracts that fit into `room` tokens, short where need be; and the names of what is missing."""
    missing = _left_out([extract.text for extract in extracts], extracts, room)
    texts = [extract.short if at in missing else extract.text for at, extract in enumerate(extracts)]
    gone = _left_out(texts, extracts, room)
    kept = [evolve(extract, text=texts[at]) for at, extract in enumerate(extracts) if at not in gone]
    told = [
        extract.name if at in gone else extract.short_name
        for at, extract in enumerate(extracts)
        if at in missing
    ]
    return kept, tuple(dict.fromkeys(told))


def _left_out(texts: Sequence[str], extracts: Sequence[Extract], room: int) -> set[int]:
    """Which of the extracts do not fit when they are written so; one without text is left out."""
    parts = [Part(str(at), text, extracts[at].rank) for at, text in enumerate(texts)]
    fitted = fit([part for part in parts if part.text], max(room, 0))
    return {int(name) for name in fitted.left_out} | {at for at, text in enumerate(texts) if not text}


def lines_of(source: Source, span: Span) -> tuple[int, int]:
    """The first and the last line of a span, as people count them; a line end at its end does not count."""
    last = source.place(max(span.start, span.end - 1)).line
    return source.place(span.start).line + 1, last + 1


def plain(text: str) -> str:
    r"""Code as a prompt shows it: without the indentation that all lines share, lines ended by ``\n``."""
    return textwrap.dedent(text.replace("\r\n", "\n").replace("\r", "\n")).strip("\n")


def qualified(definition: Definition) -> str:
    """The name of a definition with that of what it is in: ``Cart.total``."""
    return f"{definition.owner}.{definition.name}" if definition.owner else definition.name


def _imports(tree: Tree, subject: Span, enclosing: Definition | None) -> list[Extract]:
    found = [span for span in imports(tree) if not span.overlaps(subject)]
    if len(found) > _MANY_IMPORTS:
        names = identifiers_in(tree, enclosing.code if enclosing else subject)
        # An include has no names, and may be what is needed.
        found = [span for span in found if not (own := identifiers_in(tree, span)) or own & names]
    text = "\n".join(plain(tree.source.slice(span)) for span in found)
    return [Extract("imports", "the imports", text, IMPORTS)] if text else []


def _used(tree: Tree, subject: Span, enclosing: Definition | None, known: list[Definition]) -> list[Extract]:
    """The definitions that the subject uses, and those that these use, in the order of the file."""
    owner = "" if enclosing is None else enclosing.owner or enclosing.name
    others = [each for each in known if not each.code.overlaps(subject) and not _holds(enclosing, each)]
    direct = _named(others, identifiers_in(tree, subject), owner)
    names = {name for each in direct for name in identifiers_in(tree, each.code)}
    indirect = [each for each in _named(others, names, owner) if not _within(each, direct)]
    direct = [each for each in direct if not _within(each, [other for other in direct if other is not each])]
    ranked = [(each, USED) for each in direct] + [(each, INDIRECT) for each in indirect]
    return [
        _definition(tree, each, rank, known) for each, rank in sorted(ranked, key=lambda pair: pair[0].span)
    ]


def _named(known: Iterable[Definition], names: set[str], owner: str) -> list[Definition]:
    """The definitions with these names; of several that share one, those of the same class, and of many the last."""
    found: dict[str, list[Definition]] = {}
    for each in known:
        if each.name in names:
            found.setdefault(each.name, []).append(each)
    return [
        each
        for same in found.values()
        for each in ([own for own in same if own.owner == owner] or same)[-_MOST_NAMESAKES:]
    ][:_MOST_USED]


def _holds(enclosing: Definition | None, other: Definition) -> bool:
    """Whether what encloses the subject is shown with `other` in it, or is in `other` itself."""
    if enclosing is None:
        return False
    # An outline shows no bodies, but all of its constants.
    shown = enclosing.kind not in _OUTLINED or other.kind == "constant"
    return _inside(enclosing.code, other.code) or (shown and _inside(other.code, enclosing.code))


def _within(definition: Definition, others: Iterable[Definition]) -> bool:
    return any(_inside(definition.code, other.code) for other in others)


def _inside(inner: Span, outer: Span) -> bool:
    return outer.start <= inner.start and inner.end <= outer.end


def _definition(tree: Tree, each: Definition, rank: int, known: list[Definition]) -> Extract:
    name = f"`{qualified(each)}`"
    whole = plain(_slice(tree.source, each.span))
    header = plain(_slice(tree.source, each.header))
    lines = whole.count("\n") + 1
    large = lines > _LARGE
    if each.kind in _OUTLINED and (large or (rank == INDIRECT and lines > _NEAR)):
        return Extract("used", name, _outline(tree.source, each, known), INDIRECT)
    if header == plain(_slice(tree.source, each.code)):
        return Extract("used", name, whole, rank)
    return Extract("used", name, whole, INDIRECT if large else rank, f"{header} …", f"the body of {name}")


def _enclosing(tree: Tree, subject: Span, each: Definition, known: list[Definition]) -> Extract:
    source = tree.source
    name = f"the rest of `{qualified(each)}`"
    if each.kind in _OUTLINED:
        header = plain(_slice(source, each.header))
        return Extract("enclosing", name, _outline(source, each, known), ENCLOSING, f"{header} …", name)
    whole = plain(_slice(source, each.span))
    near = _widened(source, subject, _NEAR, each.code)
    if near == source.whole_lines(each.code):
        return Extract("enclosing", name, whole, ENCLOSING)
    header = _slice(source, each.header).rstrip("\r\n")
    pieces = [header, "…"] if near.start > each.header.end else []
    pieces.append(source.slice(near).rstrip("\r\n"))
    if near.end < each.code.end:
        pieces.append("…")
    return Extract(
        "enclosing",
        name,
        whole,
        ENCLOSING,
        plain("\n".join(pieces)),
        f"what is farther away in `{qualified(each)}`",
    )


def _unless_whole(tree: Tree, subject: Span, known: list[Definition]) -> list[Extract]:
    """The lines around code of the module's level, unless the code is a definition as a whole."""
    whole = any(each.code.overlaps(subject) and _inside(each.code, subject) for each in known)
    return [] if whole else _around(tree.source, subject)


def _around(source: Source, subject: Span) -> list[Extract]:
    own, near, far = (_widened(source, subject, count, source.whole) for count in (0, _NEAR, _FAR))
    if not (source.text[far.start : own.start] + source.text[own.end : far.end]).strip():
        return []
    texts = [plain(source.slice(span)) for span in (far, near)]
    short = (texts[1], "the lines farther from it") if near != far else ("", "")
    return [Extract("around", "the lines around it", texts[0], ENCLOSING, *short)]


def _widened(source: Source, subject: Span, count: int, limits: Span) -> Span:
    """The whole lines of the subject with `count` lines before and behind, within `limits`."""
    first, last = lines_of(source, subject)
    starts = source.line_starts
    within = source.whole_lines(limits)
    return Span(
        max(starts[max(first - 1 - count, 0)], within.start),
        min(starts[min(last + count, len(starts) - 1)], within.end),
    )


def _outline(source: Source, each: Definition, known: list[Definition]) -> str:
    """A class by its header and those of its members."""
    members = [other for other in known if other.code != each.code and _inside(other.code, each.code)]
    headers = [_slice(source, other.header).rstrip() for other in (each, *members)]
    return plain("\n".join([*headers, "…"]))


def _slice(source: Source, span: Span) -> str:
    """A span with the indentation before it, so that its lines keep their places."""
    start = source.line_starts[source.place(span.start).line]
    before = source.text[start : span.start]
    return source.text[start : span.end] if not before.strip() else source.slice(span)
