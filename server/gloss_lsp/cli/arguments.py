"""The commands and their options. Nothing of what the commands need is imported here."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, NoReturn

from gloss_lsp import __version__
from gloss_lsp.cli.outcomes import WRONG_USE

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import TypeAlias

    _Commands: TypeAlias = "argparse._SubParsersAction[_Parser]"  # noqa: SLF001  # it has no public name


class _Parser(argparse.ArgumentParser):
    """Says what is wrong in one sentence, where argparse would print the usage first."""

    def error(self, message: str) -> NoReturn:
        self.exit(WRONG_USE, f"gloss: {message}; see `{self.prog} --help`.\n")


def parse(arguments: Sequence[str]) -> argparse.Namespace:
    """What the words of a command line ask for; `command` names the module that does it.

    Ends the program where only help or the version is asked for, or the words are wrong.
    """
    parser = _parser()
    if not arguments:
        parser.print_help()
        parser.exit(WRONG_USE)
    # Editors call language servers so; and `gloss --tcp …` can mean nothing else either.
    if arguments[0].partition("=")[0] in ("--stdio", "--tcp"):
        arguments = ["serve", *arguments]
    return parser.parse_args(arguments)


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(
        prog="gloss",
        description="Explains, translates and completes code, with a model on your own machine.",
        epilog="`gloss --stdio` is `gloss serve`. Settings: `gloss settings`.",
    )
    parser.add_argument("--version", action="version", version=f"gloss {__version__}")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", required=True)
    _serve(commands)
    _look(commands)
    _code(commands)
    _models(commands)
    return parser


def _serve(commands: _Commands) -> None:
    serve = commands.add_parser("serve", help="run the language server")
    way = serve.add_mutually_exclusive_group()
    way.add_argument("--stdio", action="store_true", help="over standard input and output (the default)")
    way.add_argument("--tcp", metavar="HOST:PORT", help="over TCP, for one client on this machine")
    serve.add_argument("--allow-remote", action="store_true", help="let --tcp listen beyond this machine")
    serve.add_argument("--clientProcessId", type=int, default=None, help=argparse.SUPPRESS)
    _common(serve)
    demo = commands.add_parser("demo", help="see the server explain, translate and complete")
    _of_model(demo)


def _look(commands: _Commands) -> None:
    doctor = commands.add_parser("doctor", help="say what works, what does not, and what to do about it")
    doctor.add_argument("--json", action="store_true", help="as JSON")
    doctor.add_argument(
        "--measure", action="store_true", help="measure first how fast models read and write here"
    )
    doctor.add_argument("--clear", action="store_true", help="only remove what Gloss has kept: pages, speeds")
    _of_model(doctor)
    settings = commands.add_parser("settings", help="show every setting")
    what = settings.add_mutually_exclusive_group()
    what.add_argument("--schema", action="store_true", help="print the JSON schema instead")
    what.add_argument("--path", action="store_true", help="print the path of your own settings file instead")
    _common(settings)


def _code(commands: _Commands) -> None:
    explain = commands.add_parser("explain", help="explain a file, or lines of it")
    explain.add_argument("place", metavar="PATH[:FIRST[-LAST]]")
    explain.add_argument(
        "--to", metavar="LANG", default="", help="the language of the explanation, such as de"
    )
    _of_model(explain)
    translate = commands.add_parser("translate", help="translate the comments of files or whole trees")
    translate.add_argument("paths", metavar="PATH", nargs="+")
    translate.add_argument(
        "--to", metavar="LANG", default="", help="the language to translate to, such as de"
    )
    way = translate.add_mutually_exclusive_group()
    way.add_argument("--diff", action="store_true", help="print what would change (the default)")
    way.add_argument("--write", action="store_true", help="change the files")
    way.add_argument("--check", action="store_true", help="exit with 1 if a comment is in another language")
    _of_model(translate)
    complete = commands.add_parser("complete", help="print what could come next at a place")
    complete.add_argument("place", metavar="PATH:LINE:COLUMN")
    complete.add_argument(
        "--explain", action="store_true", help="print the prompt, the raw answer, and what became of it too"
    )
    _of_model(complete)
    run = commands.add_parser("run", help="answer one prompt; standard input stands before it")
    run.add_argument("prompt", metavar="PROMPT", nargs="*")
    _of_model(run)


def _models(commands: _Commands) -> None:
    models = commands.add_parser("models", help="the models of the backend")
    _common(models)
    ways = models.add_subparsers(dest="way", metavar="list | show | pull | rm | ps")
    for name, what in (("list", "what is installed (the default)"), ("ps", "what is loaded")):
        _common(ways.add_parser(name, help=what), again=True)
    for name, what in (
        ("show", "all that is known of a model"),
        ("pull", "fetch a model"),
        ("rm", "remove a model"),
    ):
        way = ways.add_parser(name, help=what)
        way.add_argument("name", metavar="NAME")
        if name == "rm":
            way.add_argument("-y", "--yes", action="store_true", help="do not ask")
        _common(way, again=True)


def _of_model(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--model", metavar="NAME", help="the model to use, whatever is set")
    _common(parser)


def _common(parser: argparse.ArgumentParser, *, again: bool = False) -> None:
    """Options of every command; one that stands behind a second word too must not undo the first."""
    nothing = argparse.SUPPRESS if again else None
    parser.add_argument(
        "--set", metavar="NAME=VALUE", action="append", dest="settings", default=nothing,
        help="a setting for this run, such as complete.maxTokens=64; may be given several times",
    )  # fmt: skip
    parser.add_argument("--log", metavar="FILE", default=nothing, help="write a log to a file")
