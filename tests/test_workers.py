"""Work that is shared out to worker processes: when, to how many, and with the same bits."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from types import SimpleNamespace

import pytest

import tverretatlig_sim
from tverretatlig_sim import workers
from tverretatlig_sim.workers import VARIABLE, most_workers, sharing, using, workers_for

SOURCE = str(Path(tverretatlig_sim.__file__).parents[1])
NO_SIGNALS = pytest.mark.skipif(sys.platform == "win32", reason="there are no such signals")


def script(folder: Path, text: str) -> list[str]:
    """A script without a main guard, for which all work is long enough."""
    path = folder / "script.py"
    head = "from tverretatlig_sim import workers\nworkers.PAYS = workers.PAYS_STARTED = 0.0\n"
    path.write_text(head + text, encoding="utf-8")
    return [sys.executable, str(path)]


ENV = {**os.environ, "PYTHONPATH": SOURCE}


@pytest.fixture
def alone(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """As if no test were run."""
    monkeypatch.delenv("PYTEST_XDIST_WORKER", raising=False)
    monkeypatch.delenv(VARIABLE, raising=False)
    return monkeypatch


def test_as_many_workers_as_asked_for_or_as_there_are_cores(alone: pytest.MonkeyPatch) -> None:
    alone.setattr("loky.cpu_count", lambda: 5)
    assert most_workers() == 5
    alone.setenv(VARIABLE, "3")
    assert most_workers() == 3
    alone.setattr(workers, "_pools", {})
    assert [workers_for(seconds) for seconds in (0.1, 100.0)] == [1, 3]
    sharing_two = sharing(lambda workers=None: most_workers())
    assert [sharing_two(workers=2), sharing_two(workers=None)] == [2, 3]
    alone.setenv(VARIABLE, "many")
    with pytest.raises(ValueError, match=f"{VARIABLE} = 'many': must be a whole number from 1"):
        most_workers()
    with pytest.raises(ValueError, match="workers = 0"), using(0):
        pass


def test_no_workers_of_workers(alone: pytest.MonkeyPatch) -> None:
    alone.setenv(VARIABLE, "3")
    alone.setenv("PYTEST_XDIST_WORKER", "gw0")
    assert most_workers() == 1
    with using(2):
        assert most_workers() == 2
        with alone.context() as inside:
            inside.setitem(sys.modules, "distributed", SimpleNamespace(get_worker=object))
            assert most_workers() == 1
        alone.setattr(workers, "parent_process", object)
        assert most_workers() == 1


SAME = """
import pandas as pd, tverretatlig_sim as ts
from dataclasses import replace
from tverretatlig_sim.study.patterns import evaluate, patterns
from tverretatlig_sim.study.robust import compare_robustly
from tverretatlig_sim.study.sampling import draw_sets
from tverretatlig_sim.study.search import search
print("begun")
@ts.rule(reads="trust", writes="trust")
def trust_wears_off(state, world, parameters, draws, month):
    return {"trust": 0.99 * state.trust}
worn = ts.RULES.after("renew", trust_wears_off)
own = replace(
    patterns(["meetings-2025"])[0], id="own", statistic=lambda it: it.sample("0-24-2018").outcome("drafted")
)
sets = draw_sets(4)
def answers(workers):
    how = {"months": 12, "seed": 3, "workers": workers}
    moments = ts.simulate("0-24-2018", 600, batch_size=200, **how)
    every = ts.simulate("0-24-2018", 600, series="runs", rules=worn, **how)
    yield from (moments.outcomes, moments.series["trust"], moments.funnel())
    yield from (every.outcomes, every.series["trust"])
    yield ts.compare(["0-24-2018", "pure-network"], 300, series="none", **how).table()
    yield ts.explain("0-24-2018", "0-24-2018+stable-staffing", runs=4, **how).table()
    yield compare_robustly(["0-24-2018", "pure-network"], sets, 2, **how).table()
    yield search("0-24-2018", 12, 3, gain="drafted", fresh_runs=6, **how).table()
    yield pd.DataFrame([found.row() for found in evaluate([own], sets, 2, workers=workers)])
alone, together = list(answers(1)), list(answers(2))
assert list(workers._pools) == [2]
print(len(alone), [a.equals(b) for a, b in zip(alone, together, strict=True)].count(False))
"""


@pytest.mark.slow
def test_the_same_bits_in_a_script_whose_top_level_is_run_once(tmp_path: Path) -> None:
    done = subprocess.run(script(tmp_path, SAME), env=ENV, capture_output=True, text=True, check=False)
    assert (done.stdout, done.stderr) == ("begun\n10 0\n", "")


LONG = """
import os, signal, tverretatlig_sim as ts
signal.signal(signal.SIGINT, signal.default_int_handler)  # what a shell runs in the background ignores it
def told(number):
    print("told", *(p._processes.copy().popitem()[0] for p in workers._pools[2]._processes), flush=True)
ts.simulate("0-24-2018", 10**6, series="none", outcomes=["drafted"], batch_size=20, progress=told, workers=2)
"""


@NO_SIGNALS
@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGKILL], ids=str)
def test_workers_end_when_the_work_is_stopped(number: int, tmp_path: Path) -> None:
    command = script(tmp_path, LONG)
    with subprocess.Popen(
        command, env=ENV, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        pids = process.stdout.readline().split()[1:]
        process.send_signal(number)
        _out, said = process.communicate(timeout=60)
    assert pids
    assert said.endswith("KeyboardInterrupt\n") or number == signal.SIGKILL
    end = time.monotonic() + 20
    while any(Path("/proc", pid).exists() for pid in pids) and time.monotonic() < end:
        time.sleep(0.05)
    assert [pid for pid in pids if Path("/proc", pid).exists()] == []
