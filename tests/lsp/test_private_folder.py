"""Where the folder that is open is itself private, nothing of its files is sent, whatever asks."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from editing import span
from session import session

from gloss_lsp.core.privacy import Policy

if TYPE_CHECKING:
    from pathlib import Path

CODE = "# Fläche des Kreises\narea = 3.14 * r * r\n"


@pytest.mark.parametrize("folder", [".ssh", ".aws", ".kube"])
def test_the_folder_that_is_open_counts(tmp_path: Path, folder: str) -> None:
    root = (tmp_path / "work" / folder).as_uri()
    with session(tmp_path, workspaceFolders=[{"uri": root, "name": folder}]) as editor:
        document = editor.open(CODE, f"{folder}/config.py")
        for command in ("gloss.explain", "gloss.translateComments", "gloss.complete"):
            assert f"names {folder}/" in editor.failure(command, document.all())["message"]
        place = {"textDocument": document.identifier(), "position": {"line": 1, "character": 7}}
        for kind in (1, 2):
            params = {**place, "context": {"triggerKind": kind}}
            editor.client.request("textDocument/inlineCompletion", params)
        editor.hover(document, 0, 4)
        editor.select(document, span(0, 0, 1, 4))
        editor.hover(document, 1, 2)
        assert [editor.fake.requests(kind) for kind in ("chat", "fill", "generate")] == [[], [], []]


@pytest.mark.parametrize("path", ["/work/a\nb/.env", "/work/.ssh/a\nb", "/work/\n/id_rsa", "c:\\a\nb\\.env"])
def test_a_line_end_in_a_name_hides_nothing(path: str) -> None:
    assert Policy().refuses(path) is not None
