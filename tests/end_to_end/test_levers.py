"""Levers and swaps on the command line."""

from __future__ import annotations

from pathlib import Path

import pytest

from tverretatlig_sim import list_levers

from .conftest import Command

BASE, LEVER = "0-24-2018", "line-calibration"
SMALL = ("--runs", "3", "--months", "30")
OWN = """
title = { en = "More trust", nb = "Mer tillit" }
source = "test"
evidence = "advice"
meaning = { en = "More trust.", nb = "Mer tillit." }
change = [{ what = "start.trust", how = "add", amount = 0.1 }]
"""


def test_levers_are_listed_with_their_meaning(command: Command) -> None:
    result = command("levers", "--lang", "nb")
    assert result.status == 0
    assert all(name in result.out for name in list_levers())
    assert "Hvert prosjekt stopper tre ganger" in " ".join(result.out.split())
    listed = command("levers", "--json").json
    assert [lever["name"] for lever in listed] == list_levers()
    assert {"title", "meaning", "source", "evidence", "changes", "operations"} <= set(listed[0])


def test_a_lever_is_shown_with_the_evidence_of_its_numbers(command: Command) -> None:
    out = command("levers", "simpler-structure", LEVER).out
    assert all(word in out for word in ("fewer-seats", "at least", "assumed", "DFO25 6.4", "2 … 4"))


def test_a_scenario_and_the_same_with_a_lever(command: Command) -> None:
    result = command("compare", BASE, f"{BASE}+{LEVER}", *SMALL)
    assert result.status == 0
    assert f"B = {BASE}+{LEVER}: " in result.out
    assert Path(f"results/compare-{BASE}-{BASE}-{LEVER}").as_posix() in result.out


def test_levers_and_parts_for_all_scenarios_of_a_comparison(command: Command) -> None:
    options = ("--with", f"{LEVER}, stable-staffing", "--portfolio", BASE, "--letters", BASE)
    result = command("compare", BASE, "0-24-2015+line-calibration", *options, *SMALL, "--json")
    assert result.status == 0
    assert list(result.json["scenarios"]) == [
        f"{BASE}+{LEVER}+stable-staffing",
        f"0-24-2015/portfolio={BASE},letters={BASE}+{LEVER}+stable-staffing",
    ]
    assert f"Note on {BASE}+{LEVER}+stable-staffing: nothing is swapped" in result.err


def test_a_lever_file_of_one_s_own(command: Command, tmp_path: Path) -> None:
    (tmp_path / "own+trust.toml").write_text(
        OWN.replace("change", 'name = "trust"\nchange', 1), encoding="utf-8"
    )
    made = command("show", BASE, "--with", "own+trust.toml", "--agencies", "dfo-simplified", "--json").json
    assert made["name"] == f"{BASE}/agencies=dfo-simplified+trust"
    assert made["levers"] == ["trust"]
    assert made["arrangement"]["start"]["trust"]["value"] == 0.6


REFUSED = {
    "unknown lever": (("run", BASE, "--with", "line-calibraton"), 'did you mean "line-calibration"'),
    "unknown lever of one scenario": (("show", f"{BASE}+line-calibraton"), 'did you mean "line-calibration"'),
    "no lever after the plus": (("show", f"{BASE}+"), "there is no such lever"),
    "unknown scenario with a lever": (("show", f"0-24-2019+{LEVER}"), "there is no such scenario"),
    "contradiction": (
        ("run", "etatssamarbeidet-2023", "--with", "core-only-forum,simpler-structure"),
        'levers "core-only-forum" and "simpler-structure": contradict each other',
    ),
    "cannot be pulled": (
        ("run", "pure-hierarchy", "--with", "stronger-secretariat"),
        "no forum that a secretariat",
    ),
    "changes nothing": (("run", "dfo-simplified", "--with", "specific-mandate"), "changes nothing here"),
    "the same twice": (("compare", BASE, f"{BASE}+{LEVER}", "--with", LEVER), "more than once"),
    "unknown portfolio": (("run", BASE, "--portfolio", "dfo-simplifed"), 'did you mean "dfo-simplified"'),
    "unknown lever to show": (("levers", "fresh-mony"), 'did you mean "fresh-money"'),
}


@pytest.mark.parametrize("case", REFUSED)
def test_refused(case: str, command: Command, tmp_path: Path) -> None:
    arguments, said = REFUSED[case]
    result = command(*arguments)
    assert result.status == 2
    assert said in result.err
    assert "Traceback" not in result.err
    assert len(result.err) < 2000
    assert result.out == ""
    assert list(tmp_path.iterdir()) == []
