"""What is written as settings, and what comes of it: shapes, wrong values, sources and their order."""

from __future__ import annotations

import json
import math
import os
import stat

import pytest

from gloss_lsp.address import AddressError, ollama_url, read_url
from gloss_lsp.configuration import Configuration
from gloss_lsp.core.privacy import DEFAULT_EXCLUDE
from gloss_lsp.errors import Refused
from gloss_lsp.settings import Settings, parse
from gloss_lsp.settings_help import describe, schema
from gloss_lsp.settings_sources import OwnFolder, SettingError, variables_of

SHAPES = {
    "nested": {"complete": {"maxTokens": 7}},
    "dotted": {"complete.maxTokens": 7},
    "nested in the section": {"gloss": {"complete": {"maxTokens": 7}}},
    "dotted in the section": {"gloss": {"complete.maxTokens": 7}},
    "dotted with the section": {"gloss.complete.maxTokens": 7},
    "group dotted with the section": {"gloss.complete": {"maxTokens": 7}},
    "beside the settings of others": {
        "gloss": {"complete": {"maxTokens": 7}},
        "python": {"x": 1},
        "backend": 3,
    },
    "a number that JSON wrote with a point": {"complete": {"maxTokens": 7.0}},
}


@pytest.mark.parametrize("raw", SHAPES.values(), ids=SHAPES)
def test_every_shape_that_editors_send_is_read(raw):
    settings, problems = parse(raw)
    assert settings.complete.max_tokens == 7
    assert problems == []


@pytest.mark.parametrize(
    "raw", [None, {}, {"gloss": {}}, {"gloss": None}, {"complete": None}, {"complete": {"maxTokens": None}}]
)
def test_nothing_said_means_the_defaults(raw):
    assert parse(raw) == (Settings(), [])


WRONG = [
    ({"backend": {"certificates": "team.pem"}}, "backend.certificates", "the whole path of a file"),
    (
        {"backend": {"certificates": "~nobody-is-called-so/x"}},
        "backend.certificates",
        "the whole path of a file",
    ),
    ({"backend": {"certificates": 7}}, "backend.certificates", "the whole path of a file"),
    ({"backend": {"parallel": 0}}, "backend.parallel", "a whole number from 1 to 64"),
    ({"complete": {"maxTokens": "many"}}, "complete.maxTokens", "must be a whole number from 1"),
    ({"complete": {"maxTokens": 0}}, "complete.maxTokens", "not 0"),
    ({"complete": {"maxTokens": True}}, "complete.maxTokens", "not true"),
    ({"complete": {"maxTokens": 1.5}}, "complete.maxTokens", "not 1.5"),
    ({"complete": {"maxTokens": 10**400}}, "complete.maxTokens", "must be"),
    ({"backend": {"stallTimeout": 0}}, "backend.stallTimeout", "above 0"),
    ({"backend": {"connectTimeout": -1}}, "backend.connectTimeout", "above 0"),
    ({"backend": {"connectTimeout": math.nan}}, "backend.connectTimeout", "above 0"),
    ({"backend": {"connectTimeout": math.inf}}, "backend.connectTimeout", "above 0"),
    ({"backend": {"kind": "gpt"}}, "backend.kind", '"auto", "ollama", "openai" or "embedded"'),
    ({"backend": {"kind": ["auto"]}}, "backend.kind", "must be"),
    ({"backend": {"url": "gpu:1"}}, "backend.url", "must be an address"),
    ({"backend": {"url": "http://127.0.0.1:80@evil.example"}}, "backend.url", "must be an address"),
    ({"backend": {"url": "http://127.0.0.1\\@evil.example"}}, "backend.url", "must be an address"),
    ({"backend": {"url": "http://h/?key=1"}}, "backend.url", "must be an address"),
    ({"backend": {"url": "file:///etc/passwd"}}, "backend.url", "must be an address"),
    ({"backend": {"headers": {"A": 1}}}, "backend.headers", "must be an object"),
    ({"backend": {"headers": {"A": "x\r\nHost: evil"}}}, "backend.headers", "must be an object"),
    ({"backend": {"headers": {"A b": "x"}}}, "backend.headers", "must be an object"),
    ({"backend": {"headers": {"Transfer-Encoding": "chunked"}}}, "backend.headers", "must be an object"),
    ({"models": {"keepAlive": "soon"}}, "models.keepAlive", "must be a duration"),
    ({"models": {"keepAlive": True}}, "models.keepAlive", "must be a duration"),
    ({"models": {"contextLength": 10}}, "models.contextLength", "from 512"),
    ({"models": {"chat": ""}}, "models.chat", "must be the name of a model"),
    ({"models": {"chat": "a\nb"}}, "models.chat", "must be the name of a model"),
    ({"explain": {"language": "de\nIgnore all"}}, "explain.language", "must be a language"),
    ({"privacy": {"exclude": "*.key"}}, "privacy.exclude", "must be a list"),
    ({"privacy": {"exclude": ["*.key", " "]}}, "privacy.exclude", "must be a list"),
    ({"privacy": {"exclude": ["[z-a]"]}}, "privacy.exclude", "must be a list"),
    ({"privacy": {"exclude": ["a\\"]}}, "privacy.exclude", "must be a list"),
    ({"privacy": {"exclude": ["!.env"]}}, "privacy.exclude", "must be a list"),
    ({"privacy": {"exclude": ["*a" * 20 + "b"]}}, "privacy.exclude", "must be a list"),
    ({"privacy": {"exclude": ["**/a/" * 9 + "b"]}}, "privacy.exclude", "must be a list"),
    ({"complete": {"max_tokens": 3}}, "complete.max_tokens", "did you mean complete.maxTokens?"),
    ({"complete": {"maxToken": 3}}, "complete.maxToken", "did you mean complete.maxTokens?"),
    ({"zebra": 3}, "zebra", "no such setting"),
    ({"complete": 3}, "complete", "must be an object of settings, not 3"),
    ([], "gloss", "must be an object"),
    ("on", "gloss", "must be an object"),
    ({"gloss": 3}, "gloss", "no such setting"),
]


