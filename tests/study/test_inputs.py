"""Inputs that once gave a wrong number without a sign of it: the right value now, or one clear sentence."""

from __future__ import annotations

import copy
import os
import pickle
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from tverretatlig_sim import (
    RULES,
    Scenario,
    ScenarioError,
    StoreError,
    compare,
    generate,
    load_scenario,
    simulate,
    study_of,
    swap,
    with_levers,
)
from tverretatlig_sim.scenario.combine import hybrid

NAME, OTHER = "0-24-2018", "pure-network"
FEW: dict[str, Any] = {"runs": 3, "months": 8}
NAMES = ["trust_mean", "drafted"]


@pytest.mark.parametrize(
    "given",
    [(n for n in NAMES), pd.Index(NAMES), np.array(NAMES), pd.Series(NAMES), dict.fromkeys(NAMES).keys()],
)
def test_names_come_in_anything_that_can_be_gone_through(given: Any) -> None:
    kept = simulate(OTHER, outcomes=given, series="none", **FEW).values
    assert list(kept) == ["implemented_rate", *NAMES]


def test_the_names_of_a_set_are_in_one_order() -> None:
    assert list(simulate(OTHER, outcomes=set(NAMES), **FEW).values)[1:] == sorted(NAMES)
    assert list(compare({OTHER, NAME}, series="none", **FEW).ensembles) == [NAME, OTHER]


@pytest.mark.parametrize("given", ["trust_mean", [NAMES], np.array("trust_mean"), 5, [1], [None], b"x"])
def test_what_are_no_names_is_refused(given: Any) -> None:
    with pytest.raises(TypeError, match="outcomes: must be a list of names, as in "):
        simulate(OTHER, outcomes=given, **FEW)


def test_small_whole_numbers_do_not_overflow() -> None:
    ensemble = simulate(OTHER, np.int8(3), np.uint8(1), np.int8(8), batch_size=np.int8(100))
    assert (type(ensemble.runs), ensemble.runs, ensemble.months) == (int, 3, 8)
    with pytest.raises(ValueError, match=r"need 3.* GiB of memory"):
        simulate(OTHER, np.int32(10**9), months=1)
    assert generate(np.int64(20), seed=np.array(2)) == generate(20, seed=2)


def test_results_do_not_change_with_what_they_were_made_of() -> None:
    scenario, turnover = load_scenario(NAME), np.array([0.01, 0.02, 0.03])
    given = {"turnover": turnover}
    ensemble = simulate(scenario, parameters=given, **FEW)
    summary, trace = ensemble.summary(), ensemble.trace(2)
    turnover[:], given["line_drop"] = 0.9, np.array(0.9)
    table = ensemble.outcomes
    table["trust_mean"] = 0.0
    for change in (
        scenario.portfolio.project.clear,
        ensemble.scenario.arrangement.member.pop,
        lambda: scenario.parameters.update(turnover=1),  # type: ignore[attr-defined]
        lambda: ensemble.values.update(trust_mean=np.zeros(3)),
    ):
        with pytest.raises(TypeError, match="this does not change"):
            change()
    assert list(ensemble.parameters) == ["turnover"]
    pd.testing.assert_frame_equal(ensemble.summary(), summary)
    pd.testing.assert_frame_equal(ensemble.trace(2), trace)
    pd.testing.assert_frame_equal(pickle.loads(pickle.dumps(ensemble)).trace(2), trace)
    assert copy.deepcopy(scenario) == scenario


def test_vectors_of_parameters_and_a_stopping_rule() -> None:
    values = np.linspace(0.01, 0.03, 600)
    ensemble = simulate(OTHER, 600, months=6, parameters={"turnover": values}, half_width=0.3, series="none")
    assert (ensemble.parameters["turnover"] == values[: ensemble.runs]).all()  # type: ignore[union-attr]
    assert list(ensemble.trace(ensemble.runs - 1).columns)[:1] == ["recommendation"]


