"""Labour crime, housing and K+ say what RAD17, DEL19 and DIFI14 say, wherever that can be counted."""

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
from tverretatlig_sim.scenario.schema import Forum, Project, Themes, given, months_between

FOUR = ["AVdir", "Arbeidstilsynet", "POD", "SKD"]
SIX_MINISTRIES = {"ASD", "FIN", "JD", "KD", "KMD", "NFD"}
OFFICE = "IMDi-MidtNorge"
MUNICIPALITIES = [f"Kommune-{number}" for number in range(1, 10)]
PLAIN = given(0).source
TAG = re.compile(r"\b(DEL19|DFO25|DIFI14|DIFI17|RAD17)\b")


@pytest.fixture(scope="module")
def crime() -> Scenario:
    return load_scenario("labour-crime-2015")


@pytest.fixture(scope="module")
def housing() -> Scenario:
    return load_scenario("housing-for-welfare-2014")


@pytest.fixture(scope="module")
def star() -> Scenario:
    return load_scenario("k-plus-2010")


@pytest.fixture(scope="module", params=["labour-crime-2015", "housing-for-welfare-2014", "k-plus-2010"])
def each_of_them(request: pytest.FixtureRequest) -> Scenario:
    return load_scenario(request.param)


def forum(scenario: Scenario, name: str) -> Forum:
    return next(forum for forum in scenario.arrangement.forum if forum.name == name)


def steered(scenario: Scenario) -> dict[str, set[str]]:
    """Agencies by ministry."""
    return {
        ministry.name: {agency.name for agency in scenario.agencies if agency.ministry == ministry.name}
        for ministry in scenario.ministries
    }


def measures(scenario: Scenario) -> list[tuple[Project, str]]:
    """Measures of the strategy against labour-market crime, each with its responsible ministry."""
    found = [
        (each, re.search(r"responsible ministry (\w+)", each.source)) for each in scenario.portfolio.project
    ]
    return [(each, ministry[1]) for each, ministry in found if ministry]


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
    """Nearness of an agency's core tasks to the projects it takes part in."""
    core_tasks = next(each.core_tasks for each in scenario.agencies if each.name == agency)
    own = [each.themes for each in scenario.portfolio.project if agency in each.members]
    return sum(overlap(core_tasks, themes) for themes in own) / len(own)


# --- labour-market crime ---


def test_six_ministries_and_four_formal_partners(crime: Scenario) -> None:
    assert {ministry.name for ministry in crime.ministries} == SIX_MINISTRIES
    assert crime.core == set(FOUR)
    assert steered(crime)["ASD"] == {"AVdir", "Arbeidstilsynet"}
    assert steered(crime)["FIN"] == {"SKD"}


def test_flat_structure_without_coordinator_or_chair(crime: Scenario) -> None:
    assert crime.arrangement.coordinator is None
    assert {each.chair for each in crime.arrangement.forum} == {None}
    assert {each.rule for each in crime.arrangement.forum} == {"consensus"}


def test_directors_meet_two_or_three_times_a_year_prepared_by_a_working_group(crime: Scenario) -> None:
    meeting = forum(crime, "directors-meeting")
    assert sorted(meeting.seats) == FOUR
    assert (meeting.cadence.range, meeting.cadence.grade) == ((12 / 3, 12 / 2), "derived")
    assert meeting.served_by is not None
    assert forum(crime, meeting.served_by).function == "prepare"


def test_older_forum_of_agency_heads_is_reused(crime: Scenario) -> None:
    older = forum(crime, "central-cooperation-forum")
    assert sorted(older.seats) == sorted([*FOUR, "Oekokrim", "Riksadvokaten"])


def test_trust_is_higher_between_those_in_the_forum_since_2005(crime: Scenario) -> None:
    since_2005 = {"AVdir", "SKD", "POD", "Oekokrim", "Riksadvokaten"}
    pairs = {(tie.source_agency, tie.target_agency) for tie in crime.arrangement.tie}
    assert pairs == {(one, other) for one in since_2005 for other in since_2005 if one != other}
    start = float(crime.arrangement.start.trust)
    assert all(float(tie.trust) > start for tie in crime.arrangement.tie)


