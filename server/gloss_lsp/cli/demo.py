"""``gloss demo``: what an editor would see, in the terminal, from the real server."""

from __future__ import annotations

import asyncio
import os
import re
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from attrs import define, field
from rich.rule import Rule
from rich.syntax import Syntax
from rich.text import Text

from gloss_lsp.cli.demo_client import DemoEditor, Document, demo_editor
from gloss_lsp.cli.demo_sample import Sample, sample
from gloss_lsp.cli.diffs import colored, unified_diff
from gloss_lsp.cli.options import assignments_of, configuration_for, locale_of
from gloss_lsp.cli.outcomes import DONE, FAILED
from gloss_lsp.cli.output import Waiting, Words, console, note
from gloss_lsp.core.terminal import safe_terminal
from gloss_lsp.core.tongues import tongue

if TYPE_CHECKING:
    import argparse
    from collections.abc import Sequence

    from rich.console import Console, RenderableType

ATTEMPTS = 3
"""How often a completion is asked for: the first may come while the model is still being loaded."""


def run(options: argparse.Namespace) -> int:
    """Show the three actions."""
    target = tongue(configuration_for(options).settings.translate.target, locale_of(os.environ))
    # A machine without a GPU reads the sample for longer than somebody who types would wait.
    assignments = ["complete.maxTime=30", f"translate.target={target}", *assignments_of(options)]
    arguments = [part for each in assignments for part in ("--set", each)]
    if options.log:
        arguments += ["--log", str(Path(options.log).absolute())]
    with Waiting() as waiting, tempfile.TemporaryDirectory() as folder:
        return asyncio.run(_demo(Stage(waiting), arguments, Path(folder), sample(target), target))


@define(eq=False)
class Stage:
    """Shows what the server says."""

    waiting: Waiting
    screen: Console = field(factory=console)
    words: Words | None = None
    """Where streamed words go, while an action writes some."""
    started: float = 0.0
    first: float | None = None
    rate: str = ""
    models: dict[str, str] = field(factory=dict)
    """The model of each task."""

    def hear(self, method: str, params: Any) -> None:  # noqa: ANN401  # JSON is anything
        """Take a notification of the server."""
        if method == "gloss/stream" and self.words is not None and not params["done"]:
            self._begun()
            self.words.add(params["text"])
        elif method == "$/progress":
            self._progress(params["value"])
        elif method == "window/showMessage" and params["type"] <= 2:  # noqa: PLR2004  # errors and warnings
            note(params["message"])

    def scene(self, title: str) -> None:
        """Begin the next action."""
        self.started, self.first, self.rate = time.monotonic(), None, ""
        self.show("")
        self.show(Rule(Text(title, "bold"), align="left", characters="─"))

    def show(self, what: RenderableType) -> None:
        """Show something whole."""
        self.waiting.end()
        self.screen.print(what)

    def speed(self, task: str) -> None:
        """Say which model did it, and how fast."""
        seconds = time.monotonic() - self.started
        first = f"first words after {self.first:.1f} s" if self.first is not None else ""
        parts = [part for part in (self.models[task], first, self.rate, f"{seconds:.1f} s in all") if part]
        self.show(Text(" · ".join(parts), "dim"))

    def _progress(self, value: dict[str, Any]) -> None:
        message = value.get("message") or ""
        rate = re.search(r"\d+ tokens/s", message)
        if rate:
            self._begun()
            self.rate = rate[0]
        if value["kind"] == "report" and (self.words is None or self.first is None):
            self.waiting.say(message)

    def _begun(self) -> None:
        if self.first is None:
            self.first = time.monotonic() - self.started


async def _demo(stage: Stage, arguments: Sequence[str], folder: Path, shown: Sample, target: str) -> int:
    stage.waiting.say("starting the server")
    async with demo_editor(arguments, folder, stage.hear) as editor:
        report = await editor.command("gloss.doctor", {})
        if not report["usable"]:
            note(report["problems"][0])
            return FAILED
        _introduce(stage, editor, report)
        path = folder / shown.name
        path.write_text(shown.text, "utf-8")
        document = editor.open(path.as_uri(), "python", shown.text)
        await _explain(stage, editor, document, shown)
        await _translate(stage, editor, document, shown, target)
        done = await _complete(stage, editor, document)
        code = await editor.end()
    stage.show("")
    stage.show(
        Text(f"The server has ended (exit code {code}). Next: `gloss doctor`, and your own editor.", "dim")
    )
    return DONE if done and code == 0 else FAILED


def _introduce(stage: Stage, editor: DemoEditor, report: dict[str, Any]) -> None:
    stage.show(Text(f"Gloss {report['version']}, as an editor sees it", "bold"))
    stage.show(f"The language server runs as process {editor.process.pid}, spoken to over stdio.")
    stage.show(f"Its backend is {safe_terminal(report['backend'])}.")
    stage.models = {use["task"]: safe_terminal(use["model"]) for use in report["uses"]}


async def _explain(stage: Stage, editor: DemoEditor, document: Document, shown: Sample) -> None:
    first, last = shown.explained
    lines = document.text.split("\n")
    stage.scene(f"Explain lines {first + 1} to {last + 1} of {shown.name}")
    stage.show(_code("\n".join(lines[first : last + 1])))
    stage.show("")
    stage.words = Words(stage.waiting)
    span = {"start": {"line": first, "character": 0}, "end": {"line": last, "character": len(lines[last])}}
    page = await editor.command("gloss.explain", {"uri": document.uri, "range": span}, "explain")
    # What was streamed is a beginning of the page; what stands behind it is what Gloss says of it.
    stage.words.become(page["markdown"])
    stage.words.end()
    stage.words = None
    stage.speed("chat")


async def _translate(
    stage: Stage, editor: DemoEditor, document: Document, shown: Sample, target: str
) -> None:
    stage.scene(f"Translate the comments from {shown.language} to {target}")
    before = document.text
    outcome = await editor.command("gloss.translateComments", {"uri": document.uri}, "translate")
    stage.waiting.end()
    if outcome["applied"]:
        stage.show(colored(unified_diff(before, document.text, shown.name)))
        stage.show(Text("One edit, one undo step, applied by the editor and checked by the server.", "dim"))
    else:
        stage.show("The model left the comments as they are.")
    stage.speed("translate")


async def _complete(stage: Stage, editor: DemoEditor, document: Document) -> bool:
    # The file ends where the next line is to be written; translations may have moved that.
    lines = document.text.split("\n")
    line, column = len(lines) - 1, len(lines[-1])
    stage.scene(f"Complete at line {line + 1}, column {column + 1}")
    position = {"line": line, "character": column}
    params = {"textDocument": {"uri": document.uri}, "position": position, "context": {"triggerKind": 1}}
    for _ in range(ATTEMPTS):
        stage.waiting.say("the model completes")
        answer = await editor.request("textDocument/inlineCompletion", params)
        items = answer["items"] if isinstance(answer, dict) else answer or []
        if items:
            above = document.text[document.text.rindex("def ") :]
            stage.show(Text.assemble(above, (safe_terminal(items[0]["insertText"]), "bold green")))
            stage.speed("complete")
            return True
    stage.show("The model had nothing to add.")
    return False


def _code(text: str) -> Syntax:
    return Syntax(text, "python", theme="ansi_dark", background_color="default", line_numbers=True)
