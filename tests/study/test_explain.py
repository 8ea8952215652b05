"""Differences shared out among parts, over runs and over sets; and what levers change."""

from __future__ import annotations

from dataclasses import replace
from itertools import permutations
from math import factorial

import numpy as np
import pandas as pd
import pytest

from tverretatlig_sim import Scenario, compare, explain, load_lever, load_scenario
from tverretatlig_sim.scenario import Quantity
from tverretatlig_sim.scenario.edits import content
from tverretatlig_sim.scenario.fit import PARTS
from tverretatlig_sim.scenario.load import with_levers
from tverretatlig_sim.study import Part
from tverretatlig_sim.study.explain import lattice, shapley
from tverretatlig_sim.study.levers import lever_effects, variants_of
from tverretatlig_sim.study.robust import RobustExplanation, explain_robustly
from tverretatlig_sim.study.sampling import draw_sets, fixed_sets

A, B = load_scenario("etatssamarbeidet-2022"), load_scenario("etatssamarbeidet-2023")
LEVER = "line-calibration"

# --- Shapley values


def test_shapley_values_are_means_over_orders() -> None:
    worth = np.random.default_rng(1).normal(size=(16, 3))
    expected = np.zeros((4, 3))
    for order in permutations(range(4)):
        before = 0
        for member in order:
            expected[member] += worth[before | 1 << member] - worth[before]
            before |= 1 << member
    np.testing.assert_allclose(shapley(worth), expected / factorial(4), rtol=1e-12)


def test_the_glove_game() -> None:
    """One left glove and two right ones; a pair is worth 1 (Shapley & Shubik 1969)."""
    worth = np.array([float(bool(s & 1) and bool(s & 6)) for s in range(8)])
    np.testing.assert_allclose(shapley(worth), [2 / 3, 1 / 6, 1 / 6])


# --- explanations


@pytest.fixture(scope="module")
def changed() -> tuple[Scenario, Scenario]:
    """A scenario, and the same with other mandates, other staffing and another parameter."""
    a = load_scenario("0-24-2018")
    fields = {"mandate_clarity": 0.1, "follow_up": 0.9, "turnover": 3.0}
    practice = {field: Quantity(value=value) for field, value in fields.items()}
    parameters = {"group_drag": Quantity(value=0.3)}
    arrangement = a.arrangement.model_copy(update=practice)
    return a, replace(a, name="changed", arrangement=arrangement, parameters=parameters)


def test_parts_add_up_to_the_difference(changed: tuple[Scenario, Scenario]) -> None:
    found = explain(*changed, runs=12, seed=3, months=60)
    assert (found.differing, found.hybrids) == (("mandate", "staffing", "parameters"), 8)
    np.testing.assert_allclose(found.contributions.sum(axis=1), found.difference, rtol=0, atol=1e-9)
    table = found.table()
    assert table["mean"].sum() == pytest.approx(found.total().mean, abs=1e-9)
    assert list(table["mean"].abs()) == sorted(table["mean"].abs(), reverse=True)
    assert table["differs"].tolist() == [True] * 3 + [False] * (len(PARTS) - 3)
    assert (table[~table["differs"]][["mean", "low", "high"]] == 0.0).all(axis=None)
    assert (table[table["differs"]]["mean"] != 0.0).all()
    row = compare(changed, 12, 3, 60, series="none").table("implemented_rate").iloc[0]
    total = found.total()
    assert [row[key] for key in ("n", "mean", "low", "high")] == [12, total.mean, total.low, total.high]


@pytest.mark.parametrize("part", ["mandate", "parameters"])
def test_a_single_differing_part_gets_everything(part: Part) -> None:
    a = load_scenario("0-24-2018")
    clear = a.arrangement.model_copy(update={"mandate_clarity": Quantity(value=0.1)})
    changed = {
        "mandate": {"arrangement": clear},
        "parameters": {"parameters": {"turnover": Quantity(value=0.1)}},
    }
    b = replace(a, name="changed", **changed[part])  # type: ignore[arg-type]
    found = explain(a, b, "trust_mean", runs=10, months=12)
    assert (found.differing, found.hybrids) == ((part,), 2)
    row = compare([a, b], 10, months=12, series="none").table("trust_mean").iloc[0]
    first = found.table().iloc[0]
    assert (first["part"], first["n"]) == (part, 10)
    assert [first[key] for key in ("mean", "low", "high")] == [row[key] for key in ("mean", "low", "high")]
    assert row["mean"] != 0


def test_labels_and_evidence_make_no_difference() -> None:
    a = load_scenario("0-24-2018")
    text = a.arrangement.model_copy(update={"name": "other", "source": "elsewhere"})
    found = explain(a, replace(a, name="other", arrangement=text), runs=3, months=30)
    assert (found.differing, found.hybrids) == ((), 1)
    assert (found.difference == 0).all()


