"""The command line: `main` finds the command, runs it, and turns what goes wrong into one sentence.

Exit codes: 0 done; 1 it could not be done, or ``--check`` found something; 2 wrong use.
"""

from __future__ import annotations

import gc
import io
import os
import sys
from importlib import import_module
from typing import TYPE_CHECKING, Any

from gloss_lsp.cli.arguments import parse
from gloss_lsp.cli.outcomes import FAILED, WRONG_USE, WrongUseError
from gloss_lsp.errors import GlossError

if TYPE_CHECKING:
    import argparse
    from collections.abc import Sequence


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code.

    Only the module of the command is imported: a server has to start fast, and needs no colours.
    """
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            # A model writes what it likes; a terminal that cannot show a character shows a question mark.
            stream.reconfigure(errors="replace")
    options = parse(sys.argv[1:] if arguments is None else arguments)
    try:
        return _run(options)
    except KeyboardInterrupt:
        return _fail("Stopped.", FAILED)
    except BrokenPipeError:
        # Nobody reads any more, which is no news; Python would complain once more while it ends.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return FAILED


def _run(options: argparse.Namespace) -> int:
    try:
        if options.log:
            _log_to(options.log)
        code: int = _module(options.command).run(options)
        sys.stdout.flush()
    except WrongUseError as error:
        return _fail(str(error), WRONG_USE)
    except GlossError as error:
        return _fail(str(error), FAILED)
    except BrokenPipeError:
        raise
    except OSError as error:
        return _fail(
            f"{error.strerror or error}: {error.filename}." if error.filename else f"{error}.", FAILED
        )
    except Exception as error:  # noqa: BLE001  # a traceback helps nobody at a terminal; the log has it
        return _unexpected(error)
    return code


def _module(command: str) -> Any:  # noqa: ANN401  # each has a `run`
    """The module of a command.

    Importing makes many objects, and nearly all of them stay. To look for garbage among them again and
    again costs a sixth of a server's start, and to do so later would hold up a keystroke now and then;
    what little garbage there is, 8 MiB of dead classes, is kept for that.
    """
    gc.disable()
    try:
        return import_module(f"gloss_lsp.cli.{command}")
    finally:
        gc.freeze()
        gc.enable()


def _unexpected(error: Exception) -> int:
    import logging  # noqa: PLC0415  # only where something is wrong with Gloss itself

    # The least severe level: a log file has it, standard error does not.
    logging.getLogger("gloss_lsp").debug("unexpected", exc_info=error)
    what = f"{type(error).__name__}: {error}".partition("\n")[0]
    return _fail(f"Gloss itself has failed ({what}); `--log FILE` writes down where.", FAILED)


def _fail(sentence: str, code: int) -> int:
    from gloss_lsp.core.terminal import safe_terminal  # noqa: PLC0415  # nothing has failed yet

    # It may quote a server, or name a file.
    print(f"gloss: {safe_terminal(sentence)}", file=sys.stderr)
    return code


def _log_to(path: str) -> None:
    import logging  # noqa: PLC0415  # most runs write no log

    def private(name: str, flags: int) -> int:
        return os.open(name, flags, 0o600)

    stream = open(path, "a", encoding="utf-8", opener=private)  # noqa: SIM115  # open until the end
    form = "%(asctime)s %(levelname)s %(name)s: %(message)s"
    logging.basicConfig(stream=stream, level=logging.DEBUG, format=form)
    # These would write down headers, and so keys.
    for chatty in ("httpx", "httpcore"):
        logging.getLogger(chatty).setLevel(logging.WARNING)
