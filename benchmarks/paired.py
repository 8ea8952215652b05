"""Processor time of two source trees on the same runs, in turn in one process; medians of ratios.

``python benchmarks/paired.py OLD/src NEW/src [--scenario NAME] [--runs 1 64 2048] [--repeat 9]``
"""

from __future__ import annotations

import argparse
import statistics
import sys
from collections.abc import Callable
from importlib import import_module
from time import process_time

import numpy as np

PACKAGE = "tverretatlig_sim"


class Tree:
    """The package of one source tree, put in place whenever it is to run."""

    def __init__(self, path: str) -> None:
        self._path = path
        self._modules: dict[str, object] = {}

    def __enter__(self) -> None:
        sys.path.insert(0, self._path)
        sys.modules.update(self._modules)  # type: ignore[arg-type]

    def __exit__(self, *_error: object) -> None:
        sys.path.remove(self._path)
        for name in [name for name in sys.modules if name.split(".")[0] == PACKAGE]:
            self._modules[name] = sys.modules.pop(name)  # type: ignore[assignment]

    def job(self, name: str, runs: int, months: int) -> Callable[[], float]:
        """Seconds of all months of some runs of a shipped scenario; the world is built before."""
        with self:
            month, state = (import_module(f"{PACKAGE}.kernel.{module}") for module in ("month", "state"))
            start = getattr(month, "initial_state", None) or state.initial_state
            draws = import_module(f"{PACKAGE}.kernel.draws").Draws(1, np.arange(runs))
            scenario = import_module(PACKAGE).load_scenario(name)
            world = import_module(f"{PACKAGE}.world").build_world(scenario, months)
            values = import_module(f"{PACKAGE}.ensemble.ensemble").resolve_parameters(scenario, None, runs)

        def seconds() -> float:
            with self:
                began = process_time()
                now = start(world, values, draws, runs)
                for index in range(months):
                    now = month.advance(now, world, values, draws, index)
                return process_time() - began

        seconds()
        return seconds


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("trees", nargs=2)
    parser.add_argument("--scenario", nargs="+", default=["etatssamarbeidet-2022", "0-24-2018"])
    parser.add_argument("--runs", nargs="+", type=int, default=[1, 64, 2048])
    parser.add_argument("--repeat", type=int, default=9)
    parser.add_argument("--months", type=int, default=60)
    options = parser.parse_args()
    np.empty(2**25 - 2**16, dtype=np.uint8)  # the process then keeps the memory of freed arrays
    old, new = map(Tree, options.trees)
    for name in options.scenario:
        for runs in options.runs:
            jobs = [tree.job(name, runs, options.months) for tree in (old, new)]
            pairs = [[job() for job in jobs] for _ in range(options.repeat)]
            times = [
                1000.0 * statistics.median(column) / options.months for column in zip(*pairs, strict=True)
            ]
            ratio = statistics.median(after / before for before, after in pairs)
            print(
                f"{name} {runs} runs: {times[0]:.3f} -> {times[1]:.3f} ms a month, ratio {ratio:.3f}",
                flush=True,
            )


if __name__ == "__main__":
    main()
