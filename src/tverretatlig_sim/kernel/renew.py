"""Phase 8: people leave, promises are remembered, ownership fades or is fed, line load is counted anew."""

from __future__ import annotations

import numpy as np

from tverretatlig_sim.arrays import Floats, Integers, Places, by_run, quotient
from tverretatlig_sim.kernel.draws import Draws
from tverretatlig_sim.kernel.formulas import move_down, move_up
from tverretatlig_sim.kernel.parameters import Parameters
from tverretatlig_sim.kernel.rules import rule
from tverretatlig_sim.kernel.state import WORKING, Changes, State
from tverretatlig_sim.world.calendar import Month
from tverretatlig_sim.world.tables import Arrangements
from tverretatlig_sim.world.world import World

MONTHS_A_YEAR = 12.0


@rule(reads="experience", writes="experience")
def staff_gain_experience(state: State, world: World, p: Parameters, draws: Draws, month: Month) -> Changes:
    """The staff of living secretariats learn their trade (ODD 7.8.1; DEL19 3.2)."""
    alive, experience = month.standing.secretariats, state.experience.copy()
    experience[alive] += p.adjustment * (1.0 - experience[alive])
    return {"experience": experience}


@rule(reads="experience", writes="leaving experience")
def people_leave(state: State, world: World, p: Parameters, draws: Draws, month: Month) -> Changes:
    """Key people leave agencies, and secretariats with their experience (ODD 7.8.2; DFO25 4.2, 4.5)."""
    alive, keys = month.standing.secretariats, world.secretariats.keys
    chance = _leaving(world.arrangements, p, world.agencies.arrangement, month.turnover)
    leaving = draws.every("turnover", month.index, world.agencies.keys) < chance
    experience = state.experience.copy()
    chance = _leaving(world.arrangements, p, world.secretariats.arrangement, month.staff_turnover)[alive]
    staff_leave = draws.every("turnover", month.index, keys[alive]) < chance
    experience[alive] = move_down(experience[alive], p.turnover_loss * staff_leave)
    manned = by_run(world.agencies.participant | world.agencies.is_ministry)
    return {"leaving": leaving & manned, "experience": experience}


def _leaving(arrangements: Arrangements, p: Parameters, arrangement: Integers, unstable: Floats) -> Floats:
    """Chance that key people leave this month. Shape (agency or secretariat, 1|run)."""
    return np.minimum(1.0, p.turnover * by_run(arrangements.turnover, arrangement) * by_run(unstable))


@rule(reads="trust leaving", writes="trust")
def turnover_costs_trust(state: State, world: World, p: Parameters, draws: Draws, month: Month) -> Changes:
    """Trust goes with those who leave, from and to their agency (ODD 7.8.2; DEL19 3.2, 3.3)."""
    leaving = Places.where(state.leaving)
    if not len(leaving):
        return {}
    _agency, from_it = leaving.spread(world.ties.first, world.ties.number)
    _agency, to_it = leaving.spread(world.ties.first_into, world.ties.number_into)
    trust = state.trust.copy()
    for ties in (from_it, to_it.to(world.ties.into)):
        trust.put(ties.flat, ties.of(trust) * (1.0 - p.in_runs(ties.run).turnover_loss))
    return {"trust": trust}


@rule(reads="trust kept broken", writes="trust")
def promises_move_trust(state: State, world: World, p: Parameters, draws: Draws, month: Month) -> Changes:
    """Kept promises build trust, broken ones cost it (ODD 7.8.3; RAD17 advice 1)."""
    partners = Places.where(state.kept + state.broken > 0)
    if not len(partners):
        return {}
    partner, ties = partners.spread(world.ties.first_into, world.ties.number_into)
    ties, pace = ties.to(world.ties.into), p.in_runs(ties.run).trust_promise
    trust = move_up(ties.of(state.trust), pace * partners.of(state.kept).take(partner))
    trust = move_down(trust, pace * partners.of(state.broken).take(partner))
    return {"trust": ties.put(state.trust, trust)}


@rule(reads="ownership", writes="ownership")
def ownership_fades(state: State, world: World, p: Parameters, draws: Draws, month: Month) -> Changes:
    """Ownership is perishable (ODD 7.8.4; DIFI17 2.2)."""
    return {"ownership": state.ownership * 2.0 ** (-1.0 / p.ownership_half_life)}


@rule(reads="implemented_at", writes="results")
def results_are_seen(state: State, world: World, p: Parameters, draws: Draws, month: Month) -> Changes:
    """Recommendations implemented this month in an agency's projects (ODD 7.8.4, 7.8.5)."""
    implemented = Places.where(state.implemented_at == month.index)
    if not len(implemented):
        return {"results": implemented.sum(len(world.agencies.names))}
    by_project = implemented.to(world.recommendations.project).sum(len(world.projects.names))
    return {"results": world.stakes.projects @ by_project}


@rule(reads="ownership results delivered_at", writes="ownership")
def results_feed_ownership(state: State, world: World, p: Parameters, draws: Draws, month: Month) -> Changes:
    """Deliveries, results and events feed ownership (ODD 7.8.4; DIFI17 2.2)."""
    seen, delivered = state.results + by_run(month.event_strength), state.delivered_at == month.index
    if delivered.any():
        seen += world.stakes.projects @ delivered
    return {"ownership": move_up(state.ownership, p.ownership_result * seen)}


@rule(reads="confidence kept broken results", writes="confidence")
def confidence_follows(state: State, world: World, p: Parameters, draws: Draws, month: Month) -> Changes:
    """Agencies wait and see: what partners keep, and results (ODD 7.8.5; RAD17 advice 1)."""
    good = world.ties.partners @ state.kept + state.results
    bad = world.ties.partners @ state.broken
    seen = quotient(good, good + bad, state.confidence)
    return {"confidence": state.confidence + p.adjustment * (seen - state.confidence)}


@rule(reads="duty_status work_left", writes="load")
def line_load_is_counted(state: State, world: World, p: Parameters, draws: Draws, month: Month) -> Changes:
    """Work left in the line, in years of its capacity (ODD 7.8.6)."""
    working = Places.where(state.duty_status == WORKING)
    agencies = len(world.agencies.names)
    work = working.to(world.duties.agency).sum(agencies, working.of(state.work_left))
    return {"load": work / (MONTHS_A_YEAR * by_run(world.agencies.line_capacity))}
