"""The scenarios of the 13-agency cooperation say what DFO25 says, wherever that can be counted."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel

from tverretatlig_sim.scenario.load import load_scenario
from tverretatlig_sim.scenario.quantity import Quantity
from tverretatlig_sim.scenario.scenario import Scenario
from tverretatlig_sim.scenario.schema import Forum, given, months_between

COOPERATION = ("etatssamarbeidet-2022", "etatssamarbeidet-2023", "etatssamarbeidet-2025")
REFERENCES = ("pure-hierarchy", "pure-network")
THIRTEEN = (*COOPERATION, *REFERENCES)
ALL = (*THIRTEEN, "dfo-simplified")
TABLE_1 = {
    "JD": {"POD", "KDI", "Konfliktraadet", "UDI"},
    "KD": {"Udir", "Statped"},
    "HOD": {"FHI", "Hdir"},
    "BFD": {"Bufdir"},
    "AID": {"AVdir", "IMDi"},
    "KUD": {"Medietilsynet"},
    "KDD": {"Husbanken"},
}
CORE = {"Bufdir", "Hdir", "Udir"}
STANDING = ("directors-group", "managers-group", "secretariat")
SO_FAR_LEADING = {"Bufdir", "Hdir", "KDI", "Udir"}
JULY_2025 = "2025-07"
TAG = re.compile(r"\b(DEL19|DFO25|DIFI14|DIFI17|RAD17)\b")
DEFAULT_SOURCE = given(0).source


@pytest.fixture(scope="module")
def scenarios() -> dict[str, Scenario]:
    return {name: load_scenario(name) for name in ALL}


def forum(scenario: Scenario, name: str) -> Forum:
    return next(forum for forum in scenario.arrangement.forum if forum.name == name)


def project_names(scenario: Scenario) -> set[str]:
    return {project.name for project in scenario.portfolio.project}


def meetings_before(scenario: Scenario, name: str, month: str) -> int:
    """Meetings of a forum from its first month up to, and not including, a month."""
    body = forum(scenario, name)
    life = months_between(body.begins or scenario.start, month)
    cadence = float(body.cadence)
    return sum(math.floor((t + 1) / cadence) > math.floor(t / cadence) for t in range(life))


def quantities(part: Any) -> Iterator[Quantity]:
    if isinstance(part, Quantity):
        yield part
    elif isinstance(part, BaseModel):
        for field in type(part).model_fields:
            yield from quantities(getattr(part, field))
    elif isinstance(part, dict | list | tuple):
        for item in part.values() if isinstance(part, dict) else part:
            yield from quantities(item)


def numbers(scenario: Scenario) -> list[Quantity]:
    return list(
        quantities(
            [
                scenario.ministries,
                scenario.agencies,
                scenario.arrangement,
                scenario.portfolio,
                scenario.letters,
                dict(scenario.parameters),
            ]
        )
    )


@pytest.mark.parametrize("name", THIRTEEN)
def test_thirteen_agencies_under_seven_ministries_as_in_table_1(
    scenarios: dict[str, Scenario], name: str
) -> None:
    scenario = scenarios[name]
    steered = {
        ministry.name: {agency.name for agency in scenario.agencies if agency.ministry == ministry.name}
        for ministry in scenario.ministries
    }
    assert steered == TABLE_1


@pytest.mark.parametrize("name", ALL)
def test_only_the_three_agencies_with_children_at_the_core_are_core(
    scenarios: dict[str, Scenario], name: str
) -> None:
    assert scenarios[name].core == CORE


def test_stated_sizes_and_places_of_the_agencies(scenarios: dict[str, Scenario]) -> None:
    agencies = {agency.name: agency for agency in scenarios["etatssamarbeidet-2022"].agencies}
    assert 30 < float(agencies["Medietilsynet"].staff) < 40
    assert float(agencies["AVdir"].staff) == 2000
    sizes = {name: float(agency.staff) for name, agency in agencies.items()}
    assert min(sizes, key=sizes.__getitem__) == "Medietilsynet"
    assert max(sizes, key=sizes.__getitem__) == "AVdir"
    assert agencies["Husbanken"].place == "Drammen"
    assert agencies["Medietilsynet"].place == "Fredrikstad"


@pytest.mark.parametrize("name", COOPERATION)
def test_three_standing_levels_of_thirteen_served_by_a_working_secretariat_of_three(
    scenarios: dict[str, Scenario], name: str
) -> None:
    scenario = scenarios[name]
    for level in STANDING:
        assert len(forum(scenario, level).seats) == 13
        assert forum(scenario, level).served_by == "au-secretariat"
    working = forum(scenario, "au-secretariat")
    assert set(working.seats) == CORE
    assert working.chair == "Bufdir"
    assert float(working.secretariat_fte) > 0
    assert working.exclusive


@pytest.mark.parametrize("name", COOPERATION[:2])
def test_meetings_held_by_july_2025(scenarios: dict[str, Scenario], name: str) -> None:
    held = {level: meetings_before(scenarios[name], level, JULY_2025) for level in STANDING}
    assert held == {"directors-group": 12, "managers-group": 14, "secretariat": 34}
    assert sum(held.values()) == 60


def test_the_strategic_group_seats_five_from_august_2023_to_february_2025(
    scenarios: dict[str, Scenario],
) -> None:
    group = forum(scenarios["etatssamarbeidet-2023"], "strategic-group")
    assert set(group.seats) == {*CORE, "POD", "AVdir"}
    assert (group.begins, group.ends) == ("2023-08", "2025-02")
    assert group.exclusive


@pytest.mark.parametrize("name", ["etatssamarbeidet-2022", "etatssamarbeidet-2025"])
def test_no_strategic_group_before_it_was_made_and_after_it_ended(
    scenarios: dict[str, Scenario], name: str
) -> None:
    assert {forum.name for forum in scenarios[name].arrangement.forum} == {*STANDING, "au-secretariat"}


def test_2023_differs_from_2022_only_by_the_group_and_the_turnover(scenarios: dict[str, Scenario]) -> None:
    first, second = scenarios["etatssamarbeidet-2022"], scenarios["etatssamarbeidet-2023"]
    assert (first.portfolio, first.letters, first.agencies) == (
        second.portfolio,
        second.letters,
        second.agencies,
    )
    told_apart = {"name", "title", "source", "forum", "unstable"}
    assert first.arrangement.model_dump(exclude=told_apart) == second.arrangement.model_dump(
        exclude=told_apart
    )
    assert first.arrangement.forum == second.arrangement.forum[:-1]


def test_the_adjustment_means_fewer_meetings_and_a_larger_secretariat(scenarios: dict[str, Scenario]) -> None:
    before, after = scenarios["etatssamarbeidet-2022"], scenarios["etatssamarbeidet-2025"]
    for level in STANDING:
        assert float(forum(after, level).cadence) > float(forum(before, level).cadence)
    fte = [float(forum(each, "au-secretariat").secretariat_fte) for each in (before, after)]
    assert fte[0] < fte[1]


@pytest.mark.parametrize("name", COOPERATION)
def test_commissioned_projects_go_up_the_leads_own_line(scenarios: dict[str, Scenario], name: str) -> None:
    arrangement = scenarios[name].arrangement
    assert arrangement.coordinator == "Bufdir"
    assert arrangement.route == ["line"]
    assert arrangement.self_initiated_route == ["managers-group"]


def test_nine_of_thirteen_are_told_alike_in_2022(scenarios: dict[str, Scenario]) -> None:
    letters = scenarios["etatssamarbeidet-2022"].letters.letter
    alike = next(letter for letter in letters if letter.name == "nine-alike-2022")
    assert len(alike.to) == 9
    assert CORE.isdisjoint(alike.to)
    assert float(alike.strength) == 0.25


def test_letters_of_2023_and_2024_are_more_concrete_on_themes_and_budget_proposals(
    scenarios: dict[str, Scenario],
) -> None:
    letters = scenarios["etatssamarbeidet-2022"].letters.letter
    named: dict[str, set[str]] = {}
    for letter in letters:
        if letter.begins.endswith("-01") and letter.ends == f"{letter.begins[:4]}-12":
            named.setdefault(letter.begins[:4], set()).update(letter.projects)
    assert not named["2022"]
    for year in ("2023", "2024"):
        assert {"theme-mental-health", "theme-youth-crime", "budget-proposal-2025"} <= named[year]


def test_assignments_of_the_cooperation_are_all_there(scenarios: dict[str, Scenario]) -> None:
    assert project_names(scenarios["etatssamarbeidet-2022"]) >= {
        "prevention-guidance",
        "leadership-development",
        "school-absence",
        "best-interests",
        "sentences-18-24",
        "adopted-persons",
        "substance-prevention",
        "unaccompanied-minors",
        "reactions-15-18",
        "ks-group",
        "communication-group",
        "budget-proposal-2025",
        "budget-proposal-2026",
        "county-governors-2023",
    }


@pytest.mark.parametrize("name", COOPERATION)
def test_most_assignments_are_commissioned_and_a_few_self_initiated(
    scenarios: dict[str, Scenario], name: str
) -> None:
    projects = scenarios[name].portfolio.project
    own = [project for project in projects if project.origin == "self-initiated"]
    assert 0 < len(own) < len(projects) / 3


def test_project_groups_are_led_by_those_the_source_names(scenarios: dict[str, Scenario]) -> None:
    leads = {project.name: project.lead for project in scenarios["etatssamarbeidet-2022"].portfolio.project}
    assert leads.pop("theme-youth-crime") == "POD"
    assert leads["theme-mental-health"] == "Hdir"
    assert set(leads.values()) == SO_FAR_LEADING


def test_every_commissioned_one_off_assignment_has_a_supplementary_letter(
    scenarios: dict[str, Scenario],
) -> None:
    scenario = scenarios["etatssamarbeidet-2022"]
    yearly_or_theme = re.compile(r"^(theme|county-governors|budget-proposal)-")
    one_off = {
        project.name
        for project in scenario.portfolio.project
        if project.origin == "commissioned" and not yearly_or_theme.match(project.name)
    }
    named = {
        project
        for letter in scenario.letters.letter
        if letter.name.startswith("supplementary-")
        for project in letter.projects
    }
    assert named == one_off


def test_the_recommendation_has_fewer_participants_and_a_stronger_secretariat(
    scenarios: dict[str, Scenario],
) -> None:
    simplified, now = scenarios["dfo-simplified"], scenarios["etatssamarbeidet-2025"]
    touched = {name for project in simplified.portfolio.project for name in project.members}
    assert {agency.name for agency in simplified.agencies} == CORE | touched
    assert [forum.name for forum in simplified.arrangement.forum] == ["steering-group", "secretariat"]
    assert len(simplified.agencies) < len(now.agencies)
    fte = float(forum(simplified, "secretariat").secretariat_fte)
    assert fte > float(forum(now, "au-secretariat").secretariat_fte)
    assert float(simplified.arrangement.core_group_authority) > float(now.arrangement.core_group_authority)
    assert float(simplified.arrangement.mandate_clarity) > float(now.arrangement.mandate_clarity)


def test_the_recommendation_can_take_over_the_cooperations_assignments(tmp_path: Path) -> None:
    file = tmp_path / "swapped.toml"
    file.write_text(
        'title = { en = "Swapped", nb = "Byttet" }\nstart = "2022-01"\narrangement = "dfo-simplified"\n'
        'portfolio = "etatssamarbeidet-2022"\nletters = "dfo-simplified"\n',
        encoding="utf-8",
    )
    assert load_scenario(file).core == CORE


def test_the_two_references_each_lack_one_mechanism(scenarios: dict[str, Scenario]) -> None:
    hierarchy, network = scenarios["pure-hierarchy"], scenarios["pure-network"]
    assert hierarchy.portfolio == network.portfolio
    assert not hierarchy.arrangement.forum
    assert not hierarchy.arrangement.project_groups
    assert hierarchy.arrangement.route == ["line"]
    assert not network.letters.letter
    assert not network.letters.event
    assert network.arrangement.attention is not None
    assert float(network.arrangement.attention) == 0
    assert float(network.arrangement.core_group_authority) == 0


@pytest.mark.parametrize("name", ALL)
def test_letters_are_in_force_to_the_end_of_the_run(scenarios: dict[str, Scenario], name: str) -> None:
    scenario = scenarios[name]
    ends = [letter.ends for letter in scenario.letters.letter if letter.ends]
    assert not ends or months_between(scenario.start, max(ends)) >= scenario.default_months - 1


@pytest.mark.parametrize("name", ALL)
def test_every_number_is_graded_with_a_source(scenarios: dict[str, Scenario], name: str) -> None:
    for number in numbers(scenarios[name]):
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
    named = [
        *scenario.ministries,
        *scenario.agencies,
        *scenario.arrangement.forum,
        *scenario.portfolio.project,
        *scenario.letters.event,
    ]
    assert scenario.summary is not None
    for item in named:
        assert item.title is not None, item.name
        assert item.title.en
        assert item.title.nb
