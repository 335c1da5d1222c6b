"""Writes one line of a model's Markdown so that no reader finds anything in it but text, code and safe links.

What is not understood here is not deleted but spelled so that nobody can understand it otherwise:
a bracket, a backtick or a ``<`` that is not part of what was recognised leaves as a character
reference. So what is left out and what is let through do not depend on one parser's reading.
"""

from __future__ import annotations

import html
import re

from gloss_lsp.core.links import LONGEST, Link, Unknown, closing_backticks, read_link, safe_destination
from gloss_lsp.core.safe import UNSAFE

_PLAIN = re.compile(r"[^\\`!\[\]<&:/$~{(]+")
_AUTOLINK = re.compile(r"<((?:https?://|mailto:)[^\s<>`]*)>", re.IGNORECASE)
_AUTOLINK_BEGUN = re.compile(r"<[a-z]*(?:[:/][^\s<>`]*)?\Z", re.IGNORECASE)
_REFERENCE = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
_REFERENCE_BEGUN = re.compile(r"&#?[A-Za-z0-9]{0,32}\Z")
_WEB = re.compile(r"(?:^|[^A-Za-z0-9+.-])https?:/\Z", re.IGNORECASE)
_ADDRESS = re.compile(r"(?:://|www\.)\S*\Z", re.IGNORECASE)
_SPACE = re.compile(r"\s")
_PUNCTUATION = frozenset("!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~")
_SPELLED = {character: f"&#{ord(character)};" for character in "\\`![]():/~"} | {"<": "&lt;", "&": "&amp;"}

# What would mean something if a table's cell border fell into the middle of a code span.
_DANGEROUS_IN_TABLE = re.compile(r"[<\[\]$&~{\\]|//")

_LOOKBACK = 16
_DEEPEST = 3


