"""Luck belongs to seed, run, month, process and name: nothing else moves a single bit.

Neither does the order of a file, what things are called, or who has nothing to do with the cooperation.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import cache
from random import Random
from typing import Any

import numpy as np
import pandas as pd
import pytest
import xarray as xr
from hypothesis import given
from hypothesis import strategies as st

from choosing import KINDS, mostly_slow, shipped
from tverretatlig_sim import Ensemble, Scenario, compare, simulate
from tverretatlig_sim.scenario.parameters import parameter_specs
from tverretatlig_sim.scenario.quantity import Quantity
from tverretatlig_sim.scenario.schema import Agency, Member, Ministry, Table

from .worlds import LONGEST, Row, parameters_of, scenario_of, steady, tables

IN_ORDER = ("route", "self_initiated_route", "unstable")
"""Lists whose order is a fact, or that have no names."""
PARTS = ("arrangement", "portfolio", "letters")
RUNS, SEED, MONTHS = 12, 5, 40


def assert_same(*pair: Ensemble) -> None:
    """Equal bit by bit, as far as both go in runs, months and entities.

    Outcomes are those of the last month, so they are compared where that is the same.
    """
    first, second = sorted(
        pair, key=lambda ensemble: (ensemble.runs, ensemble.months, ensemble.series.nbytes)
    )
    if first.months == second.months:
        outcomes = second.outcomes.iloc[: len(first.outcomes)]
        pd.testing.assert_frame_equal(first.outcomes, outcomes, check_exact=True)
    sizes, more = first.series.sizes, second.series.sizes
    shared = {dim: first.series[dim].values for dim in sizes if sizes[dim] != more[dim] and dim != "run"}
    of_second = second.series.sel(shared).isel(run=slice(0, sizes["run"]))
    # How they were made, which attributes say, may differ.
    xr.testing.assert_equal(first.series, of_second)


def shuffled(value: Any, random: Random, key: str = "") -> Any:
    """The same tables with every list of names or tables, and every mapping, in another order."""
    if isinstance(value, Table):
        fields = {name: shuffled(field, random, name) for name, field in value if name != "unstable"}
        return value.model_copy(update=fields)
    if isinstance(value, dict):
        items = [(name, shuffled(item, random, name)) for name, item in value.items()]
        return dict(random.sample(items, len(items)))
    if isinstance(value, list | tuple) and key not in IN_ORDER:
        return type(value)(shuffled(item, random) for item in random.sample(list(value), len(value)))
    return value


def reordered(scenario: Scenario, seed: int = 1) -> Scenario:
    random, parts = Random(seed), ("agencies", "ministries", *PARTS)
    return replace(scenario, **{part: shuffled(getattr(scenario, part), random, part) for part in parts})


def renamed(scenario: Scenario) -> Scenario:
    """Called otherwise, and its parts too."""
    parts = {part: getattr(scenario, part).model_copy(update={"name": f"other {part}"}) for part in PARTS}
    return replace(scenario, name="other", **parts)


def with_stranger(scenario: Scenario, ministry: str) -> Scenario:
    """One more member, without a seat, stake, tie or letter, but with staff and views of its own.

    Its tasks are next to nothing under a ministry that others have, and where one sits that steers nobody: a
    ministry's frame is the sum of its agencies' tasks, or of everybody's (ODD 2).
    """
    shared = ministry in {known.name for known in scenario.ministries} or scenario.beyond_ministries
    tasks = {"astronomy": 1e-300} if shared else {"education": 1.0, "astronomy": 0.5}
    views = {"health": 0.7}
    own = {"ministry": ministry, "core_tasks": tasks, "understanding": views, "capacity": 50.0}
    stranger = Agency.model_validate({"name": "Zzz unconnected", **own})
    members = [Member.model_validate({"agency": stranger.name}), *scenario.arrangement.member]
    known = {known.name: known for known in scenario.ministries}
    known.setdefault(ministry, Ministry.model_validate({"name": ministry, "attention": 0.9}))
    arrangement = scenario.arrangement.model_copy(update={"member": members})
    agencies, ministries = (stranger, *scenario.agencies), tuple(known.values())
    return replace(scenario, agencies=agencies, ministries=ministries, arrangement=arrangement)


def defaults(scenario: Scenario) -> dict[str, float]:
    own = {parameter: quantity.value for parameter, quantity in scenario.parameters.items()}
    return {parameter: spec.value for parameter, spec in parameter_specs().items()} | own


NOTHING_CHANGES: dict[str, Callable[[Scenario], dict[str, Any]]] = {
    "more runs, in blocks": lambda scenario: {"runs": 30, "batch_size": 11},
    "runs one by one": lambda scenario: {"runs": 2, "batch_size": 1},
    "more months": lambda scenario: {"months": 50},
    "the default parameters": lambda scenario: {"parameters": defaults(scenario)},
    "a vector of equal values": lambda scenario: {
        "parameters": {name: np.full(RUNS, value) for name, value in defaults(scenario).items()}
    },
    "another order": lambda scenario: {"scenario": reordered(scenario)},
    "other names": lambda scenario: {"scenario": renamed(scenario)},
    "a stranger": lambda scenario: {"scenario": with_stranger(scenario, scenario.ministries[0].name)},
    "a stranger of a new ministry": lambda scenario: {"scenario": with_stranger(scenario, "New ministry")},
}
"""What ``simulate`` is given instead."""


@cache
def plain(name: str) -> Ensemble:
    return simulate(shipped(name), RUNS, SEED, MONTHS, series="runs")


@pytest.mark.parametrize("what", NOTHING_CHANGES)
@pytest.mark.parametrize("name", mostly_slow(KINDS, ["0-24-2018"]))
def test_it_changes_nothing(name: str, what: str) -> None:
    usual = {"scenario": shipped(name), "runs": RUNS, "seed": SEED, "months": MONTHS, "series": "runs"}
    assert_same(plain(name), simulate(**usual | NOTHING_CHANGES[what](shipped(name))))


@steady(6)
@given(tables(agencies=12, projects=10), st.integers(0, 2**64 - 1), st.integers(1, LONGEST - 1))
def test_nor_does_it_in_any_world(table: Row, seed: int, months: int) -> None:
    """Runs with a parameter vector each, in blocks or alone; a longer run; another order; a stranger."""
    scenario, vectors = scenario_of(table), parameters_of(seed % 2**32, "evidence", 3)
    usual = {"runs": 3, "seed": seed, "months": LONGEST, "parameters": vectors, "series": "runs"}
    whole = simulate(scenario, **usual)
    assert_same(whole, simulate(scenario, **usual, batch_size=1 + seed % 3))
    assert_same(simulate(scenario, **usual | {"months": months}), whole)
    assert_same(whole, simulate(scenario_of(shuffled(table, Random(seed))), **usual))
    ministry = "New ministry" if seed % 2 else scenario.ministries[0].name
    assert_same(whole, simulate(with_stranger(scenario, ministry), **usual))
    run = seed % 3
    scalars = {name: float(values[run]) for name, values in vectors.items()}
    alone = simulate(scenario, **usual | {"runs": run + 1, "parameters": scalars})
    pd.testing.assert_series_equal(whole.outcomes.loc[run], alone.outcomes.loc[run], check_exact=True)
    xr.testing.assert_equal(whole.series.isel(run=run), alone.series.isel(run=run))


def test_many_letters_at_once_in_another_order() -> None:
    """Even the last bit of a sum of many letters' resources is the same."""
    scenario = shipped("0-24-2018")
    copies = [
        letter.model_copy(update={"name": f"{letter.name} {k}", "resources": Quantity(value=k / 10)})
        for letter in scenario.letters.letter
        for k in range(1, 8)
    ]
    crowded = replace(scenario, letters=scenario.letters.model_copy(update={"letter": copies}))
    first = simulate(crowded, 3, 9, 24, series="runs")
    for seed in range(3):
        assert_same(first, simulate(reordered(crowded, seed), 3, 9, 24, series="runs"))


def test_identical_arrangements_differ_by_exactly_nothing() -> None:
    scenario = shipped("0-24-2018")
    table = compare([scenario, renamed(scenario)], runs=20, months=48).table()
    known, unknown = table[table["n"] > 0], table[table["n"] == 0]
    assert len(known) > 0
    assert (known[["mean", "low", "high", "share_a_above_b"]] == 0).all(axis=None)
    assert (known["share_equal"] == 1).all()
    assert known["variance_reduction"].isna().all()
    np.testing.assert_allclose(known["correlation"].dropna(), 1.0, atol=1e-12)
    assert unknown.drop(columns=["a", "b", "outcome", "n", "few_differ"]).isna().all(axis=None)


def test_another_seed_is_other_luck() -> None:
    first, second = (
        simulate(shipped("0-24-2018"), 20, seed, 48).outcomes["ownership_end"] for seed in (1, 2)
    )
    assert (first != second).all()
    assert first.nunique() == 20
