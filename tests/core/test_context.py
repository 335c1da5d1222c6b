"""What a question is about, what helps to understand it, and how the least useful gives way."""

from __future__ import annotations

import pytest

from gloss_lsp.core.budget import estimate
from gloss_lsp.core.context import IMPORTS, Extract, fit_extracts, gather, plain
from gloss_lsp.core.subject import split, subject_of
from gloss_lsp.core.syntax import parse
from gloss_lsp.core.text import Source, Span


def marked(text: str, language: str = "python") -> tuple[Source, Span]:
    """A text in which ``«…»`` is the selection."""
    before, _, rest = text.partition("«")
    inside, _, after = rest.partition("»")
    return Source(before + inside + after, language), Span(len(before), len(before) + len(inside))


BODY = "".join(f"    step({number})\n" for number in range(50))

GATHERED = {
    "a helper, and what the helper uses": (
        "A = 1\ndef helper():\n    return A\ndef other():\n    return 2\ndef f():\n    x = «helper()»\n    return x\n",
        "python",
        [("used", "`A`", 4), ("used", "`helper`", 2), ("enclosing", "the rest of `f`", 1)],
    ),
    "the method of the own class, not of another": (
        "class A:\n  def go(self): 1\n  def run(self):\n    «self.go()»\n    0\nclass B:\n  def go(self): 2\n",
        "python",
        [("used", "`A.go`", 2), ("enclosing", "the rest of `A.run`", 1)],
    ),
    "no part of what is asked about": (
        "«def f():\n    return g()\ndef g():\n    return f()»\n",
        "python",
        [],
    ),
    "a large helper is worth less": (
        f"def large():\n{BODY}\ndef f():\n    «large()»\n    pass\n",
        "python",
        [("used", "`large`", 4), ("enclosing", "the rest of `f`", 1)],
    ),
    "imports but those in the selection": (
        "import a\n«import b\nprint(b)»\n",
        "python",
        [("imports", "the imports", 3), ("around", "the lines around it", 1)],
    ),
    "lines around where there is no grammar": ("a: 1\n«b: 2»\nc: 3\n", "yaml", [("around", "the lines around it", 1)]),
    "nothing around all of a file": ("«a: 1\nb: 2»\n\n", "yaml", []),
    "includes": (
        "#include <stdio.h>\n#define N 3\nint twice(int x) { return x * N; }\nint main(void) {\n  «twice(2)»;\n}\n",
        "c",
        [
            ("imports", "the imports", 3),
            ("used", "`N`", 4),
            ("used", "`twice`", 2),
            ("enclosing", "the rest of `main`", 1),
        ],
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", GATHERED.values(), ids=GATHERED.keys())
def test_what_helps_is_gathered(case: tuple[str, str, list[tuple[str, str, int]]]) -> None:
    text, language, expected = case
    source, span = marked(text, language)
    found = gather(source, span, parse(source))
    assert [(extract.place, extract.name, extract.rank) for extract in found] == expected


def test_of_many_imports_only_those_count_that_are_used() -> None:
    many = "".join(f"import module{number}\n" for number in range(20))
    source, span = marked(f"{many}def f():\n    «module3.go(module17)»\n    pass\n")
    (imports, _) = gather(source, span, parse(source))
    assert imports.text == "import module3\nimport module17"


def test_includes_have_no_names_and_all_count() -> None:
    many = "".join(f'#include "module{number}.h"\n' for number in range(20))
    source, span = marked(f"{many}int main(void) {{\n  «go()»;\n  return 0;\n}}\n", "c")
    assert gather(source, span, parse(source))[0].text.count("#include") == 20


def test_a_large_function_is_shortened_to_what_is_near() -> None:
    source, span = marked(f"def f():\n{BODY}    «here()»\n{BODY}")
    (enclosing,) = gather(source, span, parse(source))
    lines = enclosing.short.split("\n")
    assert lines[:3] == ["def f():", "…", "    step(38)"]
    assert lines[-2:] == ["    step(11)", "…"]
    assert "    here()" in lines


def extract(name: str, size: int, rank: int, short: int = 0) -> Extract:
    return Extract("used", name, "word " * size, rank, "word " * short, f"most of {name}" if short else "")


FITTED = [
    ([extract("a", 10, 1), extract("b", 10, 2)], 1000, ["a", "b"], ()),
    ([extract("a", 10, 2), extract("b", 10, 1)], 20, ["b"], ("a",)),
    ([extract("a", 100, 1, short=5), extract("b", 10, 2)], 30, ["a", "b"], ("most of a",)),
    ([extract("a", 100, 1, short=50), extract("b", 10, 2)], 20, ["b"], ("a",)),
    ([extract("same", 10, 2), extract("same", 10, 2)], 20, ["same"], ("same",)),
    ([extract("a", 10, 1)], -5, [], ("a",)),
    ([], 0, [], ()),
]


@pytest.mark.parametrize(("extracts", "room", "kept", "left_out"), FITTED)
def test_the_least_useful_gives_way_and_is_named(
    extracts: list[Extract], room: int, kept: list[str], left_out: tuple[str, ...]
) -> None:
    found, told = fit_extracts(extracts, room)
    assert ([each.name for each in found], told) == (kept, left_out)
    assert sum(estimate(each.text) for each in found) <= max(room, 0)


SUBJECTS = [
    ("x = «  1 \n»", "1", ""),
    ("def f():\n    return «»1\n", "def f():\n    return 1", "f"),
    ("# Says.\n@d\ndef f():\n    return «»1\n", "# Says.\n@d\ndef f():\n    return 1", "f"),
    ("class A:\n    def f(self):\n        «»pass\n\n    x = 1\n", "def f(self):\n        pass", "A.f"),
    ("«def f():\n    pass\n»", "def f():\n    pass", "f"),
    ("print(1)\nprint(2)\n\n«»\nprint(3)\n", "print(3)", ""),
    ("print(1)\n«»print(2)\n\nprint(3)\n", "print(1)\nprint(2)", ""),
    ("print(1)\n\n  «  »", "print(1)", ""),
    ("\n «» \n", None, ""),
    ("«»", None, ""),
]


@pytest.mark.parametrize(("text", "code", "name"), SUBJECTS)
def test_the_subject_is_the_selection_or_what_stands_at_the_cursor(
    text: str, code: str | None, name: str
) -> None:
    source, span = marked(text)
    subject = subject_of(source, span, parse(source))
    assert (subject and source.slice(subject.span)) == code
    assert (subject.name if subject else "") == name


SPLITS = [
    ("a = 1\nb = 2\n\nc = 3\nd = 4\n", 12, ["a = 1\nb = 2\n\n", "c = 3\nd = 4\n"]),
    ("def f():\n    a()\n\ndef g():\n    b()\n", 18, ["def f():\n    a()\n\n", "def g():\n    b()\n"]),
    ("a = 1\n", 100, ["a = 1\n"]),
    ("aaaa bbbb cccc dddd", 3, ["aaaa bbbb ", "cccc dddd"]),
]


@pytest.mark.parametrize(("text", "most", "parts"), SPLITS)
def test_a_text_is_split_where_it_hurts_least(text: str, most: int, parts: list[str]) -> None:
    source = Source(text, "python")
    assert [source.slice(part) for part in split(source, source.whole, most, parse(source))] == parts


@pytest.mark.parametrize("most", [1, 3, 10, 50])
@pytest.mark.parametrize("text", [case[0] for case in GATHERED.values()])
def test_the_parts_are_all_of_the_text_and_fit(text: str, most: int) -> None:
    source = Source(text, "python")
    parts = split(source, source.whole, most, None)
    assert "".join("".join(source.slice(part) for part in parts).split()) == "".join(text.split())
    assert all(estimate(source.slice(part)) <= most or len(part) == 1 for part in parts)


def test_code_in_a_prompt_has_no_common_indentation_and_one_kind_of_line_end() -> None:
    assert plain("    a\r\n      b\r    c\n") == "a\n  b\nc"
    assert Extract("imports", "the imports", "import a", IMPORTS).short == ""


def test_of_many_definitions_of_one_name_the_last_are_told() -> None:
    text = "".join(f"x = {number}\n" for number in range(3000)) + "y = «x»\n"
    source, subject = marked(text)
    told = [extract.text for extract in gather(source, subject, parse(source)) if extract.place == "used"]
    assert told == [f"x = {number}" for number in range(2992, 3000)]
