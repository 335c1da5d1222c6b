"""The smallest sample of the benchmarks: counts, and ratios within one run; never a time by itself."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = [pytest.mark.needs("bench"), pytest.mark.timeout(600)]

ROOT = Path(__file__).parents[2]
BOTH = {"Gloss", "bare pygls"}
ALL = {"direct httpx", *BOTH}

MEASURED = {
    "first byte, 2,000 lines": ALL,
    "first byte, 50,000 lines": ALL,
    "first piece to first words": ALL,
    "age of the newest word, a piece every 10 ms": ALL,
    "age of the newest word, pieces without a pause": ALL,
    "cancel to closed socket, completion before its first piece": ALL,
    "cancel to closed socket, completion after its first piece": ALL,
    "cancel to closed socket, job after its first piece": ALL,
    "start-up CPU": BOTH,
    "start-up, by the clock": BOTH,
    "memory, idle": BOTH,
    "memory, 2,000 lines open": BOTH,
    "memory, after 100 completions": BOTH,
    "how late a server of sixteen streams writes": {"direct httpx", "Gloss"},
    "age of the newest word, sixteen streams": {"direct httpx", "Gloss"},
}


@pytest.fixture(scope="module")
def results(tmp_path_factory):
    file = tmp_path_factory.mktemp("bench") / "results.json"
    command = [sys.executable, "-m", "tests.bench", "--smallest", "--json", str(file)]
    ran = subprocess.run(command, check=False, cwd=ROOT, capture_output=True, text=True, timeout=500)
    assert ran.returncode == 0, ran.stderr
    assert all(name in ran.stdout for name in ("Overhead", "Goals", "Gloss", "bare pygls", "direct httpx"))
    return json.loads(file.read_text())


@pytest.fixture(scope="module")
def samples(results):
    return {(sample["measure"], sample["subject"]): sample for sample in results["samples"]}


def test_everything_is_measured_for_everybody(samples):
    assert set(samples) == {
        (measure, subject) for measure, subjects in MEASURED.items() for subject in subjects
    }
    for sample in samples.values():
        assert {"unit", "median", "p95", "min", "max", "n"} <= set(sample)
        assert not sample["n"] or sample["min"] <= sample["median"] <= sample["p95"] <= sample["max"]


def test_it_is_told_what_was_measured_on(results):
    told = {"cores", "python", "load_average_before", "load_average_after", "pressure", "loaded"}
    assert told <= set(results["machine"])
    assert {goal["goal"] for goal in results["goals"]} >= {"start-up CPU, times that of bare pygls"}


def test_whatever_is_stopped_closes_its_socket(samples):
    stopped = [sample for sample in samples.values() if sample["subject"] == "Gloss" and "stopped" in sample]
    assert len(stopped) == 3
    assert [sample["closed"] for sample in stopped] == [sample["stopped"] for sample in stopped]


def test_sixteen_streams_run_at_once_and_take_no_longer_than_without_editors(samples):
    gloss, direct = (
        samples["how late a server of sixteen streams writes", subject]
        for subject in ("Gloss", "direct httpx")
    )
    for sample in (gloss, direct):
        assert (sample["streams"], sample["at_once"]) == (16, 16)
        # A hundred tokens, the reason for the end, and the end.
        assert sample["pieces"] == 16 * 102
    assert gloss["milliseconds"] <= 1.5 * direct["milliseconds"]


def test_to_start_takes_at_most_a_fifth_more_cpu_than_pygls_takes(samples):
    gloss, bare = samples["start-up CPU", "Gloss"], samples["start-up CPU", "bare pygls"]
    # Other programs add to CPU time, by what they push out of the caches, and never take from it.
    assert gloss["min"] <= 1.2 * bare["min"]


def test_a_large_file_is_completed_no_later_than_a_small_one(samples):
    small, large = (samples[f"first byte, {lines} lines", "Gloss"]["median"] for lines in ("2,000", "50,000"))
    # The two were measured in turns; work that grows with the file would be 25 times as much, 14 ms in pygls.
    assert large <= 1.5 * small + 2
