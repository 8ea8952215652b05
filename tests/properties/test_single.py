"""Single precision changes the seventh digit, and now and then the side on which a draw falls; no more."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tverretatlig_sim import Scenario, compare, list_scenarios, load_scenario, simulate, study_of
from tverretatlig_sim.ensemble.ensemble import block_of, resolve_parameters
from tverretatlig_sim.ensemble.run import months_of
from tverretatlig_sim.ensemble.statistics import mean_interval
from tverretatlig_sim.world import build_world

from .test_luck import assert_same
from .worlds import scenarios, shipped, steady

COUNTS = ("drafted", "decided", "handed_over", "adopted", "implemented", "dropped", "lost_line", "pending")
RUNS = 200


@pytest.mark.parametrize("name", list_scenarios())
def test_nearly_every_run_ends_alike(name: str) -> None:
    double, single = (
        simulate(shipped(name), RUNS, series="none", numbers=n).outcomes for n in ("double", "single")
    )
    alike = (double[list(COUNTS)] == single[list(COUNTS)]).all(axis=1)
    assert alike.mean() >= 0.97
    for outcome in ("implemented_rate", "trust_mean", "understanding_gap", "ownership_end", "rounds"):
        apart = np.abs(double[outcome] - single[outcome])
        assert not apart[alike].median() > 1e-4, outcome
        interval = mean_interval(double[outcome].to_numpy(dtype=float))
        noise = max(1e-4, interval.high - interval.mean)
        assert not abs(single[outcome].mean() - interval.mean) > noise, outcome


@steady(15)
@given(scenarios(agencies=10, projects=8), st.integers(0, 2**64 - 1))
def test_random_worlds_end_alike(scenario: Scenario, seed: int) -> None:
    double, single = (
        simulate(scenario, 20, seed, 36, series="none", numbers=numbers).outcomes[list(COUNTS)]
        for numbers in ("double", "single")
    )
    assert (double == single).all(axis=1).mean() >= 0.8


@pytest.mark.parametrize("block", [1, 7, 64])
def test_block_size_does_not_matter(block: int) -> None:
    one, other = (
        simulate("0-24-2018", 20, 3, 40, series="runs", numbers="single", block=size) for size in (300, block)
    )
    assert_same(one, other)


def test_state_is_single_throughout() -> None:
    scenario = load_scenario("etatssamarbeidet-2022")
    world = build_world(scenario, 14, "single")
    parameters = resolve_parameters(scenario, {"turnover": np.linspace(0.0, 0.1, 5)}, 5)
    for progress in months_of(world, parameters, 1, np.arange(5)):
        wide = [name for name, values in vars(progress.state).items() if values.dtype == np.float64]
        assert wide == []
    assert block_of(world) == 2 * block_of(build_world(scenario, 1))


def test_comparisons_traces_and_studies_take_it() -> None:
    names = ["0-24-2018", "dfo-simplified"]
    comparison = compare(names, runs=20, series="none", numbers="single")
    for name, ensemble in comparison.ensembles.items():
        alone = simulate(name, 20, months=comparison.months, series="none", numbers="single")
        assert ensemble.outcomes.equals(alone.outcomes)
        assert (ensemble.trace(3)["to_stage"] == "implemented").sum() == ensemble.outcomes.loc[
            3, "implemented"
        ]
    table = {"arrangements": names, "runs": 20, "months": 40, "design": {"kind": "list"}}
    double, single = (study_of({**table, **more}) for more in ({}, {"numbers": "single"}))
    assert double.work.digest == study_of({**table, "numbers": "double"}).work.digest != single.work.digest
    mean = single.run().table()
    assert len(mean) == 2


def test_there_are_two_widths() -> None:
    with pytest.raises(ValueError, match="allowed: double, single"):
        simulate("0-24-2018", 1, numbers="half")  # type: ignore[arg-type]
