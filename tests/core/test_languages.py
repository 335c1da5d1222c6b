import pytest

from gloss_lsp.core.languages import PLAIN, fence, id_for_path, language
from gloss_lsp.core.syntax_data import GRAMMARS


@pytest.mark.parametrize(
    ("language_id", "grammar", "fenced"),
    [
        ("python", "python", "python"),
        ("javascript", "javascript", "javascript"),
        ("javascriptreact", "javascript", "jsx"),
        ("typescript", "typescript", "typescript"),
        ("typescriptreact", "tsx", "tsx"),
        ("c", "c", "c"),
        ("cpp", "cpp", "cpp"),
        ("c++", "cpp", "cpp"),
        ("cuda-cpp", "cpp", "cpp"),
        ("java", "java", "java"),
        ("go", "go", "go"),
        ("rust", "rust", "rust"),
        ("shellscript", "bash", "bash"),
        ("sh", "bash", "bash"),
        ("Bash", "bash", "bash"),
    ],
)
def test_a_language_by_the_ids_of_editors(language_id, grammar, fenced):
    found = language(language_id)
    assert found is not None
    assert found.grammar == grammar
    assert grammar in GRAMMARS
    assert fence(language_id) == fenced


@pytest.mark.parametrize(
    ("language_id", "fenced"),
    [("cobol", "cobol"), (PLAIN, ""), ("", ""), ("a`b\nc", "abc"), ("objective-c", "objective-c")],
)
def test_an_unknown_language_is_none_and_cannot_break_a_fence(language_id, fenced):
    assert language(language_id) is None
    assert fence(language_id) == fenced


@pytest.mark.parametrize(
    ("path", "first_line", "language_id"),
    [
        ("a.py", "", "python"),
        ("dir.py/a.pyi", "", "python"),
        ("a.PY", "", "python"),
        ("a.h", "", "c"),
        ("a.C", "", "cpp"),
        ("a.hpp", "", "cpp"),
        ("a.mjs", "", "javascript"),
        ("a.jsx", "", "javascriptreact"),
        ("a.d.ts", "", "typescript"),
        ("C:\\src\\a.tsx", "", "typescriptreact"),
        ("/home/me/.bashrc", "", "shellscript"),
        ("run", "#!/bin/sh", "shellscript"),
        ("run", "#!/usr/bin/env -S python3.12 -u", "python"),
        ("run", "#! /usr/bin/env LANG=C node", "javascript"),
        ("run", "\ufeff#!/usr/local/bin/bash -e", "shellscript"),
        ("Makefile", "", "makefile"),
        ("a.rb", "", "ruby"),
        ("Rakefile", "", "ruby"),
        ("a.cs", "", "csharp"),
        ("a.kts", "", "kotlin"),
        ("a.swift", "", "swift"),
        ("a.scala", "", "scala"),
        ("a.php", "", "php"),
        ("a.dart", "", "dart"),
        ("a.lua", "", "lua"),
        ("a.pm", "", "perl"),
        ("a.R", "", "r"),
        ("a.jl", "", "julia"),
        ("a.exs", "", "elixir"),
        ("a.hrl", "", "erlang"),
        ("a.hs", "", "haskell"),
        ("a.mli", "", "ocaml"),
        ("a.zig", "", "zig"),
        ("a.sql", "", "sql"),
        ("a.psm1", "", "powershell"),
        ("Dockerfile", "", "dockerfile"),
        ("Dockerfile.dev", "", "dockerfile"),
        ("a.dockerfile", "", "dockerfile"),
        ("GNUmakefile", "", "makefile"),
        ("CMakeLists.txt", "", "cmake"),
        ("a.yml", "", "yaml"),
        ("a.toml", "", "toml"),
        ("a.ini", "", "ini"),
        ("a.svg", "", "xml"),
        ("a.htm", "", "html"),
        ("a.scss", "", "scss"),
        ("a.less", "", "less"),
        ("a.vue", "", "vue"),
        ("a.svelte", "", "svelte"),
        ("a.tex", "", "latex"),
        ("a.nix", "", "nix"),
        ("a.proto", "", "protobuf"),
        ("a.gql", "", "graphql"),
        ("a.tf", "", "terraform"),
        ("a.json", "", "json"),
        ("a.txt", "", PLAIN),
        ("run", "#!/usr/bin/env ruby", "ruby"),
        ("run", "#!/usr/bin/perl -w", "perl"),
        ("run", "#!/usr/bin/env -S Rscript --vanilla", "r"),
        ("run", "#!/usr/bin/env whatever", PLAIN),
        ("LICENSE", "", PLAIN),
        (".py", "", PLAIN),
    ],
)
def test_the_language_of_a_file(path, first_line, language_id):
    assert id_for_path(path, first_line) == language_id
