"""What OpenAI-compatible servers say when they refuse becomes the right error and a useful sentence."""

from __future__ import annotations

import json

import pytest

from gloss_lsp.backends.openai.describe import model
from gloss_lsp.backends.openai.errors import Declined, NoRoute, Sentences
from gloss_lsp.backends.openai.wire import Card
from gloss_lsp.errors import (
    Busy,
    GlossError,
    Interrupted,
    ModelMissing,
    OutOfMemory,
    TooLong,
    Unauthorized,
    Unreachable,
)

URL = "https://models.example.com:443/team"
KEY = "sk-0123456789abcdef"
SENTENCES = Sentences(URL, "m", (f"Bearer {KEY}", KEY))

VLLM_LONG = (
    "This model's maximum context length is 2048 tokens. However, you requested 2100 tokens (2000 in the "
    "messages, 100 in the completion). Please reduce the length of the messages or completion."
)
LLAMA_LONG = {
    "code": 400,
    "message": "request (4030 tokens) exceeds the available context size (2048 tokens), try increasing it",
    "type": "exceed_context_size_error",
    "n_prompt_tokens": 4030,
    "n_ctx": 2048,
}
LM_STUDIO_LONG = (
    "Trying to keep the first 6547 tokens when context the overflows. However, the model is loaded with "
    "context length of only 4096 tokens, which is not enough."
)
LM_STUDIO_LONG_2 = (
    "The number of tokens to keep from the initial prompt is greater than the context length "
    "(n_keep: 13055>= n_ctx: 4096)."
)
REFUSALS = [
    # status, what stands under "error", the error, a part of its sentence
    (400, {"message": VLLM_LONG, "type": "BadRequestError", "code": 400}, TooLong, "Ask about less"),
    (400, LLAMA_LONG, TooLong, "context of 2048 tokens"),
    (400, LM_STUDIO_LONG, TooLong, "gloss.models.contextLength"),
    (400, LM_STUDIO_LONG_2, TooLong, "gloss.models.contextLength"),
    (400, {"message": "x", "code": "context_length_exceeded"}, TooLong, "Ask about less"),
    (400, "max_tokens must be at least 1, got -186.", TooLong, "Ask about less"),
    (413, "Request too large", TooLong, "more than the server"),
    (400, "'response_format.type' must be 'json_schema'", Declined, "refuses the request ('response_format"),
    (422, "extra_forbidden: chat_template_kwargs", Declined, "refuses the request"),
    (501, "not implemented", Declined, "refuses the request"),
    (401, f"Incorrect API key provided: {KEY}", Unauthorized, '{"Authorization": "Bearer ${GLOSS_API_KEY}"}'),
    (403, f"the key {KEY} may not", Unauthorized, "does not let you in (the key … may not)"),
    (404, "The model `m` does not exist.", ModelMissing, "has no model `m`. `gloss models` lists those"),
    (404, {"message": "no", "code": "model_not_found"}, ModelMissing, "has no model"),
    (400, "Invalid model name passed in model=m", ModelMissing, "has no model"),
    (404, "Not Found", NoRoute, "what stands before `/v1`"),
    (405, "Method Not Allowed", NoRoute, "Set `gloss.backend.url`"),
    (407, "", Unreachable, "HTTPS_PROXY"),
    (429, "Rate limit reached", Busy, "(Rate limit reached). Try again in a moment"),
    (503, "Loading model", Busy, "no more requests now (Loading model)"),
    (429, {"message": "You exceeded your current quota", "type": "insufficient_quota"}, Unauthorized, "payment"),
    (402, "Insufficient credits", Unauthorized, "payment"),
    (500, "CUDA out of memory. Tried to allocate 2 GiB", OutOfMemory, "not enough memory"),
    (500, "it hurts", Interrupted, "failed (it hurts)"),
    (502, "bad", Interrupted, "does not reach it"),
    (504, "", Interrupted, "does not reach it"),
    (418, "", Interrupted, "failed. Try again"),
]  # fmt: skip


def check(error: GlossError, kind: type, words: str) -> None:
    assert type(error) is kind, error
    assert words in str(error)
    assert str(error).endswith(".")
    assert KEY not in str(error) + repr(error)
    assert len(str(error)) < 500


@pytest.mark.parametrize(("status", "said", "kind", "words"), REFUSALS)
def test_a_refusal_is_understood(status, said, kind, words):
    check(SENTENCES.refusal(status, json.dumps({"error": said}).encode()), kind, words)


@pytest.mark.parametrize(
    ("said", "kind"),
    [(said, kind) for _, said, kind, _ in REFUSALS if kind in (TooLong, ModelMissing, OutOfMemory)][:6],
)
def test_the_same_words_mean_the_same_in_the_middle_of_a_stream(said, kind):
    assert type(SENTENCES.failure(said)) is kind


BODIES = [
    (401, b"<html>Login</html>", Unauthorized, "wants a valid key"),
    (404, b"404 page not found", NoRoute, "what stands before `/v1`"),
    (429, b"", Busy, "takes no more requests now"),
    (502, b"<html>Bad gateway</html>", Interrupted, "does not reach it"),
    (500, b"\xff\xfe", Interrupted, "no OpenAI-compatible server"),
    (500, b"[" * 100_000, Interrupted, "no OpenAI-compatible server"),
    (400, b'{"object": "error", "message": "it hurts", "code": 400}', Declined, "it hurts"),
    (400, b'{"detail": [{"loc": ["body"]}]}', Declined, "refuses the request"),
    (500, b'{"error": {"message": 5, "type": [], "code": {}}}', Interrupted, "failed."),
]


@pytest.mark.parametrize(("status", "body", "kind", "words"), BODIES)
def test_an_answer_that_may_be_anything_is_understood(status, body, kind, words):
    check(SENTENCES.refusal(status, body), kind, words)


def test_the_secrets_do_not_show_themselves():
    assert KEY not in repr(SENTENCES)


def test_what_a_server_says_is_shown_on_one_line_and_not_at_length():
    sentence = str(SENTENCES.failure("a\x1b[31m\r\nb" + "c" * 10_000))
    assert sentence.isprintable()
    assert len(sentence) < 500


NAMES = [
    # name, whether it embeds, whether it can think
    ("Qwen/Qwen2.5-Coder-7B-Instruct", False, False),
    ("Qwen/Qwen3-8B", False, True),
    ("qwen3:1.7b", False, True),
    ("Qwen/Qwen3-Coder-30B-A3B-Instruct", False, False),
    ("deepseek-ai/DeepSeek-R1-Distill-Llama-8B", False, True),
    ("openai/gpt-oss-20b", False, True),
    ("zai-org/GLM-4.6", False, True),
    ("mistralai/Magistral-Small-2506", False, True),
    ("meta-llama/Llama-3.1-8B-Instruct", False, False),
    ("BAAI/bge-m3", True, False),
    ("bge-large", True, False),
    ("intfloat/e5-mistral-7b-instruct", True, False),
    ("Alibaba-NLP/gte-Qwen2-7B-instruct", True, False),
    ("Qwen/Qwen3-Embedding-8B", True, False),
    ("Qwen/Qwen3-Reranker-4B", True, False),
    ("text-embedding-3-small", True, False),
    ("openai/whisper-large-v3", True, False),
]


@pytest.mark.parametrize(("name", "embeds", "thinks"), NAMES)
def test_what_a_name_tells(name, embeds, thinks):
    described = model(Card(name), None, ())
    assert (described.embedding, described.chat, described.thinking) == (embeds, not embeds, thinks)
    assert embeds == (described.fill == "none")
