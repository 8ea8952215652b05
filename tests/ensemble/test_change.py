"""Change from where a run stands: nothing before a date differs by a bit; what is known by name goes on."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import xarray as xr

import tverretatlig_sim as ts
from kernel.test_reference_agrees import assert_agrees, random_parameters
from tverretatlig_sim.kernel.state import variables
from tverretatlig_sim.scenario.edits import Add, Remove, Set, edited
from tverretatlig_sim.scenario.history import phases
from tverretatlig_sim.world import build_world

START, GROUP, LEAD = "etatssamarbeidet-2022", "etatssamarbeidet-2023", "etatssamarbeidet-2025"
HISTORY = "etatssamarbeidet-history"
RUNS = 6
WITHOUT_ONE = [Remove(address="member.Udir"), Set(address="arrangement.route", value=["line"])]
CLEARER = [
    {"do": "set", "address": "arrangement.route", "value": ["steering-group"]},
    {"do": "set", "address": "arrangement.project_clarity", "value": 0.9},
]


def run(scenario: Any, months: int = 60) -> ts.Ensemble:
    return ts.simulate(scenario, RUNS, 5, months, series="runs")


def until(series: xr.Dataset, months: int, like: xr.Dataset) -> xr.Dataset:
    """The first months of series, of those that another dataset has too."""
    shared = {dim: like[dim] for dim in like.dims if dim not in ("month", "run", "date")}
    return series.isel(month=slice(0, months)).sel(shared)


def test_nothing_changed_changes_nothing() -> None:
    """By itself, by an edit to what is so already, or by becoming what it is."""
    before = run(START)
    same = [{"do": "set", "address": "forum.directors-group.cadence", "value": 3.5}]
    for change in (same, START):
        after = run(ts.then(START, "2023-08", change))
        assert after.outcomes.equals(before.outcomes)
        assert after.series.equals(before.series)
        assert after.trace(3).equals(before.trace(3))


def test_nothing_before_a_date_differs_by_a_bit_and_then_it_does() -> None:
    before, after = run(START, 80), run(HISTORY, 80)
    months = 19  # to August 2023, when the group begins
    assert until(after.series, months, before.series).equals(until(before.series, months, before.series))
    assert not after.series["trust_mean"].equals(before.series["trust_mean"])


def test_becoming_what_only_adds_later_is_as_if_it_had_been_so_from_the_start() -> None:
    """The arrangement of 2023 is that of 2022 until August 2023: whatever is not carried over would show."""
    whole, turned = run(GROUP), run(ts.then(START, "2023-08", GROUP))
    assert turned.outcomes.equals(whole.outcomes)
    assert turned.trace(1).equals(whole.trace(1))


def test_two_changes_are_one_after_the_other() -> None:
    once = ts.then(ts.then(START, "2023-08", GROUP), "2025-02", LEAD)
    other_way = ts.then(ts.then(START, "2025-02", LEAD), "2023-08", GROUP)
    outcomes = run(HISTORY, 72).outcomes
    assert run(once, 72).outcomes.equals(outcomes)
    assert run(other_way, 72).outcomes.equals(outcomes)
    assert not run(LEAD, 72).outcomes.equals(outcomes)


@pytest.mark.parametrize(
    ("start", "date", "change"),
    [
        ("0-24-2018", "2019-09", WITHOUT_ONE),
        ("0-24-2018", "2019-09", CLEARER),
        pytest.param("0-24-2018", "2019-09", START, marks=pytest.mark.slow),
        pytest.param("0-24-2015", "2017-05", "0-24-2018", marks=pytest.mark.slow),
    ],
)
def test_a_change_is_what_the_description_says(start: str, date: str, change: Any) -> None:
    """Members leave and come, routes and mandates change: as in the reference, month by month."""
    assert_agrees(ts.then(start, date, change), random_parameters(12), seed=12, months=45)


def test_a_start_value_is_not_looked_at_again() -> None:
    trusting = [{"do": "set", "address": "start.trust", "value": 0.9}]
    assert run(ts.then("0-24-2018", "2019-09", trusting), 30).series.equals(run("0-24-2018", 30).series)


def test_a_mandate_is_given_anew() -> None:
    clear = [{"do": "set", "address": "arrangement.project_clarity", "value": 1.0}]
    before, after = (
        run(it, 20).outcomes["clarity_end"] for it in ("0-24-2018", ts.then("0-24-2018", "2019-12", clear))
    )
    assert (after >= before).all()
    assert (after > before).any()


def test_all_state_is_carried_by_declared_names() -> None:
    """A variable along a dimension without names would be lost; one more variable needs nothing."""
    world = build_world(ts.load_scenario(HISTORY), 60)
    assert world.then is not None
    for variable in variables().values():
        assert {*variable.dims} <= world.keys.keys()
    for each in (world, world.then):
        for dim, keys in each.keys.items():
            assert len({*keys}) == len(keys) == each.sizes[dim]


def test_what_is_kept_of_a_run_is_so_of_all_that_there_is_in_it() -> None:
    gone = ts.simulate(ts.then("0-24-2018", "2019-09", WITHOUT_ONE), RUNS, 5, 40)
    ownership = gone.series["ownership"].sel(statistic="mean", agency="Udir")
    assert ownership.notnull().sum() == 16
    assert np.isfinite(gone.outcomes["implemented_rate"]).all()
    comparison = ts.compare(["0-24-2018", gone.scenario], RUNS, months=40)
    assert len(comparison.table("trust_mean")) == 1


def dated(name: Any, who: str, table: str = "member", **dates: str) -> ts.Scenario:
    """A shipped scenario in which somebody's membership, or seats, have dates."""
    made = ts.load_scenario(name).to_dict()
    if table == "member":
        row = next(it for it in made["arrangement"]["member"] if it["agency"] == who)
        row |= dates
    else:
        forum = next(it for it in made["arrangement"]["forum"] if it["name"] == table)
        forum["term"] = [{"holder": who, **dates}]
    return ts.load_scenario(made)


