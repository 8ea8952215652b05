"""Ny Giv, the Grorud Valley and the integration goals say what DIFI14 says, wherever that can be counted."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
from pydantic import BaseModel

from tverretatlig_sim.ensemble.simulate import simulate
from tverretatlig_sim.scenario.load import load_scenario
from tverretatlig_sim.scenario.quantity import Quantity
from tverretatlig_sim.scenario.scenario import Scenario, months_between
from tverretatlig_sim.scenario.schema import Forum, Letter, Project, given

NY_GIV, GRORUD, GOALS = ALL = ("ny-giv-2010", "grorud-valley-2007", "integration-goals-2006")
REGIONS = {f"Utdanningsregion-{number}" for number in (1, 2, 3)}
MUNICIPAL = {"Kommunalsjef", "Raadmann"}
DISTRICTS = {"Bydel-Alna", "Bydel-Bjerke", "Bydel-Grorud", "Bydel-Stovner"}
TAG = re.compile(r"\b(DEL19|DFO25|DIFI14|DIFI17|RAD17)\b")
DEFAULT_SOURCE = given(0).source


@pytest.fixture(scope="module")
def scenarios() -> dict[str, Scenario]:
    return {name: load_scenario(name) for name in ALL}


@pytest.fixture
def ny_giv(scenarios: dict[str, Scenario]) -> Scenario:
    return scenarios[NY_GIV]


@pytest.fixture
def grorud(scenarios: dict[str, Scenario]) -> Scenario:
    return scenarios[GRORUD]


@pytest.fixture
def goals(scenarios: dict[str, Scenario]) -> Scenario:
    return scenarios[GOALS]


def forum(scenario: Scenario, name: str) -> Forum:
    return next(forum for forum in scenario.arrangement.forum if forum.name == name)


def letter(scenario: Scenario, name: str) -> Letter:
    return next(letter for letter in scenario.letters.letter if letter.name == name)


def ministry_of(scenario: Scenario) -> dict[str, str]:
    return {agency.name: agency.ministry for agency in scenario.agencies}


def duties(project: Project) -> list[str]:
    return [name for recommendation in project.recommendation for name in recommendation.duties]


def quantities(part: Any) -> Iterator[Quantity]:
    if isinstance(part, Quantity):
        yield part
    elif isinstance(part, BaseModel):
        for field in type(part).model_fields:
            yield from quantities(getattr(part, field))
    elif isinstance(part, dict | list | tuple):
        for item in part.values() if isinstance(part, dict) else part:
            yield from quantities(item)


# Ny Giv


def test_the_partnership_seats_those_of_the_source(ny_giv: Scenario) -> None:
    state = {"KD-prosjektledelsen", "AVdir", "Udir"}
    local = {*REGIONS, *MUNICIPAL, "KS", "Fylkesraadmann"}
    assert set(forum(ny_giv, "partnership").seats) == state | local
    assert ny_giv.arrangement.coordinator == "KD-prosjektledelsen"


def test_four_ministries_and_two_levels_of_local_government(ny_giv: Scenario) -> None:
    steering = {ministry.name for ministry in ny_giv.ministries}
    assert steering == {"KD", "ASD", "BLD", "HOD", "Counties", "Municipalities"}


def test_directorates_meet_in_the_reference_group_of_2011(ny_giv: Scenario) -> None:
    group = forum(ny_giv, "reference-group")
    assert group.begins is not None
    assert group.begins.startswith("2011")
    assert set(group.seats) >= {"Hdir", "IMDi", "Bufdir", "Udir", "Vox", "KS", "Fylkesmenn", *REGIONS}
    assert {"Hdir", "IMDi", "Bufdir", "Vox"}.isdisjoint(forum(ny_giv, "partnership").seats)


def test_project_money_is_a_million_a_county_and_none_for_nav(ny_giv: Scenario) -> None:
    money = letter(ny_giv, "project-money-2012")
    assert set(money.to) == REGIONS
    assert float(money.resources) == pytest.approx(19 / 3, abs=0.05)
    paid = {name for each in ny_giv.letters.letter if float(each.resources) > 0 for name in each.to}
    assert paid == REGIONS


def test_problem_instruments_and_gain_come_apart(ny_giv: Scenario) -> None:
    follow_up = [
        project
        for project in ny_giv.portfolio.project
        if project.name.startswith(("models-", "relations-", "competence-"))
    ]
    assert len(follow_up) == 3 * 3
    assert {project.lead for project in follow_up} == REGIONS
    carried = Counter(name for project in ny_giv.portfolio.project for name in duties(project))
    assert sum(carried[name] for name in REGIONS) < sum(carried.values()) / 2
    gains = {
        name: float(gain) for project in ny_giv.portfolio.project for name, gain in project.gains.items()
    }
    assert {gains[name] for name in REGIONS} == {0.0}
    assert min(gains[name] for name in MUNICIPAL) > gains["AVdir"] > 0


def test_every_participant_has_its_gain_stated(ny_giv: Scenario) -> None:
    for project in ny_giv.portfolio.project:
        assert set(project.gains) == set(project.members)


def test_the_tenth_grade_is_the_municipalities(ny_giv: Scenario) -> None:
    cohorts = [each for each in ny_giv.portfolio.project if each.name.startswith("transition-")]
    teaching = [r.duties for each in cohorts for r in each.recommendation if r.name == "extra-teaching"]
    assert teaching
    assert all(set(holders) == MUNICIPAL for holders in teaching)


def test_county_governors_come_late(ny_giv: Scenario) -> None:
    joint = letter(ny_giv, "joint-assignment-2013")
    assert joint.begins == "2013-01"
    assert joint.to == ["Fylkesmenn"]
    assert sorted(joint.ministries) == ["ASD", "BLD", "HOD", "KD"]
    first = min(each.begins for each in ny_giv.letters.letter if "Fylkesmenn" in each.to)
    assert first == "2013-01"
    assert "Fylkesmenn" not in forum(ny_giv, "partnership").seats
    starts = [project.start for project in ny_giv.portfolio.project if "Fylkesmenn" in project.members]
    assert min(starts) >= "2012-09"


def test_political_profile_is_high(ny_giv: Scenario, goals: Scenario) -> None:
    assert ny_giv.arrangement.attention is not None
    assert float(ny_giv.arrangement.attention) > 0.5
    assert goals.arrangement.attention is None


# The Grorud Valley


def test_17_state_and_18_municipal_actors(grorud: Scenario) -> None:
    sides = Counter(ministry == "Oslo" for ministry in ministry_of(grorud).values())
    assert sides == {False: 17, True: 18}
    assert {agency.name for agency in grorud.agencies} >= DISTRICTS


def test_every_actor_has_a_seat(grorud: Scenario) -> None:
    seated = {name for each in grorud.arrangement.forum for name in each.seats}
    assert seated == {agency.name for agency in grorud.agencies}


def test_ten_years_from_2007(grorud: Scenario) -> None:
    assert grorud.start == "2007-01"
    assert grorud.default_months == 10 * 12


def test_the_joint_committee_meets_four_times_a_year_then_twice(grorud: Scenario) -> None:
    lasting, first_years = forum(grorud, "joint-committee"), forum(grorud, "joint-committee-first-years")
    assert lasting.seats == first_years.seats
    assert lasting.chair == first_years.chair == "Byutvikling"
    assert set(lasting.seats) >= DISTRICTS
    assert 12 / float(lasting.cadence) == 2
    assert 12 / float(lasting.cadence) + 12 / float(first_years.cadence) == 4
    assert first_years.ends is not None
    assert first_years.ends < "2014"


def test_yearly_political_meeting_and_planning_office(grorud: Scenario) -> None:
    assert float(forum(grorud, "political-meeting").cadence) == 12
    assert sum(event.name.startswith("political-meeting-") for event in grorud.letters.event) == 10
    staffed = [each.name for each in grorud.arrangement.forum if float(each.secretariat_fte) > 0]
    assert staffed == ["planning-office"]


def test_four_programme_groups_each_with_the_planning_office(grorud: Scenario) -> None:
    groups = [each for each in grorud.arrangement.forum if each.name.startswith("programme-group-")]
    assert len(groups) == 4
    assert all("Plankontoret" in group.seats for group in groups)
    assert forum(grorud, "state-coordination").chair == "IMDi"


def test_about_200_measures_in_bundles(grorud: Scenario) -> None:
    bundles = grorud.portfolio.project
    assert 30 <= len(bundles) <= 40
    assert sum(int(bundle.recommendations or 0) for bundle in bundles) == 200
    assert {bundle.name[:6] for bundle in bundles} == {f"area-{number}" for number in range(1, 5)}


def test_districts_lead_20_of_23_in_area_4(grorud: Scenario) -> None:
    leads = [bundle.lead for bundle in grorud.portfolio.project if bundle.name.startswith("area-4")]
    by_districts = sum(lead in DISTRICTS for lead in leads)
    assert by_districts / len(leads) == pytest.approx(20 / 23, abs=0.05)
    assert set(leads) == {*DISTRICTS, "Utdanningsetaten"}


def test_both_sides_pay_alike_and_nav_has_no_money(grorud: Scenario) -> None:
    money = {name: letter(grorud, name) for name in ("state-money", "city-money")}
    extra = {name: float(each.resources) * len(each.to) for name, each in money.items()}
    assert extra["state-money"] == extra["city-money"] == 50 * 0.2
    assert {each.begins for each in money.values()} == {"2007-01"}
    assert {each.ends for each in money.values()} == {"2016-12"}
    paid = {name for each in grorud.letters.letter if float(each.resources) > 0 for name in each.to}
    assert "Nav-Oslo" not in paid
    assert paid >= DISTRICTS
    stakes = [bundle for bundle in grorud.portfolio.project if "Nav-Oslo" in bundle.members]
    assert stakes


# The goals for integration


def test_no_forum_and_no_authority(goals: Scenario) -> None:
    assert not goals.arrangement.forum
    assert float(goals.arrangement.core_group_authority) == 0
    assert goals.arrangement.route == ["line"]


def test_eight_ministries(goals: Scenario) -> None:
    assert {ministry.name for ministry in goals.ministries} == {
        "ASD",
        "BLD",
        "FAD",
        "HOD",
        "JD",
        "KD",
        "KRD",
        "KUD",
    }


def test_17_goals_each_mainly_one_sectors(goals: Scenario) -> None:
    each_goal = [project for project in goals.portfolio.project if project.name.startswith("goal-")]
    assert len(each_goal) == 17
    assert all(set(goal.members) <= {goal.lead, "IMDi"} for goal in each_goal)
    alone = [goal for goal in each_goal if goal.members == [goal.lead]]
    assert len(alone) > len(each_goal) / 2
    ministry = ministry_of(goals)
    assert {ministry[goal.lead] for goal in each_goal} == {ministry.name for ministry in goals.ministries}


def test_signals_in_the_order_of_the_source(goals: Scenario) -> None:
    general = {each.name: float(each.strength) for each in goals.letters.letter if not each.projects}
    assert general["kd"] > general["krd"] > general["asd"] == general["jd"] > 0
    asked = {name for each in goals.letters.letter for name in each.to}
    assert {"Difi", "Nasjonalbiblioteket"}.isdisjoint(asked)


def test_health_has_a_strategy_of_its_own(goals: Scenario) -> None:
    strategy = letter(goals, "hod-strategy")
    assert strategy.begins == "2013-08"
    assert set(strategy.ministries) == {"BLD", "HOD"}
    assert float(strategy.strength) > float(letter(goals, "hod").strength)


# All three


@pytest.mark.parametrize("name", ALL)
def test_letters_are_in_force_to_the_end_of_the_run(scenarios: dict[str, Scenario], name: str) -> None:
    scenario = scenarios[name]
    ends = [letter.ends for letter in scenario.letters.letter if letter.ends]
    assert months_between(scenario.start, max(ends)) >= scenario.default_months - 1


@pytest.mark.parametrize("name", ALL)
def test_every_number_is_graded_with_a_source(scenarios: dict[str, Scenario], name: str) -> None:
    scenario = scenarios[name]
    parts = [scenario.agencies, scenario.arrangement, scenario.portfolio, scenario.letters]
    for number in quantities([*parts, dict(scenario.parameters)]):
        assert number.source not in ("", DEFAULT_SOURCE), number
        if number.grade == "sourced":
            assert TAG.search(number.source), number
        elif number.grade == "derived":
            assert number.note, number
        else:
            assert number.range is not None, number


@pytest.mark.parametrize("name", ALL)
def test_headings_are_in_both_languages(scenarios: dict[str, Scenario], name: str) -> None:
    scenario = scenarios[name]
    assert scenario.summary is not None
    named = [
        *scenario.ministries,
        *scenario.agencies,
        *scenario.arrangement.forum,
        *scenario.portfolio.project,
        *scenario.letters.event,
    ]
    for item in named:
        assert item.title is not None, item.name
        assert item.title.en
        assert item.title.nb


@pytest.mark.parametrize("name", ALL)
def test_most_projects_deliver_and_neither_all_nor_nothing_is_implemented(name: str) -> None:
    outcomes = simulate(name, runs=40, series="none").outcomes.mean()
    assert outcomes["drafted"] > 0.8 * outcomes["planned"]
    assert 0.1 < outcomes["implemented_rate"] < 0.9
    assert 0.1 < outcomes["implemented_rate_horizon"] < 0.9


def test_budget_decisions_are_where_special_measures_are_lost(goals: Scenario) -> None:
    outcomes = simulate(goals, runs=40, series="none").outcomes.mean()
    assert outcomes["decided"] > 0.9 * outcomes["drafted"]
    assert outcomes["lost_ministries"] > outcomes["lost_disagreement"]