def test_22_measures_shared_out_between_the_six_ministries(crime: Scenario) -> None:
    shares = Counter(ministry for _, ministry in measures(crime))
    assert shares.total() == 22
    assert shares.keys() == SIX_MINISTRIES


def test_measures_are_led_under_their_ministry_and_mostly_carried_out_by_one_agency(crime: Scenario) -> None:
    ministry_of = {agency.name: agency.ministry for agency in crime.agencies}
    assert all(ministry_of[each.lead] == ministry for each, ministry in measures(crime))
    sizes = Counter(len(each.members) for each, _ in measures(crime))
    assert sizes.keys() == {1, 2}
    assert sizes[1] > sizes[2]


def test_easy_and_visible_measures_come_first(crime: Scenario) -> None:
    in_order = sorted((each for each, _ in measures(crime)), key=lambda each: each.start)
    early = [each for each in in_order if "easy and visible" in each.source]
    assert early == in_order[: len(early)]
    late = in_order[len(early) :]
    for field in ("boldness", "size"):
        values = [[float(getattr(each, field)) for each in part] for part in (early, late)]
        assert max(values[0]) < min(values[1])
    asked = [sum(float(each.instruments_given_up) for each in part) / len(part) for part in (early, late)]
    assert asked[0] < asked[1]


def test_directors_sign_the_joint_operational_plan(crime: Scenario) -> None:
    plans = [each for each in crime.portfolio.project if each.name.startswith("operational-plan")]
    assert plans
    assert all(sorted(plan.members) == FOUR and plan.route == ["directors-meeting"] for plan in plans)


def test_the_four_get_a_common_text_and_joint_demands(crime: Scenario) -> None:
    letters = {letter.name: letter for letter in crime.letters.letter}
    assert sorted(letters["common-text"].to) == sorted(letters["joint-demands"].to) == FOUR
    assert "co-location" in letters["joint-demands"].projects


def test_strategy_update_of_february_2017(crime: Scenario) -> None:
    assert {event.name: event.month for event in crime.letters.event}["updated-strategy-2017"] == "2017-02"


def test_core_priorities_differ_and_the_labour_inspection_is_nearest(crime: Scenario) -> None:
    near = {agency: mean_overlap(crime, agency) for agency in FOUR}
    assert max(near, key=near.__getitem__) == "Arbeidstilsynet"


def test_the_prime_ministers_push_shows_in_attention_and_joint_authority(
    crime: Scenario, housing: Scenario
) -> None:
    assert crime.arrangement.attention is not None
    assert housing.arrangement.attention is None
    assert float(crime.arrangement.core_group_authority) > float(housing.arrangement.core_group_authority)


# --- housing for welfare ---


def test_five_ministries_and_six_agencies_under_husbanken(housing: Scenario) -> None:
    assert {ministry.name for ministry in housing.ministries} == {"KMD", "HOD", "ASD", "BLD", "JD"}
    assert {agency.name for agency in housing.agencies} == {
        "Husbanken",
        "Hdir",
        "AVdir",
        "KDI",
        "IMDi",
        "Bufdir",
    }
    assert housing.arrangement.coordinator == "Husbanken"
    assert steered(housing)["KMD"] == housing.core == {"Husbanken"}


def test_period_of_the_strategy(housing: Scenario) -> None:
    assert housing.start.startswith("2014")
    assert months_between(housing.start, "2021-01") == housing.default_months


def test_housing_is_central_for_husbanken_and_less_so_for_the_others(housing: Scenario) -> None:
    near = {agency.name: mean_overlap(housing, agency.name) for agency in housing.agencies}
    central = near.pop("Husbanken")
    assert central > 0.8
    assert max(near.values()) < 0.6
    assert all("Husbanken" in each.members for each in housing.portfolio.project)


def test_directors_general_first_meet_a_good_year_and_a_half_after_the_launch(housing: Scenario) -> None:
    months = {event.name: event.month for event in housing.letters.event}
    assert months["directors-general-2015"] == "2015-12"
    assert 18 <= months_between(housing.start, "2015-12") <= 20


def test_a_joint_status_report_every_year(housing: Scenario) -> None:
    reports = [event.month[:4] for event in housing.letters.event if event.name.startswith("status-report")]
    assert reports == [str(year) for year in range(2015, 2021)]


