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
    IMPLEMENTED,
    LINE_DECLINED,
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
    signal = heard * np.maximum(month.general[agency], named)
    commitment = (state.ownership[agency, run] + mean_trust(state, world)[agency, run]) / 2.0
    facilitation = project_facilitation(state, world)[world.stakes.project[stake], run]
    support = world.agencies.internal_organisation[agency] + world.projects.follow_up * facilitation
    return (
        pick(p.priority_intercept, run)
        + will(will_weights(p, run), world.stakes.overlap[stake], signal, commitment, state.load[agency, run])
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
    """Stages that follow from the duties: dropped with any, adopted and implemented with all."""
    stage, adopted_at, implemented_at = (
        state.stage.copy(),
        state.adopted_at.copy(),
        state.implemented_at.copy(),
    )
    dropped_at, loss = state.dropped_at.copy(), state.loss.copy()
    at = world.duties.recommendation[declined], run
    stage[at], dropped_at[at], loss[at] = DROPPED, month.index, LINE_DECLINED
    duties = world.recommendations.duties[:, None]
    in_line = (stage == HANDED_OVER) | (stage == ADOPTED)
    done = status == DONE
    finished = world.duties.by_recommendation @ done.astype(np.float64) == duties
    taken = world.duties.by_recommendation @ (done | (status == WORKING)).astype(np.float64) == duties
    adopted_at[in_line & taken & (adopted_at == NEVER)] = month.index
    implemented_at[in_line & finished] = month.index
    stage[in_line & taken] = ADOPTED
    stage[in_line & finished] = IMPLEMENTED
    unfinished = (stage == DROPPED)[world.duties.recommendation] & ((status == WAITING) | (status == WORKING))
    return {
        "stage": stage,
        "adopted_at": adopted_at,
        "implemented_at": implemented_at,
        "dropped_at": dropped_at,
        "loss": loss,
        "duty_status": np.where(unfinished, RELEASED, status).astype(np.int16),
    }
