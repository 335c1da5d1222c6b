"""What goes wrong between here and a model's server, as sentences for the user."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from attrs import frozen

from gloss_lsp.errors import Interrupted, Stalled, Unreachable

if TYPE_CHECKING:
    from collections.abc import Iterator

_LONGEST: Final = 300
"""Characters of what a server says that are passed on."""


@frozen
class Failures:
    """Makes the errors of one server."""

    server: str
    """What it is called in sentences."""
    url: str
    advice: str
    """What to do where nothing answers."""

    @contextmanager
    def translated(self) -> Iterator[None]:
        """Turns what httpx raises into errors for the user."""
        import httpx  # noqa: PLC0415

        try:
            yield
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.ProxyError) as error:
            raise self._unreached(error) from error
        except (httpx.InvalidURL, httpx.UnsupportedProtocol) as error:
            raise Unreachable(f"{self.url} is not an address of HTTP. {self.advice}") from error
        except (httpx.LocalProtocolError, UnicodeEncodeError) as error:
            # The value itself stays unsaid: it may be a key.
            raise Unreachable("A value of `gloss.backend.headers` holds what no header can.") from error
        except httpx.RemoteProtocolError as error:
            if "disconnected" in str(error) or "peer closed" in str(error):
                raise self.broken() from error
            raise Interrupted(f"What {self.server} sends is no HTTP. {self._suspicion}") from error
        except httpx.RequestError as error:
            raise self.broken() from error

    def _unreached(self, error: Exception) -> Unreachable:
        url = self.url
        if "CERTIFICATE" in str(error).upper():
            return Unreachable(
                f"The certificate of {url} is not trusted here: {error}. Where an authority of your own has"
                " signed it, name the file with its certificate in `gloss.backend.certificates`."
            )
        if "WRONG_VERSION_NUMBER" in str(error).upper() or "RECORD LAYER" in str(error).upper():
            return Unreachable(
                f"What answers at {url} does not speak TLS. Is it http:// and not https:// there?"
            )
        if type(error).__name__ == "ProxyError":
            return Unreachable(
                f"The proxy does not reach {url}: {error}. Set NO_PROXY if it should not be used."
            )
        return Unreachable(f"{self._subject} does not answer at {url}. {self.advice}")

    def redirected(self, goal: str) -> Unreachable:
        """The server answers that it is somewhere else."""
        return Unreachable(
            f"{self.url} redirects to {goal}, and Gloss does not follow. "
            "Set `gloss.backend.url` to where the server really is."
        )

    def broken(self) -> Interrupted:
        """The connection ended too early."""
        return Interrupted(
            f"The connection to {self.server} broke off; it may have been stopped, or have run out of memory."
            " Try again."
        )

    def stalled(self, seconds: float | None) -> Stalled:
        """Nothing has come for so long."""
        return Stalled(
            f"{self._subject} has sent nothing for {seconds:g} seconds. Try again; if that does not help, "
            f"restart {self.server}, or set `gloss.backend.stallTimeout` higher."
        )

    def flood(self) -> Interrupted:
        """More has come than any such server sends."""
        return Interrupted(f"{self._subject} sends more than makes sense. {self._suspicion}")

    @property
    def _subject(self) -> str:
        return self.server[:1].upper() + self.server[1:]

    @property
    def _suspicion(self) -> str:
        return f"Is it {self.server} that answers at {self.url}?"


def cannot_fill(model: str) -> str:
    """The sentence about a model that has no form for filling in the middle."""
    return (
        f"`{model}` cannot fill in the middle of a text. Set `gloss.models.complete` to a model that was "
        "taught to, such as qwen2.5-coder, codegemma:2b, starcoder2, deepseek-coder-v2 or codestral."
    )


def shown(message: str) -> str:
    """A text of the server on one line, without control characters, and no longer than one can read."""
    line = "".join(letter if letter.isprintable() else " " for letter in message)
    return " ".join(line.split())[:_LONGEST].rstrip(" .:")
