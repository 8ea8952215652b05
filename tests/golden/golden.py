"""Means of all outcomes on fixed seeds: readable reference numbers that show what a change of rules did."""

from __future__ import annotations

import json
import math
from pathlib import Path

import tverretatlig_sim as ts

PATH = Path(__file__).with_name("golden.json")
SCENARIOS = ("0-24-2015", "etatssamarbeidet-2023", "ny-giv-2010")
RUNS, SEED, MONTHS = 20, 1, 60


def means() -> dict[str, dict[str, float | None]]:
    """Mean of each outcome over the runs, by scenario; None where it is undefined."""
    return {name: _means(name) for name in SCENARIOS}


def _means(name: str) -> dict[str, float | None]:
    outcomes = ts.simulate(name, runs=RUNS, seed=SEED, months=MONTHS, series="none").outcomes
    return {
        outcome: None if math.isnan(mean) else round(float(mean), 6)
        for outcome, mean in outcomes.mean().items()
    }


if __name__ == "__main__":
    PATH.write_text(json.dumps(means(), indent=1) + "\n", encoding="utf-8")
