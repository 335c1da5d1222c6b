"""Benchmarks; `python -m tests.bench` runs them."""

from __future__ import annotations

import sys
from pathlib import Path

_TESTS = Path(__file__).parents[1]
# The helpers of the tests know each other by the names that pytest gives them.
sys.path[:0] = [str(_TESTS), str(_TESTS / "lsp")]
