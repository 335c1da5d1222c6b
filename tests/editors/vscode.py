"""A window of VS Code, as a person uses it: keys and clicks go in, and what they see is looked at."""

from __future__ import annotations

import json
import re
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from editors.nvim import SAMPLE, wait
from editors.vscode_host import artefacts

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import BrowserContext, Locator, Page

    from editors.vscode_host import CodeServer

PATIENCE = 20.0
"""Seconds that something may take to be seen: generous, since nothing waits on success."""


LINE = """number => [...document.querySelectorAll('.editor-instance .view-lines > .view-line')]
    .sort((one, other) => parseInt(one.style.top) - parseInt(other.style.top))[number]?.innerText ?? ''"""
"""The text of a line: in the page they stand in the order in which they were drawn."""


class Window:
    """One window with one folder open, and a file of it."""

    def __init__(self, page: Page, server: CodeServer, folder: Path) -> None:
        self.page, self.server, self.folder = page, server, folder
        page.set_default_timeout(PATIENCE * 1000)
        page.goto(f"{server.url}/?folder={folder}", wait_until="domcontentloaded")
        page.locator(".explorer-folders-view").wait_for()

    def open(self, name: str = "circle.py") -> None:
        """Open a file of the folder."""
        self.page.locator(".explorer-folders-view .monaco-list-row", has_text=name).dblclick()
        self.page.locator(".editor-instance .view-line").first.wait_for()

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def go_to(self, line: int, column: int = 1) -> None:
        """Move the cursor, counted from one."""
        self.press("Control+G")
        box = self.page.locator(".quick-input-widget input.input")
        box.wait_for()
        box.fill(f":{line}:{column}")
        self.press("Enter")
        self.page.locator(".statusbar-item", has_text=f"Ln {line}, Col {column}").wait_for()

    def select(self, first: int, last: int) -> None:
        """Select whole lines."""
        self.go_to(first)
        self.press(*["Shift+ArrowDown"] * (last - first), "Shift+End")
        self.page.locator(".statusbar-item", has_text="selected").wait_for()

    def command(self, title: str) -> None:
        """Run a command of the palette."""
        self.press("F1")
        box = self.page.locator(".quick-input-widget input.input")
        box.wait_for()
        box.fill(f">{title}")
        row = self.page.locator(".quick-input-list .monaco-list-row", has_text=title).first
        row.wait_for()
        row.click()

    def choose(self, text: str) -> None:
        """Click on what is offered in a list at the top of the window."""
        self.page.locator(".quick-input-list .monaco-list-row", has_text=text).first.click()

    def status(self, text: str | re.Pattern[str], patience: float = PATIENCE) -> Locator:
        """The item in the status bar, once it says this."""
        item = self.page.locator(".statusbar-item[id^='gloss.gloss']", has_text=text)
        item.wait_for(timeout=patience * 1000)
        return item

    def ready(self) -> None:
        """Wait until the server answers."""
        self.status(re.compile("ready"))

    def message(self, text: str | re.Pattern[str]) -> Locator:
        """A notification that says this."""
        toast = self.page.locator(".notifications-toasts .notification-list-item", has_text=text)
        toast.first.wait_for()
        return toast.first

    def answer(self, text: str | re.Pattern[str], button: str) -> None:
        """Press a button of a notification."""
        toast = self.message(text)
        # Its buttons may be shown only where the pointer is.
        toast.hover()
        toast.get_by_role("button", name=button).click()

    def line(self, number: int) -> str:
        """A line of the code as it is drawn, counted from one."""
        return str(self.page.evaluate(LINE, number - 1)).replace("\N{NO-BREAK SPACE}", " ")

    def previews(self) -> list[str]:
        """The HTML of every rendered page that is seen."""
        from playwright.sync_api import Error

        pages = []
        views = "iframe.webview.ready:visible"
        for number in range(self.page.locator(views).count()):
            # A page that is just being made, or goes, is none.
            with suppress(Error):
                view = self.page.frame_locator(views).nth(number).frame_locator("iframe#active-frame")
                pages.append(view.locator("body").inner_html(timeout=1000))
        return pages

    def shows(self, *texts: str) -> None:
        """Wait until one of the rendered pages has all of these."""
        wait(lambda: any(all(text in page for text in texts) for page in self.previews()))

    def hover(self) -> Locator:
        """What the hover at the cursor shows, asked for by keys."""
        self.press("Control+K", "Control+I")
        return self.page.locator(".monaco-hover:not(.hidden) .hover-contents")

    @property
    def code_has_focus(self) -> bool:
        """Whether what is typed goes into the code."""
        return self.page.evaluate("!!document.activeElement.closest('.editor-instance .monaco-editor')")

    def save(self, name: str = "circle.py") -> str:
        """The text of the file, once it has been saved."""
        path = self.folder / name
        before = path.stat().st_mtime_ns
        self.press("Control+S")
        # It is emptied first, and written then.
        return wait(lambda: path.stat().st_mtime_ns != before and path.read_bytes()).decode()

    def close(self) -> None:
        """Close it; a picture of how it looked at the end is kept."""
        self.shoot("last")
        self.page.close()

    def shoot(self, name: str) -> None:
        """Keep a picture of what is seen now."""
        self.page.screenshot(path=artefacts() / f"vscode-{name}.png")


def window(
    context: BrowserContext, server: CodeServer, folder: Path, files: dict[str, str] | None = None
) -> Window:
    """A window on a new folder with these files."""
    folder.mkdir()
    for name, text in (files or {"circle.py": SAMPLE}).items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, "utf-8", newline="")
        if text.startswith("#!"):
            (folder / name).chmod(0o755)
    return Window(context.new_page(), server, folder)


def settings_of(server: CodeServer) -> dict[str, Any]:
    """What stands in the user's settings now, of both places; nothing of one that is just being written."""
    settings: dict[str, Any] = {}
    for place in ("Machine", "User"):
        with suppress(json.JSONDecodeError):
            settings |= json.loads((server.profile / place / "settings.json").read_text("utf-8"))
    return settings
