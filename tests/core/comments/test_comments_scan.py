"""The scanner alone: the languages that have a grammar too, broken texts, and parts in other languages."""

import pytest
from comment_samples import LANGUAGES, unmarked

from gloss_lsp.core.comments.find import find
from gloss_lsp.core.comments.read import Scanned, read, scanned
from gloss_lsp.core.comments.scan.table import ROWS
from gloss_lsp.core.languages import language
from gloss_lsp.core.text import Source


def found(text: str, language_id: str) -> list[str]:
    reading = scanned(Source(text, language_id))
    assert reading is not None
    return [text[comment.span.start : comment.span.end] for comment in find(reading)]


def test_every_row_is_of_a_language_and_has_a_sample():
    assert [name for name in ROWS if language(name) is None] == []
    assert set(LANGUAGES) == set(ROWS)


@pytest.mark.parametrize("name", [name for name in LANGUAGES if language(name).grammar])
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_the_scanner_finds_what_the_grammar_finds(name, newline):
    text, comments, docstrings = unmarked(LANGUAGES[name].replace("\n", newline))
    reading = scanned(Source(text, name))
    assert [comment.span for comment in find(reading)] == sorted(comments + docstrings)


@pytest.mark.parametrize("name", [name for name in LANGUAGES if language(name).grammar])
def test_a_grammar_that_is_not_there_is_replaced(name, monkeypatch):
    def missing(name: str) -> None:
        raise ImportError(name)

    monkeypatch.setattr("gloss_lsp.core.syntax.import_module", missing)
    reading = read(Source("x", name))
    assert isinstance(reading, Scanned)


@pytest.mark.parametrize("language_id", ["cobol", "plaintext", "", "markdown", "json", "objective-c"])
def test_an_unknown_language_is_not_guessed(language_id):
    assert read(Source("# one\n// two\n/* three */\n", language_id)) is None


BROKEN = {
    "ruby": [
        ("<<<<<<< HEAD\n# ours\n=======\n# theirs\n>>>>>>> b # no\n", ["# ours", "# theirs"]),
        ("# a\n=begin\nnever ends\n# no\n", ["# a"]),
        ('# a\nx = "never ends\n# no\n', ["# a"]),
        ("a = b <<EOF\n# no end, so a shift\n", ["# no end, so a shift"]),
    ],
    "php": [
        ("<?php\n# a\n<<<<<<< HEAD\n// ours\n=======\n// theirs\n>>>>>>> x\n", ["# a", "// ours", "// theirs"]),
        ("no // comment # here", []),
        ("<?php // a ?>b // no", ["// a "]),
        ("<?php /* a", []),
    ],
    "javascript": [
        ("a(; // a\nfunction ( { // b\n", ["// a", "// b"]),
        ("x = `never ends\n// no\n", []),
        ("x = a\n/ b /* c */ / d // e", ["/* c */", "// e"]),
        ("if (x) /[/*]/.test(y) // a", ["// a"]),
        ("x = (a) / b // c / d", ["// c / d"]),
        ("x = y++ / 2 // a", ["// a"]),
        ("return /['\"]/ // a", ["// a"]),
        ("a = b ? /`/ : c // d", ["// d"]),
        ("s = 'not closed // no\nt() // a", ["// a"]),
    ],
    "typescript": [("let a = <any>b; // a\nf<T>(x) // b", ["// a", "// b"])],
    "typescriptreact": [("const f = <T,>(x: T) => x; // a\nconst g = <T extends U>(x: T) => x // b", ["// a",
        "// b"])],
    "python": [
        ("def f(:\n    '''no doc'''\n    x = (  # a\n", ["# a"]),
        ("x = (\ndef f():\n    '''doc'''\n# a\n", ["'''doc'''", "# a"]),
        ('x = f"{a["# no"]}" # a\n', ["# a"]),
        ("def f(a={':': 1}, *, b=lambda: 0) -> 'x': # a\n    'doc'\n", ["# a", "'doc'"]),
    ],
    "kotlin": [("val a = \"${f(\"}\")} // no\" // a\n/* open /* */ val b = 1 // no", ["// a"])],
    "haskell": [("f = x -- a\n{- open {- -}\ng = 1 -- no\n", ["-- a"])],
    "sql": [
        ("/* a /* b */ SELECT 1 -- c\n", ["/* a /* b */", "-- c"]),
        ("/* a /* b */ c */ SELECT 1 -- d\n", ["/* a /* b */ c */", "-- d"]),
        ("SELECT 'a\n-- no\n' -- a\n", ["-- a"]), ("SELECT $1, $2 -- a\n", ["-- a"])],
    "yaml": [
        ("a: don't # a\nb: \"x\n  # no\"\n", ["# a"]),
        ("a: |\n\n  # no\nb: 1 # a\n", ["# a"]),
        ("- |\n # no\n- # a\n", ["# a"]),
        ("a: b # a\n<<<<<<< HEAD\n# ours\n=======\n# theirs\n>>>>>>> x\n", ["# a", "# ours", "# theirs"]),
        ("url: http://x/#no # a", ["# a"]),
    ],
    "shellscript": [
        ("case $x in\na) echo \"$(case y in z) echo '#no';; esac)\" ;; # a\nesac # b\n", ["# a", "# b"]),
        ("cat <<A <<'B' # a\n# no\nA\n# no\nB\n# b\n", ["# a", "# b"]),
        ("x=$((16#ff)) y=${z# no} w=a#b # a", ["# a"]),
        ("if (: # a\necho 'open\n# no\n", ["# a"]),
    ],
    "html": [
        ("<script>x = '</script>' // no --><!-- a -->", ["<!-- a -->"]),
        ("<!-- never ends <script>// no</script>", []),
        ("<p class=it's> <!-- a --> <p class=it's>", ["<!-- a -->"]),
        ("<script>/* open </script><!-- a -->", ["<!-- a -->"]),
    ],
    "lua": [("x = [[ never ends\n-- no\n", [])],
    "perl": [("$x{s} = 1; # a\n$y = $h->{y} / 2; # b / c\n", ["# a", "# b / c"]),
        ("print <<A;\nno end # a\n", ["# a"])],
    "makefile": [("a:\n\techo # no\n# a\\\n b\nc = \\# d # e", ["# a\\\n b", "# e"])],
    "ocaml": [('(* "never ends *) let x = 1 (* no *)', [])],
    "css": [("a { b: url( 'x/*no*/' ) } /* a */ /* open", ["/* a */"])],
    "vue": [("<script lang=\"coffee\">\n# no // no\n</script><template lang='pug'>\n//- no\n</template>", [])],
}  # fmt: skip


