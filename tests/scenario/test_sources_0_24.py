"""The two 0-24 scenarios say what DEL19 and RAD17 say, wherever that can be counted."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
from pydantic import BaseModel

from tverretatlig_sim.scenario.load import load_scenario
from tverretatlig_sim.scenario.quantity import Quantity
from tverretatlig_sim.scenario.scenario import Scenario
from tverretatlig_sim.scenario.schema import Forum, Project, Themes

BOTH = ("0-24-2015", "0-24-2018")
DIRECTORATES = ["AVdir", "Bufdir", "Hdir", "IMDi", "Udir"]
TAG = re.compile(r"\b(DEL19|DFO25|DIFI14|DIFI17|RAD17)\b")


@pytest.fixture(scope="module", params=BOTH)
def either(request: pytest.FixtureRequest) -> Scenario:
    return load_scenario(request.param)


@pytest.fixture(scope="module")
def as_set_up() -> Scenario:
    return load_scenario("0-24-2015")


@pytest.fixture(scope="module")
def reformed() -> Scenario:
    return load_scenario("0-24-2018")


def forum(scenario: Scenario, name: str) -> Forum:
    return next(forum for forum in scenario.arrangement.forum if forum.name == name)


def project(scenario: Scenario, name: str) -> Project:
    return next(project for project in scenario.portfolio.project if project.name == name)


def month_number(date: str) -> int:
    return int(date[:4]) * 12 + int(date[5:])


def quantities(part: Any) -> Iterator[Quantity]:
    if isinstance(part, Quantity):
        yield part
    elif isinstance(part, BaseModel):
        for field in type(part).model_fields:
            yield from quantities(getattr(part, field))
    elif isinstance(part, dict | list | tuple):
        for item in part.values() if isinstance(part, dict) else part:
            yield from quantities(item)


def overlap(core_tasks: Themes, themes: Themes) -> float:
    shared = sum(
        float(core_tasks[theme]) * float(themes[theme]) for theme in core_tasks.keys() & themes.keys()
    )
    lengths = [math.hypot(*map(float, weights.values())) for weights in (core_tasks, themes)]
    return shared / math.prod(lengths)


def mean_overlap(scenario: Scenario, agency: str) -> float:
    core_tasks = next(each.core_tasks for each in scenario.agencies if each.name == agency)
    shares = [
        overlap(core_tasks, each.themes) for each in scenario.portfolio.project if agency in each.members
    ]
    return sum(shares) / len(shares)


def test_five_directorates_udir_coordinates(either: Scenario) -> None:
    assert sorted(agency.name for agency in either.agencies) == DIRECTORATES
    assert either.arrangement.coordinator == "Udir"


@pytest.mark.parametrize(
    ("name", "ministries"),
    [("0-24-2015", {"KD", "ASD", "BLD", "HOD"}), ("0-24-2018", {"KD", "ASD", "BFD", "HOD"})],
)
def test_four_ministries(name: str, ministries: set[str]) -> None:
    assert {ministry.name for ministry in load_scenario(name).ministries} == ministries


def test_near_the_core_tasks_are_udir_and_hdir(either: Scenario) -> None:
    assert either.core == {"Udir", "Hdir"}
    near = min(mean_overlap(either, agency) for agency in ("Udir", "Hdir"))
    peripheral = max(mean_overlap(either, agency) for agency in ("IMDi", "AVdir"))
    assert near > peripheral


def test_the_new_portfolio_lies_nearer_core_tasks(as_set_up: Scenario, reformed: Scenario) -> None:
    for agency in DIRECTORATES:
        assert mean_overlap(reformed, agency) > mean_overlap(as_set_up, agency)


def test_25_measures_13_prioritised_and_12_other(as_set_up: Scenario) -> None:
    kinds = Counter(each.name.rsplit("-", 1)[0] for each in as_set_up.portfolio.project)
    assert kinds == {"prioritised": 13, "other": 12}
    assert {each.origin for each in as_set_up.portfolio.project} == {"commissioned"}


def test_every_directorate_in_every_group_of_2015(as_set_up: Scenario) -> None:
    assert all(sorted(each.members) == DIRECTORATES for each in as_set_up.portfolio.project)


def test_most_measures_of_2015_are_due_in_2018(as_set_up: Scenario) -> None:
    due = [
        month_number(each.start) + int(each.deadline) for each in as_set_up.portfolio.project if each.deadline
    ]
    years = Counter((month - 1) // 12 for month in due)
    assert len(due) == 25
    assert years[2018] > 25 / 2
    assert sum(count for year, count in years.items() if year < 2018) < years[2018] / 4


def test_groups_of_2015_work_alone_and_report_to_the_steering_group(as_set_up: Scenario) -> None:
    arrangement = as_set_up.arrangement
    assert arrangement.delivery == "final-report"
    assert float(arrangement.stop_points) == 0
    assert arrangement.stop_points.grade == "sourced"
    assert arrangement.route == ["steering-group"]


def test_forums_of_2015(as_set_up: Scenario) -> None:
    names = {each.name for each in as_set_up.arrangement.forum}
    assert {"programme-owners", "steering-group", "secretariat", "contact-persons"} <= names
    assert float(forum(as_set_up, "steering-group").cadence) > 1


def test_unstable_membership_2016_and_2017(as_set_up: Scenario, reformed: Scenario) -> None:
    (period,) = as_set_up.arrangement.unstable
    assert (period.begins, period.ends) == ("2016-01", "2017-12")
    assert float(period.turnover) > 1
    assert reformed.arrangement.unstable == []


def test_contact_persons_merge_into_one_secretariat_in_2018(reformed: Scenario) -> None:
    assert "contact-persons" not in {each.name for each in reformed.arrangement.forum}
    secretariat = forum(reformed, "secretariat")
    assert sorted(secretariat.seats) == DIRECTORATES
    assert secretariat.secretariat_fte.range is not None
    assert secretariat.secretariat_fte.range[1] == 7 * 0.5


def test_steering_group_decides_by_consensus(either: Scenario) -> None:
    steering_group = forum(either, "steering-group")
    assert sorted(steering_group.seats) == DIRECTORATES
    assert (steering_group.rule, steering_group.chair) == ("consensus", "Udir")
    assert either.arrangement.facilitator == "steering-group"


def test_steering_group_meets_about_monthly_after_the_reform(reformed: Scenario) -> None:
    cadence = forum(reformed, "steering-group").cadence
    assert (float(cadence), cadence.grade) == (1.0, "sourced")


def test_welfare_directors_meet_two_or_three_times_a_year(either: Scenario) -> None:
    assert forum(either, "welfare-directors").cadence.range == (12 / 3, 12 / 2)


def test_internal_organisation_is_ranked_as_described(reformed: Scenario) -> None:
    level = {agency.name: float(agency.internal_organisation) for agency in reformed.agencies}
    assert level["Udir"] == level["Hdir"] > level["Bufdir"] > level["AVdir"] > level["IMDi"]


def test_reform_clarifies_mandates_but_not_those_of_projects(as_set_up: Scenario, reformed: Scenario) -> None:
    before, after = as_set_up.arrangement, reformed.arrangement
    assert float(after.mandate_clarity) > float(before.mandate_clarity)
    assert float(after.project_clarity) == float(before.project_clarity)
    assert float(after.follow_up) > float(before.follow_up)


def test_24_rows_of_annex_1_by_area_and_status(reformed: Scenario) -> None:
    rows = [
        re.match(r"DEL19 annex 1, area (\d), status (\w+)", each.source)
        for each in reformed.portfolio.project
    ]
    found = [row.groups() for row in rows if row]
    assert len(reformed.portfolio.project) == len(found) == 24
    assert Counter(area for area, _ in found) == {"1": 5, "2": 8, "3": 7, "4": 4}
    assert Counter(status for _, status in found) == {"green": 15, "black": 6, "orange": 2, "blank": 1}


def test_rows_begun_by_mid_2019_start_before_and_closed_ones_end_before(reformed: Scenario) -> None:
    for each in reformed.portfolio.project:
        assert (each.start > "2019-06") == ("status blank" in each.source)
        if "status black" in each.source:
            assert each.deadline is not None
            assert month_number(each.start) + int(each.deadline) <= month_number("2019-06")


def test_fewer_members_and_mostly_the_first_two_attachments(reformed: Scenario) -> None:
    projects = reformed.portfolio.project
    assert sum(len(each.members) for each in projects) < 5 * len(projects)
    light = [each for each in projects if each.route == ["line"]]
    assert 0 < len(light) < len(projects) / 4


def test_traced_projects(reformed: Scenario) -> None:
    indicators, cooperation = project(reformed, "growing-up-indicators"), project(reformed, "bts")
    assert indicators.lead == "Bufdir"
    assert cooperation.start == "2018-06"
    assert cooperation.recommendations is not None
    assert (cooperation.recommendations.value, cooperation.recommendations.range) == (4, (4, 8))


def test_allocation_letters_say_take_part(either: Scenario) -> None:
    yearly = [letter for letter in either.letters.letter if letter.name.startswith("allocation-letters")]
    assert {letter.begins[5:] for letter in yearly} == {"01"}
    assert {float(letter.strength) for letter in yearly} == {0.25}
    assert all(sorted(letter.to) == DIRECTORATES and float(letter.resources) == 0 for letter in yearly)


def test_joint_letter_of_2015_comes_from_all_four_ministries(as_set_up: Scenario) -> None:
    (joint,) = [letter for letter in as_set_up.letters.letter if letter.name.startswith("joint-letter")]
    assert joint.begins.startswith("2015")
    assert sorted(joint.ministries) == ["ASD", "BLD", "HOD", "KD"]


def test_dated_events(as_set_up: Scenario, reformed: Scenario) -> None:
    months = {event.name: event.month for each in (as_set_up, reformed) for event in each.letters.event}
    assert months["programme-mandate-2016"].startswith("2016")
    assert months["strategy-2017"].startswith("2017")
    assert months["new-mandates-2018"] == reformed.start == "2018-05"
    assert months["bedre-stat-prize"] == "2019-02"


def test_programme_period(as_set_up: Scenario) -> None:
    assert as_set_up.start == "2015-01"
    assert as_set_up.default_months == 6 * 12


def test_every_number_is_graded(either: Scenario) -> None:
    for part in (either.arrangement, either.portfolio, either.letters):
        for quantity in quantities(part):
            assert quantity.source not in ("", "library default")
            assert quantity.grade != "sourced" or TAG.search(quantity.source)
            assert quantity.grade != "derived" or quantity.note
            assert quantity.grade != "assumed" or quantity.range is not None
