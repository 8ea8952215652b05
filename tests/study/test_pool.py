"""Who runs the tasks does not matter, and a task that goes wrong costs only itself."""

from __future__ import annotations

import os
import subprocess
import sys
import time
import warnings
from collections.abc import Iterator
from concurrent.futures import BrokenExecutor, Executor, Future, ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import tverretatlig_sim
from tverretatlig_sim import StoreError
from tverretatlig_sim.study.run import Progress
from tverretatlig_sim.study.task import Task, run_task
from tverretatlig_sim.workers import SerialExecutor, WorkerDiedError, WorkerPool

from .studies import SMALL, Instead, dying, dying_once, raising, tiny

ALONE = {"arrangements": ["pure-network"]}


POOL, CLUSTER = (pytest.param(name, marks=pytest.mark.slow) for name in ("pool", "cluster"))


@pytest.fixture(scope="module")
def expected() -> pd.DataFrame:
    """What the tiny study gives, run here and at once."""
    return tiny().run().table()


@pytest.fixture(scope="module")
def pool() -> Iterator[WorkerPool]:
    """Two worker processes."""
    with WorkerPool(2) as made:
        yield made


@pytest.fixture(scope="module")
def cluster() -> Iterator[Executor]:
    """A real Dask cluster: a scheduler and two worker processes that talk over loopback."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what distributed says about itself is not our concern
        from distributed import Client, LocalCluster

        with (
            LocalCluster(2, threads_per_worker=1, processes=True, dashboard_address=None) as made,
            Client(made) as client,
        ):
            assert len(client.scheduler_info()["workers"]) == 2
            yield client.get_executor()


def alone(table: pd.DataFrame) -> pd.DataFrame:
    """Rows of one arrangement."""
    return table[table["arrangement"] == "pure-network"].reset_index(drop=True)


@pytest.mark.filterwarnings("default")
@pytest.mark.parametrize("name", [POOL, CLUSTER, "threads"])
def test_the_same_bits_whoever_runs_the_tasks(
    name: str, expected: pd.DataFrame, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    executor = ThreadPoolExecutor(2) if name == "threads" else request.getfixturevalue(name)
    result = tiny().run(tmp_path, executor=executor, task_runs=SMALL)
    assert result.complete
    pd.testing.assert_frame_equal(result.table(), expected, check_exact=True)


@pytest.mark.filterwarnings("default")
@pytest.mark.parametrize("name", [POOL, CLUSTER])
def test_a_worker_killed_in_mid_task_costs_only_that_task(
    name: str, expected: pd.DataFrame, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    (tmp_path / "marks").mkdir()
    fragile = Instead(request.getfixturevalue(name), partial(dying_once, str(tmp_path / "marks")))
    result = tiny(**ALONE).run(tmp_path / "store", executor=fragile, task_runs=SMALL)
    assert len(list((tmp_path / "marks").iterdir())) == 1
    assert fragile.submitted == 6
    assert result.complete
    pd.testing.assert_frame_equal(result.table(), alone(expected), check_exact=True)


@pytest.mark.slow
def test_a_task_that_kills_its_workers_is_recorded(pool: WorkerPool, expected: pd.DataFrame) -> None:
    result = tiny(**ALONE).run(executor=Instead(pool, dying), task_runs=SMALL)
    (reason,) = result.failures()["reason"]
    assert reason.startswith("WorkerDiedError: its worker process died 2 times")
    there = alone(expected)[lambda rows: rows["point"] != 2].reset_index(drop=True)
    pd.testing.assert_frame_equal(result.table(partial=True), there, check_exact=True)


def test_a_task_that_raises_is_recorded_and_tried_again(expected: pd.DataFrame, tmp_path: Path) -> None:
    seen: list[Progress] = []
    broken = Instead(SerialExecutor(), raising)
    result = tiny().run(tmp_path, executor=broken, task_runs=SMALL, progress=seen.append)
    assert (seen[0].done, seen[-1].done, seen[-1].failed) == (0, 10, 2)
    failures = result.failures()
    assert failures["reason"].tolist() == ["ZeroDivisionError: no such luck"] * 2
    assert failures["points"].tolist() == [[2, 2]] * 2
    assert "studies.py" in failures["traceback"].iloc[0]
    with pytest.warns(UserWarning, match="2 of 12 tasks are not done; their points are left out"):
        assert result.table()["point"].tolist() == [point for point in (0, 1, 3, 4, 5) for _ in range(2)]
    again = Instead(SerialExecutor(), run_task)
    mended = tiny().run(tmp_path, executor=again)
    assert again.submitted == 2
    assert mended.failures().empty
    pd.testing.assert_frame_equal(mended.table(), expected, check_exact=True)


class Breaking(SerialExecutor):
    """Breaks down at its third task."""

    count = 0

    def submit(self, fn: Any, /, *args: Any, **kwargs: Any) -> Future[Any]:
        self.count += 1
        if self.count > 2:
            raise BrokenExecutor("out of order")
        return super().submit(fn, *args, **kwargs)


def test_an_executor_that_breaks_down_costs_nothing_that_is_stored(
    expected: pd.DataFrame, tmp_path: Path
) -> None:
    with pytest.raises(StoreError, match="executor has broken down: out of order"):
        tiny().run(tmp_path, executor=Breaking(), window=1, task_runs=SMALL)
    assert len(tiny().open(tmp_path).store.keys()) == 2
    pd.testing.assert_frame_equal(tiny().run(tmp_path).table(), expected, check_exact=True)


def test_the_window_bounds_what_is_submitted(tmp_path: Path) -> None:
    most = 0

    class Watching(ThreadPoolExecutor):
        def submit(self, fn: Any, /, *args: Any, **kwargs: Any) -> Future[Any]:
            nonlocal most
            future = super().submit(fn, *args, **kwargs)
            pending.add(future)
            future.add_done_callback(pending.discard)
            most = max(most, len(pending))
            return future

    pending: set[Future[Any]] = set()
    with Watching(1) as executor:
        tiny().run(tmp_path, executor=executor, window=3, task_runs=SMALL)
    assert 1 < most <= 3


@pytest.mark.slow
def test_workers_end_with_the_pool() -> None:
    pool = WorkerPool(1)
    pid = pool.submit(os.getpid).result()
    busy = pool.submit(time.sleep, 600)
    while not busy.running():
        time.sleep(0.01)
    pool.shutdown(cancel_futures=True)
    assert isinstance(busy.exception(), WorkerDiedError)
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


@pytest.mark.slow
def test_the_pool_waits_for_what_it_was_given() -> None:
    with WorkerPool(1) as pool:
        futures = [pool.submit(lambda k=k: 2**k) for k in range(4)]
    assert [future.result() for future in futures] == [1, 2, 4, 8]
    with pytest.raises(ValueError, match="workers = 0: must be a whole number from 1"):
        WorkerPool(0)


@pytest.mark.slow
def test_a_script_needs_no_main_guard(tmp_path: Path) -> None:
    """Also not for a function of its own."""
    script = tmp_path / "script.py"
    script.write_text(
        "from tverretatlig_sim import study_of\n"
        "from tverretatlig_sim.workers import WorkerPool\n"
        "table = {'arrangements': ['pure-network'], 'runs': 2, 'months': 4, 'design': {'kind': 'grid'},\n"
        "         'parameters': {'turnover': [0.01, 0.02]}}\n"
        "def twice(number): return 2 * number\n"
        "with WorkerPool(2) as pool:\n"
        "    result = study_of(table).run(executor=pool, task_runs=1)\n"
        "    print(result.complete, len(result.table()), pool.submit(twice, 21).result())\n",
        encoding="utf-8",
    )
    source = str(Path(tverretatlig_sim.__file__).parents[1])
    done = subprocess.run(
        [sys.executable, str(script)],
        env={**os.environ, "PYTHONPATH": source},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout == "True 2 42\n"
    assert done.stderr == ""


@pytest.mark.slow
def test_a_task_keeps_linear_algebra_on_one_core(monkeypatch: pytest.MonkeyPatch) -> None:
    from threadpoolctl import threadpool_info

    seen: list[int] = []

    def looking(given: Task) -> dict[str, Any]:
        seen.extend(library["num_threads"] for library in threadpool_info())
        return {name: np.zeros((len(given.values), given.runs)) for name in given.plan.record.outcomes}

    monkeypatch.setattr("tverretatlig_sim.study.task._simulated", looking)
    run_task(tiny().tasks(SMALL)[0])
    assert set(seen) == {1}
