"""The names of a file that count for privacy: the one that was used, and that of what it is a link to."""

from __future__ import annotations

import os.path
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gloss_lsp.core.privacy import Policy


def refused(policy: Policy, path: str) -> str | None:
    """Why nothing of the file at this path may be sent, as a sentence; None where it may.

    Args:
        policy: decides by names.
        path: as the user or the editor names it; one that is not absolute (a text without a file) is no link.
    """
    names = [path]
    # A name that no file can have is no link either.
    with suppress(OSError, ValueError):
        names += [os.path.realpath(path)] if Path(path).is_absolute() else []
    return next(filter(None, map(policy.refuses, dict.fromkeys(names))), None)
