"""The languages without a grammar here: their comments are found by `gloss_lsp.core.comments.scan`."""

from __future__ import annotations

from typing import Final

from gloss_lsp.core.language import Language
from gloss_lsp.core.language_rows import SLASHES, STARS

_DOCUMENTED = ("///", "//")
_MARKUP = (("<!--", "-->"),)

SCANNED: Final = (
    Language(
        "csharp", "C#", "csharp", "", _DOCUMENTED, STARS,
        aliases=("c#", "cs", "csx"), extensions=("cs", "csx"), interpreters=("dotnet-script",),
    ),
    Language("kotlin", "Kotlin", "kotlin", "", ("//",), STARS, aliases=("kt", "kts"), extensions=("kt", "kts")),
    Language("swift", "Swift", "swift", "", _DOCUMENTED, STARS, extensions=("swift",), interpreters=("swift",)),
    Language("scala", "Scala", "scala", "", ("//",), STARS, extensions=("scala", "sc", "sbt")),
    Language(
        "groovy", "Groovy", "groovy", "", ("//",), STARS,
        extensions=("groovy", "gradle", "gvy"), file_names=("Jenkinsfile",), interpreters=("groovy",),
    ),
    Language("dart", "Dart", "dart", "", _DOCUMENTED, STARS, extensions=("dart",), interpreters=("dart",)),
    Language("zig", "Zig", "zig", "", SLASHES, extensions=("zig", "zon")),
    Language(
        "protobuf", "Protocol Buffers", "protobuf", "", ("//",), STARS,
        aliases=("proto", "proto3"), extensions=("proto",),
    ),
    Language(
        "jsonc", "JSON with comments", "jsonc", "", ("//",), STARS,
        aliases=("json5",), extensions=("jsonc", "json5"),
    ),
    Language(
        "ruby", "Ruby", "ruby", "", ("#",), (("=begin", "=end"),),
        aliases=("rb",), extensions=("rb", "rake", "gemspec", "ru", "podspec"),
        file_names=("Rakefile", "Gemfile", "Vagrantfile", "Podfile", "Brewfile", "Guardfile", "Fastfile"),
        interpreters=("ruby", "jruby", "rake"),
    ),
    Language(
        "php", "PHP", "php", "", ("//", "#"), (*STARS, *_MARKUP),
        extensions=("php", "phtml", "php5", "php7"), interpreters=("php",),
    ),
    Language(
        "lua", "Lua", "lua", "", ("---", "--"), (("--[[", "]]"),),
        extensions=("lua",), interpreters=("lua", "luajit"),
    ),
    Language(
        "perl", "Perl", "perl", "", ("#",), (("=pod", "=cut"),),
        aliases=("pl", "perl5"), extensions=("pl", "pm", "t", "psgi"), interpreters=("perl",),
    ),
    Language(
        "r", "R", "r", "", ("#'", "#"),
        aliases=("rscript",), extensions=("r",), file_names=(".Rprofile",), interpreters=("Rscript",),
    ),
    Language(
        "julia", "Julia", "julia", "", ("#",), (("#=", "=#"),),
        aliases=("jl",), extensions=("jl",), interpreters=("julia",),
    ),
    Language(
        "elixir", "Elixir", "elixir", "", ("#",),
        aliases=("ex", "exs"), extensions=("ex", "exs"), interpreters=("elixir",),
    ),
    Language(
        "erlang", "Erlang", "erlang", "", ("%",),
        aliases=("erl",), extensions=("erl", "hrl"), interpreters=("escript",),
    ),
    Language(
        "haskell", "Haskell", "haskell", "", ("--",), (("{-|", "-}"), ("{-", "-}")),
        aliases=("hs",), extensions=("hs", "hsc"), interpreters=("runhaskell", "runghc", "stack"),
    ),
    Language(
        "ocaml", "OCaml", "ocaml", "", (), (("(**", "*)"), ("(*", "*)")),
        aliases=("ocaml.interface", "ml", "reason"), extensions=("ml", "mli"), interpreters=("ocaml",),
    ),
    Language(
        "fsharp", "F#", "fsharp", "", _DOCUMENTED, (("(**", "*)"), ("(*", "*)")),
        aliases=("f#", "fs"), extensions=("fs", "fsi", "fsx"),
    ),
    Language("nix", "Nix", "nix", "", ("#",), (("/**", "*/"), ("/*", "*/")), extensions=("nix",)),
    Language(
        "sql", "SQL", "sql", "", ("--", "#"), (("/*", "*/"),),
        aliases=("mysql", "postgres", "postgresql", "pgsql", "plsql", "plpgsql", "tsql", "mssql", "sqlite",
            "mariadb"),
        extensions=("sql", "ddl", "dml", "psql"),
    ),
    Language(
        "powershell", "PowerShell", "powershell", "", ("#",), (("<#", "#>"),),
        aliases=("ps1", "pwsh"), extensions=("ps1", "psm1", "psd1"), interpreters=("pwsh",),
    ),
    Language(
        "dockerfile", "Dockerfile", "dockerfile", "", ("#",),
        aliases=("docker", "containerfile"),
        extensions=("dockerfile",), file_names=("Dockerfile", "Containerfile"),
    ),
    Language(
        "makefile", "Makefile", "makefile", "", ("#",), spliced=True,
        aliases=("make", "mk"),
        extensions=("mk", "mak", "make"), file_names=("Makefile", "makefile", "GNUmakefile"),
        interpreters=("make",),
    ),
    Language(
        "cmake", "CMake", "cmake", "", ("#",), (("#[[", "]]"),),
        extensions=("cmake",), file_names=("CMakeLists.txt",), interpreters=("cmake",),
    ),
    Language(
        "yaml", "YAML", "yaml", "", ("#",),
        aliases=("yml", "dockercompose", "docker-compose", "github-actions-workflow", "ansible", "helm",
            "yaml.ansible", "yaml.docker-compose"),
        extensions=("yaml", "yml"), file_names=(".clang-format", ".clang-tidy"),
    ),
    Language("toml", "TOML", "toml", "", ("#",), extensions=("toml",), file_names=("Pipfile",)),
    Language(
        "ini", "INI", "ini", "", (";", "#"),
        aliases=("dosini", "cfg", "editorconfig", "gitconfig", "systemd"),
        extensions=("ini", "cfg", "service", "desktop"),
        file_names=(".editorconfig", ".gitconfig", ".flake8", ".pylintrc"),
    ),
    Language(
        "properties", "Java properties", "properties", "", ("#", "!"),
        aliases=("java-properties", "jproperties"), extensions=("properties",),
    ),
    Language(
        "xml", "XML", "xml", "", (), _MARKUP,
        aliases=("xsl", "xsd", "svg", "xslt", "ant"),
        extensions=("xml", "xsd", "xsl", "xslt", "svg", "wsdl", "csproj", "vbproj", "fsproj", "props",
            "targets", "xaml", "resx", "plist", "rng", "rss"),
    ),
    Language(
        "html", "HTML", "html", "", (), _MARKUP,
        aliases=("htm", "xhtml"), extensions=("html", "htm", "xhtml"),
    ),
    Language("vue", "Vue", "vue", "", (), _MARKUP, extensions=("vue",)),
    Language("svelte", "Svelte", "svelte", "", ("//",), (*_MARKUP, ("/*", "*/")), extensions=("svelte",)),
    Language("css", "CSS", "css", "", (), STARS, aliases=("postcss",), extensions=("css", "pcss")),
    Language("scss", "SCSS", "scss", "", _DOCUMENTED, STARS, extensions=("scss",)),
    Language("less", "Less", "less", "", ("//",), STARS, extensions=("less",)),
    Language(
        "latex", "LaTeX", "latex", "", ("%",),
        aliases=("tex", "plaintex", "bibtex-style", "context"), extensions=("tex", "sty", "ltx"),
    ),
    Language(
        "graphql", "GraphQL", "graphql", "", ("#",),
        aliases=("gql",), extensions=("graphql", "gql", "graphqls"),
    ),
    Language(
        "terraform", "Terraform", "hcl", "", ("#", "//"), STARS,
        aliases=("hcl", "tf", "opentofu", "terraform-vars", "packer"),
        extensions=("tf", "hcl", "tofu", "nomad"),
    ),
)  # fmt: skip
