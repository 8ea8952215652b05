"""Inputs that once gave a wrong number without a sign of it: the right value now, or one clear sentence."""

from __future__ import annotations

import copy
import os
import pickle
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from tverretatlig_sim import (
    RULES,
    CoordinationModel,
    Scenario,
    ScenarioError,
    StoreError,
    compare,
    evidence,
    explain,
    frameworks,
    generate,
    load_lever,
    load_scenario,
    simulate,
    study_of,
    swap,
    with_levers,
)
from tverretatlig_sim.scenario import with_values
from tverretatlig_sim.scenario.build import scenario_graph
from tverretatlig_sim.scenario.combine import hybrid
from tverretatlig_sim.show.plots import plot_structure
from tverretatlig_sim.study.history_matching import stored_sets
from tverretatlig_sim.study.robust import compare_robustly, explain_robustly, splits_of
from tverretatlig_sim.study.sampling import ParameterSets
from tverretatlig_sim.study.search import dials_of, search, turned
from tverretatlig_sim.world import build_world

NAME, OTHER = "0-24-2018", "pure-network"
GRID = {"design": {"kind": "grid"}}
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
    with pytest.raises(ValueError, match=r"need \d+ GiB of memory"):
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


EVERYWHERE: dict[str, Callable[[Any], Any]] = {
    "simulate": lambda it: simulate(it, **FEW),
    "compare": lambda it: compare([it, OTHER], **FEW),
    "explain": lambda it: explain(it, NAME, runs=2, months=2),
    "explain_robustly": lambda it: explain_robustly(it, NAME, stored_sets(2), runs=2, months=2),
    "compare_robustly": lambda it: compare_robustly([it, OTHER], stored_sets(2), 2, months=2),
    "search": lambda it: search(it, 2, 2, months=40, dials=["portfolio"]),
    "turned": lambda it: turned(it, {"portfolio": 0.5}),
    "dials_of": dials_of,
    "swap": lambda it: swap(OTHER, portfolio=it, letters=it),
    "hybrid": lambda it: hybrid(OTHER, it, ["portfolio"]),
    "with_values": lambda it: with_values(it, {"arrangement.follow_up": 0.2}),
    "evidence": evidence,
    "frameworks": frameworks,
    "scenario_graph": scenario_graph,
    "plot_structure": plot_structure,
    "CoordinationModel": lambda it: CoordinationModel(it, 1, 3),
    "study": lambda it: study_of({"arrangements": [it], **GRID}),
    "swaps of a study": lambda it: study_of({"arrangements": [OTHER], "swaps": {"portfolio": it}, **GRID}),
    "cross of a study": lambda it: study_of(
        {"arrangements": [OTHER], "cross": {"letters": ["", it]}, **GRID}
    ),
}
MANY_WORLDS = ("explain", "explain_robustly", "search")
LEVERED = f"{NAME}+matrix=0.25+line-calibration"


