"""Whatever a model answers, no byte outside of comments changes: over samples, files and generated answers."""

from functools import cache, partial

import pytest
from attrs import evolve
from comment_samples import sources
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gloss_lsp.core.comments.classify import is_own_text, left_alone
from gloss_lsp.core.comments.find import find
from gloss_lsp.core.comments.passages import passages
from gloss_lsp.core.comments.pieces import pieces
from gloss_lsp.core.comments.read import read
from gloss_lsp.core.comments.rewrite import limit_of, rewrite
from gloss_lsp.core.comments.verify import same_code, verified
from gloss_lsp.core.text import Edit, apply_edits

SOURCES = {name: source for name, source in sources().items() if name.endswith("mixed")}
MARKS = (
    "*/", "/*", "-->", "--", "<!--", "{-", "-}", "(*", "*)", "#=", "=#", "<#", "#>", "]]", "[[", "]==]", "--[[", "?>",
    "<?php", "</script>", "</style>", "=begin", "=end", "=cut", '"""', "'''", '"', "'", "`", "\\", "??/", "#{", "${",
    "$(", "{", "}", "\n", "\r\n", "\r", "\u2028", "#", "//", "%", ";", "|", "~", "\t", " ", "noqa", "é",
    "说明", "👍", "x",
)  # fmt: skip
ANSWERS = st.lists(st.sampled_from(MARKS) | st.text(max_size=6), max_size=8).map("".join)
BOUNDED = settings(
    max_examples=6,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


@cache
def translatable(name):
    """A source as it is read, the column to wrap at, and the pieces of each passage that is not left alone."""
    source = SOURCES[name]
    reading = read(source)
    every = passages(source, find(reading), partial(is_own_text, reading))
    asked = [passage for passage in every if left_alone(reading, passage, licences=True) is None]
    return reading, limit_of(every), [(passage, pieces(passage, passage.language)) for passage in asked]


def edits(name, answer):
    """The edits that put an answer for each piece into the comments of a source."""
    reading, limit, asked = translatable(name)
    for passage, found in asked:
        new = rewrite(passage, {piece: answer(piece) for piece in found}, passage.language, limit)
        if new is not None and new != reading.source.slice(passage.span):
            yield Edit(passage.span, new)


def outside(text, comments):
    """What of a text is in no comment and is no white space."""
    parts, at = [], 0
    for comment in comments:
        parts.append(text[at : comment.span.start])
        at = comment.span.end
    return "".join("".join([*parts, text[at:]]).split())


@pytest.mark.parametrize("name", SOURCES)
@given(data=st.data())
@BOUNDED
def test_no_answer_changes_code(name, data):
    reading = translatable(name)[0]
    source = reading.source
    result = verified(reading, list(edits(name, lambda piece: data.draw(ANSWERS))))
    text = apply_edits(source.text, result.kept)
    after = read(evolve(source, text=text))
    assert same_code(reading, after, result.kept)
    assert outside(text, find(after)) == outside(source.text, find(reading))


@pytest.mark.parametrize("name", SOURCES)
@given(words=st.sampled_from(("Sum of x", "a */ b", 'the "name" of it', "it's done", "说明文字")))
@BOUNDED
def test_answers_are_not_dropped(name, words):
    """What is made safe is let through: nothing is lost to words that a model may well write."""
    reading = translatable(name)[0]
    assert verified(reading, list(edits(name, lambda piece: words))).dropped == ()


@pytest.mark.parametrize("name", SOURCES)
def test_a_model_that_gives_back_what_it_got_changes_nothing(name):
    assert list(edits(name, lambda piece: piece.words)) == []