@pytest.mark.parametrize(
    "value", [np.ma.array([0.1, 0.2, 0.3], mask=[0, 1, 0]), pd.array([0.1, pd.NA, 0.3]), [0.1, np.nan, 0.2]]
)
def test_missing_values_are_no_values(value: Any) -> None:
    with pytest.raises((ScenarioError, ValueError), match=r"masked values|is nan"):
        simulate(OTHER, parameters={"turnover": value}, **FEW)


def part(name: str, **update: Any) -> Scenario:
    scenario = load_scenario(NAME)
    return replace(scenario, **{name: getattr(scenario, name).model_copy(update=update)})


@pytest.mark.parametrize(
    ("made", "said"),
    [
        (lambda s: replace(s, start="2018-13"), 'start: is the text "2018-13"'),
        (
            lambda s: part("arrangement", mandate_clarity=-5),
            "mandate_clarity: is -5; allowed: a number ",
        ),
        (lambda s: part("arrangement", mandate_clarty=0.5), 'unknown key; .*did you mean "mandate_clarity"'),
        (lambda s: replace(s, agencies=s.agencies[1:]), "is not a known agency"),
        (lambda s: replace(s, arrangement={}), "holds something that no file can say"),
        (lambda s: replace(s, parameters=None), "holds something that no file can say"),
    ],
)
def test_scenarios_made_in_memory_are_checked_like_files(made: Any, said: str) -> None:
    faulty = made(load_scenario(NAME))
    for use in (load_scenario, lambda s: simulate(s, **FEW), lambda s: compare([s, OTHER], **FEW)):
        with pytest.raises(ScenarioError, match=said):
            use(faulty)


def test_what_is_made_in_memory_says_what_a_file_would() -> None:
    usual = simulate(NAME, **FEW).summary()
    scenario = load_scenario(NAME)
    first, *others = scenario.portfolio.project
    everybody = [first.model_copy(update={"members": "all"}), *others]
    for same in (
        replace(scenario, agencies=list(scenario.agencies)),  # type: ignore[arg-type]
        part("portfolio", project=tuple(scenario.portfolio.project)),
        {**scenario.to_dict(), "months": np.int64(36)},
    ):
        pd.testing.assert_frame_equal(simulate(same, **FEW).summary(), usual)
    assert simulate(part("portfolio", project=everybody), **FEW).runs == 3
    clarity = simulate(part("arrangement", mandate_clarity=np.float32(0.5)), **FEW).scenario
    assert float(clarity.arrangement.mandate_clarity) == 0.5


def test_a_scenario_is_given_in_one_way_everywhere(tmp_path: Path) -> None:
    scenario = load_scenario(NAME)
    (file := tmp_path / f"{NAME}.toml").write_text(scenario.to_toml(), encoding="utf-8")
    for given in (NAME, file, scenario.to_dict(), scenario):
        assert load_scenario(given) == scenario
        assert with_levers(given, ["stronger-secretariat"]).name == f"{NAME}+stronger-secretariat"
        assert swap(given, portfolio="0-24-2015").name == f"{NAME}/portfolio=0-24-2015"
        assert hybrid(given, "0-24-2015", ["portfolio"]).name.startswith(NAME)
        assert list(study_of({"arrangements": [given], "design": {"kind": "grid"}}).scenarios) == [NAME]


def own(value: Any) -> Any:
    def mine(state: Any, world: Any, parameters: Any, draws: Any, month: Any) -> Any:
        return {"ownership": value(state.ownership)}

    return RULES.after("renew", mine)


@pytest.mark.parametrize("value", [lambda x: x * np.nan, lambda x: 0 * x + 7.0, lambda x: 0 * x - 1.0])
def test_rules_that_leave_the_range_are_found_out(value: Any) -> None:
    with pytest.raises(ValueError, match=r"run 0: the rules left values of ownership .* numbers from 0\.\.1"):
        simulate(OTHER, rules=own(value), **FEW)
    with pytest.raises(ValueError, match="phase renew, rule mine takes ownership to"):
        simulate(OTHER, rules=own(value).checked(), **FEW)