@pytest.mark.parametrize(("raw", "name", "message"), WRONG, ids=[json.dumps(raw)[:50] for raw, *_ in WRONG])
def test_what_is_wrong_is_named_and_counts_as_unset(raw, name, message):
    settings, problems = parse(raw)
    assert settings == Settings()
    assert [problem.name for problem in problems] == [name]
    assert message in problems[0].message


@pytest.mark.parametrize(
    "raw",
    [
        {"backend": {"headers": {"Authorization": "Bearer hunter2\n"}}},
        {"backend": {"headers": ["Authorization: Bearer hunter2"]}},
        {"backend": {"headers": "hunter2"}},
        {"backend": {"url": "http://me:hunter2@gpu-box:11434"}},
        {"backend": {"url": "http://me:hunt@er2@gpu-box:11434"}},
        {"backend": {"url": "me:hunter2@gpu-box"}},
        {"backend": "http://me:hunter2@gpu-box:11434"},
    ],
    ids=str,
)
def test_a_message_quotes_no_key(raw):
    [problem] = parse(raw)[1]
    assert "hunt" not in str(problem)
    assert "er2" not in str(problem)


@pytest.mark.parametrize("name", ["hover.explain", "backend.headers", "zebra", "models"])
def test_what_is_nested_deep_is_wrong_as_anything_else(name):
    deep = []
    for _ in range(2_000):
        deep = [deep]
    assert [problem.name for problem in parse({name: deep})[1]] == [name]


def test_what_is_right_holds_beside_what_is_wrong():
    settings, problems = parse({"complete": {"maxTokens": "x", "debounce": 10}, "hover.explain": "off"})
    assert (settings.complete.debounce, settings.hover.explain) == (10, "off")
    assert len(problems) == 1


TAKEN = [
    ("models.keepAlive", "1h30m", "1h30m"),
    ("models.keepAlive", -1, -1),
    ("models.keepAlive", "300", 300),
    ("backend.url", "HTTP://Gpu-Box:8080/", "http://gpu-box:8080"),
    ("backend.url", "http://0.0.0.0:11434/api", "http://127.0.0.1:11434"),
    ("backend.url", "https://box/team/v1/", "https://box:443/team"),
    ("backend.url", "https://box/api/v1", "https://box:443/api"),
    ("backend.certificates", "/etc/team.pem", "/etc/team.pem"),
    ("backend.certificates", "~/team.pem", "~/team.pem"),
    ("backend.parallel", 8, 8),
    ("models.chat", "/srv/models/x.gguf", "/srv/models/x.gguf"),
    ("explain.language", "pt-BR", "pt-BR"),
    ("explain.language", "Tiếng Việt", "Tiếng Việt"),
    ("models.chat", "hf.co/Qwen/Q3-GGUF:Q4_K_M", "hf.co/Qwen/Q3-GGUF:Q4_K_M"),
    ("backend.headers", {"Authorization": "Bearer ${X}"}, {"Authorization": "Bearer ${X}"}),
]


