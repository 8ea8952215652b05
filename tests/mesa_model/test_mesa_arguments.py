"""What the model takes, what it refuses, and Mesa's batch runs."""

import inspect
from pathlib import Path

import mesa
import numpy as np
import pytest

import tverretatlig_sim as ts

MONTHS = 4


def test_every_argument_has_a_default():
    parameters = inspect.signature(ts.CoordinationModel).parameters.values()
    free = [p.name for p in parameters if p.default is p.empty]
    assert free == ["kwargs"]  # Mesa's app knows the rest by this name only
    assert ts.CoordinationModel().resolved_scenario.name == ts.list_scenarios()[0]


def test_the_app_of_mesa_has_no_scenario_of_its_own_to_give():
    assert ts.CoordinationModel("pure-network").scenario is None


def test_scenario_by_name_path_or_itself():
    scenario = ts.load_scenario("pure-network")
    assert isinstance(scenario.path, Path)
    for given in ("pure-network", scenario.path, str(scenario.path), scenario):
        assert ts.CoordinationModel(given).resolved_scenario == scenario


def test_a_fresh_seed_is_reported_and_repeats_the_run():
    one, other = ts.CoordinationModel(), ts.CoordinationModel()
    assert one.seed_used != other.seed_used
    again = ts.CoordinationModel(rng=one.seed_used)
    one.step()
    again.step()
    assert one.outcomes().equals(again.outcomes())


@pytest.mark.parametrize("seed", [0, 5, np.int64(5), 2**64 - 1])
def test_whole_numbers_are_seeds(seed):
    model = ts.CoordinationModel(rng=seed)
    model.step()
    assert model.seed_used == seed
    assert type(model.seed_used) is int


@pytest.mark.parametrize(
    "make", [np.random.default_rng, np.random.PCG64, np.random.SeedSequence, lambda seed: [seed, 1]]
)
def test_sources_of_random_numbers_give_seeds(make):
    seeds = [ts.CoordinationModel(rng=make(seed)).seed_used for seed in (1, 1, 2)]
    assert seeds[0] == seeds[1] != seeds[2]


def test_a_generator_gives_a_new_seed_each_time():
    generator = np.random.default_rng(1)
    assert ts.CoordinationModel(rng=generator).seed_used != ts.CoordinationModel(rng=generator).seed_used


@pytest.mark.parametrize(
    ("given", "error", "match"),
    [
        ({"rng": -1}, ValueError, "-1"),
        ({"rng": 2**64}, ValueError, "whole number from 0"),
        ({"rng": True}, ValueError, "True"),
        ({"rng": "1"}, TypeError, "1"),
        ({"rng": 1.5}, TypeError, "1.5"),
        ({"months": 0}, ValueError, "months = 0"),
        ({"months": 2.5}, ValueError, "months = 2.5"),
        ({"scenario": "0-24-2019"}, ts.ScenarioError, "did you mean"),
        ({"fricton": 0.1}, ts.ScenarioError, 'did you mean "friction"'),
        ({"seed": 1}, ts.ScenarioError, "unknown parameter"),
        ({"friction": -1.0}, ts.ScenarioError, "friction"),
        ({"friction": "much"}, ts.ScenarioError, "friction"),
        ({"friction": [0.1, 0.2]}, ValueError, "friction has 2 values"),
    ],
)
def test_refusals(given, error, match):
    with pytest.raises(error, match=match):
        ts.CoordinationModel(**given)


def batch(parameters, seeds, **kwargs):
    """Run a batch with the seeds where this version of Mesa wants them."""
    if "rng" in inspect.signature(mesa.batch_run).parameters:
        kwargs["rng"] = seeds
    else:
        parameters = {**parameters, "rng": seeds}
    return mesa.batch_run(
        ts.CoordinationModel, parameters, max_steps=MONTHS, display_progress=False, **kwargs
    )


@pytest.mark.parametrize("processes", [1, 2])
def test_batch_run(processes):
    parameters = {"scenario": "pure-network", "friction": [0.1, 0.9]}
    rows = batch(parameters, [1, 2], number_processes=processes)
    found = {(row["rng"], row["friction"]): row for row in rows}
    assert found.keys() == {(1, 0.1), (1, 0.9), (2, 0.1), (2, 0.9)}
    for (seed, friction), row in found.items():
        outcomes = ts.simulate(
            "pure-network", 1, seed, MONTHS, {"friction": friction}, series="none"
        ).outcomes
        assert row["month"] == MONTHS
        assert row["trust_mean"] == outcomes["trust_mean"].item()
        assert row["understanding_gap"] == outcomes["understanding_gap"].item()


def test_batch_run_collects_every_month():
    rows = batch({"scenario": ts.load_scenario("pure-network")}, [1], data_collection_period=1)
    assert sorted({row["month"] for row in rows}) == list(range(MONTHS + 1))


def test_repetitions_without_a_seed_differ():
    rows = batch({}, [None, None])
    assert len({row["trust_mean"] for row in rows}) == 2


@pytest.mark.skipif(
    "rng" in inspect.signature(mesa.batch_run).parameters, reason="this Mesa takes seeds instead"
)
def test_iterations():
    rows = mesa.batch_run(
        ts.CoordinationModel, {"rng": [1]}, iterations=2, max_steps=MONTHS, display_progress=False
    )
    assert [row["iteration"] for row in rows] == [0, 1]
    assert rows[0]["trust_mean"] == rows[1]["trust_mean"]
