"""Without letters and ties every agency lives as if it were alone, to the last bit."""

from __future__ import annotations

from functools import cache

import numpy as np
import pandas as pd
import pytest

from tverretatlig_sim import Ensemble, load_scenario, simulate

from .laboratory import Row, agency, forum, project

ENTITIES = ("ministry", "agency", "forum", "secretariat", "project", "theme")
NAMES = ("A", "B", "C", "D")
RUNS, MONTHS, SEED = 12, 72, 5
THEMES = {"A": ("health", 1.0), "B": ("labour", 0.3), "C": ("education", 0.8), "D": ("health", 0.5)}


def hermits(names: tuple[str, ...]) -> Row:
    """Agencies with a ministry, an office, a desk and two projects each, and nothing in common."""
    return {
        "start": "2020-01",
        "months": MONTHS,
        "actors": {
            "ministry": [{"name": f"M-{name}"} for name in names],
            "agency": [_agency(n) for n in names],
        },
        "arrangement": {
            "member": [{"agency": name} for name in names],
            "forum": [body for name in names for body in _bodies(name)],
            "project_groups": False,
            "route": ["line"],
            "stop_points": 2,
            "delivery": "increments",
        },
        "portfolio": {"project": [plan for name in names for plan in _plans(name)]},
        "letters": {"event": [_event(name) for name in names]},
    }


def _agency(name: str) -> Row:
    theme, weight = THEMES[name]
    size = 1.0 + NAMES.index(name)
    tasks = {theme: weight, "housing": 0.2}
    return agency(name, ministry=f"M-{name}", core_tasks=tasks, capacity=size, line_capacity=0.5 * size)


def _bodies(name: str) -> list[Row]:
    cadence = 1 + NAMES.index(name)
    office = forum(f"office-{name}", function="prepare", seats=[name], secretariat_fte=0.03)
    return [forum(f"desk-{name}", seats=[name], cadence=cadence, served_by=f"office-{name}"), office]


def _plans(name: str) -> list[Row]:
    own = {"lead": name, "members": [name], "parties": 1, "themes": {THEMES[name][0]: 1.0, "housing": 0.5}}
    return [
        project(f"P-{name}-{k}", size=2.0 * k, recommendations=6, line_work=1.0, origin=origin, **own)
        for k, origin in enumerate(("commissioned", "self-initiated"), start=1)
    ]


def _event(name: str) -> Row:
    month = f"2021-{1 + NAMES.index(name):02d}"
    return {"name": f"event-{name}", "ministries": [f"M-{name}"], "month": month, "strength": 0.5}


@cache
def lives(names: tuple[str, ...]) -> Ensemble:
    """The ensemble of some agencies."""
    return simulate(load_scenario(hermits(names)), runs=RUNS, seed=SEED, series="runs")


@pytest.mark.parametrize("name", NAMES)
def test_every_series_is_that_of_the_agency_alone(name: str) -> None:
    together, alone = lives(NAMES), lives((name,))
    compared = 0
    for variable, values in alone.series.items():
        own = {dim: values[dim].values for dim in values.dims if dim in ENTITIES}
        if own:
            assert np.array_equal(together.series[variable].sel(own), values, equal_nan=True), variable
            compared += 1
    assert compared >= 10


@pytest.mark.parametrize("name", NAMES)
def test_every_recommendation_lives_as_it_would_alone(name: str) -> None:
    together, alone = lives(NAMES), lives((name,))
    for run in range(3):
        moves = together.trace(run)
        own = moves[moves["project"].str.startswith(f"P-{name}-")].reset_index(drop=True)
        pd.testing.assert_frame_equal(own, alone.trace(run))


def test_counts_add_up_run_by_run() -> None:
    counts = ["planned", "drafted", "decided", "handed_over", "adopted", "implemented", "dropped", "meetings"]
    together = lives(NAMES).outcomes[counts]
    apart = sum(lives((name,)).outcomes[counts] for name in NAMES)
    pd.testing.assert_frame_equal(together, apart)
    assert together["implemented"].sum() > 0
    assert together["dropped"].sum() > 0
