"""A server starts fast, so it imports nothing that it does not need yet."""

from __future__ import annotations

import subprocess
import sys


def test_serving_imports_nothing_for_terminals_models_or_syntax():
    code = "import sys, gloss_lsp.cli.serve; print(*sys.modules)"
    imported = (
        subprocess.run([sys.executable, "-c", code], capture_output=True, check=True).stdout.decode().split()
    )
    assert not {"rich", "httpx", "tree_sitter", "pathspec", "xllamacpp"} & set(imported)


def test_asking_for_the_version_imports_nothing_but_words():
    run = "try: main(['--version'])\nexcept SystemExit: print(*sys.modules)"
    code = f"import sys; from gloss_lsp.cli import main\n{run}"
    imported = (
        subprocess.run([sys.executable, "-c", code], capture_output=True, check=True).stdout.decode().split()
    )
    assert not {"asyncio", "attrs", "pygls", "rich", "httpx"} & set(imported)
