"""The files of a tree whose comments can be translated: those that git would take, in a known language."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

from attrs import field, frozen
from pathspec import GitIgnoreSpec

from gloss_lsp.aliases import refused
from gloss_lsp.cli.files import shown
from gloss_lsp.core.languages import id_for_path, language

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from gloss_lsp.core.privacy import Policy


@frozen
class _Rules:
    """What one file of patterns says of the folder that it stands for and everything below."""

    folder: Path
    spec: GitIgnoreSpec

    def ignores(self, path: Path, *, folder: bool) -> bool | None:
        """Whether git ignores the path by these; None where they say nothing of it."""
        relative = path.relative_to(self.folder).as_posix()
        return self.spec.check_file(f"{relative}/" if folder else relative).include


@frozen
class Trees:
    """Finds files, and counts what it leaves out."""

    policy: Policy
    left_out: Counter[str] = field(factory=Counter)
    """How many files of the trees were left out, by reason."""
    refused: list[str] = field(factory=list)
    """Why files that were named are not taken: a sentence each."""

    def files(self, paths: Iterable[Path]) -> Iterator[Path]:
        """The files that are named, and those below the folders that are named, in order.

        A file that is named is taken whatever git thinks of it.

        Raises:
            OSError: a path does not exist.
        """
        for path in paths:
            if path.is_dir():
                folder = path.resolve()
                yield from self._below(folder, _rules_above(folder))
            elif reason := self._refusal(path):
                self.refused.append(reason)
            else:
                yield path

    def _refusal(self, path: Path) -> str | None:
        unknown = f"{shown(path)} is left out: Gloss knows no comments in this kind of file."
        real = path.resolve(strict=True)
        return refused(self.policy, path.absolute().as_posix()) or (None if _is_known(real) else unknown)

    def _below(self, folder: Path, rules: tuple[_Rules, ...]) -> Iterator[Path]:
        rules = (*rules, *_rules_in(folder))
        try:
            paths = sorted(folder.iterdir(), key=lambda path: path.name)
        except PermissionError:
            self.left_out["not readable"] += 1
            return
        for path in paths:
            is_folder = path.is_dir()
            if path.name == ".git" or path.is_symlink() or _ignored(path, rules, folder=is_folder):
                continue
            if is_folder:
                yield from self._below(path, rules)
            elif self.policy.refuses(path.as_posix()):
                self.left_out["private"] += 1
            elif path.is_file() and _is_known(path):
                yield path
            else:
                self.left_out["in no language whose comments are known"] += 1


def _ignored(path: Path, rules: tuple[_Rules, ...], *, folder: bool) -> bool:
    """As git decides: the rules nearest to the path that say anything of it hold."""
    for each in reversed(rules):
        said = each.ignores(path, folder=folder)
        if said is not None:
            return said
    return False


def _rules_above(folder: Path) -> tuple[_Rules, ...]:
    """The rules of the repository that the folder is in, down to the folder above it."""
    inside = [folder, *folder.parents]
    root = next((above for above in inside if (above / ".git").exists()), None)
    if root is None:
        return ()
    above = reversed(inside[1 : inside.index(root) + 1])
    exclude = _rules_of(root / ".git" / "info" / "exclude", root)
    return (*exclude, *(rules for each in above for rules in _rules_in(each)))


def _rules_in(folder: Path) -> tuple[_Rules, ...]:
    return _rules_of(folder / ".gitignore", folder)


def _rules_of(path: Path, folder: Path) -> tuple[_Rules, ...]:
    try:
        lines = path.read_text("utf-8", errors="replace").splitlines()
    except OSError:
        return ()
    return (_Rules(folder, GitIgnoreSpec.from_lines(filter(_is_pattern, lines))),)


def _is_pattern(line: str) -> bool:
    """Git passes over a line that it cannot read."""
    try:
        GitIgnoreSpec.from_lines([line])
    except (ValueError, re.error):
        return False
    return True


def _is_known(path: Path) -> bool:
    if language(id_for_path(path.name)) is not None:
        return True
    if path.suffix:
        return False
    try:
        with path.open("rb") as file:
            first = file.readline(200).decode("utf-8", "replace")
    except OSError:
        return False
    return language(id_for_path(path.name, first)) is not None
