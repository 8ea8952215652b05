"""What a world costs as it grows at constant relations an agency; see README.md here."""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
from collections.abc import Callable
from time import process_time

import numpy as np

import tverretatlig_sim as ts
from tverretatlig_sim.ensemble.batch import BATCH_SIZE, resolve_parameters, run_batch
from tverretatlig_sim.world import World, build_world

SIZES = (13, 100, 300, 1_000, 2_000)
MONTHS = 12
NUMBERS = 100_000
"""Agencies × runs, where all sizes are to have as many."""
FEW = 4
"""Runs at every size, where not all are to have the same number of agencies × runs."""
STEPS = ("load", "world", "few runs", "as many numbers")


def seconds(job: Callable[[], object]) -> float:
    """Processor time, which other programs disturb less than the clock."""
    start = process_time()
    job()
    return process_time() - start


def simulate(world: World, runs: int) -> None:
    parameters = resolve_parameters(ts.load_scenario("dfo-simplified"), None, runs)
    for first in range(0, runs, BATCH_SIZE):
        numbers = np.arange(first, min(first + BATCH_SIZE, runs))
        run_batch(world, parameters, 1, numbers, "none")


def measured(agencies: int, repeat: int) -> dict[str, float]:
    """Least of some repetitions, in microseconds an agency; for the kernel an agency, run and month."""
    ts.generate(13)  # imports and caches
    scenario = ts.generate(agencies)
    world = build_world(scenario, MONTHS)
    simulate(world, 1)  # fills the calendar
    many = max(1, NUMBERS // agencies)
    jobs: dict[str, tuple[Callable[[], object], float]] = {
        "load": (lambda: ts.generate(agencies), 1),
        "world": (lambda: calendar(build_world(scenario, MONTHS)), 1),
        "few runs": (lambda: simulate(world, FEW), FEW * MONTHS),
        "as many numbers": (lambda: simulate(world, many), many * MONTHS),
    }
    least = {
        name: min(seconds(job) for _ in range(repeat)) / parts / agencies * 1e6
        for name, (job, parts) in jobs.items()
    }
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {**least, "ties": len(world.ties.source) / agencies, "MiB": peak}


def calendar(world: World) -> None:
    for month in range(MONTHS):
        world.calendar[month]


def slope(sizes: list[int], rows: list[dict[str, float]], step: str) -> float:
    """Slope of log cost of the whole world over log agencies; 1 means cost an agency is flat."""
    cost = [row[step] * size for size, row in zip(sizes, rows, strict=True)]
    return float(np.polyfit(np.log(sizes), np.log(cost), 1)[0])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--sizes", type=int, nargs="+", default=list(SIZES))
    parser.add_argument("--one", type=int, help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.one is not None:
        print(json.dumps(measured(chosen.one, chosen.repeat)))
        return
    rows = []
    print("| agencies | ties an agency | " + " | ".join(STEPS) + " | peak MiB |")
    print("|---" * (len(STEPS) + 3) + "|")
    for size in chosen.sizes:
        # A process each: peak memory is that of a process.
        command = [sys.executable, __file__, "--one", str(size), "--repeat", str(chosen.repeat)]
        row = json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
        rows.append(row)
        costs = " | ".join(f"{row[step]:.3g}" for step in STEPS)
        print(f"| {size} | {row['ties']:.1f} | {costs} | {row['MiB']:.0f} |", flush=True)
    print(
        "| slope, all sizes | | "
        + " | ".join(f"{slope(chosen.sizes, rows, step):.2f}" for step in STEPS)
        + " | |"
    )
    large = [at for at, size in enumerate(chosen.sizes) if size >= 1_000]
    if len(large) > 1:
        sizes, kept = [chosen.sizes[at] for at in large], [rows[at] for at in large]
        print(
            "| slope, 1 000 and more | | "
            + " | ".join(f"{slope(sizes, kept, step):.2f}" for step in STEPS)
            + " | |"
        )


if __name__ == "__main__":
    main()
