"""The one way to a model: what is refused, what is sent, what comes back, and what everybody is told."""

from __future__ import annotations

import asyncio
import json
import os
from contextlib import aclosing

import attrs
import pytest
from attrs import evolve

from gloss_lsp.actions.base import Gap, Prompt
from gloss_lsp.backends.base import Chat, Fill, Message, Piece, Usage
from gloss_lsp.configuration import Configuration
from gloss_lsp.errors import (
    BackendError,
    CannotFill,
    Interrupted,
    ModelMissing,
    NoModel,
    OutOfMemory,
    Refused,
    Superseded,
    TooLong,
    Unreachable,
)
from gloss_lsp.gateway import LONGEST_TOKEN
from gloss_lsp.scheduler import Priority
from gloss_lsp.settings_sources import OwnFolder
from scripted import CHAT, CLOUD, CODER, EMBEDDED, MODELS_UNREACHABLE, SMALL_CHAT, World, settle

ASKED, TYPED, CONTINUED, BACKGROUND = Priority
PROMPT = Prompt("Be brief.", "What is this?")
GAP = Gap("def f(", "): pass", max_tokens=32, stop=("\n\n",))


@pytest.fixture
async def world():
    world = World()
    world.ollama.models_there = [CODER]
    yield world
    assert world.ollama.open_backends == world.embedded.open_backends == 0
    assert world.log.count("ollama chat") + world.log.count("ollama fill") == world.log.count("ollama closed")


@pytest.fixture
async def gateways(world, tmp_path):
    made = []

    def make(*assignments, grace=0):
        configuration = Configuration(OwnFolder(tmp_path), {}, assignments)
        made.append((world.gateway(configuration, grace=grace), configuration))
        return made[-1][0]

    make.configuration = lambda: made[-1][1]
    yield make
    for gateway, _ in made:
        await gateway.aclose()


def ask(gateway, prompt=PROMPT, *, task="chat", path="main.py", priority=ASKED, **options):
    return gateway.ask(prompt, task=task, path=path, priority=priority, **options)


async def answer(gateway, *args, **options):
    stream = ask(gateway, *args, **options)
    async with aclosing(stream):
        return "".join([piece.text async for piece in stream])


async def told(gateway, *args, **options):
    """The answer, or the kind of error that came instead."""
    try:
        return await answer(gateway, *args, **options)
    except (Superseded, Refused, TooLong, BackendError) as error:
        return type(error).__name__


async def test_a_prompt_is_sent_as_a_chat(world, gateways):
    assert await answer(gateways()) == "What is this?"
    assert world.ollama.requests == [
        Chat(CODER.name, (Message("system", "Be brief."), Message("user", "What is this?")))
    ]
    assert world.log == ["ollama models", f"ollama load {CODER.name}", "ollama chat", "ollama closed"]


async def test_a_gap_is_sent_as_a_gap(world, gateways):
    assert await answer(gateways(), GAP, task="complete") == "def f(|): pass"
    assert world.ollama.requests == [Fill(CODER.name, "def f(", "): pass", 32, ("\n\n",))]


async def test_a_prompt_goes_with_all_that_it_asks_for(world, gateways):
    prompt = Prompt("", "Hi", max_tokens=9, schema={"type": "object"}, stop=("x",))
    await answer(gateways(), prompt)
    assert world.ollama.requests == [
        Chat(CODER.name, (Message("user", "Hi"),), 9, ("x",), {"type": "object"})
    ]


@pytest.mark.parametrize(
    ("model", "setting", "asked"), [(CHAT, "true", True), (CHAT, "false", False), (CODER, "true", False)]
)
async def test_thinking_is_asked_for_by_the_setting_and_only_of_those_who_can(
    world, gateways, model, setting, asked
):
    world.ollama.models_there = [model]
    await answer(gateways(f"models.think={setting}"))
    assert world.ollama.requests[0].think is asked