@pytest.mark.parametrize(("name", "written", "taken"), TAKEN)
def test_values_are_taken_as_they_are_used(name, written, taken, tmp_path):
    configuration = Configuration(
        OwnFolder(tmp_path), {}, [f"{name}={written if isinstance(written, str) else json.dumps(written)}"]
    )
    assert configuration.effective.values[name] == taken


# What `envconfig/config.go` of Ollama makes of each, and then the address that can be connected to.
OLLAMA_HOSTS = [
    ("127.0.0.1:1234", "http://127.0.0.1:1234"),
    ("gpu", "http://gpu:11434"),
    ("http://gpu", "http://gpu:80"),
    ("https://gpu", "https://gpu:443"),
    ("https://gpu:9/base/", "https://gpu:9/base"),
    ("gpu:9/base/api", "http://gpu:9/base"),
    (":1234", "http://127.0.0.1:1234"),
    ("::1", "http://[::1]:11434"),
    ("[::1]:7", "http://[::1]:7"),
    ("[::1]", "http://[::1]:11434"),
    ("0.0.0.0", "http://127.0.0.1:11434"),
    ("[::]:8", "http://[::1]:8"),
    ("gpu:99999", "http://gpu:11434"),
    ("http://gpu:99999", "http://gpu:80"),
    ("gpu:port", "http://gpu:11434"),
    (' "1.2.3.4" ', "http://1.2.3.4:11434"),
    ("ollama.com", "https://ollama.com:443"),
]


@pytest.mark.parametrize(("host", "url"), OLLAMA_HOSTS)
def test_ollama_host_is_read_by_ollamas_rules(host, url):
    assert ollama_url(host) == url


@pytest.mark.parametrize("host", ["ftp://gpu", "user:pw@gpu:1", "gpu gpu"])
def test_an_ollama_host_that_names_no_address_is_refused(host):
    with pytest.raises(AddressError):
        ollama_url(host)


@pytest.mark.parametrize(
    ("url", "loopback"),
    [
        ("http://127.0.0.1:1", True),
        ("http://127.9.9.9", True),
        ("http://[::1]:1", True),
        ("http://localhost", True),
        ("http://LOCALHOST:3", True),
        ("http://0.0.0.0", True),
        ("http://localhost.evil.example", False),
        ("http://127.0.0.1.evil.example", False),
        ("http://2130706433", False),
        ("http://127.1", False),
        ("http://0x7f.1", False),
        ("http://192.168.0.2", False),
        ("http://[fe80::1]", False),
    ],
)
def test_loopback_is_told_by_number_and_not_by_looks(url, loopback):
    assert read_url(url).loopback is loopback


def test_the_sources_go_over_each_other_in_order(tmp_path):
    """Each source sets everything that the sources over it set, and one thing more."""
    sources = ["own", "environment", "initial", "later", "command line"]
    names = ["debounce", "listWait", "maxTokens", "maxTime", "ahead"]

    def said(source):
        value = sources.index(source) + 1
        return {f"complete.{name}": value for name in names[value - 1 : 4]}

    (tmp_path / "settings.json").write_text(json.dumps({"gloss": said("own")}), "utf-8")
    environ = {variables_of(name)[0]: str(value) for name, value in said("environment").items()}
    configuration = Configuration(
        OwnFolder(tmp_path), {"OLLAMA_HOST": "gpu", **environ}, ["complete.ahead=true"]
    )
    configuration.update_editor(said("initial"), initial=True)
    configuration.update_editor({"gloss": said("later")})
    complete = configuration.settings.complete
    assert (complete.debounce, complete.list_wait, complete.max_tokens, complete.max_time) == (1, 2, 3, 4.0)
    assert configuration.effective.origins == {
        "backend.url": "OLLAMA_HOST",
        "complete.debounce": str(tmp_path / "settings.json"),
        "complete.listWait": "GLOSS_COMPLETE_LIST_WAIT",
        "complete.maxTokens": "the editor",
        "complete.maxTime": "the editor",
        "complete.ahead": "--set",
    }
    assert configuration.problems == ()


