"""Phase 8: people leave, promises are remembered, ownership fades or is fed, line load is counted anew."""

from __future__ import annotations

import numpy as np

from tverretatlig_sim.kernel.draws import Draws
from tverretatlig_sim.kernel.parameters import Parameters
from tverretatlig_sim.kernel.state import Changes, State
from tverretatlig_sim.kernel.terms import lowered, raised
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
    return {
        "experience": _experience(state, world, p, draws, month, chance),
        "trust": _trust(state, world, p, leaving.astype(np.float64)),
        "confidence": _confidence(state, world, p, month),
        "ownership": _ownership(state, world, p, month),
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
    left_over = 1.0 - p.turnover_loss
    trust = np.where(leaving[source] > 0, state.trust * left_over, state.trust)
    trust = np.where(leaving[target] > 0, trust * left_over, trust)
    kept = raised(trust, p.trust_promise * state.kept[target])
    return lowered(kept, p.trust_promise * state.broken[target])


def _confidence(state: State, world: World, p: Parameters, month: Month) -> Floats:
    """What agencies saw this month of partners' promises and their projects' results (RAD17 advice 1)."""
    implemented = (state.implemented_at == month.index).astype(np.float64)
    results = (world.recommendations.by_project @ implemented)[world.stakes.project]
    good = world.ties.by_source @ state.kept[world.ties.target] + world.stakes.by_agency @ results
    bad = world.ties.by_source @ state.broken[world.ties.target]
    seen = quotient(good, good + bad, state.confidence)
    return state.confidence + p.adjustment * (seen - state.confidence)


def _ownership(state: State, world: World, p: Parameters, month: Month) -> Floats:
    fading = state.ownership * 2.0 ** (-1.0 / p.ownership_half_life)
    delivered = (state.delivered_at == month.index).astype(np.float64)
    implemented = (state.implemented_at == month.index).astype(np.float64)
    results = delivered + world.recommendations.by_project @ implemented
    seen = world.stakes.by_agency @ results[world.stakes.project] + month.event_strength[:, None]
    return raised(fading, p.ownership_result * seen)
