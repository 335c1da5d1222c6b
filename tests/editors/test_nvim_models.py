"""Models in Neovim with the plugin: picked, fetched, deleted; and what helps where something fails."""

from __future__ import annotations

from typing import Any

import pynvim
import pytest

from editors.nvim import Editor, wait

pytestmark = pytest.mark.needs("nvim")

CODER = "qwen2.5-coder:1.5b"
MODELS = [
    {"name": CODER, "capabilities": ["completion", "insert"]},
    {"name": "talker:8b", "size": 5_200_000_000, "capabilities": ["completion", "thinking"]},
    {"name": "huge:405b", "size": 900_000_000_000_000, "capabilities": ["completion"]},
]
CHOOSE = """
_G.asked, _G.choices = {}, {...}
vim.ui.select = function(items, options, choose)
  local shown = vim.tbl_map(options.format_item or tostring, items)
  table.insert(_G.asked, { prompt = options.prompt, items = shown })
  local wanted = table.remove(_G.choices, 1)
  for number, item in ipairs(shown) do
    if wanted and vim.startswith(item, wanted) then return choose(items[number], number) end
  end
  choose(nil)
end
"""


def choose(nvim: Editor, *beginnings: str) -> None:
    """Choose, one after another, what begins so; then nothing."""
    nvim.lua(CHOOSE, *beginnings)


def asked(nvim: Editor, count: int) -> list[dict[str, Any]]:
    """The questions, once there have been so many."""
    wait(lambda: len(nvim.lua("return _G.asked")) >= count)
    return nvim.lua("return _G.asked")


def test_a_model_is_picked_for_a_task(nvim, ollama):
    ollama.script(models=MODELS)
    choose(nvim, "chat", "talker:8b")
    nvim.nvim.command("Gloss models")
    tasks, models = asked(nvim, 2)
    assert tasks["items"] == [f"{task} (now {CODER})" for task in ("chat", "translate", "complete")]
    assert models["items"] == [
        f"{CODER}  986 MB  chat, complete  used for chat, translate, complete",
        "talker:8b  5.2 GB  chat, think",
        "huge:405b  900000.0 GB  chat  does not fit in memory",
    ]
    wait(lambda: "talker:8b is used for chat" in nvim.messages())
    nvim.type("4GVj<Space>ge")
    assert ollama.wait_for_request(1, kind="chat")["body"]["model"] == "talker:8b"


def test_who_picks_nothing_changes_nothing(nvim, ollama):
    ollama.script(models=MODELS)
    choose(nvim, "chat")
    nvim.nvim.command("Gloss models")
    asked(nvim, 2)
    assert "is used for" not in nvim.messages()


def test_without_a_model_it_is_said_how_to_get_one(nvim, ollama):
    ollama.script(models=[])
    choose(nvim)
    nvim.nvim.command("Gloss models")
    wait(lambda: ":Gloss pull NAME" in nvim.messages())


def test_a_model_is_fetched_with_its_bytes_in_the_command_line(nvim, ollama):
    lines = [
        {"status": "pulling x", "digest": "x", "total": 4_000_000_000, "completed": n * 10**9}
        for n in range(5)
    ]
    ollama.script(rules=[{"kind": "pull", "lines": [*lines, {"status": "success"}], "gap": 0.3}])
    nvim.nvim.command("Gloss pull new:1b")
    wait(lambda: nvim.ended() == ["done"])
    said = str([value.get("message") for value in nvim.progress()])
    assert "of 4.0 GB" in said
    assert "s left" in said
    wait(lambda: "new:1b is installed" in nvim.messages())


def test_a_pull_is_stopped_and_goes_on_later(nvim, ollama):
    line = {"status": "pulling x", "digest": "x", "total": 4000, "completed": 1000}
    ollama.script(rules=[{"kind": "pull", "lines": [line], "end": "hang"}])
    nvim.nvim.command("Gloss pull new:1b")
    ollama.wait_for_piece(1, kind="pull")
    nvim.nvim.command("Gloss stop")
    assert ollama.wait_closed(1, kind="pull")["closed_while_active"]
    wait(lambda: "What has come is kept" in nvim.messages())
    ollama.script(rules=[])
    nvim.nvim.command("Gloss pull new:1b")
    wait(lambda: nvim.ended() == ["stopped", "done"])


@pytest.mark.parametrize(("answer", "deleted"), [("Delete", True), ("Keep", False), ("dismissed", False)])
def test_deleting_asks_with_name_and_size(nvim, ollama, answer, deleted):
    choose(nvim, answer)
    nvim.nvim.command(f"Gloss delete {CODER}")
    [question] = asked(nvim, 1)
    assert question["prompt"] == f"Delete {CODER} (986 MB)?"
    if deleted:
        wait(lambda: f"{CODER} is removed" in nvim.messages())
    assert bool(ollama.requests("delete")) is deleted


@pytest.mark.parametrize("words", ["pull", "delete", "models x", "stop now", "pull a b", "cook"])
def test_wrong_words_are_refused_with_what_is_right(nvim, ollama, words):
    with pytest.raises(pynvim.NvimError, match="Gloss: "):
        nvim.nvim.command(f"Gloss {words}")
    assert ollama.requests("pull") == ollama.requests("delete") == []


def test_what_may_help_is_offered_and_the_reason_is_said_once(nvim, ollama):
    ollama.script(models=[])
    choose(nvim, "Pull")
    nvim.type("<Space>gt")
    [question] = asked(nvim, 1)
    assert question["items"] == [f"Pull {CODER} (1 GB)"]
    assert nvim.messages().count("No usable model") == 1
    assert ollama.wait_for_request(1, kind="pull")["body"]["model"] == CODER
    wait(lambda: nvim.ended()[1:] == ["done"])
    wait(lambda: "used to chat, translate and complete" in nvim.messages())
