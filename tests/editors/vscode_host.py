"""code-server with the built extension, on a free port and a profile of its own, and the Chromium that shows it."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import urllib.request
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ollama_build import cache
from processes import family

from editors.nvim import wait
from editors.vscode_build import code_server, node

if TYPE_CHECKING:
    from collections.abc import Mapping

GLOSS = Path(sys.executable).with_name("gloss")
"""The server of this checkout, as users name it in `gloss.path`."""

QUIET = {
    "chat.disableAIFeatures": True,
    "editor.accessibilitySupport": "off",
    "editor.inlineSuggest.enabled": True,
    "extensions.autoUpdate": "off",
    "extensions.ignoreRecommendations": True,
    "files.hotExit": "off",
    "security.workspace.trust.enabled": False,
    "telemetry.telemetryLevel": "off",
    "window.confirmBeforeClose": "never",
    "workbench.secondarySideBar.defaultVisibility": "hidden",
    "workbench.startupEditor": "none",
    "workbench.tips.enabled": False,
}
"""User settings without which VS Code shows what these tests are not about."""

CHROMIUM_OPTIONS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
"""For a machine without a screen, a graphics card, or anybody but root."""

UNTIL_WE_END = """set -m; "$@" </dev/null & child=$!
/bin/cat >/dev/null
kill -TERM -- -$child
/bin/sleep 1
kill -KILL -- -$child 2>/dev/null || true
"""
"""Runs a program until standard input closes, which it does however these tests end."""


def artefacts() -> Path:
    """Where screenshots are kept for people to look at: `GLOSS_ARTEFACTS`, or in the cache."""
    folder = Path(os.environ.get("GLOSS_ARTEFACTS") or cache() / "artefacts")
    folder.mkdir(parents=True, exist_ok=True)
    return folder


KEPT = re.compile(r"(LANG|TMPDIR|(PIP|UV|SSL|REQUESTS)_\w+|\w+_PROXY)$", re.IGNORECASE)
"""What of the environment stays: how package indexes are reached, mostly."""


class CodeServer:
    """One code-server with the extension, a fresh profile, and a home without a past; a context manager."""

    def __init__(
        self, folder: Path, vsix: Path, env: Mapping[str, str] | None = None, path: str = ""
    ) -> None:
        self.folder = folder
        self.profile = folder / "profile"
        self.home = folder / "home"
        for made in (self.profile / "User", self.profile / "Machine", self.home):
            made.mkdir(parents=True)
        homes = ("HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_DATA_HOME")
        kept = {name: value for name, value in os.environ.items() if KEPT.match(name)}
        # Nobody listens on port 1: what else runs on this machine is not these tests' business.
        own = {"PATH": path or "/usr/bin:/bin", "OLLAMA_HOST": "http://127.0.0.1:1", "SHELL": "/bin/sh"}
        # Else it would ask a login shell for another PATH.
        own["VSCODE_CLI"] = "1"
        self.env = {**kept, **dict.fromkeys(homes, str(self.home)), **own, **(env or {})}
        self.log = folder / "code-server.log"
        self._command = [node(), code_server(), "--user-data-dir", self.profile]
        self._command += ["--extensions-dir", folder / "extensions"]
        done = subprocess.run(
            [*self._command, "--install-extension", vsix],
            env=self.env,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr

    def __enter__(self) -> CodeServer:  # noqa: PYI034  # Self came with Python 3.11
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        command = [*self._command, "--bind-addr", f"127.0.0.1:{self.port}", "--auth", "none"]
        # A window that is closed comes back no more: what works for it can end.
        command += ["--reconnection-grace-time", "1"]
        command += ["--disable-telemetry", "--disable-update-check", "--disable-getting-started-override"]
        with self.log.open("w") as log:
            self.process = subprocess.Popen(
                ["/bin/bash", "-c", UNTIL_WE_END, "code-server", *command],
                env=self.env,
                cwd=self.home,
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        wait(self._answers)
        return self

    def __exit__(self, *_: object) -> None:
        self.process.stdin.close()
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def storage(self) -> Path:
        """Where the extension keeps what it installs."""
        return self.profile / "User/globalStorage/gloss.gloss"

    def programs(self) -> dict[int, str]:
        """The command lines of all that this code-server has started and that still runs."""
        return {pid: _command_line(pid) for pid in family(self.process.pid)}

    def servers(self) -> list[int]:
        """The processes that serve an editor for a window of this code-server."""
        return [pid for pid, command in self.programs().items() if command.endswith(" serve")]

    def set(self, **settings: Any) -> None:
        """Let these be all of the user's settings, dots written as `__`."""
        named = {name.replace("__", "."): value for name, value in settings.items()}
        text = json.dumps({**QUIET, **named}, indent=1)
        for place in ("User", "Machine"):
            # What belongs to a machine is read from the second, where VS Code and the files are on two.
            (self.profile / place / "settings.json").write_text(text, "utf-8")

    def _answers(self) -> bool:
        assert self.process.poll() is None, self.log.read_text()
        try:
            with urllib.request.urlopen(f"{self.url}/healthz", timeout=1) as answer:
                return answer.status == 200
        except OSError:
            return False


def _command_line(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_text().replace("\0", " ").strip()
    except OSError:
        # It has ended since it was listed.
        return ""


def chromium() -> str:
    """The browser: Debian's, or another one by its usual names."""
    for name in ("chromium", "chromium-browser", "google-chrome"):
        if found := shutil.which(name):
            return found
    raise AssertionError("Chromium is missing: on Debian it is in the package chromium")
