"""A stand-in for an OpenAI-compatible server, as vLLM is, in a process of its own; see `fake_ollama`.

    python tests/fake_openai.py [--port N] [--log FILE] [--until-stdin-closes]

`fake.FakeOpenAI` starts it, tells it what to do, and asks what it was asked.
"""

from __future__ import annotations

import asyncio
import json
import time
from typing import Any

from attrs import Factory, define

import fake_script
from fake_ollama import Connection, Fake, Log, main
from fake_replies import CHAT_PIECES, FILL_PIECES, Reply, whole

MODELS: list[dict[str, Any]] = [
    {
        "id": "Qwen/Qwen2.5-Coder-7B",
        "object": "model",
        "owned_by": "vllm",
        "root": "Qwen/Qwen2.5-Coder-7B",
        "max_model_len": 16384,
    },
    {
        "id": "BAAI/bge-m3",
        "object": "model",
        "owned_by": "vllm",
        "root": "BAAI/bge-m3",
        "max_model_len": 8192,
    },
]


@define
class Script(fake_script.Script):
    """What the fake has been told, by `POST /control` with any of these:

    - models: the cards of `/v1/models`
    - parallel: how many requests one model answers at a time
    - key: what has to come as the bearer's, in lower case
    - tags: what `/api/tags` answers, as Ollama does beside; null: nothing
    - refuses: parts of a body that are answered by status 400, with the words
    - rules: as of `fake_script.Script`, with these differences: kinds are chat, completions and models;
      a piece can be a whole `delta`; `reason` is the `finish_reason`, null for none; `usage` (true by
      default) adds it where it is asked for; `headers` go with an error too; `events` are sent as they are;
      end: "no done" leaves out ``[DONE]``.
    """

    told = ("models", "parallel", "key", "refuses", "rules", "tags")

    models: list[dict[str, Any]] = Factory(lambda: [dict(model) for model in MODELS])
    parallel: int = 100
    key: str = ""
    tags: dict[str, Any] | None = None
    refuses: dict[str, str] = Factory(dict)

    def kind(self, path: str, body: dict[str, Any]) -> str:
        return path.rsplit("/v1/", maxsplit=1)[-1].partition("/")[0]

    async def load(self, name: str, body: dict[str, Any]) -> None:
        """Such servers have loaded what they have."""

    def reply(self, method: str, path: str, kind: str, body: dict[str, Any]) -> Reply:
        rule = self._rule(kind, body)
        if rule.get("never") or rule.get("closes_at_once") or "raw" in rule:
            return self._failure(rule)
        if "error" in rule:
            return refused(rule.get("status", 500), rule["error"], rule.get("headers", []))
        if kind == "models" and method == "GET":
            return whole({"object": "list", "data": self.models}, rule)
        if self.tags is not None and path == "/api/tags":
            return whole(self.tags, rule)
        if path.partition("/v1/")[2] not in ("chat/completions", "completions"):
            return refused(404, "Not Found")
        return self._of_model(kind, body, rule)

    def _of_model(self, kind: str, body: dict[str, Any], rule: dict[str, Any]) -> Reply:
        if body["model"] not in [model["id"] for model in self.models]:
            return refused(404, f"The model `{body['model']}` does not exist.")
        for part, words in self.refuses.items():
            if part in body or any(turn["role"] == part for turn in body.get("messages", ())):
                return refused(400, words)
        usual = CHAT_PIECES if kind == "chat" else FILL_PIECES
        pieces = rule.get("pieces", usual) * rule.get("repeat", 1)
        events = [event(kind, piece) for piece in pieces]
        reason = rule.get("reason", "stop")
        if reason:
            events.append(event(kind, "", reason))
        if rule.get("usage", True) and body.get("stream_options"):
            counted = {
                "prompt_tokens": 20,
                "completion_tokens": len(pieces),
                "total_tokens": 20 + len(pieces),
            }
            events.append({"choices": [], "usage": counted})
        how = {key: rule[key] for key in ("first_delay", "gap", "chunk", "stamped", "end") if key in rule}
        return Reply(lines=[*events, *rule.get("events", [])], model=body["model"], **how)


def event(kind: str, piece: Any, reason: str | None = None) -> dict[str, Any]:
    """One event with a piece of an answer."""
    delta = {"content": piece} if isinstance(piece, str) else piece
    said = {"delta": delta} if kind == "chat" else {"text": piece}
    return {"id": "1", "choices": [{"index": 0, **said, "finish_reason": reason}], "usage": None}


def refused(status: int, message: str, headers: list[str] | None = None) -> Reply:
    error = {"message": message, "type": "BadRequestError", "param": None, "code": status}
    return Reply(status, json.dumps({"error": error}).encode(), headers=headers or [])


class FakeOpenAI(Fake):
    """The server: as that of Ollama, but for keys, and for how a stream is written.

    The log says of each event how `late` it was written, in nanoseconds, if it was to come every `gap`.
    """

    content_type = "text/event-stream"

    def __init__(self, log: Log) -> None:
        super().__init__(log)
        self.script = Script()

    async def answer(self, connection: Connection, entry: dict[str, Any]) -> bool:
        key = self.script.key
        if key and entry["headers"].get("authorization") != f"bearer {key}":
            given = entry["headers"].get("authorization", "none")
            return await self.write(connection, entry, refused(401, f"Incorrect API key provided: {given}"))
        return await super().answer(connection, entry)

    async def stream(self, connection: Connection, entry: dict[str, Any], reply: Reply) -> None:
        events: list[Any] = list(reply.lines)
        if reply.end == "done":
            events.append("[DONE]")
        began = time.monotonic_ns()
        for number, said in enumerate(events):
            # By the clock from the beginning on: what is late once does not make all that follows late.
            due = began + int(number * reply.gap * 1e9)
            await asyncio.sleep(max(0.0, (due - time.monotonic_ns()) / 1e9))
            now = time.monotonic_ns()
            text = said if isinstance(said, str) else json.dumps(self.stamped(said, reply, now))
            data = f"data: {text}\n\n".encode()
            for start in range(0, len(data), reply.chunk or len(data)):
                await connection.send_chunk(data[start : start + (reply.chunk or len(data))])
            entry["pieces"] += 1
            entry.setdefault("late", []).append(now - due)
            if number == 0:
                await self.log.note(entry, "first piece", first_piece_at=now)

    def stamped(self, said: dict[str, Any], reply: Reply, now: int) -> dict[str, Any]:
        """The event with the time at which it is written, and behind its text where that is wanted."""
        if reply.stamped and said.get("choices") and said["choices"][0]["finish_reason"] is None:
            [choice] = said["choices"]
            piece = f"{choice['delta']['content'] if 'delta' in choice else choice['text']}{now} "
            said = event("chat" if "delta" in choice else "completions", piece)
        return {**said, "t": now}


if __name__ == "__main__":
    main(FakeOpenAI)
