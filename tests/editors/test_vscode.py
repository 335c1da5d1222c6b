"""VS Code with the extension as it is shipped: keys and clicks go in, and what a person sees is looked at."""

from __future__ import annotations

import re

import pytest

from editors.nvim import SAMPLE, wait
from editors.vscode import settings_of

pytestmark = [pytest.mark.needs("vscode"), pytest.mark.timeout(180)]

WORDS = ["It computes ", "the area ", "of a **circle**."]
EXPLANATION = {"kind": "chat", "pieces": WORDS}
ENDLESS = {"kind": "chat", "pieces": ["word "], "repeat": 100_000, "gap": 0.05}
TRANSLATIONS = [
    {"kind": "chat", "contains": "считает", "pieces": ["computes the area of a circle"]},
    {"kind": "chat", "contains": "число", "pieces": ["the number squared"]},
]
TRANSLATED = SAMPLE.replace("считает площадь круга", "computes the area of a circle").replace(
    "число в квадрате", "the number squared"
)
SECOND = {"name": "qwen3:1.7b", "capabilities": ["completion"], "size": 1_400_000_000}
FIRST = {"name": "qwen2.5-coder:1.5b", "capabilities": ["completion", "insert"]}


def test_the_explanation_fills_a_preview_beside_the_code_while_the_model_writes(vscode, ollama):
    ollama.script(rules=[{"kind": "chat", "pieces": WORDS, "end": "hang"}])
    vscode.select(4, 5)
    vscode.press("Control+K", "g")
    vscode.shows("It computes the area of a <strong>circle</strong>.")
    assert "ended_at" not in ollama.requests("chat")[0], "the words are seen before the answer has ended"
    assert vscode.code_has_focus
    assert "math.pi * square(radius)" in str(ollama.requests("chat")[0]["body"])
    vscode.shoot("explanation")


def test_a_second_explanation_takes_the_place_of_the_first(vscode, ollama):
    ollama.script(rules=[{**EXPLANATION, "contains": "math.pi"}, {"kind": "chat", "pieces": ["It squares."]}])
    vscode.select(4, 5)
    vscode.command("Gloss: Explain")
    vscode.shows("circle")
    vscode.select(8, 9)
    vscode.command("Gloss: Explain")
    vscode.shows("It squares.")
    assert len(vscode.previews()) == 1
    assert vscode.page.locator(".editor-group-container").count() == 2
    assert vscode.code_has_focus


def test_hovering_over_the_selection_explains_it(vscode, ollama):
    ollama.script(rules=[EXPLANATION])
    vscode.select(4, 5)
    vscode.hover().get_by_text("It computes the area of a circle.").wait_for()
    asked = str(ollama.requests("chat")[0]["body"])
    assert "return math.pi * square(radius)" in asked, "the whole range was sent, not the place of the cursor"
    vscode.shoot("hover-selection")


def test_hovering_over_a_comment_translates_it(vscode, ollama):
    ollama.script(rules=TRANSLATIONS)
    vscode.go_to(3, 6)
    vscode.hover().get_by_text("computes the area of a circle").wait_for()
    vscode.shoot("hover-comment")


def test_what_the_menu_of_code_actions_offers_is_done(vscode, ollama):
    ollama.script(rules=[EXPLANATION])
    vscode.press("Control+A", "Control+.")
    menu = vscode.page.locator(".action-widget .monaco-list-row")
    menu.filter(has_text="Translate").first.wait_for()
    vscode.shoot("menu")
    menu.filter(has_text="Explain").first.click()
    vscode.shows("It computes the area of a <strong>circle</strong>.")


def test_a_selection_has_a_light_bulb(vscode, ollama):
    vscode.select(4, 5)
    vscode.page.locator(".lightBulbWidget, [class*='gutter-lightbulb']").first.wait_for()
    assert ollama.requests("chat") == [], "no model is asked for it"


@pytest.mark.parametrize(
    ("key", "accepted"), [("Tab", "print(area(2.0))"), ("Control+ArrowRight", "print")], ids=["tab", "word"]
)
def test_ghost_text_is_accepted(vscode, ollama, key, accepted):
    ollama.script(rules=[{"kind": "fill", "pieces": ["int(area(2.0))"]}, *TRANSLATIONS])
    # What is typed while the model is loaded is answered with nothing.
    vscode.go_to(3, 6)
    vscode.hover().get_by_text("computes the area of a circle").wait_for()
    vscode.press("Escape", "Control+End")
    vscode.page.keyboard.type("pr")
    vscode.page.locator(".ghost-text-decoration, .ghost-text").first.wait_for()
    vscode.shoot("ghost-text")
    vscode.press(key)
    wait(lambda: accepted in vscode.line(13))
    assert vscode.save() == SAMPLE + accepted


def test_complete_here_writes_what_comes_next(vscode, ollama):
    ollama.script(rules=[{"kind": "fill", "pieces": ["print(area(2.0))"]}])
    vscode.press("Control+End")
    vscode.command("Gloss: Complete Here")
    wait(lambda: "print(area(2.0))" in vscode.line(13))


