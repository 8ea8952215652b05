"""JSON documents and tables of results."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest

from tverretatlig_sim import Comparison, Ensemble, load_scenario, simulate
from tverretatlig_sim.scenario.spreadsheets import write_csv
from tverretatlig_sim.show.documents import (
    as_json,
    comparison_document,
    ensembles_document,
    scenario_document,
)
from tverretatlig_sim.show.results import comparison_files, ensembles_files, file_name, series_table


def test_missing_numbers_are_null() -> None:
    document = ensembles_document({"x": simulate("0-24-2018", runs=1, months=3, series="none")})
    assert document["scenarios"]["x"]["implemented_rate"]["mean"] is None
    assert "NaN" not in as_json(document)


def test_numbers_that_json_cannot_write_are_refused() -> None:
    with pytest.raises(ValueError, match="JSON"):
        as_json({"x": float("nan")})


def test_the_document_agrees_with_the_tables(comparison: Comparison) -> None:
    document = json.loads(as_json(comparison_document(comparison)))
    first = comparison.ensembles["0-24-2018"].summary()
    assert document["scenarios"]["0-24-2018"]["drafted"]["mean"] == first.loc["drafted", "mean"]
    assert len(document["differences"]) == len(comparison.table())
    assert document["runs"] == comparison.runs


def test_a_scenario_is_told_whole() -> None:
    document = json.loads(as_json(scenario_document(load_scenario("dfo-simplified"))))
    assert {"ministries", "agencies", "core", "arrangement", "portfolio", "letters"} <= set(document)


def test_series_are_told_month_by_month(ensemble: Ensemble) -> None:
    table = series_table({"x": ensemble})
    ownership = table[(table["variable"] == "ownership") & (table["of"] == "Udir")]
    assert ownership["month"].tolist() == list(range(ensemble.months))
    expected = ensemble.series["ownership"].sel(statistic="mean", agency="Udir").values
    assert ownership["mean"].tolist() == expected.tolist()
    assert not table.duplicated(["variable", "of", "month"]).any()


def test_files_of_a_comparison_hold_the_numbers(comparison: Comparison, tmp_path: Path) -> None:
    for name, write in comparison_files(comparison).items():
        if not name.endswith(("png", "svg")):
            write(tmp_path / name)
    outcomes = pd.read_csv(tmp_path / "outcomes.csv")
    assert outcomes.groupby("scenario")["drafted"].mean()["0-24-2018"] == pytest.approx(
        comparison.ensembles["0-24-2018"].outcomes["drafted"].mean()
    )
    assert len(pd.read_csv(tmp_path / "funnel.csv")) == 12
    assert json.loads((tmp_path / "comparison.json").read_text(encoding="utf-8"))["seed"] == 1


def test_names_stand_as_they_are(ensemble: Ensemble, tmp_path: Path) -> None:
    name = 'a=1+1; "x", <b>[red]$a$'
    ensembles_files({name: ensemble})["summary.csv"](tmp_path / "summary.csv")
    assert set(pd.read_csv(tmp_path / "summary.csv")["scenario"]) == {name}


FORMULAS = ("=1+1", "+1", "-1+cmd|'/c calc'!A0", "@SUM(A1)", "\tx", "\n=1", " =1", "＝1")


@pytest.mark.parametrize("name", FORMULAS)
def test_names_that_look_like_formulas_are_text_in_every_table(
    name: str, ensemble: Ensemble, tmp_path: Path
) -> None:
    files = ensembles_files({name: ensemble})
    for file in (file for file in files if file.endswith(".csv")):
        files[file](tmp_path / file)
        assert set(pd.read_csv(tmp_path / file)["scenario"]) == {"'" + name}
    files["run.json"](tmp_path / "run.json")
    assert name in json.loads((tmp_path / "run.json").read_text(encoding="utf-8"))["scenarios"]


def test_no_cell_of_a_table_is_a_formula(tmp_path: Path) -> None:
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
