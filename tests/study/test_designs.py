"""Factors and designs: which points are run."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy import stats

from tverretatlig_sim import ScenarioError, Study, load_scenario, simulate, study_of
from tverretatlig_sim.scenario import parameter_specs, with_values
from tverretatlig_sim.study.factors import Factor
from tverretatlig_sim.study.history_matching import stored_sets
from tverretatlig_sim.study.sampling import uncertain_parameters

from .studies import tiny

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
    assert study.fixed == {"line_drop": 0.1}
    assert len(study.run().table()) == 2


def test_a_list_takes_values_in_step() -> None:
    values = {"line_drop": [0.1, 0.2], "parameter.turnover": [0.0, 0.5]}
    points = tiny(parameters=values, design={"kind": "list"}).points
    assert points.columns.tolist() == ["line_drop", "turnover"]
    assert points.to_numpy().tolist() == [[0.1, 0.0], [0.2, 0.5]]


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
    if design["kind"] == "latin-hypercube":
        assert sorted(np.floor(points["line_drop"] / 0.2 * 7).astype(int)) == list(range(7))
    if design["kind"] == "morris":
        moved = (np.diff(points.to_numpy().reshape(5, 3, 2), axis=1) != 0).sum(axis=-1)
        assert (moved == 1).all()


def test_everything_that_is_uncertain() -> None:
    table = {"*": "evidence", "line_drop": 0.03, "turnover": [0.0, 0.1]}
    study = tiny(parameters=table, design={"kind": "sobol", "points": 64})
    assert set(study.problem["names"]) == set(uncertain_parameters()) - {"line_drop"}
    assert study.problem["num_vars"] == len(study.problem["bounds"]) == len(study.factors)
    assert study.fixed == {"line_drop": 0.03}
    assert set(study.points["turnover"]) <= {0.0, 0.1}
    rounds = parameter_specs()["max_rounds"]
    assert set(study.points["max_rounds"]) == set(np.arange(rounds.low, rounds.high + 1))


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


def test_far_in_the_tail_a_normal_distribution_is_drawn_from_the_right_end() -> None:
    """Eight standard deviations out, the density falls off like exp(−8.3 z): nearly all is near the end."""
    tail = Factor("x", 0.01, 0.04, "normal", mean=0.0, sd=0.0012)
    mirrored = Factor("x", -0.04, -0.01, "normal", mean=0.0, sd=0.0012)
    shares = np.array([0.1, 0.5, 0.9])
    assert tail.quantile(shares) == pytest.approx(0.01 - np.log(1 - shares) * 0.0012**2 / 0.01, rel=2e-3)
    assert mirrored.quantile(1 - shares) == pytest.approx(-tail.quantile(shares), rel=1e-6)


def test_a_list_of_values_is_drawn_evenly() -> None:
    drawn = Factor.of("x", (3.0, 1.0, 2.0)).quantile(SPACE)
    assert [np.mean(drawn == value) for value in (1.0, 2.0, 3.0)] == pytest.approx([1 / 3] * 3, abs=1e-3)


def from_file(text: str, folder: Path, arrangement: str = "pure-network") -> Study:
    """A study whose points stand in a file."""
    (folder / "points.csv").write_text(text, encoding="utf-8")
    design = {"kind": "list", "file": "points.csv"}
    return study_of({"arrangements": [arrangement], "runs": 2, "months": 6, "design": design}, folder)


@pytest.mark.parametrize(
    "text",
    [
        "turnover,line_drop\n0.1,0.2\n\n0.3,4e-1\n",
        "turnover;line_drop\n0,1;0,2\n0.3;0,4\n",
        "\n  \nturnover\tline_drop\n0,1\t0,2\n \t \n0,3\t0,4\n",
        "parameter.turnover,line_drop\n0.1,0.2\n0.3,0.4\n",
        '\ufeffturnover, line_drop\r\n"0.1", 0.2\r\n0.3,0.4\r\n',
    ],
)
def test_a_list_from_a_file(text: str, tmp_path: Path) -> None:
    points = from_file(text, tmp_path).points
    assert points.columns.tolist() == ["turnover", "line_drop"]
    assert points.to_numpy().tolist() == [[0.1, 0.2], [0.3, 0.4]]


def test_the_evidence_consistent_sets_are_a_list() -> None:
    study = tiny(parameters={}, design={"kind": "list", "file": "evidence-consistent"})
    assert (study.points.to_numpy() == stored_sets().values).all()


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("line_drop,turnover\n", "has no points"),
        ("line_drop\n\n", "has no points"),
        ("line_dorp\n0.1\n", 'did you mean "line_drop"'),
        ("line_drop\nmuch\n", "line_drop: holds more than numbers"),
        ("line_drop\n1_0\n", "line_drop: holds more than numbers"),
        ("line_drop,line_drop\n0,0\n", "names a column twice"),
        ("line_drop\n0.1\n7\n", "line_drop: is 7; allowed: a number from 0 to 1"),
        ("line_drop\nnan\n", "line_drop: is nan; allowed: a number from 0 to 1"),
        ("line_drop\n0,5\n0,7\n", "point 1 has 2 values for 1 columns.*semicolons"),
        ("turnover,parameter.turnover\n0.1,0.2\n", "turnover: is given more than once"),
        (",turnover\n0,0.1\n", "column 1 has no name"),
        ("turnover;max_rounds\n0,1;1.000\n", "decimal comma and with a decimal point"),
        ("line_drop,turnover\n0.1,0.2\n0.1\n", "point 2 has 1 values for 2 columns"),
    ],
)
def test_faulty_tables_of_points(text: str, complaint: str, tmp_path: Path) -> None:
    with pytest.raises(ScenarioError, match=complaint):
        from_file(text, tmp_path)


def test_a_number_of_the_scenario_is_a_factor_by_its_address() -> None:
    """Its results are those of the scenario with that number; arrangements that lack it say so."""
    address, clarity = "forum.steering-group.cadence", "arrangement.mandate_clarity"
    study = tiny(
        arrangements=["0-24-2018", "pure-network"],
        parameters={address: [1.0, 6.0], "turnover": [0.01, 0.03], clarity: 0.9},
        design={"kind": "grid"},
    )
    assert study.fixed == {clarity: 0.9}
    (note,) = study.notes
    assert str(note).startswith(f"pure-network: has no {address}")
    table = study.run(task_runs=1000).table()
    assert table[address].tolist() == [1.0] * 4 + [6.0] * 4
    changed = with_values(load_scenario("0-24-2018"), {address: 6.0, clarity: 0.9})
    alone = simulate(changed, 5, 7, 8, {"turnover": 0.03}, series="none").outcomes
    rows = table[table["arrangement"] == "0-24-2018"].set_index([address, "turnover"])
    assert rows.loc[(6.0, 0.03), "trust_mean"] == alone["trust_mean"].mean()
    assert rows["trust_mean"].nunique() == 4
    apart = study.run(task_runs=1).table()
    assert (apart == table)[table.notna()].stack().all()


def test_an_address_that_is_none_is_explained() -> None:
    with pytest.raises(ScenarioError, match=r"did you mean arrangement|did you mean .arrangement\.mandate"):
        tiny(parameters={"arrangement.mandate_clarty": [0.1, 0.2]})
    with pytest.raises(ScenarioError, match=r"is 3; allowed: a number from 0 to 1"):
        tiny(parameters={"arrangement.mandate_clarity": [0.1, 3.0]})
