"""`gloss models`: what the server has, with what can be done about it."""

from __future__ import annotations

import json
import os
import signal
import subprocess

import pytest


def test_what_is_installed_is_listed(gloss, fake):
    fake.script(
        models=[
            {"name": "a:1b", "capabilities": ["completion"]},
            {"name": "glm:cloud", "remote_host": "https://o"},
        ]
    )
    outcome = gloss("models")
    assert (outcome.code, outcome.err) == (0, "")
    header, first, second = outcome.out.splitlines()
    assert header.split() == ["NAME", "SIZE", "PARAMETERS", "CAN", "LOADED", "FITS", "USED", "FOR"]
    assert first.split()[:3] == ["a:1b", "986", "MB"]
    assert first.split()[4:] == ["chat", "yes", "chat,", "translate,", "complete"]
    assert "runs at https://o" in second
    assert gloss("models", "list").out == outcome.out


def test_nothing_installed_is_told_with_what_to_do(gloss, fake):
    fake.script(models=[])
    outcome = gloss("models")
    assert (outcome.code, outcome.out) == (1, "")
    assert "gloss models pull NAME" in outcome.err


def test_what_is_loaded_is_listed(gloss, fake):
    assert gloss("models", "ps").err == "gloss: no model is loaded.\n"
    gloss("run", "x")
    outcome = gloss("models", "ps")
    assert outcome.code == 0
    assert outcome.out.splitlines()[1].split()[0] == "qwen2.5-coder:1.5b"


def test_a_model_is_shown(gloss):
    shown = json.loads(gloss("models", "show", "qwen2.5-coder:1.5b").out)
    assert "insert" in shown["capabilities"]


def test_a_model_is_pulled_and_removed(gloss, fake):
    outcome = gloss("models", "pull", "tiny:latest")
    assert (outcome.code, outcome.out, outcome.err) == (0, "tiny:latest is installed.\n", "")
    assert fake.requests("pull")[0]["body"]["model"] == "tiny:latest"
    outcome = gloss("models", "rm", "qwen2.5-coder:1.5b")
    assert (outcome.code, outcome.out) == (0, "qwen2.5-coder:1.5b is removed.\n")
    assert "qwen2.5-coder:1.5b" not in gloss("models").out


def test_a_pull_is_stopped(gloss, fake):
    fake.script(
        rules=[{"kind": "pull", "lines": [{"status": "pulling", "total": 9, "completed": 1}], "end": "hang"}]
    )
    process = gloss.start("models", "pull", "tiny")
    fake.wait_for_piece(1, kind="pull")
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=20)
    assert (process.returncode, out) == (1, b"")
    kept = b"What has come is kept; `gloss models pull tiny` goes on from there."
    assert err == b"gloss: Stopped. " + kept + b"\n"
    assert fake.wait_closed(1, kind="pull")["closed_while_active"]


def test_a_model_that_is_not_there_is_named(gloss, fake):
    for way in ("show", "rm"):
        outcome = gloss("models", way, "nope")
        assert (outcome.code, outcome.out) == (1, "")
        assert "nope" in outcome.err
        assert outcome.err.count("\n") == 1


def test_a_pull_that_fails_says_why(gloss, fake):
    fake.script(rules=[{"kind": "pull", "lines": [{"error": "pull model manifest: file does not exist"}]}])
    outcome = gloss("models", "pull", "nope")
    assert (outcome.code, outcome.out) == (1, "")
    assert "nope" in outcome.err


def test_the_first_model_is_used_at_once(gloss, fake):
    fake.script(models=[])
    outcome = gloss("models", "pull", "tiny:latest")
    assert outcome.out == "tiny:latest is installed, and used to chat, translate and complete.\n"


def test_what_is_set_to_a_removed_model_is_said(gloss):
    outcome = gloss("models", "rm", "qwen2.5-coder:1.5b", GLOSS_MODELS_CHAT="qwen2.5-coder:1.5b")
    assert (outcome.code, outcome.out) == (0, "qwen2.5-coder:1.5b is removed.\n")
    assert "models.chat still names it" in outcome.err


ANSWERS = [("y\n", True), ("YES\n", True), ("\n", False), ("n\n", False), ("x\n", False), ("\x04", False)]


@pytest.mark.skipif(
    not hasattr(os, "openpty"), reason="terminals are tested where there are pseudo terminals"
)
@pytest.mark.parametrize(("answer", "removed"), ANSWERS)
def test_at_a_terminal_somebody_is_asked(gloss, fake, answer, removed):
    code, said = at_a_terminal(gloss, answer, "models", "rm", "qwen2.5-coder:1.5b")
    assert "Remove qwen2.5-coder:1.5b (986 MB)? [y/N]" in said
    assert code == (0 if removed else 1)
    assert ("nothing is removed" in said) is not removed
    assert bool(fake.requests("delete")) is removed


@pytest.mark.skipif(
    not hasattr(os, "openpty"), reason="terminals are tested where there are pseudo terminals"
)
@pytest.mark.parametrize("word", ["--yes", "-y"])
def test_who_is_sure_is_not_asked(gloss, fake, word):
    code, said = at_a_terminal(gloss, "", "models", "rm", "qwen2.5-coder:1.5b", word)
    assert (code, "[y/N]" in said) == (0, False)
    assert fake.requests("delete")


def at_a_terminal(gloss, typed, *words):
    """The exit code, and all that stands on the screen, of a command whose user types this."""
    ours, theirs = os.openpty()
    process = subprocess.Popen(
        gloss.command(*words), stdin=theirs, stdout=theirs, stderr=theirs, cwd=gloss.folder, env=gloss.environ
    )
    os.close(theirs)
    os.write(ours, typed.encode())
    said = b""
    try:
        while piece := os.read(ours, 4096):
            said += piece
    except OSError:
        pass  # This is how Linux says that the other side has gone.
    finally:
        os.close(ours)
    return process.wait(20), said.decode()
