"""Who goes first, who is stopped and what they are told: by order and counts, never by the clock."""

from __future__ import annotations

import asyncio
import random
from contextlib import aclosing

import pytest

from gloss_lsp.errors import Interrupted, Superseded
from gloss_lsp.scheduler import Priority, Scheduler

ASKED, TYPED, CONTINUED, BACKGROUND = Priority


class Stage:
    """Streams that say one piece when opened and then wait to be let go; every event is written down."""

    def __init__(self):
        self.scheduler = Scheduler()
        self.events: list[str] = []
        self.gates: dict[str, asyncio.Event] = {}
        self.readers: dict[str, asyncio.Task] = {}

    async def speak(self, name):
        self.events.append(f"+{name}")
        try:
            yield name
            await self.gates[name].wait()
            yield name.upper()
        finally:
            self.events.append(f"-{name}")

    async def read(self, name, priority, lane="lane", **options):
        stream = self.scheduler.stream(lambda: self.speak(name), lane=lane, priority=priority, **options)
        async with aclosing(stream):
            return [piece async for piece in stream]

    async def come(self, name, priority, **options):
        self.gates[name] = asyncio.Event()
        self.readers[name] = asyncio.create_task(self.read(name, priority, **options))
        await settle()

    async def let_go(self, *names):
        for name in names:
            self.gates[name].set()
        await settle()

    async def outcome(self, name):
        try:
            return await self.readers[name]
        except Superseded as error:
            return str(error)

    @property
    def log(self):
        return " ".join(self.events)


async def settle():
    """Let everything happen that can happen without something new from outside."""
    for _ in range(20):
        await asyncio.sleep(0)


@pytest.fixture
async def stage():
    stage = Stage()
    yield stage
    for gate in stage.gates.values():
        gate.set()
    for reader in stage.readers.values():
        reader.cancel()
    await asyncio.gather(*stage.readers.values(), return_exceptions=True)
    assert not stage.scheduler._lanes, "a turn was lost"


async def test_one_stream_is_passed_on_whole(stage):
    await stage.come("a", ASKED)
    await stage.let_go("a")
    assert await stage.outcome("a") == ["a", "A"]
    assert stage.log == "+a -a"


ORDERS = [
    ("what is asked goes before what is typed", [ASKED, CONTINUED, TYPED, ASKED], "0 3 2 1"),
    ("equals go in the order of their coming", [ASKED, TYPED, TYPED, TYPED], "0 1 2 3"),
    ("a completion gets in between the prompts of a job", [CONTINUED, CONTINUED, TYPED], "0 2 1"),
    ("nobody's work goes last", [ASKED, BACKGROUND, CONTINUED, TYPED], "0 3 2 1"),
]


@pytest.mark.parametrize(("priorities", "order"), [pytest.param(*rest, id=name) for name, *rest in ORDERS])
async def test_order(stage, priorities, order):
    for name, priority in enumerate(priorities):
        await stage.come(str(name), priority)
    await stage.let_go(*stage.readers)
    assert " ".join(event[1:] for event in stage.events if event[0] == "+") == order


PREEMPTIONS = [
    (ASKED, ASKED, False),
    (ASKED, TYPED, False),
    (ASKED, CONTINUED, False),
    (ASKED, BACKGROUND, False),
    (TYPED, ASKED, True),
    (TYPED, TYPED, False),
    (TYPED, CONTINUED, False),
    (TYPED, BACKGROUND, False),
    (CONTINUED, ASKED, False),
    (CONTINUED, TYPED, False),
    (CONTINUED, CONTINUED, False),
    (CONTINUED, BACKGROUND, False),
    (BACKGROUND, ASKED, True),
    (BACKGROUND, TYPED, True),
    (BACKGROUND, CONTINUED, True),
    (BACKGROUND, BACKGROUND, False),
]


