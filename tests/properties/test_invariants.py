"""What holds in every world, under every parameter, in every month."""

from __future__ import annotations

import itertools
import json
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
    assert_defined(walked[-1], walked[-1].world)


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


def needed(progress: Snapshot, world: World) -> dict[str, Array]:
    """Of how much each outcome that can be undefined is an average, shape (run,)."""
    state, total, runs = progress.state, progress.sum, np.ones(RUNS)
    drafted, done = state.drafted_at != NEVER, state.stage == IMPLEMENTED
    core, participant = world.agencies.core, world.agencies.participant
    ties, ministry = world.ties, world.agencies.is_ministry
    among = ~(ministry[ties.source] | ministry[ties.target])
    source, target = core[ties.source][among], core[ties.target][among]
    implemented = done.sum(axis=0)
    rung = world.projects.rung[world.recommendations.project][:, None]
    several = (world.recommendations.own_duties >= 2)[:, None]
    chained = np.logical_or.reduceat(state.bears == LAST_DUTY, world.recommendations.first_duty, axis=0)
    begun = np.maximum(0, world.projects.start)[world.recommendations.project]
    carried_out = state.carried_out_at != NEVER
    return {
        "implemented_rate": (drafted & (state.drafted_at <= progress.months - 1 - 24)).sum(axis=0),
        "implemented_of_planned": runs * (begun + 48 <= progress.months).sum(),
        "implemented_rate_horizon": drafted.sum(axis=0),
        "months_to_implement": implemented,
        "months_from_draft": implemented,
        "months_to_decide": (state.decided_at != NEVER).sum(axis=0),
        "mandate_rounds": ((state.mandate_rounds > 0) | (state.mandated_at != NEVER)).sum(axis=0),
        "months_to_mandate": (state.mandated_at != NEVER).sum(axis=0),
        "rounds": (state.votes > 0).sum(axis=0),
        "round_trips": ((state.votes > 0) | (state.trips > 0)).sum(axis=0),
        "boldness_end": drafted.sum(axis=0),
        "structure_share": total("seat_meetings"),
        "fte_per_implemented": implemented,
        "service_quality": total("quality_months"),
        "attendance_core": total("invited_core"),
        "attendance_periphery": total("invited_periphery"),
        "trust_mean": runs * len(source),
        "trust_core": runs * (source & target).sum(),
        "trust_periphery_to_core": runs * (~source & target).sum(),
        "trust_core_to_periphery": runs * (source & ~target).sum(),
        "inclusion_periphery": runs * (participant & ~core).sum(),
        "understanding_gap": runs * participant.sum(),
        "ownership_end": runs * participant.sum(),
        "confidence_end": runs * participant.sum(),
        "negative_coordination": (drafted & (rung < 4)).sum(axis=0),
        "positive_coordination": (drafted & (rung == 4) & several).sum(axis=0),
        "reached_municipalities": (drafted & world.recommendations.municipal[:, None]).sum(axis=0),
        "clarity_end": runs * len(world.projects.names),
        "municipal_link": (carried_out & chained).sum(axis=0),
        **{
            f"implemented_{kind}": (drafted & (world.recommendations.instrument == code)[:, None]).sum(axis=0)
            for code, kind in enumerate(INSTRUMENTS)
        },
    }


SHARES = (
    "implemented_rate", "implemented_rate_horizon", "boldness_end", "structure_share", "service_quality",
    "attendance_core", "attendance_periphery", "trust_mean", "trust_core", "trust_periphery_to_core",
    "trust_core_to_periphery", "inclusion_periphery", "ownership_end", "confidence_end",
    "negative_coordination", "positive_coordination", "reached_municipalities", "clarity_end",
    "ministry_coherence", "municipal_link", *(f"implemented_{kind}" for kind in INSTRUMENTS),
)  # fmt: skip


def assert_defined(progress: Snapshot, world: World) -> None:
    """Outcomes are missing exactly where there is nothing to average; shares are shares."""
    o, counts = progress.outcomes(), needed(progress, world)
    for name, values in o.items():
        np.testing.assert_array_equal(np.isnan(values), counts.get(name, np.ones(RUNS)) == 0, err_msg=name)
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
    path.write_text("".join(f"{key} = {inline(value)}\n" for key, value in table.items()), encoding="utf-8")
    loaded, made = load_scenario(path), scenario_of(table)
    for part in ("agencies", "ministries", "core", "arrangement", "portfolio", "letters"):
        assert getattr(loaded, part) == getattr(made, part), part


def inline(value: Any) -> str:
    """A value in TOML, on one line."""
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{json.dumps(key)} = {inline(item)}" for key, item in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(inline, value)) + "]"
    return json.dumps(value)
