import re
from pathlib import Path
from threading import Thread

import pytest

from gloss_lsp.core.syntax import (
    Tree,
    Trees,
    definitions,
    enclosing_definition,
    identifiers_in,
    imports,
    leaves,
    parse,
)
from gloss_lsp.core.text import Source, Span

OUTLINES = {
    path.stem: path.read_text("utf-8") for path in sorted((Path(__file__).parent / "outlines").iterdir())
}
"""By LSP id: a text, the imports in it, and its definitions."""


def tree_of(text: str, language: str) -> Tree:
    tree = parse(Source(text, language))
    assert tree is not None
    return tree


@pytest.mark.parametrize("language", OUTLINES)
def test_the_outline_of_each_grammar(language):
    text, imported, outline = re.split(r"=== \w+\n", OUTLINES[language])
    tree = tree_of(text, language)
    assert not tree.root.has_error
    assert [tree.source.slice(span) for span in imports(tree)] == imported.splitlines()
    found = definitions(tree)
    assert [
        f"{d.kind} {d.owner}.{d.name}" if d.owner else f"{d.kind} {d.name}" for d in found
    ] == outline.splitlines()
    for definition in found:
        assert definition.span.start <= definition.code.start == definition.header.start
        assert definition.header.end <= definition.code.end == definition.span.end


@pytest.mark.parametrize(
    ("language", "before", "whole", "header"),
    [
        ("python", "# far\n\n", "# é\n# near\n@dec\ndef f(a):\n    pass", "@dec\ndef f(a):"),
        ("python", "x = 1  # trailing\n", "def f(): pass", "def f():"),
        ("rust", "//! crate\n\n", "/// é\n#[inline]\npub fn f() {}", "pub fn f()"),
        ("javascript", "", "/** é */\nexport const f = (a) => {\n}", "export const f = (a) =>"),
        ("cpp", "", "// é\ntemplate <class T>\nT f(T a) {\n}", "template <class T>\nT f(T a)"),
        ("go", "package p\n", "// é\ntype S struct {\n\ta int\n}", "type S struct {\n\ta int\n}"),
    ],
)
def test_what_belongs_to_a_definition(language, before, whole, header):
    tree = tree_of(f"{before}{whole}\n", language)
    definition = definitions(tree)[-1]
    assert tree.source.slice(definition.span) == whole
    assert tree.source.slice(definition.header) == header


@pytest.mark.parametrize(
    ("language", "text", "selected", "name"),
    [
        ("python", "é = 1\nclass K:\n    def m(self):\n        return 'é'\n", "return 'é'", "m"),
        ("python", "class K:\n    def m(self):\n        pass\n", "def m(self):\n        pass\n", "K"),
        ("python", "class K:\n    a = 1\n    # doc\n    def m(self): pass\n", "# doc", "m"),
        ("python", "def f():\n    def g():\n        return 1\n", "return 1", "g"),
        ("python", "def f():\n    x = [\n        1,\n    ]\n", "1,", "f"),
        ("python", "X = [\n    1,\n]\n", "1,", "X"),
        ("python", "def f():\n    pass\n", "def f():\n    pass\n", None),
        ("python", "import a\n", "a", None),
        ("javascript", "const f = () => { const g = () => { h(); }; };", "h()", "g"),
        ("javascript", "describe('x', () => { function t() { u(); } });", "u()", "t"),
        ("java", "class A { void m() { Runnable r = () -> { x(); }; } }", "x()", "m"),
        ("rust", "impl S { fn a(&self) { é(); } }", "é()", "a"),
        ("go", "package p\nfunc (s *S) M() { f(func() { g() }) }", "g()", "M"),
        ("c", "int f(int x) { if (x) { return 1; } }", "return 1;", "f"),
        ("shellscript", "f() {\n  echo é\n}\n", "echo é", "f"),
        ("python", "def broken(:\n    x = 1\ndef f():\n    y = 2\n", "y = 2", "f"),
    ],
)
def test_the_definition_around_a_selection(language, text, selected, name):
    start = text.index(selected)
    found = enclosing_definition(tree_of(text, language), Span(start, start + len(selected)))
    assert (found.name if found else None) == name


@pytest.mark.parametrize(
    ("language", "text", "names"),
    [
        ("python", "é = f(a.b, 'no') # no", {"é", "f", "a", "b"}),
        ("javascript", "const {p} = q.r(`${s}`)", {"p", "q", "r", "s"}),
        ("typescriptreact", "<View a={b as T} />", {"View", "a", "b", "T"}),
        ("shellscript", 'run "$X" ${Y}', {"run", "X", "Y"}),
        ("rust", "S::new(x.y)", {"S", "new", "x", "y"}),
        ("c", "struct S *p = q->r;", {"S", "p", "q", "r"}),
    ],
)
def test_names_in_a_span(language, text, names):
    before = "# ü\n" if language in ("python", "shellscript") else "// ü\n"
    tree = tree_of(before + text, language)
    assert identifiers_in(tree, Span(len(before), len(before + text))) == names


@pytest.mark.parametrize("filler", ["x", "é", "说", "👍", "\ud800"])
def test_offsets_count_code_points(filler):
    comment = "# " + filler * 3000
    text = f"{comment}\nnäme = '{filler}'; other = 1 # {filler}\n"
    tree = tree_of(text, "python")
    names = [tree.span(leaf) for leaf in leaves(tree) if leaf.type == "identifier"]
    assert [tree.source.slice(span) for span in names] == ["näme", "other"]
    for span in names:
        assert tree.points(*tree.bytes(span)) == span


def test_a_language_without_a_grammar_has_no_tree():
    assert parse(Source("x", "cobol")) is None


def test_a_version_is_parsed_once_and_old_ones_are_forgotten():
    trees = Trees(limit=2)
    one, two, three = (Source("x = 1", "python", uri="file:///a", version=version) for version in (1, 2, 3))
    first = trees.tree(one)
    assert trees.tree(one) is first
    trees.tree(two)
    trees.tree(three)
    assert trees.tree(one) is not first


def test_texts_without_a_uri_are_told_apart():
    trees = Trees()
    first, second = trees.tree(Source("x = 1", "python")), trees.tree(Source("y = 2", "python"))
    assert first is not None
    assert second is not None
    assert second.text(second.root) == "y = 2"


def test_threads_that_ask_at_once_get_one_tree():
    trees = Trees()
    source = Source("x = 1\n" * 5000, "python", uri="file:///a", version=1)
    found: list[Tree | None] = []
    threads = [Thread(target=lambda: found.append(trees.tree(source))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 4
    assert len(set(map(id, found))) == 1
