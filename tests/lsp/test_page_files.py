"""Pages as files: every word once, and a file that cannot be written stops nothing."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import url2pathname

import pytest
from session import session

CODE = "def area(r):\n    return 3.14 * r * r\n"
WORDS = [f"w{number}" for number in range(60)]


@pytest.mark.parametrize("name", ["vscode-client-9", "neovim-0.11"])
def test_a_file_holds_every_word_once(tmp_path: Path, name: str) -> None:
    with session(tmp_path, name) as editor:
        editor.let(*(f"{word} " for word in WORDS), gap=0.02)
        editor.ask("gloss.explain", editor.open(CODE).all())
        uri = editor.wait_told("window/showDocument")["uri"]
        # The end of the session: by then whatever is written late is written.
        editor.client.request("shutdown")
        text = Path(url2pathname(urlsplit(uri).path)).read_text("utf-8")
        assert text.split()[2:] == WORDS


@pytest.mark.parametrize("name", ["vscode-client-9", "neovim-0.11"])
def test_a_folder_that_cannot_be_written_to_leaves_the_hover(tmp_path: Path, name: str) -> None:
    for taken in ("gloss", "Library", "AppData"):
        (tmp_path / taken).write_text("a file stands where the folder should be", "utf-8")
    with session(tmp_path, name) as editor:
        editor.let("It is ", "a circle.")
        document = editor.open(CODE)
        assert editor.ask("gloss.explain", document.all())["markdown"] == "It is a circle."
        editor.said("hover over the code")
        assert editor.told("window/showDocument") == []
        assert "It is a circle." in editor.hover(document, 1, 6)["contents"]["value"]
