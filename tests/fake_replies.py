"""How the stand-in for Ollama answers: the shapes of its replies."""

from __future__ import annotations

import json
from typing import Any

from attrs import Factory, define

CHAT_PIECES = ["This ", "is ", "the ", "reply."]
FILL_PIECES = ["return ", "value"]


@define
class Reply:
    """What is written to one request."""

    status: int = 200
    body: bytes | None = None
    """A whole answer; else `lines` are streamed."""
    content_type: str = "application/json; charset=utf-8"
    headers: list[str] = Factory(list)
    lines: list[dict[str, Any]] = Factory(list)
    first_delay: float = 0.0
    gap: float = 0.0
    chunk: int = 0
    """Bytes that are sent at a time; 0: whole lines."""
    stamped: bool = False
    """Each piece ends with the time at which it is written."""
    end: str = "done"
    never: bool = False
    closes_at_once: bool = False
    installs: str = ""
    """The model that is there when all has been sent."""
    model: str | None = None
    """The model that has to be loaded, and has to be free, for this."""


def able(model: dict[str, Any]) -> list[str]:
    """What a model can do, in Ollama's words."""
    return model.get("capabilities", ["completion"])


def refusal(kind: str, model: dict[str, Any], body: dict[str, Any]) -> str:
    """What Ollama says where a model cannot do what is asked of it."""
    name, can = model["name"], able(model)
    if "completion" not in can:
        return f'"{name}" does not support {"chat" if kind == "chat" else "generate"}'
    if body.get("suffix") and "insert" not in can:
        return f"registry.ollama.ai/library/{name} does not support insert"
    if body.get("think") and "thinking" not in can:
        return f'"{name}" does not support thinking'
    return ""


def answer(
    kind: str, name: str, body: dict[str, Any], rule: dict[str, Any], *, thinks: bool
) -> list[dict[str, Any]]:
    """The lines of an answer, in the shape of the endpoint."""
    usual = FILL_PIECES if kind == "fill" else ["{}"] if body.get("format") else CHAT_PIECES
    pieces: list[Any] = [{"thinking": text} for text in rule.get("thinking", ["Hm. "] if thinks else [])]
    pieces += rule.get("pieces", usual) * rule.get("repeat", 1)
    lines = []
    for piece in pieces:
        parts = {"content": piece} if isinstance(piece, str) else piece
        lines.append({"model": name, **_shape(kind, parts), "done": False})
    if "error_after" in rule:
        return [*lines, {"error": rule["error_after"]}]
    if rule.get("end", "done") == "done":
        usage = {"load_duration": 10**8, "prompt_eval_count": 20, "prompt_eval_duration": 2 * 10**8}
        usage |= {"eval_count": len(pieces), "eval_duration": 2 * 10**8, **rule.get("usage", {})}
        last = {"done": True, "done_reason": rule.get("done_reason", "stop"), **usage}
        lines.append({"model": name, **_shape(kind, {"content": ""}), **last})
    return lines


def _shape(kind: str, parts: dict[str, str]) -> dict[str, Any]:
    content = parts.get("content", "")
    thinking = {"thinking": parts["thinking"]} if "thinking" in parts else {}
    if kind == "chat":
        return {"message": {"role": "assistant", "content": content, **thinking}}
    return {"response": content, **thinking}


def stamp(line: dict[str, Any], now: int) -> dict[str, Any]:
    """The line with the time behind its text: whoever shows the text shows how old it is."""
    if "message" in line:
        return {**line, "message": {**line["message"], "content": f"{line['message']['content']}{now} "}}
    return {**line, "response": f"{line['response']}{now} "} if "response" in line else line


def streamed(lines: list[dict[str, Any]], rule: dict[str, Any]) -> Reply:
    """Lines one after another, in the way that the rule says."""
    how = {key: rule[key] for key in ("first_delay", "gap", "chunk", "stamped", "end") if key in rule}
    return Reply(lines=lines, **how)


def whole(value: dict[str, Any], rule: dict[str, Any]) -> Reply:
    """One object."""
    return Reply(body=json.dumps(value).encode(), first_delay=rule.get("first_delay", 0.0))


def error(status: int, text: Any, rule: dict[str, Any]) -> Reply:
    """A refusal ahead of any piece."""
    return Reply(status, json.dumps({"error": text}).encode(), first_delay=rule.get("first_delay", 0.0))
