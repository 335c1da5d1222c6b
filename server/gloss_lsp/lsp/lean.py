"""Imports lsprotocol in two thirds of the time."""

from __future__ import annotations

from functools import partial

import attrs


def import_lsprotocol() -> None:
    """Import the protocol's classes without the `__repr__` that attrs would write for each of them.

    lsprotocol declares 554 classes, and attrs compiles their methods whenever they are imported; the
    texts that nobody prints took a third of 270 ms of CPU, of 400 for all of a server's start (attrs
    26.1, Python 3.11). Those who have imported lsprotocol before have it as it is.
    """
    define = attrs.define
    attrs.define = partial(define, repr=False)
    try:
        import lsprotocol.types  # noqa: F401, PLC0415
    finally:
        attrs.define = define
