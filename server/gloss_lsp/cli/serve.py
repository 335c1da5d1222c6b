"""``gloss serve``: the language server."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from gloss_lsp.cli.options import configuration_for
from gloss_lsp.cli.outcomes import WrongUseError
from gloss_lsp.lsp.assembly import assemble

if TYPE_CHECKING:
    import argparse


def run(options: argparse.Namespace) -> int:
    """Serve one client until it leaves."""
    address = _address(options.tcp) if options.tcp else None
    server = assemble(configuration_for(options))
    if address is None:
        from gloss_lsp.lsp.stdio import run_stdio  # noqa: PLC0415  # one of the two is enough

        return run_stdio(server)
    from gloss_lsp.lsp.tcp import run_tcp  # noqa: PLC0415  # one of the two is enough

    return run_tcp(server, *address, allow_remote=options.allow_remote)


def _address(written: str) -> tuple[str, int]:
    """Host and port of ``HOST:PORT``, ``[HOST]:PORT`` or ``PORT``."""
    found = re.fullmatch(r"(?:(?P<host>[^\[\]:]*|\[[^\[\]]+\]):)?(?P<port>\d{1,5})", written)
    if found is None or int(found["port"]) > 0xFFFF:  # noqa: PLR2004  # the last port
        raise WrongUseError(f"--tcp takes HOST:PORT, such as 127.0.0.1:9257, not {written}.")
    return (found["host"] or "127.0.0.1").strip("[]"), int(found["port"])