@pytest.mark.parametrize("priority", Priority)
@pytest.mark.parametrize("prompt", [PROMPT, GAP])
async def test_nothing_of_a_private_file_is_sent_for_any_feature(world, gateways, prompt, priority):
    gateway = gateways()
    with pytest.raises(Refused, match=r"\.env is sent to a model"):
        await answer(gateway, prompt, path="/work/.env", priority=priority)
    assert world.log == [], "not even a connection is made"
    with pytest.raises(Refused):
        gateway.refuse("/work/.env")
    gateway.refuse("/work/main.py")


async def test_what_an_editor_excludes_is_refused_from_then_on(world, gateways):
    gateway = gateways()
    assert await told(gateway, path="notes.txt") == "What is this?"
    gateways.configuration().update_editor({"privacy": {"exclude": ["notes*"]}})
    assert await told(gateway, path="notes.txt") == "Refused"
    assert await told(gateway, path=".env") == "Refused"


async def test_secrets_never_arrive_and_come_back_in_the_answer(world, gateways):
    gateway = gateways()
    text = "password = 'hunter2'\napi_key = 'q8Zr5tY2uI1oP'"
    assert await answer(gateway, Prompt("Fix", text)) == text
    assert (
        await answer(gateway, Gap(text, "\npwd = 'hunter2'"), task="complete") == text + "|\npwd = 'hunter2'"
    )
    sent = str(world.ollama.requests) + json.dumps(attrs.asdict(gateway.last_prompt))
    assert "hunter2" not in sent
    assert "q8Zr5tY2uI1oP" not in sent
    assert "password = 'MASKED_SECRET_1'\\napi_key = 'MASKED_SECRET_2'" in sent


async def test_the_beginning_of_a_prompt_stays_the_same_from_request_to_request(world, gateways):
    gateway = gateways()
    stable = "token = 'q8Zr5tY2uI1oP'\nother_token = 'x7Zr5tY2uI1oP'\n"
    for ending in ("a", "ab", "pwd = 'new-1'\nab"):
        await answer(gateway, Prompt("", stable + ending))
    beginnings = {request.messages[0].content.rpartition("\n")[0] for request in world.ollama.requests[:2]}
    assert len(beginnings) == 1
    assert world.ollama.requests[2].messages[0].content.startswith(beginnings.pop())


async def test_masking_can_be_switched_off_by_the_user(world, gateways):
    await answer(gateways("privacy.redact=false"), Prompt("", "password = 'hunter2'"))
    assert "hunter2" in world.ollama.requests[0].messages[0].content


async def test_in_an_answer_of_json_a_secret_stands_as_json_has_it(world, gateways):
    secret = r"a\b1c2"
    world.ollama.answer = [Piece('{"text": "MASKED_SEC'), Piece('RET_1"}', done="stop")]
    reply = await answer(gateways(), Prompt("", f"password = '{secret}'", schema={"type": "object"}))
    assert json.loads(reply) == {"text": secret}


async def test_what_was_held_back_comes_before_an_error(world, gateways):
    world.ollama.answer = [Piece("half MASKED_SEC"), Interrupted("The stream broke.")]
    stream = ask(gateways(), Prompt("", "password = 'hunter2'"))
    assert [(await anext(stream)).text, (await anext(stream)).text] == ["half ", "MASKED_SEC"]
    with pytest.raises(Interrupted):
        await anext(stream)


@pytest.mark.parametrize(
    "piece", [Piece("x" * 1_000), Piece(thinking="hm " * 400)], ids=["words", "thinking"]
)
async def test_an_answer_without_an_end_is_stopped_and_what_came_is_kept(world, gateways, piece):
    world.ollama.answer = [piece] * 1_000
    came = []

    async def read():
        async for each in ask(gateways()):
            came.append(each.text + each.thinking)  # noqa: PERF401  # kept one by one, for the error comes last

    with pytest.raises(Interrupted, match="comes to no end"):
        await read()
    assert 100_000 < len("".join(came)) <= LONGEST_TOKEN * world.ollama.context
    assert world.log[-1] == "ollama closed"


