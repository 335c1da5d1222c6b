"""`gloss explain`, `translate` and `complete`: what is asked, what is printed, what is written."""

from __future__ import annotations

import subprocess

import attrs
import pytest

CODE = "def add(a, b):\n    # Addiert zwei Zahlen und gibt die Summe zurück\n    return a + b\n"
ENGLISH = "# Adds two numbers and returns the sum"
MARK = b"\xef\xbb\xbf"


@pytest.fixture
def translating(fake):
    """The stand-in translates every comment to the same words."""
    fake.script(rules=[{"kind": "chat", "pieces": ["Adds two numbers ", "and returns the sum"]}])
    return fake


def asked(fake) -> str:
    return "\n".join(message["content"] for message in fake.requests("chat")[-1]["body"]["messages"])


def test_lines_are_explained(gloss, fake):
    gloss.write("a.py", "first = 1\nsecond = 2\nthird = 3\n")
    outcome = gloss("explain", "a.py:2-3", "--to", "de")
    assert (outcome.code, outcome.err) == (0, "")
    assert outcome.out.startswith("This is the reply.")
    prompt = asked(fake)
    assert "second = 2\nthird = 3" in prompt
    assert "German" in prompt
    assert "a.py" in prompt


def test_an_explanation_that_breaks_off_is_kept(gloss, fake):
    gloss.write("a.py", CODE)
    fake.script(rules=[{"kind": "chat", "pieces": ["Half a "], "end": "eof"}])
    outcome = gloss("explain", "a.py")
    assert outcome.code == 1
    assert outcome.out.startswith("Half a")
    assert outcome.err.count("\n") == 1


def test_secrets_do_not_leave_and_come_back(gloss, fake):
    secret = "ghp_" + "a1B2" * 9
    gloss.write("a.py", f'token = "{secret}"\n')
    assert gloss("explain", "a.py").code == 0
    assert secret not in str(fake.requests())


def test_a_diff_is_printed_that_git_can_apply(gloss, translating):
    path = gloss.write("a.py", CODE)
    outcome = gloss("translate", "a.py", "--to", "en")
    assert (outcome.code, outcome.err) == (0, "")
    assert path.read_text("utf-8") == CODE
    assert outcome.out.startswith("--- a/a.py\n+++ b/a.py\n@@")
    subprocess.run(["git", "apply"], input=outcome.out.encode(), cwd=gloss.folder, check=True)
    assert path.read_text("utf-8") == CODE.replace("# Addiert zwei Zahlen und gibt die Summe zurück", ENGLISH)


SHAPES = {
    "plain": (CODE.encode(), b"\n"),
    "carriage returns": (CODE.replace("\n", "\r\n").encode(), b"\r\n"),
    "a byte order mark": (MARK + CODE.encode(), b"\n"),
    "both": (MARK + CODE.replace("\n", "\r\n").encode(), b"\r\n"),
    "no last line end": (CODE.rstrip("\n").encode(), b"\n"),
}


@pytest.mark.parametrize(("data", "newline"), SHAPES.values(), ids=SHAPES)
@pytest.mark.parametrize("way", ["write", "diff"])
def test_only_the_comment_changes(data, newline, way, gloss, translating):
    path = gloss.write("a.py", data)
    outcome = gloss("translate", "a.py", "--to", "en", f"--{way}")
    assert (outcome.code, outcome.err) == (0, "")
    if way == "diff":
        assert path.read_bytes() == data
        subprocess.run(["git", "apply"], input=outcome.out.encode(), cwd=gloss.folder, check=True)
    else:
        assert outcome.out == "a.py\n"
    german = "# Addiert zwei Zahlen und gibt die Summe zurück".encode()
    assert path.read_bytes() == data.replace(german, ENGLISH.encode())
    assert newline in path.read_bytes()


def test_a_tree_is_translated_but_what_git_ignores_is_not(gloss, translating):
    for name in ("a.py", "b.py", "deep/c.py", "out/d.py"):
        gloss.write(name, CODE)
    gloss.write(".git/config", "")
    gloss.write(".gitignore", "out/\n")
    gloss.write("english.py", "# Adds two numbers and returns the sum of them\n")
    gloss.write("deep/.env.py", CODE)
    gloss.write("latin.py", "# Größe\n".encode("latin-1"))
    gloss.write("notes.txt", "Größe")
    outcome = gloss("translate", ".", "--to", "en", "--write")
    assert outcome.code == 0
    assert outcome.out == "a.py\nb.py\ndeep/c.py\n"
    assert sorted(outcome.err.splitlines()) == [
        "gloss: latin.py is left out: it is not encoded in UTF-8.",
        "gloss: left out: 1 file, private.",
        "gloss: left out: 2 files, in no language whose comments are known.",
    ]
    assert (gloss.folder / "out" / "d.py").read_text("utf-8") == CODE
    assert (gloss.folder / "deep" / ".env.py").read_text("utf-8") == CODE


def test_checking_asks_no_model(gloss, fake):
    gloss.write("a.py", CODE)
    gloss.write("b.py", "# Adds two numbers and returns the sum of them\n")
    outcome = gloss("translate", ".", "--to", "en", "--check")
    assert (outcome.code, outcome.out, outcome.err) == (1, "a.py\n", "")
    assert gloss("translate", "b.py", "--to", "en", "--check").code == 0
    assert gloss("translate", "a.py", "--to", "de", "--check").code == 0
    assert fake.requests() == []


def test_the_locale_says_what_to_translate_to(gloss):
    gloss.write("a.py", CODE)
    assert gloss("translate", "a.py", "--check", LC_ALL="de_DE.UTF-8").code == 0
    assert gloss("translate", "a.py", "--check", LC_ALL="C").code == 1
    assert gloss("translate", "a.py", "--check", GLOSS_TRANSLATE_TARGET="German").code == 0


