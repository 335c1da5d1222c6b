"""Explain, translate and complete: the real server on real models, as an editor has it.

The same session on each backend: Ollama, the embedded model, and OpenAI-compatible servers, of which one is
llama.cpp's, with a key, and one is Ollama's other API.
"""

from __future__ import annotations

import os
import re
import signal
import sys
from typing import TYPE_CHECKING

import llama_server
import pytest
from attrs import frozen
from ollama_rig import CODER
from processes import family, work_until_idle
from served import LIMIT, Editor

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from ollama_rig import Ollama

# The first use of a real Ollama may wait for a build.
EMBEDDED = pytest.param("embedded", marks=[pytest.mark.needs("embedded"), pytest.mark.timeout(900)])
OLLAMA = pytest.param("ollama", marks=[pytest.mark.needs("ollama"), pytest.mark.timeout(2400)])
OPENAI = pytest.param("openai", marks=[pytest.mark.needs("embedded"), pytest.mark.timeout(900)])
OLLAMA_V1 = pytest.param("ollama v1", marks=[pytest.mark.needs("ollama"), pytest.mark.timeout(2400)])

SAMPLE = """\
# складывает два числа
def add(a, b):
    return a + b


def twice(a):
    # удваивает число с помощью add
    return """

BODY = {"start": {"line": 1, "character": 0}, "end": {"line": 2, "character": 16}}
END = {"line": 7, "character": 11}
SHORT = "What does this function do? Answer in one short sentence."
LONG = "Do not explain. Write the numbers from one to five hundred as English words, all of them."


@frozen
class Session:
    """An editor, and where its model works."""

    editor: Editor
    ollama: Ollama | None = None
    server: int = 0
    """The process of another server."""

    @property
    def model_works_in(self) -> int:
        """A process; the others are its descendants."""
        return self.ollama._process.pid if self.ollama else self.server or self.editor.process.pid


@pytest.fixture(scope="module", params=[EMBEDDED, OLLAMA, OPENAI, OLLAMA_V1])
def session(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Session]:
    home = tmp_path_factory.mktemp("home")
    if request.param == "ollama":
        ollama: Ollama = request.getfixturevalue("real_ollama")
        with Editor(home, {"OLLAMA_HOST": ollama.url}) as editor:
            yield Session(editor, ollama)
    elif request.param == "ollama v1":
        ollama = request.getfixturevalue("real_ollama")
        # Only Ollama's own API tells which of its models can fill in the middle.
        models = dict.fromkeys(
            ("GLOSS_MODELS_CHAT", "GLOSS_MODELS_TRANSLATE", "GLOSS_MODELS_COMPLETE"), CODER
        )
        with Editor(home, {**llama_server.settings(ollama.url), **models}) as editor:
            yield Session(editor, ollama)
    elif request.param == "openai":
        weights: Path = request.getfixturevalue("embedded_weights")
        with llama_server.running(weights) as server, Editor(home, server.settings) as editor:
            yield Session(editor, server=server.process)
    else:
        weights = request.getfixturevalue("embedded_weights")
        (home / "gloss").mkdir()
        # Where caches are elsewhere this changes nothing but that the weights are put together again.
        (home / "gloss" / "models").symlink_to(weights.parent)
        with Editor(home, {"GLOSS_BACKEND_KIND": "embedded"}) as editor:
            yield Session(editor)


@pytest.fixture
def editor(session: Session) -> Editor:
    return session.editor


def code(text: str) -> list[str]:
    return [line for line in text.split("\n") if not line.lstrip().startswith("#")]


def test_explain(editor: Editor) -> None:
    request, token = editor.begin("gloss.explain", editor.show(SAMPLE), range=BODY, instruction=SHORT)
    outcome = editor.outcome(request)
    assert outcome["kind"] == "page"
    assert re.search(r"\badd|\bsum|\bplus", outcome["markdown"], re.IGNORECASE), outcome
    words = editor.words(token)
    assert len(words) > 1
    assert outcome["markdown"].startswith("".join(words))
    kinds = [value["kind"] for value in editor.progress(token)]
    assert kinds == ["begin", *["report"] * (len(kinds) - 2), "end"]
    assert editor.wait_ended(token) == "done"