async def test_what_was_held_back_comes_with_the_last_piece_or_after_it(world, gateways):
    gateway, prompt = gateways(), Prompt("", "password = 'hunter2'")
    world.ollama.answer = [Piece("MASKED_SECRET_1"), Piece("", done="stop", usage=Usage(tokens=3))]
    pieces = [piece async for piece in ask(gateway, prompt)]
    assert pieces == [Piece("hunter2", done="stop", usage=Usage(tokens=3))]
    world.ollama.answer = [Piece(thinking="MASKED_SECRET_1"), Piece("is MASKED_SECRET_1")]
    pieces = [piece async for piece in ask(gateway, prompt)]
    assert pieces == [Piece("is ", thinking="hunter2"), Piece("hunter2")]
    world.ollama.answer = [Piece(thinking="MASKED_SE"), Piece(thinking="CRET_1 is")]
    assert [piece.thinking async for piece in ask(gateway, prompt)] == ["hunter2 is"]
    world.ollama.answer = [Piece(thinking="so MASKED_SECRET_1")]
    assert [piece.thinking async for piece in ask(gateway, prompt)] == ["so ", "hunter2"]


@pytest.mark.skipif(os.name == "nt", reason="links need a privilege there")
async def test_of_a_link_both_names_count(world, gateways, tmp_path):
    (tmp_path / ".env").write_text("A=1")
    (tmp_path / "plain").write_text("A=1")
    for name, target in (("notes.py", ".env"), (".env.link", "plain"), ("fine.py", "plain")):
        (tmp_path / name).symlink_to(target)
    gateway = gateways()
    for name in ("notes.py", ".env.link"):
        with pytest.raises(Refused, match="is sent to a model"):
            gateway.refuse(str(tmp_path / name))
    for path in (str(tmp_path / "fine.py"), "/no\0file", "notes.py"):
        gateway.refuse(path)
    assert world.ollama.requests == []


async def test_a_prompt_that_cannot_fit_is_not_sent(world, gateways):
    world.ollama.context = 512
    gateway = gateways()
    with pytest.raises(TooLong, match="the context of the model has 512"):
        await answer(gateway, Prompt("", "word " * 600))
    with pytest.raises(TooLong):
        await answer(gateway, Gap("word " * 200, "word " * 200, max_tokens=128), task="complete")
    assert world.ollama.requests == []
    assert await told(gateway, Prompt("", "word " * 100, max_tokens=200)) == "word " * 100
    assert await told(gateway, Prompt("", "word " * 100, max_tokens=400)) == "TooLong"


async def test_what_was_sent_last_can_be_shown(world, gateways):
    gateway = gateways()
    assert gateway.last_prompt is None
    await answer(gateway)
    sent = gateway.last_prompt
    assert (sent.backend, sent.model) == ("Ollama", CODER.name)
    assert [message.content for message in sent.messages] == ["Be brief.", "What is this?"]
    assert sent.options["think"] is False
    await answer(gateway, GAP, task="complete")
    assert (gateway.last_prompt.prefix, gateway.last_prompt.suffix) == ("def f(", "): pass")
    assert gateway.last_prompt.options["max_tokens"] == 32
    json.dumps(attrs.asdict(gateway.last_prompt))


async def test_a_model_is_loaded_once_for_all_who_wait(world, gateways):
    world.ollama.loading.clear()
    gateway = gateways()
    said = []
    waiters = [asyncio.create_task(gateway.prepare("chat", said.append)) for _ in range(3)]
    await settle()
    assert said == [f"loading {CODER.name}"] * 3
    waiters[0].cancel()
    await settle()
    world.ollama.loading.set()
    ready = await waiters[1]
    assert (ready.model.name, ready.model.loaded, ready.room, ready.backend) == (
        CODER.name,
        True,
        4096,
        "Ollama",
    )
    assert await waiters[2] == ready
    assert world.ollama.count(f"load {CODER.name}") == 1
    assert await gateway.prepare("complete") == ready
    assert world.ollama.count(f"load {CODER.name}") == 1


