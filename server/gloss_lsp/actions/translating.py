"""The conversation that translates comments.

A comment is asked for piece by piece (a paragraph, the words of one tag), each in a prompt of its
own behind the same beginning: small models do best so, and the beginning is read once.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Generator
from typing import TYPE_CHECKING, TypeAlias

from attrs import define, field, frozen

from gloss_lsp.actions.base import Conversation, Edits, Prompt, Selection
from gloss_lsp.core.budget import estimate
from gloss_lsp.core.comments.classify import is_own_text, left_alone
from gloss_lsp.core.comments.find import find
from gloss_lsp.core.comments.passages import Passage, passages
from gloss_lsp.core.comments.pieces import Piece, pieces
from gloss_lsp.core.comments.read import Reading, read
from gloss_lsp.core.comments.reply import Reply, is_finished, read_reply
from gloss_lsp.core.comments.rewrite import limit_of, rewrite
from gloss_lsp.core.comments.verify import verified
from gloss_lsp.core.display import width
from gloss_lsp.core.human import is_in, prior_of
from gloss_lsp.core.text import Edit, Span
from gloss_lsp.errors import BackendError, Refused

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

SYSTEM = (
    "You translate comments in source code to {target}. Answer with the translation alone. "
    "Keep names, code and URLs as they are."
)
AGAIN = "Translate this into {target}. Write nothing but the translation, in one line:\n\n{words}"

_SPARE_TOKENS = 48
"""Besides one for each column that the words take, which is more than any tokenizer needs."""

_NEAR = 300
"""Comments that tell in which language a file is written: a hover has no time to read tens of thousands."""

Asking: TypeAlias = Generator[Prompt, str, Reply]


@frozen
class _Comment:
    """A passage with the pieces of it that are in another language."""

    passage: Passage
    foreign: tuple[Piece, ...]


@define
class _Work:
    """What a conversation has to do and has done."""

    reading: Reading
    selection: Selection
    limit: int
    """The column at which comments are wrapped."""
    comments: list[_Comment]
    known: dict[str, Reply] = field(factory=dict)
    """What was answered in this conversation: the same words are asked once."""
    left: list[str] = field(factory=list)
    failure: BackendError | None = None
    """What ended the conversation before its end."""


def translate(selection: Selection) -> Conversation:
    """As `gloss_lsp.actions.translate.converse`."""
    reading = read(selection.source)
    if reading is None:
        raise Refused(f"Gloss cannot find the comments of {selection.source.language} files.")
    work = _work(reading, selection)
    label = f"Translate comments to {selection.target}"
    if not work.comments:
        return Edits(label, (), (f"There is no comment in a language other than {selection.target} here.",))
    edits: list[Edit] = []
    for number, comment in enumerate(work.comments, 1):
        edit = yield from _translate(work, comment, f"comment {number} of {len(work.comments)}")
        if edit is not None:
            edits.append(edit)
        if work.failure is not None:
            if not edits:
                raise work.failure
            work.left.append(
                f"The comments from line {comment.passage.line + 1} on were left. {work.failure}"
            )
            break
    result = verified(reading, edits)
    work.left += [
        _left(work, edit.span.start, "the translation would have changed code") for edit in result.dropped
    ]
    return Edits(label, result.kept, tuple(work.left))


def first_foreign(selection: Selection) -> Span | None:
    """As `gloss_lsp.actions.translate.foreign_comment`."""
    reading = read(selection.source)
    comments = _work(reading, selection, _NEAR).comments if reading is not None else []
    return comments[0].passage.span if comments else None


def _work(reading: Reading, selection: Selection, near: int | None = None) -> _Work:
    """What there is to do; with `near`, only so many comments before and behind the selection are read."""
    found = find(reading)
    if near is not None:
        at = bisect_left(found, selection.span.start, key=lambda comment: comment.span.end)
        found = found[max(0, at - near) : at + near]
    # A program that reads its own docstrings (for its help, say) would behave otherwise.
    if not selection.options.get("docstrings", True) or "__doc__" in reading.source.text:
        found = [comment for comment in found if comment.kind != "docstring"]
    every = passages(reading.source, found, lambda comment: is_own_text(reading, comment))
    licences = bool(selection.options.get("licences", False))
    read = [
        _Comment(passage, tuple(pieces(passage, passage.language)))
        for passage in every
        if left_alone(reading, passage, licences=licences) is None
    ]
    prior = prior_of(piece.words for comment in read for piece in comment.foreign)
    span = selection.span if len(selection.span) else reading.source.whole
    asked = [
        _Comment(comment.passage, tuple(_foreign(comment.foreign, selection.target, prior)))
        for comment in read
        if comment.passage.span.overlaps(span)
    ]
    return _Work(reading, selection, limit_of(every), [comment for comment in asked if comment.foreign])


def _foreign(found: Sequence[Piece], target: str, prior: str | None) -> Iterator[Piece]:
    return (piece for piece in found if is_in(piece.words, target, prior) is not True)


def _translate(work: _Work, comment: _Comment, note: str) -> Generator[Prompt, str, Edit | None]:
    """Ask for each piece of a comment, and put what came into its frame."""
    translated: dict[Piece, str] = {}
    for piece in comment.foreign:
        at = work.reading.source.line_starts[comment.passage.line + piece.first]
        try:
            answer = yield from _ask(work, piece.words, note)
        except BackendError as error:
            work.failure = error
            break
        if answer.problem:
            work.left.append(_left(work, at, answer.problem))
        else:
            translated[piece] = answer.words
    passage = comment.passage
    text = rewrite(passage, translated, passage.language, work.limit)
    if text is None:
        work.left.append(
            _left(work, passage.span.start, "a tool would read the translation as an instruction")
        )
        return None
    return _smallest_edit(work.reading.source.slice(passage.span), text, passage.span.start)


def _ask(work: _Work, words: str, note: str) -> Asking:
    """The translation of some words, or why there is none; asked again if the answer is of no use."""
    answer = work.known.get(words)
    if answer is not None:
        return answer
    target = work.selection.target
    system = SYSTEM.format(target=target)
    again = AGAIN.format(target=target, words=words)
    max_tokens = _SPARE_TOKENS + width(words)
    if estimate(system + again) + max_tokens > work.selection.room:
        return Reply("", "it is longer than the model can read at once")
    reply = yield Prompt(system, words, max_tokens=max_tokens, note=note, finished=is_finished)
    answer = read_reply(reply, words, target, last=False)
    if answer.problem:
        reply = yield Prompt(system, again, max_tokens=max_tokens, note=note, finished=is_finished)
        answer = read_reply(reply, words, target, last=True)
    work.known[words] = answer
    return answer


def _left(work: _Work, offset: int, why: str) -> str:
    return f"Line {work.reading.source.place(offset).line + 1} was left as it was: {why}."


def _smallest_edit(old: str, new: str, start: int) -> Edit | None:
    """The edit between what both texts begin and end with; it replaces something, and no half line end."""
    if old == new:
        return None
    shorter = min(len(old), len(new))
    head = next((at for at in range(shorter) if old[at] != new[at]), shorter)
    head = max(0, min(head, len(old) - 1))
    tail = next((at for at in range(shorter - head) if old[-1 - at] != new[-1 - at]), shorter - head)
    tail = min(tail, len(old) - head - 1)
    while head and old[head - 1] == "\r":
        head -= 1
    while tail and old[len(old) - tail] == "\n":
        tail -= 1
    return Edit(Span(start + head, start + len(old) - tail), new[head : len(new) - tail])