@pytest.mark.slow
@pytest.mark.parametrize(("name", "date"), [("0-24-2018", "2019-09"), ("pure-network", "2023-05")])
def test_a_membership_from_a_month_on_is_adding_the_member_then(name: str, date: str) -> None:
    """To the bit: with what it is a member of, and leads, which a file says and an edit has to.

    What a member gains no edit can add.
    """
    table, who = ts.load_scenario(name).to_dict(), "IMDi"
    for project in table["portfolio"]["project"]:
        project.pop("gains", None)
    whole = ts.load_scenario(table)
    as_it_is = next(it for it in whole.agencies if it.name == who)
    entry = {"agency": who, "ministry": as_it_is.ministry}
    entry |= {field: float(getattr(as_it_is, field)) for field in ("capacity", "line_capacity")}
    entry |= {field: float(getattr(as_it_is, field)) for field in ("internal_organisation", "dependence")}
    entry["core"] = who in whole.core
    others = edited(whole, [Remove(address=f"member.{who}")]).scenario
    seats = [Set(address=f"forum.{it.name}.seats", value=it.seats) for it in whole.arrangement.forum]
    work = [Set(address=f"project.{it.name}.members", value=it.members) for it in whole.portfolio.project]
    leads = [Set(address=f"project.{it.name}.lead", value=it.lead) for it in whole.portfolio.project]
    joins = ts.then(others, date, [Add(kind="member", entry=entry), *seats, *work, *leads])
    found, expected = run(dated(whole, who, begins=date)), run(joins)
    assert found.outcomes.equals(expected.outcomes)
    assert found.series.equals(expected.series)
    assert not found.outcomes.equals(run(whole).outcomes)


@pytest.mark.parametrize(
    "dates", [{"begins": "2018-05"}, {"ends": "2099-12"}, {"begins": "2017-01", "ends": "2050-01"}]
)
def test_dates_around_the_run_change_nothing(dates: dict[str, str]) -> None:
    plain = run("0-24-2018", 30)
    for table in ("member", "steering-group"):
        assert run(dated("0-24-2018", "IMDi", table, **dates), 30).series.equals(plain.series)