@pytest.mark.slow
@pytest.mark.parametrize("use", EVERYWHERE)
def test_a_scenario_is_taken_in_every_way_everywhere(
    use: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In 0.1.0 many of these took loaded scenarios only, and names with levers were taken by no function."""
    monkeypatch.chdir(tmp_path)
    scenario = load_scenario(NAME)
    Path("own.toml").write_text(scenario.to_toml(), encoding="utf-8")
    own = f"{Path('own.toml').absolute()}+matrix=0.25+line-calibration"
    every = (
        "own.toml+line-calibration", Path("own.toml"), own, np.str_(LEVERED),
        load_scenario(LEVERED).to_dict(), replace(scenario, name="mine+a"),
    )  # fmt: skip
    for given in every[: 2 if use in MANY_WORLDS else None]:
        EVERYWHERE[use](given)


def test_a_study_takes_levers_as_such() -> None:
    lever = load_lever("line-calibration").model_copy(update={"name": "mine"})
    table = {"arrangements": [NAME], **GRID}
    assert list(study_of({**table, "levers": (lever,)}).scenarios) == [f"{NAME}+mine"]
    crossed = study_of({**table, "cross": {"levers": ["", lever]}})
    assert list(crossed.scenarios) == [NAME, f"{NAME}+mine"]


def holding_itself() -> dict[str, Any]:
    table: dict[str, Any] = {"name": "x"}
    table["portfolio"] = [table]
    return table


HUGE = 10**5000
"""More digits than Python writes."""


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda: simulate(OTHER, HUGE), "runs = a huge whole number: must be"),
        (lambda: simulate(OTHER, half_width=10**400), "half_width = a huge whole number: must be"),
        (lambda: simulate(OTHER, **FEW).summary(HUGE), "level = a huge whole number: must be"),
        (lambda: load_scenario(holding_itself()), "nested too deeply"),
        (lambda: study_of({"arrangements": [holding_itself()], **GRID}), "nested too deeply"),
        (lambda: study_of({"arrangements": [OTHER], **GRID}, folder=None), "a folder is given by its path"),
        (lambda: frameworks(OTHER, -5), "months = -5: must be"),
        (lambda: frameworks(OTHER, parameters={"turnover": 7}), "turnover: is 7"),
        (lambda: frameworks(OTHER, parameters=3), "parameters: must map names"),
        (lambda: with_values(NAME, ["arrangement.follow_up"]), "values: must map names to values, as in"),
        (lambda: CoordinationModel(OTHER, "x"), "rng = 'x': is no seed"),
        (lambda: CoordinationModel(OTHER, rules=5), "rules: must be a set of rules"),
        (lambda: explain(OTHER, NAME, known=5), "known: must be a list of ensembles"),
        (lambda: explain(OTHER, NAME, known=["x"]), "known: must be a list of ensembles"),
        (lambda: simulate(NAME, 10**8, series="runs"), r"with all monthly series need \d+ GiB of memory"),
        (simulate(OTHER, **FEW).series.to_dataframe, r"table of one: series\['"),
    ],
)
def test_what_cannot_be_done_is_said_in_a_sentence(call: Callable[[], Any], said: str) -> None:
    """In 0.1.0: OverflowError, RecursionError, AttributeError, a killed process, or numbers of nothing."""
    with pytest.raises((ScenarioError, ValueError, TypeError), match=said):
        call()


def test_dials_that_differ_a_little_have_names_of_their_own() -> None:
    """In 0.1.0 both were called 0-24-2018+matrix=0.333333."""
    close = [with_levers(NAME, f"matrix={value}") for value in ("0.3333331", "0.3333332", "0.5", "1e-12")]
    names = [scenario.name.partition("=")[2] for scenario in close]
    assert names == ["0.3333331", "0.3333332", "0.5", "1e-12"]
    assert list(compare(close[:2], **FEW).ensembles) == [scenario.name for scenario in close[:2]]


def test_values_of_a_grid_are_given_once() -> None:
    with pytest.raises(ScenarioError, match="turnover: is given more than once"):
        study(parameters={"turnover": [0.01, 0.01]})


def test_results_can_be_asked_whether_they_are_equal() -> None:
    """In 0.1.0 the truth value of an array was ambiguous. Results are equal to themselves alone."""
    for make in (
        lambda: simulate(OTHER, **FEW),
        lambda: compare([NAME, OTHER], **FEW),
        lambda: explain(NAME, f"{NAME}+matrix=0.5", runs=2, months=2),
        lambda: stored_sets(2),
        lambda: build_world(load_scenario(OTHER), 3),
        lambda: study().run(),
    ):
        one, other = make(), make()
        assert one == one  # noqa: PLR0124
        assert one != other
        assert len({one, other}) == 2


def test_a_side_without_sets_is_no_fault() -> None:
    """Where all sets that tell lie on one side of every threshold."""
    sets = ParameterSets(("turnover",), np.linspace(0.01, 0.02, 40)[:, None])
    for differences in (np.full((40, 2), np.nan), np.zeros((40, 2)), np.ones((40, 2))):
        assert splits_of(sets, differences, 0.01) == ()
    only = np.full((40, 2), np.nan)
    only[:3] = [[0.5, 0.4], [-0.5, -0.4], [0.5, 0.4]]
    splits_of(sets, only, 0.01)


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