def test_runs_without_the_outcome_are_left_out_of_everything(changed: tuple[Scenario, Scenario]) -> None:
    a, _ = changed
    b = replace(a, name="changed", parameters={"turnover": Quantity(value=0.03)})
    found = explain(a, b, "months_to_implement", runs=30, months=24)
    n = 30 - found.missing
    assert 0 < n < 30
    assert len(found.contributions) == len(found.difference) == n
    assert (found.table()["n"] == n).all()
    np.testing.assert_allclose(found.contributions.sum(axis=1), found.difference, rtol=0, atol=1e-9)


def test_progress_counts_every_run_and_what_is_known_is_not_run_again() -> None:
    heard: list[tuple[int, int]] = []
    asked = {"outcome": "trust_mean", "runs": 2, "months": 12, "progress": lambda *now: heard.append(now)}
    found = explain(A, B, **asked)
    assert sum(done for done, _ in heard) == 2 * found.hybrids
    assert {total for _, total in heard} == {2 * found.hybrids}
    heard.clear()
    known = compare([A, B], runs=3, months=12, series="none").ensembles.values()
    again = explain(A, B, **asked, known=known)
    assert sum(done for done, _ in heard) == 2 * (found.hybrids - 2)
    pd.testing.assert_frame_equal(again.table(), found.table())


def test_what_cannot_be_explained_is_refused_before_anything_runs() -> None:
    with pytest.raises(ValueError, match=r'no outcome .*did you mean "trust_mean"'):
        explain("0-24-2015", "0-24-2018", "trust_meen")
    with pytest.raises(ValueError, match="runs = 0"):
        explain("0-24-2015", "0-24-2018", runs=0)


def test_two_arrangements_of_the_same_work_differ_in_few_parts() -> None:
    swaps = lattice(A, B)
    assert swaps.differing == ("forums", "staffing")  # the strategic group, and the turnover of autumn 2024
    assert len(swaps.scenarios) == 4


# --- over parameter sets


@pytest.fixture(scope="module")
def found() -> RobustExplanation:
    return explain_robustly(A, B, draw_sets(4), "trust_mean", runs=2, months=12)


def test_contributions_add_up_in_every_run_and_shares_are_over_sets(found: RobustExplanation) -> None:
    assert found.contributions.shape == (8, len(PARTS))
    assert np.abs(found.contributions.sum(axis=1) - found.difference).max() < 1e-9
    assert (found.contributions.drop(columns=list(found.differing)) == 0).all(axis=None)
    row = found.table().set_index("part").loc[found.differing[0]]
    values = found.contributions[found.differing[0]]
    assert row["sets"] == 4
    assert row["better"] + row["no_matter"] + row["worse"] == pytest.approx(1)
    assert row["better_low"] <= row["better"] <= row["better_high"]
    assert row["mean"] == pytest.approx(values.mean())
    assert found.total()["mean"] == pytest.approx(found.difference.mean())


def test_with_one_set_it_is_explain() -> None:
    alone = explain(A, B, "trust_mean", runs=4, months=12, parameters={"turnover": 0.02})
    over = explain_robustly(A, B, fixed_sets({"turnover": 0.02}), "trust_mean", runs=4, months=12)
    assert over.contributions.mean().to_numpy() == pytest.approx(alone.contributions.mean().to_numpy())


# --- levers


def test_an_effect_is_the_paired_difference_of_compare() -> None:
    base = load_scenario("0-24-2018")
    expected = compare([with_levers(base, LEVER), base], runs=6, seed=3, months=48, series="none")
    whole = compare([base, "dfo-simplified"], runs=9, seed=3, months=48, series="none")
    row = lever_effects(whole.ensembles, variants_of([base], [load_lever(LEVER)]), runs=6).table.iloc[0]
    keys = ["n", "mean", "low", "high"]
    assert row[keys].tolist() == expected.table("implemented_rate").iloc[0][keys].tolist()


def test_one_more_lever_goes_on_top_of_those_pulled() -> None:
    pulled = with_levers("0-24-2018", "stable-staffing")
    more, again = variants_of([pulled], [load_lever(LEVER), load_lever("stable-staffing")]).values()
    assert isinstance(more, Scenario)
    assert more.name == f"0-24-2018+stable-staffing+{LEVER}"
    both = with_levers("0-24-2018", LEVER, "stable-staffing")
    assert content(more) == content(both)
    assert "pulled already" in str(again)


def test_a_refused_lever_has_a_reason_and_no_numbers() -> None:
    base = load_scenario("pure-hierarchy")
    variants = variants_of([base], [load_lever("stronger-secretariat"), load_lever(LEVER)])
    assert [isinstance(variant, Scenario) for variant in variants.values()] == [False, True]
    ensembles = compare([base, "pure-network"], runs=2, months=30, series="none").ensembles
    table = lever_effects(ensembles, variants, runs=2).table.set_index("lever")
    assert "secretariat" in str(table.loc["stronger-secretariat", "reason"])
    assert table["mean"].isna().tolist() == [True, table.loc[LEVER, "n"] == 0]
