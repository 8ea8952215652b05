"""Search: a planted front is found, doubt is said, luck is taken out, and a stopped search goes on."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from choosing import KINDS, mostly_slow
from tverretatlig_sim import load_scenario, simulate
from tverretatlig_sim.ensemble.statistics import mean_interval, nondominated, rivals
from tverretatlig_sim.scenario.edits import arranged
from tverretatlig_sim.scenario.fit import is_secretariat
from tverretatlig_sim.scenario.schema import given
from tverretatlig_sim.study.search import (
    FILE,
    Evaluations,
    Search,
    dials_of,
    fresh_seed,
    optimise,
    search,
    turned,
)

SMALL: dict[str, Any] = {"trials": 12, "runs": 3, "months": 16, "fresh_runs": 6, "gain": "drafted"}


def test_the_planted_front_is_found() -> None:
    space = {
        "use": tuple(map(float, range(8))),
        "waste": tuple(map(float, range(8))),
        "colour": ("red", "blue"),
    }

    def evaluate(settings: Any) -> tuple[float, float]:
        return settings["use"], settings["use"] ** 2 + 3 * settings["waste"]

    tried = optimise(space, lambda some: [*map(evaluate, some)], trials=300, seed=1)
    assert len({tuple(settings.values()) for settings in tried}) == len(tried) < 8 * 8 * 2
    gain, cost = np.array([evaluate(settings) for settings in tried]).T
    front = [tried[point] for point in np.flatnonzero(nondominated(gain, cost))]
    assert {settings["use"] for settings in front} == set(range(8))
    assert {settings["waste"] for settings in front} == {0.0}


def test_what_has_no_gain_is_passed_over() -> None:
    tried = optimise(
        {"x": (0.0, 1.0)}, lambda some: [(np.nan if s["x"] else 1.0, 1.0) for s in some], trials=30, seed=1
    )
    assert len(tried) == 2


def test_the_front_is_the_one_of_the_definition() -> None:
    gain, cost = np.random.default_rng(1).integers(0, 6, (2, 60)).astype(float)
    gain[:5] = np.nan
    expected = [
        not np.isnan(g) and not any(g2 >= g and c2 <= c and (g2 > g or c2 < c) for g2, c2 in zip(gain, cost))  # noqa: B905
        for g, c in zip(gain, cost, strict=True)
    ]
    np.testing.assert_array_equal(nondominated(gain, cost), expected)


def test_doubt_is_between_points_that_luck_could_swap() -> None:
    noise = np.random.default_rng(1).normal(size=(3, 200))
    gains = [1.0 + 0.1 * noise[0], 2.0 + noise[1], 2.001 + noise[2]]
    costs = [np.full(200, 1.0), np.full(200, 2.0), np.full(200, 2.0)]
    assert rivals(gains, costs) == [[], [2], [1]]
    assert rivals([gains[1], gains[1]], [costs[1], costs[1]]) == [[], []]
    assert rivals([gains[1], gains[2]], [2.0 + noise[0], 2.0 + noise[1]]) == [[1], [0]]


def test_fresh_draws_take_the_luck_out() -> None:
    """Forty structures without any difference: the best of them is lucky, and is seen to be."""
    luck = np.random.default_rng(3)
    cost = np.arange(40.0)
    tried = [
        ({"x": float(x)}, (mean_interval(luck.normal(size=20)), mean_interval(np.full(20, x)))) for x in cost
    ]
    gains = np.array([evaluation[0].mean for _, evaluation in tried])
    points = np.flatnonzero(nondominated(gains, cost)).tolist()
    fresh = {point: (luck.normal(size=400), np.full(400, cost[point])) for point in points}
    plain = mean_interval(np.zeros(400)), mean_interval(np.full(400, 20.0))
    found = Search(SimpleNamespace(seed=1, robust=False), tried, 400, fresh, plain, plain, ())  # type: ignore[arg-type]
    assert len(points) >= 3
    assert found.flattery > 0.1
    assert found.front["fresh_gain"].abs().max() < 0.2
    assert list(found.front["clear"]) == [True] + [False] * (len(points) - 1)
    assert found.front["holds"].iloc[0]


@pytest.mark.parametrize("name", mostly_slow(KINDS))
def test_every_dial_turns_every_scenario(name: str) -> None:
    scenario = load_scenario(name)
    for dial in dials_of(scenario):
        for level in dial.levels:
            turned(scenario, {dial.name: level})
    lowest = {dial.name: dial.levels[0] for dial in dials_of(scenario)}
    outcomes = simulate(turned(scenario, lowest), runs=1, months=6, series="none").outcomes
    assert outcomes["fte_spent"].iloc[0] >= 0


def test_dials_do_what_they_are_called() -> None:
    scenario = load_scenario("etatssamarbeidet-2022")
    settings = {"portfolio": 0.5, "stop_points": 3.0, "secretariat": 8.0, "seats": 5.0, "cadence": 6.0}
    made = turned(scenario, {**settings, "rule": "lead"})
    forums = made.arrangement.forum
    assert len(made.portfolio.project) == -(-len(scenario.portfolio.project) // 2)
    assert made.arrangement.stop_points.value == 3
    assert sum(float(forum.secretariat_fte) for forum in forums) == pytest.approx(8)
    assert max(len(forum.seats) for forum in forums if not is_secretariat(forum)) == 5
    assert {float(forum.cadence) for forum in forums if not is_secretariat(forum)} == {6}
    assert {forum.rule for forum in forums} == {"lead"}
    assert turned(scenario, {}) == scenario


def test_a_secretariat_is_made_where_there_is_none() -> None:
    staffed = load_scenario("etatssamarbeidet-2022")
    forums = [
        forum.model_copy(update={"secretariat_fte": given(0.0), "served_by": None})
        for forum in staffed.arrangement.forum
    ]
    bodies = [body.model_copy(update={"served_by": None}) for body in staffed.arrangement.ministry_forum]
    scenario = arranged(staffed, forum=forums, ministry_forum=bodies)
    made = turned(scenario, {"secretariat": 2.0})
    assert sum(float(forum.secretariat_fte) for forum in made.arrangement.forum) == 2


@pytest.mark.parametrize("settings", [{"seats": 4.0}, {"colour": "red"}, {"rule": "dice"}])
def test_unknown_settings_are_refused(settings: Any) -> None:
    with pytest.raises(ValueError, match="allowed: "):
        turned(load_scenario("etatssamarbeidet-2022"), settings)


@pytest.mark.parametrize(
    "given", [{"trials": 1}, {"runs": 1}, {"gain": "joy"}, {"dials": ("colour",)}, {"fresh_runs": 0}]
)
def test_impossible_searches_are_refused(given: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"whole number from|allowed"):
        search(load_scenario("0-24-2018"), **{**SMALL, **given})


def test_a_search_is_repeatable_and_fresh() -> None:
    scenario = load_scenario("0-24-2018")
    once, again = (search(scenario, **SMALL) for _ in range(2))
    assert once.table().equals(again.table())
    assert once.front.equals(again.front)
    point = next(iter(once.fresh))
    settings = once.tried[point][0]
    alone = simulate(turned(scenario, settings), 6, fresh_seed(1), 16, series="none").outcomes
    np.testing.assert_array_equal(once.fresh[point][1], alone["fte_spent"].to_numpy())
    other = search(scenario, **SMALL, seed=2)
    assert [s for s, _ in other.tried] != [s for s, _ in once.tried]


def test_only_the_dials_asked_for_are_turned() -> None:
    found = search(load_scenario("0-24-2018"), **SMALL, dials=("cadence", "stop_points"), robust=True)
    assert set(found.tried[0][0]) == {"cadence", "stop_points"}
    assert found.job.robust


@pytest.mark.slow
def test_a_stopped_search_goes_on(tmp_path: Path) -> None:
    scenario = load_scenario("0-24-2018")
    whole = search(scenario, **SMALL, folder=tmp_path)
    file = tmp_path / FILE
    lines = file.read_text(encoding="utf-8").splitlines(keepends=True)
    assert len(lines) == len(whole.tried)
    file.write_text("".join(lines[:4]) + lines[4][:30], encoding="utf-8")
    again = search(scenario, **SMALL, folder=tmp_path)
    assert again.table().equals(whole.table())
    kept = Evaluations(tmp_path, whole.job.key).known
    assert len(kept) == len(whole.tried)
    assert Evaluations(tmp_path, search(scenario, **SMALL, seed=3).job.key).known == {}
