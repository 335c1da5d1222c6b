"""Neovim with the plugin, as a person uses it: keys go in, and what they see is looked at."""

from __future__ import annotations

import pytest

from editors.nvim import SAMPLE, wait

pytestmark = pytest.mark.needs("nvim")

EXPLANATION = ["It computes ", "the area ", "of a circle."]
TRANSLATIONS = [
    {"kind": "chat", "contains": "считает", "pieces": ["computes the area of a circle"]},
    {"kind": "chat", "contains": "число", "pieces": ["the number squared"]},
]
ENDLESS = {"pieces": ["word "], "repeat": 100_000, "gap": 0.02}


def test_the_selection_is_explained_under_it_while_the_model_writes(nvim, ollama):
    ollama.script(rules=[{"kind": "chat", "pieces": EXPLANATION}])
    nvim.type("4GVj<Space>ge")
    wait(lambda: "It computes the area of a circle." in (nvim.view() or ""))
    assert "math.pi * square(radius)" in str(ollama.requests("chat")[0]["body"])
    wait(lambda: nvim.ended() == ["done"])
    assert nvim.lua("return vim.api.nvim_win_get_config(0).relative") == "", "the code keeps the focus"
    assert nvim.text == SAMPLE + "\n"


def test_comments_are_translated_in_place_and_undone_in_one_step(nvim, ollama):
    ollama.script(rules=TRANSLATIONS)
    before = nvim.text
    nvim.type("<Space>gt")
    wait(lambda: nvim.ended() == ["done"])
    after = before.replace("считает площадь круга", "computes the area of a circle")
    assert nvim.text == after.replace("число в квадрате", "the number squared")
    nvim.type("u")
    assert nvim.text == before


def test_what_comes_next_is_written_at_the_cursor(nvim, ollama):
    ollama.script(rules=[{"kind": "fill", "pieces": ["print(area(2.0))"]}])
    nvim.type("G$<Space>gc")
    wait(lambda: nvim.ended() == ["done"])
    assert nvim.text.rstrip("\n").endswith("print(area(2.0))")


@pytest.mark.parametrize(
    ("keys", "kind"),
    [("4GVj<Space>ge", "chat"), ("<Space>gt", "chat"), ("G$<Space>gc", "fill")],
    ids=["explain", "translate", "complete"],
)
def test_stop_stops_and_frees_the_model(nvim, ollama, keys, kind):
    ollama.script(rules=[{"kind": kind, **ENDLESS}])
    before = nvim.text
    nvim.type(keys)
    ollama.wait_for_piece(1, kind=kind)
    nvim.type("<Space>gs")
    assert ollama.wait_closed(1, kind=kind)["closed_while_active"]
    wait(lambda: nvim.ended() == ["stopped"])
    assert nvim.text == before


def test_the_menu_offers_the_three_actions(nvim):
    nvim.lua("""_G.titles = nil
        vim.ui.select = function(items, _, choose)
          _G.titles = vim.tbl_map(function(item) return item.action.title end, items)
          choose(nil)
        end""")
    nvim.type("4G")
    nvim.lua("vim.lsp.buf.code_action()")
    titles = wait(lambda: nvim.lua("return _G.titles"))
    assert [title.split()[0] for title in titles] == ["Explain", "Translate", "Complete"]


def test_hovering_over_what_was_explained_shows_it(nvim, ollama):
    ollama.script(rules=[{"kind": "chat", "pieces": EXPLANATION}])
    nvim.type("4GVj<Space>ge")
    wait(lambda: nvim.ended() == ["done"])
    nvim.lua("require('gloss.view').close()")
    nvim.type("4G")
    nvim.lua("vim.lsp.buf.hover()")
    wait(lambda: "It computes the area of a circle." in (nvim.view() or ""))


def test_what_the_user_types_meanwhile_is_kept(nvim, ollama):
    ollama.script(rules=[{**rule, "first_delay": 0.3} for rule in TRANSLATIONS])
    nvim.type("<Space>gt")
    ollama.wait_for_request(1, kind="chat")
    nvim.type("ggOimport os<Esc>")
    wait(lambda: nvim.ended() == ["done"])
    assert nvim.text.startswith("import os\nimport math\n\n# computes the area of a circle\n")


def test_without_ollama_the_user_is_told_what_to_do(nvim, ollama):
    ollama.stop()
    nvim.lua("vim.ui.select = function(_, _, choose) choose(nil) end")
    nvim.type("4GVj<Space>ge")
    wait(nvim.ended)
    assert ollama.url.removeprefix("http://") in nvim.messages()
    assert "Ollama" in nvim.messages()


def test_completion_as_you_type_is_answered(nvim, ollama):
    """Neovim 0.11 has no ghost text: what it would show is asked for by hand."""
    ollama.script(rules=[{"kind": "fill", "pieces": ["print(area(2.0))"]}])
    nvim.lua("""_G.items = nil
        local line = vim.api.nvim_buf_line_count(0) - 1
        vim.lsp.get_clients({name='gloss'})[1]:request('textDocument/inlineCompletion', {
          textDocument = { uri = vim.uri_from_bufnr(0) }, position = { line = line, character = 4 },
          context = { triggerKind = 1 } }, function(err, result) _G.items = result.items end, 0)""")
    assert wait(lambda: nvim.lua("return _G.items"))[0]["insertText"] == "print(area(2.0))"
