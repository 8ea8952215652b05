"""What a study gives: a tidy table whose rows are what `simulate` gives, however the work was divided."""

from __future__ import annotations

import copy
import pickle
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from tverretatlig_sim import StudyResult, load_scenario, simulate
from tverretatlig_sim.study import task

from .studies import SMALL, TABLE, tiny


@pytest.fixture(scope="module")
def result() -> StudyResult:
    """Of the tiny study, its table put together before a test changes how that is done."""
    made = tiny().run()
    made.table()
    return made


def test_one_row_a_point_and_arrangement(result: StudyResult) -> None:
    table = result.table()
    assert list(table.columns[:4]) == ["point", "arrangement", "line_drop", "turnover"]
    assert list(table.columns[4:7]) == ["drafted", "drafted_sd", "drafted_runs"]
    assert table["point"].tolist() == [k for k in range(6) for _ in range(2)]
    assert table["arrangement"].tolist() == ["pure-network", "0-24-2015"] * 6
    assert table["line_drop"].tolist() == [0.0] * 4 + [0.05] * 4 + [0.1] * 4
    assert (table["drafted_runs"] == 5).all()
    assert table["implemented_rate"].isna().all()
    assert (table["implemented_rate_runs"] == 0).all()
    table["drafted"] = 0.0
    assert result.table()["drafted"].sum() > 0


def test_a_point_is_an_ensemble_of_its_own(result: StudyResult) -> None:
    table = result.table().set_index(["point", "arrangement"])
    for point, values in result.study.points.iterrows():
        for name in result.study.scenarios:
            alone = simulate(name, 5, 7, 8, values.to_dict(), series="none").outcomes
            assert table.loc[(point, name), "trust_mean"] == alone["trust_mean"].mean()
            assert table.loc[(point, name), "trust_mean_sd"] == pytest.approx(alone["trust_mean"].std())


@pytest.mark.parametrize("task_runs", [1, 10, 23, 10_000])
def test_how_the_work_is_divided_does_not_matter(task_runs: int, result: StudyResult) -> None:
    table = tiny().run(task_runs=task_runs).table()
    pd.testing.assert_frame_equal(table, result.table(), check_exact=True)


def test_a_row_does_not_depend_on_other_points_or_arrangements(result: StudyResult) -> None:
    table = result.table()
    some = tiny(arrangements=["0-24-2015"]).at(result.study.points.iloc[[4, 1]]).run().table()
    there = table[table["arrangement"] == "0-24-2015"].set_index("point").loc[[4, 1]].reset_index(drop=True)
    pd.testing.assert_frame_equal(some.drop(columns="point"), there, check_exact=True)


def test_runs_share_their_random_numbers_across_points() -> None:
    study = tiny(
        record={"outcomes": ["trust_mean"], "replicates": True},
        parameters={"line_drop": [0.05, 0.05]},
        design={"kind": "list"},
    )
    keys = ["arrangement", "run"]
    runs = study.run().replicates().pivot_table(index=keys, columns="point", values="trust_mean")
    assert (runs[0] == runs[1]).all()
    assert runs[0].nunique() > 2


def test_kept_runs_give_the_same_statistics() -> None:
    record = {**TABLE["record"], "quantiles": [0.25, 0.5]}
    plain = tiny(record=record).run()
    kept = tiny(record={**record, "replicates": True}).run()
    pd.testing.assert_frame_equal(plain.table(), kept.table(), check_exact=True)
    runs = kept.replicates()
    assert len(runs) == 6 * 2 * 5
    medians = runs.groupby(["point", "arrangement"], sort=False)["trust_mean"].median()
    assert plain.table()["trust_mean_q50"].to_numpy() == pytest.approx(medians.to_numpy(), abs=1e-15)
    with pytest.raises(ValueError, match="replicates = true"):
        plain.replicates()


@pytest.mark.parametrize("replicates", [False, True])
def test_many_runs_are_put_together_from_segments(
    replicates: bool, result: StudyResult, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(task, "SEGMENT", 2)
    study = tiny(record={**TABLE["record"], "replicates": replicates})
    parts, whole = study.run(task_runs=3), study.run(task_runs=1000)
    assert len(parts.tasks) == 6 * 2 * 3
    pd.testing.assert_frame_equal(parts.table(), whole.table(), check_exact=True)
    pd.testing.assert_frame_equal(parts.table(), result.table(), rtol=1e-12)
    assert len(tiny(record={**TABLE["record"], "quantiles": [0.5]}).tasks(SMALL)) == 12


def test_a_grid_has_dimensions(result: StudyResult) -> None:
    data = result.to_xarray()
    assert dict(data.sizes) == {"line_drop": 3, "turnover": 2, "arrangement": 2}
    assert data["arrangement"].to_numpy().tolist() == ["pure-network", "0-24-2015"]
    row = result.table().query("line_drop == 0.1 and turnover == 0 and arrangement == 'pure-network'")
    there = data["trust_mean"].sel(line_drop=0.1, turnover=0.0, arrangement="pure-network")
    assert float(there) == row["trust_mean"].item()
    other = tiny(design={"kind": "sobol", "points": 4}, parameters={"line_drop": "evidence"})
    data = other.run().to_xarray()
    assert dict(data.sizes) == {"point": 4, "arrangement": 2}
    assert data["line_drop"].dims == ("point",)


def test_points_of_ones_own() -> None:
    study = tiny().at({"line_drop": np.array([0.0, 0.1])})
    assert [factor.name for factor in study.factors] == ["line_drop"]
    assert study.run().table()["line_drop"].tolist() == [0.0, 0.0, 0.1, 0.1]
    with pytest.raises(ValueError, match="must be columns of numbers"):
        tiny().at({"line_drop": ["much"]})
    with pytest.raises(ValueError, match="at least 1"):
        tiny().at({"line_drop": []})


def test_more_runs_continue_fewer() -> None:
    record = {"outcomes": ["trust_mean"], "replicates": True}
    few, more = (tiny(record=record).changed(runs=runs).run().replicates() for runs in (2, 5))
    again = more[more["run"] < 2].reset_index(drop=True)
    pd.testing.assert_frame_equal(few, again, check_exact=True)
    assert np.isfinite(more["trust_mean"]).all()


def test_results_survive_travel(result: StudyResult, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a store the parts travel with the result; a store is found from any folder."""
    expected = result.table()
    for again in (pickle.loads(pickle.dumps(result)), copy.deepcopy(result), tiny().run()):
        pd.testing.assert_frame_equal(again.table(), expected, check_exact=True)
    monkeypatch.chdir(tmp_path)
    stored = tiny().run("store")
    (tmp_path / "other").mkdir()
    monkeypatch.chdir(tmp_path / "other")
    pd.testing.assert_frame_equal(stored.table(), expected, check_exact=True)
    with pytest.raises(ValueError, match="without a store"):
        result.compact()


def test_what_programs_hold_is_understood() -> None:
    """Numbers and arrays of numpy, tuples, scenarios in memory; not their repr in an error."""
    scenario = load_scenario("pure-network")
    study = tiny(
        arrangements=(scenario, "0-24-2015"),
        runs=np.int64(5),
        parameters={"line_drop": np.array([0.0, 0.05, 0.1]), "turnover": (np.float64(0.0), 0.1)},
    )
    assert study.points.equals(tiny().points)
    assert study.digest == tiny().digest
    assert study == tiny()
    assert study != tiny(runs=6)