async def test_a_load_goes_on_when_all_who_waited_have_given_up(world, gateways):
    world.ollama.loading.clear()
    gateway = gateways()
    waiter = asyncio.create_task(gateway.prepare("chat"))
    await settle()
    waiter.cancel()
    await settle()
    world.ollama.loading.set()
    await settle()
    assert await answer(gateway, priority=TYPED) == "What is this?"
    assert world.ollama.count(f"load {CODER.name}") == 1


async def test_loading_is_told_with_its_seconds_and_what_the_backend_says_of_it(world, gateways):
    world.embedded.models_there = [EMBEDDED]
    world.embedded.loading.clear()
    gateway = gateways("backend.kind=embedded")
    said = []

    def waiting(text):
        said.append(text)
        if len(said) == 1:
            world.progress["embedded"](40, 100)
        elif len(said) == 2:
            world.progress["embedded"](100, 100)
        else:
            world.embedded.loading.set()

    await gateway.prepare("chat", waiting)
    assert said == [
        "loading coder-embedded",
        "putting the embedded model together, 40 %, 1 s",
        "loading coder-embedded, 2 s",
    ]


async def test_typing_does_not_wait_for_a_load_but_begins_it(world, gateways):
    world.ollama.loading.clear()
    gateway = gateways()
    assert [await told(gateway, GAP, task="complete", priority=TYPED) for _ in range(3)] == ["Superseded"] * 3
    await settle()
    assert world.ollama.count(f"load {CODER.name}") == 1
    assert world.ollama.requests == []
    world.ollama.loading.set()
    await settle()
    assert await told(gateway, GAP, task="complete", priority=TYPED) == "def f(|): pass"


async def test_what_another_program_has_loaded_can_be_typed_with_at_once(world, gateways):
    world.ollama.models_there = [evolve(CODER, loaded=True, context=8192)]
    assert await told(gateways(), GAP, task="complete", priority=TYPED) == "def f(|): pass"


async def test_typing_does_not_wait_for_a_backend_that_takes_its_time(world, gateways, monkeypatch):
    monkeypatch.setattr("gloss_lsp.gateway.PATIENCE", 0)
    world.ollama.looking.clear()
    gateway = gateways()
    assert await told(gateway, GAP, task="complete", priority=TYPED) == "Superseded"
    world.ollama.looking.set()
    await gateway.prepare("complete")
    assert await told(gateway, GAP, task="complete", priority=TYPED) == "def f(|): pass"


async def test_typing_does_not_try_a_failed_load_at_each_key_and_the_user_does(world, gateways):
    world.ollama.fails = OutOfMemory("It does not fit.")
    gateway = gateways()
    assert await told(gateway, GAP, task="complete", priority=TYPED) == "Superseded"
    await settle()
    outcomes = [await told(gateway, GAP, task="complete", priority=TYPED) for _ in range(3)]
    assert outcomes == ["OutOfMemory"] * 3
    assert world.ollama.count(f"load {CODER.name}") == 1
    world.ollama.fails = None
    assert await told(gateway) == "What is this?"
    assert await told(gateway, GAP, task="complete", priority=TYPED) == "def f(|): pass"
    assert world.ollama.count(f"load {CODER.name}") == 2


async def test_a_model_that_was_unloaded_meanwhile_is_loaded_again_before_typing(world, gateways):
    gateway = gateways()
    await gateway.prepare("complete")
    world.ollama.models_there = [CODER]
    await gateway.models()
    world.ollama.loading.clear()
    assert await told(gateway, GAP, task="complete", priority=TYPED) == "Superseded"
    assert world.ollama.requests == []
    world.ollama.loading.set()
    await gateway.prepare("complete")


async def test_a_context_that_another_program_has_changed_is_known(world, gateways):
    gateway = gateways()
    assert (await gateway.prepare("chat")).room == 4096
    world.ollama.models_there = [evolve(CODER, loaded=True, context=2048)]
    await gateway.models()
    assert (await gateway.prepare("chat")).room == 2048


@pytest.mark.parametrize("pieces", range(5))
async def test_closing_closes_the_backends_stream_and_frees_the_turn(world, gateways, pieces):
    gateway = gateways()
    stream = ask(gateway)
    for _ in range(pieces):
        await anext(stream)
    await stream.aclose()
    assert world.ollama.count("chat") == world.ollama.count("closed") == bool(pieces)
    assert await told(gateway) == "What is this?"


