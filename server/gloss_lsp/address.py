"""Addresses of servers: how they are written, which are on this machine, which are the same.

Only a strict form is taken, so that what is judged here and what the HTTP client connects to cannot
differ: no user name, no query, no backslash, no characters beyond ASCII.
"""

from __future__ import annotations

import re
from ipaddress import ip_address
from typing import TYPE_CHECKING

from attrs import frozen

if TYPE_CHECKING:
    from ipaddress import IPv4Address, IPv6Address

_URL = re.compile(
    r"(?P<scheme>https?)://(?P<host>\[[0-9a-f:.]+\]|[a-z0-9_.-]+)(?::(?P<port>\d{1,5}))?(?P<path>/[\w.~/-]*)?",
    re.IGNORECASE | re.ASCII,
)
_PORTS = {"http": 80, "https": 443}
_OLLAMA_PORT = 11434
OLLAMA = f"http://127.0.0.1:{_OLLAMA_PORT}"
"""Where Ollama is unless somebody says otherwise."""
_LAST_PORT = 0xFFFF


class AddressError(ValueError):
    """This is not the address of a server in the form that is taken."""


@frozen
class Address:
    """Where a server listens."""

    scheme: str
    host: str
    """In lower case; an IPv6 address without its brackets."""
    port: int
    path: str = ""
    """What stands before ``/api`` or ``/v1``, without a slash at its end."""

    @property
    def origin(self) -> str:
        """What has to be the same for two addresses to be the same server."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{self.scheme}://{host}:{self.port}"

    @property
    def url(self) -> str:
        """The whole address."""
        return self.origin + self.path

    @property
    def loopback(self) -> bool:
        """Whether nothing that is sent there leaves this machine."""
        number = _number(self.host)
        return self.host == "localhost" if number is None else number.is_loopback


def read_url(url: str) -> Address:
    """The address that a URL names. Raises `AddressError`."""
    found = _URL.fullmatch(url.strip())
    if found is None:
        raise AddressError(url)
    scheme = found["scheme"].lower()
    port = int(found["port"]) if found["port"] else _PORTS[scheme]
    host = found["host"].lower()
    if host.startswith("["):
        host = host[1:-1]
        if _number(host) is None:
            raise AddressError(url)
    if port > _LAST_PORT:
        raise AddressError(url)
    return Address(scheme, _connectable(host), port, _base(found["path"] or ""))


def normal_url(url: str) -> str:
    """A URL written as all others are. Raises `AddressError`."""
    return read_url(url).url


def ollama_url(value: str) -> str:
    """The URL that a value of ``OLLAMA_HOST`` means, by Ollama's own rules (its ``envconfig/config.go``).

    The scheme defaults to http, the port to 11434, or to that of the scheme where one is written;
    ``0.0.0.0`` and ``::``, which a server listens on, become addresses that can be connected to.

    Raises:
        AddressError: nothing can be connected to at such an address.
    """
    value = value.strip().strip("\"'").strip()
    scheme, separator, rest = value.partition("://")
    if not separator:
        scheme, rest = "http", value
    if scheme.lower() not in _PORTS:
        raise AddressError(value)
    host_port, _, path = rest.partition("/")
    if host_port == "ollama.com" and not separator:
        scheme, separator = "https", "://"
    host, port = _split(host_port, _PORTS[scheme.lower()] if separator else _OLLAMA_PORT)
    return normal_url(f"{scheme}://{host}:{port}/{path}")


def _split(host_port: str, default_port: int) -> tuple[str, int]:
    """Host, ready for a URL, and port; a port that is none is the default, as Ollama has it."""
    bare = host_port.strip("[]")
    if ":" in bare and _number(bare) is not None:
        return f"[{bare}]", default_port
    host, separator, port = host_port.rpartition(":")
    if not separator:
        host, port = host_port, ""
    number = int(port) if port.isascii() and port.isdigit() else default_port
    return host or "127.0.0.1", number if number <= _LAST_PORT else default_port


def _number(host: str) -> IPv4Address | IPv6Address | None:
    try:
        return ip_address(host)
    except ValueError:
        return None


def _connectable(host: str) -> str:
    """Connecting to the unspecified address fails on Windows; what listens there is on this machine."""
    number = _number(host)
    if number is None or not number.is_unspecified:
        return host
    return "127.0.0.1" if number.version == 4 else "::1"  # noqa: PLR2004  # the version of IP


def _base(path: str) -> str:
    path = path.rstrip("/")
    for ending in ("/api", "/v1"):
        path = path.removesuffix(ending)
    return path.rstrip("/")
