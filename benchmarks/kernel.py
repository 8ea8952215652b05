"""What a run-month costs, where it goes, and the ratio to the scalar reference; see README.md here."""

from __future__ import annotations

import argparse
import json
import resource
import statistics
import subprocess
import sys
from collections import deque
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from functools import wraps
from multiprocessing import get_context
from pathlib import Path
from time import perf_counter, process_time

import numpy as np

import tverretatlig_sim as ts
from tverretatlig_sim.ensemble.batch import (
    BATCH_SIZE,
    batch_size_of,
    keep_freed_memory,
    months_of,
    resolve_parameters,
    run_batch,
)
from tverretatlig_sim.kernel.draws import Draws
from tverretatlig_sim.kernel.parameters import Parameters
from tverretatlig_sim.kernel.rules import Rule, RuleSet
from tverretatlig_sim.kernel.state import Changes, State, variables
from tverretatlig_sim.world import World, build_world
from tverretatlig_sim.world.calendar import Month

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))
MONTHS = 60


def seconds(job: Callable[[], object], clock: Callable[[], float] = process_time) -> float:
    """Seconds a job takes; of the processor, which other programs disturb less, or by another clock."""
    start = clock()
    job()
    return clock() - start


def spread(values: list[float]) -> dict[str, float]:
    return {"median": statistics.median(values), "min": min(values), "max": max(values)}


class TimedDraws(Draws):
    """Draws that count their numbers and the time they take."""

    spent = 0.0
    numbers = 0

    def every(self, *arguments: object) -> np.ndarray:
        return self._timed(super().every, *arguments)

    def some(self, *arguments: object) -> np.ndarray:
        return self._timed(super().some, *arguments)

    def at(self, *arguments: object) -> np.ndarray:
        return self._timed(super().at, *arguments)

    def _timed(self, draw: Callable[..., np.ndarray], *arguments: object) -> np.ndarray:
        start = process_time()
        values = draw(*arguments)
        TimedDraws.spent += process_time() - start
        TimedDraws.numbers += values.size
        return values


def last_state(world: World, runs: int) -> State:
    parameters = resolve_parameters(ts.load_scenario(world.title), None, runs)
    return deque(months_of(world, parameters, 1, np.arange(runs)), maxlen=1)[0].state


def draws_part(world: World, runs: int) -> tuple[float, float]:
    """Seconds in draws and numbers drawn, in one batch of all months."""
    from tverretatlig_sim.ensemble import batch as module

    TimedDraws.spent, TimedDraws.numbers = 0.0, 0
    module.Draws, original = TimedDraws, module.Draws  # type: ignore[misc]
    try:
        last_state(world, runs)
    finally:
        module.Draws = original  # type: ignore[misc]
    return TimedDraws.spent, TimedDraws.numbers


