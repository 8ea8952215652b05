"""Phase 1: attention moves, ministries' signals cohere or diverge, letters set the signal of every stake."""

from __future__ import annotations

import numpy as np

from tverretatlig_sim.kernel.draws import Draws
from tverretatlig_sim.kernel.parameters import Parameters, pick
from tverretatlig_sim.kernel.state import WAITING, Array, Changes, State
from tverretatlig_sim.world.calendar import Month
from tverretatlig_sim.world.sparse import Floats, total
from tverretatlig_sim.world.world import World

JANUARY = 1


def steer(state: State, world: World, parameters: Parameters, draws: Draws, month: Month) -> Changes:
    """Update attention, coherence, signals and letters (RAD17 advice 3, 4, 6; DFO25 4.2, 4.7; DIFI14 2.5)."""
    attention = _attention(state, world, parameters, draws, month)
    coherence = _coherence(world, attention, month)
    lost = parameters.signal_loss * (1.0 - world.department_link)
    damping = (1.0 - parameters.divergence_weight * (1.0 - coherence)) * (1.0 - lost)
    heard = attention[world.agencies.ministry] * damping
    strength = stake_strength(world, parameters, month)
    return {
        "attention": attention,
        "coherence": coherence,
        "damping": damping,
        "signal": heard[world.stakes.agency] * strength,
        "agency_signal": heard * month.general[:, None],
        "in_letter": _in_letter(state, world, parameters, draws, month, heard),
    }


def _attention(state: State, world: World, p: Parameters, draws: Draws, month: Month) -> Floats:
    given = world.ministries.level[:, None]
    level = np.where(np.isnan(given), p.attention_level, given)
    noise = 2.0 * draws.every("attention", month.index, world.ministries.keys) - 1.0
    returned = state.attention + p.attention_return * (level - state.attention)
    attention: Floats = (returned + p.attention_noise * noise).astype(world.dtype)
    np.maximum(0.0, attention, out=attention)
    np.minimum(1.0, attention, out=attention)
    for ministries, strength in month.events:
        attention[ministries] += strength * (1.0 - attention[ministries])
    return attention


def _coherence(world: World, attention: Floats, month: Month) -> Floats:
    heard = world.ministries.heard
    if len(heard) == 0:
        return np.ones(attention.shape[-1], world.dtype)
    strength = (world.ministries.participant_mean @ month.general)[heard]
    signal = attention[heard] * strength[:, None]
    apart = np.abs(signal - total(signal) / len(heard))
    return 1.0 - 2.0 * total(apart) / len(heard) * (1.0 - world.core_group_authority)


def stake_strength(world: World, p: Parameters, month: Month) -> Floats:
    """Strength of what letters and commissions say to each stake. Shape (stake, run), or (stake, 1)."""
    stakes = world.stakes
    general = month.general[stakes.agency][:, None]
    commissioned = np.where(stakes.is_lead[:, None], np.maximum(p.commissioned_signal, general), general)
    base = np.where(stakes.commissioned[:, None], commissioned, p.self_initiated_signal * general)
    return np.maximum(month.named[:, None], base)


def _in_letter(state: State, world: World, p: Parameters, draws: Draws, month: Month, heard: Floats) -> Array:
    if month.of_year != JANUARY:
        return state.in_letter
    duties = world.duties
    open_duty = (state.duty_status == WAITING) & ~state.in_letter
    duty, run = np.nonzero(open_duty & (state.handed_at[duties.recommendation] < month.index))
    chance = pick(p.letter_uptake, run) * heard[duties.agency[duty], run]
    entered = draws.of("letter", month.index, duties.keys, duty, run) < chance
    in_letter = state.in_letter.copy()
    in_letter[duty[entered], run[entered]] = True
    return in_letter
