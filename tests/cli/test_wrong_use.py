"""Whatever is written on the command line: one sentence, the right exit code, and never a traceback."""

from __future__ import annotations

import json
import os
import stat

import pytest

WRONG = {
    "no such command": (["nope"], "invalid choice: 'nope'"),
    "no such option": (["run", "--nope", "x"], "unrecognized arguments: --nope"),
    "no file": (["explain"], "the following arguments are required"),
    "no prompt": (["run"], "takes a prompt"),
    "no cursor": (["complete", "a.py"], "not of the form PATH:LINE:COLUMN"),
    "no lines": (["explain", "a.py:5-3"], "names no lines"),
    "a line that is not there": (["explain", "a.py:99"], "there is no line 99"),
    "a column that is not there": (["complete", "a.py:1:99"], "there is no column 99"),
    "no such setting": (["run", "--set", "complete.maxToken=3", "x"], "did you mean complete.maxTokens?"),
    "a wrong value": (["run", "--set", "complete.maxTokens=x", "x"], "must be a whole number"),
    "no value": (["settings", "--set", "complete.maxTokens"], "--set takes NAME=VALUE"),
    "no model": (["run", "--model", "", "x"], "must be the name of a model"),
    "no language": (["translate", "a.py", "--to", "!"], "must be a language"),
    "two ways at once": (["translate", "a.py", "--write", "--check"], "not allowed with"),
    "no address": (["serve", "--tcp", "nowhere"], "--tcp takes HOST:PORT"),
    "no name of a model": (["models", "pull"], "the following arguments are required: NAME"),
}


@pytest.mark.parametrize(("words", "sentence"), WRONG.values(), ids=WRONG)
def test_wrong_use_is_told_in_one_sentence(words, sentence, gloss, fake):
    gloss.write("a.py", "x = 1\n")
    outcome = gloss(*words)
    assert outcome.code == 2
    assert outcome.out == ""
    assert sentence in outcome.err
    assert outcome.err.startswith("gloss: ")
    assert outcome.err.count("\n") == 1
    assert fake.requests() == []


FAILING = {
    "no such file": (["explain", "none.py"], "No such file or directory: none.py"),
    "a folder": (["explain", "."], "Is a directory"),
    "a file that is no text": (["explain", "a.bin"], "a.bin is left out: it is not a text"),
    "another encoding": (["complete", "latin.py:1:1"], "is not encoded in UTF-8"),
    "a private file": (["explain", ".env"], "Nothing of .env is sent to a model"),
    "no such path": (["translate", "none"], "No such file or directory: none"),
    "a remote address to listen on": (["serve", "--tcp", "0.0.0.0:0"], "--allow-remote"),
}


@pytest.mark.parametrize(("words", "sentence"), FAILING.values(), ids=FAILING)
def test_what_cannot_be_done_is_told_in_one_sentence(words, sentence, gloss, fake):
    gloss.write("a.bin", b"\0\1")
    gloss.write("latin.py", "é".encode("latin-1"))
    gloss.write(".env", "KEY=1")
    outcome = gloss(*words)
    assert outcome.code == 1
    assert outcome.out == ""
    assert sentence in outcome.err
    assert outcome.err.count("\n") == 1
    assert fake.requests("chat") == fake.requests("generate") == []


@pytest.mark.parametrize("words", [[], ["--help"], ["translate", "--help"]])
def test_help_names_the_commands(words, gloss):
    outcome = gloss(*words)
    assert outcome.code == (0 if words else 2)
    assert outcome.out.startswith("usage: gloss")


def test_the_version(gloss):
    assert gloss("--version").out.startswith("gloss 0.")


def test_settings_are_shown_with_where_they_come_from(gloss, tmp_path):
    path = tmp_path / "own" / "gloss" / "settings.json"
    assert gloss("settings", "--path").out.strip().endswith("settings.json")
    path.parent.mkdir(parents=True)
    path.write_text('{"complete.debounce": 5, "backend.headers": {"A": "s3cret"}, "x": 1}', "utf-8")
    outcome = gloss("settings", "--set", "complete.maxTokens=7")
    assert outcome.code == 0
    assert (
        "complete.maxTokens = 7  (from --set; default 128)\n    The longest completion, in tokens."
        in outcome.out
    )
    assert f"complete.debounce = 5  (from {path}; default 75)" in outcome.out
    assert "(from OLLAMA_HOST; default unset)" in outcome.out
    assert 'hover.explain = "selection"  (default)' in outcome.out
    assert "s3cret" not in outcome.out
    assert outcome.err == "gloss: x: there is no such setting; see `gloss settings` for all.\n"


def test_the_schema_is_json(gloss):
    schema = json.loads(gloss("settings", "--schema").out)
    assert schema["properties"]["complete"]["properties"]["maxTokens"]["default"] == 128


def test_a_log_is_for_the_user_alone(gloss):
    gloss("run", "hi", "--log", "log.txt")
    log = gloss.folder / "log.txt"
    assert log.exists()
    if os.name == "posix":
        assert stat.S_IMODE(log.stat().st_mode) == 0o600
