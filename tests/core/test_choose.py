"""Which model is chosen for which task, and what is said of it."""

from __future__ import annotations

import pytest

from gloss_lsp.backends.base import Model
from gloss_lsp.core.choose import Wishes, choose, find, smaller_than

GB = 1024**3
CODER = Model("qwen2.5-coder:1.5b", size=1 * GB, family="qwen2", fill="raw")
BIG_CODER = Model("qwen2.5-coder:7b", size=5 * GB, family="qwen2", fill="raw")
HUGE_CODER = Model("qwen2.5-coder:32b", size=20 * GB, family="qwen2", fill="raw")
FILLER = Model("tiny-fim:3b", size=2 * GB, fill="suffix")
CHAT = Model("qwen3:8b", size=5 * GB, family="qwen3")
SMALL_CHAT = Model("qwen3:1.7b", size=1 * GB, family="qwen3")
BASE = Model("starcoder2:3b", size=2 * GB, family="starcoder2", chat=False, fill="raw")
EMBEDDING = Model("nomic-embed-text:latest", size=1, chat=False, embedding=True)
CLOUD = Model("qwen3-coder:480b-cloud", size=1, fill="raw", remote_host="https://ollama.com:443")


def loaded(model, memory=0):
    return Model(
        model.name, size=model.size, family=model.family, fill=model.fill, loaded=True, memory=memory
    )


FREE = [
    ("one that can do all", [CHAT, CODER], 16, "qwen2.5-coder:1.5b", "qwen2.5-coder:1.5b", "all tasks"),
    (
        "the largest of them that fits",
        [CODER, BIG_CODER, HUGE_CODER],
        16,
        "qwen2.5-coder:7b",
        "qwen2.5-coder:7b",
        "largest",
    ),
    (
        "a loaded one first",
        [loaded(CODER), BIG_CODER],
        16,
        "qwen2.5-coder:1.5b",
        "qwen2.5-coder:1.5b",
        "loaded",
    ),
    (
        "a code model before a larger one",
        [CODER, FILLER],
        16,
        "qwen2.5-coder:1.5b",
        "qwen2.5-coder:1.5b",
        "for code",
    ),
    (
        "the smallest where none fits",
        [BIG_CODER, HUGE_CODER],
        2,
        "qwen2.5-coder:7b",
        "qwen2.5-coder:7b",
        "smallest",
    ),
    (
        "of unknown memory a laptop's",
        [BIG_CODER, HUGE_CODER],
        0,
        "qwen2.5-coder:7b",
        "qwen2.5-coder:7b",
        "largest",
    ),
    (
        "two where none can do all",
        [CHAT, SMALL_CHAT, BASE],
        16,
        "qwen3:8b",
        "starcoder2:3b",
        "can do this task",
    ),
    ("a chat model where none can fill", [CHAT, SMALL_CHAT], 16, "qwen3:8b", "qwen3:8b", ""),
    ("never an embedding model", [EMBEDDING, SMALL_CHAT], 16, "qwen3:1.7b", "qwen3:1.7b", ""),
    ("never one in the cloud", [CLOUD, SMALL_CHAT], 16, "qwen3:1.7b", "qwen3:1.7b", ""),
    (
        "what loaded models take is theirs to give",
        [loaded(SMALL_CHAT, memory=6 * GB), BIG_CODER, CODER],
        2,
        "qwen2.5-coder:7b",
        "qwen2.5-coder:7b",
        "largest",
    ),
]


@pytest.mark.parametrize(
    ("models", "memory", "chat", "complete", "reason"), [pytest.param(*rest, id=name) for name, *rest in FREE]
)
def test_what_is_chosen_where_nothing_is_named(models, memory, chat, complete, reason):
    for order in (models, models[::-1]):
        choices = choose(order, Wishes(), memory * GB)
        assert list(choices) == ["chat", "translate", "complete"]
        assert choices["chat"].model.name == choices["translate"].model.name == chat
        assert choices["complete"].model.name == complete
        told = " ".join(choice.reason for choice in choices.values())
        assert reason in told
        assert all(choice.reason.endswith(".") for choice in choices.values())


