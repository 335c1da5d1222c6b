import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from gloss_lsp.actions import translating
from gloss_lsp.actions.base import Edits, Prompt, Selection
from gloss_lsp.actions.translate import ACTION, foreign_comment
from gloss_lsp.core.comments.pieces import pieces
from gloss_lsp.core.languages import id_for_path
from gloss_lsp.core.text import Edit, Source, Span, apply_edits
from gloss_lsp.errors import Interrupted, Refused, Unreachable

GOLDEN = Path(__file__).parent / "golden"
FILES = Path(__file__).parent.parent / "core" / "comments" / "files"

NOWHERE = Span(0, 0)
CHINESE = "x = 1  # 数量\n\n# 计算总和，\n# 然后返回。\ny = 2  # Set the default value.\n# noqa: E501\n"


def select(text: str, language: str = "python", span: Span = NOWHERE, **settings: object) -> Selection:
    return Selection(Source(text, language, path="a.py"), span, **settings)  # type: ignore[arg-type]


def run(selection: Selection, model: Callable[[Prompt], str]) -> tuple[Edits, list[Prompt]]:
    """The outcome of a conversation with `model`, and what it was asked; what it raises is thrown in."""
    conversation = ACTION.converse(selection)
    asked: list[Prompt] = []
    try:
        prompt = next(conversation)
        while True:
            asked.append(prompt)
            try:
                reply = model(prompt)
            except Interrupted as error:
                prompt = conversation.throw(error)
            else:
                prompt = conversation.send(reply)
    except StopIteration as ended:
        return ended.value, asked


def scripted(*replies: str) -> Callable[[Prompt], str]:
    waiting = iter(replies)
    return lambda prompt: next(waiting)


def test_only_comments_in_another_language_are_asked_for_one_by_one():
    outcome, asked = run(select(CHINESE), scripted("Quantity", "Computes the sum,\nthen returns it."))
    assert [prompt.user for prompt in asked] == ["数量", "计算总和，然后返回。"]
    assert [prompt.note for prompt in asked] == ["comment 1 of 2", "comment 2 of 2"]
    assert apply_edits(CHINESE, outcome.edits) == (
        "x = 1  # Quantity\n\n# Computes the sum, then returns it.\ny = 2  # Set the default value.\n# noqa: E501\n"
    )
    assert outcome.label == "Translate comments to English"
    assert outcome.left == ()


def prompts() -> str:
    """What is asked where the first answer to each question is of no use."""
    _, asked = run(select(CHINESE, target="German"), scripted("", "Anzahl", "", "", "Ein Wert"))
    return "".join(
        f"=== system\n{prompt.system}\n=== user, at most {prompt.max_tokens} tokens\n{prompt.user}\n"
        for prompt in asked
    )


def test_the_prompts():
    assert prompts() == (GOLDEN / "translate_german.txt").read_text("utf-8")


def test_every_prompt_begins_alike():
    _, asked = run(select(CHINESE), lambda prompt: "")
    assert len(asked) == 4
    assert len({prompt.system for prompt in asked}) == 1


def test_an_edit_replaces_no_more_than_what_differs():
    outcome, _ = run(select("# 数量 of x\n", span=Span(0, 3)), scripted("Number of x"))
    assert list(outcome.edits) == [Edit(Span(2, 4), "Number")]


@pytest.mark.parametrize(
    ("marked", "asked"),
    [
        ("# 一\n\n# ‹›二\nx  # 三\n", ["一", "二", "三"]),
        ("# 一\n\n# ‹二›\nx  # 三\n", ["二"]),
        ("# 一\n\n# 二\n# 四‹五\nx›  # 三\n", ["二四五"]),
        ("# 一\n\n‹# 二\nx  #› 三\n", ["二", "三"]),
        ("# 一\n\n# 二\n‹x›  # 三\n", []),
    ],
)
def test_what_a_selection_touches_is_asked_for_whole(marked, asked):
    start, end = marked.index("‹"), marked.index("›") - 1
    text = marked.replace("‹", "").replace("›", "")
    _, prompts = run(select(text, span=Span(start, end)), lambda prompt: "Some English words")
    assert [prompt.user for prompt in prompts] == asked


