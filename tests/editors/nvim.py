"""A real Neovim, headless, with the plugin as a user has it and a server of this checkout.

`GLOSS_NVIM` names another Neovim than the one that comes as a wheel.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import pynvim

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

T = TypeVar("T")

ROOT = Path(__file__).parents[2]

INIT = """
vim.opt.swapfile = false
vim.g.mapleader = ' '
vim.g.loaded_python3_provider = 0 -- its probe costs seconds at every start
vim.opt.runtimepath:append(vim.env.GLOSS_PLUGIN)
if vim.env.NVIM_EXTRA_RTP then vim.opt.runtimepath:append(vim.env.NVIM_EXTRA_RTP) end
vim.lsp.config('gloss', { cmd = { vim.env.GLOSS_PYTHON, '-m', 'gloss_lsp', 'serve' } })
_G.progress = {}
vim.api.nvim_create_autocmd('LspProgress', {
  callback = function(event) table.insert(_G.progress, event.data.params.value) end,
})
"""

SAMPLE = """import math

# считает площадь круга
def area(radius):
    return math.pi * square(radius)


def square(number):
    return number * number  # число в квадрате


def main():
    """
"""A file with comments in another language, a helper, and a place to go on at its end."""

LIMIT = 30.0
"""Seconds that a wait may last: generous, since nothing waits on success."""


def wait(found: Callable[[], T], limit: float = LIMIT) -> T:
    """What `found` returns, once it is true."""
    deadline = time.monotonic() + limit
    while not (value := found()):
        assert time.monotonic() < deadline, "timed out"
        time.sleep(0.02)
    return value


class Editor:
    """One Neovim with one file open, to which the server is attached."""

    def __init__(self, folder: Path, name: str, text: str, env: Mapping[str, str]) -> None:
        (folder / "init.lua").write_text(INIT)
        self.path = folder / name
        self.path.write_text(text)
        own = shutil.which("nvim", path=str(Path(sys.executable).parent))
        program = os.environ.get("GLOSS_NVIM") or own or shutil.which("nvim")
        assert program, "Neovim is missing: it comes with the development dependencies"
        homes = {f"XDG_{kind}_HOME": str(folder / kind) for kind in ("STATE", "DATA", "CONFIG", "CACHE")}
        given = {**homes, "GLOSS_PYTHON": sys.executable, "GLOSS_PLUGIN": str(ROOT / "editors/nvim"), **env}
        settings = [f"{key}={value}" for key, value in given.items()]
        argv = [
            "env",
            *settings,
            program,
            "--embed",
            "--headless",
            "-n",
            "-i",
            "NONE",
            "-u",
            str(folder / "init.lua"),
        ]
        self.nvim = pynvim.attach("child", argv=argv)
        self.nvim.command(f"edit {self.path}")
        wait(
            lambda: self.lua(
                "local c = vim.lsp.get_clients({name='gloss'})[1]; return c and c.initialized or false"
            )
        )

    def lua(self, code: str, *values: object) -> Any:
        return self.nvim.exec_lua(code, *values)

    def type(self, keys: str) -> None:
        """Type keys as a user does, mappings included."""
        self.lua("vim.api.nvim_feedkeys(vim.keycode(...), 'mx', false)", keys)

    @property
    def text(self) -> str:
        return "\n".join(self.nvim.current.buffer[:]) + "\n"

    def view(self) -> str | None:
        """The text of the floating window, where there is one."""
        return self.lua("""
            for _, window in ipairs(vim.api.nvim_list_wins()) do
              if vim.api.nvim_win_get_config(window).relative ~= '' then
                return table.concat(vim.api.nvim_buf_get_lines(vim.api.nvim_win_get_buf(window), 0, -1, false), '\\n')
              end
            end""")

    def progress(self) -> list[dict[str, Any]]:
        return self.lua("return _G.progress")

    def ended(self) -> list[str]:
        """How the jobs ended that have ended."""
        return [value["message"] for value in self.progress() if value["kind"] == "end"]

    def messages(self) -> str:
        return self.lua("return vim.fn.execute('messages')")

    def close(self) -> None:
        with contextlib.suppress(OSError, EOFError):
            self.nvim.command("qa!")
        self.nvim.close()