def test_translate_comments(editor: Editor) -> None:
    uri = editor.show(SAMPLE)
    outcome = editor.run("gloss.translateComments", uri, target="en")
    assert (outcome["kind"], outcome["applied"]) == ("edits", True)
    after = editor.texts[uri]
    assert code(after) == code(SAMPLE)
    assert not re.search(r"[\u0400-\u04ff]", after), after
    assert re.search(r"# .*(?:add|sum)", after, re.IGNORECASE), after
    assert re.search(r"# .*(?:doubl|twice|two)", after, re.IGNORECASE), after


def test_inline_completion(editor: Editor) -> None:
    document = {"uri": editor.show(SAMPLE)}
    params = {"textDocument": document, "position": END, "context": {"triggerKind": 1}}
    [item] = editor.request("textDocument/inlineCompletion", params, LIMIT)["items"]
    assert re.match(r"add\(a, a\)|a \* 2|2 \* a|a \+ a", item["insertText"]), item


def test_complete_here(editor: Editor) -> None:
    uri = editor.show(SAMPLE)
    outcome = editor.run("gloss.complete", uri, range={"start": END, "end": END})
    assert (outcome["kind"], outcome["applied"]) == ("edits", True)
    assert editor.texts[uri].startswith(SAMPLE)
    assert editor.texts[uri].removeprefix(SAMPLE).strip()


@pytest.mark.skipif(sys.platform != "linux", reason="what processes do is read from /proc")
def test_stop_frees_the_model(session: Session) -> None:
    """The answer would have taken the model a minute of CPU time, and the next one would have waited for it."""
    editor = session.editor
    request, token = editor.begin("gloss.explain", editor.show(SAMPLE), range=BODY, instruction=LONG)
    editor.wait_words(token, 2)
    editor.request("workspace/executeCommand", {"command": "gloss.stop", "arguments": [{"token": token}]})
    assert editor.wait(request, LIMIT)["error"]["code"] == -32800
    assert editor.wait_ended(token) == "stopped"
    assert work_until_idle(session.model_works_in) < 10
    outcome = editor.run("gloss.explain", editor.show(SAMPLE), range=BODY, instruction=SHORT)
    assert outcome["markdown"]


@pytest.mark.parametrize("session", [OLLAMA], indirect=True)
def test_ollama_is_killed_and_comes_back(session: Session, real_ollama: Ollama) -> None:
    editor = session.editor
    address = real_ollama.url.removeprefix("http://")
    uri = editor.show(SAMPLE)
    request, token = editor.begin("gloss.explain", uri, range=BODY, instruction=LONG)
    editor.wait_words(token, 2)
    real_ollama.kill()
    said = editor.failure(request)
    assert "Ollama" in said
    assert editor.wait_ended(token) == said

    request, _ = editor.begin("gloss.explain", uri, range=BODY, instruction=SHORT)
    said = editor.failure(request)
    assert address in said
    assert "ollama serve" in said

    real_ollama.start()
    assert editor.run("gloss.explain", uri, range=BODY, instruction=SHORT)["markdown"]


@pytest.mark.skipif(sys.platform != "linux", reason="who works for whom is read from /proc")
@pytest.mark.parametrize("session", [EMBEDDED], indirect=True)
def test_the_engine_is_killed_and_comes_back(session: Session) -> None:
    editor = session.editor
    request, token = editor.begin("gloss.explain", editor.show(SAMPLE), range=BODY, instruction=LONG)
    editor.wait_words(token, 2)
    for child in set(family(editor.process.pid)) - {editor.process.pid}:
        os.kill(child, signal.SIGKILL)
    assert "starts it anew" in editor.failure(request)
    assert editor.run("gloss.explain", editor.show(SAMPLE), range=BODY, instruction=SHORT)["markdown"]