@pytest.mark.parametrize(
    ("name", "text", "expected"), [(name, *case) for name, cases in BROKEN.items() for case in cases]
)
def test_odd_and_broken_texts(name, text, expected):
    assert found(text, name) == expected


@pytest.mark.parametrize(
    ("name", "text", "languages"),
    [
        ("html", "<!-- a --><script>// b\n</script><style>/* c */</style>", ["html", "javascript", "css"]),
        ("vue", '<script lang="ts">// b\n</script><style lang=less>// c\n</style>', ["typescript", "less"]),
        ("svelte", "<script>// a\n</script>{b /* c */}", ["javascript", "svelte"]),
        ("php", "<?php // a\n?><script>// b\n</script>", ["php", "javascript"]),
    ],
)
def test_a_comment_knows_its_language(name, text, languages):
    assert [comment.language.id for comment in find(scanned(Source(text, name)))] == languages


@pytest.mark.parametrize(
    ("name", "text", "marks"),
    [
        ("lua", "--[==[ a ]==]", ("--[==[", "]==]")),
        ("lua", "---- a", ("----", "")),
        ("sql", "-- a", ("--", "")),
        ("haskell", "{-| a -}", ("{-|", "-}")),
        ("ocaml", "(** a *)", ("(**", "*)")),
        ("xml", "<!-- a -->", ("<!--", "-->")),
        ("html", "<!-- a --!>", ("<!--", "--!>")),
        ("powershell", "<# a #>", ("<#", "#>")),
        ("cmake", "#[=[ a ]=]", ("#[=[", "]=]")),
        ("perl", "=head1 a\n=cut", ("=head1", "=cut")),
        ("ruby", "=begin\na\n=end", ("=begin", "=end")),
        ("ini", ";; a", (";;", "")),
        ("elixir", '@doc ~S"""\na\n"""', ('~S"""', '"""')),
        ("r", "#' a", ("#'", "")),
        ("erlang", "%%% a", ("%%%", "")),
    ],
)
def test_marks_of_a_comment(name, text, marks):
    (comment,) = find(scanned(Source(text, name)))
    assert (comment.opening, comment.closing) == marks
