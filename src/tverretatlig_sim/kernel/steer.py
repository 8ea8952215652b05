"""Phase 1: attention moves, ministries' signals cohere or diverge, letters set the signal of every stake."""

from __future__ import annotations

import numpy as np

from tverretatlig_sim.arrays import Floats, Places, by_run
from tverretatlig_sim.kernel.draws import Draws
from tverretatlig_sim.kernel.formulas import move_up
from tverretatlig_sim.kernel.parameters import Parameters
from tverretatlig_sim.kernel.rules import rule
from tverretatlig_sim.kernel.state import WAITING, Changes, State, attention_level
from tverretatlig_sim.world.calendar import Month
from tverretatlig_sim.world.world import World

JANUARY = 1


@rule(reads="attention", writes="attention")
def attention_returns(state: State, world: World, p: Parameters, draws: Draws, month: Month) -> Changes:
    """Attention returns to its level, with noise (ODD 7.1.1; RAD17 advice 4)."""
    level = attention_level(world, p)
    noise = 2.0 * draws.every("attention", month.index, world.ministries.keys) - 1.0
    returned = state.attention + p.attention_return * (level - state.attention)
    return {"attention": np.minimum(1.0, np.maximum(0.0, returned + p.attention_noise * noise))}


@rule(reads="attention", writes="attention")
def events_strike(state: State, world: World, p: Parameters, draws: Draws, month: Month) -> Changes:
    """Events lift the attention of their ministries, one after another (ODD 7.1.1; DIFI14 2.5)."""
    attention = state.attention.copy() if month.events else state.attention
    for ministries, strength in month.events:
        attention[ministries] = move_up(attention[ministries], np.array(strength))
    return {"attention": attention}


@rule(reads="attention", writes="coherence damping")
def ministries_cohere(state: State, world: World, p: Parameters, draws: Draws, month: Month) -> Changes:
    """What diverges between ministries, or is lost below them, damps signals (ODD 7.1.2; DFO25 4.7)."""
    ministries, arrangements = world.ministries, world.arrangements
    signal = state.attention * by_run(ministries.participant_mean @ month.general)
    mean = ministries.mean_by_arrangement
    apart = np.abs(signal - (mean @ signal)[ministries.arrangement])
    coherence = 1.0 - 2.0 * (mean @ apart) * (1.0 - by_run(arrangements.core_group_authority))
    lost = p.signal_loss * (1.0 - by_run(arrangements.department_link))
    return {
        "coherence": coherence,
        "damping": (1.0 - p.divergence_weight * (1.0 - coherence)) * (1.0 - lost),
    }


@rule(reads="attention damping", writes="signal agency_signal")
def signals_reach_agencies(state: State, world: World, p: Parameters, draws: Draws, month: Month) -> Changes:
    """Letters and commissions, carried by attention, are what is heard (ODD 7.1.3; RAD17 advice 4, 6)."""
    agencies = world.agencies
    heard = state.attention[agencies.ministry] * state.damping[agencies.arrangement]
    signal = heard.take(world.stakes.agency, axis=0)
    signal *= stake_strength(world, p, month)
    return {"signal": signal, "agency_signal": heard * by_run(month.general)}


def stake_strength(world: World, parameters: Parameters, month: Month) -> Floats:
    """Strength of what letters and commissions say to each stake (ODD 7.1.3). Shape (stake, 1|run)."""
    p, stakes = parameters, world.stakes
    general = by_run(month.heard)
    commissioned = np.where(by_run(stakes.is_lead), np.maximum(p.commissioned_signal, general), general)
    base = np.where(by_run(stakes.commissioned), commissioned, p.self_initiated_signal * general)
    return np.maximum(by_run(month.named), base)


@rule(reads="duty_status in_letter handed_at attention damping", writes="in_letter")
def letters_take_up_proposals(
    state: State, world: World, p: Parameters, draws: Draws, month: Month
) -> Changes:
    """In January some of the duties that wait get into a letter (ODD 7.1.4; DEL19 3.1)."""
    if month.of_year != JANUARY:
        return {}
    duties = Places.where((state.duty_status == WAITING) & ~state.in_letter)
    duties = duties.only(duties.to(world.duties.recommendation).of(state.handed_at) < month.index)
    agency = duties.to(world.duties.agency)
    attention = agency.to(world.agencies.ministry).of(state.attention)
    heard = attention * agency.to(world.agencies.arrangement).of(state.damping)
    number = draws.at("letter", month.index, world.duties.keys, duties)
    entered = duties.only(number < p.in_runs(duties.run).letter_uptake * heard)
    return {"in_letter": entered.put(state.in_letter, True)}
