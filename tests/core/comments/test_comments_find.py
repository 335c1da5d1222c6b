import pytest
from comment_samples import LANGUAGES, sources, unmarked

from gloss_lsp.core.comments.find import Comment, find
from gloss_lsp.core.comments.passages import passages
from gloss_lsp.core.comments.read import read
from gloss_lsp.core.text import Source


def found(text: str, language: str) -> list[Comment]:
    tree = read(Source(text, language))
    assert tree is not None
    return find(tree)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_comments_are_found_exactly(language, newline):
    text, comments, docstrings = unmarked(LANGUAGES[language].replace("\n", newline))
    by_kind = found(text, language)
    assert [c.span for c in by_kind if c.kind != "docstring"] == comments
    assert [c.span for c in by_kind if c.kind == "docstring"] == docstrings


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("c", "/* a", []),
        ("c", "int a; /* never ends\nint b;", []),
        ("javascript", "a(); /* never ends", []),
        ("rust", "/* outer /* inner */ not ended", []),
        ("python", "x = 1 # no line end", ["# no line end"]),
        ("python", "\ufeff# behind a mark", ["# behind a mark"]),
        ("python", "def f(: # broken\n  x = (\n# open", ["# broken", "# open"]),
        ("c", "<<<<<<< HEAD\n// ours\n=======\n// theirs\n>>>>>>> x\n", ["// ours", "// theirs"]),
        ("python", "def f():\n    b'bytes'\n", []),
        ("python", "def f():\n    f'text'\n", []),
        ("python", "def f():\n    'a' 'b'\n", []),
        ("python", "class A: 'one'; x = 1\n", ["'one'"]),
        ("shellscript", "a=${b#c} # yes\n", ["# yes"]),
        ("cpp", "#error don't /* a */ stop // b\n", ["/* a */", "// b"]),
        ("go", "", []),
    ],
)
def test_odd_and_broken_texts(language, text, expected):
    assert [text[c.span.start : c.span.end] for c in found(text, language)] == expected


@pytest.mark.parametrize(
    ("language", "text", "marks"),
    [
        ("c", "/**** box ****/", ("/****", "****/")),
        ("c", "/**/", ("/*", "*/")),
        ("c", "///< behind", ("///<", "")),
        ("c", "//////", ("//////", "")),
        ("python", "#: documented", ("#:", "")),
        ("python", "### x", ("###", "")),
        ("python", "r'''x'''", ("r'''", "'''")),
        ("rust", "//! inner", ("//!", "")),
    ],
)
def test_marks_of_a_comment(language, text, marks):
    (comment,) = found(text, language)
    assert (comment.opening, comment.closing) == marks
    assert comment.whole_lines


@pytest.mark.parametrize("source", sources().values(), ids=sources())
def test_rows_put_together_are_the_passage(source):
    tree = read(source)
    assert tree is not None
    for passage in passages(source, find(tree), lambda comment: False):
        assert "".join(row.text for row in passage.rows) == source.slice(passage.span)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("# a\n# b\n", [["a", "b"]]),
        ("# a\n\n# b\n", [["a"], ["b"]]),
        ("# a\n  # b\n", [["a"], ["b"]]),
        ("## a\n# b\n", [["a"], ["b"]]),
        ("x = 1 # a\n# b\n", [["a"], ["b"]]),
        ("x = 1 # a\ny = 2 # b\n", [["a"], ["b"]]),
        ("# a\n# noqa\n# b\n", [["a"], ["noqa"], ["b"]]),
        ("    # a\r\n    #\r\n    # b\r\n", [["a", "", "b"]]),
    ],
)
def test_whole_lines_of_one_form_are_one_text(text, expected):
    source = Source(text, "python")
    tree = read(source)
    assert tree is not None
    grouped = passages(source, find(tree), lambda comment: source.slice(comment.span) == "# noqa")
    assert [[row.words for row in passage.rows] for passage in grouped] == expected


@pytest.mark.parametrize(
    ("language", "mark"), [("python", "#"), ("go", "//"), ("shellscript", "#"), ("rust", "//")]
)
def test_a_carriage_return_ends_a_line_and_so_a_comment(language: str, mark: str) -> None:
    text = f"{mark} one\rx = 1 {mark} two\r{mark} three\r\ny = 2"
    spans = [comment.span for comment in found(text, language)]
    assert [text[span.start : span.end].rstrip() for span in spans] == [
        f"{mark} one",
        f"{mark} two",
        f"{mark} three",
    ]
