"""Numbers of a scenario that differ between runs: the same as a world for each run."""

from __future__ import annotations

import numpy as np
import pytest

from tverretatlig_sim import ScenarioError, load_scenario, simulate
from tverretatlig_sim.scenario.evidence import entries_of
from tverretatlig_sim.scenario.load import with_values

RUNS, MONTHS = 3, 50


@pytest.mark.parametrize("name", ["0-24-2018", "pure-network"])
def test_each_run_is_that_of_a_scenario_with_its_numbers(name: str) -> None:
    """Bit by bit for all numbers that differ within a world, and some that change what there is in it."""
    scenario, rng = load_scenario(name), np.random.default_rng(1)
    numbers = {}
    for entry in entries_of(scenario).values():
        for address, number in entry.items():
            low, high = number.span
            drawn = rng.uniform(low, high, RUNS)
            numbers[str(address)] = (
                np.clip(np.round(drawn), np.ceil(low), high) if address.bounds.whole else drawn
            )
    together = simulate(
        scenario, RUNS, 5, MONTHS, series="none", numbers=numbers, outcomes=["trust_mean", "fte_spent"]
    )
    for run in range(RUNS):
        own = with_values(scenario, {address: float(values[run]) for address, values in numbers.items()})
        alone = simulate(own, RUNS, 5, MONTHS, series="none", outcomes=["trust_mean", "fte_spent"])
        for outcome, values in together.values.items():
            np.testing.assert_allclose(values[run], alone.values[outcome][run], rtol=1e-12)


@pytest.mark.parametrize(
    ("address", "value", "said"),
    [
        ("arrangement.follow_upp", 0.1, "no number"),
        ("arrangement.follow_up", 1.5, "is 1.5; allowed: a number from 0 to 1"),
    ],
)
def test_numbers_that_are_none_or_beyond_their_limits_are_refused(
    address: str, value: float, said: str
) -> None:
    with pytest.raises(ScenarioError, match=said):
        simulate("0-24-2018", 2, months=2, numbers={address: np.array([0.1, value])})
