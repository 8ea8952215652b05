"""Luck belongs to seed, run, month, process and name: nothing else moves a single bit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
import xarray as xr
from hypothesis import given
from hypothesis import strategies as st

from tverretatlig_sim import Ensemble, Scenario, compare, list_scenarios, simulate
from tverretatlig_sim.scenario.parameters import parameter_specs

from .worlds import LONGEST, mostly_slow, parameters_of, scenarios, shipped, steady

BLOCKS = (1, 7, 64)
FEW = ("0-24-2018", "etatssamarbeidet-2023", "pure-hierarchy")


def assert_same(first: Ensemble, second: Ensemble, runs: Sequence[int] | slice = slice(None)) -> None:
    """Equal outcomes and series, bit by bit, in some runs of the first."""
    rows = first.outcomes.iloc[runs].reset_index(drop=True)
    pd.testing.assert_frame_equal(rows, second.outcomes.reset_index(drop=True), check_exact=True)
    xr.testing.assert_identical(first.series.isel(run=runs), second.series)


@pytest.mark.parametrize("name", mostly_slow(list_scenarios()))
def test_more_runs_do_not_change_the_first_ones(name: str) -> None:
    long, short = (simulate(shipped(name), runs=runs, seed=5, months=50, series="runs") for runs in (120, 30))
    assert_same(long, short, slice(0, 30))


@pytest.mark.parametrize("block", BLOCKS)
@pytest.mark.parametrize("name", mostly_slow(FEW))
def test_block_size_does_not_matter(name: str, block: int) -> None:
    runs = {1: 6, 7: 12, 64: 70}[block]
    whole, parts = (
        simulate(shipped(name), runs=runs, seed=2, months=40, series="runs", batch_size=size)
        for size in (300, block)
    )
    assert_same(whole, parts)


@steady(6)
@given(scenarios(agencies=12, projects=10), st.integers(0, 2**64 - 1), st.integers(0, 5))
def test_one_run_alone_equals_it_among_others(scenario: Scenario, seed: int, run: int) -> None:
    """Six runs with a parameter vector each, in blocks of any size, equal single runs with scalar values."""
    vectors = parameters_of(seed % 2**32, "evidence", 6)
    together = simulate(scenario, 6, seed, LONGEST, vectors, series="runs")
    apart = simulate(scenario, 6, seed, LONGEST, vectors, series="runs", batch_size=1 + seed % 5)
    assert_same(together, apart)
    scalars = {name: float(values[run]) for name, values in vectors.items()}
    alone = simulate(scenario, run + 1, seed, LONGEST, scalars, series="runs", batch_size=1)
    pd.testing.assert_series_equal(together.outcomes.loc[run], alone.outcomes.loc[run], check_exact=True)
    xr.testing.assert_identical(together.series.isel(run=run), alone.series.isel(run=run))


@pytest.mark.parametrize("name", mostly_slow(FEW))
def test_a_vector_of_equal_values_is_a_scalar(name: str) -> None:
    values = {parameter: spec.low for parameter, spec in parameter_specs().items()}
    vectors = {parameter: np.full(20, value) for parameter, value in values.items()}
    assert_same(*(simulate(shipped(name), 20, 3, 40, given, series="runs") for given in (values, vectors)))


@pytest.mark.parametrize("name", mostly_slow(list_scenarios()))
def test_overrides_with_the_defaults_change_nothing(name: str) -> None:
    scenario = shipped(name)
    own = {parameter: quantity.value for parameter, quantity in scenario.parameters.items()}
    defaults = {parameter: spec.value for parameter, spec in parameter_specs().items()} | own
    plain, overridden = (simulate(scenario, 20, 3, 48, values, series="runs") for values in (None, defaults))
    assert_same(plain, overridden)


@pytest.mark.parametrize("name", mostly_slow(list_scenarios()))
def test_a_longer_run_begins_like_a_shorter_one(name: str) -> None:
    long, short = (simulate(shipped(name), 20, 4, months, series="runs").series for months in (60, 40))
    xr.testing.assert_identical(long.isel(month=slice(0, 40)), short)


@steady(15)
@given(scenarios(agencies=10, projects=8), st.integers(0, 2**64 - 1), st.integers(1, LONGEST - 1))
def test_any_longer_run_begins_like_a_shorter_one(scenario: Scenario, seed: int, months: int) -> None:
    long, short = (simulate(scenario, 3, seed, length, series="runs").series for length in (LONGEST, months))
    xr.testing.assert_identical(long.isel(month=slice(0, months)), short)


@pytest.mark.parametrize("name", mostly_slow(list_scenarios()))
def test_identical_arrangements_differ_by_exactly_nothing(name: str) -> None:
    scenario = shipped(name)
    twin = scenario.arrangement.model_copy(update={"name": "twin"})
    table = compare([scenario, replace(scenario, name="twin", arrangement=twin)], runs=40, months=60).table()
    assert table["n"].sum() > 0
    known = table[table["n"] > 0]
    assert (known[["mean", "low", "high", "share_a_above_b"]] == 0).all(axis=None)
    assert (known["share_equal"] == 1).all()
    assert known["variance_reduction"].isna().all()
    varied = known["correlation"].dropna()
    np.testing.assert_allclose(varied, 1.0, atol=1e-12)
    unknown = table[table["n"] == 0]
    assert unknown.drop(columns=["a", "b", "outcome", "n"]).isna().all(axis=None)


@pytest.mark.parametrize("name", mostly_slow(FEW))
def test_another_seed_is_other_luck(name: str) -> None:
    first, second = (
        simulate(shipped(name), 20, seed, 60, series="none").outcomes["ownership_end"] for seed in (1, 2)
    )
    assert (first != second).all()
    assert first.nunique() == 20
