"""`gloss run`, and what every command does when the model does not do as it should."""

from __future__ import annotations

import os
import signal
import subprocess

import pytest

from fake import FakeOllama


def said(fake) -> str:
    """What the last chat asked."""
    return fake.requests("chat")[-1]["body"]["messages"][-1]["content"]


def test_a_prompt_is_answered(gloss, fake):
    outcome = gloss("run", "Why", "now?")
    assert (outcome.code, outcome.out, outcome.err) == (0, "This is the reply.\n", "")
    assert said(fake) == "Why now?"


def test_standard_input_stands_before_the_prompt(gloss, fake):
    assert gloss("run", "Explain this.", stdin="def f(): ñ\r\n".encode()).code == 0
    assert said(fake) == "def f(): ñ\n\nExplain this."
    assert gloss("run", stdin=b"all of it\n").code == 0
    assert said(fake) == "all of it"


def test_the_model_is_the_one_that_was_named(gloss, fake):
    fake.script(models=[{"name": "a:1b"}, {"name": "b:1b"}])
    for model in ("a:1b", "b:1b"):
        assert gloss("run", "--model", model, "x").code == 0
        assert fake.requests("chat")[-1]["body"]["model"] == model


def test_what_acts_on_a_terminal_is_removed(gloss, fake):
    fake.script(rules=[{"kind": "chat", "pieces": ["a\x1b", "]0;evil", "\x07b\x1b[2Jc\u202e", "\r\nd"]}])
    assert gloss("run", "x").out == "abc\nd\n"


def test_what_a_terminal_cannot_show_is_a_question_mark(gloss, fake):
    fake.script(rules=[{"kind": "chat", "pieces": ["añb"]}])
    assert gloss("run", "x", PYTHONIOENCODING="ascii").out == "a?b\n"


def test_thinking_is_no_part_of_the_answer(gloss, fake):
    fake.script(rules=[{"kind": "chat", "pieces": ["<thi", "nk>hm</th", "ink>yes"]}])
    assert gloss("run", "x").out == "yes\n"


def test_words_come_as_they_are_written(gloss, fake):
    fake.script(rules=[{"kind": "chat", "pieces": ["first words "], "end": "hang"}])
    process = gloss.start("run", "x")
    assert process.stdin
    assert process.stdout
    process.stdin.close()
    assert process.stdout.read(11) == b"first words"
    # The answer is not over, so the words can only have come while it was being written.
    process.send_signal(signal.SIGINT)
    assert process.stdout.read() == b" \n"
    assert process.stderr
    assert process.stderr.read() == b"gloss: Stopped.\n"
    process.stdout.close()
    process.stderr.close()
    assert process.wait(20) == 1
    assert fake.wait_closed(1, kind="chat")["closed_while_active"]


def test_a_reader_that_goes_is_no_error(gloss, fake):
    fake.script(rules=[{"kind": "chat", "pieces": ["x" * 1000], "repeat": 500}])
    process = gloss.start("run", "x")
    assert process.stdin
    assert process.stdout
    process.stdin.close()
    assert process.stdout.read(10) == b"x" * 10
    process.stdout.close()
    assert process.stderr
    assert process.stderr.read() == b""
    process.stderr.close()
    assert process.wait(20) == 1


BREAKS = {
    "the stream ends": {"pieces": ["Half an "], "end": "eof"},
    "the connection breaks": {"pieces": ["Half an "], "end": "reset"},
    "a line breaks off": {"pieces": ["Half an "], "end": "half"},
    "an error comes in the stream": {
        "pieces": ["Half an "],
        "error_after": "llama runner process has terminated",
    },
}


@pytest.mark.parametrize("rule", BREAKS.values(), ids=BREAKS)
def test_what_came_before_a_break_is_kept(rule, gloss, fake):
    fake.script(rules=[{"kind": "chat", **rule}])
    outcome = gloss("run", "x")
    assert outcome.code == 1
    assert outcome.out == "Half an \n"
    assert outcome.err.startswith("gloss: ")
    assert outcome.err.count("\n") == 1


