"""The HTTP client: proxies, certificates and headers as the settings say. Imported at the first request."""

from __future__ import annotations

import ssl
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final

import httpx

from gloss_lsp.errors import Unreachable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gloss_lsp.backends.base import BackendSettings

_KEEP_SECONDS: Final = 600.0
"""How long an idle connection is kept: longer than a pause in typing."""


def open_client(settings: BackendSettings, *, loopback: bool) -> httpx.AsyncClient:
    """A client that has connected to nothing yet.

    The usual variables name a proxy (`HTTPS_PROXY`, `HTTP_PROXY`, `ALL_PROXY`, `NO_PROXY`) and
    authorities (`SSL_CERT_FILE`, `SSL_CERT_DIR`), as everywhere with httpx.

    Raises:
        Unreachable: certificates cannot be read, or such a proxy cannot be used.
    """
    try:
        return _client(settings, loopback=loopback)
    except UnicodeEncodeError:
        raise  # a header, about which `Failures` knows what to say
    except (ValueError, ImportError, httpx.InvalidURL) as error:
        raise Unreachable(
            f"The proxy that HTTPS_PROXY, HTTP_PROXY or ALL_PROXY names cannot be used: {error}"
        ) from error


def _client(settings: BackendSettings, *, loopback: bool) -> httpx.AsyncClient:
    # Ollama answers 403 without a word to Origin and to foreign hosts: no headers but what is needed.
    return httpx.AsyncClient(
        headers={"Accept-Encoding": "identity", **settings.headers},
        timeout=httpx.Timeout(None, connect=settings.connect_timeout),
        limits=httpx.Limits(max_connections=None, keepalive_expiry=_KEEP_SECONDS),
        follow_redirects=False,
        # A proxy cannot reach this machine's own addresses.
        trust_env=not loopback,
        # Where no TLS is spoken, certificates need not be read, which takes a while.
        verify=False
        if loopback and settings.url.startswith("http:")
        else _authorities(settings.certificates),
    )


def _authorities(path: str) -> ssl.SSLContext:
    """Those that are trusted everywhere, or that the variables name, and those of the file."""
    with _readable("`SSL_CERT_FILE` or `SSL_CERT_DIR`"):
        context = httpx.create_ssl_context()
    if path:
        with _readable(f"`gloss.backend.certificates` ({path})"):
            context.load_verify_locations(cafile=Path(path).expanduser())
    return context


@contextmanager
def _readable(what: str) -> Iterator[None]:
    try:
        yield
    except (OSError, RuntimeError) as error:  # a broken file is an SSLError, which is an OSError
        why = "no certificate is in it" if isinstance(error, ssl.SSLError) else str(error)
        raise Unreachable(
            f"The certificates that {what} names cannot be read ({why}). It has to be a file of certificates"
            " as text (PEM)."
        ) from error
