"""``gloss translate``: the comments of files and trees, as a diff, in the files, or only looked at."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from attrs import define, field
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from gloss_lsp.actions import action_named
from gloss_lsp.actions.base import Edits
from gloss_lsp.cli.diffs import colored, unified_diff
from gloss_lsp.cli.files import TextFile, read, shown
from gloss_lsp.cli.options import configuration_for
from gloss_lsp.cli.outcomes import DONE, FAILED
from gloss_lsp.cli.output import Waiting, console, note
from gloss_lsp.cli.session import Session, run_with_model, selection
from gloss_lsp.cli.trees import Trees
from gloss_lsp.core.privacy import Policy
from gloss_lsp.core.terminal import safe_terminal
from gloss_lsp.core.text import apply_edits
from gloss_lsp.errors import Refused, TooLong

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable, Iterator

    from gloss_lsp.configuration import Configuration
    from gloss_lsp.converse import Step

ACTION = "translateComments"


def run(options: argparse.Namespace) -> int:
    """Translate, or only look whether there is something to translate."""
    configuration = configuration_for(options)
    work = _Work(configuration, Trees(Policy(configuration.settings.privacy.exclude)))
    with Waiting() as waiting:
        waiting.say("looking for comments")
        foreign = list(work.foreign([Path(path) for path in options.paths]))
    work.tell()
    if options.check:
        for file in foreign:
            print(shown(file.path))
        return FAILED if foreign or work.failed else DONE
    if foreign:
        run_with_model(options, lambda session: _translate(session, work, foreign, write=options.write))
    return FAILED if work.failed else DONE


@define
class _Work:
    """What is to be done, and what went wrong with single files."""

    configuration: Configuration
    trees: Trees
    failed: bool = False
    notes: list[str] = field(factory=list)

    def foreign(self, paths: list[Path]) -> Iterator[TextFile]:
        """The files with a comment that is to be translated. Asks no model."""
        for path in self.trees.files(paths):
            try:
                file = read(path)
            except Refused as error:
                self.notes.append(str(error))
                self.failed = self.failed or path in paths
                continue
            if self._has_work(file):
                yield file

    def _has_work(self, file: TextFile) -> bool:
        """Whether the action, asked about the whole file, has anything to ask a model."""
        action = action_named(ACTION)
        conversation = action.converse(selection(self.configuration, ACTION, file.source, file.source.whole))
        try:
            next(conversation)
        except StopIteration:
            return False
        except Refused as error:
            self.notes.append(f"{shown(file.path)}: {error}")
            return False
        conversation.close()
        return True

    def tell(self) -> None:
        """Say what was left out, and why."""
        for sentence in (*self.trees.refused, *self.notes):
            note(sentence)
        self.failed = self.failed or bool(self.trees.refused)
        for reason, count in self.trees.left_out.items():
            note(f"left out: {count} {'file' if count == 1 else 'files'}, {reason}.")


async def _translate(session: Session, work: _Work, files: list[TextFile], *, write: bool) -> None:
    screen = console(stderr=True)
    columns = (
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=screen, transient=True, disable=not screen.is_terminal) as progress:
        bar = progress.add_task("", total=len(files))

        def say(text: str) -> None:
            progress.update(bar, description=safe_terminal(text))

        for file in files:
            try:
                outcome = await _of_file(session, file, say)
            except (Refused, TooLong) as error:
                work.failed = True
                note(f"{shown(file.path)}: {error}")
            else:
                progress.stop()
                work.failed = work.failed or bool(outcome.left)
                _finish(file, outcome, write=write)
                progress.start()
            progress.advance(bar)


async def _of_file(session: Session, file: TextFile, say: Callable[[str], None]) -> Edits:
    source = file.source

    def report(step: Step) -> None:
        say(f"{shown(file.path)} {step.note}")

    outcome = await session.perform(ACTION, source, source.whole, report, say)
    if not isinstance(outcome, Edits):
        raise Refused(outcome.markdown)
    return outcome


def _finish(file: TextFile, outcome: Edits, *, write: bool) -> None:
    path = shown(file.path)
    text = apply_edits(file.text, outcome.edits)
    for sentence in outcome.left:
        note(f"{path}: {sentence}")
    if text != file.text and write:
        file.replace(text)
        print(path, flush=True)
    elif text != file.text:
        _print_diff(unified_diff(file.whole(file.text), file.whole(text), path))


def _print_diff(diff: str) -> None:
    screen = console()
    if screen.is_terminal:
        screen.print(colored(diff))
    else:
        # As bytes: `git apply` needs the line ends of the file, which a text stream may translate.
        sys.stdout.flush()
        sys.stdout.buffer.write(diff.encode("utf-8"))
        sys.stdout.buffer.flush()
