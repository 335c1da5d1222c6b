"""*Start Ollama*, with a real one that is installed and does not run."""

from __future__ import annotations

import os
import signal
from typing import TYPE_CHECKING, Any

import ollama_build
import pytest
from ollama_rig import free_port, lay_out
from processes import family
from served import LIMIT, Editor

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = [pytest.mark.needs("ollama"), pytest.mark.timeout(2400)]


def start_alone(question: Any) -> Any:
    """Press *Start Ollama*, and nothing else: a model would be fetched over the network."""
    [button] = question["actions"]
    return button if button["title"] == "Start Ollama" else None


def test_one_press_starts_it_and_the_next_request_finds_it(tmp_path: Path) -> None:
    program = lay_out(tmp_path / "ollama", ollama_build.ollama())
    url = f"http://127.0.0.1:{free_port()}"
    env = {
        "PATH": os.pathsep.join((str(program.parent), os.environ["PATH"])),
        "OLLAMA_MODELS": str(tmp_path / "models"),
        "GLOSS_BACKEND_URL": url,
    }
    with Editor(tmp_path, env) as editor:
        editor.answers["window/showMessageRequest"] = start_alone
        document = editor.show("x = 1\n")
        request, _ = editor.begin("gloss.explain", document)
        assert url in editor.failure(request)
        try:
            editor.wait_for(lambda _: "ready" in str(editor.notifications("window/showMessage")), LIMIT)
            listed = editor.request(
                "workspace/executeCommand", {"command": "gloss.models.list", "arguments": [{}]}
            )
            assert listed == []
            request, _ = editor.begin("gloss.explain", document)
            assert "No usable model is installed" in editor.failure(request)
        finally:
            for pid in family(editor.process.pid).keys() - {editor.process.pid}:
                os.kill(pid, signal.SIGKILL)
