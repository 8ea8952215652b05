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
        ({"phases": "steer"}, TypeError, "phases: must be a tuple of functions"),
        ({"phases": (1, 2)}, TypeError, "phases: must be a tuple of functions"),
        ({"phases": len}, TypeError, "phases: must be a tuple of functions"),
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


def test_a_lone_lever_needs_no_brackets() -> None:
    one, name = "0-24-2018", "stronger-secretariat"
    assert ts.load_scenario(one, levers=name) == ts.load_scenario(one, levers=[name])
