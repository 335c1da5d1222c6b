from functools import partial

import pytest
from attrs import evolve
from comment_samples import sources

from gloss_lsp.core.comments.classify import is_own_text, left_alone
from gloss_lsp.core.comments.find import find
from gloss_lsp.core.comments.passages import Passage, passages
from gloss_lsp.core.comments.pieces import Piece, pieces
from gloss_lsp.core.comments.read import Reading, read
from gloss_lsp.core.comments.rewrite import limit_of, rewrite
from gloss_lsp.core.comments.verify import same_code, verified
from gloss_lsp.core.text import Edit, Source, Span, apply_edits

LONG = (
    "One two three four five six seven eight nine ten eleven twelve thirteen "
    "fourteen fifteen sixteen seventeen."
)


def passages_of(text: str, language: str) -> tuple[Reading, list[Passage]]:
    tree = read(Source(text, language))
    assert tree is not None
    return tree, passages(tree.source, find(tree), lambda comment: False)


def rewritten(text: str, language: str, words: str) -> str:
    """`text` with the words of every piece of every comment replaced."""
    _, found = passages_of(text, language)
    edits = []
    for passage in found:
        translated = dict.fromkeys(pieces(passage, passage.language), words)
        new = rewrite(passage, translated, passage.language, limit_of(found))
        if new is not None:
            edits.append(Edit(passage.span, new))
    return apply_edits(text, edits)


@pytest.mark.parametrize(
    ("language", "before", "after"),
    [
        ("python", "# a\n# b\nx", "# new\nx"),
        ("python", "x = 1\t# a  \ny", "x = 1\t# new  \ny"),
        ("python", "#: a\nx", "#: new\nx"),
        ("python", "#a\nx", "#new\nx"),
        ("python", "\tdef_ = 1\n\t##  a\r\n\tx", "\tdef_ = 1\n\t##  new\r\n\tx"),
        ("python", "# TODO(li): a\n", "# TODO(li): new\n"),
        ("python", "x  # a  # noqa: E501\n", "x  # new  # noqa: E501\n"),
        ("c", "/* a */ int x;", "/* new */ int x;"),
        ("c", "/**\n * a\n * b\n *\n * @param x c\n */\n", "/**\n * new\n *\n * @param x new\n */\n"),
        ("c", "/*\n   a\n   b\n*/\n", "/*\n   new\n*/\n"),
        ("c", "/******\n * a  *\n * bb *\n ******/\n", "/******\n * new *\n ******/\n"),
        ("c", "int x; // a \\\n b\nint y;", "int x; // new\nint y;"),
        ("c", "//! \\brief a\n//! \\param[in] x b\n", "//! \\brief new\n//! \\param[in] x new\n"),
        ("rust", "/// a\n///\n/// * `n` - b\nfn f() {}\n", "/// new\n///\n/// * `n` - new\nfn f() {}\n"),
        (
            "rust",
            "//! ```\n//! let x = 1; // a\n//! ```\n//! b\n",
            "//! ```\n//! let x = 1; // a\n//! ```\n//! new\n",
        ),
        (
            "python",
            'def f():\n    """a\n\n    Args:\n        x (int): b\n            c\n    """\n',
            'def f():\n    """new\n\n    Args:\n        x (int): new\n    """\n',
        ),
        (
            "python",
            'def f():\n    """a\n\n    >>> f()\n    b\n\n    c\n    """\n',
            'def f():\n    """new\n\n    >>> f()\n    b\n\n    new\n    """\n',
        ),
        (
            "python",
            "def f():\n    '''a\n\n    :param int x: b\n    :rtype: c\n    '''\n",
            "def f():\n    '''new\n\n    :param int x: new\n    :rtype: c\n    '''\n",
        ),
        (
            "python",
            'def f():\n    """a\n\n    Parameters\n    ----------\n    x : int\n        b\n    """\n',
            'def f():\n    """new\n\n    Parameters\n    ----------\n    x : int\n        new\n    """\n',
        ),
        (
            "java",
            "/**\n * a\n * <p>\n * @return {@code b} c\n * @author d\n */\n",
            "/**\n * new\n * <p>\n * @return new\n * @author d\n */\n",
        ),
        ("java", "/**\n * <p>a <code>b</code>\n */\n", "/**\n * <p>new\n */\n"),
        ("java", "/**\n * <li>a <i>b</i></li>\n */\n", "/**\n * <li>new</li>\n */\n"),
        ("java", "/**\n * a<br/>\n */\n", "/**\n * new<br/>\n */\n"),
        ("javascript", "/** @type {Foo} a */\nx", "/** @type {Foo} a */\nx"),
        ("javascript", "/** a\n * @param {string} b c */\nx", "/** new\n * @param {string} b new */\nx"),
    ],
)
def test_the_frame_stays(language, before, after):
    assert rewritten(before, language, "new") == after


