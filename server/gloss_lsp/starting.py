"""Starts Ollama where it is installed on this machine, and waits until it answers."""

from __future__ import annotations

import asyncio
import logging
import os
from typing import TYPE_CHECKING, Final

from attrs import frozen

from gloss_lsp.address import OLLAMA, AddressError, ollama_url, read_url
from gloss_lsp.errors import GlossError
from gloss_lsp.programs import find_program, start_program

if TYPE_CHECKING:
    from collections.abc import Callable

    from gloss_lsp.gateway import Gateway
    from gloss_lsp.settings import Settings

PATIENCE: Final = 60.0
"""Seconds within which it has to answer: on a slow disk its first start takes some of them."""
_TICK: Final = 0.25
"""Seconds between two looks whether it answers."""

logger = logging.getLogger(__name__)


@frozen
class Startable:
    """An Ollama that can be started here."""

    program: str
    address: str
    """Where it is expected to answer."""

    @property
    def environ(self) -> dict[str, str]:
        """What it has to be told besides what it hears from the user's own environment."""
        own = os.environ.get("OLLAMA_HOST", "")
        # Somebody's own word may say more, such as that it is to listen on all addresses.
        return {} if _means(own) == self.address else {"OLLAMA_HOST": self.address}


def startable(settings: Settings) -> Startable | None:
    """What can be started; None where another server is meant, one elsewhere, or it is not installed."""
    backend = settings.backend
    if backend.kind not in ("auto", "ollama"):
        return None
    try:
        address = read_url(backend.url or OLLAMA)
    except AddressError:
        return None
    if not address.loopback or address.scheme != "http" or address.path:
        # Ollama listens on this machine, without TLS and without a path.
        return None
    program = find_program("ollama")
    return Startable(program, address.origin) if program else None


async def start_ollama(gateway: Gateway, settings: Settings, waiting: Callable[[str], None]) -> None:
    """Start it as a program of its own, which outlives the editor, and wait until it answers.

    Args:
        gateway: asks whether it answers.
        settings: say where it is expected.
        waiting: told at once, and then every second, that it is waited for.

    Raises:
        GlossError: it is not there, or does not answer, and what to do.
    """
    what = startable(settings)
    if what is None:
        raise GlossError("Ollama cannot be started from here. Start it with `ollama serve` where it runs.")
    try:
        process = await asyncio.to_thread(start_program, what.program, "serve", environ=what.environ)
    except OSError as error:
        logger.warning("could not start %s: %s", what.program, error)
        raise GlossError(f"Ollama could not be started: {error}. Start it by hand.") from error
    begun = asyncio.get_running_loop().time()
    told = -1
    while not (await gateway.ollama()).reachable:
        seconds = asyncio.get_running_loop().time() - begun
        if process.poll():
            raise GlossError(
                f"Ollama ended at once, with code {process.returncode}. Run `ollama serve` to see why."
            )
        if seconds > PATIENCE:
            raise GlossError(
                f"Ollama was started and does not answer at {what.address} after {round(seconds)} s."
                " Run `ollama serve` to see why."
            )
        if int(seconds) > told:
            told = int(seconds)
            waiting("waiting for Ollama" + (f", {told} s" if told else ""))
        await asyncio.sleep(_TICK)


def _means(host: str) -> str:
    try:
        return ollama_url(host)
    except AddressError:
        return ""
