"""Designs: which points are run."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy import stats

from tverretatlig_sim import ScenarioError, study_of
from tverretatlig_sim.scenario import parameter_specs
from tverretatlig_sim.study.design.factors import Factor
from tverretatlig_sim.study.robust.store import stored_sets
from tverretatlig_sim.study.sampling import uncertain_parameters

from .tiny import tiny

TWO = {"line_drop": {"low": 0.0, "high": 0.2}, "turnover": "evidence"}
SPACE = np.linspace(0.0, 1.0, 2001)


def test_a_grid_varies_its_last_factor_fastest() -> None:
    points = tiny(
        parameters={"line_drop": [0.1, 0.0], "turnover": {"low": 0, "high": 0.1, "levels": 3}}
    ).points
    assert points["line_drop"].tolist() == [0.1] * 3 + [0.0] * 3
    assert points["turnover"].to_numpy() == pytest.approx([0.0, 0.05, 0.1] * 2)


def test_without_factors_there_is_one_point() -> None:
    study = tiny(parameters={"line_drop": 0.1}, design={"kind": "grid"})
    assert study.points.shape == (1, 0)
    assert study.plan.fixed == {"line_drop": 0.1}
    assert len(study.run().table()) == 2


def test_a_list_takes_values_in_step() -> None:
    points = tiny(
        parameters={"line_drop": [0.1, 0.2], "turnover": [0.0, 0.5]}, design={"kind": "list"}
    ).points
    assert points.to_numpy().tolist() == [[0.1, 0.0], [0.2, 0.5]]


def test_a_list_from_a_file(tmp_path: Path) -> None:
    (tmp_path / "points.csv").write_text("turnover,line_drop\n0.1,0.2\n0.3,0.4\n", encoding="utf-8")
    design = {"kind": "list", "file": "points.csv"}
    study = study_of({"arrangements": ["pure-network"], "design": design}, tmp_path)
    assert study.points.columns.tolist() == ["turnover", "line_drop"]
    assert study.points.to_numpy().tolist() == [[0.1, 0.2], [0.3, 0.4]]


def test_the_evidence_consistent_sets_are_a_list() -> None:
    study = tiny(parameters={}, design={"kind": "list", "file": "evidence-consistent"})
    assert (study.points.to_numpy() == stored_sets().values).all()


@pytest.mark.parametrize(
    ("design", "number"),
    [
        ({"kind": "latin-hypercube", "points": 7}, 7),
        ({"kind": "sobol", "points": 9}, 9),
        ({"kind": "saltelli", "base": 8}, 8 * 4),
        ({"kind": "saltelli", "base": 8, "second_order": True}, 8 * 6),
        ({"kind": "morris", "trajectories": 5}, 5 * 3),
    ],
)
def test_points_fill_the_ranges_and_repeat_with_the_seed(design: dict[str, Any], number: int) -> None:
    study, again, other = (tiny(parameters=TWO, design=design, seed=seed) for seed in (3, 3, 4))
    points, spec = study.points, parameter_specs()["turnover"]
    assert points.shape == (number, 2)
    assert points["line_drop"].between(0.0, 0.2).all()
    assert points["turnover"].between(spec.low, spec.high).all()
    assert (points == again.points).all(axis=None)
    assert not (points == other.points).all(axis=None)


def test_a_latin_hypercube_has_one_point_in_each_layer() -> None:
    points = tiny(parameters=TWO, design={"kind": "latin-hypercube", "points": 10}).points
    assert sorted(np.floor(points["line_drop"] / 0.02).astype(int)) == list(range(10))


def test_a_trajectory_moves_one_factor_at_a_time() -> None:
    points = tiny(parameters=TWO, design={"kind": "morris", "trajectories": 3}).points.to_numpy()
    moved = (np.diff(points.reshape(3, 3, 2), axis=1) != 0).sum(axis=-1)
    assert (moved == 1).all()


def test_everything_that_is_uncertain() -> None:
    table = {"*": "evidence", "line_drop": 0.03, "turnover": [0.0, 0.1]}
    study = tiny(parameters=table, design={"kind": "sobol", "points": 2})
    named = [factor.name for factor in study.factors]
    assert set(named) == set(uncertain_parameters()) - {"line_drop"}
    assert study.plan.fixed == {"line_drop": 0.03}
    assert set(study.points["turnover"]) <= {0.0, 0.1}


def test_whole_numbers_stay_whole() -> None:
    points = tiny(parameters={"max_rounds": "evidence"}, design={"kind": "sobol", "points": 64}).points
    spec = parameter_specs()["max_rounds"]
    assert set(points["max_rounds"]) == set(np.arange(spec.low, spec.high + 1))


@pytest.mark.parametrize(
    ("factor", "known"),
    [
        (Factor("x", 2.0, 5.0), stats.uniform(2, 3)),
        (Factor("x", 0.1, 10.0, "log-uniform"), stats.loguniform(0.1, 10)),
        (Factor("x", 1.0, 5.0, "triangular", mode=2.0), stats.triang(0.25, 1, 4)),
        (Factor("x", 1.0, 5.0, "triangular", mode=1.0), stats.triang(0.0, 1, 4)),
        (Factor("x", -1.0, 2.0, "normal", mean=1.0, sd=0.5), stats.truncnorm(-4, 2, 1, 0.5)),
    ],
)
def test_distributions_are_the_known_ones(factor: Factor, known: Any) -> None:
    assert factor.quantile(SPACE) == pytest.approx(known.ppf(SPACE))


def test_a_list_of_values_is_drawn_evenly() -> None:
    drawn = Factor("x", 1.0, 3.0, "values", (3.0, 1.0, 2.0)).quantile(SPACE)
    assert [np.mean(drawn == value) for value in (1.0, 2.0, 3.0)] == pytest.approx([1 / 3] * 3, abs=1e-3)


def test_the_problem_is_what_salib_reads() -> None:
    problem = tiny(parameters=TWO).problem
    assert problem["num_vars"] == 2
    assert problem["bounds"][0] == [0.0, 0.2]


@pytest.mark.parametrize(
    ("values", "complaint"),
    [
        ("line_drop,turnover\n", "has no points"),
        ("line_dorp\n0.1\n", 'did you mean "line_drop"'),
        ("line_drop\nmuch\n", "holds more than numbers"),
        ("line_drop\n0.1\n7\n", "line_drop: is 7; allowed: a number from 0 to 1"),
        ("line_drop\n\n", "has no points"),
    ],
)
def test_faulty_tables_of_points(values: str, complaint: str, tmp_path: Path) -> None:
    (tmp_path / "points.csv").write_text(values, encoding="utf-8")
    with pytest.raises(ScenarioError, match=complaint):
        study_of(
            {"arrangements": ["pure-network"], "design": {"kind": "list", "file": "points.csv"}}, tmp_path
        )