@pytest.mark.parametrize("ticks", range(0, 40, 2))
async def test_cancelling_at_any_moment_loses_nothing(world, gateways, ticks):
    gateway = gateways()
    world.ollama.going_on.clear()
    reader = asyncio.create_task(told(gateway))
    for _ in range(ticks):
        await asyncio.sleep(0)
    reader.cancel()
    with pytest.raises(asyncio.CancelledError):
        await reader
    assert world.ollama.count("chat") == world.ollama.count("closed")
    world.ollama.going_on.set()
    assert await told(gateway) == "What is this?"


async def test_one_at_a_time_in_their_order(world, gateways):
    gateway = gateways()
    await gateway.prepare("chat")
    world.ollama.going_on.clear()
    names = {"first": ASKED, "job": CONTINUED, "typed": TYPED, "hover": BACKGROUND}
    readers = [
        asyncio.create_task(told(gateway, Prompt("", name), priority=priority))
        for name, priority in names.items()
    ]
    await settle()
    assert len(world.ollama.requests) == 1
    world.ollama.going_on.set()
    assert await asyncio.gather(*readers) == list(names)
    assert [request.messages[0].content for request in world.ollama.requests] == [
        "first",
        "typed",
        "job",
        "hover",
    ]


async def test_a_newer_completion_takes_the_place_of_the_older(world, gateways):
    gateway = gateways()
    await gateway.prepare("complete")
    world.ollama.going_on.clear()
    older = asyncio.create_task(told(gateway, GAP, task="complete", priority=TYPED, replaces="file"))
    await settle()
    newer = asyncio.create_task(told(gateway, GAP, task="complete", priority=TYPED, replaces="file"))
    await settle()
    world.ollama.going_on.set()
    assert await asyncio.gather(older, newer) == ["Superseded", "def f(|): pass"]
    assert world.log[-4:] == ["ollama fill", "ollama closed", "ollama fill", "ollama closed"]


async def test_out_of_memory_names_the_next_smaller_model(world, gateways):
    world.ollama.models_there = [CHAT, SMALL_CHAT]
    world.ollama.fails = OutOfMemory("qwen3:8b does not fit into memory.")
    gateway = gateways("models.chat=qwen3:8b")
    with pytest.raises(OutOfMemory) as caught:
        await gateway.prepare("chat")
    assert str(caught.value) == "qwen3:8b does not fit into memory. qwen3:1.7b is installed too, and smaller."
    world.ollama.fails = None
    await gateway.prepare("chat")
    world.ollama.fails = OutOfMemory("qwen3:8b does not fit into memory.")
    with pytest.raises(OutOfMemory, match=r"qwen3:1\.7b"):
        await answer(gateway)


async def test_out_of_memory_with_nothing_smaller_is_said_as_it_is(world, gateways):
    world.ollama.fails = OutOfMemory("It does not fit.")
    with pytest.raises(OutOfMemory, match=r"^It does not fit\.$"):
        await answer(gateways())


BAD_DAYS = [
    ("nothing answers", Unreachable("Ollama does not answer."), 2),
    ("the stream breaks", Interrupted("It broke."), 2),
    ("it cannot fill", CannotFill("It cannot."), 1),
]


@pytest.mark.parametrize(("error", "looks"), [pytest.param(*rest, id=name) for name, *rest in BAD_DAYS])
async def test_the_next_request_after_a_bad_one_works_by_itself(world, gateways, error, looks):
    gateway = gateways("backend.kind=ollama")
    await gateway.prepare("chat")
    world.ollama.fails = error
    assert await told(gateway) == type(error).__name__
    world.ollama.fails = None
    assert await told(gateway) == "What is this?"
    assert world.ollama.count("models") == looks


