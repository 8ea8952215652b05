"""What the study engine costs, and what more processes gain; see README.md here.

All ratios are from paired repetitions (one process, two processes, Dask, one process, …) on the same study.
"""

from __future__ import annotations

import argparse
import json
import logging
import os
import statistics
import tempfile
from collections.abc import Iterator
from concurrent.futures import Executor, ProcessPoolExecutor
from contextlib import ExitStack, contextmanager
from multiprocessing import get_context
from pathlib import Path
from time import perf_counter

import tverretatlig_sim as ts
from tverretatlig_sim.study import task
from tverretatlig_sim.workers import SerialExecutor, WorkerPool

RUNS = 50
MONTHS = 60
MEMORY = {"MALLOC_TRIM_THRESHOLD_": 2**28, "MALLOC_MMAP_THRESHOLD_": 2**25}
"""Dask's own makes workers give memory back to the system after every array; see the how-to on studies."""


def study_of(points: int) -> ts.Study:
    return ts.study_of(
        {
            "arrangements": ["etatssamarbeidet-2022", "0-24-2018"],
            "runs": RUNS,
            "months": MONTHS,
            "parameters": {"*": "evidence"},
            "design": {"kind": "sobol", "points": points},
        }
    )


def timed(study: ts.Study, executor: Executor, task_runs: int) -> float:
    """Seconds from the call to the finished store."""
    with tempfile.TemporaryDirectory() as folder:
        start = perf_counter()
        study.run(Path(folder), executor=executor, task_runs=task_runs, window=6)
        return perf_counter() - start


@contextmanager
def kernel_clock() -> Iterator[list[float]]:
    """Seconds that tasks in this process spend in the kernel."""
    spent, real = [0.0], task.run_block

    def run_block(*given: object, **more: object) -> object:
        start = perf_counter()
        try:
            return real(*given, **more)
        finally:
            spent[0] += perf_counter() - start

    task.run_block = run_block
    try:
        yield spent
    finally:
        task.run_block = real


def overhead(study: ts.Study, task_runs: int, repeat: int) -> dict[str, float]:
    """Everything but the kernel, as a share of the kernel; and seconds of kernel a task."""
    tasks = len(study.tasks(task_runs))
    shares, lengths = [], []
    for _ in range(repeat):
        with kernel_clock() as spent:
            whole = timed(study, SerialExecutor(), task_runs)
        shares.append(whole / spent[0] - 1.0)
        lengths.append(spent[0] / tasks)
    return {**spread(shares), "seconds_a_task": statistics.median(lengths)}


def ceiling(study: ts.Study, task_runs: int, repeat: int) -> dict[str, float]:
    """How much more two bare processes do on this machine than one, without engine or store."""
    spec = study.tasks(task_runs)[0]
    with ExitStack() as stack:
        pools = [stack.enter_context(ProcessPoolExecutor(1, get_context("spawn"))) for _ in range(2)]
        for pool in pools:
            pool.submit(task.run_task, spec).result()
        gains = []
        for _ in range(repeat):
            start = perf_counter()
            for _ in range(2):
                pools[0].submit(task.run_task, spec).result()
            middle = perf_counter()
            for future in [pool.submit(task.run_task, spec) for pool in pools]:
                future.result()
            gains.append((middle - start) / (perf_counter() - middle))
    return spread(gains)


def processes(study: ts.Study, task_runs: int, repeat: int) -> dict[str, dict[str, float]]:
    """How many times faster two processes are than one, and Dask with two worker processes than one."""
    import dask
    from distributed import Client, LocalCluster

    dask.config.set(
        {"distributed.nanny.pre-spawn-environ": MEMORY, "distributed.worker.profile.enabled": False}
    )
    with ExitStack() as stack:
        one, two = (stack.enter_context(WorkerPool(workers)) for workers in (1, 2))
        cluster = LocalCluster(2, threads_per_worker=1, dashboard_address=None, silence_logs=logging.ERROR)
        cores = stack.enter_context(Client(stack.enter_context(cluster))).get_executor(pure=False)
        for executor in (one, two, cores):
            timed(study_of(4), executor, RUNS)  # start the workers
        rows = [[timed(study, each, task_runs) for each in (one, two, cores)] for _ in range(repeat)]
    return {
        "one_process_seconds": spread([row[0] for row in rows]),
        "two_over_one": spread([row[0] / row[1] for row in rows]),
        "dask_over_one": spread([row[0] / row[2] for row in rows]),
        "dask_over_two": spread([row[1] / row[2] for row in rows]),
    }


def spread(values: list[float]) -> dict[str, float]:
    return {"median": statistics.median(values), "min": min(values), "max": max(values)}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--points", type=int, default=256)
    parser.add_argument("--task-runs", type=int, default=1600)
    parser.add_argument("--repeat", type=int, default=5)
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()
    study = study_of(asked.points)
    load = os.getloadavg()[0]
    found = {
        "load_before": load,
        "tasks": len(study.tasks(asked.task_runs)),
        "overhead": overhead(study, asked.task_runs, asked.repeat),
        "ceiling": ceiling(study, asked.task_runs, 2 * asked.repeat),
        **processes(study, asked.task_runs, asked.repeat),
    }
    if asked.json:
        print(json.dumps(found, indent=2))
        return
    print(f"{found['tasks']} tasks of {found['overhead']['seconds_a_task']:.2f} s; load before: {load:.1f}")
    print(f"engine and store over kernel: {shown(found['overhead'], 100)} %")
    print(f"two bare processes over one, on this machine: {shown(found['ceiling'])}")
    print(f"one process: {shown(found['one_process_seconds'])} s")
    print(f"two processes over one: {shown(found['two_over_one'])}")
    print(f"Dask, two worker processes, over one: {shown(found['dask_over_one'])}")
    print(f"Dask over two processes: {shown(found['dask_over_two'])}")


def shown(values: dict[str, float], factor: float = 1.0) -> str:
    median, low, high = (factor * values[key] for key in ("median", "min", "max"))
    return f"{median:.2f} ({low:.2f} to {high:.2f})"


if __name__ == "__main__":
    main()
