"""Stands where Ollama looks for llama.cpp's `llama-server`: the same server out of the wheel xllamacpp.

Ollama starts one for each model that it loads, with llama.cpp's own flags, and ends it by a signal.
"""

from __future__ import annotations

import argparse
import os
import signal
import sys

import xllamacpp


def flags() -> argparse.Namespace:
    """What Ollama says that matters here; all else is for GPUs, and for the log."""
    parser = argparse.ArgumentParser(allow_abbrev=False)
    parser.add_argument("--model", "-m", required=True)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--ctx-size", "-c", type=int, default=4096)
    parser.add_argument("--parallel", "-np", type=int, default=1)
    parser.add_argument("--batch-size", "-b", type=int, default=512)
    parser.add_argument("--ubatch-size", "-ub", type=int, default=512)
    parser.add_argument("--chat-template", default="")
    parser.add_argument("--no-jinja", action="store_true")
    parser.add_argument("--context-shift", action="store_true")
    return parser.parse_known_args()[0]


def main() -> None:
    """Serve, or say that there are no GPUs, as Ollama asks at its start."""
    # The system's own way, at once: Python's handlers wait until xllamacpp lets go of the interpreter.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    if "--list-devices" in sys.argv:
        sys.stdout.write("Available devices:\n")
        return
    said = flags()
    parameters = xllamacpp.CommonParams()
    parameters.model.path = said.model
    parameters.hostnames = ["127.0.0.1"]
    parameters.port = said.port
    parameters.n_ctx = said.ctx_size
    parameters.n_parallel = said.parallel
    parameters.n_batch = said.batch_size
    parameters.n_ubatch = said.ubatch_size
    parameters.chat_template = said.chat_template
    parameters.use_jinja = not said.no_jinja
    parameters.ctx_shift = said.context_shift
    parameters.ui = False
    parameters.fit_params = False
    parameters.no_extra_bufts = True
    parameters.cpuparams.n_threads = parameters.cpuparams_batch.n_threads = os.cpu_count() or 1
    try:
        server = xllamacpp.Server(parameters)
    except RuntimeError as error:
        sys.exit(str(error))
    assert server.listening_address
    while True:
        signal.pause()


if __name__ == "__main__":
    main()
