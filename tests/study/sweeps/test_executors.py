"""Who runs the tasks does not matter, and a task that goes wrong costs only itself."""

from __future__ import annotations

import os
import warnings
from collections.abc import Iterator
from concurrent.futures import BrokenExecutor, Executor, Future, ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from tverretatlig_sim import StoreError
from tverretatlig_sim.study.engine.pool import SerialExecutor, WorkerPool
from tverretatlig_sim.study.engine.runner import Progress

from .faults import Instead, dying, dying_once, raising
from .tiny import tiny

SMALL = 5
"""Runs of a task: one point."""


@pytest.fixture(scope="module")
def expected() -> pd.DataFrame:
    """What the tiny study gives, run here and at once."""
    return tiny().run().table()


@pytest.fixture(scope="module")
def pool() -> Iterator[WorkerPool]:
    """Two worker processes."""
    with WorkerPool(2) as made:
        yield made


def same(executor: Executor, expected: pd.DataFrame, folder: Path) -> None:
    """Run the tiny study and compare bit by bit."""
    result = tiny().run(folder, executor=executor, task_runs=SMALL)
    assert result.complete
    pd.testing.assert_frame_equal(result.table(), expected, check_exact=True)


ALONE = {"arrangements": ["pure-network"]}


def alone(table: pd.DataFrame) -> pd.DataFrame:
    """Rows of one arrangement."""
    return table[table["arrangement"] == "pure-network"].reset_index(drop=True)


def one_dies(executor: Executor, expected: pd.DataFrame, folder: Path) -> None:
    """Run half of the tiny study while one worker is killed at point 2."""
    (folder / "marks").mkdir()
    fragile = Instead(executor, partial(dying_once, str(folder / "marks")))
    result = tiny(**ALONE).run(folder / "store", executor=fragile, task_runs=SMALL)
    assert len(list((folder / "marks").iterdir())) == 1
    assert fragile.submitted == 6
    assert result.complete
    pd.testing.assert_frame_equal(result.table(), alone(expected), check_exact=True)


def test_two_processes_give_the_same_bits(pool: WorkerPool, expected: pd.DataFrame, tmp_path: Path) -> None:
    same(pool, expected, tmp_path)


def test_threads_give_the_same_bits(expected: pd.DataFrame, tmp_path: Path) -> None:
    with ThreadPoolExecutor(2) as threads:
        same(threads, expected, tmp_path)


@pytest.fixture(scope="module")
def cluster() -> Iterator[Any]:
    """A real Dask cluster: a scheduler and two worker processes that talk over loopback."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what distributed says about itself is not our concern
        from distributed import Client, LocalCluster

        with (
            LocalCluster(2, threads_per_worker=1, processes=True, dashboard_address=None) as made,
            Client(made) as client,
        ):
            yield client


@pytest.mark.filterwarnings("default")
def test_dask_gives_the_same_bits(cluster: Any, expected: pd.DataFrame, tmp_path: Path) -> None:
    assert len(cluster.scheduler_info()["workers"]) == 2
    same(cluster.get_executor(), expected, tmp_path)


@pytest.mark.filterwarnings("default")
def test_a_dask_worker_killed_in_mid_task_costs_only_that_task(
    cluster: Any, expected: pd.DataFrame, tmp_path: Path
) -> None:
    one_dies(cluster.get_executor(), expected, tmp_path)


def test_a_worker_killed_in_mid_task_costs_only_that_task(
    pool: WorkerPool, expected: pd.DataFrame, tmp_path: Path
) -> None:
    one_dies(pool, expected, tmp_path)


def test_a_task_that_kills_its_workers_is_recorded(
    pool: WorkerPool, expected: pd.DataFrame, tmp_path: Path
) -> None:
    result = tiny(**ALONE).run(tmp_path, executor=Instead(pool, dying), task_runs=SMALL)
    (reason,) = result.failures()["reason"]
    assert reason.startswith("WorkerDiedError: its worker process died 2 times")
    there = alone(expected)[lambda rows: rows["point"] != 2].reset_index(drop=True)
    pd.testing.assert_frame_equal(result.table(partial=True), there, check_exact=True)


def test_a_task_that_raises_is_recorded_and_tried_again(expected: pd.DataFrame, tmp_path: Path) -> None:
    seen: list[Progress] = []
    broken = Instead(SerialExecutor(), raising)
    result = tiny().run(tmp_path, executor=broken, task_runs=SMALL, report=seen.append)
    assert (seen[-1].done, seen[-1].failed) == (10, 2)
    failures = result.failures()
    assert failures["reason"].tolist() == ["ZeroDivisionError: no such luck"] * 2
    assert failures["points"].tolist() == [[2, 2]] * 2
    assert "faults.py" in failures["traceback"].iloc[0]
    with pytest.warns(UserWarning, match="2 of 12 tasks are not done; their points are left out"):
        assert result.table()["point"].tolist() == [point for point in (0, 1, 3, 4, 5) for _ in range(2)]

    again = Instead(SerialExecutor(), lambda spec: raising(spec) if spec.first_point != 2 else _sound(spec))
    mended = tiny().run(tmp_path, executor=again)
    assert again.submitted == 2
    assert mended.failures().empty
    pd.testing.assert_frame_equal(mended.table(), expected, check_exact=True)


def _sound(spec: Any) -> Any:
    from tverretatlig_sim.study.engine.task import run_task

    return run_task(spec)


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


def test_workers_end_with_the_pool() -> None:
    pool = WorkerPool(1)
    pid = pool.submit(os.getpid).result()
    pool.shutdown(cancel_futures=True)
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


def test_the_pool_waits_for_what_it_was_given() -> None:
    with WorkerPool(1) as pool:
        futures = [pool.submit(pow, 2, k) for k in range(4)]
    assert [future.result() for future in futures] == [1, 2, 4, 8]


def test_a_pool_whose_workers_never_start_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two deaths cost the first task; with the third, at the second task, there is no hope."""
    monkeypatch.setattr("tverretatlig_sim.study.engine.pool.HOPELESS", 3)
    with WorkerPool(1) as pool:
        errors = [future.exception() for future in [pool.submit(os._exit, 3) for _ in range(4)]]
    assert [isinstance(error, BrokenExecutor) for error in errors] == [False, True, True, True]
    assert "__main__" in str(errors[-1])


def test_a_task_keeps_linear_algebra_on_one_core(monkeypatch: pytest.MonkeyPatch) -> None:
    from threadpoolctl import threadpool_info

    from tverretatlig_sim.study.engine import task

    seen: list[int] = []

    def looking(spec: task.TaskSpec) -> dict[str, Any]:
        seen.extend(library["num_threads"] for library in threadpool_info())
        return {name: np.zeros((len(spec.values), spec.runs)) for name in spec.record.outcomes}

    monkeypatch.setattr(task, "_simulated", looking)
    (_, spec), *_ = tiny().work.tasks(SMALL)
    task.run_task(spec)
    assert set(seen) == {1}
