"""Scenarios as tables and in memory: written, read back equal, and checked like files."""

from __future__ import annotations

import tomllib
from dataclasses import replace
from typing import Any

import pytest

from choosing import KINDS, mostly_slow
from tverretatlig_sim import (
    Scenario,
    ScenarioError,
    compare,
    list_levers,
    list_scenarios,
    load_scenario,
    simulate,
    with_levers,
)
from tverretatlig_sim.scenario.schema import Agency

NAME = "etatssamarbeidet-2022"


@pytest.mark.parametrize("name", [*list_scenarios(), "0-24-2018+line-calibration+matrix=0.5"])
def test_a_scenario_is_written_and_read_back_equal(name: str) -> None:
    scenario = load_scenario(name)
    assert Scenario.from_dict(scenario.to_dict()) == scenario
    assert load_scenario(tomllib.loads(scenario.to_toml())) == scenario


@pytest.mark.slow
def test_a_scenario_with_levers_is_read_back_equal() -> None:
    for lever in list_levers():
        try:
            scenario = load_scenario("0-24-2018", levers=lever)
        except ScenarioError:
            continue
        assert Scenario.from_dict(scenario.to_dict()) == scenario, lever


def test_the_text_needs_no_other_file(tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    scenario = load_scenario(NAME)
    (tmp_path / "whole.toml").write_text(scenario.to_toml(), encoding="utf-8")
    monkeypatch.setattr("tverretatlig_sim.scenario.compose._actor_files", lambda folders: pytest.fail("read"))
    assert load_scenario(tmp_path / "whole.toml") == scenario


def test_names_carry_levers() -> None:
    base = load_scenario("0-24-2018")
    both = load_scenario("0-24-2018+line-calibration", levers="matrix=0.5")
    assert both == with_levers(base, "line-calibration", "matrix=0.5")
    assert both.levers == ("line-calibration", "matrix=0.5")
    with pytest.raises(ScenarioError, match="there is no such lever"):
        load_scenario("0-24-2018+nothing")
    with pytest.raises(TypeError, match="path of its file or a table; given: 3"):
        load_scenario(3)  # type: ignore[arg-type]


def _stranger(scenario: Scenario) -> tuple[Agency, ...]:
    return (*scenario.agencies, scenario.agencies[0].model_copy(update={"name": "Z"}))


@pytest.mark.parametrize(
    ("field", "made", "said"),
    [
        ("start", lambda s: "2018-13", 'start: is the text "2018-13"; allowed: a month'),
        ("start", lambda s: "2030-01", "is before the scenario starts; allowed: 2030-01 or later"),
        ("agencies", lambda s: s.agencies[1:], 'member "AVdir": "AVdir" is not a known agency'),
        ("agencies", _stranger, "agencies: is "),
        ("ministries", lambda s: s.ministries[1:], '"AID" is not a known ministry'),
        (
            "arrangement",
            lambda s: s.arrangement.model_copy(update={"mandate_clarity": -5}),
            "arrangement, mandate_clarity: is -5; allowed: a number from 0 to 1",
        ),
        (
            "portfolio",
            lambda s: s.portfolio.model_copy(update={"project": s.portfolio.project[:1] * 2}),
            "2 entries have this name",
        ),
        ("arrangement", lambda s: s.arrangement.model_copy(update={"circl": True}), 'did you mean "circle"?'),
        ("arrangement", lambda s: {}, "holds something that no file can say"),
        ("parameters", lambda s: None, "holds something that no file can say"),
        ("parameters", lambda s: {"turnover": 3}, "parameters, turnover: is 3; allowed: a number from 0"),
        ("parameters", lambda s: {"turnovr": 0.3}, 'did you mean "turnover"?'),
    ],
)
def test_what_is_made_in_memory_is_checked(field: str, made: Any, said: str) -> None:
    scenario = load_scenario(NAME)
    faulty = replace(scenario, **{field: made(scenario)})
    assert any(said in str(problem) for problem in faulty.problems())
    for use in (Scenario.validate, load_scenario, simulate, lambda it: compare([it, NAME])):
        with pytest.raises(ScenarioError):
            use(faulty)  # type: ignore[operator]


def test_what_was_checked_is_not_checked_again(monkeypatch: pytest.MonkeyPatch) -> None:
    scenario = load_scenario(NAME)
    copy = replace(scenario, name="copy")
    copy.validate()
    monkeypatch.setattr("tverretatlig_sim.scenario.scenario.compose", lambda *a: pytest.fail("checked again"))
    copy.validate()
    scenario.validate()


def _overlay(name: str, **without: list[Any]) -> Scenario:
    scenario = load_scenario(name)
    base = scenario.to_dict()
    parts = {key: base[key] for key in ("start", "portfolio", "letters", "parameters", "actors")}
    arrangement = {"extends": scenario.arrangement.name, "without": without}
    return Scenario.from_dict({"name": "overlay", **parts, "arrangement": arrangement})


@pytest.mark.parametrize("name", mostly_slow(KINDS, ["0-24-2018"]))
def test_whatever_is_left_out_is_missed_nowhere(name: str) -> None:
    scenario = load_scenario(name)
    members = [agency.name for agency in scenario.agencies]
    for left in members if len(members) < 20 else members[::6]:
        made = _overlay(name, member=[left])
        assert left not in {agency.name for agency in made.agencies}
        assert made.problems() == ()
        assert made.notes or name == "pure-network"  # where all lists name all, nothing misses anyone
    for forum in scenario.arrangement.forum[:: 1 if len(members) < 20 else 5]:
        made = _overlay(name, forum=[forum.name])
        assert forum.name not in {body.name for body in made.arrangement.forum}
        assert made.problems() == ()
    assert len(_overlay(name, member=members[1:]).agencies) == 1


def test_what_is_left_out_is_fitted_in_words_and_typos_are_not() -> None:
    made = _overlay(NAME, member=["Bufdir"])
    assert any("seats of agencies that take no part are given up" in str(note) for note in made.notes)
    with pytest.raises(ScenarioError, match=r'no inherited member is called "Bufdri".*did you mean "Bufdir"'):
        _overlay(NAME, member=["Bufdri"])
    base = load_scenario(NAME).to_dict()
    arrangement = {"extends": NAME, "without": {"member": ["Bufdir"]}, "facilitator": "au-secretariatt"}
    with pytest.raises(ScenarioError, match='did you mean "au-secretariat"') as caught:
        load_scenario({**base, "arrangement": arrangement})
    assert len(caught.value.problems) == 1
    with pytest.raises(ScenarioError) as both:
        load_scenario({**base, "arrangement": {**arrangement, "turnover": 99}})
    assert [problem.code for problem in both.value.problems] == ["out_of_bounds", "unknown_name"]
