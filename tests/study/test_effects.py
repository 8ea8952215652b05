"""What each of the user's lines does alone and together, and who carries how much."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from tverretatlig_sim import compare, edit, load_scenario, simulate, with_levers
from tverretatlig_sim.scenario import Scenario
from tverretatlig_sim.study.effects import Effects, at_same_load, effects, in_the_end, lines_between
from tverretatlig_sim.study.explain import ORDERS, sampled_orders, shapley, shapley_over, subsets

BASE, RATE = "etatssamarbeidet-2025", "implemented_rate"
SIZE = {"runs": 6, "seed": 2, "months": 60}


@cache
def changed() -> Scenario:
    forum = {"function": "steer", "seats": "all", "cadence": 2}
    return edit(BASE, {"forum.new": forum, "forum.new.cadence": 1}, secretariat=6, letters=0.9)


@cache
def found() -> Effects:
    return effects(load_scenario(BASE), changed(), **SIZE)


def test_each_line_alone_and_all_together_are_paired_differences_of_compare() -> None:
    base = load_scenario(BASE)
    alone = edit(base, secretariat=6, name="alone")
    for other, some in ((alone, frozenset([0])), (changed(), found().everything)):
        row = compare([other, base], **SIZE, series="none").table(RATE).iloc[0]
        told = found().of(some)
        assert [told[key] for key in ("mean", "low", "high")] == row[["mean", "low", "high"]].tolist()
    table = found().table()
    assert table["name"].tolist() == ["secretariat", "letter[all].strength", "forum.new", "forum.new.cadence"]
    assert table["share"].sum() == pytest.approx(found().of(found().everything)["mean"])
    whole = found().of(found().everything)["mean"]
    assert found().rest()["mean"] == pytest.approx(whole - table["mean"].sum())


def test_a_line_that_needs_another_does_nothing_alone_and_an_idle_one_nothing_at_all() -> None:
    table = found().table().set_index("name")
    assert table.loc["forum.new.cadence", ["mean", "low", "high"]].tolist() == [0, 0, 0]
    assert not table["idle"].any()
    base = load_scenario(BASE)
    same = edit(base, {"forum[all].agenda": float(base.arrangement.forum[0].agenda)}, secretariat=1.5)
    idle = effects(base, same, runs=3, months=40)
    assert all(idle.idle)
    assert idle.of(idle.everything)["mean"] == 0


def test_levers_are_lines_and_unrelated_scenarios_differ_in_parts() -> None:
    base = load_scenario("0-24-2018")
    pulled = with_levers(base, "stable-staffing", "line-calibration")
    assert [line.lever for line in lines_between(base, pulled)] == ["line-calibration", "stable-staffing"]
    assert lines_between(pulled, base) == ()
    assert lines_between(base, replace(changed(), name="other")) == ()
    base, other_form = (load_scenario(f"etatssamarbeidet-{year}") for year in (2022, 2023))
    parts = effects(base, other_form, runs=2, months=30)
    assert not parts.lines
    assert {*parts.names} == {"forums", "staffing"}
    one, other = (simulate(it, 2, 1, 30, series="none").values[RATE] for it in (base, parts.change))
    assert np.array_equal(parts.worth[frozenset()][RATE], one, equal_nan=True)
    assert np.array_equal(parts.worth[parts.everything][RATE], other, equal_nan=True)


@pytest.mark.slow
def test_sampled_orders_agree_with_every_order(monkeypatch: pytest.MonkeyPatch) -> None:
    worth = np.random.default_rng(3).normal(size=(2**5, 40))
    exact = shapley(worth)
    by_subset = dict(zip(subsets(range(5)), worth, strict=True))
    orders = [order for seed in range(40) for order in sampled_orders(5, seed)]
    gains = shapley_over(orders, by_subset)
    assert np.allclose(gains.sum(axis=1), worth[-1] - worth[0])
    assert np.allclose(gains.mean(axis=0), exact, atol=0.3)
    monkeypatch.setattr("tverretatlig_sim.study.effects.MOST_EXACT", 2)
    few = effects(load_scenario(BASE), changed(), **SIZE)
    assert len(few.orders) == 2 * ORDERS
    table, whole = few.table(), found().table()
    assert table["share"].sum() == pytest.approx(few.of(few.everything)["mean"])
    inside = (table["share_low"] <= whole["share"]) & (whole["share"] <= table["share_high"])
    assert inside.all()


def test_workload_and_the_change_at_the_same_load() -> None:
    base = load_scenario(BASE)
    six = edit(base, members=["Bufdir", "Hdir", "Husbanken", "IMDi", "POD", "Udir"])
    before, after = in_the_end(base), in_the_end(six)
    assert (before.work, before.capacity, before.load) == (
        base.work,
        base.capacity,
        base.load,
    )  # as compare says
    assert after.work == before.work
    assert after.load > 1.5 * before.load
    alike = at_same_load(base, six)
    assert alike is not None
    assert in_the_end(alike).load == pytest.approx(before.load)
    assert alike.agencies == six.agencies
    assert at_same_load(base, changed()) is None
    late = edit(base, {"member.UDI": False}, since="2026-01")
    assert len(in_the_end(late).agencies) == len(before.agencies) - 1
