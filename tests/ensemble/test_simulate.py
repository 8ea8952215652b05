"""What ``simulate`` takes, keeps and refuses, and that it does everything once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest

import tverretatlig_sim as ts
from tverretatlig_sim.ensemble import batch
from tverretatlig_sim.ensemble.outcomes import OUTCOMES
from tverretatlig_sim.kernel.state import Changes
from tverretatlig_sim.world import World

ALONE = "pure-network"
FEW: dict[str, Any] = {"runs": 30, "seed": 1, "months": 36, "batch_size": 10}


def test_some_outcomes_are_the_same_numbers_and_the_headline_is_always_there() -> None:
    for given in (("drafted",), pd.Index(["drafted"]), iter(["drafted"])):
        found = ts.simulate(ALONE, 1, months=1, outcomes=given)  # type: ignore[arg-type]
        assert list(found.outcomes) == ["implemented_rate", "drafted"]
    everything, some = ts.simulate(ALONE, **FEW), ts.simulate(ALONE, outcomes=["drafted"], **FEW)
    assert list(everything.outcomes) == list(OUTCOMES)
    assert list(some.outcomes) == ["implemented_rate", "drafted"]
    assert some.outcomes.equals(everything.outcomes[list(some.outcomes)])
    assert some.series.identical(everything.series)
    for view in (some.funnel, some.frameworks):
        with pytest.raises(ValueError, match="needs all outcomes"):
            view()


@pytest.mark.parametrize(
    ("options", "error", "said"),
    [
        ({"series": "all"}, ValueError, "series = 'all'; allowed: moments, runs, none"),
        ({"parameters": ["turnover"]}, TypeError, "parameters: must map names to values"),
        ({"parameters": {"turnover": [0.01, np.nan]}}, ts.ScenarioError, "turnover: is nan"),
        ({"parameters": {"turnover": [[0.01, 0.02]]}}, ts.ScenarioError, "turnover"),
        ({"parameters": {"turnover": [0.01, 0.02, 0.03]}}, ValueError, "one a run"),
        (
            {"parameters": {"turnover": np.ma.masked_less([0.01, 0.02], 0.015)}},
            ValueError,
            "parameter turnover has masked values; allowed: numbers",
        ),
        ({"rules": "steer"}, TypeError, "rules: must be a set of rules"),
        ({"rules": (1, 2)}, TypeError, "rules: must be a set of rules"),
        ({"outcomes": "drafted"}, TypeError, "outcomes: must be a list of names, as in "),
        ({"outcomes": 5}, TypeError, "outcomes: must be a list of names, as in "),
        ({"outcomes": ["implemented_rates"]}, ValueError, "no outcome 'implemented_rates'; allowed: impl"),
        ({"progress": 5}, TypeError, "progress: must be a function"),
        ({"half_width": True}, ValueError, "half_width = True: must be a number above 0"),
        ({"half_width": np.inf}, ValueError, "half_width = inf: must be a number above 0"),
        ({"batch_size": 0}, ValueError, "batch_size = 0: must be a whole number from 1 to 1000000"),
        ({"seed": -1}, ValueError, "seed = -1: must be a whole number from 0 to "),
    ],
)
def test_an_argument_that_is_wrong_is_refused_in_one_sentence(
    options: dict[str, Any], error: type[Exception], said: str
) -> None:
    for call in (ts.simulate, lambda name, **given: ts.compare([name, "0-24-2018"], **given)):
        with pytest.raises(error, match=said) as refused:
            call(ALONE, **{"runs": 2, "months": 2, **options})
        assert "\n" not in str(refused.value)


def test_parameters_are_copied_and_arrays_without_masked_values_are_arrays() -> None:
    mine = np.ma.masked_less(np.array([0.01, 0.02]), 0.0)
    given = {"turnover": mine}
    ensemble = ts.simulate(ALONE, runs=2, months=12, parameters=given, series="none")
    plain = ts.simulate(ALONE, runs=2, months=12, parameters={"turnover": [0.01, 0.02]}, series="none")
    mine[:], given["line_drop"] = 0.09, mine
    assert ensemble.outcomes.equals(plain.outcomes)
    assert ensemble.trace(1).equals(plain.trace(1))
    assert list(ensemble.parameters) == ["turnover"]
    np.testing.assert_array_equal(ensemble.parameters["turnover"], [0.01, 0.02])
    with pytest.raises(ValueError, match="read-only"):
        ensemble.parameters["turnover"][0] = 1.0  # type: ignore[index]


def test_values_of_runs_that_were_not_needed_are_forgotten() -> None:
    found = ts.simulate(
        ALONE, 512, months=30, parameters={"turnover": np.full(512, 0.02)}, half_width=0.4, series="none"
    )
    assert (found.runs, len(found.parameters["turnover"])) == (256, 256)  # type: ignore[arg-type]
    assert len(found.trace(255))


def test_a_rule_that_leaves_no_number_is_found_out() -> None:
    def broken(state: Any, world: Any, parameters: Any, draws: Any, month: Any) -> Changes:
        trust = state.trust.copy()
        trust[0, 1] = np.nan if month.index == 1 else 0.5
        return {"trust": trust}

    with pytest.raises(ValueError, match="run 1: the rules left values of trust that are not numbers"):
        ts.simulate(ALONE, 3, months=2, rules=ts.RULES.after("renew", broken))


@pytest.mark.slow
def test_more_runs_than_any_memory_holds_are_refused_unless_few_outcomes_are_kept() -> None:
    def begun(runs: int) -> None:
        raise InterruptedError

    with pytest.raises(ValueError, match=r"1000000000 runs .* need \d+ GiB of memory; allowed: 64 GiB"):
        ts.simulate(ALONE, runs=10**9, months=1, progress=begun)
    with pytest.raises(InterruptedError):
        ts.simulate(ALONE, runs=10**9, months=1, outcomes=["drafted"], progress=begun)


def test_progress_counts_all_runs() -> None:
    seen: list[int] = []
    ts.compare([ALONE, "0-24-2018"], 25, months=2, batch_size=10, progress=seen.append)
    assert seen == [10, 10, 5, 10, 10, 5]


def test_a_table_is_a_scenario() -> None:
    table = {
        "name": "mine",
        "start": "2018-01",
        "arrangement": "0-24-2018",
        "portfolio": "0-24-2018",
        "letters": "0-24-2018",
    }
    found = ts.compare([table, "0-24-2018"], 2, months=12)
    assert list(found.ensembles) == ["mine", "0-24-2018"]


@pytest.fixture
def built(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    names: list[str] = []
    build: Callable[[ts.Scenario, int], World] = batch.build_world

    def counted(scenario: ts.Scenario, months: int) -> World:
        names.append(scenario.name)
        return build(scenario, months)

    monkeypatch.setattr(batch, "build_world", counted)
    monkeypatch.setattr(batch, "_worlds", [])
    return names


def test_a_world_is_built_once_for_each_distinct_scenario(built: list[str]) -> None:
    comparison = ts.compare([ALONE, "0-24-2018"], 4, months=30)
    for ensemble in comparison.ensembles.values():
        for _ in range(2):
            ensemble.frameworks()
            ensemble.trace()
    ts.simulate(ts.load_scenario(ALONE), 1, months=30)
    assert built == [ALONE, "0-24-2018"]
    ts.frameworks(ALONE, months=12)
    assert built == [ALONE, "0-24-2018", ALONE]


def test_worlds_that_are_kept_are_few(built: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batch, "WORLDS", 2)
    scenario = ts.load_scenario(ALONE)
    for months in (1, 2, 1, 3, 1, 2):
        batch.world_of(scenario, months)
    assert len(built) == 4