async def test_a_model_that_is_gone_is_noticed_and_a_pulled_one_too(world, gateways):
    gateway = gateways()
    await gateway.prepare("chat")
    world.ollama.models_there = []
    assert await told(gateway) == "ModelMissing"
    with pytest.raises(NoModel, match="gloss models pull"):
        await gateway.prepare("chat")
    world.ollama.models_there = [CODER]
    assert (await gateway.prepare("chat")).model.name == CODER.name


async def test_a_named_model_that_is_missing_is_asked_for_by_name(world, gateways):
    with pytest.raises(ModelMissing) as caught:
        await gateways("models.chat=qwen3:4b").prepare("chat")
    assert caught.value.model == "qwen3:4b"


async def test_a_job_stays_with_its_backend_and_the_next_one_switches(world, gateways):
    world.ollama.down = MODELS_UNREACHABLE
    world.embedded.models_there = [EMBEDDED]
    gateway = gateways(grace=3600)
    ready = await gateway.prepare("chat")
    assert ready.backend == "the embedded model"
    world.ollama.down = None
    await gateway.models()
    assert world.notices == ["Gloss uses Ollama now."]
    await answer(gateway, priority=CONTINUED, ready=ready)
    assert (world.embedded.count("chat"), world.ollama.count("chat")) == (1, 0)
    await answer(gateway)
    assert (world.embedded.count("chat"), world.ollama.count("chat")) == (1, 1)


async def test_a_job_whose_backend_was_closed_goes_on_with_another(world, gateways):
    gateway = gateways()
    ready = await gateway.prepare("chat")
    gateways.configuration().update_editor({"backend": {"stallTimeout": 9}})
    await gateway.prepare("chat")
    await settle()
    assert ready.connection.closed
    assert await told(gateway, priority=CONTINUED, ready=ready) == "What is this?"


async def test_when_ollama_dies_the_embedded_model_answers_next(world, gateways):
    world.embedded.models_there = [EMBEDDED]
    gateway = gateways()
    await answer(gateway)
    world.ollama.down = MODELS_UNREACHABLE
    assert await told(gateway) == "Unreachable", "never within a prompt"
    assert await told(gateway) == "What is this?"
    assert world.embedded.count("chat") == 1
    assert len(world.notices) == 1


async def test_a_model_elsewhere_is_announced_once_before_anything_is_sent(world, gateways):
    world.ollama.models_there = [CLOUD]
    gateway = gateways(f"models.chat={CLOUD.name}")
    await gateway.prepare("chat")
    assert world.notices == [
        "big:cloud runs at https://ollama.com:443: what it is asked leaves this machine."
    ]
    await answer(gateway)
    assert len(world.notices) == 1


async def test_health_says_what_is_wrong_and_does_not_raise(world, gateways):
    gateway = gateways()
    assert (await gateway.health()).name == "ollama 1.0"
    world.ollama.down = MODELS_UNREACHABLE
    health = await gateway.health()
    assert not health.reachable
    assert health.problem.startswith("Ollama does not answer")
    assert "install the embedded model" in health.problem


async def test_models_and_choices_and_the_library(world, gateways):
    world.ollama.models_there = [CODER, CHAT]
    gateway = gateways()
    assert [model.name for model in await gateway.models()] == [CODER.name, CHAT.name]
    assert {task: choice.model.name for task, choice in (await gateway.choices()).items()} == dict.fromkeys(
        ("chat", "translate", "complete"), CODER.name
    )
    assert (await gateway.library()).kind == "ollama"
    embedded = gateways("backend.kind=embedded")
    assert not embedded.has_library
    with pytest.raises(Refused, match=r"backend\.kind"):
        await embedded.library()


async def test_the_library_is_there_while_the_embedded_model_stands_in(world, gateways):
    world.ollama.models_there, world.embedded.models_there = [], [EMBEDDED]
    gateway = gateways()
    assert (await gateway.prepare("chat")).backend == "the embedded model"
    assert (await gateway.library()).kind == "ollama"


async def test_the_end_of_gloss_ends_a_load(world, gateways):
    world.ollama.loading.clear()
    gateway = gateways()
    waiter = asyncio.create_task(gateway.prepare("chat"))
    await settle()
    await gateway.aclose()
    with pytest.raises(Interrupted):
        await waiter