def test_what_the_editor_says_now_replaces_what_it_said_before(tmp_path):
    configuration = Configuration(OwnFolder(tmp_path), {})
    configuration.update_editor({"complete": {"debounce": 5, "listWait": 5}}, initial=True)
    configuration.update_editor({"complete": {"debounce": 6, "maxTime": "x"}})
    assert len(configuration.problems) == 1
    configuration.update_editor({"complete": {"maxTokens": 9}})
    complete = configuration.settings.complete
    assert (complete.debounce, complete.list_wait, complete.max_tokens) == (5, 5, 9)
    assert configuration.problems == ()


def test_a_wrong_value_leaves_that_of_the_source_below(tmp_path):
    configuration = Configuration(OwnFolder(tmp_path), {"GLOSS_COMPLETE_DEBOUNCE": "9"})
    configuration.update_editor({"complete.debounce": "soon"})
    assert configuration.settings.complete.debounce == 9


ENVIRONMENT = [
    ({"GLOSS_COMPLETE_MAX_TOKENS": "7"}, "complete.maxTokens", 7),
    ({"GLOSS_COMPLETE_MAXTOKENS": "7"}, "complete.maxTokens", 7),
    ({"GLOSS_MODELS_CHAT": "123"}, "models.chat", "123"),
    ({"GLOSS_MODELS_KEEP_ALIVE": "-1"}, "models.keepAlive", -1),
    ({"GLOSS_MODELS_KEEP_ALIVE": "10m"}, "models.keepAlive", "10m"),
    ({"OLLAMA_KEEP_ALIVE": "24h"}, "models.keepAlive", "24h"),
    ({"OLLAMA_KEEP_ALIVE": "24h", "GLOSS_MODELS_KEEP_ALIVE": "1h"}, "models.keepAlive", "1h"),
    ({"OLLAMA_HOST": "gpu:1", "GLOSS_BACKEND_URL": "http://other:2"}, "backend.url", "http://other:2"),
    ({"GLOSS_PRIVACY_EXCLUDE": '["*.x"]'}, "privacy.exclude", ("*.x",)),
    ({"GLOSS_PRIVACY_REDACT": "false"}, "privacy.redact", False),
    ({"GLOSS_BACKEND_HEADERS": '{"A": "b"}'}, "backend.headers", {"A": "b"}),
]


@pytest.mark.parametrize(("environ", "name", "value"), ENVIRONMENT)
def test_the_environment_sets(environ, name, value, tmp_path):
    configuration = Configuration(OwnFolder(tmp_path), environ)
    assert configuration.effective.values == {name: value}
    assert configuration.problems == ()
    assert configuration.effective.trusted(name)


@pytest.mark.parametrize(
    ("environ", "name", "message"),
    [
        ({"GLOSS_COMPLETE_MAX_TOKENS": "many"}, "GLOSS_COMPLETE_MAX_TOKENS", "must be a whole number"),
        ({"GLOSS_MODEL_CHAT": "x"}, "GLOSS_MODEL_CHAT", "did you mean GLOSS_MODELS_CHAT?"),
        ({"OLLAMA_HOST": "ftp://x"}, "OLLAMA_HOST", "must be an address"),
    ],
)
def test_a_wrong_variable_is_reported_by_its_own_name(environ, name, message, tmp_path):
    configuration = Configuration(OwnFolder(tmp_path), environ)
    assert configuration.settings == Settings()
    [problem] = configuration.problems
    assert problem.name == name
    assert message in problem.message


