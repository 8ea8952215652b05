"""What Python callers get wrong most: refused before anything runs, or understood."""

from __future__ import annotations

from typing import Any

import pytest

import tverretatlig_sim as ts

ALONE = "pure-network"


@pytest.mark.parametrize("given", [None, 3, [ALONE]])
def test_a_scenario_that_is_neither_name_nor_path_is_refused(given: Any) -> None:
    with pytest.raises(TypeError, match="by its name, the path of its file or a table; given: "):
        ts.load_scenario(given)


@pytest.mark.parametrize("given", [[], None, "study.toml"])
def test_a_study_is_made_of_a_table(given: Any) -> None:
    with pytest.raises(TypeError, match="a study is made of a table with the keys of a study file"):
        ts.study_of(given)


def test_a_study_file_is_given_by_its_path() -> None:
    with pytest.raises(TypeError, match="a study is given by the path of its file; given: 5"):
        ts.load_study(5)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "points",
    [
        {"turnover": 0.02},
        {"turnover": [0.1], "line_drop": [0.1, 0.2]},
        {"turnover": ["x"]},
        {"turnover": [[1]]},
        5,
    ],
)
def test_points_are_columns_of_numbers(points: Any) -> None:
    study = ts.study_of({"arrangements": [ALONE], "design": {"kind": "grid"}})
    with pytest.raises(ValueError, match="points: must be columns of numbers, all of one length, as in "):
        study.at(points)


def test_a_lone_lever_needs_no_brackets() -> None:
    one, name = "0-24-2018", "stronger-secretariat"
    assert ts.load_scenario(one, levers=name) == ts.load_scenario(one, levers=[name])
