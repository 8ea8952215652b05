"""The order of a file never matters, and who has nothing to do with the cooperation does not disturb it."""

from __future__ import annotations

from dataclasses import replace
from random import Random
from typing import Any

import pandas as pd
import pytest
import xarray as xr
from hypothesis import given
from hypothesis import strategies as st

from tverretatlig_sim import Scenario, list_scenarios, load_scenario, simulate
from tverretatlig_sim.scenario.quantity import Quantity
from tverretatlig_sim.scenario.schema import Agency, Member, Ministry, Table

from .test_luck import assert_same
from .worlds import LONGEST, Row, mostly_slow, scenario_of, scenarios, shipped, steady, tables

IN_ORDER = ("route", "self_initiated_route", "unstable")
"""Lists whose order is a fact, or that have no names."""

STRANGER = "Zzz unconnected"


def shuffled(value: Any, random: Random, key: str = "") -> Any:
    """The same tables with every list of names or tables, and every mapping, in another order."""
    if isinstance(value, dict):
        items = [(name, shuffled(item, random, name)) for name, item in value.items()]
        return dict(random.sample(items, len(items)))
    if isinstance(value, list) and key not in IN_ORDER:
        return [shuffled(item, random) for item in random.sample(value, len(value))]
    return value


def shuffled_model(model: Any, random: Random, key: str = "") -> Any:
    """The same for what the loader has resolved."""
    if isinstance(model, Table):
        fields = {name: shuffled_model(value, random, name) for name, value in model if name != "unstable"}
        return model.model_copy(update=fields)
    if isinstance(model, dict):
        return dict(random.sample(list(model.items()), len(model)))
    if isinstance(model, list | tuple) and key not in IN_ORDER:
        return type(model)(shuffled_model(item, random) for item in random.sample(list(model), len(model)))
    return model


def reordered(scenario: Scenario, seed: int) -> Scenario:
    random = Random(seed)
    parts = ("agencies", "ministries", "arrangement", "portfolio", "letters")
    return replace(
        scenario, **{part: shuffled_model(getattr(scenario, part), random, part) for part in parts}
    )


@pytest.mark.parametrize("name", mostly_slow(list_scenarios()))
def test_shipped_scenarios_in_another_order(name: str) -> None:
    scenario = shipped(name)
    other = reordered(scenario, seed=1)
    assert other.agencies != scenario.agencies
    assert_same(*(simulate(each, 20, 9, 60, series="runs") for each in (scenario, other)))


def test_many_letters_at_once_in_another_order() -> None:
    """Even the last bit of a sum of many letters' resources is the same."""
    scenario = load_scenario("0-24-2018")
    copies = [
        letter.model_copy(
            update={"name": f"{letter.name} {number}", "resources": Quantity(value=number / 10)}
        )
        for letter in scenario.letters.letter
        for number in range(1, 8)
    ]
    crowded = replace(scenario, letters=scenario.letters.model_copy(update={"letter": copies}))
    orders = (crowded, *(reordered(crowded, seed) for seed in range(3)))
    first, *others = (simulate(each, 3, 9, 24, series="runs") for each in orders)
    for other in others:
        assert_same(first, other)


@steady(12)
@given(tables(agencies=15, projects=12), st.integers(0, 2**64 - 1))
def test_random_worlds_in_another_order(table: Row, seed: int) -> None:
    other = scenario_of(shuffled(table, Random(seed)))
    assert_same(*(simulate(each, 3, seed, LONGEST, series="runs") for each in (scenario_of(table), other)))


def with_stranger(scenario: Scenario, ministry: str) -> Scenario:
    """One more member, without a seat, stake, tie or letter, but with tasks, staff and views of its own."""
    agency = Agency.model_validate(
        {
            "name": STRANGER,
            "ministry": ministry,
            "core_tasks": {"education": 1.0, "astronomy": 0.5},
            "understanding": {"health": 0.7},
            "capacity": 50.0,
        }
    )
    member = Member.model_validate({"agency": STRANGER})
    arrangement = scenario.arrangement.model_copy(update={"member": [member, *scenario.arrangement.member]})
    known = {known.name: known for known in scenario.ministries}
    known.setdefault(ministry, Ministry.model_validate({"name": ministry, "attention": 0.9}))
    agencies, ministries = (agency, *scenario.agencies), tuple(known.values())
    return replace(scenario, agencies=agencies, ministries=ministries, arrangement=arrangement)


def assert_undisturbed(scenario: Scenario, ministry: str, seed: int, months: int) -> None:
    before, after = (
        simulate(each, 5, seed, months, series="runs")
        for each in (scenario, with_stranger(scenario, ministry))
    )
    pd.testing.assert_frame_equal(before.outcomes, after.outcomes, check_exact=True)
    common = after.series.sel({dim: before.series[dim].values for dim in before.series.dims if dim != "run"})
    xr.testing.assert_identical(before.series, common)


@pytest.mark.parametrize("new", [True, False])
@pytest.mark.parametrize("name", mostly_slow(list_scenarios()))
def test_an_unconnected_agency_changes_nothing(name: str, new: bool) -> None:
    scenario = shipped(name)
    assert_undisturbed(scenario, "New ministry" if new else scenario.ministries[0].name, seed=6, months=40)


@steady(12)
@given(scenarios(agencies=10, projects=8), st.booleans(), st.integers(0, 2**64 - 1))
def test_an_unconnected_agency_changes_no_random_world(scenario: Scenario, new: bool, seed: int) -> None:
    assert_undisturbed(scenario, "New ministry" if new else scenario.ministries[0].name, seed, LONGEST)
