"""What holds in every world, under every parameter, in every month."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from choosing import KINDS, mostly_slow, shipped
from tverretatlig_sim import Scenario, load_scenario
from tverretatlig_sim.ensemble.batch import begin, months_of, resolve_parameters
from tverretatlig_sim.ensemble.outcomes import Snapshot
from tverretatlig_sim.kernel import Draws
from tverretatlig_sim.kernel.state import (
    ADOPTED,
    DONE,
    DROPPED,
    IDLE,
    IMPLEMENTED,
    NEVER,
    PLANNED,
    RELEASED,
    WAITING,
    WORKING,
    State,
    variables,
)
from tverretatlig_sim.scenario.files import toml_text
from tverretatlig_sim.world import World, build_world
from tverretatlig_sim.world.calendar import Month
from tverretatlig_sim.world.tables import INSTRUMENTS, LAST_DUTY, OWN_DUTY

from .worlds import LONGEST, Row, parameters, parameters_of, scenario_of, scenarios, steady, tables

RUNS = 3
EXACT = 1e-9
"""Of sums of floating-point numbers, relative to their size."""

ROUNDING = 1e-12
"""Of a weighted mean of numbers in the unit interval."""

LIFE_CYCLE = ("drafted_at", "decided_at", "handed_at", "adopted_at", "implemented_at")
REASONS = ("lost_disagreement", "lost_ministries", "lost_line", "lost_municipalities")

Array = np.ndarray
Check = Callable[[State, State, World, Month], None]
"""Looks at the states before and after a month."""


def states(scenario: Scenario, values: Mapping[str, Any], seed: int, months: int) -> list[Snapshot]:
    """Some runs before the first month and after every month."""
    world, runs = build_world(scenario, months), np.arange(RUNS)
    resolved = resolve_parameters(scenario, values, RUNS)
    return [begin(world, resolved, Draws(seed, runs), RUNS), *months_of(world, resolved, seed, runs)]


def limits(declared: str) -> tuple[float, float]:
    """An interval as state variables declare it: ``0..1``, ``-1..`` or ``>= 0``."""
    low, _, high = declared.replace(">= 0", "0..").partition("..")
    return float(low), float(high or np.inf)


def check_declared_ranges(before: State, state: State, world: World, month: Month) -> None:
    """Everything is a number, of the declared shape, within the declared range."""
    for name, variable in variables().items():
        values = getattr(state, name)
        low, high = limits(variable.range)
        assert values.shape == getattr(before, name).shape, name
        assert np.isfinite(values).all(), name
        assert (values >= low - ROUNDING).all(), (name, values.min())
        assert (values <= high + ROUNDING).all(), (name, values.max())


def check_stages_partition(before: State, state: State, world: World, month: Month) -> None:
    """A recommendation is where its months of transition say, and nowhere else."""
    reached = sum((getattr(state, name) != NEVER).astype(int) for name in LIFE_CYCLE)
    expected = np.where(state.dropped_at != NEVER, DROPPED, PLANNED + reached)
    np.testing.assert_array_equal(state.stage, expected)
    np.testing.assert_array_equal(state.stage == DROPPED, state.loss > 0)
    assert (state.dropped_at[state.stage == IMPLEMENTED] == NEVER).all()


def check_order_of_months(before: State, state: State, world: World, month: Month) -> None:
    """Transitions come in order, none is skipped, none lies in the future or before the project.

    Nobody decides on, or takes up, what was drafted or handed over in the same month.
    """
    earlier = world.projects.start[world.recommendations.project][:, None]
    happened = np.ones_like(state.drafted_at, dtype=bool)
    for name in LIFE_CYCLE:
        now = getattr(state, name)
        assert (happened | (now == NEVER)).all(), name
        happened = now != NEVER
        assert ((now >= earlier) | ~happened).all(), name
        assert (now <= month.index).all(), name
        earlier = np.where(happened, now, earlier)
    assert ((state.dropped_at >= earlier) | (state.dropped_at == NEVER)).all()
    for later, before_that in (("decided_at", "drafted_at"), ("adopted_at", "handed_at")):
        taken = getattr(state, later) != NEVER
        assert (getattr(state, later)[taken] > getattr(state, before_that)[taken]).all(), later


def check_no_way_back(before: State, state: State, world: World, month: Month) -> None:
    """What has happened stays: months of transition do not change, lost is lost, progress does not shrink."""
    for name in (*LIFE_CYCLE, "dropped_at", "delivered_at", "mandated_at"):
        known = getattr(before, name) != NEVER
        np.testing.assert_array_equal(getattr(before, name)[known], getattr(state, name)[known], err_msg=name)
    over = (before.stage == DROPPED) | (before.stage == IMPLEMENTED)
    np.testing.assert_array_equal(before.stage[over], state.stage[over])
    for name in ("progress", "mandate_rounds", "votes"):
        assert (getattr(state, name) >= getattr(before, name)).all(), name
    assert (state.project_boldness <= before.project_boldness).all()


def check_effort(before: State, state: State, world: World, month: Month) -> None:
    """Nobody gives more than there is: capacity, then effort, then meetings and work."""
    capacity = (world.agencies.capacity + month.resources)[:, None]
    work = np.zeros_like(state.effort)
    np.add.at(work, world.stakes.agency, state.work)
    assert (state.effort <= capacity * (1 + EXACT)).all()
    assert (state.meeting_time + work <= state.effort * (1 + EXACT)).all()


def check_work_only_in_active_projects(before: State, state: State, world: World, month: Month) -> None:
    """Nothing is done in a project before its start, nor after its delivery but to revise."""
    open_now = (world.projects.start <= month.index)[:, None]
    open_now = open_now & ((before.delivered_at == NEVER) | (before.rework > 0))
    assert (state.work[~open_now[world.stakes.project]] == 0).all()


def check_attendance(before: State, state: State, world: World, month: Month) -> None:
    """Only seats of forums that live and meet this month are taken."""
    meets = np.zeros(len(world.forums.names), dtype=bool)
    meets[month.meeting.forums] = True
    assert (month.standing.alive[meets] == 1).all()
    assert (state.attended[~meets[world.seats.forum]] == 0).all()
    assert (state.structure[~meets] == 0).all()
    assert np.isin(state.attended, (0, 1)).all()


def check_duties(before: State, state: State, world: World, month: Month) -> None:
    """The status of a duty agrees with the stage of its recommendation."""
    stage = state.stage[world.duties.recommendation]
    handed = state.handed_at[world.duties.recommendation] != NEVER
    status = state.duty_status
    carried_out = state.carried_out_at[world.duties.recommendation] != NEVER
    own, last = state.bears == OWN_DUTY, state.bears == LAST_DUTY
    np.testing.assert_array_equal(status != IDLE, (last & carried_out) | (own & handed))
    held = np.add.reduceat(own, world.recommendations.first_duty, axis=0, dtype=int)
    np.testing.assert_array_equal(
        held, np.broadcast_to(world.recommendations.own_duties[:, None], held.shape)
    )
    assert (stage[status == RELEASED] == DROPPED).all()
    assert not np.isin(status[stage == DROPPED], (WAITING, WORKING)).any()
    assert (status[(stage == IMPLEMENTED) & (own | last)] == DONE).all()
    assert np.isin(status[(stage == ADOPTED) & own], (WORKING, DONE)).all()
    assert (state.work_left[status != WORKING] == 0).all()


def check_understanding(before: State, state: State, world: World, month: Month) -> None:
    """Views stay a mixture: weights over the themes still sum to at most 1."""
    assert (state.understanding.sum(axis=0) <= 1 + EXACT).all()


MONTHLY: tuple[Check, ...] = (
    check_declared_ranges,
    check_stages_partition,
    check_order_of_months,
    check_no_way_back,
    check_effort,
    check_work_only_in_active_projects,
    check_attendance,
    check_duties,
    check_understanding,
)


def assert_invariants(scenario: Scenario, values: Mapping[str, Any], seed: int, months: int) -> None:
    """Walk through some runs month by month, but for those in which another world begins; then outcomes."""
    walked = states(scenario, values, seed, months)
    for before, after in itertools.pairwise(walked):
        for check in MONTHLY if after.world is before.world else ():
            check(before.state, after.state, after.world, after.world.calendar[after.months - 1])
    assert_funnel(walked[-1], walked[-1].world)
    assert_shares(walked[-1])


def assert_funnel(progress: Snapshot, world: World) -> None:
    """Counts narrow from stage to stage, and what was drafted is implemented, lost or on its way."""
    o = progress.outcomes()
    counts = [o[name] for name in ("planned", "drafted", "decided", "handed_over", "adopted", "implemented")]
    for wider, narrower in itertools.pairwise(counts):
        assert (narrower <= wider).all()
    assert (o["planned"] == len(world.recommendations.names)).all()
    np.testing.assert_array_equal(o["drafted"], o["implemented"] + o["dropped"] + o["pending"])
    np.testing.assert_array_equal(o["dropped"], sum(o[name] for name in REASONS))
    assert (o["pending"] >= 0).all()
    assert (o["implemented"] <= o["carried_out"]).all()
    assert (o["lasting"] <= o["carried_out"]).all()
    assert (o["not_drafted"] <= o["planned"] - o["drafted"]).all()


SHARES = (
    "implemented_rate", "implemented_rate_horizon", "boldness_end", "structure_share", "service_quality",
    "attendance_core", "attendance_periphery", "trust_mean", "trust_core", "trust_periphery_to_core",
    "trust_core_to_periphery", "inclusion_periphery", "ownership_end", "confidence_end",
    "negative_coordination", "positive_coordination", "reached_municipalities", "clarity_end",
    "ministry_coherence", "municipal_link", *(f"implemented_{kind}" for kind in INSTRUMENTS),
)  # fmt: skip


def assert_shares(progress: Snapshot) -> None:
    """Outcomes are not negative, and shares are shares; which are missing the reference says, too."""
    for name, values in progress.outcomes().items():
        known = values[~np.isnan(values)]
        assert np.isfinite(known).all(), name
        assert (known >= -ROUNDING).all(), name
        assert name not in SHARES or (known <= 1 + ROUNDING).all(), name


@steady(14)
@given(scenarios(), parameters("evidence", RUNS), st.integers(0, 2**64 - 1))
def test_random_worlds_with_parameters_from_the_evidence(
    scenario: Scenario, values: dict[str, Array], seed: int
) -> None:
    assert_invariants(scenario, values, seed, LONGEST)


@steady(14)
@given(scenarios(agencies=15, projects=15), parameters("hard", RUNS), st.integers(0, 2**64 - 1))
def test_random_worlds_with_parameters_within_hard_bounds(
    scenario: Scenario, values: dict[str, Array], seed: int
) -> None:
    assert_invariants(scenario, values, seed, LONGEST)


@pytest.mark.parametrize("name", mostly_slow(KINDS, ["0-24-2018"]))
def test_shipped_scenarios(name: str) -> None:
    scenario = shipped(name)
    assert_invariants(scenario, {}, seed=1, months=scenario.default_months)
    assert_invariants(scenario, parameters_of(1, "hard", RUNS), seed=1, months=scenario.default_months)


@steady(6)
@given(tables(agencies=8, projects=5))
def test_the_loader_accepts_random_worlds(tmp_path_factory: pytest.TempPathFactory, table: Row) -> None:
    """The strategies make what a user could write: the same tables in a file give the same scenario."""
    path = tmp_path_factory.mktemp("world") / "random.toml"
    path.write_text(toml_text(table), encoding="utf-8")
    loaded, made = load_scenario(path), scenario_of(table)
    for part in ("agencies", "ministries", "core", "arrangement", "portfolio", "letters"):
        assert getattr(loaded, part) == getattr(made, part), part
