"""Several arrangements in one run: alone where they share nobody, on shared capacity where they do."""

from __future__ import annotations

import json

import numpy as np
import pytest

import tverretatlig_sim as ts
from tverretatlig_sim.ensemble.batch import months_of, resolve_parameters, world_of
from tverretatlig_sim.scenario.history import plain_name

RUNS, MONTHS = 8, 48


def stranger(name: str) -> ts.Scenario:
    """A shipped scenario of which agencies and ministries, but not forums and projects, have other names."""
    table = ts.load_scenario(name).to_dict()
    people = [row["name"] for kind in ("agency", "ministry") for row in table["actors"][kind]]
    text = json.dumps(table)
    for one in people:
        text = text.replace(json.dumps(one), json.dumps(f"{one} elsewhere"))
    made = json.loads(text)
    made["name"] = made["arrangement"]["name"] = f"{name}-elsewhere"
    return ts.load_scenario(made)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("0-24-2018", "0-24-2018"),
        pytest.param("etatssamarbeidet-2023", "pure-network", marks=pytest.mark.slow),
    ],
)
def test_on_other_agencies_each_is_as_it_is_alone(one: str, other: str) -> None:
    """Bit by bit, though forums and projects have the same names and are told apart."""
    first, second = ts.load_scenario(one), stranger(other)
    made = ts.simulate(ts.together(first, second), RUNS, 4, MONTHS)
    for scenario in (first, second):
        alone = ts.simulate(scenario, RUNS, 4, MONTHS)
        for name, values in made.parts[scenario.arrangement.name].items():
            np.testing.assert_array_equal(values, alone.values[name], err_msg=name)


def test_nothing_beside_is_nothing_changed() -> None:
    table = ts.load_scenario("0-24-2018").to_dict()
    made = ts.load_scenario({**table, "beside": []})
    assert made == ts.load_scenario("0-24-2018")
    with pytest.raises(ValueError, match="only one arrangement"):
        ts.simulate(made, 2, months=3).by_arrangement()


def test_on_the_same_agencies_capacity_is_shared_and_both_are_slower() -> None:
    """Effort over both never exceeds capacity; each has drafted less by the end than alone, on average."""
    names = "0-24-2018", "twin"
    twin = ts.load_scenario("0-24-2018").to_dict()
    twin["name"] = twin["arrangement"]["name"] = "twin"
    both = ts.together("0-24-2018", twin)
    world, runs = world_of(both, MONTHS), np.arange(RUNS)
    for now in months_of(world, resolve_parameters(both, None, RUNS), 4, runs):
        month = world.calendar[now.months - 1]
        given = now.state.meeting_time + world.stakes.by_agency @ now.state.work
        assert (given <= now.state.effort + 1e-9).all()
        assert (now.state.effort <= (world.agencies.capacity + month.resources)[:, None] + 1e-9).all()
    together, alone = ts.simulate(both, 64, 4, MONTHS), ts.simulate("0-24-2018", 64, 4, MONTHS)
    progress = {name: values["drafted"].mean() for name, values in together.parts.items()}
    assert all(progress[name] <= alone.values["drafted"].mean() for name in names)
    assert (
        sum(values["planned"] for values in together.parts.values()).tolist()
        == together.values["planned"].tolist()
    )


def test_names_are_told_apart_and_draws_stay() -> None:
    both = world_of(ts.together("0-24-2018", stranger("0-24-2018")), 12)
    assert len({*both.forums.names}) == 2 * len({plain_name(name) for name in both.forums.names})
    assert [len(world.projects.names) for world in both.parts] == [len(both.projects.names) // 2] * 2


@pytest.mark.slow
def test_the_three_arrangements_of_2015_run_side_by_side() -> None:
    made = ts.together("0-24-2015", "housing-for-welfare-2014", "labour-crime-2015")
    assert made.start == "2014-05"
    again = ts.load_scenario(made.to_dict())
    assert again == made
    found = ts.simulate(made, 4, 1, 40)
    table = found.by_arrangement()
    assert [*dict.fromkeys(table.index.get_level_values("arrangement"))] == [
        "0-24-2015",
        "housing-for-welfare-2014",
        "labour-crime-2015",
    ]
    assert np.isfinite(table["mean"]["0-24-2015", "fte_spent"])
    assert len(found.trace(0)["project"].unique()) > 10


def test_what_cannot_run_together_is_refused() -> None:
    with pytest.raises(ts.ScenarioError, match="different names"):
        ts.together("0-24-2018", "0-24-2018")
    with pytest.raises(ts.ScenarioError, match="no changes at dates"):
        ts.together("0-24-2018", "etatssamarbeidet-history")
