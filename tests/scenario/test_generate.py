"""Made-up worlds: the same from the same seed, graded, checked, and of the same make at every size."""

from __future__ import annotations

import cProfile
import tomllib
import tracemalloc
from collections.abc import Callable
from functools import cache

import numpy as np
import pytest

from tverretatlig_sim import Scenario, evidence, generate, simulate
from tverretatlig_sim.ensemble.batch import BATCH_SIZE, batch_size_of
from tverretatlig_sim.scenario.files import toml_text
from tverretatlig_sim.scenario.generate import generated_tables
from tverretatlig_sim.world import World, build_world

FIELD = 300
"""Agencies of the larger networks that studies of the field look at."""


def relations(world: World) -> dict[str, float]:
    """Relations an agency, by kind."""
    kinds = {"seats": world.seats, "ties": world.ties, "stakes": world.stakes, "duties": world.duties}
    size = np.count_nonzero(~world.agencies.is_ministry)
    counts = {"ties": len(world.ties.source), **{k: len(v.agency) for k, v in kinds.items() if k != "ties"}}
    return {kind: count / size for kind, count in counts.items()}


def test_the_seed_decides() -> None:
    assert generated_tables(40, 7) == generated_tables(40, 7)
    assert generated_tables(40, 7)["portfolio"] != generated_tables(40, 8)["portfolio"]


@pytest.mark.parametrize("agencies", [13, 14, 25, 50])
def test_every_size_is_what_was_asked_for(agencies: int) -> None:
    scenario = generate(agencies)
    assert len(scenario.agencies) == agencies
    steered = {agency.ministry for agency in scenario.agencies}
    assert {ministry.name for ministry in scenario.ministries} == steered
    municipal = [agency for agency in scenario.agencies if agency.name.startswith("municipality")]
    assert len(municipal) == pytest.approx(0.25 * agencies, abs=1.5)
    outcomes = simulate(scenario, runs=2, months=36, series="none").outcomes
    assert outcomes["drafted"].min() > 0


@pytest.mark.parametrize(
    ("agencies", "seed"), [(12, 1), (10**6 + 1, 1), (13.0, 1), (True, 1), (13, -1), (13, 2**64)]
)
def test_impossible_sizes_are_refused(agencies: int, seed: int) -> None:
    with pytest.raises(ValueError, match="must be a whole number from"):
        generate(agencies, seed)


def test_every_number_is_graded_as_assumed() -> None:
    table = evidence(generate(13))
    assert set(table.query("part != 'parameters'")["grade"]) == {"assumed"}
    assert table["source"].str.len().min() > 0
    assert table.loc[table["field"] == "agency.capacity", "source"].str.startswith("made up").all()


def test_the_file_says_the_same() -> None:
    tables = generated_tables(30)
    assert tomllib.loads(toml_text(tables)) == tables


def test_text_survives_a_file() -> None:
    odd = {"a b": 'quotes " and \\ and \x7f and \n', "æ": [1, 2.5, True], "t": {"x": {"y": []}, "z": -0.5}}
    assert tomllib.loads(toml_text(odd)) == odd


@pytest.mark.slow
def test_a_world_of_the_size_of_the_field() -> None:
    scenario = generate(FIELD)
    world = build_world(scenario, 60)
    assert len(world.agencies.names) == FIELD + len(world.ministries.names)
    assert len(world.ties.source) > 4000
    assert len(world.ministries.names) == 50
    assert len(world.forums.names) == 108
    whole = simulate(scenario, runs=3, series="none").outcomes
    assert 0.05 < whole["implemented_rate"].mean() < 0.95
    assert whole["reached_municipalities"].notna().all()
    single = simulate(scenario, runs=3, series="none", batch_size=1).outcomes
    np.testing.assert_array_equal(whole.to_numpy(), single.to_numpy())


@cache
def large_scenario() -> Scenario:
    return generate(10 * FIELD)


@pytest.mark.slow
def test_relations_an_agency_do_not_depend_on_the_size() -> None:
    small, large = (relations(build_world(it, 60)) for it in (generate(FIELD), large_scenario()))
    assert large == pytest.approx(small, rel=0.03)
    assert small["stakes"] == pytest.approx(7.5, abs=1)


@pytest.mark.slow
def test_a_moderately_large_world_runs() -> None:
    outcomes = simulate(large_scenario(), runs=1, months=8, series="none").outcomes
    assert outcomes["meetings"].iloc[0] > 3000
    assert outcomes["drafted"].iloc[0] > 0


@pytest.mark.slow
def test_large_worlds_are_run_in_small_blocks() -> None:
    """So that memory does not grow with the number of runs."""
    small, large = (build_world(it, 1) for it in (generate(13), large_scenario()))
    assert batch_size_of(small) == BATCH_SIZE
    assert 64 < batch_size_of(large) < 100


def built(size: int) -> Callable[[], object]:
    """Loading, indexing and a month of a world."""
    tables = generated_tables(size)

    def build() -> object:
        from tverretatlig_sim import load_scenario

        scenario = load_scenario(tables)
        return build_world(scenario, 1).calendar[0], simulate(scenario, runs=1, months=1, series="none")

    return build


def calls(action: Callable[[], object]) -> int:
    """Calls of functions, Python's own too."""
    profile = cProfile.Profile()
    profile.runcall(action)
    return sum(entry.callcount for entry in profile.getstats())  # type: ignore[attr-defined]


def memory(action: Callable[[], object]) -> int:
    """Most memory in use at one time, in bytes."""
    tracemalloc.start()
    try:
        action()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


@pytest.mark.slow
@pytest.mark.xfail(strict=True, reason="what ministries hear is a table of every case and ministry")
@pytest.mark.parametrize("cost", [calls, memory])
def test_cost_grows_no_faster_than_the_world(cost: Callable[[Callable[[], object]], int]) -> None:
    built(13)()  # fills the caches
    small, large = cost(built(150)), cost(built(600))
    assert large / small < 4.2
