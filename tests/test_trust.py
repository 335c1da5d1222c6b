"""A workspace that means harm: what it sets, and what holds in the end."""

from __future__ import annotations

import json

import pytest

from gloss_lsp.configuration import Configuration
from gloss_lsp.core.privacy import DEFAULT_EXCLUDE
from gloss_lsp.settings_sources import OwnFolder

OWN_URL = "https://gpu.example:8443"
OWN = json.dumps(
    {
        "backend": {"url": OWN_URL, "headers": {"Authorization": "Bearer ${TOKEN}"}},
        "models.chat": "glm-5:cloud",
    }
)
ENVIRON = {
    "TOKEN": "own-secret",
    "AWS_SECRET_ACCESS_KEY": "aws",
    "OLLAMA_API_KEY": "key",
    "OLLAMA_HOST": "box:11434",
}
OWN_HEADERS = {"Authorization": "Bearer own-secret"}


def configuration(folder, *, own=OWN, environ=ENVIRON, assignments=()):
    (folder / "settings.json").write_text(own, "utf-8")
    return Configuration(OwnFolder(folder), environ, assignments)


# What the workspace sets; the address and the headers that hold; what has to be asked; what is reported.
EVIL = "http://evil.example:1"
LOOKS_LIKE_LOOPBACK = "http://127.0.0.1.evil.example:80"
WITHOUT_ENCRYPTION = "http://gpu.example:8443"
OTHER_PORT = "https://gpu.example:1"
OTHER_PATH = OWN_URL + "/x"
LOCAL = "http://127.0.0.1:666"
BOX = "http://box:11434"
AWS = "${AWS_SECRET_ACCESS_KEY}"
URL, HEADERS = ("backend.url",), ("backend.headers",)
ADDRESSES = {
    "nothing": ({}, OWN_URL, OWN_HEADERS, (), ()),
    "an unknown host": ({"url": EVIL}, OWN_URL, OWN_HEADERS, (EVIL,), URL),
    "an unknown host with headers": (
        {"url": EVIL, "headers": {"A": "${OLLAMA_API_KEY}"}},
        OWN_URL,
        OWN_HEADERS,
        (EVIL,),
        URL,
    ),
    "the user's host without encryption": (
        {"url": WITHOUT_ENCRYPTION},
        OWN_URL,
        OWN_HEADERS,
        (WITHOUT_ENCRYPTION,),
        URL,
    ),
    "the user's host, another port": ({"url": OTHER_PORT}, OWN_URL, OWN_HEADERS, (OTHER_PORT,), URL),
    "the user's host, another path": ({"url": OTHER_PATH}, OTHER_PATH, OWN_HEADERS, (), ()),
    "a host that looks like loopback": (
        {"url": LOOKS_LIKE_LOOPBACK},
        OWN_URL,
        OWN_HEADERS,
        (LOOKS_LIKE_LOOPBACK,),
        URL,
    ),
    "a host behind a user name": ({"url": "http://127.0.0.1@evil.example"}, OWN_URL, OWN_HEADERS, (), URL),
    "loopback, which gets none of the user's headers": ({"url": LOCAL}, LOCAL, {}, (), ()),
    "OLLAMA_HOST, which gets no headers meant for another": ({"url": BOX}, BOX, {}, (), ()),
    "a variable that is not ours": ({"url": LOCAL, "headers": {"A": AWS}}, LOCAL, {}, (), HEADERS),
    "a variable that is not ours, to the user's host": ({"headers": {"A": AWS}}, OWN_URL, {}, (), HEADERS),
    "a variable that is not ours beside one that is": (
        {"headers": {"A": "${OLLAMA_API_KEY}" + AWS}},
        OWN_URL,
        {},
        (),
        HEADERS,
    ),
    "a variable that is ours": (
        {"url": LOCAL, "headers": {"A": "k ${OLLAMA_API_KEY}"}},
        LOCAL,
        {"A": "k key"},
        (),
        (),
    ),
    "a variable that is not set": ({"headers": {"A": "${GLOSS_NONE}"}}, OWN_URL, {}, (), HEADERS),
}