@pytest.mark.parametrize(
    ("replies", "left"),
    [
        (["", "Number"], None),
        (["数量", "Number"], None),
        (["I'm sorry, but I can't.", "Number"], None),
        (["The 数量", "Number"], None),
        (["", ""], "the model answered nothing"),
        (["数量", "数量。"], "the model's answer was not in English"),
        (["", "I'm sorry, but I can't do that"], "the model refused"),
        (["", "This comment is a translation"], "the model spoke about it"),
        (["", "word " * 200], "the model's answer was far too long"),
    ],
)
def test_a_useless_answer_is_asked_for_again_once_and_then_left(replies, left):
    outcome, asked = run(select("\n# 数量\nx = 1\n"), scripted(*replies))
    assert len(asked) == 2
    assert asked[1].user.endswith("\n\n数量")
    if left is None:
        assert [edit.text for edit in outcome.edits] == ["Number"]
        assert outcome.left == ()
    else:
        assert outcome.edits == ()
        assert outcome.left == (f"Line 2 was left as it was: {left}.",)


def test_the_same_words_are_asked_for_once():
    text = "a = 1  # 数量\nb = 2  # 数量\n"
    outcome, asked = run(select(text), scripted("Quantity"))
    assert len(asked) == 1
    assert apply_edits(text, outcome.edits) == "a = 1  # Quantity\nb = 2  # Quantity\n"


def test_the_model_is_stopped_when_it_begins_to_chat():
    _, (prompt, *_) = run(select("# 数量\n"), lambda prompt: "Quantity")
    assert prompt.finished is not None
    assert not prompt.finished("Quantity\n")
    assert prompt.finished("Quantity\n\nNote that")
    assert not prompt.finished("Here is the translation:\n\nQuant")


def broken_after(number: int) -> Callable[[Prompt], str]:
    replies = iter(["Quantity", "A sum"][:number])

    def model(prompt: Prompt) -> str:
        try:
            return next(replies)
        except StopIteration:
            raise Interrupted("The stream broke.") from None

    return model


def test_what_was_translated_before_a_failure_is_kept():
    outcome, _ = run(select(CHINESE), broken_after(1))
    assert [edit.text for edit in outcome.edits] == ["Quantity"]
    assert outcome.left == ("The comments from line 3 on were left. The stream broke.",)


def test_a_failure_before_anything_was_translated_ends_the_job():
    conversation = ACTION.converse(select(CHINESE))
    next(conversation)
    with pytest.raises(Unreachable):
        conversation.throw(Unreachable("Nothing answers."))


def test_a_text_that_does_not_fit_is_left():
    outcome, asked = run(select("# " + "计算总和并且返回结果" * 100 + "\n# ok\n", room=500), scripted())
    assert asked == []
    assert outcome.left == ("Line 1 was left as it was: it is longer than the model can read at once.",)


def test_a_language_that_is_not_supported_is_refused():
    with pytest.raises(Refused, match="cobol"):
        next(ACTION.converse(select("* x", "cobol")))


def test_nothing_to_translate_is_said_and_costs_no_prompt():
    outcome, asked = run(select("# Return the default value.\nx = '数量'\n"), scripted())
    assert asked == []
    assert outcome.edits == ()
    assert outcome.left == ("There is no comment in a language other than English here.",)


@pytest.mark.parametrize(
    ("options", "asked"),
    [
        ({}, ["说明", "数量"]),
        ({"docstrings": False}, ["数量"]),
        ({"licences": True}, ["Copyright 2020 某公司", "说明", "数量"]),
    ],
)
def test_settings_of_what_is_translated(options, asked):
    text = '# Copyright 2020 某公司\n\n"""说明"""\nx = 1  # 数量\n'
    _, prompts = run(select(text, options=options), lambda prompt: "Some words 2020")
    assert [prompt.user for prompt in prompts if "\n" not in prompt.user] == asked


def test_docstrings_that_the_program_reads_are_left():
    _, asked = run(select('"""说明"""\nprint(__doc__)  # 数量\n'), lambda prompt: "Some words")
    assert [prompt.user for prompt in asked] == ["数量"]


KEPT = ("{@code limit}", "`deque`", "https://example.com/queue", "C:\\temp")
"""What the files have that an answer has to hold too."""


def words_of(prompt: Prompt) -> str:
    return prompt.user.partition("\n\n")[2] or prompt.user


WHOLE = {path.stem: path.read_text("utf-8") for path in sorted(FILES.iterdir())}