FIRST = "One two three four five six seven eight nine ten eleven"
WRAPPED = {
    "    # a\n": f"    # {FIRST} twelve thirteen\n    # fourteen fifteen sixteen seventeen.\n",
    "# - a\r\n": f"# - {FIRST} twelve thirteen\r\n#   fourteen fifteen sixteen seventeen.\r\n",
    "x = 1  # a\n": f"x = 1  # {LONG}\n",
    "def f():\n    'a'\n": f"def f():\n    '{LONG}'\n",
    'def f():\n    """a"""\n': (
        f'def f():\n    """{FIRST} twelve\n    thirteen fourteen fifteen sixteen seventeen."""\n'
    ),
    "\t/** a */\nint x;": (
        f"\t/** {FIRST} twelve\n\t * thirteen fourteen fifteen sixteen seventeen. */\nint x;"
    ),
    "  /* a */\nint x;": f"  /* {FIRST} twelve thirteen\n     fourteen fifteen sixteen seventeen. */\nint x;",
    "f(/* a */ 1);": f"f(/* {LONG} */ 1);",
    "int x; // a\\\n b": f"int x; // {LONG}",
    "/**\n * @param x a\n */\n": (
        f"/**\n * @param x {FIRST} twelve\n *     thirteen fourteen fifteen sixteen seventeen.\n */\n"
    ),
}


@pytest.mark.parametrize(("before", "after"), WRAPPED.items())
def test_long_words_are_wrapped_where_lines_may_be_added(before, after):
    language = "python" if "#" in before or "def" in before else "c"
    assert rewritten(before, language, LONG) == after


HOSTILE = {
    "closing mark": "ends */ int evil; /* here",
    "closing marks only": "*/*/*/",
    "html": "--> <!-- </script>",
    "new lines": "one\nevil()\r\nevil()\revil()\x0bevil()\x0cevil()\x85evil()\u2028evil()\u2029evil()",
    "backslash at the end": "path C:\\",
    "trigraph at the end": "what ??/",
    "many backslashes": "a \\\\\\",
    "escape": "a \\x0a \\u000a \\u002a/ \\N{BULLET} \\777 \\q",
    "malformed escape": "see C:\\users \\x \\N{",
    "triple quotes": "a \"\"\" evil() \"\"\" b ''' evil() ''' c",
    "quote at the end": 'he said "no"',
    "quotes at the end": "it's '''",
    "quotes": "\"'\"'\"'",
    "code": "```python\nimport os\nos.remove('x')\n```",
    "huge": "word " * 400,
    "huge word": "x" * 2000,
    "empty": "",
    "blank": " \t\n ",
    "right to left override": "a\u202eb\u2066c\u2069\u200fd",
    "control": "a\x00b\x1b[31mc\x07d",
    "surrogate": "a\ud800b",
    "noncharacter": "a\uffff\U0010ffff\ufeffb",
    "nested": "/* /* /* */",
    "starts like a marker": "/ * ! # / evil",
    "bang": "!/bin/evil",
    "directive": "eslint-disable",
    "noqa": "noqa",
    "go": "go:linkname evil evil",
    "encoding": "-*- coding: latin-1 -*-",
    "ends in a slash": "either/or/",
    "ends in a star": "all of *",
    "starts with a slash": "/path",
    "starts with a star": "*all",
    "tag": "@param evil {",
    "doctest": ">>> evil()",
    "template": "${evil()} {evil} %s #{evil}",
    "wide": "这是一个很长的句子，" * 40,
    "interpolation end": "}} ]] )) ;;",
}


