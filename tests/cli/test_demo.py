"""`gloss demo`: the real server, spoken to as an editor does."""

from __future__ import annotations

import pytest

from gloss_lsp.cli.demo_client import demo_editor, edited
from gloss_lsp.cli.demo_sample import sample

EXPLAINED = {"kind": "chat", "contains": "Explain", "pieces": ["It keeps a ", "**window** ", "of values."]}
TRANSLATED = {"kind": "chat", "contains": "You translate", "pieces": ["Computes the ", "moving average"]}
COMPLETED = {"kind": "fill", "pieces": ["return ", "low"]}


def test_the_three_actions_are_shown(gloss, fake):
    fake.script(rules=[EXPLAINED, TRANSLATED, COMPLETED])
    outcome = gloss("demo")
    assert (outcome.code, outcome.err) == (0, "")
    at = -1
    for shown in (
        f"Its backend is Ollama 0.34.0 at {fake.url}.",
        "Explain lines 1 to 11",
        "It keeps a **window** of values.\n",
        "qwen2.5-coder:1.5b · ",
        "Translate the comments from Chinese to English",
        "--- a/moving_average.py\n+++ b/moving_average.py\n@@",
        "-    # 计算最近 n 个值的移动平均\n+    # Computes the moving average\n",
        "Complete at line 17, column 9",
        "    if value < low:\n        return low\n",
        "The server has ended (exit code 0).",
    ):
        at = outcome.out.find(shown, at + 1)
        assert at >= 0, shown


def test_a_translation_that_takes_more_lines_moves_nothing_else(gloss, fake):
    longer = {
        **TRANSLATED,
        "pieces": [
            "Computes the moving average of all the values that it is given, one by one, as they come along in the list"
        ],
    }
    fake.script(rules=[EXPLAINED, longer, COMPLETED])
    outcome = gloss("demo")
    assert outcome.code == 0
    assert "Complete at line 19, column 9" in outcome.out
    assert "    if value < low:\n        return low\n" in outcome.out


def test_comments_in_the_users_own_language_are_not_translated(gloss, fake):
    fake.script(rules=[EXPLAINED, {**TRANSLATED, "pieces": ["计算移动平均值"]}, COMPLETED])
    outcome = gloss("demo", LC_ALL="zh_CN.UTF-8")
    assert outcome.code == 0
    assert "Translate the comments from Portuguese to Simplified Chinese" in outcome.out


def test_without_a_model_it_says_what_to_do(gloss, fake):
    fake.script(models=[])
    outcome = gloss("demo")
    assert (outcome.code, outcome.out) == (1, "")
    assert "pull" in outcome.err.lower()
    assert outcome.err.count("\n") == 1


def test_a_model_that_fails_is_told_in_one_sentence(gloss, fake):
    fake.script(rules=[{"kind": "chat", "status": 500, "error": "llama runner process has terminated"}])
    outcome = gloss("demo")
    assert outcome.code == 1
    assert outcome.err.splitlines()[-1].startswith("gloss: ")


async def test_the_server_takes_no_module_of_the_current_folder(tmp_path, monkeypatch):
    repository, own = tmp_path / "repository", tmp_path / "own"
    repository.mkdir()
    own.mkdir()
    (repository / "json.py").write_text("raise SystemExit('taken over')\n", "utf-8")
    monkeypatch.chdir(repository)
    async with demo_editor((), own, lambda method, params: None) as editor:
        assert await editor.end() == 0


@pytest.mark.parametrize("target", ["English", "Simplified Chinese", "Portuguese", "German"])
def test_the_sample_is_never_in_the_language_to_translate_to(target):
    shown = sample(target)
    assert shown.language not in target
    assert shown.text.endswith("if value < low:\n        ")
    assert shown.text.split("\n")[shown.explained[1]] == "    return averages"


@pytest.mark.parametrize(
    ("edits", "text"),
    [
        ([], "ab\n😀c\n"),
        ([((1, 1), (1, 2), "x")], "ab\n😀x\n"),
        ([((0, 0), (0, 1), ""), ((1, 0), (2, 0), "")], "b\n"),
        ([((0, 2), (1, 0), " "), ((0, 0), (0, 0), "\n")], "\nab 😀c\n"),
    ],
)
def test_edits_of_the_server_are_made(edits, text):
    def position(place):
        return {"line": place[0], "character": place[1]}

    changes = [
        {"range": {"start": position(start), "end": position(end)}, "newText": new}
        for start, end, new in edits
    ]
    assert edited("ab\n😀c\n", changes) == text