@pytest.mark.parametrize("name", WHOLE)
def test_a_model_that_repeats_everything_changes_nothing(name):
    outcome, asked = run(select(WHOLE[name], id_for_path(name)), words_of)
    assert asked
    assert outcome.edits == ()


@pytest.mark.parametrize("name", WHOLE)
def test_a_second_run_asks_for_nothing_and_changes_nothing(name):
    language = id_for_path(name)

    def model(prompt: Prompt) -> str:
        kept = [word for word in KEPT if word in words_of(prompt)]
        return " ".join(["The value that is returned for all of these", *kept])

    outcome, _ = run(select(WHOLE[name], language), model)
    once = apply_edits(WHOLE[name], outcome.edits)
    again, asked = run(select(once, language), model)
    assert asked == []
    assert again.edits == ()


def shown(name: str) -> str:
    """A file with the answers to each question in it, numbered, and the questions."""
    asked: list[str] = []

    def model(prompt: Prompt) -> str:
        asked.append(words_of(prompt))
        kept = [word for word in KEPT if word in asked[-1]]
        return " ".join(["This is the answer of the model to question", str(len(asked)), *kept])

    outcome, _ = run(select(WHOLE[name], id_for_path(name)), model)
    assert outcome.left == (), outcome.left
    return "\n".join([apply_edits(WHOLE[name], outcome.edits), "=== asked", *asked, ""])


@pytest.mark.parametrize("name", WHOLE)
def test_whole_files_as_they_come_out(name):
    assert shown(name) == (GOLDEN / f"translate_{name}.txt").read_text("utf-8")


@pytest.mark.parametrize(
    ("language", "text", "selected", "title"),
    [
        ("python", "x = 1  # 数量\n", "", "Translate all comments to English"),
        ("python", "x = 1\n", "", None),
        ("python", "x = 1  # 数量\n", "# 数量", "Translate comments to English"),
        ("python", "x = 1  # 数量\n", "数", "Translate comments to English"),
        ("python", "x = 1  # 数量\ny = 2\n", "y = 2", None),
        ("python", 'def f():\n    """说明\n\n    更多\n    """\n', "更多", "Translate comments to English"),
        ("c", "/*\n 说明\n*/\nint x;\n", "说明", "Translate comments to English"),
        ("c", "/*\n 说明\n*/\nint x;\n", "int", None),
        ("ruby", "x = 1 # 数量\n", "", "Translate all comments to English"),
        ("sql", "SELECT 1 -- 数量\n", "数", "Translate comments to English"),
        ("xml", "<a>\n<!--\n 说明\n-->\n</a>\n", "说明", "Translate comments to English"),
        ("xml", "<a>\n<!--\n 说明\n-->\n</a>\n", "</a>", None),
        ("vue", "<script>\nx() // 数量\n</script>\n", "", "Translate all comments to English"),
        ("graphql", 'type A {\n"""\n说明\n"""\nb: Int }\n', "说明", "Translate comments to English"),
        ("plaintext", "# 数量\n", "# 数量", None),
        ("cobol", "* 数量\n", "", None),
    ],
)
def test_the_menu_offers_it_where_there_are_comments(language, text, selected, title):
    start = text.index(selected)
    assert ACTION.offer(select(text, language, Span(start, start + len(selected)))) == title


def test_the_comment_under_the_pointer():
    text = "x = 1  # 数量\ny = 2  # Set the value.\n"
    at = text.index("数")
    assert foreign_comment(select(text, span=Span(at, at + 1))) == Span(7, 11)
    at = text.index("Set")
    assert foreign_comment(select(text, span=Span(at, at + 1))) is None


def test_the_menu_loads_nothing_of_what_translates():
    program = "import sys, gloss_lsp.actions.translate; print('gloss_lsp.actions.translating' in sys.modules)"
    told = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert told.stdout == "False\n"


def test_a_hover_reads_the_comments_around_it_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    read = []
    monkeypatch.setattr(translating, "pieces", lambda *given: read.append(given) or pieces(*given))
    line = "# Nothing to see here\nx = 1\n"
    text = line * 2000 + "# Berechnet die Fläche des Kreises\ny = 2\n" + line * 2000
    at = text.index("Fläche")
    found = foreign_comment(select(text, span=Span(at, at + 1)))
    assert found is not None
    assert text[found.start : found.end] == "# Berechnet die Fläche des Kreises"
    assert len(read) <= 600