def test_nothing_to_translate_asks_nothing(gloss, fake):
    gloss.write("a.py", "x = 1\n")
    outcome = gloss("translate", "a.py", "--to", "en")
    assert (outcome.code, outcome.out, outcome.err) == (0, "", "")
    assert fake.requests() == []


def test_a_model_that_breaks_off_leaves_the_file_as_it_is(gloss, fake):
    path = gloss.write("a.py", CODE)
    fake.script(rules=[{"kind": "chat", "pieces": ["Adds"], "end": "reset"}])
    outcome = gloss("translate", "a.py", "--to", "en", "--write")
    assert (outcome.code, outcome.out) == (1, "")
    assert path.read_text("utf-8") == CODE


def test_what_the_model_cannot_translate_is_told(gloss, fake):
    path = gloss.write("a.py", CODE)
    fake.script(rules=[{"kind": "chat", "pieces": ["Addiert zwei Zahlen und gibt die Summe zurück"]}])
    outcome = gloss("translate", "a.py", "--to", "en", "--write")
    assert (outcome.code, outcome.out) == (1, "")
    assert outcome.err.startswith("gloss: a.py: Line 2 was left as it was: ")
    assert path.read_text("utf-8") == CODE


def test_a_completion_is_printed(gloss, fake):
    gloss.write("a.py", "def add(a, b):\n    \n\nprint(add(1, 2))\n")
    fake.script(rules=[{"kind": "fill", "pieces": ["return ", "a + b"]}])
    outcome = gloss("complete", "a.py:2:5")
    assert (outcome.code, outcome.out, outcome.err) == (0, "return a + b\n", "")
    body = fake.requests("fill")[-1]["body"]
    assert "def add(a, b):" in body["prompt"]
    assert "print(add(1, 2))" in body["prompt"] + body.get("suffix", "")


def test_a_completion_is_explained(gloss, fake):
    gloss.write("a.py", "def add(a, b):\n    \n\nprint(add(1, 2))\n")
    fake.script(rules=[{"kind": "fill", "pieces": ["    return a + b\n\n", "\nprint(add(1, 2))\n"]}])
    outcome = gloss("complete", "--explain", "a.py:2:5")
    assert (outcome.code, outcome.err) == (0, "")
    assert outcome.out == (
        "Asked of qwen2.5-coder:1.5b, with a mark at the cursor:\n"
        "def add(a, b):\n    ‸\n\nprint(add(1, 2))\n\n\n"
        "Raw answer, for a block:\n"
        "    return a + b\n\n\nprint(add(1, 2))\n\n\n"
        "After the filter `aligned`:\n"
        "return a + b\n\n\nprint(add(1, 2))\n\n"
        "After the filter `cut scope`:\n"
        "return a + b\n\n"
        "Shown:\n"
        "return a + b\n"
    )


def test_an_answer_of_which_nothing_is_left_is_explained_too(gloss, fake):
    gloss.write("a.py", "x = \ny = 2\n")
    fake.script(rules=[{"kind": "fill", "pieces": ["<|endoftext|>"]}])
    outcome = gloss("complete", "--explain", "a.py:1:5")
    assert outcome.code == 1
    assert "Raw answer, for a line:\n<|endoftext|>\n" in outcome.out
    assert "After the filter `unwrapped`:\n\n" in outcome.out
    assert "nothing to add" in outcome.err


def test_nothing_to_add_is_said(gloss, fake):
    gloss.write("a.py", "x = 1\n")
    fake.script(rules=[{"kind": "fill", "pieces": [" "]}])
    outcome = gloss("complete", "a.py:1:6")
    assert (outcome.code, outcome.out) == (1, "")
    assert "nothing to add" in outcome.err


@pytest.mark.parametrize("words", [["explain", ".env"], ["translate", ".env.py"], ["complete", ".env:1:1"]])
def test_private_files_are_refused_by_every_command(words, gloss, fake):
    gloss.write(".env", "KEY=1\n")
    gloss.write(".env.py", CODE)
    outcome = gloss(*words)
    assert outcome.code == 1
    assert "is sent to a model" in outcome.err
    assert fake.requests() == []


@pytest.mark.parametrize("words", [["explain", "config.py"], ["complete", "config.py:1:1"]])
def test_the_folder_that_one_is_in_counts(words, gloss, fake):
    gloss.write(".ssh/config.py", CODE)
    ended = attrs.evolve(gloss, folder=gloss.folder / ".ssh")(*words)
    assert ended.code == 1
    assert "names .ssh/" in ended.err
    assert fake.requests("chat") + fake.requests("fill") == []


GERMAN = "Addiert zwei Zahlen und gibt die Summe zurück"
RUBY = f"""\
# frozen_string_literal: true
# {GERMAN}
def add(a, b) = "#{{a + b}} # bleibt"
"""
VUE = f"""\
<template>
  <!-- {GERMAN} -->
  <a title='// bleibt'>b</a>
</template>
<script lang="ts">
const a = `// bleibt`; // {GERMAN}
</script>
"""


@pytest.mark.parametrize(("name", "before"), [("total.rb", RUBY), ("page.vue", VUE)])
def test_a_language_without_a_grammar_is_translated(gloss, translating, name, before):
    path = gloss.write(name, before)
    outcome = gloss("translate", name, "--to", "en", "--write")
    assert outcome.code == 0, outcome.err
    assert path.read_text("utf-8") == before.replace(f"# {GERMAN}", ENGLISH).replace(GERMAN, ENGLISH[2:])
