"""`gloss doctor`: what is found, and what is said of it."""

from __future__ import annotations

import json

import pytest

from fake import FakeOllama


def test_all_is_well(gloss, fake):
    outcome = gloss("doctor")
    assert (outcome.code, outcome.err) == (0, "")
    for line in (
        f"Backend   Ollama 0.34.0 at {fake.url}",
        "Chat      qwen2.5-coder:1.5b. ",
        "Complete  qwen2.5-coder:1.5b. ",
        "Model     qwen2.5-coder:1.5b: 986 MB, chat, complete, trained for 32768 tokens",
        "          backend.url is set by OLLAMA_HOST",
        "Problems  none",
    ):
        assert f"\n{line}" in outcome.out
    assert fake.requests("chat") == fake.requests("load") == []


def test_the_same_as_json(gloss):
    gloss("run", "x")
    outcome = gloss("doctor", "--json")
    report = json.loads(outcome.out)
    assert outcome.code == 0
    assert (report["usable"], report["problems"]) == (True, [])
    assert [use["task"] for use in report["uses"]] == ["chat", "translate", "complete"]
    assert report["uses"][0]["context"] == 4096
    assert {model["name"]: model["loaded"] for model in report["models"]}["qwen2.5-coder:1.5b"] is True
    assert len(report["embedded"][0]["sha256"]) == 64


def sick_no_models(fake):
    fake.script(models=[])


def sick_no_fill(fake):
    fake.script(models=[{"name": "llama:8b", "family": "llama", "capabilities": ["completion"]}])


SICK = {
    "nothing installed": ([], sick_no_models, "No usable model is installed", False),
    "a model that is missing": (["--model", "nope"], None, "The model nope is not installed", False),
    "a model that cannot complete": ([], sick_no_fill, "llama:8b cannot fill in the middle", True),
}


@pytest.mark.parametrize(("words", "prepare", "problem", "usable"), SICK.values(), ids=SICK)
def test_what_is_wrong_is_said_with_what_to_do(words, prepare, problem, usable, gloss, fake):  # noqa: PLR0917
    if prepare:
        prepare(fake)
    outcome = gloss("doctor", *words)
    assert (outcome.code, outcome.err) == (0 if usable else 1, "")
    [line] = [line for line in outcome.out.splitlines() if line.startswith("Problem ")]
    assert problem in line
    assert "pull" in line.lower()


def test_wrong_settings_are_problems_but_not_fatal(gloss):
    outcome = gloss("doctor", GLOSS_COMPLETE_MAXTOKENS="many")
    assert outcome.code == 0
    assert "Problem   Settings: GLOSS_COMPLETE_MAXTOKENS: must be a whole number" in outcome.out


def test_a_server_that_is_gone_is_said_once(gloss):
    with FakeOllama() as gone:
        gone.stop()
        outcome = gloss("doctor", OLLAMA_HOST=gone.url)
    assert (outcome.code, outcome.err) == (1, "")
    [problem] = [line for line in outcome.out.splitlines() if line.startswith("Problem")]
    assert gone.url in problem
