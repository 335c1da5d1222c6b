"""TLS with an authority of one's own, and proxies: for real, with a certificate made here."""

from __future__ import annotations

import asyncio
import ssl
from contextlib import aclosing

import pytest
import trustme
from relays import Proxy, tls

from gloss_lsp.backends.base import BackendSettings, Chat, Message
from gloss_lsp.backends.openai import OpenAICompatible
from gloss_lsp.errors import Unreachable

HELLO = Chat("Qwen/Qwen2.5-Coder-7B", (Message("user", "Hi"),))
HOST = "models.team.example"
PROXIES = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY")


@pytest.fixture(autouse=True)
def environment(monkeypatch):
    """Nothing of this machine's own network."""
    for name in (*PROXIES, "SSL_CERT_FILE", "SSL_CERT_DIR"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)
    return monkeypatch


@pytest.fixture(scope="module")
def authority():
    return trustme.CA()


@pytest.fixture
def pem(authority, tmp_path):
    path = tmp_path / "team.pem"
    authority.cert_pem.write_to_path(path)
    return path


@pytest.fixture
def context(authority):
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority.issue_cert(HOST, "127.0.0.1").configure_cert(context)
    return context


async def ask(url: str, **settings: str) -> str:
    backend = OpenAICompatible(BackendSettings(url, **settings))
    try:
        async with aclosing(backend.chat(HELLO)) as pieces:
            return "".join([piece.text async for piece in pieces])
    finally:
        await backend.aclose()


async def test_an_authority_of_ones_own(team, context, pem):
    async with tls(context, team.port) as port:
        url = f"https://127.0.0.1:{port}"
        assert await ask(url, certificates=str(pem)) == "This is the reply."
        with pytest.raises(Unreachable, match=r"is not trusted here.*`gloss\.backend\.certificates`"):
            await ask(url)


async def test_the_usual_variable_names_an_authority(team, context, pem, environment):
    environment.setenv("SSL_CERT_FILE", str(pem))
    async with tls(context, team.port) as port:
        assert await ask(f"https://127.0.0.1:{port}") == "This is the reply."


async def test_a_path_may_begin_at_home(team, context, pem, environment):
    environment.setenv("HOME", str(pem.parent))
    environment.setenv("USERPROFILE", str(pem.parent))
    async with tls(context, team.port) as port:
        assert await ask(f"https://127.0.0.1:{port}", certificates=f"~/{pem.name}") == "This is the reply."


async def test_a_certificate_for_another_name_is_refused(team, authority, pem):
    other = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority.issue_cert("other.example").configure_cert(other)
    async with tls(other, team.port) as port:
        with pytest.raises(Unreachable, match="is not trusted here"):
            await ask(f"https://127.0.0.1:{port}", certificates=str(pem))


@pytest.mark.parametrize(
    ("text", "why"), [(None, "No such file"), ("no certificate", "no certificate is in it")]
)
@pytest.mark.parametrize("name", ["gloss.backend.certificates", "SSL_CERT_FILE"])
async def test_a_file_that_is_none_is_named(tmp_path, environment, text, why, name):
    path = tmp_path / "odd.pem"
    if text is not None:
        path.write_text(text)
    settings = {"certificates": str(path)} if name.startswith("gloss") else {}
    if not settings:
        environment.setenv(name, str(path))
    with pytest.raises(Unreachable, match=name) as caught:
        await ask("https://127.0.0.1:9", **settings)
    assert why in str(caught.value)


async def test_a_proxy_for_http(team, environment):
    proxy = Proxy(team.port)
    async with proxy.running() as address:
        environment.setenv("HTTP_PROXY", address)
        assert await ask(f"http://{HOST}/team") == "This is the reply."
    assert proxy.asked == [f"POST http://{HOST}/team/v1/chat/completions HTTP/1.1"]
    assert team.requests()[0]["headers"]["host"] == HOST


async def test_a_proxy_for_https_and_an_authority_of_ones_own(team, context, pem, environment):
    async with tls(context, team.port) as port:
        proxy = Proxy(port)
        async with proxy.running() as address:
            environment.setenv("HTTPS_PROXY", address)
            headers = {"Authorization": "Bearer team-key-1234"}
            assert (
                await ask(f"https://{HOST}", certificates=str(pem), headers=headers) == "This is the reply."
            )
    assert proxy.asked == [f"CONNECT {HOST}:443 HTTP/1.1"]
    assert team.requests()[0]["headers"]["authorization"] == "bearer team-key-1234"


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
async def test_a_proxy_is_never_asked_for_this_machine(team, environment, host):
    for name in PROXIES[:3]:
        environment.setenv(name, "http://127.0.0.1:1")
    assert await ask(f"http://{host}:{team.port}") == "This is the reply."


async def test_a_proxy_is_not_asked_where_it_is_not_to_be(team, environment):
    proxy = Proxy(team.port)
    async with proxy.running() as address:
        environment.setenv("HTTP_PROXY", address)
        environment.setenv("NO_PROXY", "gpu.invalid")
        with pytest.raises(Unreachable, match="does not answer at"):
            await ask("http://gpu.invalid")
    assert proxy.asked == []


async def test_a_server_without_tls_is_said():
    async def refuse(reader, writer):
        await reader.read(1)
        writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")
        writer.close()

    async with await asyncio.start_server(refuse, "127.0.0.1", 0) as server:
        with pytest.raises(Unreachable, match="does not speak TLS"):
            await ask(f"https://127.0.0.1:{server.sockets[0].getsockname()[1]}")


@pytest.mark.parametrize("url", ["socks5://127.0.0.1:1", "nonsense://x:secret@y"])
async def test_a_proxy_of_another_kind_is_said(environment, url):
    environment.setenv("HTTPS_PROXY", url)
    with pytest.raises(Unreachable, match="cannot be used") as caught:
        await ask(f"https://{HOST}")
    assert "secret" not in str(caught.value)
