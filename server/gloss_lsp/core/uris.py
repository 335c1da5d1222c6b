"""The paths that URIs name."""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import unquote

DRIVE: Final = re.compile(r"/[A-Za-z]:(?=/|\Z)")
"""The drive that the path of a URI begins with on Windows."""
_OF_USERS: Final = ("home", "users")
"""Folders whose folders are named for users."""


def path_of(uri: str) -> str:
    """The path that a URI names, with forward slashes: ``/home/a.py``, ``c:/a.py``, ``//server/a.py``.

    One that is no file (``untitled:Untitled-1``) has what stands where a path would.
    """
    scheme, _, rest = uri.partition(":")
    path = rest.partition("#")[0].partition("?")[0]
    host = ""
    if path.startswith("//"):
        host, slash, path = path[2:].partition("/")
        path = slash + path
    path = unquote(path)
    if DRIVE.match(path):
        return path[1].lower() + path[2:]
    return f"//{unquote(host)}{path}" if scheme.lower() == "file" and host not in ("", "localhost") else path


def outside_name(path: str) -> str:
    """How prompts and titles name a file outside of the workspace: with its folder, unless that is a user's own.

    Args:
        path: with forward slashes.
    """
    *above, folder, name = ("", "", *filter(None, path.split("/")))
    theirs = above[-1].lower() in _OF_USERS or folder.endswith(":")
    return name if theirs or not folder else f"{folder}/{name}"
