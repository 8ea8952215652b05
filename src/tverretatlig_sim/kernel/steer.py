"""Phase 1: attention moves, ministries' signals cohere or diverge, letters set the signal of every stake."""

from __future__ import annotations

import numpy as np

from tverretatlig_sim.arrays import NONE, Floats, Places, by_run, total
from tverretatlig_sim.kernel.draws import Draws
from tverretatlig_sim.kernel.formulas import move_up
from tverretatlig_sim.kernel.parameters import Parameters
from tverretatlig_sim.kernel.rules import rule
from tverretatlig_sim.kernel.state import NEVER, WAITING, Changes, State, attention_level
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


@rule(reads="understanding", writes="coherence damping")
def ministries_cohere(state: State, world: World, p: Parameters, draws: Draws, month: Month) -> Changes:
    """Ministries that see the problem in unlike ways damp their letters (ODD 7.1.2; DIFI14 2.3)."""
    ministries, runs = world.ministries, state.runs
    seated = ministries.organisation != NONE
    view = np.repeat(ministries.frame.T[:, :, None], runs, axis=2)
    view[seated] = state.understanding.transpose(1, 0, 2)[ministries.organisation[seated]]
    mean, shape = ministries.mean_by_arrangement, (-1, len(world.themes), runs)
    middle = (mean @ view.reshape(len(view), view[:1].size)).reshape(shape)[ministries.arrangement]
    themes = ((view - middle) ** 2).transpose(1, 0, 2)
    squares = total(themes.reshape(len(themes), themes[:1].size)).reshape(-1, runs)
    authority = np.zeros_like(squares)
    for table in month.joint:
        own = authority[table.ministry]
        authority[table.ministry] = np.maximum(own, by_run(world.forums.authority)[table.forum])
    apart = np.sqrt(squares / 2.0) * by_run(ministries.steers) * (1.0 - authority)
    return {"coherence": 1.0 - mean @ apart, "damping": 1.0 - apart}


@rule(reads="attention damping", writes="signal agency_signal")
def signals_reach_agencies(state: State, world: World, p: Parameters, draws: Draws, month: Month) -> Changes:
    """Letters and commissions, carried by attention, are what is heard (ODD 7.1.3; RAD17 advice 4, 6)."""
    agencies = world.agencies
    attention, damping = (it.take(agencies.ministry, axis=0) for it in (state.attention, state.damping))
    signal = attention.take(world.stakes.agency, axis=0)
    signal *= stake_strength(world, p, month, damping)
    general = attention * np.where(by_run(agencies.is_ministry), 1.0, damping * by_run(month.general))
    return {"signal": signal, "agency_signal": general}


def stake_strength(world: World, parameters: Parameters, month: Month, damping: Floats) -> Floats:
    """Strength of what letters and commissions say to each stake (ODD 7.1.3). Shape (stake, 1|run).

    Args:
        world: the indexed scenario.
        parameters: arrays of shape (1,) or (run,).
        month: the month.
        damping: of the letters to each agency. Shape (agency, 1|run).
    """
    p, stakes = parameters, world.stakes
    commissioned = by_run(stakes.commissioned)
    whole = damping.take(stakes.agency, axis=0)
    strength = whole * by_run(month.heard)
    strength *= np.where(commissioned, 1.0, p.self_initiated_signal)
    at_least = np.where(commissioned & by_run(stakes.is_lead), p.commissioned_signal, 0.0)
    np.maximum(strength, at_least, out=strength)
    whole *= by_run(month.named)
    return np.maximum(strength, whole, out=strength)


@rule(reads="duty_status letter_at handed_at attention known_at", writes="letter_at")
def letters_take_up_proposals(
    state: State, world: World, p: Parameters, draws: Draws, month: Month
) -> Changes:
    """In January departments write some of what they know into letters (ODD 7.1.4; DEL19 3.1; DFO25 4.7)."""
    if month.of_year != JANUARY or not len(state.known_at):
        return {}
    duties = Places.where((state.duty_status == WAITING) & (state.letter_at == NEVER))
    duties = duties.only(duties.to(world.duties.recommendation).of(state.handed_at) < month.index)
    duties = duties.only(duties.to(world.hearings.of_duty).of(state.known_at) != NEVER)
    attention = duties.to(world.duties.agency).to(world.agencies.ministry).of(state.attention)
    number = draws.at("letter", month.index, world.duties.keys, duties)
    entered = duties.only(number < p.in_runs(duties.run).letter_uptake * attention)
    return {"letter_at": entered.put(state.letter_at, month.index)}
