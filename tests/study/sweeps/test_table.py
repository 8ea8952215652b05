"""What a study gives: a tidy table whose rows are what `simulate` gives, however the work was cut."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from tverretatlig_sim import simulate
from tverretatlig_sim.study.engine import cut

from .tiny import TABLE, tiny


def test_one_row_a_point_and_arrangement() -> None:
    table = tiny().run().table()
    assert list(table.columns[:4]) == ["point", "arrangement", "line_drop", "turnover"]
    assert list(table.columns[4:7]) == ["drafted", "drafted_sd", "drafted_runs"]
    assert table["point"].tolist() == [k for k in range(6) for _ in range(2)]
    assert table["arrangement"].tolist() == ["pure-network", "0-24-2015"] * 6
    assert table["line_drop"].tolist() == [0.0] * 4 + [0.05] * 4 + [0.1] * 4
    assert (table["drafted_runs"] == 5).all()
    assert table["implemented_rate"].isna().all()
    assert (table["implemented_rate_runs"] == 0).all()


def test_a_point_is_an_ensemble_of_its_own() -> None:
    study = tiny()
    table = study.run().table().set_index(["point", "arrangement"])
    for point, values in study.points.iterrows():
        for name in study.scenarios:
            alone = simulate(name, 5, 7, 8, values.to_dict(), series="none").outcomes
            assert table.loc[(point, name), "trust_mean"] == alone["trust_mean"].mean()
            assert table.loc[(point, name), "trust_mean_sd"] == pytest.approx(alone["trust_mean"].std())


@pytest.mark.parametrize("task_runs", [1, 10, 23, 10_000])
def test_the_cut_does_not_matter(task_runs: int) -> None:
    whole = tiny().run(task_runs=30).table()
    pd.testing.assert_frame_equal(tiny().run(task_runs=task_runs).table(), whole, check_exact=True)


def test_company_does_not_matter() -> None:
    table = tiny().run().table()
    alone = tiny(arrangements=["0-24-2015"]).run().table()
    same = table[table["arrangement"] == "0-24-2015"].reset_index(drop=True)
    pd.testing.assert_frame_equal(alone, same, check_exact=True)


def test_a_point_does_not_depend_on_the_others() -> None:
    study = tiny()
    table, chosen = study.run().table(), study.points.iloc[[4, 1]]
    some = study.at(chosen).run().table()
    expected = pd.concat([table[table["point"] == point] for point in (4, 1)], ignore_index=True)
    pd.testing.assert_frame_equal(
        some.drop(columns="point"), expected.drop(columns="point"), check_exact=True
    )


def test_runs_share_their_luck_across_points() -> None:
    study = tiny(
        record={"outcomes": ["trust_mean"], "replicates": True}, parameters={"line_drop": [0.05, 0.05]}
    )
    runs = (
        study.run()
        .replicates()
        .pivot_table(index=["arrangement", "run"], columns="point", values="trust_mean")
    )
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


def test_single_runs_that_were_not_kept_are_refused() -> None:
    with pytest.raises(ValueError, match="replicates = true"):
        tiny().run().replicates()


@pytest.mark.parametrize("quantiles", [[], [0.5]])
def test_many_runs_are_put_together_from_segments(
    quantiles: list[float], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cut, "SEGMENT", 2)
    study = tiny(record={**TABLE["record"], "quantiles": quantiles})
    parts, whole = study.run(task_runs=3), study.run(task_runs=1000)
    assert len(parts.tasks) == 6 * 2 * 3
    pd.testing.assert_frame_equal(parts.table(), whole.table(), check_exact=True)
    monkeypatch.undo()
    at_once = tiny(record={**TABLE["record"], "quantiles": quantiles}).run().table()
    pd.testing.assert_frame_equal(parts.table(), at_once, rtol=1e-12)


def test_a_grid_has_dimensions() -> None:
    result = tiny().run()
    data = result.to_xarray()
    assert dict(data.sizes) == {"line_drop": 3, "turnover": 2, "arrangement": 2}
    assert data["arrangement"].to_numpy().tolist() == ["pure-network", "0-24-2015"]
    row = result.table().query("line_drop == 0.1 and turnover == 0 and arrangement == 'pure-network'")
    there = data["trust_mean"].sel(line_drop=0.1, turnover=0.0, arrangement="pure-network")
    assert float(there) == row["trust_mean"].item()


def test_other_designs_have_points() -> None:
    data = tiny(design={"kind": "sobol", "points": 4}, parameters={"line_drop": "evidence"}).run().to_xarray()
    assert dict(data.sizes) == {"point": 4, "arrangement": 2}
    assert data["line_drop"].dims == ("point",)


def test_points_of_ones_own() -> None:
    study = tiny().at({"line_drop": [0.0, 0.1]})
    assert [factor.name for factor in study.factors] == ["line_drop"]
    assert study.run().table()["line_drop"].tolist() == [0.0, 0.0, 0.1, 0.1]


def test_more_runs_continue_fewer() -> None:
    record = {"outcomes": ["trust_mean"], "replicates": True}
    few, more = (tiny(record=record).changed(runs=runs).run().replicates() for runs in (2, 5))
    again = more[more["run"] < 2].reset_index(drop=True)
    pd.testing.assert_frame_equal(few, again, check_exact=True)
    assert np.isfinite(more["trust_mean"]).all()
