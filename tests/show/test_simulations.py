"""Sentences, documents and folders of ensembles and comparisons."""

from __future__ import annotations

import json
from itertools import chain
from math import nan
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from speaking import norwegian
from tverretatlig_sim import Comparison, Ensemble, simulate
from tverretatlig_sim.scenario.spreadsheets import write_csv
from tverretatlig_sim.show.files import file_name, sheet_files, write_folder
from tverretatlig_sim.show.simulations import (
    comparison_sheet,
    ensembles_sheet,
    finding,
    findings,
    series_table,
)

FORBIDDEN = ("because", "cause", "will ", "leads to", "due to", "forecast", "fordi", "vil ", "fører til")


def row(mean: float, low: float, high: float, n: int = 1000) -> dict[str, Any]:
    return {"a": "left", "b": "right", "n": n, "mean": mean, "low": low, "high": high}


def test_which_is_higher_turns_with_the_sign() -> None:
    said = finding(row(0.123, 0.112, 0.134), 1000)
    assert said.startswith(
        "In the model, “left” has a higher implemented rate than “right”, by 12.3 percentage points"
    )
    assert "(95 % interval 11.2 to 13.4, 1000 paired runs)" in said
    turned = finding(row(-0.123, -0.134, -0.112), 1000)
    assert "“right” has a higher implemented rate than “left”, by 12.3" in turned
    assert "11.2 to 13.4" in turned


@pytest.mark.parametrize(("low", "high"), [(-0.01, 0.02), (0.0, 0.02), (-0.02, 0.0), (0.0, 0.0)])
def test_no_clear_difference_when_the_interval_holds_zero(low: float, high: float) -> None:
    said = finding(row((low + high) / 2, low, high), 1000)
    assert "no clear difference" in said
    assert "higher" not in said


def test_what_the_pairs_do_not_suffice_for_is_not_said() -> None:
    assert "try more runs" in finding(row(0.2, nan, nan, n=1), 1)
    assert "try more months" in finding(row(nan, nan, nan, n=0), 1000)
    assert "640 of 1000 paired runs" in finding(row(0.1, 0.09, 0.11, n=640), 1000)
    assert "0.02 to 0.10" in finding(row(0.0006, 0.0002, 0.0010), 1000)  # not rounded to zero


@pytest.mark.parametrize("lang", ["en", "nb"])
@pytest.mark.parametrize("values", [(0.1, 0.05, 0.15), (-0.1, -0.15, -0.05), (0.0, -0.1, 0.1)])
def test_nothing_causal_no_forecast_and_levels_are_illustrative(values: Any, lang: str) -> None:
    said = finding(row(*values), 1000)
    assert not any(word in said for word in FORBIDDEN)
    assert "illustrati" in said or "illustrer" in said


def test_norwegian_has_decimal_comma_and_minus() -> None:
    said = norwegian(finding, row(-0.005, -0.02, 0.01), 1000)
    assert said.startswith("I modellen er det ingen klar forskjell")
    assert "−0,5 prosentpoeng" in said


def test_one_finding_a_pair_of_which_readers_see_those_against_the_first(many: Comparison) -> None:
    said = findings(many)
    parts = comparison_sheet(many).parts
    assert [sentence in parts for sentence in said] == [True, True, False]


def test_missing_numbers_are_null() -> None:
    one = simulate("0-24-2018", runs=1, months=3, series="none")
    document: Any = ensembles_sheet({"x": one}).document
    assert document["scenarios"]["x"]["implemented_rate"]["mean"] is None


def test_series_are_told_month_by_month(ensemble: Ensemble) -> None:
    table = series_table({"x": ensemble})
    ownership = table[(table["variable"] == "ownership") & (table["of"] == "Udir")]
    assert ownership["month"].tolist() == list(range(ensemble.months))
    expected = ensemble.series["ownership"].sel(statistic="mean", agency="Udir").values
    assert ownership["mean"].tolist() == expected.tolist()
    assert not table.duplicated(["variable", "of", "month"]).any()


@pytest.mark.slow
def test_a_folder_holds_the_numbers_and_figures(comparison: Comparison, tmp_path: Path) -> None:
    write_folder(tmp_path / "out", sheet_files(comparison_sheet(comparison)))
    folder = tmp_path / "out"
    outcomes = pd.read_csv(folder / "outcomes.csv").groupby("scenario")["drafted"].mean()
    assert outcomes["0-24-2018"] == comparison.ensembles["0-24-2018"].outcomes["drafted"].mean()
    assert len(pd.read_csv(folder / "funnel.csv")) == 12
    assert len(pd.read_csv(folder / "differences.csv")) == len(comparison.table())
    document = json.loads((folder / "comparison.json").read_text(encoding="utf-8"))
    assert document["seed"] == 1
    for name, workload in document["workload"].items():
        scenario = comparison.ensembles[name].scenario
        sizes, busy = zip(*((it.size, it.members) for it in scenario.portfolio.project), strict=True)
        capacity = sum(float(it.capacity) for it in scenario.agencies if it.name in {*chain(*busy)})
        assert workload["work"] == pytest.approx(sum(map(float, sizes)))
        assert workload["capacity"] == pytest.approx(capacity)
        assert workload["load"] == pytest.approx(workload["work"] / capacity)
    figures = {"funnel.png", "funnel.svg", "differences.png", "differences.svg"}
    assert {path.name for path in folder.iterdir()} == figures | {
        "outcomes.csv", "summary.csv", "frameworks.csv", "funnel.csv", "differences.csv", "comparison.json",
        "incidence.csv", "projects.csv", "recommendations.csv",
    }  # fmt: skip


@pytest.mark.parametrize("name", ["=1+1", "-1+cmd|'/c calc'!A0", "\n=1", 'a=1+1; "x", <b>[red]$a$'])
def test_names_stay_text_in_every_file(name: str, tmp_path: Path) -> None:
    files = sheet_files(ensembles_sheet({name: simulate("pure-network", runs=2, months=3)}))
    for file in (file for file in files if file.endswith(".csv")):
        files[file](tmp_path / file)
        assert set(pd.read_csv(tmp_path / file)["scenario"]) == {name if name[0] == "a" else "'" + name}
    files["run.json"](tmp_path / "run.json")
    assert name in json.loads((tmp_path / "run.json").read_text(encoding="utf-8"))["scenarios"]


def test_no_cell_of_a_frame_is_a_formula(tmp_path: Path) -> None:
    frame = pd.DataFrame({"=x": ["=1", None, "ok"], "n": [-1.5, 2.0, 3.0]}).astype({"=x": object})
    write_csv(frame, tmp_path / "t.csv")
    assert (tmp_path / "t.csv").read_text(encoding="utf-8") == "'=x,n\n'=1,-1.5\n,2.0\nok,3.0\n"
    write_csv(frame.iloc[:0], tmp_path / "t.csv")
    assert (tmp_path / "t.csv").read_text(encoding="utf-8") == "'=x,n\n"


@pytest.mark.parametrize(
    ("name", "expected"),
    [("a/b\\c", "a-b-c"), ("../..", "results"), ("blåbær 0–24", "blåbær-0-24"), ("x" * 300, "x" * 100)],
)
def test_file_names_lead_nowhere(name: str, expected: str) -> None:
    assert file_name(name) == expected
