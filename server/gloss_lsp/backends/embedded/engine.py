"""The program of the child process: llama.cpp's server, for one model, on a loopback port.

Started as ``python -m gloss_lsp.backends.embedded.engine``. Reads one line of JSON from standard
input (`Orders`), answers one on standard output (`Ready` or `Failed`), and serves until standard
input ends: so it ends with the process that holds the other end of the pipe, however that ends. The
key that callers need comes by this pipe, because other users can read arguments. What llama.cpp
logs goes to standard error.

The only importer of xllamacpp: a crash in there ends an answer, not the language server.
"""

from __future__ import annotations

import importlib
import json
import os
import sys
import threading
from typing import IO, TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping
    from types import ModuleType

_MEBIBYTE = 1024 * 1024
_CONTEXT = 8192
_SMALL_CONTEXT = 4096
_SMALL_MEMORY = 6 * 1024 * _MEBIBYTE
"""Under this much memory the smaller context is taken: of the 1.5B model it saves 0.1 GB of 1.4."""
_BATCH = 64
"""Tokens read between two looks for a cancel: a second's work of a processor, and no slower than more."""
_GPU_BATCH = 512
_MANY = 4
"""Processors."""


def main() -> None:
    """Serve until standard input ends."""
    orders = json.loads(sys.stdin.buffer.readline())
    answers = _keep_standard_output()
    watcher = threading.Thread(target=_end_with_parent, daemon=True)
    watcher.start()
    _end_with_parent_while_loading()
    try:
        server, context = _serve(orders)
        answer = {"url": server.listening_address, "context": context}
    except (RuntimeError, ImportError) as error:
        answer = {"problem": str(error)}
    answers.write(json.dumps(answer) + "\n")
    answers.close()
    if "url" in answer:
        watcher.join()


def _serve(orders: Mapping[str, Any]) -> tuple[Any, int]:
    """The server, loaded and listening, and its context in tokens; `RuntimeError` where it cannot load."""
    xllamacpp = importlib.import_module("xllamacpp")  # only once the parent is being watched
    memory = _memory()
    parameters = xllamacpp.CommonParams()
    parameters.model.path = orders["model"]
    parameters.n_ctx = orders["context"] or (_CONTEXT if memory >= _SMALL_MEMORY else _SMALL_CONTEXT)
    parameters.hostnames = ["127.0.0.1"]
    parameters.port = 0
    parameters.api_keys = [orders["key"]]
    parameters.sleep_idle_seconds = orders["keep_alive"]
    parameters.ui = False
    # A sign of life while the prompt is read would be taken for the first piece of the answer.
    parameters.sse_ping_interval = -1
    # The context is what was asked for, not what the engine thinks fits.
    parameters.fit_params = False
    # Repacked weights take half a gigabyte more and are not read faster.
    parameters.no_extra_bufts = True
    parameters.n_parallel = 1
    parameters.cpuparams.n_threads = parameters.cpuparams_batch.n_threads = _threads()
    parameters.n_batch = parameters.n_ubatch = _batch(xllamacpp)
    parameters.cache_ram_mib = memory // 10 // _MEBIBYTE
    server = xllamacpp.Server(parameters)
    return server, parameters.n_ctx


def _keep_standard_output() -> IO[str]:
    """Standard output for the answer alone; whatever else is printed there goes to standard error."""
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    return answers


def _end_with_parent() -> None:
    while sys.stdin.buffer.read(4096):
        pass
    os._exit(0)


def _end_with_parent_while_loading() -> None:
    """Have Linux end this process at the end of standard input.

    xllamacpp holds the interpreter's lock while it loads, so the thread that reads cannot act then.
    Elsewhere the process ends as soon as it has loaded.
    """
    if sys.platform == "linux":
        import fcntl  # noqa: PLC0415

        fcntl.fcntl(0, fcntl.F_SETOWN, os.getpid())
        fcntl.fcntl(0, fcntl.F_SETFL, fcntl.fcntl(0, fcntl.F_GETFL) | os.O_ASYNC)


def _threads() -> int:
    """As many as there are cores: two threads of one core would get in each other's way.

    Python cannot tell cores from threads. Most machines with four processors or more count each
    core twice, or have slow cores as half of them, which would hold up the fast ones.
    """
    processors = len(os.sched_getaffinity(0)) if sys.platform == "linux" else os.cpu_count() or 1
    return processors if processors < _MANY else processors // 2


def _batch(xllamacpp: ModuleType) -> int:
    kinds = xllamacpp.ggml_backend_dev_type
    gpus = (kinds.GGML_BACKEND_DEVICE_TYPE_GPU, kinds.GGML_BACKEND_DEVICE_TYPE_IGPU)
    return _GPU_BATCH if any(device["type"] in gpus for device in xllamacpp.get_device_info()) else _BATCH


def _memory() -> int:
    """Bytes that the machine has."""
    if sys.platform == "win32":
        import ctypes  # noqa: PLC0415

        kibibytes = ctypes.c_ulonglong()
        ctypes.windll.kernel32.GetPhysicallyInstalledSystemMemory(ctypes.byref(kibibytes))
        return kibibytes.value * 1024
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")


if __name__ == "__main__":
    main()