@pytest.mark.parametrize(("running", "comes", "stopped"), PREEMPTIONS)
async def test_who_is_stopped_by_whom(stage, running, comes, stopped):
    await stage.come("a", running)
    await stage.come("b", comes)
    assert stage.log == ("+a -a +b" if stopped else "+a")
    await stage.let_go("a", "b")
    assert await stage.outcome("b") == ["b", "B"]
    assert await stage.outcome("a") == ("Something more urgent needed the model." if stopped else ["a", "A"])


async def test_the_stopped_stream_is_closed_before_the_next_is_opened(stage):
    closing, closed = asyncio.Event(), stage.gates.setdefault("closed", asyncio.Event())

    async def slow_to_close():
        try:
            yield "first"
            await asyncio.Event().wait()
        finally:
            closing.set()
            await closed.wait()
            stage.events.append("-slow")

    stream = stage.scheduler.stream(slow_to_close, lane="lane", priority=BACKGROUND)
    assert await anext(stream) == "first"
    await stage.come("b", ASKED)
    assert closing.is_set()
    assert stage.log == ""
    closed.set()
    await stage.let_go("b")
    assert stage.log == "-slow +b -b"
    with pytest.raises(Superseded):
        await anext(stream)


async def test_one_stop_is_enough_for_one_newcomer(stage):
    for name in "ab":
        await stage.come(name, BACKGROUND, parallel=2)
    await stage.come("c", ASKED, parallel=2)
    assert stage.log == "+a +b -a +c"


async def test_nobody_is_stopped_twice_for_one_newcomer_while_a_stop_takes_its_time(stage):
    stopped, closed = [], stage.gates.setdefault("closed", asyncio.Event())

    async def slow_to_close(name):
        try:
            yield name
            await asyncio.Event().wait()
        finally:
            stopped.append(name)
            await closed.wait()

    streams = [
        stage.scheduler.stream(
            lambda name=name: slow_to_close(name), lane="lane", priority=BACKGROUND, parallel=2
        )
        for name in "ab"
    ]
    for stream in streams:
        await anext(stream)
    await stage.come("c", ASKED, parallel=2)
    await stage.come("d", BACKGROUND, parallel=2)
    assert stopped == ["a"]
    await stage.come("e", ASKED, parallel=2)
    assert stopped == ["a", "b"]
    closed.set()
    await settle()
    assert stage.log == "+c +e"
    for stream in streams:
        with pytest.raises(Superseded):
            await anext(stream)


async def test_the_least_urgent_makes_way(stage):
    await stage.come("a", BACKGROUND, parallel=2)
    await stage.come("b", TYPED, parallel=2)
    await stage.come("c", ASKED, parallel=2)
    await stage.come("d", ASKED, parallel=2)
    assert stage.log == "+a +b -a +c -b +d"


async def test_nobody_is_stopped_where_a_turn_is_free(stage):
    await stage.come("a", BACKGROUND, parallel=2)
    await stage.come("b", ASKED, parallel=2)
    assert stage.log == "+a +b"


async def test_lanes_know_nothing_of_each_other(stage):
    await stage.come("a", BACKGROUND, lane="small model")
    await stage.come("b", ASKED, lane="large model")
    assert stage.log == "+a +b"


REPLACEMENTS = [
    (ASKED, ASKED, True),
    (ASKED, TYPED, False),
    (ASKED, CONTINUED, False),
    (ASKED, BACKGROUND, False),
    (TYPED, ASKED, True),
    (TYPED, TYPED, True),
    (TYPED, CONTINUED, True),
    (TYPED, BACKGROUND, False),
    (CONTINUED, ASKED, True),
    (CONTINUED, TYPED, False),
    (CONTINUED, CONTINUED, True),
    (CONTINUED, BACKGROUND, False),
    (BACKGROUND, ASKED, True),
    (BACKGROUND, TYPED, True),
    (BACKGROUND, CONTINUED, True),
    (BACKGROUND, BACKGROUND, True),
]


