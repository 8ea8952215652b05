"""One arrangement with another scenario's portfolio, agencies or letters."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import pytest

from tverretatlig_sim import Scenario, ScenarioError, list_scenarios, load_scenario, simulate, swap
from tverretatlig_sim.scenario.parts import problems_in
from tverretatlig_sim.scenario.quantity import Quantity
from tverretatlig_sim.scenario.scenario import months_between, shifted
from tverretatlig_sim.world import build_world

PARTS = ("portfolio", "agencies", "letters")


@cache
def scenario(name: str) -> Scenario:
    return load_scenario(name)


def swapped(name: str, **parts: Scenario) -> Scenario | None:
    """The swap; None where it is refused for want of agencies in common."""
    try:
        return swap(scenario(name), **parts)
    except ScenarioError as error:
        refusal = str(error)
    assert "member here; allowed: a scenario that shares agencies" in refusal
    return None


@pytest.mark.parametrize("name", list_scenarios())
def test_every_pair_gives_a_scenario_that_runs_or_a_reason(name: str) -> None:
    made = {
        (other, part): swapped(name, **{part: scenario(other)})
        for other in list_scenarios()
        for part in PARTS
    }
    for (other, _), one in made.items():
        if one is not None:
            assert problems_in(one, "") == []
            assert one.portfolio.project
            assert one.name != name or any("nothing is swapped" in str(note) for note in one.notes), other
            build_world(one, 12)
    assert sum(one is None for one in made.values()) < len(made) or name == "k-plus-2010"


@pytest.mark.parametrize("name", list_scenarios())
def test_all_parts_of_another_scenario_leave_the_structure(name: str) -> None:
    for other in map(scenario, list_scenarios()):
        made = swapped(name, portfolio=other, agencies=other, letters=other)
        if made is not None:
            assert [a.name for a in made.agencies] == [a.name for a in scenario(name).agencies]
            assert made.arrangement is scenario(name).arrangement
            assert len(simulate(made, runs=2, months=12, series="none").outcomes) == 2


@pytest.mark.parametrize("name", list_scenarios())
def test_swapping_with_itself_changes_nothing(name: str) -> None:
    base = scenario(name)
    made = swap(base, portfolio=name, agencies=base, letters=name)
    assert replace(made, notes=()) == base
    assert [*map(str, made.notes)] == [f'nothing is swapped: "{name}" has these parts already']
    assert swap(base) == replace(base, notes=made.notes)


def test_the_name_says_what_was_swapped() -> None:
    base = scenario("dfo-simplified")
    assert swap(base, portfolio="0-24-2018").name == "dfo-simplified/portfolio=0-24-2018"
    made = swap(base, letters="0-24-2018", portfolio="0-24-2018")
    assert made.name == "dfo-simplified/portfolio=0-24-2018,letters=0-24-2018"
    assert made.path is None
    assert made.with_levers("line-calibration").name == f"{made.name}+line-calibration"


def test_calendars_are_shifted_to_the_scenario_s_start() -> None:
    base, other = scenario("dfo-simplified"), scenario("etatssamarbeidet-2022")
    made = swap(base, portfolio=other, letters=other)
    later = months_between(other.start, base.start)
    old = {project.name: project.start for project in other.portfolio.project}
    assert all(project.start == shifted(old[project.name], later) for project in made.portfolio.project)
    events = {event.name: event.month for event in other.letters.event}
    assert all(event.month == shifted(events[event.name], later) for event in made.letters.event)
    with pytest.raises(ScenarioError, match="months from 1900-01 to 2099-12"):
        swap(replace(base, start="2098-01"), portfolio=other)


def test_who_is_no_member_is_left_out_and_said_so() -> None:
    other = scenario("etatssamarbeidet-2022")
    base = scenario("0-24-2018")
    here = {agency.name for agency in base.agencies}
    made = swap(base, portfolio=other)
    old = {project.name: project for project in other.portfolio.project}
    for project in made.portfolio.project:
        assert project.members == [name for name in old[project.name].members if name in here]
        assert project.lead in project.members
        assert project.lead == old[project.name].lead or old[project.name].lead not in here
        assert float(project.parties) <= len(project.members)
        assert project.route is None
    assert any("led by another" in str(note) for note in made.notes)
    partly = swap(scenario("labour-crime-2015"), portfolio="0-24-2018")
    assert any("projects without a member here" in str(note) for note in partly.notes)


def test_a_recommendation_without_duty_holder_is_the_lead_s() -> None:
    made = swap(scenario("dfo-simplified"), portfolio="ny-giv-2010")
    for project in made.portfolio.project:
        assert all(set(item.duties) <= set(project.members) for item in project.recommendation)
        assert all(item.duties for item in project.recommendation)


def test_letters_follow_their_addressees() -> None:
    other = scenario("0-24-2018")
    made = swap(scenario("dfo-simplified"), letters=other)
    assert all(set(letter.to) == {agency.name for agency in other.agencies} for letter in made.letters.letter)
    assert all(
        "AID" in letter.ministries and "ASD" not in letter.ministries for letter in made.letters.letter
    )
    assert made.letters.budget_month == other.letters.budget_month
    partly = swap(scenario("ny-giv-2010"), letters="integration-goals-2006")
    assert partly.letters.letter
    assert any("letters to nobody here" in str(note) for note in partly.notes)


@pytest.mark.parametrize(
    ("part", "said"),
    [
        ("portfolio", 'no project of "k-plus-2010" has a member here'),
        ("agencies", '"k-plus-2010" describes no agency that is a member here'),
        ("letters", 'no letter of "k-plus-2010" is to a member here'),
    ],
)
def test_a_part_of_which_nothing_would_be_left_is_refused(part: str, said: str) -> None:
    with pytest.raises(ScenarioError) as refusal:
        swap(scenario("dfo-simplified"), **{part: "k-plus-2010"})
    assert str(refusal.value) == (
        f'"dfo-simplified": {part}: {said}; allowed: a scenario that shares agencies with "dfo-simplified"'
    )


def test_letters_about_projects_that_are_gone_do_not_turn_into_general_ones() -> None:
    other = scenario("0-24-2018")
    made = swap(scenario("etatssamarbeidet-2022"), portfolio=other)
    assert all(not letter.projects for letter in made.letters.letter)
    assert len(made.letters.letter) == 9
    assert any("letters about projects that are gone" in str(note) for note in made.notes)
    both = swap(other, portfolio="etatssamarbeidet-2022", letters="etatssamarbeidet-2022")
    assert not any("letters about projects" in str(note) for note in both.notes)


def test_descriptions_replace_those_of_the_same_name_but_not_the_ministry() -> None:
    base, other = scenario("0-24-2018"), scenario("dfo-simplified")
    tiny = Quantity(value=0.1)
    changed = replace(
        other, agencies=tuple(agency.model_copy(update={"capacity": tiny}) for agency in other.agencies)
    )
    made = swap(base, agencies=changed)
    assert [agency.ministry for agency in made.agencies] == [agency.ministry for agency in base.agencies]
    assert {agency.capacity.value for agency in made.agencies} == {0.1}
    partly = swap(scenario("etatssamarbeidet-2022"), agencies=changed)
    assert any("does not describe, so as before" in str(note) for note in partly.notes)


def test_a_given_length_grows_with_the_portfolio() -> None:
    short = replace(scenario("0-24-2015"), months=Quantity(value=30.0))
    assert swap(short, portfolio="grorud-valley-2007").default_months >= 30
    long = swap(short, portfolio="etatssamarbeidet-2022")
    last = max(months_between(long.start, project.start) for project in long.portfolio.project)
    assert long.default_months == max(30, last + 24)


def test_unknown_scenarios() -> None:
    with pytest.raises(ScenarioError, match='did you mean "dfo-simplified"'):
        swap(scenario("0-24-2018"), portfolio="dfo-simplifed")
