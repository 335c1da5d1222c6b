"""The models that Ollama has: what each can do, loading, and the library."""

import json

import pytest

from gloss_lsp.backends.base import BackendSettings, Model
from gloss_lsp.backends.ollama import Ollama, wire
from gloss_lsp.backends.ollama.describe import likely_context
from gloss_lsp.backends.structure import read
from gloss_lsp.core.choose import same_model
from gloss_lsp.errors import Interrupted, ModelMissing, NoModel, OutOfMemory

CODER = "qwen2.5-coder:1.5b"


def one(models, name):
    return next(model for model in models if model.name == name)


ABLE = [
    # what the server says of a model; chat, fill, thinking, embedding
    ({"capabilities": ["completion", "insert"], "name": CODER}, (True, "raw", False, False)),
    ({"name": "my-coder:latest", "template": "{{ .Prompt }}"}, (True, "raw", False, False)),
    ({"name": "work:1", "model_info": {"general.basename": "Qwen2.5-Coder"}}, (True, "raw", False, False)),
    (
        {"name": "work:1", "model_info": {"general.base_model.0.name": "Qwen2.5 Coder"}},
        (True, "raw", False, False),
    ),
    ({"name": "qwen2.5:7b"}, (True, "none", False, False)),
    (
        {"name": "new:1b", "family": "new", "capabilities": ["completion", "insert"]},
        (True, "suffix", False, False),
    ),
    (
        {"name": "qwen3:4b", "family": "qwen3", "capabilities": ["completion", "thinking"]},
        (True, "none", True, False),
    ),
    (
        {"name": "nomic:latest", "family": "nomic-bert", "capabilities": ["embedding"]},
        (False, "none", False, True),
    ),
    (
        {"name": "qwen3-coder:480b-cloud", "family": "qwen3moe", "remote_host": "https://ollama.com"},
        (True, "none", False, False),
    ),
]


@pytest.mark.parametrize("in_tags", [True, False])
@pytest.mark.parametrize(("said", "able"), ABLE)
async def test_what_a_model_can_do(ollama, fake, said, able, in_tags):
    fake.script(models=[said], capabilities_in_tags=in_tags)
    [model] = await ollama.models()
    assert (model.chat, model.fill, model.thinking, model.embedding) == able
    assert model.name == said["name"]
    assert model.remote_host == said.get("remote_host", "")
    assert (model.trained_context, model.parameters, model.size) == (32768, "1.5B", 986_061_892)
    assert not model.loaded


SILENT = [
    # a server before 0.6.4 names no capabilities at all
    ({"details": {"family": "bert"}}, {}, (False, "none", True)),
    ({"details": {"family": "new"}}, {"model_info": {"new.pooling_type": 1}}, (False, "none", True)),
    ({"details": {"family": "new"}}, {"template": "{{ .Prompt }}{{ .Suffix }}"}, (True, "suffix", False)),
    ({"details": {"family": "new"}}, {"template": "{{ .Prompt }}"}, (True, "none", False)),
    (
        {"details": None, "size": "x", "digest": 5},
        {"template": None, "model_info": None},
        (True, "none", False),
    ),
]


@pytest.mark.parametrize(("tag", "shown", "able"), SILENT)
async def test_what_an_old_server_does_not_say_is_guessed(ollama, fake, tag, shown, able):
    fake.script(
        rules=[
            {"kind": "tags", "raw": json.dumps({"models": [{"name": "m:1", **tag}]})},
            {"kind": "show", "raw": json.dumps(shown)},
        ]
    )
    [model] = await ollama.models()
    assert (model.chat, model.fill, model.embedding) == able


async def test_each_version_of_a_model_is_asked_about_once(ollama, fake):
    fake.script(models=[{"name": f"m{number}:1"} for number in range(10)])
    await ollama.models()
    await ollama.models()
    assert len(fake.requests("show")) == 10
    fake.script(
        models=[{"name": "m0:1"}, {"name": "m1:1", "digest": "new"}, {"name": "copy:1", "digest": "new"}]
    )
    await ollama.models()
    assert [request["body"]["model"] for request in fake.requests("show")[10:]] == ["m1:1", "copy:1"]


