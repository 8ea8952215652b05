"""Names carry luck, never a load: other names give other draws, not other shares of the work."""

from __future__ import annotations

from collections import Counter
from functools import cache
from itertools import combinations
from typing import Any

import numpy as np
import pandas as pd
import pytest
from scipy.stats import chisquare, ks_2samp, norm

from choosing import mostly_slow
from tverretatlig_sim import Scenario, build, list_scenarios, load_scenario, simulate
from tverretatlig_sim.ensemble.batch import begin, resolve_parameters
from tverretatlig_sim.kernel import Draws
from tverretatlig_sim.scenario.history import source_of
from tverretatlig_sim.scenario.operations import (
    drop_projects,
    fewer_seats,
    law_and_budget,
    name_coordinator,
    spread,
    through_municipalities,
)
from tverretatlig_sim.study.samples import quantity
from tverretatlig_sim.study.search import turned
from tverretatlig_sim.world import build_world
from tverretatlig_sim.world.tables import OWN_DUTY

FALSE_ALARM = 0.01
"""Chance that a sound model fails one of these tests with a fresh seed; seeds are fixed."""

RUNS, MONTHS = 400, 60
LAST_BITS = 9
"""Decimals that are compared: sums run in order of names, which shows in the last bits."""


def swapped(value: Any, names: dict[str, str]) -> Any:
    """The same tables with other names, wherever one stands."""
    if isinstance(value, dict):
        return {names.get(key, key): swapped(item, names) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [swapped(item, names) for item in value]
    return names.get(value, value) if isinstance(value, str) else value


def in_reverse(scenario: Scenario) -> Scenario:
    """The first agency, forum and project by name get the name of the last, and so on."""
    names: dict[str, str] = {}
    for rows in (scenario.everyone, scenario.arrangement.forum, scenario.portfolio.project):
        own = sorted(row.name for row in rows)
        names |= dict(zip(own, reversed(own), strict=True))
    table = scenario.to_dict()
    if scenario.then:  # what it becomes is told by a name, behind which stand the same names
        table["then"] = [
            {**row, "becomes": source_of(row["becomes"]).to_dict()} if row.get("becomes") else row
            for row in table["then"]
        ]
    return Scenario.from_dict(swapped(table, names))


@cache
def outcomes(name: str, reverse: bool) -> pd.DataFrame:
    scenario = load_scenario(name)
    asked = in_reverse(scenario) if reverse else scenario
    return simulate(asked, RUNS, 2 + reverse, MONTHS, series="none").outcomes.round(LAST_BITS)


@pytest.mark.parametrize("name", mostly_slow(list_scenarios()))
def test_names_in_reverse_order_move_no_outcome(name: str) -> None:
    """Kolmogorov–Smirnov for every outcome that varies, with Bonferroni's correction."""
    one, other = outcomes(name, False), outcomes(name, True)
    varies = [outcome for outcome in one if one[outcome].nunique() > 1 or other[outcome].nunique() > 1]
    assert "implemented_of_planned" in varies
    least = {x: ks_2samp(one[x].dropna(), other[x].dropna(), method="asymp").pvalue for x in varies}
    assert min(least.values()) > FALSE_ALARM / len(varies), pd.Series(least).sort_values().head()
    still = [outcome for outcome in one if outcome not in varies]
    pd.testing.assert_series_equal(one[still].max(), other[still].max(), atol=1e-8)


@pytest.mark.slow
def test_names_in_reverse_order_move_no_difference() -> None:
    """No paired difference of two shipped scenarios moves by more than chance; corrected for all pairs."""
    pairs = [*combinations(list_scenarios(), 2)]
    moved = norm.isf(FALSE_ALARM / 2 / len(pairs))
    for a, b in pairs:
        before, after = (
            outcomes(a, reverse)["implemented_rate"] - outcomes(b, reverse)["implemented_rate"]
            for reverse in (False, True)
        )
        error = np.sqrt(before.var() / before.count() + after.var() / after.count())
        assert abs(after.mean() - before.mean()) < moved * error, (a, b)


AGENCY = {"ministry": "M", "capacity": 1.0}
NEAR, FAR = {"health": 1.0}, {"health": 0.2, "work": 1.0}


def bearers(members: dict[str, dict[str, float]], runs: int, **project: Any) -> dict[str, Any]:
    """Duties that each agency bears in each run of a project that the first leads. Shape (run,)."""
    lead, *_ = members
    plan = {"name": "P", "themes": NEAR, "origin": "commissioned", "lead": lead, "members": [*members]}
    agencies = [{"name": name, "core_tasks": tasks, **AGENCY} for name, tasks in members.items()]
    scenario = build("small", agencies, [{**plan, "size": 1.0, "start": "2020-01", **project}])
    world = build_world(scenario, 1)
    state = begin(world, resolve_parameters(scenario, None, runs), Draws(1, np.arange(runs)), runs).state
    borne = world.duties.by_agency @ (state.bears == OWN_DUTY)
    return dict(zip(world.agencies.names, borne, strict=True))


@pytest.mark.parametrize("parties", [2, 3])
def test_equals_bear_equal_shares(parties: int) -> None:
    """One recommendation among six equals: over runs each bears it equally often; the lead always."""
    runs = 3000
    borne = bearers(dict.fromkeys("GABCDEF", NEAR), runs, recommendations=1, parties=parties)
    assert (borne.pop("G") == 1).all()
    assert (sum(borne.values()) == parties - 1).all()
    shares = [times.sum() for times in borne.values()]
    assert chisquare(shares).pvalue > FALSE_ALARM  # drawn without replacement: fewer alarms than that


def test_the_nearest_bear_what_does_not_divide() -> None:
    """Of five turns among two near and one far, the near bear two, whatever they are called."""
    for far in "AZ":
        borne = bearers({"L": NEAR, "M": NEAR, far: FAR, "N": NEAR}, 50, recommendations=5, parties=2)
        assert (borne[far] == 1).all()
        assert (borne["M"] == 2).all()
        assert (borne["N"] == 2).all()


EQUALS = [f"{letter}{letter}" for letter in "ABCDEFGH"]
PLAN = {
    "themes": NEAR,
    "origin": "commissioned",
    "size": 1.0,
    "recommendations": 2,
    "instrument": "pedagogical",
}


def small(names: list[str], projects: list[dict[str, Any]]) -> Scenario:
    """Agencies with these names, which sit in one forum, and projects of theirs."""
    table = {"name": "F", "function": "steer", "seats": "all", "cadence": 1.0, "agenda": 5.0}
    agencies = [{"name": name, "core_tasks": NEAR, **AGENCY} for name in names]
    work = [{**PLAN, **project} for project in projects]
    return build("small", agencies, work, [{**table, "authority": 0.5, "rank": 1.0}], start="2020-01")


def decided(scenario: Scenario) -> dict[str, frozenset[str]]:
    """What each edit that has to choose chooses."""
    some = quantity(0.4)
    forums = fewer_seats(scenario, "all", most=quantity(3.0)).arrangement.forum
    spread_out = spread(scenario, "place", share=some).agencies
    by_law = law_and_budget(scenario, share=some).portfolio.project
    through = through_municipalities(scenario, share=some).portfolio.project
    place = Counter(it.place for it in spread_out).most_common(1)[0][0]
    found = {
        "coordinator": [name_coordinator(scenario).arrangement.coordinator],
        "seats": [name for forum in forums for name in forum.seats],
        "spread": [it.name for it in spread_out if it.place != place],
        "last": [it.name for it in drop_projects(scenario, share=some, first="last").portfolio.project],
        "far": [it.name for it in drop_projects(scenario, share=some, first="farthest").portfolio.project],
        "law": [it.name for it in by_law if it.instrument == "legal"],
        "municipal": [it.name for it in through if it.municipal],
        "searched": [it.name for it in turned(scenario, {"portfolio": 0.5}).portfolio.project],
    }
    return {name: frozenset(map(str, chosen)) for name, chosen in found.items()}


def test_edits_choose_by_content() -> None:
    """Where content differs, names in reverse order change nothing but names."""
    start = ["2020-03", "2020-01", "2021-05", "2020-02", "2022-01"]
    projects = [
        {"name": f"P{k}", "start": start[k], "lead": EQUALS[k // 3], "members": EQUALS[: 8 - k]}
        for k in range(5)
    ]
    scenario = small(EQUALS, [{**it, "themes": {**NEAR, "work": 0.1 * k}} for k, it in enumerate(projects)])
    names: dict[str, str] = {}
    for rows in (scenario.agencies, scenario.portfolio.project):
        own = sorted(row.name for row in rows)
        names |= dict(zip(own, reversed(own), strict=True))
    other = decided(Scenario.from_dict(swapped(scenario.to_dict(), names)))
    for edit, chosen in decided(scenario).items():
        assert other[edit] == {names[name] for name in chosen}, edit


def test_edits_draw_among_equals() -> None:
    """Equals are chosen equally often, whatever letter their names begin with: eight edits, corrected."""
    times, many = {edit: Counter[str]() for edit in decided(small(EQUALS, equal_projects("")))}, 80
    for name in range(many):
        for edit, chosen in decided(
            small([f"{it}{name}" for it in EQUALS], equal_projects(str(name)))
        ).items():
            times[edit].update(it[0] for it in chosen)
    for edit, counted in times.items():
        assert chisquare([counted[it[0]] for it in EQUALS]).pvalue > FALSE_ALARM / len(times), edit


def equal_projects(ending: str) -> list[dict[str, Any]]:
    everyone = [f"{it}{ending}" for it in EQUALS]
    return [{"name": it, "start": "2020-01", "lead": it, "members": everyone} for it in everyone]


def test_what_is_drafted_first_is_drawn() -> None:
    """Half of the runs draft the first by name first."""
    scenario = load_scenario("ny-giv-2010")
    world, runs = build_world(scenario, 1), 400
    state = begin(world, resolve_parameters(scenario, None, runs), Draws(1, np.arange(runs)), runs).state
    planned = world.projects.planned[world.recommendations.project]
    for row in world.projects.first_recommendation[world.projects.planned == 2]:
        assert abs((state.number[row] == 1).mean() - 0.5) < 0.1  # four standard errors
    np.testing.assert_array_equal(
        world.recommendations.by_project @ state.number.astype(float),
        world.recommendations.by_project @ np.broadcast_to((planned[:, None] + 1) / 2, state.number.shape),
    )
