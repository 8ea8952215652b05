"""Phase 8: people leave, promises are remembered, ownership fades or is fed, line load is counted anew."""

from __future__ import annotations

import numpy as np

from tverretatlig_sim.kernel.draws import Draws
from tverretatlig_sim.kernel.parameters import Parameters
from tverretatlig_sim.kernel.state import Changes, State
from tverretatlig_sim.kernel.terms import at_most, lowered, raised
from tverretatlig_sim.world.calendar import Month
from tverretatlig_sim.world.sparse import Floats, quotient
from tverretatlig_sim.world.world import World

MONTHS_A_YEAR = 12.0


def renew(state: State, world: World, parameters: Parameters, draws: Draws, month: Month) -> Changes:
    """Close the month (DIFI17 2.2; DEL19 3.2, 3.3; DFO25 4.2, 4.5; RAD17 advice 1, 4)."""
    p = parameters
    chance = np.minimum(1.0, p.turnover * world.turnover * month.turnover)
    leaving = draws.every("turnover", month.index, world.agencies.keys) < chance
    leaving &= world.agencies.participant[:, None]
    results = _results(state, world, month)
    return {
        "experience": _experience(state, world, p, draws, month, chance),
        "trust": _trust(state, world, p, leaving.astype(world.dtype)),
        "confidence": _confidence(state, world, p, results),
        "ownership": _ownership(state, world, p, month, results),
        "load": (world.duties.by_agency @ state.work_left)
        / (MONTHS_A_YEAR * world.agencies.line_capacity[:, None]),
    }


def _experience(
    state: State, world: World, p: Parameters, draws: Draws, month: Month, chance: Floats
) -> Floats:
    alive = month.standing.secretariats
    experience = state.experience.copy()
    recovered = experience[alive] + p.adjustment * (1.0 - experience[alive])
    leaving = draws.every("turnover", month.index, world.secretariats.keys[alive]) < chance
    experience[alive] = np.where(leaving, lowered(recovered, p.turnover_loss), recovered)
    return experience


def _trust(state: State, world: World, p: Parameters, leaving: Floats) -> Floats:
    source, target = world.ties.source, world.ties.target
    left_over = 1.0 - p.turnover_loss * leaving
    won = at_most(1.0, p.trust_promise * state.kept)
    unbroken = 1.0 - at_most(1.0, p.trust_promise * state.broken)
    # raise(z, won), then lower, is one factor and one summand a target, so that ties are gone through once.
    trust, there = left_over.take(source, axis=0), np.empty_like(state.trust)
    trust *= state.trust
    trust *= (left_over * (1.0 - won) * unbroken).take(target, axis=0, out=there, mode="clip")
    trust += (won * unbroken).take(target, axis=0, out=there, mode="clip")
    return trust


def _results(state: State, world: World, month: Month) -> Floats:
    """Recommendations implemented this month in each agency's projects. Shape (agency, run)."""
    implemented = (state.implemented_at == month.index).astype(world.dtype)
    results: Floats = world.stakes.projects @ (world.recommendations.by_project @ implemented)
    return results


def _confidence(state: State, world: World, p: Parameters, results: Floats) -> Floats:
    """What agencies saw this month of partners' promises and their projects' results (RAD17 advice 1)."""
    good = world.ties.partners @ state.kept + results
    bad = world.ties.partners @ state.broken
    seen = quotient(good, good + bad, state.confidence)
    return state.confidence + p.adjustment * (seen - state.confidence)


def _ownership(state: State, world: World, p: Parameters, month: Month, results: Floats) -> Floats:
    fading = state.ownership * 2.0 ** (-1.0 / p.ownership_half_life)
    delivered = (state.delivered_at == month.index).astype(world.dtype)
    seen = results + world.stakes.projects @ delivered
    seen += month.event_strength[:, None]
    return raised(fading, p.ownership_result * seen)