def test_a_translation_is_undone_in_one_step(vscode, ollama):
    ollama.script(rules=TRANSLATIONS)
    vscode.command("Gloss: Translate Comments")
    wait(lambda: "the number squared" in vscode.line(9))
    assert vscode.save() == TRANSLATED
    vscode.shoot("translated")
    vscode.press("Control+Z")
    wait(lambda: "число" in vscode.line(9))
    assert vscode.save() == SAMPLE, "every byte is as it was"


def test_the_notification_stops(vscode, ollama):
    ollama.script(rules=[ENDLESS])
    vscode.select(4, 5)
    vscode.press("Control+K", "g")
    ollama.wait_for_piece(1, kind="chat")
    vscode.answer("Gloss: Explain", "Cancel")
    assert ollama.wait_closed(1, kind="chat")["closed_while_active"]
    vscode.ready()


def test_the_status_bar_stops(vscode, ollama):
    ollama.script(rules=[ENDLESS])
    vscode.select(4, 5)
    vscode.press("Control+K", "g")
    ollama.wait_for_piece(1, kind="chat")
    vscode.status(re.compile(r"writing, \d+ s")).click()
    vscode.shoot("status-menu")
    vscode.choose("Stop")
    assert ollama.wait_closed(1, kind="chat")["closed_while_active"]
    vscode.ready()
    vscode.shows("stopped")


def test_the_status_bar_says_what_is_done(vscode, ollama):
    vscode.status("Gloss: ready (qwen2.5-coder:1.5b)")
    ollama.script(load_seconds=3, rules=[{**EXPLANATION, "first_delay": 2.5}])
    vscode.select(4, 5)
    vscode.press("Control+K", "g")
    vscode.status(re.compile(r"loading qwen2\.5-coder:1\.5b, \d+ s"))
    vscode.status(re.compile(r"reading the prompt|thinking"))
    vscode.status("Gloss: ready (qwen2.5-coder:1.5b)")


def test_without_ollama_the_user_is_told_what_to_do(vscode, ollama):
    ollama.stop()
    vscode.select(4, 5)
    vscode.press("Control+K", "g")
    vscode.message(ollama.url.removeprefix("http://"))
    vscode.status("failed")
    vscode.shoot("failed")
    vscode.answer(ollama.url.removeprefix("http://"), "What Is Wrong?")
    vscode.shows("What is wrong")


def test_what_may_help_is_a_button_of_the_message(vscode, ollama):
    ollama.script(models=[])
    vscode.select(4, 5)
    vscode.press("Control+K", "g")
    vscode.answer("Choose Model", "Pull qwen2.5-coder:1.5b")
    assert ollama.wait_for_request(1, kind="pull")["body"]["model"] == "qwen2.5-coder:1.5b"


def test_a_model_is_chosen_for_a_task_and_kept(vscode, ollama):
    ollama.script(models=[FIRST, SECOND], rules=[EXPLANATION])
    vscode.command("Gloss: Choose Model")
    vscode.choose("Explain")
    row = vscode.page.locator(".quick-input-list .monaco-list-row", has_text="qwen3:1.7b")
    row.get_by_text("1.4 GB").first.wait_for()
    vscode.shoot("models")
    row.click()
    vscode.answer("qwen3:1.7b is used", "Keep")
    wait(lambda: settings_of(vscode.server).get("gloss.models.chat") == "qwen3:1.7b")
    vscode.select(4, 5)
    vscode.command("Gloss: Explain")
    assert ollama.wait_for_request(1, kind="chat")["body"]["model"] == "qwen3:1.7b"


def test_a_model_is_pulled_and_deleted(vscode, ollama):
    vscode.command("Gloss: Pull Model")
    vscode.page.locator(".quick-input-widget input.input").fill("smollm2:135m")
    vscode.press("Enter")
    vscode.message("smollm2:135m is installed")
    assert ollama.requests("pull")[0]["body"]["model"] == "smollm2:135m"
    vscode.command("Gloss: Delete Model")
    vscode.choose("smollm2:135m")
    dialog = vscode.page.locator(".monaco-dialog-box")
    dialog.wait_for()
    assert ollama.requests("delete") == [], "it asks first"
    dialog.get_by_role("button", name="Delete").click()
    assert ollama.wait_for_request(1, kind="delete")["body"]["model"] == "smollm2:135m"


def test_the_doctor_and_the_last_prompt_are_pages_to_read(vscode, ollama):
    ollama.script(rules=[EXPLANATION])
    vscode.select(4, 5)
    vscode.command("Gloss: Explain")
    vscode.shows("circle")
    vscode.command("Gloss: Show Last Prompt")
    vscode.shows("math.pi * square(radius)")
    vscode.command("Gloss: Doctor")
    vscode.shows("Nothing is wrong.", "<td>chat</td>", "qwen2.5-coder:1.5b")
    vscode.shoot("doctor")
