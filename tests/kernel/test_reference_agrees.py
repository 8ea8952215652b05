"""The kernel equals the scalar reference, written from the ODD document alone, on the same draws.

Every state variable is compared after every month, then the outcomes: of shipped scenarios, and of random
worlds, in which every mechanism bites. Random parameters lie within their ranges.
"""

from __future__ import annotations

from collections.abc import Mapping
from random import Random
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import tverretatlig_sim as ts
from choosing import KINDS, mostly_slow
from properties.worlds import random_world, scenarios, steady
from reference import ReferenceModel, default_parameters
from reference.outcomes import state as reference_state
from tverretatlig_sim.scenario import Scenario
from tverretatlig_sim.scenario.parameters import parameter_specs

TOLERANCE = {"rtol": 1e-9, "atol": 1e-9}
NOT_COMPARED = {
    "absence", "consent", "leaving", "line_move", "mean_trust", "progress_before", "results", "running",
    "service", "structure", "spoke", "verdict", "vetting",
}  # fmt: skip
"""Flows that are as of some point within the month; what follows from them is compared."""


def kernel_months(
    scenario: Scenario, parameters: Mapping[str, float], seed: int, months: int
) -> tuple[list[dict[str, Any]], Any]:
    """State variables of two runs after each month, and their outcomes."""
    seen: list[dict[str, Any]] = []

    def observe(state: Any, *_: object) -> dict[str, Any]:
        seen.append({name: getattr(state, name) for name in ts.RULES.variables})
        return {}

    rules = ts.RULES.after("renew", observe)
    ensemble = ts.simulate(scenario, 2, seed, months, parameters, series="none", rules=rules)
    return seen, ensemble.outcomes


def assert_agrees(
    scenario: Scenario, changes: Mapping[str, float], seed: int, months: int | None = None, run: int = 1
) -> None:
    months = scenario.default_months if months is None else months
    kernel, outcomes = kernel_months(scenario, changes, seed, months)
    assert len(kernel) == months
    assert all(ts.RULES.variables[name].flow for name in NOT_COMPARED)
    parameters = default_parameters(scenario) | changes
    model = ReferenceModel(scenario, seed, run, parameters, months)
    for month, own in enumerate(kernel):
        model.step()
        expected = reference_state(model.world)
        assert own.keys() - expected.keys() == NOT_COMPARED
        for name, values in expected.items():
            wanted, got = np.asarray(values, dtype=float), own[name][..., run]
            if ts.RULES.variables[name].dims == ("duty",):
                got = got[own["bears"][..., run] > 0]  # the others are candidates whose turn it is not
            assert wanted.size == got.size, name
            if not np.all(np.isnan(wanted) | np.isclose(got, wanted, **TOLERANCE)):
                np.testing.assert_allclose(got, wanted, **TOLERANCE, err_msg=f"{name}, month {month}")
    wanted = model.outcomes()
    assert wanted.keys() == set(outcomes.columns)
    for name, value in outcomes.loc[run].items():
        np.testing.assert_allclose(value, wanted[name], **TOLERANCE, err_msg=str(name))


def random_parameters(seed: int) -> dict[str, float]:
    random = Random(seed)
    drawn = {name: random.uniform(spec.low, spec.high) for name, spec in parameter_specs().items()}
    return {name: float(round(x)) if parameter_specs()[name].whole else x for name, x in drawn.items()}


@pytest.mark.parametrize("name", mostly_slow(KINDS))
def test_shipped_scenarios(name: str) -> None:
    assert_agrees(ts.load_scenario(name), {}, seed=7)


@steady(30)
@given(scenarios(agencies=8, projects=6), st.integers(0, 2**32 - 1))
def test_random_worlds_with_random_parameters(scenario: Scenario, seed: int) -> None:
    assert_agrees(scenario, random_parameters(seed), seed, months=30, run=seed % 2)


@pytest.mark.slow
@steady(40)
@given(scenarios(agencies=15, projects=15), st.integers(0, 2**32 - 1))
def test_larger_worlds_for_longer(scenario: Scenario, seed: int) -> None:
    assert_agrees(scenario, random_parameters(seed), seed, months=60, run=seed % 2)


@pytest.mark.slow
def test_every_parameter_moves_random_worlds() -> None:
    """Otherwise agreement would say nothing about the rule that reads it."""
    still = set(parameter_specs())
    for seed in range(30):
        scenario, usual = random_world(seed), random_parameters(seed)
        before = ts.simulate(scenario, 6, 2, 30, usual, series="none").outcomes
        for parameter in sorted(still):
            spec = parameter_specs()[parameter]
            other = spec.high if usual[parameter] != spec.high else spec.low
            moved = {**usual, parameter: other}
            after = ts.simulate(scenario, 6, 2, 30, moved, series="none").outcomes
            if not before.equals(after):
                still.discard(parameter)
    assert not still
