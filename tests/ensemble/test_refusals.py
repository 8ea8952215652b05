"""What Python callers get wrong most: refused before anything runs, or understood."""

from __future__ import annotations

from typing import Any

import pytest

import tverretatlig_sim as ts

ALONE = "pure-network"


@pytest.mark.parametrize(
    ("options", "error", "said"),
    [
        ({"series": "all"}, ValueError, "series = 'all'; allowed: moments, runs, none"),
        ({"series": None}, ValueError, "series = None; allowed: moments, runs, none"),
        ({"parameters": ["turnover"]}, TypeError, "parameters: must map names to values"),
        ({"rules": "steer"}, TypeError, "rules: must be a set of rules"),
        ({"rules": (1, 2)}, TypeError, "rules: must be a set of rules"),
        ({"rules": len}, TypeError, "rules: must be a set of rules"),
        ({"outcomes": "drafted"}, TypeError, "outcomes: must be a list of names, as in "),
        ({"outcomes": 5}, TypeError, "outcomes: must be a list of names, as in "),
        ({"report": 5}, TypeError, "report: must be a function"),
    ],
)
def test_an_argument_of_the_wrong_kind_is_refused(
    options: dict[str, Any], error: type[Exception], said: str
) -> None:
    with pytest.raises(error, match=said):
        ts.simulate(ALONE, runs=2, months=2, **options)


@pytest.mark.parametrize("given", [None, 3, [ALONE]])
def test_a_scenario_that_is_neither_name_nor_path_is_refused(given: Any) -> None:
    with pytest.raises(TypeError, match="a scenario is given by its name or the path of its file; given: "):
        ts.load_scenario(given)


def test_one_scenario_is_no_comparison() -> None:
    for alone in (ALONE, ts.load_scenario(ALONE)):
        with pytest.raises(ValueError, match="at least two scenarios; given: 1"):
            ts.compare(alone, runs=2)  # type: ignore[arg-type]


def test_a_comparison_is_given_a_list() -> None:
    with pytest.raises(TypeError, match="a comparison is given a list of scenarios; given: 5"):
        ts.compare(5)  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def comparison() -> ts.Comparison:
    return ts.compare([ALONE, "0-24-2018"], runs=2, months=2)


@pytest.mark.parametrize("run", ["0", None, 0.5, True, -1, 2])
def test_a_run_that_there_is_not(run: Any, comparison: ts.Comparison) -> None:
    with pytest.raises(ValueError, match=f"run = {run!r}: must be a whole number from 0 to 1"):
        comparison.ensembles[ALONE].trace(run)


@pytest.mark.parametrize("level", [95, 0, 1.0, "0.95", None, True])
def test_a_level_that_is_none(level: Any, comparison: ts.Comparison) -> None:
    ensemble = comparison.ensembles[ALONE]
    for result in (
        ensemble.summary,
        ensemble.funnel,
        ensemble.frameworks,
        lambda it: comparison.table("drafted", it),
    ):
        with pytest.raises(ValueError, match=f"level = {level!r}: must be a number between 0 and 1"):
            result(level)


def test_more_runs_than_any_memory_holds() -> None:
    """Refused before the first of them is made, unless few outcomes are kept."""

    def begun(runs: int) -> None:
        raise InterruptedError

    with pytest.raises(ValueError, match=r"1000000000 runs .* need \d+ GiB of memory; allowed: 64 GiB"):
        ts.simulate(ALONE, runs=10**9, months=1, report=begun)
    with pytest.raises(InterruptedError):
        ts.simulate(ALONE, runs=10**9, months=1, outcomes=["drafted"], report=begun)


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