async def test_a_model_that_cannot_be_read_hides_no_other(ollama, fake):
    fake.script(rules=[{"kind": "show", "model": CODER, "error": "open manifest: broken"}])
    models = await ollama.models()
    assert one(models, CODER) == Model(
        CODER, size=986_061_892, parameters="1.5B", family="qwen2", chat=True, fill="none"
    )
    assert one(models, "nomic-embed-text:latest").embedding


async def test_a_loaded_model_has_the_context_that_the_server_says(ollama, fake):
    model = await ollama.load(CODER)
    assert (model.loaded, model.context, model.memory) == (True, 4096, 986_061_892)
    assert fake.requests("load")[0]["body"] == {"model": CODER, "stream": False, "options": {}}
    assert [running.context_length for running in await ollama.running()] == [4096]
    await ollama.unload(CODER)
    assert fake.loaded() == {}
    assert not one(await ollama.models(), CODER).loaded


async def test_a_model_is_loaded_by_a_name_without_its_tag(ollama, fake):
    fake.script(models=[{"name": "mine:latest"}])
    assert (await ollama.load("mine")).name == "mine:latest"


OLD = [
    # version; what was asked for, trained, set in the Modelfile; the context
    ("0.9.6", None, 32768, "", 4096),
    ("0.6.6", None, 32768, "", 2048),
    ("0.0.0", None, 32768, "", 4096),
    ("0.9.6", None, 1024, "", 1024),
    ("0.9.6", 8192, 32768, "", 8192),
    ("0.9.6", 8192, 4096, "", 4096),
    ("0.9.6", None, 32768, 'num_ctx                        16384\nstop "x"', 16384),
]


@pytest.mark.parametrize(("version", "asked", "trained", "parameters", "context"), OLD)
async def test_the_context_that_an_old_server_does_not_say(
    *, fake, version, asked, trained, parameters, context
):
    fake.script(
        version=version,
        context_in_ps=False,
        models=[{"name": "m:1", "context_length": trained, "parameters": parameters}],
    )
    ollama = Ollama(BackendSettings(fake.url, context_length=asked))
    assert (await ollama.load("m:1")).context == context
    await ollama.aclose()


def test_the_context_of_a_model_of_which_nothing_is_known():
    assert likely_context(None, None, "0.9.6") == 4096


LOAD_FAILURES = [
    ({"error": "model requires more system memory (9 GiB) than is available (3 GiB)"}, OutOfMemory),
    ({"error": "llama-server reported out-of-memory during startup: x"}, OutOfMemory),
    ({"raw": "<html>"}, Interrupted),
    ({"raw": '{"error": "boo"}'}, Interrupted),
    ({"closes_at_once": True}, Interrupted),
]


@pytest.mark.parametrize(("rule", "kind"), LOAD_FAILURES)
async def test_a_load_that_fails_says_why(ollama, fake, rule, kind):
    fake.script(rules=[{"kind": "load", **rule}])
    with pytest.raises(kind):
        await ollama.load(CODER)


async def test_models_that_cannot_be_loaded(ollama):
    with pytest.raises(NoModel):
        await ollama.load("nomic-embed-text")
    with pytest.raises(ModelMissing):
        await ollama.load("nope")


async def test_a_load_takes_as_long_as_it_takes(fake):
    fake.script(load_seconds=1.5)
    ollama = Ollama(BackendSettings(fake.url, stall_timeout=1))
    assert (await ollama.load(CODER)).loaded
    await ollama.aclose()


@pytest.mark.parametrize(
    ("one", "other", "are"),
    [
        ("a", "a:latest", True),
        ("A:Latest", "a", True),
        ("a:1b", "a:1B", True),
        ("host:80/lib/a", "host:80/lib/a:latest", True),
        ("a:1b", "a", False),
        ("a", "lib/a", False),
    ],
)
def test_names_that_mean_one_model(one, other, are):
    assert same_model(one, other) is are


def test_fields_of_wrong_types_do_no_harm():
    tags = read(b'{"models": [{"name": 5, "size": true, "capabilities": ["a", 3]}, null, 7]}', wire.Tags)
    assert tags.models == (wire.Tag(capabilities=("a", "")), wire.Tag())
    line = read(b'{"response": "\\ud83dx", "eval_count": 1e999, "done": "true", "message": []}', wire.Line)
    assert line == wire.Line(response="\ufffdx")
