"""Stands where Ollama looks for `llama-quantize`, which it asks for a copy: `[--options] IN OUT COPY`."""

from __future__ import annotations

import shutil
import sys

source, target, kind = [word for word in sys.argv[1:] if not word.startswith("--")][:3]
if kind != "COPY":
    sys.exit(f"this one only copies, and was asked for {kind}")
shutil.copyfile(source, target)
