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


SLOW = {
    "prompt_eval_count": 740,
    "prompt_eval_duration": 10**10,
    "eval_count": 44,
    "eval_duration": 2 * 10**9,
}
UNKNOWN = "How fast it reads and writes here is not measured yet: `gloss doctor --measure`."
KNOWN = "It reads 74 tokens/s and writes 22 tokens/s here."


def test_speeds_are_those_of_real_answers(gloss, fake):
    assert UNKNOWN in gloss("doctor").out
    fake.script(rules=[{"kind": "chat", "usage": SLOW}])
    gloss("run", "x")
    assert gloss("doctor").out.count(KNOWN) == 3
    fake.script(rules=[{"kind": "chat", "usage": {**SLOW, "prompt_eval_duration": 10**7}}])
    gloss("run", "x")
    assert KNOWN in gloss("doctor").out, "the model was loaded, so the prompt may have been kept from before"
    kept = {"prompt_eval_count": 2000, "prompt_eval_cached_count": 1990, "prompt_eval_duration": 10**7}
    fake.script(rules=[{"kind": "chat", "usage": {**kept, "eval_count": 2}}])
    gloss("run", "x")
    uses = json.loads(gloss("doctor", "--json").out)["uses"]
    assert {(use["task"], use["reads"], use["writes"]) for use in uses} == {
        (task, 74.0, 22.0) for task in ("chat", "translate", "complete")
    }


def test_an_answer_that_is_too_short_says_nothing(gloss):
    gloss("run", "x")
    assert UNKNOWN in gloss("doctor").out


def test_measuring_asks_each_model_once_and_with_nothing_that_was_kept(gloss, fake):
    fake.script(
        models=[{"name": "talk:1b"}, {"name": "fill:1b", "capabilities": ["completion", "insert"]}],
        rules=[{"kind": "chat", "usage": SLOW}],
    )
    words = ("doctor", "--measure", "--set", "models.chat=talk:1b")
    for _ in range(2):
        outcome = gloss(*words)
        assert (outcome.code, outcome.out.count(KNOWN)) == (0, 3)
    bodies = [request["body"] for request in fake.requests("chat")]
    assert sorted(body["model"] for body in bodies) == ["fill:1b", "fill:1b", "talk:1b", "talk:1b"]
    assert len({body["messages"][0]["content"][:16] for body in bodies}) == 4
    assert {body["options"]["num_predict"] for body in bodies} == {32}


def test_what_cannot_be_measured_is_a_problem(gloss, fake):
    fake.script(rules=[{"kind": "chat", "error": "the llama is ill"}])
    outcome = gloss("doctor", "--measure")
    [problem] = [line for line in outcome.out.splitlines() if line.startswith("Problem ")]
    assert "the llama is ill" in problem
    assert UNKNOWN in outcome.out


def test_what_was_kept_is_cleared(gloss, fake):
    fake.script(rules=[{"kind": "chat", "usage": SLOW}])
    gloss("run", "x")
    assert KNOWN in gloss("doctor").out
    cleared = gloss("doctor", "--clear")
    assert (cleared.code, cleared.out) == (
        0,
        "1 file that Gloss had kept is removed: pages, and how fast models are.\n",
    )
    assert UNKNOWN in gloss("doctor").out
    assert gloss("doctor", "--clear").out.startswith("0 files")


def test_nothing_of_a_file_that_is_never_sent_is_kept(gloss, fake):
    gloss.write(".env", "TOKEN=hunter2\n" * 40)
    assert gloss("explain", ".env").code == 1
    assert list((gloss.folder.parent / "own").rglob("*.json")) == []


def test_a_model_that_may_not_fit_is_said(gloss, fake):
    fake.script(models=[{"name": "huge:405b", "size": 900 * 10**12}])
    outcome = gloss("doctor", "--model", "huge:405b")
    assert "It is named in the settings, but may not fit in memory: it takes about" in outcome.out
    assert "Note      huge:405b may not fit in memory" in outcome.out
    assert {use["fits"] for use in json.loads(gloss("doctor", "--json").out)["uses"]} == {False}


def test_a_batch_is_shown_with_what_it_costs(gloss, fake):
    fake.script(rules=[{"kind": "chat", "usage": SLOW}])
    gloss("run", "x")
    fake.reset()  # And so unloads it.
    gloss("run", "x")
    [note] = [line for line in gloss("doctor").out.splitlines() if line.startswith("Note ")]
    assert "batch of 32 tokens" in note
    assert "74 tokens/s" in note
    assert "load it again" in note
