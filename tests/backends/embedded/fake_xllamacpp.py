"""Takes the place of xllamacpp in the engine's process: an HTTP server that misbehaves when it is told to.

What is asked decides: a prompt (or the last message of a chat) that is a key of `Handler.BEHAVIOUR`
does that, and any other is answered by what was received. How loading goes is told by
`GLOSS_FAKE_LOAD`. What the tests want to see is written to files in the current folder.
"""

from __future__ import annotations

import json
import os
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import SimpleNamespace

ggml_backend_dev_type = SimpleNamespace(GGML_BACKEND_DEVICE_TYPE_GPU=1, GGML_BACKEND_DEVICE_TYPE_IGPU=2)
TIMINGS = {"cache_n": 5, "prompt_n": 2, "prompt_ms": 500.0, "predicted_n": 4, "predicted_ms": 250.0}


def get_device_info():
    return [{"type": int(os.environ.get("GLOSS_FAKE_DEVICE", "0"))}]


class CommonParams:
    def __init__(self):
        self.model = SimpleNamespace()
        self.cpuparams = SimpleNamespace()
        self.cpuparams_batch = SimpleNamespace()


class Server:
    def __init__(self, parameters):
        with Path("starts").open("a", encoding="utf-8") as starts:
            starts.write(f"{os.getpid()}\n")
        match os.environ.get("GLOSS_FAKE_LOAD"):
            case "memory":
                os.write(
                    2, b"0.00.1 E ggml_aligned_malloc: insufficient memory (attempted to allocate 9 GB)\n"
                )
                raise RuntimeError("Failed to init server")
            case "broken":
                os.write(2, b"0.00.1 I all is well\n0.00.2 E gguf: invalid magic\n")
                raise RuntimeError("Failed to init server")
            case "crash":
                os.abort()
            case "noise":
                sys.stdout.write("noise on standard output")
                sys.stdout.flush()
                os.write(1, b"and from C\n")
                os.write(2, b"noise " * 100_000)
            case "forever":
                threading.Event().wait()
        seen = {name: value for name, value in vars(parameters).items() if isinstance(value, (int, list))}
        seen |= {
            "threads": parameters.cpuparams_batch.n_threads,
            "model": parameters.model.path,
            "argv": sys.argv,
        }
        seen["environment"] = dict(os.environ)
        Path("parameters").write_text(json.dumps(seen), encoding="utf-8")
        self.http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.http.key = parameters.api_keys[0]
        self.http.left = threading.Event()
        self.listening_address = f"http://127.0.0.1:{self.http.server_port}"
        threading.Thread(target=self.http.serve_forever, daemon=True).start()


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self):
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        if self.headers["Authorization"] != f"Bearer {self.server.key}":
            self.refuse(401, {"message": "Invalid API Key", "type": "authentication_error"})
            return
        self.fill = "prompt" in body
        asked = body["prompt"] if self.fill else body["messages"][-1]["content"]
        behave = self.BEHAVIOUR.get(asked)
        if behave:
            behave(self)
        else:
            self.answer(json.dumps({"path": self.path, "body": body}))

    def answer(self, text):
        self.begin()
        self.piece(text)
        self.end()

    def hang(self):
        """Answer a word, and no more until the client goes."""
        self.begin()
        self.piece("word")
        self.connection.recv(1)
        self.server.left.set()
        self.close_connection = True

    def after_hang(self):
        self.server.left.wait()
        self.answer("it has gone")

    def crash(self):
        self.begin()
        self.piece("word")
        os.abort()

    def kill(self):
        self.begin()
        self.piece("word")
        os.kill(os.getpid(), 9)

    def cut(self):
        self.begin()
        self.piece("word")
        self.chunk(b"")

    def garbage(self):
        self.begin()
        self.line(b"data: {nonsense")
        self.chunk(b"")

    def error(self):
        self.begin()
        self.piece("word")
        self.event({"error": {"code": 500, "message": "it hurts", "type": "server_error"}})
        self.chunk(b"")

    def too_long(self):
        error = {
            "message": "too long",
            "type": "exceed_context_size_error",
            "n_prompt_tokens": 9000,
            "n_ctx": 8192,
        }
        self.refuse(400, error)

    BEHAVIOUR = {  # noqa: RUF012
        "hang": hang,
        "after hang": after_hang,
        "crash": crash,
        "kill": kill,
        "cut": cut,
        "garbage": garbage,
        "error": error,
        "too long": too_long,
        "busy": lambda self: self.refuse(503, {"message": "Loading model", "type": "unavailable_error"}),
    }

    def begin(self):
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()

    def piece(self, text):
        if self.fill:
            self.event({"choices": [{"text": text, "finish_reason": None}]})
        else:
            self.event(
                {"choices": [{"finish_reason": None, "delta": {"role": "assistant", "content": None}}]}
            )
            self.event({"choices": [{"finish_reason": None, "delta": {"content": text}}]})

    def end(self):
        if self.fill:
            self.event({"choices": [{"text": "", "finish_reason": "length"}], "timings": TIMINGS})
        else:
            self.event({"choices": [{"finish_reason": "stop", "delta": {}}], "timings": TIMINGS})
        self.line(b"data: [DONE]")
        self.chunk(b"")

    def event(self, value):
        self.line(b"data: " + json.dumps(value).encode())

    def line(self, line):
        self.chunk(line + b"\n\n")

    def chunk(self, data):
        self.wfile.write(f"{len(data):x}\r\n".encode() + data + b"\r\n")
        self.wfile.flush()

    def refuse(self, status, error):
        body = json.dumps({"error": {"code": status, **error}}).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args):
        pass