@pytest.mark.parametrize("case", ADDRESSES.values(), ids=ADDRESSES)
@pytest.mark.parametrize("initial", [True, False])
def test_addresses_and_headers(case, initial, tmp_path):
    said, url, headers, asked, reported = case
    effective = configuration(tmp_path).update_editor({"gloss": {"backend": said}}, initial=initial)
    backend = effective.settings.backend
    assert (backend.url, backend.headers) == (url, headers)
    assert effective.unconfirmed == asked
    assert tuple(problem.name for problem in effective.problems) == reported


def test_without_an_own_address_an_unknown_one_leaves_none(tmp_path):
    effective = configuration(tmp_path, own="{}", environ={}).update_editor(
        {"backend.url": "http://evil.example:1"}
    )
    assert effective.settings.backend.url is None
    assert effective.trusted("backend.url")


def test_the_users_headers_stay_here_when_only_the_editor_names_an_address(tmp_path):
    own = '{"backend": {"headers": {"Authorization": "Bearer own-secret"}}}'
    effective = configuration(tmp_path, own=own, environ={}).update_editor(
        {"backend.url": "http://127.0.0.1:666"}
    )
    assert effective.settings.backend.headers == {}


def test_the_users_own_headers_may_name_any_variable(tmp_path):
    assert configuration(tmp_path).settings.backend.headers == OWN_HEADERS


@pytest.mark.parametrize("name", ["Host", "host", "HOST"])
def test_only_the_user_may_name_another_host_than_that_of_the_address(name, tmp_path):
    raw = {"backend": {"url": "https://gpu.example", "headers": {name: "evil.example", "X-Ours": "1"}}}
    (tmp_path / "settings.json").write_text(json.dumps(raw))
    configuration = Configuration(OwnFolder(tmp_path), {})
    assert configuration.settings.backend.headers == {name: "evil.example", "X-Ours": "1"}
    effective = configuration.update_editor(raw)
    assert effective.settings.backend.headers == {"X-Ours": "1"}
    assert "may not name another host" in str(effective.problems)


def test_a_variable_cannot_smuggle_in_a_second_header(tmp_path):
    environ = {**ENVIRON, "TOKEN": "x\r\nHost: evil.example"}
    it = configuration(tmp_path, environ=environ)
    assert it.settings.backend.headers == {}
    assert "holds characters" in str(it.problems[0])


@pytest.mark.parametrize(("allowed", "url"), [(True, "http://evil.example:1"), (False, OWN_URL)])
def test_an_answer_holds_at_once_and_later(allowed, url, tmp_path):
    editor = {"backend.url": "http://evil.example:1"}
    first = configuration(tmp_path)
    [asked] = first.update_editor(editor).unconfirmed
    later = configuration(tmp_path)
    for effective in (first.confirm(asked, allowed=allowed), first.effective):
        assert effective.settings.backend.url == url
        assert effective.settings.backend.headers == (OWN_HEADERS if url == OWN_URL else {})
        assert effective.unconfirmed == ()
    assert later.update_editor(editor).unconfirmed == (asked,)
    again = configuration(tmp_path).update_editor(editor)
    assert again.settings.backend.url == url
    assert again.unconfirmed == ()
    assert bool(again.problems) is not allowed


def test_an_answer_is_for_one_origin_alone(tmp_path):
    it = configuration(tmp_path)
    it.confirm("http://evil.example:1")
    effective = it.update_editor({"backend.url": "http://evil.example:2"})
    assert effective.unconfirmed == ("http://evil.example:2",)


def test_the_command_line_is_not_overridden(tmp_path):
    it = configuration(tmp_path, assignments=["backend.url=http://mine:1", "models.chat=mine"])
    effective = it.update_editor({"backend.url": "http://evil.example", "models.chat": "theirs"})
    assert (effective.settings.backend.url, effective.settings.models.chat) == ("http://mine:1", "mine")
    assert effective.unconfirmed == ()