@pytest.fixture(scope="module")
def translatable() -> dict[str, tuple[Reading, int, list[tuple[Passage, list[Piece]]]]]:
    """Every sample and file: its tree, the column to wrap at, and the pieces of what is not left alone."""
    found = {}
    for name, source in sources().items():
        tree = read(source)
        assert tree is not None
        every = passages(source, find(tree), partial(is_own_text, tree))
        asked = [passage for passage in every if left_alone(tree, passage, licences=True) is None]
        found[name] = (
            tree,
            limit_of(every),
            [(passage, pieces(passage, passage.language)) for passage in asked],
        )
    return found


@pytest.mark.parametrize("words", HOSTILE.values(), ids=HOSTILE)
def test_no_words_change_code(translatable, words):
    for name, (tree, limit, asked) in translatable.items():
        edits = []
        for passage, found in asked:
            new = rewrite(passage, dict.fromkeys(found, words), passage.language, limit)
            if new is not None and new != tree.source.slice(passage.span):
                edits.append(Edit(passage.span, new))
        after = read(evolve(tree.source, text=apply_edits(tree.source.text, edits)))
        assert after is not None
        assert same_code(tree, after, edits), name
        if tree.source.language == "python":
            compile(after.source.text, name, "exec")


def test_invisible_characters_are_dropped_unless_the_user_wrote_them():
    assert rewritten("# a\n", "python", "x\u202ey\x07z\u200d") == "# xyz\u200d\n"
    assert rewritten("# a\u202eb\u202c\n", "python", "x\u202ey\u202c") == "# x\u202ey\u202c\n"


@pytest.mark.parametrize(
    ("language", "text", "words"),
    [
        ("python", "# 说明\nx", "noqa"),
        ("python", "# 说明\nx", "type: int"),
        ("go", "//说明\npackage p", "go:build ignore"),
        ("javascript", "/* 说明 */ x", "eslint-disable"),
        ("c", "// 说明\n", "NOLINT"),
        ("java", "// 说明\n", "CHECKSTYLE:OFF"),
    ],
)
def test_words_that_a_tool_would_read_are_refused(language, text, words):
    _, (passage,) = passages_of(text, language)
    assert (
        rewrite(passage, dict.fromkeys(pieces(passage, passage.language), words), passage.language, 80)
        is None
    )


@pytest.mark.parametrize(
    ("language", "before", "edit"),
    [
        ("c", "/* a */ int x;", Edit(Span(3, 4), "b */ int y; /*")),
        ("c", "int a; // b\nint c;\n", Edit(Span(10, 11), "b \\")),
        ("c", "int a; // b\nint c;\n", Edit(Span(10, 12), "b ")),
        ("python", "x = 1 # a\n", Edit(Span(8, 9), "a\ny = 2")),
        ("python", "x = 1 # a\n", Edit(Span(4, 5), "2")),
        ("python", 'def f():\n    """a"""\n    x\n', Edit(Span(16, 17), 'b"""; y; """')),
        ("python", 'def f():\n    """a"""\n    x\n', Edit(Span(16, 17), "b\\")),
        ("python", "# a\nx\n", Edit(Span(0, 3), "y")),
        ("python", "# a\n# b\n", Edit(Span(0, 5), "")),
        ("javascript", "function f() { return /* b */ x }", Edit(Span(25, 26), "b\n")),
        ("shellscript", "a # b\n", Edit(Span(0, 2), "")),
        ("python", "if (: # a\n", Edit(Span(8, 9), "a\nevil()")),
    ],
)
def test_an_edit_that_would_change_code_is_dropped(language, before, edit):
    tree, _ = passages_of(before, language)
    after = read(Source(apply_edits(before, [edit]), language))
    assert after is not None
    assert not same_code(tree, after, [edit])
    assert verified(tree, [edit]).dropped == (edit,)


def test_one_bad_edit_takes_no_good_one_with_it():
    text = "".join(f"int a{number}; // n{number}\n" for number in range(9))
    tree, found = passages_of(text, "c")
    edits = [Edit(Span(comment.span.start + 3, comment.span.end), f"m{n}") for n, comment in enumerate(found)]
    edits[4] = evolve(edits[4], text="m\nint evil;")
    result = verified(tree, edits)
    assert result.dropped == (edits[4],)
    assert list(result.kept) == edits[:4] + edits[5:]
