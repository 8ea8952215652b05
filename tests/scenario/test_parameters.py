"""Parameters: what the parameter file says, and what a user may replace."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tverretatlig_sim.scenario import ScenarioError, check_parameters, parameter_specs

from .small_world import PARAMETERS, World


def test_shipped_parameters_have_ranges_within_bounds_and_meanings() -> None:
    for name, spec in parameter_specs().items():
        assert name == spec.name
        assert spec.minimum <= spec.low <= spec.value <= spec.high <= spec.maximum
        assert spec.source
        assert spec.meaning.en
        assert spec.meaning.nb


def test_a_parameter_with_all_it_says(shipped: Path) -> None:
    specs = parameter_specs()
    spec = specs["will_core"]
    assert list(specs) == ["will_core", "rounds"]
    assert (spec.value, spec.low, spec.high, spec.minimum, spec.maximum) == (2.0, 0.5, 3.5, -40.0, 40.0)
    assert (spec.unit, spec.grade, spec.whole, spec.phases) == ("logit", "assumed", False, ("allocate",))
    assert specs["rounds"].whole


@pytest.mark.parametrize(
    ("old", "new", "fragment"),
    [
        ("value = 2.0", "value = 50.0", "will_core: value, range and bounds do not enclose each other"),
        ("value = 2.0", 'value = "2,0"', 'will_core, value: is the text "2,0"; allowed: a number'),
        ('unit = "logit"', "", "will_core, unit: is missing"),
        ('unit = "logit"', 'units = "logit"', "will_core, units: unknown key"),
        ("range = [0.5, 3.5]", "range = 3", "will_core, range: is 3; allowed: a list of two numbers"),
        ("[will_core]", "[[will_core]]", "will_core: is a list; allowed: a table"),
    ],
)
def test_a_faulty_parameter_file(shipped: Path, old: str, new: str, fragment: str) -> None:
    (shipped / "parameters.toml").write_text(PARAMETERS.replace(old, new, 1))
    with pytest.raises(ScenarioError) as caught:
        parameter_specs()
    assert fragment in str(caught.value)


@pytest.mark.parametrize(
    "value", [2, 2.0, np.float64(2), np.full(3, 2.0, np.float32), [1.0, 2.0], np.arange(1, 4)]
)
def test_numbers_and_rows_of_numbers_are_taken(shipped: Path, value: Any) -> None:
    check_parameters({"will_core": value, "rounds": value})


@pytest.mark.parametrize(
    ("name", "value", "fragment"),
    [
        (
            "will_cor",
            1.0,
            'parameters: will_cor: unknown parameter; allowed: "rounds", "will_core"; did you mean',
        ),
        ("will_core", 41, "parameters: will_core: is 41; allowed: a number from -40 to 40 logit"),
        ("will_core", [0.0, 41.0, 42.0], "will_core: is 41 (and 1 more values are wrong)"),
        ("will_core", float("nan"), "will_core: is nan"),
        ("will_core", np.array([1.0, np.inf]), "will_core: is inf"),
        ("will_core", "1,5", "will_core: is not a number or a one-dimensional array of numbers"),
        ("will_core", True, "will_core: is not a number"),
        ("will_core", None, "will_core: is not a number"),
        ("will_core", 10**400, "will_core: is not a number"),
        ("will_core", [], "will_core: is not a number"),
        ("will_core", [[1.0]], "will_core: is not a number"),
        ("will_core", [1.0, [2.0]], "will_core: is not a number"),
        ("rounds", 2.5, "rounds: is 2.5; allowed: a whole number from 1 to 20 rounds"),
    ],
)
def test_faulty_overrides(shipped: Path, name: str, value: Any, fragment: str) -> None:
    with pytest.raises(ScenarioError) as caught:
        check_parameters({name: value, "rounds" if name == "will_core" else "will_core": 2})
    assert fragment in str(caught.value)
    assert len(caught.value.problems) == 1


def test_parameters_of_a_scenario_file(world: World) -> None:
    world.change(
        "head", "", '[parameters]\nwill_core = 1.5\nrounds = { value = 4, factor = 10, source = "x" }'
    )
    parameters = world.load().parameters
    assert {name: float(quantity) for name, quantity in parameters.items()} == {"rounds": 4, "will_core": 1.5}
    assert parameters["rounds"].range == (1, 20)