REDACT, EXCLUDE = ("privacy.redact",), ("privacy.exclude",)
UNMASKED = '{"privacy.redact": false}'
PRIVACY = {
    "switching masking off": ({"redact": False}, "{}", True, DEFAULT_EXCLUDE, REDACT),
    "switching masking off, as the user did": ({"redact": False}, UNMASKED, False, DEFAULT_EXCLUDE, ()),
    "switching masking on": ({"redact": True}, UNMASKED, True, DEFAULT_EXCLUDE, ()),
    "excluding nothing": ({"exclude": []}, "{}", True, DEFAULT_EXCLUDE, ()),
    "excluding more": ({"exclude": ["*.x"]}, "{}", True, (*DEFAULT_EXCLUDE, "*.x"), ()),
    "excluding more than the user": (
        {"exclude": ["*.x"]},
        '{"privacy.exclude": ["*.y"]}',
        True,
        ("*.y", "*.x"),
        (),
    ),
    "taking back what is excluded": ({"exclude": ["!.env"]}, "{}", True, DEFAULT_EXCLUDE, EXCLUDE),
}


@pytest.mark.parametrize("case", PRIVACY.values(), ids=PRIVACY)
def test_privacy_is_never_weakened(case, tmp_path):
    said, own, redact, exclude, reported = case
    effective = configuration(tmp_path, own=own).update_editor({"gloss": {"privacy": said}})
    privacy = effective.settings.privacy
    assert (privacy.redact, privacy.exclude) == (redact, tuple(exclude))
    assert tuple(problem.name for problem in effective.problems) == reported


def test_exclusions_of_the_command_line_are_added_to_as_well(tmp_path):
    it = configuration(tmp_path, assignments=['privacy.exclude=["*.a"]'])
    assert it.update_editor({"privacy.exclude": ["*.b"]}).settings.privacy.exclude == ("*.a", "*.b")


def test_only_models_that_the_user_named_may_run_elsewhere(tmp_path):
    effective = configuration(tmp_path).update_editor(
        {"models": {"chat": "other:cloud", "complete": "glm-5:cloud"}}
    )
    assert effective.settings.models.chat == "other:cloud"
    assert not effective.trusted("models.chat")
    assert effective.trusted_models == {"glm-5:cloud"}


PEM = "/etc/ssl/evil.pem"


@pytest.mark.parametrize(
    ("own", "holds"), [("{}", None), ('{"backend.certificates": "/own.pem"}', "/own.pem")]
)
def test_only_the_user_says_which_authorities_to_trust(own, holds, tmp_path):
    it = configuration(tmp_path, own=own)
    effective = it.update_editor({"backend": {"certificates": PEM, "url": "http://127.0.0.1:1"}})
    assert effective.settings.backend.certificates == holds
    assert [problem.name for problem in effective.problems] == ["backend.certificates"]
    assert effective.settings.backend.url == "http://127.0.0.1:1"


def test_what_the_user_says_of_authorities_may_be_said_again(tmp_path):
    it = configuration(tmp_path, own='{"backend.certificates": "/own.pem"}')
    assert it.update_editor({"backend.certificates": "/own.pem"}).problems == ()


TEAM = "https://models.team.example:443"


def test_a_server_of_the_other_kind_is_confirmed_as_any(tmp_path):
    it = configuration(tmp_path, own="{}", environ={"GLOSS_API_KEY": "k"})
    said = {"kind": "openai", "url": f"{TEAM}/v1", "headers": {"Authorization": "Bearer ${GLOSS_API_KEY}"}}
    effective = it.update_editor({"backend": said})
    assert effective.unconfirmed == (TEAM,)
    backend = effective.settings.backend
    assert (backend.kind, backend.url, backend.headers) == ("openai", None, {})
    backend = it.confirm(TEAM).settings.backend
    assert (backend.url, backend.headers) == (TEAM, {"Authorization": "Bearer k"})


@pytest.mark.parametrize("where", ["own", "editor"])
def test_ollamas_variable_names_no_server_of_the_other_kind(where, tmp_path):
    kind = {"backend": {"kind": "openai"}}
    own = json.dumps(kind) if where == "own" else "{}"
    it = configuration(tmp_path, own=own, environ={"OLLAMA_HOST": "box:11434"})
    if where == "editor":
        it.update_editor(kind)
    assert it.settings.backend.url is None
    assert "backend.url" not in it.effective.origins
    assert it.effective.problems == ()


def test_the_same_address_in_ones_own_words_does(tmp_path):
    environ = {"OLLAMA_HOST": "box:11434", "GLOSS_BACKEND_KIND": "openai", "GLOSS_BACKEND_URL": BOX}
    assert configuration(tmp_path, own="{}", environ=environ).settings.backend.url == BOX
