"""The sources' frameworks and their dials on the command line."""

from __future__ import annotations

import pandas as pd
import pytest
from tverretatlig_sim.scenario.dials import list_dials

import tverretatlig_sim as ts

from .conftest import Command

NAME = "0-24-2018"
SMALL = ("--runs", "2", "--months", "12")


def test_run_shows_them_and_where_the_chain_breaks(command: Command) -> None:
    table = ts.simulate(NAME, runs=5, months=60, series="none").frameworks()
    asked = ("run", NAME, "--runs", "5", "--months", "60", "--lang")
    for lang, heading, mark in (
        ("en", "Coordination ladder", "breaks here"),
        ("nb", "Samordningsstigen", "svikter her"),
    ):
        shown = command(*asked, lang).out
        assert heading in shown
        assert mark in shown
        structural = f"{table['mean']['distance.structural']:.2f}"
        assert (structural.replace(".", ",") if lang == "nb" else structural) in shown


def test_compare_has_a_dash_for_what_does_not_apply(command: Command) -> None:
    shown = command("compare", NAME, "pure-hierarchy", "--runs", "4", "--months", "60").out
    line = next(line for line in shown.splitlines() if line.strip().startswith("Authority with"))
    assert line.split()[-1] == "–"
    assert shown.index("Coordination ladder") < shown.index("pure-hierarchy”")


def test_show_has_what_is_given_and_nothing_that_runs_would_have_to_reach(command: Command) -> None:
    shown = command("show", NAME).out
    assert "Rung aimed at" in shown
    assert "Rung reached" not in shown
    assert command("show", NAME, "--json").json["frameworks"]["ladder.aimed"]["mean"] == 4


@pytest.mark.parametrize("name", [NAME, "pure-hierarchy"])
def test_json_and_files_carry_them_with_nothing_for_what_does_not_apply(name: str, command: Command) -> None:
    found = command("run", name, *SMALL, "--json", "--out", "out").json["frameworks"][name]
    expected = ts.simulate(name, runs=2, seed=1, months=12, series="none").frameworks()
    assert list(found["measures"]) == list(expected.index)
    for measure, row in found["measures"].items():
        mean = expected["mean"][measure]
        assert row["mean"] == (None if pd.isna(mean) else mean)
    written = pd.read_csv("out/frameworks.csv")
    assert {"scenario", "measure", "framework", "kind", "mean"} <= set(written)


def test_dials_compose_with_levers(command: Command) -> None:
    changed = f"{NAME}+matrix=0.8+role-driver"
    document = command("compare", NAME, changed, *SMALL, "--json").json
    position = {
        name: found["measures"]["matrix.position"]["mean"] for name, found in document["frameworks"].items()
    }
    assert position[changed] > position[NAME] + 0.5
    both = command("run", NAME, "--with", "role-driver", "--dial", "matrix=0.8, rung=4", *SMALL, "--json")
    assert list(both.json["scenarios"]) == [f"{NAME}+matrix=0.8+role-driver+rung=4"]


@pytest.mark.parametrize(
    ("dial", "said"),
    [
        ("matrix", "must be dial=value"),
        ("matrix=0,5", "write a decimal point: matrix=0.5"),
        ("matrix=2", "a number from 0 to 1"),
        ("matrx=0.5", 'did you mean "matrix"'),
        ("matrix=0.5,matrix=0.7", "more than once"),
    ],
)
def test_what_cannot_be_set_is_refused(dial: str, said: str, command: Command) -> None:
    result = command("run", NAME, "--dial", dial, "--runs", "1")
    assert (result.status, result.out) == (2, "")
    assert said in result.err
    assert "dials" in result.err or "point" in said


def test_dials_are_listed_and_shown(command: Command) -> None:
    listed = command("dials").out
    assert all(name in listed for name in list_dials())
    assert [dial["name"] for dial in command("dials", "--json").json] == list_dials()
    assert "Svak og sterk matrise" in command("dials", "--lang", "nb").out
    assert "forum[all].authority" in command("dials", "matrix").out
    assert command("dials", "matrx").status == 2
