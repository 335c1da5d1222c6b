"""What the stand-in for Ollama is: its models, what is loaded, and what a test has told it to say."""

from __future__ import annotations

import asyncio
import hashlib
import json
from typing import Any

from attrs import Factory, define

from fake_replies import Reply, able, answer, error, refusal, streamed, whole

FIM_TEMPLATE = (
    "{{- if .Suffix }}<|fim_prefix|>{{ .Prompt }}<|fim_suffix|>{{ .Suffix }}<|fim_middle|>{{- else }}"
    "{{- range .Messages }}<|im_start|>{{ .Role }}\n{{ .Content }}<|im_end|>\n{{ end }}"
    "<|im_start|>assistant\n{{ end }}"
)
CHAT_TEMPLATE = FIM_TEMPLATE.partition("{{- else }}")[2]
MODELS: list[dict[str, Any]] = [
    {"name": "qwen2.5-coder:1.5b", "capabilities": ["completion", "insert"], "template": FIM_TEMPLATE},
    {"name": "nomic-embed-text:latest", "capabilities": ["embedding"], "family": "nomic-bert"},
]
GENERATING = ("chat", "fill", "generate")


@define
class Script:
    """What the fake has been told, by `POST /control` with any of these:

    - version
    - models: of each its name, and capabilities, template, family, size, context_length, model_info,
      remote_host, parameters, digest where they matter
    - capabilities_in_tags, context_in_ps: False makes a server before 0.30, before 0.10
    - parallel: how many requests one model answers at a time
    - load_seconds: how long loading takes
    - loaded: the contexts of the models that are loaded; {} unloads all
    - rules: each is a dict that replaces the usual reply to the requests that it matches, the first
      that does:
        - which requests: kind (chat, fill, generate, load, unload, tags, ps, show, pull, delete, version),
          model, contains (a part of the body), times (how often; always, where it is not there)
        - what is said: pieces (each a text, or {"content", "thinking"}), thinking (texts said before),
          repeat (the pieces so often), done_reason, usage ({"eval_count": …}); or lines, as they are
        - how: first_delay and gap in seconds, chunk (so many bytes at a time), stamped (each piece
          ends with the time at which it is written, in monotonic nanoseconds)
        - what goes wrong: error (with status); error_after (a line after the pieces); raw (a body as it is,
          with status, content_type, headers); never; closes_at_once;
          end: "eof" (no last line), "reset", "half" (a line), "hang" (after the pieces)
    """

    told = (
        "version",
        "models",
        "capabilities_in_tags",
        "context_in_ps",
        "parallel",
        "load_seconds",
        "rules",
        "loaded",
    )

    version: str = "0.34.0"
    models: list[dict[str, Any]] = Factory(lambda: [dict(model) for model in MODELS])
    capabilities_in_tags: bool = True
    context_in_ps: bool = True
    parallel: int = 1
    load_seconds: float = 0.0
    rules: list[dict[str, Any]] = Factory(list)
    loaded: dict[str, int] = Factory(dict)
    """The context of each loaded model."""
    batches: dict[str, int | None] = Factory(dict)
    """The batch that each was loaded with, where a request named one."""
    loads: list[dict[str, Any]] = Factory(list)
    """Every load: model, options, and whether it was finished."""
    turns: dict[str, asyncio.Semaphore] = Factory(dict)

    def tell(self, message: dict[str, Any]) -> None:
        for key, value in message.items():
            assert key in self.told, f"the fake cannot be told {key!r}"
            setattr(self, key, value)

    def kind(self, path: str, body: dict[str, Any]) -> str:
        kind = path.rpartition("/")[2]
        if kind in ("chat", "generate") and not body.get("prompt" if kind == "generate" else "messages"):
            return "unload" if body.get("keep_alive") == 0 else "load"
        return "fill" if kind == "generate" and (body.get("raw") or body.get("suffix")) else kind

    def turn(self, model: str) -> asyncio.Semaphore:
        return self.turns.setdefault(model, asyncio.Semaphore(self.parallel))

    async def load(self, name: str, body: dict[str, Any]) -> None:
        if not self._reloads(name, body):
            return
        load = {"model": name, "options": body.get("options"), "finished": False}
        self.loads.append(load)
        await asyncio.sleep(self.load_seconds)
        load["finished"] = True
        self.loaded[name] = self._context(name, body)
        self.batches[name] = self._batch(body)

    def _reloads(self, name: str, body: dict[str, Any]) -> bool:
        known = self.loaded.get(name), self.batches.get(name)
        return known != (self._context(name, body), self._batch(body))

    def _batch(self, body: dict[str, Any]) -> int | None:
        return (body.get("options") or {}).get("num_batch")

    def _context(self, name: str, body: dict[str, Any]) -> int:
        asked = (body.get("options") or {}).get("num_ctx")
        return min(asked or 4096, self.find(name).get("context_length", 32768))

    def find(self, name: str) -> dict[str, Any]:
        full = name if ":" in name.rpartition("/")[2] else f"{name}:latest"
        return next((model for model in self.models if model["name"] in (name, full)), {})

    def reply(self, method: str, path: str, kind: str, body: dict[str, Any]) -> Reply:
        rule = self._rule(kind, body)
        if "raw" in rule or "error" in rule or rule.get("never") or rule.get("closes_at_once"):
            return self._failure(rule)
        answers = {"tags": self._tags, "ps": self._ps, "version": lambda: {"version": self.version}}
        if kind in answers and method in ("GET", "HEAD"):
            return whole(answers[kind](), rule)
        if "lines" in rule:
            return streamed(rule["lines"], rule)
        if kind == "pull":
            return self._pull(body["model"], rule)
        if not path.startswith("/api/") or kind not in (*GENERATING, "load", "unload", "show", "delete"):
            return Reply(404, b"404 page not found", "text/plain")
        return self._of_model(kind, body, rule)

    def _rule(self, kind: str, body: dict[str, Any]) -> dict[str, Any]:
        for rule in self.rules:
            text = json.dumps(body, ensure_ascii=False)
            model = body.get("model")
            fits = rule.get("kind", kind) == kind and rule.get("model", model) == model
            if fits and rule.get("contains", "") in text and rule.get("times", 1) > 0:
                if "times" in rule:
                    rule["times"] -= 1
                return rule
        return {}

    def _failure(self, rule: dict[str, Any]) -> Reply:
        if "error" in rule:
            return error(rule.get("status", 500), rule["error"], rule)
        reply = Reply(rule.get("status", 200), first_delay=rule.get("first_delay", 0.0))
        reply.never, reply.closes_at_once = rule.get("never", False), rule.get("closes_at_once", False)
        if "raw" in rule:
            reply.body, reply.headers = rule["raw"].encode("latin-1"), rule.get("headers", [])
            reply.content_type = rule.get("content_type", "text/html")
        return reply

    def _of_model(self, kind: str, body: dict[str, Any], rule: dict[str, Any]) -> Reply:
        asked = body.get("model", "")
        model = self.find(asked)
        if not model:
            return error(404, f"model '{asked}' not found", rule)
        if kind in ("show", "delete", "unload"):
            return self._manage(kind, model, rule)
        refused = refusal(kind, model, body)
        if refused:
            return error(400, refused, rule)
        name = model["name"]
        if kind == "load":
            reply = whole({"model": name, "response": "", "done": True, "done_reason": "load"}, rule)
        else:
            thinks = "thinking" in able(model) and body.get("think") is not False
            reply = streamed(answer(kind, name, body, rule, thinks=thinks), rule)
        # What only asks for a model that is loaded as it wants it does not wait for its turn.
        reply.model = None if kind == "load" and not self._reloads(name, body) else name
        return reply

    def _manage(self, kind: str, model: dict[str, Any], rule: dict[str, Any]) -> Reply:
        if kind == "show":
            return whole(self._show(model), rule)
        if kind == "delete":
            self.models.remove(model)
            return Reply(body=b"")
        self.loaded.pop(model["name"], None)
        return whole({"model": model["name"], "response": "", "done": True, "done_reason": "unload"}, rule)

    def _pull(self, name: str, rule: dict[str, Any]) -> Reply:
        digest = "sha256:" + hashlib.sha256(name.encode()).hexdigest()
        layer = {"status": f"pulling {digest[7:19]}", "digest": digest, "total": 4000}
        lines: list[dict[str, Any]] = [{"status": "pulling manifest"}]
        lines += [{**layer, "completed": 1000 * step} for step in range(5)]
        lines += [{"status": status} for status in ("verifying sha256 digest", "writing manifest", "success")]
        reply = streamed(lines, rule)
        reply.installs = name
        return reply

    def install(self, name: str) -> None:
        """Add a model that has been pulled to the end."""
        if not self.find(name):
            self.models.append({"name": name if ":" in name else f"{name}:latest"})

    def _tags(self) -> dict[str, Any]:
        return {"models": [self._tag(model, capabilities=self.capabilities_in_tags) for model in self.models]}

    def _ps(self) -> dict[str, Any]:
        running = [self._tag(self.find(name), capabilities=False) for name in self.loaded if self.find(name)]
        for tag in running:
            tag |= {"expires_at": "2026-11-23T22:00:00Z", "size_vram": 0}
            if self.context_in_ps:
                tag["context_length"] = self.loaded[tag["name"]]
        return {"models": running}

    def _tag(self, model: dict[str, Any], *, capabilities: bool) -> dict[str, Any]:
        family = model.get("family", "qwen2")
        digest = hashlib.sha256(json.dumps(model, sort_keys=True).encode()).hexdigest()
        tag = {
            "name": model["name"],
            "model": model["name"],
            "modified_at": "2026-11-23T21:00:00Z",
            "size": model.get("size", 986_061_892),
            "digest": model.get("digest", digest),
            "details": {"format": "gguf", "family": family, "families": [family], "parameter_size": "1.5B"},
        }
        if model.get("remote_host"):
            tag["remote_host"] = model["remote_host"]
        if capabilities:
            tag["capabilities"] = able(model)
        return tag

    def _show(self, model: dict[str, Any]) -> dict[str, Any]:
        family = model.get("family", "qwen2")
        context = model.get("context_length", 32768)
        info = {"general.architecture": family, f"{family}.context_length": context}
        remote = {"remote_host": model["remote_host"]} if model.get("remote_host") else {}
        return {
            **remote,
            "template": model.get("template", CHAT_TEMPLATE),
            "parameters": model.get("parameters", ""),
            "details": self._tag(model, capabilities=False)["details"],
            "model_info": info | model.get("model_info", {}),
            "capabilities": able(model),
        }
