"""HTTP to a model's server: lines or events as they come, and a sentence for whatever goes wrong."""

from __future__ import annotations

import json
from contextlib import aclosing
from typing import TYPE_CHECKING, Any, Final, TypeAlias, cast

from attrs import define

from gloss_lsp.address import AddressError, read_url
from gloss_lsp.backends.failures import Failures
from gloss_lsp.backends.patience import seconds_until
from gloss_lsp.backends.sse import EventReader
from gloss_lsp.errors import Busy

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable, Mapping

    import httpx

    from gloss_lsp.backends.base import BackendSettings
    from gloss_lsp.backends.sse import Event
    from gloss_lsp.errors import GlossError

    Explain: TypeAlias = Callable[[int, bytes], GlossError]
    """From the status and the body of a refusal to the error that is raised."""

_LONGEST: Final = 64 * 1024 * 1024
"""Bytes of a line, and of a whole answer: far above all that is sent, and no danger to memory."""
_LONGEST_REFUSAL: Final = 64 * 1024
_REFUSAL_SECONDS: Final = 5.0
_SETTLE_SECONDS: Final = 0.5
_FIRST_ERROR: Final = 400
_FIRST_REDIRECT: Final = 300


class Http:
    """One server. httpx is imported, and the connection made, at the first request.

    No httpx exception leaves this class: what goes wrong is a `gloss_lsp.errors.BackendError`, and
    what the server refuses is what the caller's `explain` makes of status and body.
    """

    def __init__(self, settings: BackendSettings, *, server: str, advice: str) -> None:
        """Nothing is done yet.

        Args:
            settings: address, headers, and the limits of time.
            server: what it is called in sentences, such as ``Ollama``.
            advice: a sentence that says what to do where nothing answers.
        """
        self._settings = settings
        self._failures = Failures(server, settings.url, advice)
        self._opened: httpx.AsyncClient | None = None

    async def lines(
        self,
        method: str,
        path: str,
        body: Mapping[str, Any] | None = None,
        *,
        explain: Explain,
        stall: float | None,
    ) -> AsyncGenerator[bytes, None]:
        r"""The lines of an answer as they come: split at ``\n`` alone, stripped, empty ones left out.

        httpx's own lines also end at U+0085, which Ollama sends unescaped inside of JSON. Closing the
        generator, or cancelling the task that waits for it, closes the socket at once: that is how a
        model is stopped, before the first byte as well as after it.

        Args:
            method: of HTTP.
            path: from the server's address, such as ``/api/chat``.
            body: sent as JSON.
            explain: makes an error of a status of 300 or more and its body.
            stall: seconds between two lines before `Stalled` is raised; the first may take as long as it
                takes, for a model may have to be loaded and the prompt to be read.
        """
        pause = _Pause()
        async with aclosing(self._bytes(method, path, body, explain, pause)) as chunks:
            line = bytearray()
            async for chunk in chunks:
                pause.limit = stall
                *ends, rest = chunk.split(b"\n")
                for end in ends:
                    line += end
                    if line.strip():
                        yield bytes(line).strip()
                    line.clear()
                line += rest
                if len(line) > _LONGEST:
                    raise self._failures.flood()
            if line.strip():
                yield bytes(line).strip()

    async def events(
        self, path: str, body: Mapping[str, Any], *, explain: Explain, stall: float | None
    ) -> AsyncGenerator[Event, None]:
        """The events of an answer to a POST as they come; all else is as with `lines`.

        Comments, which servers send while a prompt is read, do not count as the first piece.
        """
        pause, reader = _Pause(), EventReader()
        async with aclosing(self._bytes("POST", path, body, explain, pause)) as chunks:
            async for chunk in chunks:
                for event in reader.feed(chunk):
                    pause.limit = stall
                    yield event
                if reader.held > _LONGEST:
                    raise self._failures.flood()

    async def read(
        self,
        method: str,
        path: str,
        body: Mapping[str, Any] | None = None,
        *,
        explain: Explain,
        within: float | None,
    ) -> bytes:
        """A whole answer. Raises `Stalled` where it takes longer than `within` seconds."""
        import anyio  # noqa: PLC0415  # comes with httpx, and as late

        try:
            with anyio.fail_after(within):
                response = await self._send(method, path, body)
                try:
                    await self._check(response, explain)
                    return await self._whole(response, _LONGEST)
                finally:
                    await response.aclose()
        except TimeoutError as error:
            raise self._failures.stalled(within) from error

    async def aclose(self) -> None:
        """Close the connections; a later request makes new ones."""
        if self._opened is not None:
            opened, self._opened = self._opened, None
            await opened.aclose()

    async def _bytes(
        self, method: str, path: str, body: Mapping[str, Any] | None, explain: Explain, pause: _Pause
    ) -> AsyncGenerator[bytes, None]:
        response = await self._send(method, path, body)
        try:
            await self._check(response, explain)
            async with aclosing(self._chunks(response, pause)) as chunks:
                async for chunk in chunks:
                    yield chunk
        finally:
            await response.aclose()

    async def _send(self, method: str, path: str, body: Mapping[str, Any] | None) -> httpx.Response:
        """The head of an answer. The body is ASCII, since text from an editor can hold lone surrogates."""
        with self._failures.translated():
            client = self._client()
            request = client.build_request(method, self._settings.url.rstrip("/") + path)
            if body is not None:
                content = json.dumps(body, separators=(",", ":")).encode()
                headers = {"Content-Type": "application/json"}
                request = client.build_request(method, request.url, content=content, headers=headers)
            return await client.send(request, stream=True)

    def _client(self) -> httpx.AsyncClient:
        if self._opened is None:
            from gloss_lsp.backends.transport import open_client  # noqa: PLC0415  # it imports httpx

            self._opened = open_client(self._settings, loopback=is_loopback(self._settings.url))
        return self._opened

    async def _check(self, response: httpx.Response, explain: Explain) -> None:
        status = response.status_code
        if status < _FIRST_REDIRECT:
            return
        if status < _FIRST_ERROR:
            raise self._failures.redirected(response.headers.get("location", "another address"))
        import anyio  # noqa: PLC0415

        body = b""
        with anyio.move_on_after(_REFUSAL_SECONDS):
            body = await self._whole(response, _LONGEST_REFUSAL)
        error = explain(status, body)
        if isinstance(error, Busy):
            error.retry_after = seconds_until(response.headers.get("retry-after", ""))
        raise error

    async def _whole(self, response: httpx.Response, longest: int) -> bytes:
        parts: list[bytes] = []
        size = 0
        async with aclosing(self._chunks(response, _Pause())) as chunks:
            async for chunk in chunks:
                parts.append(chunk)
                size += len(chunk)
                if size > longest:
                    raise self._failures.flood()
        return b"".join(parts)

    async def _chunks(self, response: httpx.Response, pause: _Pause) -> AsyncGenerator[bytes, None]:
        """The bytes of an answer."""
        import anyio  # noqa: PLC0415

        received = cast("AsyncGenerator[bytes, None]", response.aiter_raw())
        async with aclosing(received) as chunks:
            while True:
                limit = pause.limit
                try:
                    with self._failures.translated(), anyio.fail_after(limit):
                        chunk = await anext(chunks, None)
                except TimeoutError as error:
                    raise self._failures.stalled(limit) from error
                if chunk is None:
                    return
                yield chunk


@define
class _Pause:
    """How many seconds an answer may pause; None until its first piece has come."""

    limit: float | None = None


def is_loopback(url: str) -> bool:
    """Whether what is sent to a URL stays on this machine; one that cannot be read does not."""
    try:
        return read_url(url).loopback
    except AddressError:
        return False


async def settle(lines: AsyncGenerator[bytes, None]) -> None:
    """Read an answer to its end once nothing more is expected, so that its connection can be used again.

    Where the end does not come soon, the connection is closed instead.
    """
    import anyio  # noqa: PLC0415

    with anyio.move_on_after(_SETTLE_SECONDS):
        async for _ in lines:
            pass
