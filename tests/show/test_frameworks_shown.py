"""The frameworks on the command line, in files and in JSON."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest
from click.testing import CliRunner, Result

import tverretatlig_sim as ts
from speaking import labels
from tverretatlig_sim.cli.commands import tverretatlig
from tverretatlig_sim.ensemble.frameworks import FRAMEWORKS
from tverretatlig_sim.scenario.dials import list_dials
from tverretatlig_sim.show.frameworks import LINES, unit_of


def called(*arguments: str) -> Result:
    return CliRunner().invoke(tverretatlig, list(arguments))


@pytest.fixture(scope="module")
def table() -> pd.DataFrame:
    return ts.simulate("0-24-2018", runs=5, seed=1, months=60, series="none").frameworks()


def test_every_measure_and_line_has_a_label_and_a_unit(table: pd.DataFrame) -> None:
    keys = {line.key for lines in LINES.values() for line in lines} | {
        f"framework.{name}" for name in FRAMEWORKS
    }
    assert keys | set(table.index) <= set(labels())
    assert {measure for lines in LINES.values() for line in lines for measure in line.measures} <= set(
        table.index
    )
    assert unit_of("ladder.aimed") == "number"
    assert unit_of("chain.lasting") == "share"
    assert unit_of("distance.power") == "level"


@pytest.mark.parametrize(("lang", "heading"), [("en", "Coordination ladder"), ("nb", "Samordningsstigen")])
def test_run_shows_them(heading: str, table: pd.DataFrame, lang: str) -> None:
    shown = called("run", "0-24-2018", "--runs", "5", "--months", "60", "--lang", lang).stdout
    assert heading in shown
    decimal = "," if lang == "nb" else "."
    assert f"{table['mean']['distance.structural']:.2f}".replace(".", decimal) in shown
    assert ("svikter her" if lang == "nb" else "breaks here") in shown


def test_compare_shows_them_side_by_side(tmp_path: Path) -> None:
    size = ("--runs", "4", "--months", "60", "--out", str(tmp_path))
    shown = called("compare", "0-24-2018", "pure-hierarchy", *size).stdout
    line = next(line for line in shown.splitlines() if line.strip().startswith("Authority with"))
    assert line.split()[-1] == "–"
    assert shown.index("Coordination ladder") < shown.index("pure-hierarchy”")


def test_show_has_what_is_given_and_nothing_that_runs_would_have_to_reach() -> None:
    shown = called("show", "0-24-2018").stdout
    assert "Rung aimed at" in shown
    assert "Rung reached" not in shown
    document = json.loads(called("show", "0-24-2018", "--json").stdout)
    assert document["frameworks"]["ladder.aimed"]["mean"] == 4


@pytest.mark.parametrize("name", ["0-24-2018", "k-plus-2010", "pure-hierarchy"])
def test_json_carries_them_with_null_for_what_does_not_apply(name: str) -> None:
    document = json.loads(called("run", name, "--runs", "2", "--months", "12", "--json").stdout)
    found = document["frameworks"][name]
    expected = ts.simulate(name, runs=2, seed=1, months=12, series="none").frameworks()
    assert list(found["measures"]) == list(expected.index)
    for measure, row in found["measures"].items():
        mean = expected["mean"][measure]
        assert row["mean"] == (None if pd.isna(mean) else pytest.approx(mean))


def test_dials_compose_with_levers_on_the_command_line() -> None:
    plain, changed = "0-24-2018", "0-24-2018+matrix=0.8+role-driver"
    document = json.loads(called("compare", plain, changed, "--runs", "2", "--months", "12", "--json").stdout)
    position = {
        name: found["measures"]["matrix.position"]["mean"] for name, found in document["frameworks"].items()
    }
    assert position[changed] > position[plain] + 0.5
    both = called(
        "run", plain, "--with", "role-driver", "--dial", "matrix=0.8, rung=4", "--runs", "1", "--json"
    )
    assert list(json.loads(both.stdout)["scenarios"]) == ["0-24-2018+matrix=0.8+role-driver+rung=4"]


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
def test_what_cannot_be_set_is_refused_without_a_traceback(dial: str, said: str) -> None:
    result = called("run", "0-24-2018", "--dial", dial, "--runs", "1")
    assert result.exit_code == 2
    assert said in result.stderr
    assert "dials" in result.stderr or "point" in said
    assert result.stdout == ""


def test_dials_are_listed_and_shown() -> None:
    assert all(name in called("dials").stdout for name in list_dials())
    listed = json.loads(called("dials", "--json").stdout)
    assert [dial["name"] for dial in listed] == list_dials()
    assert "Svak til sterk matrise" in called("dials", "--lang", "nb").stdout
    assert "forum[all].authority" in called("dials", "matrix").stdout
    assert called("dials", "matrx").exit_code == 2


def test_files_hold_them(tmp_path: Path) -> None:
    result = called("run", "0-24-2018", "--runs", "2", "--months", "12", "--out", str(tmp_path / "out"))
    assert result.exit_code == 0
    written = pd.read_csv(tmp_path / "out" / "frameworks.csv")
    assert {"scenario", "measure", "framework", "kind", "mean"} <= set(written)