def test_what_no_model_can_do_is_said():
    only_chats = choose([CHAT], Wishes(), 0)["complete"]
    assert only_chats.model is CHAT, "completion on request is answered by chat"
    assert only_chats.reason.startswith("No model that is installed can fill in the middle")
    only_fills = choose([BASE], Wishes(), 0)
    assert only_fills["complete"].model is BASE
    assert only_fills["chat"].model is None


@pytest.mark.parametrize("models", [[], [EMBEDDING], [CLOUD], [EMBEDDING, CLOUD]])
def test_nothing_usable_says_what_to_pull(models):
    for choice in choose(models, Wishes(), 0).values():
        assert choice.model is None
        assert not choice.missing
        assert "gloss models pull qwen2.5-coder:1.5b" in choice.reason


def test_a_named_model_is_used_and_serves_the_other_tasks_that_it_can_do():
    choices = choose([CHAT, CODER, SMALL_CHAT], Wishes({"chat": "qwen3:8b"}), 16 * GB)
    assert [choice.model.name for choice in choices.values()] == [
        "qwen3:8b",
        "qwen3:8b",
        "qwen2.5-coder:1.5b",
    ]
    assert "named in the settings" in choices["chat"].reason
    choices = choose([CHAT, BIG_CODER, CODER], Wishes({"complete": "qwen2.5-coder:1.5b"}), 16 * GB)
    assert {choice.model.name for choice in choices.values()} == {"qwen2.5-coder:1.5b"}


def test_a_named_model_that_is_missing_is_said_with_what_is_there_and_not_replaced():
    choices = choose([CHAT, CODER, EMBEDDING], Wishes({"chat": "llama9"}), 16 * GB)
    assert choices["chat"].model is None
    assert choices["chat"].missing == "llama9"
    assert choices["chat"].reason == (
        "The model llama9 is not installed. Pull it (`gloss models pull llama9`)."
        " Installed are: qwen2.5-coder:1.5b, qwen3:8b."
    )
    assert choices["translate"].model is CODER


def test_a_named_embedding_model_is_refused():
    choice = choose([EMBEDDING], Wishes({"chat": "nomic-embed-text"}), 0)["chat"]
    assert choice.model is None
    assert "only makes embeddings" in choice.reason


def test_a_model_elsewhere_needs_the_users_own_word():
    wishes = {"chat": CLOUD.name}
    refused = choose([CLOUD, CODER], Wishes(wishes), 0)["chat"]
    assert refused.model is None
    assert "code would leave this machine" in refused.reason
    allowed = choose([CLOUD, CODER], Wishes(wishes, trusted={CLOUD.name}), 0)
    assert allowed["chat"].model is CLOUD
    assert "https://ollama.com:443" in allowed["chat"].reason
    assert allowed["translate"].model is CODER, "only the task that it was named for"
    assert allowed["complete"].model is CODER


NAMES = [
    ("qwen3:1.7b", "qwen3:1.7b"),
    ("QWEN3:1.7B", "qwen3:1.7b"),
    ("nomic-embed-text", "nomic-embed-text:latest"),
    ("qwen3", None),
    ("qwen3:1", None),
    ("", None),
]


@pytest.mark.parametrize(("name", "found"), NAMES)
def test_names(name, found):
    model = find([EMBEDDING, SMALL_CHAT, CHAT], name)
    assert (model.name if model else None) == found


def test_an_exact_name_goes_before_the_tag_latest():
    models = [Model("mine:latest"), Model("mine")]
    assert find(models, "mine") is models[1]


SMALLER = [
    ("the next one down", CHAT, [HUGE_CODER, CHAT, FILLER, SMALL_CHAT], "tiny-fim:3b"),
    ("one that can fill for one that can", BIG_CODER, [CHAT, SMALL_CHAT, CODER], "qwen2.5-coder:1.5b"),
    ("none", SMALL_CHAT, [CHAT, SMALL_CHAT], None),
    ("neither embeddings nor the cloud", CHAT, [EMBEDDING, CLOUD], None),
]


@pytest.mark.parametrize(
    ("model", "models", "smaller"), [pytest.param(*rest, id=name) for name, *rest in SMALLER]
)
def test_what_is_smaller(model, models, smaller):
    found = smaller_than(model, models)
    assert (found.name if found else None) == smaller
