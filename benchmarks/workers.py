"""What worker processes gain: ``simulate`` and ``report`` with all cores against one, in turn; medians.

``python benchmarks/workers.py [--runs 20000] [--repeat 5] [--change NAME] [--no-report]``
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Callable

import tverretatlig_sim as ts
from tverretatlig_sim.show.report import Page
from tverretatlig_sim.study.briefing import gather
from tverretatlig_sim.study.history_matching import read_stored
from tverretatlig_sim.workers import end_pools, most_workers

SCENARIO = "0-24-2018"


def seconds(job: Callable[[], object]) -> float:
    began = time.perf_counter()
    job()
    return time.perf_counter() - began


def paired(name: str, repeat: int, job: Callable[[int | None], object]) -> None:
    """Time a job with one worker and with as many as is usual, whose start counts."""
    one, many = list[float](), list[float]()
    for _pair in range(repeat):
        one.append(seconds(lambda: job(1)))
        many.append(seconds(lambda: job(None)))
        end_pools()
    ratios = sorted(a / b for a, b in zip(one, many, strict=True))
    print(
        f"{name}: one worker {statistics.median(one):.2f} s, {most_workers()} workers "
        f"{statistics.median(many):.2f} s; {statistics.median(ratios):.2f} times as fast "
        f"({ratios[0]:.2f} to {ratios[-1]:.2f}), {statistics.median(1 / it for it in ratios):.2f} of the time"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=20_000)
    parser.add_argument("--repeat", type=int, default=5)
    parser.add_argument("--change", default=f"{SCENARIO}+stable-staffing")
    parser.add_argument("--no-report", action="store_true")
    asked = parser.parse_args()
    for runs in (100, asked.runs):
        job = lambda workers, runs=runs: ts.simulate(SCENARIO, runs, workers=workers)  # noqa: E731
        job(1)
        paired(f"simulate of {runs} runs", asked.repeat, job)
    if not asked.no_report:

        def report(workers: int | None) -> None:
            found = gather(SCENARIO, asked.change, stored=read_stored(), levers=None, workers=workers)
            Page(found, "").html(report=True)

        paired("simulations and page of a report", asked.repeat, report)


if __name__ == "__main__":
    main()
