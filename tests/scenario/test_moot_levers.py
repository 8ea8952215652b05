"""A lever that changes only what cannot count says so, and no other does."""

from __future__ import annotations

from functools import cache

import pandas as pd
import pytest

from tverretatlig_sim import Scenario, ScenarioError, list_levers, list_scenarios, load_scenario, simulate

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


def test_the_notes_are_these() -> None:
    found = {}
    for name in list_scenarios():
        for lever in list_levers():
            try:
                made = scenario(name).with_levers(lever)
            except ScenarioError:
                continue
            for note in (note for note in made.notes if SAID in note):
                found[name, lever] = note
    assert found.keys() == MOOT.keys()
    assert all(reason in found[pair] for pair, reason in MOOT.items())


@pytest.mark.parametrize("lever", list_levers())
def test_where_nothing_counts_nothing_changes_and_nowhere_else(lever: str) -> None:
    base = scenario("pure-hierarchy")
    try:
        made = base.with_levers(lever)
    except ScenarioError:
        return
    assert outcomes(made).equals(outcomes(base)) == (("pure-hierarchy", lever) in MOOT)


def test_what_another_lever_brings_is_no_longer_lacking() -> None:
    alone = scenario("pure-hierarchy").with_levers("co-location")
    together = scenario("pure-hierarchy").with_levers("co-location", "good-arenas")
    assert any(SAID in note for note in alone.notes)
    assert not any(SAID in note for note in together.notes)


def test_a_dial_that_cannot_count_says_so_too() -> None:
    made = scenario("pure-hierarchy").with_dials(structural=0.5)
    assert any('dial "structural=0.5": changes nothing that counts here' in note for note in made.notes)
    assert not scenario("0-24-2018").with_dials(structural=0.5).notes