def test_some_ministries_repeat_their_signal_and_others_give_it_once(housing: Scenario) -> None:
    first = next(letter for letter in housing.letters.letter if letter.name.startswith("joint-signals"))
    assert len(first.to) == len(housing.agencies)
    repeated = [letter for letter in housing.letters.letter if letter.name.startswith("repeated")]
    once = next(letter for letter in housing.letters.letter if letter.name == "said-once")
    assert [letter.begins for letter in repeated] == [f"{year}-01" for year in range(2016, 2021)]
    assert all(set(letter.to) | set(once.to) == set(first.to) for letter in repeated)
    assert not set(repeated[0].ministries) & set(once.ministries)
    assert float(once.strength) < float(repeated[0].strength)


def test_forums_of_the_agencies_are_marked_as_assumed(housing: Scenario) -> None:
    assert forum(housing, "agency-group").source.startswith("assumed")
    assert {each.cadence.grade for each in housing.arrangement.forum} == {"assumed"}
    assert housing.arrangement.route == ["line"]


# --- K+ agreements ---


def test_a_regional_office_and_nine_municipalities(star: Scenario) -> None:
    assert steered(star) == {"BLD": {OFFICE}, "Municipalities": set(MUNICIPALITIES)}
    assert star.start.startswith("2010")


def test_a_star_of_bilateral_agreements(star: Scenario) -> None:
    shared = [each.seats for each in star.arrangement.forum if len(each.seats) > 1]
    shared += [each.members for each in star.portfolio.project]
    assert all(len(parties) == 2 and OFFICE in parties for parties in shared)
    assert {party for parties in shared for party in parties} == {OFFICE, *MUNICIPALITIES}


@pytest.mark.parametrize("number", range(1, 10))
def test_one_leaders_meeting_and_at_least_two_working_meetings_a_year(star: Scenario, number: int) -> None:
    leaders, work = forum(star, f"leaders-{number}"), forum(star, f"working-meeting-{number}")
    assert (float(leaders.cadence), leaders.cadence.grade) == (12, "sourced")
    assert (float(work.cadence), work.cadence.range) == (12 / 2, (3, 12 / 2))
    assert leaders.seats == work.seats == [OFFICE, f"Kommune-{number}"]


def test_every_agreement_covers_settlement_and_the_introduction_programme(star: Scenario) -> None:
    kinds = Counter(each.name.rsplit("-", 1)[0] for each in star.portfolio.project)
    assert kinds["settlement"] == kinds["introduction"] == 9
    for each in star.portfolio.project:
        assert each.route == [f"leaders-{each.name.rsplit('-', 1)[1]}"]


def test_both_sides_gain(star: Scenario) -> None:
    for each in star.portfolio.project:
        assert each.gains.keys() == set(each.members)
        assert all(float(gain) > 0 for gain in each.gains.values())
        assert each.origin == "self-initiated"


def test_the_agreement_is_the_municipalitys_letter_and_brings_funds(star: Scenario) -> None:
    agreements = [letter for letter in star.letters.letter if letter.name.startswith("agreement")]
    assert [letter.to for letter in agreements] == [[name] for name in MUNICIPALITIES]
    named = Counter(project for letter in agreements for project in letter.projects)
    assert named == Counter(each.name for each in star.portfolio.project)
    assert all(float(letter.resources) > 0 for letter in agreements)
    office = next(letter for letter in star.letters.letter if letter.to == [OFFICE])
    assert not office.projects


# --- all three ---


def test_projects_start_over_several_years_and_leave_two_for_follow_up(each_of_them: Scenario) -> None:
    starts = [each.start for each in each_of_them.portfolio.project]
    assert min(starts) >= each_of_them.start
    assert months_between(each_of_them.start, max(starts)) + 24 <= each_of_them.default_months
    assert len({start[:4] for start in starts}) >= 3


def test_every_number_is_graded(each_of_them: Scenario) -> None:
    parts = (
        each_of_them.ministries,
        each_of_them.agencies,
        each_of_them.arrangement,
        each_of_them.portfolio,
        each_of_them.letters,
    )
    for quantity in quantities(parts):
        assert quantity.source not in ("", PLAIN)
        assert quantity.grade != "sourced" or TAG.search(quantity.source)
        assert quantity.grade != "derived" or quantity.note
        assert quantity.grade != "assumed" or quantity.range is not None
