"""Wheel and sdist as they would be published, and the wheel in an environment of its own."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest
from attrs import frozen

ROOT = Path(__file__).parents[2]


@frozen
class Built:
    """The two files of a release."""

    wheel: Path
    sdist: Path

    def files_of_wheel(self) -> dict[str, bytes]:
        with zipfile.ZipFile(self.wheel) as archive:
            return {name: archive.read(name) for name in archive.namelist()}

    def files_of_sdist(self) -> dict[str, int]:
        """The size of each file, by its path below the folder that holds all of them."""
        with tarfile.open(self.sdist) as archive:
            return {
                member.name.partition("/")[2]: member.size
                for member in archive.getmembers()
                if member.isfile()
            }


@frozen
class Environment:
    """An environment that has the wheel and what it needs, and nothing else; and a home without a past."""

    python: Path
    home: Path

    def __call__(self, *command: str | Path, code: int = 0) -> subprocess.CompletedProcess[str]:
        """Run a command, which has to end with this code."""
        done = subprocess.run(
            command,
            env=self.environ,
            cwd=self.home,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            encoding="utf-8",
            timeout=60,
            check=False,
        )
        assert done.returncode == code, done.stdout + done.stderr
        return done

    @property
    def gloss(self) -> Path:
        """The command, as users call it."""
        return self.python.with_name("gloss.exe" if os.name == "nt" else "gloss")

    @property
    def environ(self) -> dict[str, str]:
        kept = {name: os.environ[name] for name in ("SYSTEMROOT", "TEMP") if name in os.environ}
        homes = ("HOME", "USERPROFILE", "XDG_CONFIG_HOME", "XDG_CACHE_HOME", "APPDATA", "LOCALAPPDATA")
        # Nobody listens on port 1: what else runs on this machine is not this test's business.
        own = {"PATH": str(self.python.parent), "OLLAMA_HOST": "http://127.0.0.1:1", "PYTHONUTF8": "1"}
        return {**kept, **dict.fromkeys(homes, str(self.home)), **own}


@pytest.fixture(scope="session")
def uv() -> str:
    """The program uv."""
    beside = str(Path(sys.executable).parent)
    found = os.environ.get("UV") or shutil.which("uv", path=beside) or shutil.which("uv")
    assert found, "uv builds the package: `pip install uv`"
    return found


@pytest.fixture(scope="session")
def built(uv: str, tmp_path_factory: pytest.TempPathFactory) -> Built:
    """Build the sdist from this checkout, and the wheel from the sdist."""
    folder = tmp_path_factory.mktemp("dist")
    run(uv, "build", "--out-dir", folder, ROOT)
    [wheel], [sdist] = folder.glob("*.whl"), folder.glob("*.tar.gz")
    return Built(wheel, sdist)


@pytest.fixture(scope="session")
def installed(built: Built, tmp_path_factory: pytest.TempPathFactory) -> Environment:
    """Install the wheel without extras, as plain pip does."""
    folder = tmp_path_factory.mktemp("environment")
    run(sys.executable, "-m", "venv", folder / "venv")
    python = folder / "venv" / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    run(python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", built.wheel)
    home = folder / "home"
    home.mkdir()
    return Environment(python, home)


def run(*command: str | Path) -> None:
    """Run a command, which has to work."""
    done = subprocess.run(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=500, check=False
    )
    assert done.returncode == 0, done.stdout