@pytest.mark.parametrize(
    "value",
    [lambda x: x[:1], lambda x: 0.5, lambda x: x.astype(object), np.ma.array, pd.DataFrame, lambda x: x + 0j],
)
def test_rules_return_arrays_of_the_variables_shape_and_kind(value: Any) -> None:
    with pytest.raises(ValueError, match="mine returned ownership "):
        simulate(OTHER, rules=own(value), **FEW)


def study(**more: Any) -> Any:
    table = {"arrangements": [OTHER], "runs": 2, "months": 6, "design": {"kind": "grid"}}
    return study_of({**table, "parameters": {"turnover": [0.01, 0.02]}, **more})


@pytest.mark.parametrize("values", [(0.1, 0.2), {0.2, 0.1}, pd.Series([0.1, 0.2]), (x for x in (0.1, 0.2))])
def test_a_study_takes_values_in_anything_that_can_be_gone_through(values: Any) -> None:
    assert study(parameters={"turnover": values}).points["turnover"].tolist() == [0.1, 0.2]


def test_points_are_refused_that_would_be_read_otherwise() -> None:
    with pytest.raises(ScenarioError, match="turnover: is given more than once"):
        study(parameters={"turnover": [0.1], "parameter.turnover": [0.2]})
    for points, said in (
        ({"turnover": [0.1j]}, "columns of numbers"),
        ({"turnover": [True]}, "columns of numbers"),
        ({"turnover": [10**400]}, "columns of numbers"),
        (pd.DataFrame([[0.1, 0.2]], columns=["turnover"] * 2), "given more than once: turnover"),
        (pd.DataFrame({"turnover": [0.1]}).set_index("turnover"), "turnover: is the index"),
        ({"turnover": [0.1], "parameter.turnover": [0.2]}, "turnover: is given more than once"),
    ):
        with pytest.raises((ValueError, ScenarioError), match=said):
            study().at(points)


@pytest.mark.parametrize(
    ("mean", "sd"), [(0.0, 0.0012), (0.05, 0.0012), (0.025, 1e-9), (-0.2, 0.001), (1.0, 0.01), (0.02, 20.0)]
)
def test_normal_distributions_cut_off_anywhere(mean: float, sd: float) -> None:
    """Against SciPy's survival functions: the share below a quantile is the share asked for."""
    table = {"low": 0.01, "high": 0.04, "distribution": "normal", "mean": mean, "sd": sd}
    (factor,) = study(parameters={"turnover": table}).factors
    shares = np.array([0.1, 0.5, 0.9])
    sign = 1.0 if mean < 0.025 else -1.0  # the tail in which the distribution function is not rounded to 1
    ends = sign * (np.array([0.01, 0.04]) - mean) / sd
    x = sign * (factor.quantile(shares) - mean) / sd
    low, high, here = (stats.norm.logsf(it) for it in (min(ends), max(ends), x))
    above = np.exp(here - low) * np.expm1(high - here) / np.expm1(high - low)
    assert above == pytest.approx(1 - shares if sign > 0 else shares, abs=1e-6)


@pytest.mark.parametrize(("mean", "sd"), [(2.0, 1e-300), (-2.0, 1e-300), (1e300, 1.0), (0.02, 1e300)])
def test_normal_distributions_that_cannot_be_told_from_nothing(mean: float, sd: float) -> None:
    table = {"low": 0.01, "high": 0.04, "distribution": "normal", "mean": mean, "sd": sd}
    with pytest.raises(ScenarioError, match="at most 1000 "):
        study(parameters={"turnover": table})


def test_results_of_a_study_travel(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    plain = study().run()
    table = plain.table()
    assert pickle.loads(pickle.dumps(plain)).table().equals(table)
    assert copy.deepcopy(plain).table().equals(table)
    monkeypatch.chdir(tmp_path)
    stored = study().run("store")
    os.chdir("/")
    assert stored.table().equals(table)
    shutil.rmtree(tmp_path / "store")
    with pytest.raises(StoreError, match="there is no store here any more"):
        pickle.loads(pickle.dumps(stored)).progress()