def test_who_is_no_member_has_no_seat_and_no_work_and_comes_back_as_it_was() -> None:
    gone = ts.then("0-24-2018", "2019-01", WITHOUT_ONE)
    back = ts.then(gone, "2019-07", "0-24-2018")
    series = run(back, 30).series
    ownership = series["ownership"].sel(agency="Udir").transpose("month", "run")
    assert ownership.isel(month=slice(8, 14)).isnull().all()
    trust = series["trust"].transpose("month", "run", "tie")
    ties = [name for name in trust.tie.to_numpy() if "Udir" in str(name)]
    before, after = (trust.isel(month=month).sel(tie=ties) for month in (7, 14))
    assert abs(after - before).max() < 0.2
    assert_agrees(back, random_parameters(3), seed=3, months=30)


@pytest.mark.parametrize("table", ["member", "steering-group"])
def test_members_and_seats_with_dates_are_what_the_description_says(table: str) -> None:
    scenario = dated("0-24-2018", "IMDi", table, begins="2018-11", ends="2019-10")
    assert any("2018-11" in str(note) for note in scenario.notes)
    assert_agrees(scenario, random_parameters(4), seed=4, months=30)


@pytest.mark.slow
def test_of_arrangements_together_each_has_its_own_terms() -> None:
    """The Labour Inspection's seat from July 2015 and the late member of the other."""
    late = dated("0-24-2018", "IMDi", begins="2019-09")
    both = ts.together("labour-crime-2015", late)
    assert [date for date, _phase in phases(both)][1:] == ["2015-07", "2019-09"]
    assert ts.load_scenario(both.to_dict()) == both
    assert np.isfinite(ts.simulate(both, 2, 1, 70).by_arrangement()["mean"]["0-24-2018", "fte_spent"])


def test_refusals_say_what_is_wrong() -> None:
    for change, date, said in (
        ("0-24-2081", "2019-09", 'did you mean "0-24-2018"'),
        ("0-24-2015", "2018-05", "a month after 2018-05"),
        ("0-24-2015", "2018-5", "YYYY-MM"),
        ([{"do": "sett", "address": "x"}], "2019-09", 'did you mean "set"'),
        ([{"do": "set"}], "2019-09", 'edit "set", address: is missing'),
        ([{"do": "set", "address": "parameter.turnover", "value": 0.1}], "2019-09", "for the whole run"),
        ([{"do": "remove", "address": "forum.no-such"}], "2019-09", "no number"),
    ):
        with pytest.raises(ts.ScenarioError) as refusal:
            ts.then("0-24-2018", date, change)
        assert said in str(refusal.value)
    with pytest.raises(ts.ScenarioError, match=r"ends \(2019-01\) before it begins"):
        dated("0-24-2018", "IMDi", begins="2019-02", ends="2019-01")
    with pytest.raises(ts.ScenarioError, match="has no seat in the forum"):
        dated("0-24-2018", "NAV", "steering-group", ends="2019-01")
    nobody = ts.load_scenario("0-24-2018").to_dict()
    for row in nobody["arrangement"]["member"]:
        row["ends"] = "2019-03"
    with pytest.raises(ts.ScenarioError, match="nobody is a member in 2019-04"):
        ts.load_scenario(nobody)
    with pytest.raises(ts.ScenarioError, match="unknown key"):
        ts.load_scenario(
            {**ts.load_scenario("0-24-2018").to_dict(), "then": [{"date": "2019-09", "into": 1}]}
        )


def test_a_history_is_written_and_read_back() -> None:
    lever = ts.then("0-24-2018", "2019-09", ["stronger-secretariat", "matrix=0.8", *WITHOUT_ONE])
    for scenario in (
        lever,
        ts.load_scenario(HISTORY),
        ts.then("0-24-2018", "2019-09", ts.load_scenario(START)),
    ):
        again = ts.load_scenario(scenario.to_dict())
        assert again == scenario
        assert [str(note) for note in again.notes] == [str(note) for note in scenario.notes]
        assert phases(again) == phases(scenario)
    assert str(lever.notes[0]).startswith("from 2019-09: stronger-secretariat,matrix=0.8,member.Udir")
