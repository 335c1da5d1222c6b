"""Explains code: what it does, how, and what is surprising about it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from gloss_lsp.actions.base import Action, Page, Prompt
from gloss_lsp.core.budget import estimate
from gloss_lsp.core.context import fit_extracts, gather, plain
from gloss_lsp.core.languages import fence, language
from gloss_lsp.core.markdown import unclosed
from gloss_lsp.core.subject import line_numbers, split, subject_of
from gloss_lsp.core.syntax import parse
from gloss_lsp.core.text import Span
from gloss_lsp.errors import Refused, TooLong

if TYPE_CHECKING:
    from collections.abc import Generator, Sequence

    from gloss_lsp.actions.base import Conversation, Selection
    from gloss_lsp.core.context import Extract
    from gloss_lsp.core.subject import Subject

_SYSTEM: Final = (
    "You explain source code to a programmer who has not seen it before. Say in a few short sentences what"
    " the code does and how it does it, and then what is surprising or easy to get wrong, if anything is."
    " Name values, rules and units exactly as they stand in the code. Explain only what is asked about; the"
    " rest is shown so that you understand it. Do not repeat the code, do not suggest changes, do not guess."
)
_MOST_ANSWER: Final = 512
_LEAST_ANSWER: Final = 64
_PART_ANSWER: Final = 200
_MOST_CONTEXT: Final = 1200
"""Tokens beside the code itself: without a GPU, a model of 1.5B parameters reads some 50 in a second."""
_AROUND_WORDS: Final = 80
"""Tokens for the chat template and for the words between the extracts."""
_MOST_PARTS: Final = 24
_SMALLEST_PART: Final = 60
_HEADING: Final = 12
"""Tokens that name a part."""
_LONGEST_MESSAGE: Final = 600
_CUT: Final = (
    "\n\n*The model wrote as much as it may, {limit} tokens, so this ends here. Select less to read it all.*"
)
_PART_CUT: Final = " …"
_NOTHING: Final = "*The model gave no answer.*"

_HEADINGS: Final = {
    "imports": "The file imports:",
    "used": "It defines, and the code below uses:",
    "enclosing": "The code is part of:",
    "around": "The code stands among these lines:",
}


def _offer(selection: Selection) -> str | None:
    if not selection.source.text.strip():
        return None
    if selection.diagnostic:
        return "Explain this problem"
    return "Explain selection" if selection.text.strip() else "Explain this code"


def _converse(selection: Selection) -> Conversation:
    source = selection.source
    tree = parse(source)
    subject = subject_of(source, selection.span, tree)
    if subject is None:
        raise Refused("There is nothing here to explain: the file is empty.")
    answer = max(_LEAST_ANSWER, min(_MOST_ANSWER, selection.room // 4))
    title = f"Explanation: {_title(selection, subject)}"
    room = selection.room - answer - _AROUND_WORDS - estimate(_SYSTEM)
    free = room - estimate(_question(selection, subject, ()))
    if free < 0:
        return Page(title, (yield from _in_parts(selection, subject, answer)))
    extracts, left_out = fit_extracts(gather(source, subject.span, tree), min(free, _MOST_CONTEXT))
    question, cut = _question(selection, subject, extracts), _CUT.format(limit=answer)
    reply = yield Prompt(_SYSTEM, question, max_tokens=answer, cut=cut)
    return Page(title, (reply if reply.strip() else _NOTHING) + _note(reply, left_out))


ACTION: Final = Action("explain", "Explain", "refactor.gloss.explain", "chat", _converse, _offer)


def _title(selection: Selection, subject: Subject) -> str:
    if subject.name:
        return subject.name
    numbers = line_numbers(selection.source, subject.span).partition(" ")[2]
    return f"{selection.source.path or 'untitled'}:{numbers}"


def _question(selection: Selection, subject: Subject, extracts: Sequence[Extract]) -> str:
    """What stays the same for a file first, so that a server need not read it twice; the task last."""
    paragraphs = [_file(selection)]
    for place, heading in _HEADINGS.items():
        found = [extract.text for extract in extracts if extract.place == place]
        if found:
            paragraphs += [heading, _fenced("\n\n".join(found), selection)]
    paragraphs += [
        f"Explain this, {subject.called(selection.source)}:",
        _fenced(_code(selection, subject.span), selection),
        _task(selection),
    ]
    return "\n\n".join(paragraphs)


def _file(selection: Selection) -> str:
    known = language(selection.source.language)
    name = known.name if known else selection.source.language
    written = "" if name == "plaintext" else f" in {name}"
    path = selection.source.path
    return f"This is from {f'the file {path}' if path else 'a new file'}{written}."


def _task(selection: Selection) -> str:
    """The question, in a form that makes a small model answer in the language that it is asked to."""
    if selection.diagnostic:
        question = (
            f"The editor reports here: {_clipped(selection.diagnostic)}\n"
            "What does that mean, and where does it come from?"
        )
    elif selection.instruction:
        question = _clipped(selection.instruction)
    else:
        question = "What does this code do?"
    return f"{question} Answer in a few sentences in {selection.target}."


def _in_parts(selection: Selection, subject: Subject, answer: int) -> Generator[Prompt, str, str]:
    """Explain each part, and then the whole from what was said of the parts."""
    parts = _parts(selection, subject)
    page = ""
    replies = []
    for number, part in enumerate(parts, 1):
        page += f"## {line_numbers(selection.source, part).capitalize()}\n\n"
        user = _part_question(selection, subject, part, f"part {number} of {len(parts)}")
        note = f"part {number} of {len(parts)}"
        limit = _part_answer(selection)
        reply = yield Prompt(_SYSTEM, user, max_tokens=limit, before=page, note=note, cut=_PART_CUT)
        replies.append(reply.strip())
        page += f"{reply}{unclosed(reply)}\n\n"
    page += "## As a whole\n\n"
    user = _whole_question(selection, subject, parts, replies)
    cut = _CUT.format(limit=answer)
    reply = yield Prompt(_SYSTEM, user, max_tokens=answer, before=page, note="as a whole", cut=cut)
    note = f"*It does not fit the model's context at once, so it was read in {len(parts)} parts.*"
    return f"{page}{reply}{unclosed(reply)}\n\n{note}"


def _part_answer(selection: Selection) -> int:
    return min(_PART_ANSWER, selection.room // 4)


def _parts(selection: Selection, subject: Subject) -> list[Span]:
    asked = estimate(_SYSTEM) + estimate(_part_question(selection, subject, Span(0, 0), ""))
    most = selection.room - _part_answer(selection) - _AROUND_WORDS - asked
    parts = (
        split(selection.source, subject.span, most, parse(selection.source)) if most >= _SMALLEST_PART else []
    )
    if not 0 < len(parts) <= _MOST_PARTS:
        raise TooLong(
            f"This is too much to explain at once for a model whose context holds {selection.room} tokens."
            " Select less, or set models.contextLength to a larger value."
        )
    return parts


def _part_question(selection: Selection, subject: Subject, part: Span, which: str) -> str:
    called = subject.called(selection.source)
    return "\n\n".join(
        (
            _file(selection),
            f"Explain {line_numbers(selection.source, part)}, {which} of {called}:",
            _fenced(_code(selection, part), selection),
            f"What does this part do? Answer in a few sentences in {selection.target}.",
        )
    )


def _whole_question(
    selection: Selection, subject: Subject, parts: Sequence[Span], replies: Sequence[str]
) -> str:
    before = f"{_file(selection)}\n\nThis is what the parts of {subject.called(selection.source)} do:"
    together = f"What do they do together? Answer in three sentences in {selection.target}."
    after = _task(selection) if selection.diagnostic or selection.instruction else together
    free = selection.room - selection.room // 4 - _AROUND_WORDS - estimate(_SYSTEM + before + after)
    share = free // len(replies) - _HEADING
    told = [
        f"{line_numbers(selection.source, part).capitalize()}: {_shortened(reply, share)}"
        for part, reply in zip(parts, replies, strict=True)
    ]
    return "\n\n".join((before, *told, after))


def _shortened(reply: str, most: int) -> str:
    """The first sentences of a reply that fit into `most` tokens."""
    while (needed := estimate(reply)) > max(most, 1) and reply:
        cut = reply[: len(reply) * max(most, 0) // needed]
        sentence = max(cut.rfind(end) for end in (". ", ".\n", "。", "\n"))
        reply = cut[: sentence + 1] if sentence > len(cut) // 2 else cut
    return reply


def _note(reply: str, left_out: Sequence[str]) -> str:
    if not left_out:
        return ""
    return f"{unclosed(reply)}\n\n*Left out of the prompt, for want of room: {', '.join(left_out)}.*"


def _code(selection: Selection, span: Span) -> str:
    source = selection.source
    start = source.line_starts[source.place(span.start).line]
    indented = not source.text[start : span.start].strip()
    return plain(source.text[start if indented else span.start : span.end])


def _fenced(code: str, selection: Selection) -> str:
    longest = max((len(run) for run in re.findall("`{3,}", code)), default=2)
    mark = "`" * (longest + 1)
    return f"{mark}{fence(selection.source.language)}\n{code}\n{mark}"


def _clipped(message: str) -> str:
    """A message on one line, cut where it is longer than anybody reads."""
    line = " ".join(message.split())
    return line if len(line) <= _LONGEST_MESSAGE else f"{line[:_LONGEST_MESSAGE]}…"