def replay_floor(world: World, state: State, numbers: int) -> None:
    """Draw what a month needs and touch the state once."""
    keys = np.arange(max(1, numbers // state.runs), dtype=np.uint64)
    Draws(1, np.arange(state.runs)).every("floor", 0, keys)
    for name in variables():
        getattr(state, name).copy()


def phase_seconds(run: Callable[[RuleSet], object]) -> dict[str, float]:
    """Processor seconds in the rules of each phase while something runs with them."""
    spent = dict.fromkeys(ts.RULES.phases, 0.0)

    def timed(phase: str, rule: Rule) -> Rule:
        @wraps(rule)
        def inner(state: State, world: World, parameters: Parameters, draws: Draws, month: Month) -> Changes:
            start = process_time()
            changes = rule(state, world, parameters, draws, month)
            spent[phase] += process_time() - start
            return changes

        return inner

    run(RuleSet(tuple((phase, timed(phase, rule)) for phase, rule in ts.RULES.entries)))
    return spent


def split(name: str, repeat: int) -> dict[str, object]:
    """Nanoseconds a run-month by part, from paired repetitions on one batch."""
    world = build_world(ts.load_scenario(name), MONTHS)
    size = batch_size_of(world)
    parameters = resolve_parameters(ts.load_scenario(name), None, size)
    keep_freed_memory()
    state = last_state(world, size)
    run_months = size * MONTHS
    _, drawn = draws_part(world, size)
    batch, one = np.arange(size), np.arange(1)
    jobs: dict[str, Callable[[], float]] = {
        "kernel": lambda: seconds(lambda: run_batch(world, parameters, 1, batch, "none")) / run_months,
        "with_series": lambda: seconds(lambda: run_batch(world, parameters, 1, batch)) / run_months,
        "draws": lambda: draws_part(world, size)[0] / run_months,
        "overhead": lambda: seconds(lambda: run_batch(world, parameters, 1, one, "none")) / run_months,
        "floor": lambda: seconds(lambda: replay_floor(world, state, drawn // MONTHS)) / size,
    }
    parts: dict[str, list[float]] = {part: [] for part in jobs}
    phases: dict[str, list[float]] = {}
    for _ in range(repeat):
        for part, job in jobs.items():
            parts[part].append(job())
        spent = phase_seconds(lambda own: run_batch(world, parameters, 1, batch, "none", own))
        for phase, taken in spent.items():
            phases.setdefault(phase, []).append(taken / run_months)
    return {
        **{part: spread([1e9 * x for x in values]) for part, values in parts.items()},
        "kernel_over_floor": spread([k / f for k, f in zip(parts["kernel"], parts["floor"], strict=True)]),
        "batch": size,
        "numbers_drawn": drawn / run_months,
        "phases": {phase: spread([1e9 * x for x in values]) for phase, values in phases.items()},
    }


def ratios(name: str, repeat: int, runs: int) -> dict[str, object]:
    """How many times longer the scalar reference takes for a run-month, plain and as a Mesa model."""
    from reference import ReferenceModel, default_parameters
    from reference.mesa_reference import MesaReference

    scenario = ts.load_scenario(name)
    parameters = default_parameters(scenario)

    def steps(make: Callable[..., object]) -> None:
        model = make(scenario, seed=1, run=0, parameters=parameters)
        for _ in range(MONTHS):
            model.step()  # type: ignore[attr-defined]

    def kernel() -> float:
        return seconds(lambda: ts.simulate(scenario, runs=runs, months=MONTHS, series="none"))

    own, plain, mesa = [], [], []
    for _ in range(repeat):
        own.append(kernel() / runs)
        plain.append(seconds(lambda: steps(ReferenceModel)))
        mesa.append(seconds(lambda: steps(MesaReference)))
    return {
        "runs": runs,
        "kernel_ns": spread([1e9 * value / MONTHS for value in own]),
        "reference_over_kernel": spread([p / o for p, o in zip(plain, own, strict=True)]),
        "mesa_over_kernel": spread([m / o for m, o in zip(mesa, own, strict=True)]),
    }


def by_runs(name: str, few: int, many: int) -> dict[str, object]:
    """Cost and peak memory at many runs over those at few; few go on beside the many, on the same machine."""
    beside: list[dict[str, float]] = []
    with subprocess.Popen(_measuring(name, many), stdout=subprocess.PIPE, text=True) as large:
        while large.poll() is None:
            finished = subprocess.run(_measuring(name, few), check=True, capture_output=True, text=True)
            beside.append(json.loads(finished.stdout))
        result: dict[str, float] = json.loads(large.communicate()[0])
    return {
        "runs": many,
        "against": few,
        "ns": spread([one["ns"] for one in beside]),
        "mib": spread([one["mib"] for one in beside]),
        **{f"{key}_large": value for key, value in result.items()},
        "cost_ratio": result["ns"] / statistics.median(one["ns"] for one in beside),
        "memory_ratio": result["mib"] / statistics.median(one["mib"] for one in beside),
    }


def _measuring(name: str, runs: int) -> list[str]:
    return [sys.executable, __file__, "--scenario", name, "--measure", str(runs)]


def measure(name: str, runs: int) -> dict[str, float]:
    """The same of this process, without monthly series."""
    scenario = ts.load_scenario(name)
    kept = ["implemented_rate"]
    taken = seconds(lambda: ts.simulate(scenario, runs=runs, months=MONTHS, series="none", outcomes=kept))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {"ns": 1e9 * taken / runs / MONTHS, "mib": peak}


def two_processes(name: str, repeat: int, runs: int) -> dict[str, object]:
    """How many times the runs that two processes do in a time one does: 2 at best."""
    with ProcessPoolExecutor(2, get_context("spawn")) as pool:
        gains = []
        list(pool.map(measure, [name] * 2, [BATCH_SIZE] * 2))
        for _ in range(repeat):
            alone = seconds(lambda: pool.submit(measure, name, runs).result(), perf_counter)
            both = seconds(lambda: list(pool.map(measure, [name] * 2, [runs] * 2)), perf_counter)
            gains.append(2.0 * alone / both)
    return {"runs": runs, "gain": spread(gains)}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--scenario", default="etatssamarbeidet-2022")
    parser.add_argument("--repeat", type=int, default=5)
    parser.add_argument("--runs", type=int, default=10_000)
    parser.add_argument("--large", type=int, default=100_000, help="runs to compare 10 000 with")
    parser.add_argument("--measure", type=int, help=argparse.SUPPRESS)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    if options.measure:
        print(json.dumps(measure(options.scenario, options.measure)))
        return
    results = {
        "scenario": options.scenario,
        "nanoseconds": split(options.scenario, options.repeat),
        "ratios": ratios(options.scenario, options.repeat, options.runs),
        "by_runs": by_runs(options.scenario, 10_000, options.large),
        "two_processes": two_processes(options.scenario, options.repeat, options.runs),
    }
    print(json.dumps(results, indent=2) if options.json else report(results))


def report(results: dict[str, object], indent: str = "") -> str:
    lines = []
    for key, value in results.items():
        if not isinstance(value, dict):
            lines.append(
                f"{indent}{key}: {value:.4g}" if isinstance(value, float) else f"{indent}{key}: {value}"
            )
        elif "median" in value:
            limits = f"  ({value['min']:.4g} to {value['max']:.4g})" if "min" in value else ""
            lines.append(f"{indent}{key}: {value['median']:.4g}{limits}")
        else:
            lines += [f"{indent}{key}", report(value, indent + "  ")]
    return "\n".join(lines)


if __name__ == "__main__":
    main()
