"""Files read and written so that nothing is lost: byte order mark, line ends, mode, and links."""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path

from attrs import field, frozen

from gloss_lsp.core.languages import id_for_path
from gloss_lsp.core.text import Source, split_lines
from gloss_lsp.core.uris import outside_name
from gloss_lsp.errors import Refused

LARGEST = 2_000_000
"""Bytes; what is larger was not written by people."""
_MARK = b"\xef\xbb\xbf"


@frozen
class TextFile:
    """A file of text in UTF-8, as it was read."""

    path: Path
    """Of the file itself, not of a link to it."""
    named: Path
    """As it was named: absolute, and maybe a link. Both names count for what may be sent."""
    text: str = field(repr=False)
    """Without the byte order mark; line ends as they stand in the file."""
    marked: bool
    """Whether a byte order mark stands before it."""

    @property
    def source(self) -> Source:
        """The text as actions take it."""
        first = next(iter(split_lines(self.text[:200])), "")
        return Source(
            self.text,
            id_for_path(self.path.name, first),
            self.named.as_uri(),
            path=path_for_prompts(self.path),
        )

    def whole(self, text: str) -> str:
        """A text as the file would hold it: behind the byte order mark, where there is one."""
        return f"\ufeff{text}" if self.marked else text

    def replace(self, text: str) -> None:
        """Write another text in its place: all of it or nothing, and only where nobody else wrote meanwhile.

        Raises:
            Refused: the file has changed since it was read.
            OSError: it cannot be written.
        """
        if self.path.read_bytes() != self._encoded(self.text):
            raise Refused(f"{shown(self.path)} has changed meanwhile, and is left as it is.")
        handle, name = tempfile.mkstemp(dir=self.path.parent, prefix=f".{self.path.name}.")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(self._encoded(text))
            shutil.copymode(self.path, name)
            Path(name).replace(self.path)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise

    def _encoded(self, text: str) -> bytes:
        return self.whole(text).encode("utf-8")


def read(path: Path) -> TextFile:
    """Read a file; of a symbolic link, what it points to.

    Raises:
        Refused: it is not a text in UTF-8, or too large.
        OSError: it cannot be read.
    """
    real = path.resolve(strict=True)
    if real.stat().st_size > LARGEST:
        raise Refused(f"{shown(path)} is left out: it is larger than {LARGEST // 1_000_000} MB.")
    data = real.read_bytes()
    if b"\0" in data:
        raise Refused(f"{shown(path)} is left out: it is not a text.")
    try:
        text = data.removeprefix(_MARK).decode("utf-8")
    except UnicodeDecodeError:
        raise Refused(f"{shown(path)} is left out: it is not encoded in UTF-8.") from None
    return TextFile(real, path.absolute(), text, data.startswith(_MARK))


def shown(path: Path) -> str:
    """A path for people: relative to the working directory where it is within."""
    return _relative(path) or path.as_posix()


def path_for_prompts(path: Path) -> str:
    """A path for prompts and titles, which nothing of the user's folders belongs into."""
    return _relative(path) or outside_name(path.as_posix())


def _relative(path: Path) -> str | None:
    try:
        return path.resolve().relative_to(Path.cwd()).as_posix()
    except ValueError:
        return None