def test_variables_that_are_no_settings_are_left_alone(tmp_path):
    environ = {"GLOSS_API_KEY": "x", "GLOSSARY": "y", "GLOSS_COMPLETE_DEBOUNCE": ""}
    assert Configuration(OwnFolder(tmp_path), environ).effective.values == {}
    assert Configuration(OwnFolder(tmp_path), environ).problems == ()


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"{", "is not JSON at line 1, column 2"),
        (b"\xff\xfe{}", "is not JSON in UTF-8"),
        (b"[" * 100_000, "is not JSON"),
        (b"[]", "must be an object"),
    ],
)
def test_an_own_file_that_is_damaged_is_reported_and_ignored(content, message, tmp_path):
    (tmp_path / "settings.json").write_bytes(content)
    configuration = Configuration(OwnFolder(tmp_path), {})
    assert configuration.settings == Settings()
    assert message in str(configuration.problems[0])


def test_an_own_file_with_a_byte_order_mark_is_read(tmp_path):
    (tmp_path / "settings.json").write_text('{"complete.debounce": 3}', "utf-8-sig")
    assert Configuration(OwnFolder(tmp_path), {}).settings.complete.debounce == 3


def test_the_own_file_is_read_again_when_the_editor_speaks(tmp_path):
    configuration = Configuration(OwnFolder(tmp_path), {})
    (tmp_path / "settings.json").write_text('{"complete.debounce": 3}', "utf-8")
    configuration.update_editor({})
    assert configuration.settings.complete.debounce == 3


@pytest.mark.parametrize(
    "assignment",
    ["complete.maxTokens", "complete.maxTokens=many", "complete.maxTime=", "nothing=1", "=1", ""],
)
def test_a_wrong_assignment_is_an_error(assignment, tmp_path):
    with pytest.raises(SettingError, match="--set"):
        Configuration(OwnFolder(tmp_path), {}, [assignment])


def test_answers_are_kept_where_only_the_user_can_read_them(tmp_path):
    folder = OwnFolder(tmp_path / "new" / "gloss")
    assert folder.answers() == {}
    folder.remember("http://gpu:1", allowed=True)
    folder.remember("http://evil:1", allowed=False)
    assert folder.answers() == {"http://gpu:1": True, "http://evil:1": False}
    [file] = folder.path.iterdir()
    if os.name == "posix":
        assert stat.S_IMODE(folder.path.stat().st_mode) == 0o700
        assert stat.S_IMODE(file.stat().st_mode) == 0o600


@pytest.mark.parametrize("content", ["", "[]", "{", '{"http://evil:1": "yes"}'])
def test_damaged_answers_allow_nothing(content, tmp_path):
    (tmp_path / "addresses.json").write_text(content, "utf-8")
    assert OwnFolder(tmp_path).answers() == {}


def test_every_setting_has_a_meaning_and_a_default_that_it_takes():
    rows = describe()
    assert {row.name: row.default for row in rows}["privacy.exclude"] == list(DEFAULT_EXCLUDE)
    for row in rows:
        assert row.meaning.endswith(".")
        assert parse({row.name: row.default}) == (Settings(), []), row.name


def test_the_schema_holds_every_setting():
    properties = schema()["properties"]
    assert [f"{group}.{name}" for group in properties for name in properties[group]["properties"]] == [
        row.name for row in describe()
    ]


def test_headers_do_not_show_in_logs():
    settings, _ = parse({"backend": {"headers": {"Authorization": "Bearer s3cret"}}})
    assert "s3cret" not in repr(settings)


def test_a_model_that_the_user_chooses_goes_over_everything_but_is_no_trusted_word(tmp_path):
    configuration = Configuration(OwnFolder(tmp_path), {}, ["models.chat=fixed"])
    configuration.update_editor({"models": {"chat": "theirs", "complete": "theirs"}})
    effective = configuration.choose_model("chat", "mine")
    assert (effective.settings.models.chat, effective.settings.models.complete) == ("mine", "theirs")
    assert effective.origins["models.chat"] == "a choice in the editor"
    assert effective.trusted_models == {"fixed"}
    with pytest.raises(Refused, match="The model for chat must be the name of a model"):
        configuration.choose_model("chat", "a b")


def test_of_a_list_only_what_is_wrong_is_left_out():
    settings, [problem] = parse({"privacy": {"exclude": ["*.sql", "!.env", 3, "notes/"]}})
    assert settings.privacy.exclude == (*DEFAULT_EXCLUDE, "*.sql", "notes/")
    assert problem.name == "privacy.exclude"
    assert '"!.env", 3 is left out' in problem.message
