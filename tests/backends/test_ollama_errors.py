"""What Ollama says when it refuses, in all its versions, becomes the right error and a useful sentence."""

import json

import pytest

from gloss_lsp.backends.ollama.errors import CannotThink, failure, pull_failure, pull_refusal, refusal
from gloss_lsp.errors import (
    Busy,
    CannotFill,
    GlossError,
    Interrupted,
    ModelMissing,
    NoModel,
    OutOfMemory,
    TooLong,
    Unauthorized,
)

URL = "http://127.0.0.1:11434"
CONTEXT = json.dumps(
    {
        "error": {
            "code": 400,
            "message": "request (5000 tokens) exceeds the available context size (4096 tokens)",
            "type": "exceed_context_size_error",
        }
    }
)
LONG = (
    "the prompt is longer than the context length currently available to the model; shorten the prompt, "
    "adjust the context length in settings, or use a model with a longer context length"
)

REFUSALS = [
    # status, what stands under "error", the error, a part of its sentence
    (404, "model 'm:1b' not found", ModelMissing, "gloss models pull m:1b"),
    (404, 'model "m:1b" not found, try pulling it first', ModelMissing, "gloss models pull m:1b"),
    (400, "registry.ollama.ai/library/m:1b does not support insert", CannotFill, "gloss.models.complete"),
    (400, '"m:1b" does not support thinking', CannotThink, "does not think aloud"),
    (400, '"m:1b" does not support chat', NoModel, "for embeddings"),
    (400, '"m:1b" does not support generate', NoModel, "for embeddings"),
    (400, LONG, TooLong, "gloss.models.contextLength"),
    (400, CONTEXT, TooLong, "Ask about less"),
    (500, json.dumps({"error": CONTEXT}), TooLong, "Ask about less"),
    (503, "server busy, please try again.  maximum pending requests exceeded", Busy, "Try again in a moment"),
    (429, "you've reached your hourly usage limit", Busy, "Try again in a moment"),
    (
        500,
        "llama-server reported out-of-memory during startup: alloc",
        OutOfMemory,
        "does not fit into memory",
    ),
    (
        500,
        "model requires more system memory (9.1 GiB) than is available (3.2 GiB)",
        OutOfMemory,
        "smaller model",
    ),
    (500, "llama runner process has terminated: cudaMalloc failed: out of memory", OutOfMemory, "smaller"),
    (500, "llama-server process has terminated: signal: killed", OutOfMemory, "smaller model"),
    (500, "unable to allocate CPU buffer", OutOfMemory, "smaller model"),
    (
        500,
        "error starting llama-server: llama-server binary not found (checked: /usr/lib/ollama)",
        Interrupted,
        "llama-server binary not found",
    ),
    (500, "model runner has unexpectedly stopped, check ollama server logs", Interrupted, "unexpectedly"),
    (401, "unauthorized", Unauthorized, "ollama signin"),
    (401, "invalid api key", Unauthorized, "gloss.backend.headers"),
    (403, "ollama cloud is disabled: remote model is unavailable", Unauthorized, "switched off"),
    (403, "no", Unauthorized, "refuses: no"),
    (400, {"message": "odd", "type": "invalid_request_error"}, Interrupted, "invalid_request_error: odd"),
    (400, "", Interrupted, "it gave no reason"),
    (400, 5, Interrupted, "it gave no reason"),
]

BODIES = [
    # status, the body as it is
    (403, b"", Unauthorized, "Write its address as a number"),
    (401, b"<html>Login</html>", Unauthorized, "gloss.backend.headers"),
    (404, b"404 page not found", Interrupted, "is not Ollama"),
    (404, b"", ModelMissing, "gloss models pull m:1b"),
    (405, b"", Interrupted, "is not Ollama"),
    (502, b"<html>Bad gateway</html>", Interrupted, "is not Ollama"),
    (500, b"\xff\xfe", Interrupted, "is not Ollama"),
    (500, b"[" * 100_000, Interrupted, "is not Ollama"),
    (500, b'{"detail": "Not Found"}', Interrupted, "is not Ollama"),
]


def check(error, kind, words):
    assert type(error) is kind, error
    assert isinstance(error, GlossError)
    assert words in str(error)
    assert str(error).endswith(".")
    assert len(str(error)) < 500


@pytest.mark.parametrize(("status", "said", "kind", "words"), REFUSALS)
def test_a_refusal_is_understood(status, said, kind, words):
    check(refusal(status, json.dumps({"error": said}).encode(), model="m:1b", url=URL), kind, words)


@pytest.mark.parametrize(("status", "body", "kind", "words"), BODIES)
def test_an_answer_that_need_not_be_ollamas_is_understood(status, body, kind, words):
    check(refusal(status, body, model="m:1b", url=URL), kind, words)


@pytest.mark.parametrize(
    ("said", "kind"), [(said, kind) for status, said, kind, _ in REFUSALS if status in (400, 500, 404)]
)
def test_the_same_words_mean_the_same_in_the_middle_of_a_stream(said, kind):
    assert type(failure(said, model="m:1b", url=URL)) is kind


PULLS = [
    ("pull model manifest: file does not exist", ModelMissing, "https://ollama.com/library"),
    (
        'pull model manifest: Get "https://registry.ollama.ai/v2/": dial tcp: lookup: no such host',
        Interrupted,
        "Is this machine online?",
    ),
    ("max retries exceeded: no space left on device", Interrupted, "no space left on device"),
    ("invalid model name", Interrupted, "invalid model name"),
    ("", Interrupted, "it gave no reason"),
]


@pytest.mark.parametrize(("said", "kind", "words"), PULLS)
def test_the_end_of_a_pull_is_understood(said, kind, words):
    check(pull_failure(said, "m:1b"), kind, words)


def test_a_refused_pull_is_understood():
    body = json.dumps({"error": "invalid model name"}).encode()
    check(pull_refusal(400, body, model="m:1b", url=URL), Interrupted, "could not fetch `m:1b`")
    check(pull_refusal(404, b"404 page not found", model="m:1b", url=URL), Interrupted, "is not Ollama")


def test_what_a_server_says_is_shown_on_one_line_and_not_at_length():
    sentence = str(failure("a\x1b[31m\r\nb" + "c" * 10_000, model="m", url=URL))
    assert sentence.isprintable()
    assert len(sentence) < 400
