"""The exact prompts of explain, and what its page says."""

from __future__ import annotations

from itertools import pairwise

import pytest
from attrs import evolve
from explain_cases import CASES, GOLDEN, PYTHON, first_prompt, play, select, written

from gloss_lsp.actions.base import Page, Prompt, Selection
from gloss_lsp.actions.explain import ACTION
from gloss_lsp.core.budget import estimate
from gloss_lsp.core.markdown import safe_markdown
from gloss_lsp.core.text import Source, Span
from gloss_lsp.errors import Interrupted, Refused, TooLong


@pytest.mark.parametrize("name", CASES)
def test_the_prompt_is_exactly_this(name: str) -> None:
    golden = (GOLDEN / f"explain_{name}.txt").read_text(encoding="utf-8")
    assert written(first_prompt(CASES[name])) == golden


def test_every_golden_file_belongs_to_a_case() -> None:
    assert {path.stem for path in GOLDEN.glob("explain_*")} == {f"explain_{name}" for name in CASES}


def test_a_helper_from_outside_the_selection_is_in_the_prompt() -> None:
    prompt = first_prompt(CASES["python_line_of_method"]).user
    assert "return rounded(price * (1 + RATE))" in prompt, "what is used"
    assert 'RATE = Decimal("0.19")' in prompt, "what that uses"
    assert "def unused" not in prompt


def test_questions_about_one_file_begin_alike() -> None:
    """So that a server which keeps what it has read need not read the imports and definitions again."""
    one, other = (
        first_prompt(select(PYTHON, "python", "shop/cart.py", text))
        for text in ("amount += apply(price)", "+= apply")
    )
    assert one.system == other.system
    common = next(at for at, (a, b) in enumerate(zip(one.user, other.user, strict=False)) if a != b)
    assert common > one.user.index("The code is part of:")


TITLES = [
    ("amount += apply(price)", "Explanation: shop/cart.py:25"),
    ("for item in self.items:\n            price", "Explanation: shop/cart.py:23-24"),
    ("amount = ^Decimal", "Explanation: Cart.total"),
    ("class ^Cart", "Explanation: Cart"),
    ("RATE^ =", "Explanation: RATE"),
    ("def unused():\n    return 0", "Explanation: unused"),
    ("from ^decimal", "Explanation: shop/cart.py:1"),
]


@pytest.mark.parametrize(("first", "title"), TITLES)
def test_the_page_is_named_for_what_it_explains(first: str, title: str) -> None:
    _, page = play(select(PYTHON, "python", "shop/cart.py", first), "Words.")
    assert page == Page(title, "Words.")


def test_what_was_left_out_is_named_at_the_end() -> None:
    selection = CASES["python_fits_partly"]
    (prompt,), page = play(selection, "It adds.\n```python\nnever closed")
    note = "Left out of the prompt, for want of room: what is farther away in `Cart.total`."
    assert page.markdown == f"It adds.\n```python\nnever closed\n```\n\n*{note}*"
    assert safe_markdown(page.markdown).endswith(f"\n```\n\n*{note}*")
    assert "amount += apply(price)\n```" in prompt.user, "the selection itself is never cut"
    assert total(prompt) <= selection.room


def test_an_empty_answer_is_said_to_be_one() -> None:
    _, page = play(CASES["python_line_of_method"], " \n")
    assert page.markdown == "*The model gave no answer.*"


def total(prompt: Prompt) -> int:
    return estimate(prompt.system) + estimate(prompt.user) + (prompt.max_tokens or 0)


@pytest.mark.parametrize("room", [450, 512, 768, 1024, 2048, 4096, 32768])
@pytest.mark.parametrize("name", CASES)
def test_every_prompt_fits_the_room(name: str, room: int) -> None:
    selection = evolve(CASES[name], room=room)
    prompts, _ = play(selection, "It does this. " * 100)
    assert all(total(prompt) <= room for prompt in prompts)
    asked = "\n".join(prompt.user for prompt in prompts)
    assert all(line.strip() in asked for line in selection.text.splitlines())


def many_functions(count: int) -> str:
    return "".join(f"def f{number}(value):\n    return value * {number}\n\n\n" for number in range(count))


def test_what_does_not_fit_is_explained_in_parts_and_then_as_a_whole() -> None:
    source = Source(many_functions(60), "python", path="many.py")
    selection = Selection(source, source.whole, room=1024)
    prompts, page = play(selection, "They multiply.\n```\nnever closed")
    *parts, whole = prompts
    count = len(parts)
    assert count > 1
    assert [prompt.note for prompt in prompts] == [f"part {at} of {count}" for at in range(1, count + 1)] + [
        "as a whole"
    ]
    for number in range(60):
        assert sum(f"return value * {number}\n" in prompt.user for prompt in parts) == 1, (
            "all of it, and once"
        )
    assert all(prompt.user.split("```python\n")[1].startswith("def f") for prompt in parts), (
        "split at definitions"
    )
    assert whole.user.count("They multiply.") == count
    assert all(total(prompt) <= selection.room for prompt in prompts)
    for before, after in pairwise(prompts):
        assert after.before.startswith(before.before + "They multiply."), "the page only grows"
    assert page.markdown.startswith(whole.before + "They multiply.")
    assert page.title == "Explanation: many.py:1-238"
    assert safe_markdown(page.markdown).count("\n## ") == count, "no heading is swallowed by code"


def test_one_endless_line_is_explained_in_parts() -> None:
    text = ";".join(f"let v{number}={number}" for number in range(900))
    selection = Selection(Source(text, "javascript", path="min.js"), Span(0, len(text)), room=2048)
    prompts, _ = play(selection, "Values.")
    shown = [prompt.user.split("```javascript\n")[1].split("\n```")[0] for prompt in prompts[:-1]]
    assert "".join(shown) == text
    assert all(total(prompt) <= 2048 for prompt in prompts)


def test_too_much_is_refused_with_what_to_do() -> None:
    source = Source(many_functions(4000), "python", path="many.py")
    for room in (200, 1024):
        with pytest.raises(TooLong, match=r"Select less, or set models\.contextLength"):
            next(ACTION.converse(Selection(source, source.whole, room=room)))


def test_an_empty_file_is_refused() -> None:
    with pytest.raises(Refused, match="nothing here to explain"):
        next(ACTION.converse(Selection(Source(" \n\n", "python"), Span(1, 1))))


def test_an_error_of_the_backend_ends_the_conversation() -> None:
    conversation = ACTION.converse(CASES["python_line_of_method"])
    next(conversation)
    with pytest.raises(Interrupted):
        conversation.throw(Interrupted("The stream broke."))


OFFERS = [
    (CASES["python_line_of_method"], "Explain selection"),
    (CASES["python_cursor_in_method"], "Explain this code"),
    (CASES["python_problem"], "Explain this problem"),
    (Selection(Source("\n  \n"), Span(0, 1)), None),
]


@pytest.mark.parametrize(("selection", "title"), OFFERS)
def test_the_menu_says_what_would_be_explained(selection: Selection, title: str | None) -> None:
    assert ACTION.offer(selection) == title
