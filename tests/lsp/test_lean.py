"""What starting costs is kept small: lsprotocol is imported without what nobody uses."""

from __future__ import annotations

import subprocess
import sys

PROBE = """
import attrs
define = attrs.define
import gloss_lsp.lsp
from lsprotocol import types

@attrs.define
class Later:
    x: int

assert attrs.define is define
assert repr(Later(1)) == "Later(x=1)"
# Without a text of its own, but its values are compared as ever; and a class's own text is kept.
assert "__repr__" not in vars(types.HoverParams)
assert types.TextDocumentIdentifier("file:///a") == types.TextDocumentIdentifier("file:///a")
assert repr(types.Position(1, 2)) == "1:2"
"""


def test_the_protocol_is_imported_without_texts_that_nobody_prints():
    subprocess.run([sys.executable, "-c", PROBE], check=True, timeout=50)
