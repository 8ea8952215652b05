"""What works through municipalities: who carries it last, and that they take no other part."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from tverretatlig_sim import Scenario, ScenarioError, list_scenarios, load_scenario, simulate, with_levers
from tverretatlig_sim.world import build_world

BEFORE_2021, SINCE = {"Fylkesmenn", "Kommuner"}, {"Statsforvaltere", "Kommuner"}
CHAINS = {
    **dict.fromkeys(("0-24-2015", "0-24-2018"), BEFORE_2021),
    **dict.fromkeys((
        "etatssamarbeidet-2022", "etatssamarbeidet-2023", "etatssamarbeidet-2025", "etatssamarbeidet-history",
        "dfo-simplified", "dfo-project-groups", "pure-hierarchy", "pure-network",
    ), SINCE),
}  # fmt: skip
THROUGH = {
    "0-24-2015": {f"county-governors-{y}" for y in range(2016, 2021)},
    "0-24-2018": {"growing-up-indicators", "knowledge-county-governors", "bts", "county-governors"},
    "etatssamarbeidet-2022": {"prevention-guidance", *(f"county-governors-{y}" for y in range(2023, 2027))},
}
"""Rows whose title or description in the source names municipalities or county governors as receivers."""
RUNS = 40


@pytest.mark.parametrize("name", list_scenarios())
def test_the_chain_stands_beside_the_members(name: str) -> None:
    scenario = load_scenario(name)
    assert {agency.name for agency in scenario.beyond} == CHAINS.get(name, set())
    seats = {seat for forum in scenario.arrangement.forum for seat in forum.seats}
    members = {member for project in scenario.portfolio.project for member in project.members}
    addressees = {name for letter in scenario.letters.letter for name in letter.to}
    assert not {agency.name for agency in scenario.beyond} & (seats | members | addressees)
    world = build_world(scenario, 12)
    beyond = [agency in CHAINS.get(name, ()) for agency in world.agencies.names]
    assert not world.agencies.participant[beyond].any()


@pytest.mark.parametrize("name", THROUGH)
def test_what_the_sources_say_works_through_municipalities(name: str) -> None:
    through = {project.name for project in load_scenario(name).portfolio.project if project.municipal}
    assert through == THROUGH[name]


def without(scenario: Scenario) -> Scenario:
    return replace(scenario, arrangement=scenario.arrangement.model_copy(update={"municipal_chain": []}))


@pytest.mark.parametrize("name", ["0-24-2018", "etatssamarbeidet-2022"])
def test_the_last_link_costs_recommendations_and_nothing_before_it(name: str) -> None:
    scenario = load_scenario(name)
    linked, cut = (simulate(each, RUNS, 1).outcomes.mean() for each in (scenario, without(scenario)))
    assert 0 < linked["reached_municipalities"] < cut["reached_municipalities"] < 1
    assert linked["lost_municipalities"] > 0 == cut["lost_municipalities"]
    for before in ("structure_share", "meetings", "attendance_core", "ministry_coherence"):
        assert linked[before] == pytest.approx(cut[before], rel=0.02), before


def test_support_for_municipalities_reaches_them_alone() -> None:
    scenario = load_scenario("0-24-2018")
    supported = with_levers(scenario, "municipal-support")
    assert supported.agencies == scenario.agencies
    assert [a.name for a in supported.beyond] == [a.name for a in scenario.beyond]
    for before, after in zip(scenario.beyond, supported.beyond, strict=True):
        assert float(after.line_capacity) == pytest.approx(1.5 * float(before.line_capacity))
        assert float(after.internal_organisation) > float(before.internal_organisation)
    with pytest.raises(ScenarioError, match="cannot be pulled"):
        load_scenario("labour-crime-2015", levers=["municipal-support"])


def test_other_levers_do_not_reach_the_chain() -> None:
    scenario = load_scenario("0-24-2018", levers=["internal-structures", "fresh-money"])
    assert scenario.beyond == load_scenario("0-24-2018").beyond
    assert all(not BEFORE_2021 & set(letter.to) for letter in scenario.letters.letter)


def test_a_chain_of_strangers_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "own.toml"
    file.write_text(
        """
start = "2020-01"
portfolio = "0-24-2018"
letters = "0-24-2018"
[arrangement]
extends = "0-24-2018"
municipal_chain = ["Kommunerne", "Fylkesmenn", "Fylkesmenn"]
""",
        encoding="utf-8",
    )
    with pytest.raises(ScenarioError) as caught:
        load_scenario(file)
    assert 'municipal_chain: "Kommunerne" is not a known agency' in str(caught.value)
    assert '"Fylkesmenn" is listed twice' in str(caught.value)
