"""Phase 7: lines take up what has priority and fits, and work it off; the rest waits or is dropped.

Open duties are few, so adoption works on lists of events (duty, run).
"""

from __future__ import annotations

import numpy as np

from tverretatlig_sim.kernel.draws import Draws
from tverretatlig_sim.kernel.parameters import Parameters, pick
from tverretatlig_sim.kernel.state import (
    ADOPTED,
    DONE,
    DROPPED,
    HANDED_OVER,
    IDLE,
    IMPLEMENTED,
    LINE_DECLINED,
    MUNICIPALITIES,
    NEVER,
    RELEASED,
    WAITING,
    WORKING,
    Array,
    Changes,
    State,
)
from tverretatlig_sim.kernel.terms import (
    logistic,
    mean_trust,
    project_facilitation,
    will,
    will_weights,
)
from tverretatlig_sim.world.calendar import Month
from tverretatlig_sim.world.sparse import Floats, Integers, quotient
from tverretatlig_sim.world.world import World

TINY = 1e-9


def implement(state: State, world: World, parameters: Parameters, draws: Draws, month: Month) -> Changes:
    """Work in the line, adopt, drop, implement (DEL19 4.3, 5.2, 6; DFO25 5.4)."""
    work_left, done = _line_work(state, world)
    status = np.where(done, DONE, state.duty_status).astype(np.int16)
    duty, run = _open_duties(state, world, month)
    chance = _adoption(state, world, parameters, month, duty, run)
    luck = draws.some("adopt", month.index, world.duties.keys[duty], run)
    adopted = luck < chance
    declined = ~adopted & (luck < chance + np.minimum(pick(parameters.line_drop, run), 1.0 - chance))
    status[duty[adopted], run[adopted]] = WORKING
    work_left[duty[adopted], run[adopted]] = _line_work_of(world, duty[adopted])
    broken = np.zeros_like(state.broken)
    np.add.at(broken, (world.duties.agency[duty[declined]], run[declined]), 1.0)
    changes = _recommendations(state, world, month, status, duty[declined], run[declined])
    return {
        **changes,
        "work_left": np.where(changes["duty_status"] == WORKING, work_left, 0.0),
        "kept": world.duties.by_agency @ done.astype(np.float64),
        "broken": broken,
    }


def _line_work(state: State, world: World) -> tuple[Floats, Array]:
    working = (state.duty_status == WORKING).astype(np.float64)
    count = world.duties.by_agency @ working
    capacity = world.agencies.line_capacity[:, None]
    left = state.work_left - quotient(capacity, count, 0.0)[world.duties.agency] * working
    done = (working > 0) & (left <= TINY)
    return np.where(done, 0.0, left), done


def _line_work_of(world: World, duty: Integers) -> Floats:
    return world.projects.line_work[world.stakes.project[world.duties.stake[duty]]]


def _open_duties(state: State, world: World, month: Month) -> tuple[Integers, Integers]:
    handed = state.handed_at[world.duties.recommendation] < month.index
    flat = np.flatnonzero((state.duty_status == WAITING) & handed)
    return np.divmod(flat, state.runs)


def _adoption(
    state: State, world: World, p: Parameters, month: Month, duty: Integers, run: Integers
) -> Floats:
    """Monthly chance of adoption: priority and fit must both hold."""
    return (
        pick(p.adoption_pace, run)
        * logistic(_priority(state, world, p, month, duty, run))
        * logistic(_fit(state, world, p, duty, run))
    )


def _priority(
    state: State, world: World, p: Parameters, month: Month, duty: Integers, run: Integers
) -> Floats:
    agency, stake = world.duties.agency[duty], world.duties.stake[duty]
    named = pick(p.commissioned_signal, run) * state.in_letter[duty, run]
    heard = state.attention[world.agencies.ministry[agency], run] * state.damping[run]
    asked = np.maximum(month.general[agency], month.named[stake])
    signal = heard * np.maximum(asked, named)
    commitment = (state.ownership[agency, run] + mean_trust(state, world)[agency, run]) / 2.0
    facilitation = project_facilitation(state, world)[world.stakes.project[stake], run]
    support = world.agencies.internal_organisation[agency] + world.projects.follow_up * facilitation
    return (
        pick(p.priority_intercept, run)
        + will(
            will_weights(p, run),
            world.stakes.overlap[stake],
            signal,
            commitment,
            state.load[agency, run],
            state.confidence[agency, run],
        )
        + pick(p.priority_support, run) * support
    )


def _fit(state: State, world: World, p: Parameters, duty: Integers, run: Integers) -> Floats:
    stake, recommendation = world.duties.stake[duty], world.duties.recommendation[duty]
    gain = world.stakes.gain[stake] * state.boldness[recommendation, run] + state.content[recommendation, run]
    relation = state.lead_trust[stake, run] - state.lead_gap[stake, run]
    return (
        pick(p.fit_intercept, run)
        + pick(p.fit_anchoring, run) * state.anchoring[duty, run]
        + pick(p.process_weight, run) * relation
        + pick(p.gain_weight, run) * gain
    )


def _recommendations(
    state: State, world: World, month: Month, status: Array, declined: Integers, run: Integers
) -> Changes:
    """Stages that follow from the duties: dropped with any, adopted or implemented with all."""
    stage, dropped_at, loss = state.stage.copy(), state.dropped_at.copy(), state.loss.copy()
    at = world.duties.recommendation[declined], run
    stage[at], dropped_at[at] = DROPPED, month.index
    loss[at] = np.where(world.duties.last[declined], MUNICIPALITIES, LINE_DECLINED)
    in_line = (stage == HANDED_OVER) | (stage == ADOPTED)
    done, own = status == DONE, ~world.duties.last[:, None]
    under_way = done | (status == WORKING)
    taken = in_line & _as_many(world, under_way & own, world.recommendations.own_duties)
    carried_out = in_line & _as_many(world, done & own, world.recommendations.own_duties)
    finished = in_line & _as_many(world, done, world.recommendations.duties)
    stage[taken] = ADOPTED
    stage[finished] = IMPLEMENTED
    return {
        "stage": stage,
        "adopted_at": _first(state.adopted_at, taken, month),
        "carried_out_at": _first(state.carried_out_at, carried_out, month),
        "implemented_at": _first(state.implemented_at, finished, month),
        "dropped_at": dropped_at,
        "loss": loss,
        "duty_status": _passed_on(world, stage, status, carried_out),
    }


def _as_many(world: World, duties: Array, count: Integers) -> Array:
    """Whether a recommendation has as many such duties as that. Shape (recommendation, run)."""
    everyone: Array = world.duties.by_recommendation @ duties.astype(np.float64) == count[:, None]
    return everyone


def _first(at: Array, now: Array, month: Month) -> Array:
    """Months of a transition, with those that happen now."""
    return np.where(now & (at == NEVER), month.index, at).astype(np.int16)


def _passed_on(world: World, stage: Array, status: Array, carried_out: Array) -> Array:
    """Release duties of what was dropped; open the municipal chain's where the agencies are done."""
    recommendation = world.duties.recommendation
    unfinished = (stage == DROPPED)[recommendation] & ((status == WAITING) | (status == WORKING))
    opened = world.duties.last[:, None] & carried_out[recommendation] & (status == IDLE)
    return np.where(unfinished, RELEASED, np.where(opened, WAITING, status)).astype(np.int16)
