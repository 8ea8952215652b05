"""Effects of levers are paired comparisons."""

from __future__ import annotations

import pytest

from tverretatlig_sim import compare, load_lever, load_scenario, with_levers
from tverretatlig_sim.scenario import Scenario, ScenarioError
from tverretatlig_sim.study.levers import Case, lever_effects, pulled

LEVER = "line-calibration"


def test_an_effect_is_the_paired_difference_of_compare() -> None:
    base = load_scenario("0-24-2018")
    found = compare([with_levers(base, LEVER), base], runs=6, seed=3, months=48, series="none")
    variants = pulled([Case(base)], [load_lever(LEVER)])
    whole = compare([base, "dfo-simplified"], runs=9, seed=3, months=48, series="none")
    row = lever_effects(whole.ensembles, variants, runs=6).table.iloc[0]
    expected = found.table("implemented_rate").iloc[0]
    assert row[["n", "mean", "low", "high"]].tolist() == expected[["n", "mean", "low", "high"]].tolist()


def test_one_more_lever_goes_on_top_of_those_pulled() -> None:
    base = load_scenario("0-24-2018")
    case = Case(base, (load_lever("stable-staffing"),))
    assert case.scenario.levers == ("stable-staffing",)
    more = case.with_lever(load_lever(LEVER))
    assert more.levers == (LEVER, "stable-staffing")
    assert more.name == f"0-24-2018+stable-staffing+{LEVER}"
    with pytest.raises(ScenarioError, match="pulled already"):
        case.with_lever(load_lever("stable-staffing"))


def test_a_refused_lever_has_a_reason_and_no_numbers() -> None:
    base = load_scenario("pure-hierarchy")
    variants = pulled([Case(base)], [load_lever("stronger-secretariat"), load_lever(LEVER)])
    assert [isinstance(variant, Scenario) for variant in variants.values()] == [False, True]
    ensembles = compare([base, "pure-network"], runs=2, months=30, series="none").ensembles
    table = lever_effects(ensembles, variants, runs=2).table.set_index("lever")
    assert "secretariat" in table.loc["stronger-secretariat", "reason"]
    assert table["mean"].isna().tolist() == [True, table.loc[LEVER, "n"] == 0]