@pytest.mark.parametrize("place", ["running", "waiting"])
@pytest.mark.parametrize(("older", "newer", "replaced"), REPLACEMENTS)
async def test_who_takes_whose_place_under_the_same_key(stage, older, newer, replaced, place):
    lanes = ("left", "right")
    if place == "waiting":
        await stage.come("blocker", ASKED, lane="left")
    await stage.come("old", older, lane=lanes[0], replaces=("completion", "file"))
    await stage.come("new", newer, lane=lanes[1], replaces=("completion", "file"))
    await stage.let_go(*stage.readers)
    told = await stage.outcome("old")
    assert told == ("A newer request took the place of this one." if replaced else ["old", "OLD"])
    assert await stage.outcome("new") == ["new", "NEW"]
    assert stage.events.count("+old") == stage.events.count("-old") == (not replaced or place == "running")


async def test_another_key_and_no_key_replace_nothing(stage):
    await stage.come("a", TYPED, replaces="a")
    await stage.come("b", TYPED, replaces="b")
    await stage.come("c", TYPED)
    await stage.come("d", TYPED)
    await stage.let_go(*"abcd")
    assert [await stage.outcome(name) for name in "abcd"] == [[name, name.upper()] for name in "abcd"]


async def test_every_superseded_keystroke_is_answered_and_the_last_one_served(stage):
    await stage.come("job", CONTINUED)
    for number in range(50):
        await stage.come(f"key{number}", TYPED, replaces="completion")
    await stage.let_go(*stage.readers)
    told = [await stage.outcome(f"key{number}") for number in range(50)]
    assert told[:-1] == ["A newer request took the place of this one."] * 49
    assert told[-1] == ["key49", "KEY49"]
    assert stage.log == "+job -job +key49 -key49"


async def test_impatience_ends_waiting_and_opens_nothing(stage):
    await stage.come("a", ASKED)
    await stage.come("b", TYPED, patience=0)
    assert await stage.outcome("b") == "The model was busy for too long with something else."
    await stage.let_go("a")
    assert stage.log == "+a -a"


async def test_impatience_is_over_once_the_turn_has_come(stage):
    await stage.come("a", TYPED, patience=0)
    await stage.let_go("a")
    assert await stage.outcome("a") == ["a", "A"]


async def test_a_patient_one_gets_its_turn_and_leaves_no_timer(stage):
    await stage.come("a", ASKED)
    await stage.come("b", TYPED, patience=3600)
    await stage.let_go("a", "b")
    assert await stage.outcome("b") == ["b", "B"]
    pending = [handle for handle in asyncio.get_running_loop()._scheduled if not handle.cancelled()]
    assert all("drop" not in repr(handle) for handle in pending)


async def test_a_cancelled_reader_closes_its_stream_and_frees_the_turn(stage):
    await stage.come("a", ASKED)
    await stage.come("b", ASKED)
    stage.readers["a"].cancel()
    with pytest.raises(asyncio.CancelledError):
        await stage.readers["a"]
    assert stage.log.startswith("+a -a")
    await stage.let_go("b")
    assert await stage.outcome("b") == ["b", "B"]


async def test_a_cancelled_waiter_opens_nothing_and_loses_no_turn(stage):
    for name in "abc":
        await stage.come(name, ASKED)
    stage.readers["b"].cancel()
    await stage.let_go("a", "c")
    assert await stage.outcome("c") == ["c", "C"]
    assert stage.log == "+a -a +c -c"


@pytest.mark.parametrize("ticks", range(8))
async def test_a_waiter_cancelled_while_the_turn_comes_to_it_passes_it_on(stage, ticks):
    for name in "abc":
        await stage.come(name, ASKED)
    stage.gates["a"].set()
    for _ in range(ticks):
        await asyncio.sleep(0)
    stage.readers["b"].cancel()
    await stage.let_go("c")
    assert await stage.outcome("c") == ["c", "C"]
    assert stage.events.count("+b") == stage.events.count("-b")