class Inline:
    """Writes a line piece by piece; `tail` is what of it was written last."""

    def __init__(self, *, in_table: bool = False, depth: int = 0) -> None:
        self.tail = ""
        self.splittable = False
        """Whether a code span was written that would leak if the line were a table's."""
        self._in_table = in_table
        self._depth = depth
        self._written: list[str] = []
        # Whether an address is being written: many readers make a link of it, with all up to the next space.
        self._address = False
        self._writers = {
            "`": self._write_code,
            "[": self._write_link,
            "!": self._write_image,
            "<": self._write_angle,
            "&": self._write_reference,
        }

    def write(self, line: str, complete: bool) -> tuple[str, int]:
        """Write what can be decided of `line`: the text to show, and how many characters it stands for."""
        at = 0
        while at < len(line):
            plain = _PLAIN.match(line, at)
            end = self._write_plain(plain) if plain else self._write_special(line, at, complete)
            if end is None:
                break
            at = end
        written = "".join(self._written)
        self._written.clear()
        return written, at

    def _write_plain(self, plain: re.Match[str]) -> int:
        self._emit(plain[0])
        return plain.end()

    def _write_special(self, line: str, at: int, complete: bool) -> int | None:
        """Write what begins with the mark at `at`; its end, or None where what comes next decides."""
        mark = line[at]
        following = line[at + 1 : at + 2]
        if not following and not complete:
            return None
        if write := self._writers.get(mark):
            return write(line, at, complete)
        if mark == "\\":
            return self._write_escape(at, following)
        self._emit(self._spell(mark, following))
        return at + 1

    def _spell(self, mark: str, following: str) -> str:
        """How a mark that begins nothing is written."""
        if mark in "${":
            # Some readers know formulas, which could swallow the ends of code spans and fences,
            # and attributes in braces, which could send a link elsewhere.
            return "\\" + mark
        if self._depth and (mark in "]~" or (mark == "/" and not self.tail)):
            # These words will stand beside others that are not known here.
            return _SPELLED[mark]
        if mark == "/" and self.tail[-1:] == "/" and following.strip() and not _WEB.search(self.tail):
            # What follows two slashes is made a link by some readers, whatever the scheme before them.
            return _SPELLED[mark]
        return mark

    def _write_code(self, line: str, at: int, complete: bool) -> int | None:
        start = at
        while line[start : start + 1] == "`":
            start += 1
        length = start - at
        open_ended = not complete and len(line) - at < LONGEST
        close = closing_backticks(line, start, length, at + LONGEST)
        if open_ended and (close is None or close + length == len(line)):
            return None
        if close is None:
            self._emit(_SPELLED["`"] * length)
            return start
        code = line[start:close]
        longest = max(map(len, re.findall("`+", code)), default=0)
        splittable = "|" in code and _DANGEROUS_IN_TABLE.search(code) is not None
        if longest > 1 or (splittable and self._in_table):
            # Three backticks could be taken for a fence, and a cell border for the end of the span.
            self._emit(_SPELLED["`"] * length)
            return start
        self.splittable |= splittable
        fence = "`" * (longest + 1)
        self._emit(f"{fence}{code}{fence}")
        return close + length

    def _write_image(self, line: str, at: int, complete: bool) -> int | None:
        """Write the words of an image, of any kind, and else the mark."""
        if line[at + 1 : at + 2] == "[":
            image = self._read(line, at + 1, complete)
            if image == "unknown":
                return None
            if isinstance(image, Link):
                self._emit(self._words(image))
                return image.end
        self._emit("!")
        return at + 1

    def _write_link(self, line: str, at: int, complete: bool) -> int | None:
        """Write a link, or the words of one that may not be followed, and else the bracket."""
        link = self._read(line, at, complete)
        if link == "unknown":
            return None
        if not isinstance(link, Link):
            self._emit(_SPELLED["["] if self._depth or self.tail[-1:] == "!" else "[")
            return at + 1
        words = self._words(link)
        if link.destination is None or self._depth:
            self._emit(words)
        else:
            self._emit(f"[{words}]({link.destination})" if words.strip() else f"<{link.destination}>")
        return link.end

    def _read(self, line: str, at: int, complete: bool) -> Link | Unknown | None:
        return read_link(line, at, complete) if self._depth < _DEEPEST else None

    def _words(self, link: Link) -> str:
        inside = Inline(in_table=self._in_table, depth=self._depth + 1)
        words, _ = inside.write(link.text, complete=True)
        self.splittable |= inside.splittable
        return words

    def _write_angle(self, line: str, at: int, complete: bool) -> int | None:
        found = _AUTOLINK.match(line, at, at + LONGEST)
        destination = safe_destination(found[1]) if found and not self._depth else None
        if found and destination:
            self._emit(f"<{destination}>")
            return found.end()
        if not complete and len(line) - at < LONGEST and _AUTOLINK_BEGUN.match(line, at):
            return None
        # Before these, nobody reads the beginning of a tag or of a link.
        self._emit("<" if line[at + 1 : at + 2] in (" ", "=") else _SPELLED["<"])
        return at + 1

    def _write_reference(self, line: str, at: int, complete: bool) -> int | None:
        found = _REFERENCE.match(line, at)
        if found:
            meant = html.unescape(found[0])
            self._emit("\ufffd" if not meant or UNSAFE.search(meant) else found[0])
            return found.end()
        if not complete and _REFERENCE_BEGUN.match(line, at):
            return None
        self._emit("&")
        return at + 1

    def _write_escape(self, at: int, following: str) -> int:
        if following and following in _PUNCTUATION:
            self._emit(_SPELLED.get(following, "\\" + following))
            return at + 2
        # Inside a link's words, what is written next is the bracket that ends them.
        self._emit(_SPELLED["\\"] if self._depth and not following else "\\")
        return at + 1

    def _emit(self, piece: str) -> None:
        """Write `piece` so that it does not mean more beside what was written before than by itself."""
        if not piece:
            return
        last, first = self.tail[-1:], piece[0]
        if (last == "]" and first in "(:") or (self.tail[-2:] == "~~" and first == "~"):
            piece = _SPELLED[first] + piece[1:]
        elif len(piece) > 1 and (
            (last == "!" and first == "[") or (first in "`[" and (last == "`" or self._address))
        ):
            piece = " " + piece
        self._written.append(piece)
        written = self.tail + piece
        self._address = _ADDRESS.search(written) is not None or (self._address and not _SPACE.search(piece))
        self.tail = written[-_LOOKBACK:]
