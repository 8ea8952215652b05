"""The experiment runs, and its tables say what they should."""

from __future__ import annotations

from pathlib import Path
from types import ModuleType

import pandas as pd
import pytest

from tverretatlig_sim import compare, list_scenarios

from .conftest import Loaded

SMALL = ["--runs", "4", "--seed", "3", "--parameters", "line_drop", "turnover"]


@pytest.fixture
def experiment(load: Loaded) -> ModuleType:
    return load("structures")


@pytest.mark.slow
def test_it_writes_both_tables(
    experiment: ModuleType, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    experiment.main([*SMALL, "--out", str(tmp_path)])
    overview = pd.read_csv(tmp_path / "structures.csv", index_col="scenario")
    assert list(overview.index) == list_scenarios()
    assert overview["implemented_rate"].dropna().between(0, 100).all()
    found = pd.read_csv(tmp_path / "sensitivity.csv")
    assert list(found["parameter"]) == ["(defaults)", "line_drop", "line_drop", "turnover", "turnover"]
    printed = capsys.readouterr().out
    assert (tmp_path / "structures.md").read_text(encoding="utf-8") in printed
    assert "at the defaults" in printed


@pytest.mark.slow
def test_the_difference_is_the_paired_one(experiment: ModuleType) -> None:
    found = experiment.sensitivity(experiment.PAIR, runs=4, seed=3, names=["line_drop"])
    paired = compare(experiment.PAIR, runs=4, seed=3, parameters={"line_drop": 0.05}, series="none")
    row = paired.table("implemented_rate").iloc[0]
    high = found[found["end"] == "high"].iloc[0]
    assert high["mean"] == pytest.approx(100 * row["mean"])


@pytest.mark.parametrize(
    ("low", "high", "usual", "sign"),
    [
        (1.0, 2.0, 3.0, "holds"),
        (-2.0, -1.0, -3.0, "holds"),
        (-1.0, 2.0, 3.0, "unclear"),
        (0.0, 2.0, 3.0, "unclear"),
        (-2.0, -1.0, 3.0, "reverses"),
        (1.0, 2.0, -3.0, "reverses"),
        (float("nan"), float("nan"), 3.0, "unclear"),
    ],
)
def test_signs(experiment: ModuleType, low: float, high: float, usual: float, sign: str) -> None:
    assert experiment._sign(low, high, usual) == sign


def test_readable_table_shows_intervals(experiment: ModuleType) -> None:
    row = {"value": 0.005, "mean": 1.25, "low": -0.5, "high": 3.0, "sign": "unclear"}
    table = pd.DataFrame([row])
    assert experiment.readable(table).iloc[0].tolist() == ["0.005", "1.2 (-0.5 … 3.0)", "unclear"]