TOO_LARGE = "model requires more system memory (5.6 GiB) than is available (4.1 GiB)"
TOO_MANY = "server busy, please try again.  maximum pending requests exceeded"
ERRORS = {
    "garbage": ({"raw": "<html>busy</html>"}, ""),
    "out of memory": ({"status": 500, "error": TOO_LARGE}, "memory"),
    "busy": ({"status": 503, "error": TOO_MANY}, ""),
    "unauthorized": ({"status": 401, "error": "unauthorized"}, ""),
    "closes at once": ({"closes_at_once": True}, ""),
}


@pytest.mark.parametrize(("rule", "word"), ERRORS.values(), ids=ERRORS)
def test_what_a_server_refuses_is_told_in_one_sentence(rule, word, gloss, fake):
    fake.script(rules=[{"kind": "chat", **rule}])
    outcome = gloss("run", "x")
    assert (outcome.code, outcome.out) == (1, "")
    assert word in outcome.err
    assert outcome.err.count("\n") == 1


def test_a_model_that_is_not_there_is_named_with_what_to_do(gloss):
    outcome = gloss("run", "--model", "nope:3b", "x")
    assert outcome.code == 1
    assert "nope:3b" in outcome.err
    assert "pull" in outcome.err.lower()
    assert "qwen2.5-coder:1.5b" in outcome.err


@pytest.mark.parametrize(
    "words",
    [["run", "x"], ["explain", "a.py"], ["complete", "a.py:1:1"], ["models"], ["models", "pull", "x"]],
)
def test_with_ollama_stopped_every_command_says_where_it_looked(words, gloss):
    gloss.write("a.py", "x = 1\n")
    with FakeOllama() as gone:
        gone.stop()
        outcome = gloss(*words, OLLAMA_HOST=gone.url)
    assert (outcome.code, outcome.out) == (1, "")
    assert gone.url.removeprefix("http://") in outcome.err
    assert outcome.err.count("\n") == 1


def test_settings_problems_are_told_beside_the_answer(gloss):
    outcome = gloss("run", "x", GLOSS_COMPLETE_MAXTOKENS="many")
    assert (outcome.code, outcome.out) == (0, "This is the reply.\n")
    assert outcome.err.startswith("gloss: settings: GLOSS_COMPLETE_MAXTOKENS: must be a whole number")


def test_python_can_ask(gloss, fake):
    code = "from gloss_lsp import ask; print(ask('Why?', model='qwen2.5-coder:1.5b'))"
    assert in_python(gloss, code) == "This is the reply.\n"
    assert said(fake) == "Why?"


def test_python_can_ask_within_a_running_loop(gloss):
    code = "import asyncio, gloss_lsp\nasync def main(): print(gloss_lsp.ask('x'))\nasyncio.run(main())"
    assert in_python(gloss, code) == "This is the reply.\n"


def test_python_gets_the_error_of_the_tree(gloss):
    code = (
        "from gloss_lsp import ask\nfrom gloss_lsp.errors import ModelMissing\n"
        "try: ask('x', 'nope')\nexcept ModelMissing as error: print(error.model)"
    )
    assert in_python(gloss, code) == "nope\n"


def in_python(gloss, code: str) -> str:
    python = gloss.command()[0]
    ended = subprocess.run(
        [python, "-c", code],
        env=gloss.environ,
        cwd=gloss.folder,
        capture_output=True,
        timeout=50,
        check=False,
    )
    assert ended.returncode == 0, ended.stderr.decode()
    return ended.stdout.decode().replace(os.linesep, "\n")


def test_what_a_server_says_of_its_failure_is_safe_on_a_terminal(gloss, fake):
    fake.script(rules=[{"kind": "chat", "error": "\x1b]0;evil\x07ill\x1b[31m"}])
    ended = gloss("run", "Hi")
    assert ended.code == 1
    assert "ill" in ended.err
    assert "\x1b" not in ended.err
