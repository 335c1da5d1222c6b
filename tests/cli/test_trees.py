"""Which files of a tree are taken: what git would take, but nothing private, in a language that is known."""

from __future__ import annotations

import pytest

from gloss_lsp.cli.trees import Trees
from gloss_lsp.core.privacy import Policy

# What the tree holds; the files that are taken.
TREES = {
    "known languages": (
        {"a.py": "", "b.txt": "", "c/d.rs": "", "e": "#!/bin/sh\n", "f": "text"},
        "a.py c/d.rs e",
    ),
    "ignored": ({".gitignore": "a.py\n*.gen.py\n", "a.py": "", "b.gen.py": "", "c.py": ""}, "c.py"),
    "ignored folders": (
        {".gitignore": "build/\n", "build/a.py": "", "src/build/b.py": "", "c.py": ""},
        "c.py",
    ),
    "anchored": ({".gitignore": "/a.py\n", "a.py": "", "x/a.py": ""}, "x/a.py"),
    "taken back": ({".gitignore": "*.py\n!keep.py\n", "a.py": "", "keep.py": ""}, "keep.py"),
    "a nested file decides": (
        {".gitignore": "*.py\n", "x/.gitignore": "!a.py\n", "a.py": "", "x/a.py": "", "x/b.py": ""},
        "x/a.py",
    ),
    "a nested file says more": (
        {"x/.gitignore": "a.py\n", "a.py": "", "x/a.py": "", "y/a.py": ""},
        "a.py y/a.py",
    ),
    "nothing is taken back out of an ignored folder": (
        {".gitignore": "x/\n!x/a.py\n", "x/a.py": "", "x/.gitignore": "!a.py\n"},
        "",
    ),
    "exclude of the repository": ({".git/info/exclude": "a.py\n", "a.py": "", "b.py": ""}, "b.py"),
    "a line that git cannot read": ({".gitignore": "!\n[z-a]\na.py\n", "a.py": "", "b.py": ""}, "b.py"),
    "private": ({".env.py": "", "secrets.json": "", "id_rsa.py": "", "a.py": ""}, "a.py"),
}


def plant(folder, files):
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")


@pytest.mark.parametrize(("files", "taken"), TREES.values(), ids=TREES)
def test_what_is_taken(files, taken, tmp_path):
    plant(tmp_path, {".git/config": "", **files})
    found = [path.relative_to(tmp_path).as_posix() for path in Trees(Policy()).files([tmp_path])]
    assert found == taken.split()


def test_a_folder_within_a_repository_is_under_the_rules_above_it(tmp_path):
    plant(tmp_path, {".git/config": "", ".gitignore": "x/y/a.py\n", "x/.gitignore": "b.py\n"})
    plant(tmp_path, {"x/y/a.py": "", "x/y/b.py": "", "x/y/c.py": "", "x/d.py": ""})
    assert [path.name for path in Trees(Policy()).files([tmp_path / "x" / "y"])] == ["c.py"]


def test_rules_above_a_repository_do_not_count(tmp_path):
    plant(tmp_path, {".gitignore": "*.py\n", "repository/.git/config": "", "repository/a.py": ""})
    assert [path.name for path in Trees(Policy()).files([tmp_path / "repository"])] == ["a.py"]


def test_a_file_that_is_named_is_taken_whatever_git_says(tmp_path):
    plant(tmp_path, {".git/config": "", ".gitignore": "*", "a.py": ""})
    assert list(Trees(Policy()).files([tmp_path / "a.py"])) == [tmp_path / "a.py"]


def test_what_is_left_out_is_counted_and_what_was_named_is_told(tmp_path):
    plant(tmp_path, {"tree/.env.py": "", "tree/a.txt": "", "tree/b.txt": "", ".env": "", "c.txt": ""})
    trees = Trees(Policy())
    assert list(trees.files([tmp_path / "tree", tmp_path / ".env", tmp_path / "c.txt"])) == []
    assert trees.left_out == {"private": 1, "in no language whose comments are known": 2}
    private, unknown = trees.refused
    assert private.startswith("Nothing of .env is sent to a model")
    assert unknown.startswith(f"{(tmp_path / 'c.txt').as_posix()} is left out")


def test_links_are_not_followed(tmp_path):
    plant(tmp_path, {"tree/a.py": "", "other/b.py": ""})
    (tmp_path / "tree" / "loop").symlink_to(tmp_path / "tree", target_is_directory=True)
    (tmp_path / "tree" / "other").symlink_to(tmp_path / "other", target_is_directory=True)
    (tmp_path / "tree" / "b.py").symlink_to(tmp_path / "other" / "b.py")
    assert [path.name for path in Trees(Policy()).files([tmp_path / "tree"])] == ["a.py"]


def test_of_a_link_that_is_named_both_names_count(tmp_path):
    plant(tmp_path, {".env": "", "a.py": ""})
    (tmp_path / "b.py").symlink_to(".env")
    (tmp_path / ".env.py").symlink_to("a.py")
    trees = Trees(Policy())
    assert list(trees.files([tmp_path / "b.py", tmp_path / ".env.py"])) == []
    assert [reason.split(" is sent")[0] for reason in trees.refused] == [
        "Nothing of .env",
        "Nothing of .env.py",
    ]


def test_a_path_that_is_not_there_is_an_error(tmp_path):
    with pytest.raises(FileNotFoundError):
        list(Trees(Policy()).files([tmp_path / "nowhere"]))
