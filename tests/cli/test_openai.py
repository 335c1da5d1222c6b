"""The command line on an OpenAI-compatible server."""

from __future__ import annotations

import pytest
from attrs import evolve

from fake import FakeOpenAI

KEY = "team-key-0123456789"


@pytest.fixture(scope="module")
def team_process():
    with FakeOpenAI() as fake:
        yield fake


@pytest.fixture
def team(team_process):
    """A server that wants a key."""
    team_process.reset()
    team_process.script(key=KEY)
    return team_process


@pytest.fixture
def gloss(gloss, team):
    """The command line, led there by the two settings and a key in the environment."""
    led = {
        "GLOSS_BACKEND_KIND": "openai",
        "GLOSS_BACKEND_URL": f"{team.url}/v1",
        "GLOSS_BACKEND_HEADERS": '{"Authorization": "Bearer ${GLOSS_API_KEY}"}',
        "GLOSS_API_KEY": KEY,
    }
    return evolve(gloss, environ={**gloss.environ, **led})


def test_one_prompt(gloss, team):
    outcome = gloss("run", "Hi")
    assert (outcome.code, outcome.out, outcome.err) == (0, "This is the reply.\n", "")
    assert team.requests("chat")[0]["body"]["model"] == "Qwen/Qwen2.5-Coder-7B"


def test_a_completion(gloss, team):
    gloss.write("x.py", "def f(value):\n    \n\nprint(f(1))\n")
    outcome = gloss("complete", "x.py:2:5")
    assert (outcome.code, outcome.out.strip()) == (0, "return value")
    assert "<|fim_suffix|>" in team.requests("completions")[0]["body"]["prompt"]


def test_all_is_well(gloss, team):
    outcome = gloss("doctor")
    assert outcome.code == 0
    for line in (
        f"Backend   vLLM at {team.url}",
        "Chat      Qwen/Qwen2.5-Coder-7B, context 16384 tokens. ",
        "Model     Qwen/Qwen2.5-Coder-7B: chat, complete, loaded with 16384 tokens",
        "Model     BAAI/bge-m3: embed, loaded with 8192 tokens",
        "Problems  none",
    ):
        assert f"\n{line}" in outcome.out
    assert team.requests("chat") == team.requests("completions") == []
    assert KEY not in outcome.out


def test_a_wrong_key_is_said_and_not_shown(gloss):
    outcome = gloss("doctor", GLOSS_API_KEY="wrong-key-0123456789")
    assert outcome.code == 1
    assert "wants a valid key" in outcome.out
    assert "wrong-key" not in outcome.out + outcome.err


def test_without_an_address_it_is_said_what_to_set(gloss, fake):
    for command in (["doctor"], ["run", "Hi"], ["models"]):
        outcome = gloss(*command, GLOSS_BACKEND_URL="")
        assert outcome.code == 1
        assert "Set `gloss.backend.url` to the address" in outcome.out + outcome.err
    assert fake.requests() == [], "OLLAMA_HOST does not mean this kind of server"


def test_a_server_that_is_gone_is_not_replaced(gloss, fake):
    outcome = gloss("run", "Hi", GLOSS_BACKEND_URL="http://127.0.0.1:9/v1")
    assert (outcome.code, outcome.out) == (1, "")
    assert "The server does not answer at http://127.0.0.1:9." in outcome.err
    assert fake.requests() == []


@pytest.mark.parametrize("way", ["show", "pull", "rm"])
def test_there_is_no_library(gloss, way):
    outcome = gloss("models", way, "x")
    assert (outcome.code, outcome.out) == (1, "")
    assert "has the models that it was started with" in outcome.err


def test_what_is_there_is_listed(gloss, team):
    assert "Qwen/Qwen2.5-Coder-7B" in gloss("models").out
    team.script(models=[])
    assert gloss("models").err == "gloss: no model is installed.\n"
    outcome = gloss("run", "Hi")
    assert "The server has no usable model" in outcome.err
    assert "pull" not in outcome.err


def test_the_log_holds_no_key(gloss, tmp_path):
    log = tmp_path / "log"
    assert gloss("run", "Hi", "--log", str(log)).code == 0
    assert log.exists()
    assert KEY not in log.read_text()
