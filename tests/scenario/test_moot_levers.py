"""A lever that changes only what cannot count is refused, and no other is; a dial says so."""

from __future__ import annotations

from functools import cache
from importlib import import_module

import pandas as pd
import pytest

from tverretatlig_sim import Scenario, ScenarioError, list_levers, list_scenarios, load_scenario, simulate

pulling = import_module("tverretatlig_sim.scenario.levers.pull")  # the package has a function of that name
SAID = "changes nothing that counts here"
MOOT = {
    ("0-24-2015", "municipal-support"): "no project works through municipalities",
    ("pure-hierarchy", "co-location"): "no agencies have anything to do with each other",
    ("pure-hierarchy", "shared-relations"): "no agencies have anything to do with each other",
    ("pure-hierarchy", "specific-mandate"): "there is no forum",
    ("pure-hierarchy", "stable-staffing"): "nor a secretariat",
    ("pure-hierarchy", "target-picture"): "there is no forum",
}


@cache
def scenario(name: str) -> Scenario:
    return load_scenario(name)


def outcomes(made: Scenario) -> pd.DataFrame:
    return simulate(made, runs=8, seed=5, series="none").outcomes


def refusal(name: str, *levers: str) -> str:
    """Why levers are refused; empty if they are not."""
    try:
        scenario(name).with_levers(*levers)
    except ScenarioError as error:
        return str(error)
    return ""


def test_these_are_refused() -> None:
    said = {(name, lever): refusal(name, lever) for name in list_scenarios() for lever in list_levers()}
    found = {pair: reason for pair, reason in said.items() if SAID in reason}
    assert found.keys() == MOOT.keys()
    assert all(reason in found[pair] for pair, reason in MOOT.items())


@pytest.mark.parametrize("lever", [lever for lever in list_levers() if not refusal("pure-hierarchy", lever)])
def test_what_is_not_refused_counts(lever: str) -> None:
    base = scenario("pure-hierarchy")
    assert not outcomes(base.with_levers(lever)).equals(outcomes(base))


@pytest.mark.parametrize(("name", "lever"), MOOT)
def test_what_is_refused_would_change_nothing(name: str, lever: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pulling, "why_nothing_counts", lambda *given: "")
    base = scenario(name)
    assert outcomes(base.with_levers(lever)).equals(outcomes(base))


def test_what_another_lever_brings_is_no_longer_lacking() -> None:
    assert SAID in refusal("pure-hierarchy", "co-location")
    assert not refusal("pure-hierarchy", "co-location", "good-arenas")


def test_a_dial_that_cannot_count_says_so_too() -> None:
    made = scenario("pure-hierarchy").with_dials(structural=0.5)
    assert any('dial "structural=0.5": changes nothing that counts here' in str(note) for note in made.notes)
    assert not scenario("0-24-2018").with_dials(structural=0.5).notes
