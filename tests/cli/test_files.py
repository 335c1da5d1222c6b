"""Files are read and written so that nothing but the text changes, and places are found in them."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from gloss_lsp.cli.files import LARGEST, read
from gloss_lsp.cli.outcomes import WrongUseError
from gloss_lsp.cli.places import cursor_of, lines_of, offset_of_cursor, span_of_lines
from gloss_lsp.core.text import Source
from gloss_lsp.core.uris import path_of
from gloss_lsp.errors import Refused

MARK = b"\xef\xbb\xbf"


@pytest.mark.parametrize(
    "data",
    [b"", b"a\n", b"a\r\nb", b"a\rb\r\n\n", MARK, MARK + b"a\r\n", "ñ…😀\u2028\x0c\n".encode()],
)
def test_what_is_written_back_is_what_was_read(data, tmp_path):
    path = tmp_path / "a.py"
    path.write_bytes(data)
    file = read(path)
    file.replace(file.text + "x")
    assert path.read_bytes() == data + b"x"
    assert [each.name for each in tmp_path.iterdir()] == ["a.py"]


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"\x00\x01", "is not a text"),
        ("é".encode("latin-1"), "is not encoded in UTF-8"),
        ("a".encode("utf-16"), "is not a text"),
        (b"a" * (LARGEST + 1), "is larger than 2 MB"),
    ],
)
def test_what_is_no_text_of_people_is_refused(data, reason, tmp_path):
    (tmp_path / "a.py").write_bytes(data)
    with pytest.raises(Refused, match=reason):
        read(tmp_path / "a.py")


def test_a_file_that_changed_meanwhile_is_left_as_it_is(tmp_path):
    path = tmp_path / "a.py"
    path.write_bytes(b"a")
    file = read(path)
    path.write_bytes(b"b")
    with pytest.raises(Refused, match="has changed meanwhile"):
        file.replace("c")
    assert path.read_bytes() == b"b"


def test_the_mode_stays(tmp_path):
    path = tmp_path / "a.sh"
    path.write_bytes(b"a")
    path.chmod(0o754)
    read(path).replace("b")
    if os.name == "posix":
        assert stat.S_IMODE(path.stat().st_mode) == 0o754


def test_a_link_stays_a_link(tmp_path):
    (tmp_path / "real.py").write_bytes(b"a")
    link = tmp_path / "link.py"
    link.symlink_to("real.py")
    read(link).replace("b")
    assert link.is_symlink()
    assert (tmp_path / "real.py").read_bytes() == b"b"


def test_a_link_is_judged_by_both_names_and_shown_by_neither_folder(tmp_path, monkeypatch):
    (tmp_path / "home" / "alice").mkdir(parents=True)
    (tmp_path / "home" / "alice" / "real.py").write_bytes(b"a")
    (tmp_path / "link.py").symlink_to(tmp_path / "home" / "alice" / "real.py")
    monkeypatch.chdir(tmp_path / "home" / "alice")
    source = read(tmp_path / "link.py").source
    assert path_of(source.uri) == (tmp_path / "link.py").as_posix()
    assert source.path == "real.py"
    monkeypatch.chdir(tmp_path)
    assert read(tmp_path / "link.py").source.path == "home/alice/real.py"
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")
    assert read(tmp_path / "link.py").source.path == "real.py", "whose it is, is nobody's business"


def test_the_language_is_told_by_the_name_or_the_first_line(tmp_path):
    (tmp_path / "tool").write_bytes(MARK + b"#!/usr/bin/env python3\r\nx")
    (tmp_path / "b.rs").write_bytes(b"")
    assert read(tmp_path / "tool").source.language == "python"
    assert read(tmp_path / "b.rs").source.language == "rust"


@pytest.mark.parametrize(
    ("written", "path", "lines"),
    [
        ("a.py", "a.py", None),
        ("a.py:3", "a.py", (3, 3)),
        ("a.py:3-5", "a.py", (3, 5)),
        ("C:\\x\\a.py", "C:\\x\\a.py", None),
        ("C:\\x\\a.py:3-5", "C:\\x\\a.py", (3, 5)),
        ("a:b.py:7", "a:b.py", (7, 7)),
        ("a.py:", "a.py:", None),
        ("a.py:x", "a.py:x", None),
    ],
)
def test_lines_are_read_off_a_path(written, path, lines):
    assert lines_of(written) == (Path(path), lines)


@pytest.mark.parametrize("written", ["a.py:0", "a.py:5-3", "a.py:0-3"])
def test_lines_that_are_none_are_wrong_use(written):
    with pytest.raises(WrongUseError, match="names no lines"):
        lines_of(written)


def test_a_file_that_is_named_like_lines_is_found_by_its_name(tmp_path):
    (tmp_path / "a:3").write_text("x")
    assert lines_of(str(tmp_path / "a:3")) == (tmp_path / "a:3", None)


TEXT = "ab\r\n😀c\rd\n"


@pytest.mark.parametrize(
    ("lines", "text"), [((1, 1), "ab"), ((2, 2), "😀c"), ((2, 3), "😀c\rd"), ((3, 99), "d"), (None, TEXT)]
)
def test_lines_are_taken_without_the_last_line_end(lines, text):
    source = Source(TEXT, path="a.py")
    assert source.slice(span_of_lines(source, lines)) == text


def test_a_line_behind_the_end_is_wrong_use():
    with pytest.raises(WrongUseError, match=r"a.py has 3 lines, so there is no line 4"):
        span_of_lines(Source(TEXT, path="a.py"), (4, 4))


@pytest.mark.parametrize(
    ("line", "column", "rest"),
    [(1, 1, TEXT), (1, 3, "\r\n😀c\rd\n"), (2, 2, "c\rd\n"), (2, 3, "\rd\n"), (4, 1, "")],
)
def test_a_cursor_is_found_as_editors_show_it(line, column, rest):
    assert TEXT[offset_of_cursor(Source(TEXT), line, column) :] == rest


@pytest.mark.parametrize(
    ("line", "column", "message"),
    [
        (0, 1, "has 4 lines, so there is no line 0"),
        (5, 1, "has 4 lines, so there is no line 5"),
        (1, 4, "Line 1 of a.py has columns 1 to 3, so there is no column 4"),
        (1, 0, "so there is no column 0"),
        (4, 2, "Line 4 of a.py has columns 1 to 1"),
    ],
)
def test_a_cursor_outside_of_the_text_is_wrong_use(line, column, message):
    with pytest.raises(WrongUseError, match=message):
        offset_of_cursor(Source(TEXT, path="a.py"), line, column)


def test_an_empty_file_has_a_first_line():
    assert offset_of_cursor(Source(""), 1, 1) == 0


@pytest.mark.parametrize("written", ["a.py", "a.py:1", "a.py:x:1", "a.py:1:", ":1:1"])
def test_a_cursor_that_is_none_is_wrong_use(written):
    with pytest.raises(WrongUseError, match="PATH:LINE:COLUMN"):
        cursor_of(written)