@pytest.mark.parametrize("ticks", range(8))
async def test_a_reader_cancelled_while_superseded_is_cancelled(stage, ticks):
    """The caller's own cancelling always wins: it must never be swallowed."""
    await stage.come("a", BACKGROUND)
    stage.gates["b"] = asyncio.Event()
    stage.readers["b"] = asyncio.create_task(stage.read("b", ASKED))
    for _ in range(ticks):
        await asyncio.sleep(0)
    ended = stage.readers["a"].done()
    stage.readers["a"].cancel()
    with pytest.raises(Superseded if ended else asyncio.CancelledError):
        await stage.readers["a"]
    await stage.let_go("b")
    assert await stage.outcome("b") == ["b", "B"]


async def test_closing_early_closes_the_source_before_returning(stage):
    stage.gates["a"] = asyncio.Event()
    stream = stage.scheduler.stream(lambda: stage.speak("a"), lane="lane", priority=ASKED)
    assert await anext(stream) == "a"
    await stream.aclose()
    assert stage.log == "+a -a"
    assert not stage.scheduler._lanes


async def test_a_stream_that_is_never_read_takes_no_turn(stage):
    stream = stage.scheduler.stream(lambda: stage.speak("a"), lane="lane", priority=ASKED)
    await stream.aclose()
    assert stage.log == ""


async def test_an_error_of_the_source_reaches_the_reader_after_the_pieces_before_it(stage):
    async def broken():
        yield "half"
        raise Interrupted("The stream broke.")

    stream = stage.scheduler.stream(broken, lane="lane", priority=ASKED)
    assert await anext(stream) == "half"
    with pytest.raises(Interrupted, match="The stream broke"):
        await anext(stream)
    await stage.come("b", ASKED)
    await stage.let_go("b")
    assert await stage.outcome("b") == ["b", "B"]


async def test_a_source_that_cancels_itself_does_not_leave_its_reader_waiting(stage):
    async def cancelled_inside():
        yield "half"
        raise asyncio.CancelledError

    stream = stage.scheduler.stream(cancelled_inside, lane="lane", priority=ASKED)
    assert await anext(stream) == "half"
    with pytest.raises(Interrupted):
        await anext(stream)


async def test_a_source_that_turns_its_stop_into_an_error_is_still_superseded(stage):
    async def grumbling():
        try:
            yield "half"
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            raise Interrupted("The connection was closed.") from None

    stream = stage.scheduler.stream(grumbling, lane="lane", priority=BACKGROUND)
    assert await anext(stream) == "half"
    await stage.come("b", ASKED)
    with pytest.raises(Superseded):
        await anext(stream)


@pytest.mark.parametrize("seed", range(40))
async def test_no_turn_is_lost_whatever_happens_in_whatever_order(stage, seed):
    """Random comings, goings, cancels and keys; afterwards everybody has been answered and nobody runs."""
    dice = random.Random(seed)
    parallel = dice.choice([1, 1, 2, 3])
    for number in range(60):
        stage.gates[str(number)] = asyncio.Event()
        reading = stage.read(
            str(number),
            dice.choice(list(Priority)),
            parallel=parallel,
            replaces=dice.choice([None, None, "x", "y"]),
            patience=dice.choice([None, None, 0]),
        )
        stage.readers[str(number)] = asyncio.create_task(reading)
        for _ in range(dice.randrange(6)):
            chosen = str(dice.randrange(number + 1))
            dice.choice([stage.gates[chosen].set, stage.readers[chosen].cancel, lambda: None])()
            await asyncio.sleep(0)
        opened = sum(1 if event[0] == "+" else -1 for event in stage.events)
        assert opened <= parallel
    for gate in stage.gates.values():
        gate.set()
    results = await asyncio.gather(*stage.readers.values(), return_exceptions=True)
    assert all(isinstance(result, (list, Superseded, asyncio.CancelledError)) for result in results)
    assert any(isinstance(result, list) for result in results)
    assert all(stage.events.count(f"+{name}") == stage.events.count(f"-{name}") for name in stage.readers)
