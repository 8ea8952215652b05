"""Formulas that several rules share: logistic reasons, moves in the unit interval, relations to a lead."""

from __future__ import annotations

import numpy as np

from tverretatlig_sim.arrays import NONE, Floats, Integers, Places, by_run, total
from tverretatlig_sim.kernel.parameters import Parameters
from tverretatlig_sim.kernel.state import State
from tverretatlig_sim.world.calendar import Month
from tverretatlig_sim.world.world import World

NEUTRAL = 0.5
"""Confidence of an agency that has seen neither kept nor broken promises, and trust where there is no tie."""

LARGEST_EXPONENT = 700.0
"""exp of more than 709 would overflow; of this much, the share is 0 for all purposes."""

FEW = 1000
"""Distances up to which all themes at once take less time than one after the other."""

ROUNDING = 1e-9
"""How far rounding may have moved amounts that should be whole, or nothing (ODD 7.5, 7.7)."""


def logistic(reasons: Floats) -> Floats:
    """1 / (1 + exp(−reasons)), whatever the size of the reasons (ODD 7)."""
    odds = at_most(LARGEST_EXPONENT, -reasons)
    np.exp(odds, out=odds)
    odds += 1.0
    return np.divide(1.0, odds, out=odds)


def at_most(limit: float, values: Floats) -> Floats:
    """The values themselves where none is above the limit, as is usual and cheap to see; else limited."""
    return values if np.maximum.reduce(values, None, initial=limit) <= limit else np.minimum(limit, values)


def move_up(share: Floats, by: Floats) -> Floats:
    """A share moved towards 1 by the fraction ``min(1, by)``: *raise* in ODD 7."""
    moved: Floats = 1.0 - share
    moved *= at_most(1.0, by)
    moved += share
    return moved


def move_down(share: Floats, by: Floats) -> Floats:
    """A share moved towards 0 by the fraction ``min(1, by)``: *lower* in ODD 7."""
    kept: Floats = 1.0 - at_most(1.0, by)
    return np.multiply(share, kept, out=kept) if kept.shape == share.shape else share * kept


def mean_trust(state: State, world: World) -> Floats:
    """Mean trust of each agency in those it is tied to; 0.5 without ties (ODD 2). Shape (agency, run)."""
    trust = world.ties.mean_by_source @ state.trust
    trust[world.ties.lonely] = NEUTRAL
    return trust


def will(
    p: Parameters, overlap: Floats, signal: Floats, commitment: Floats, load: Floats, confidence: Floats
) -> Floats:
    """Reasons that effort and line priority share (ODD 7.2.2; DEL19 5.1–5.2; DFO25 4.7; RAD17 advice 1)."""
    reasons = p.will_core * overlap + p.will_signal * signal + p.will_commitment * commitment
    return reasons - p.will_load * load + p.wait_and_see * (confidence - NEUTRAL)


def stake_gain(world: World, month: Month) -> Floats:
    """Net gain of every stake this month: fresh money carries its share of the cost (ODD 2; DIFI14 1.4.2).

    Shape (stake,).
    """
    return world.stakes.gain + world.stakes.cost * month.fresh.take(world.stakes.agency)


def proposal_gain(state: State, world: World, month: Month, duties: Places) -> Floats:
    """What a recommendation gives a duty-holder: gain × boldness + content (ODD 7.6.2). Shape (place,)."""
    gain = duties.to(world.duties.stake).of(stake_gain(world, month))
    case = duties.to(world.duties.recommendation)
    return gain * case.of(state.boldness) + case.of(state.content)


def acceptance(p: Parameters, gain: Floats, ask: Floats, beyond: Floats, process: Floats) -> Floats:
    """Chance that an organisation accepts a recommendation (ODD 7.6.2; DEL19 5.1; RAD17 advice 1–3).

    Args:
        p: parameters at these places.
        gain: what it gives.
        ask: instruments to give up, times boldness.
        beyond: how far the project aims beyond the organisation's ambition.
        process: trust in the lead less the distance to it, anchoring and clarity, less 1.
    """
    return logistic(
        p.acceptance_intercept
        + p.gain_weight * gain
        - p.ask_weight * ask
        - p.ambition_weight * beyond
        + p.process_weight * process
    )


def cognitive_distance(understanding: Floats, first: Integers, second: Integers) -> Floats:
    """Euclidean distance over √2 of pairs of rows of understanding, (theme, row, …). Shape (pair, …)."""
    if len(first) * understanding[0, :1].size <= FEW:
        gap = understanding.take(first, axis=1)
        gap -= understanding.take(second, axis=1)
        gap *= gap
        return np.sqrt(total(gap.reshape(len(gap), -1)) / 2.0).reshape(gap.shape[1:])
    squares: Floats | None = None
    for theme in understanding:
        gap = theme.take(first, axis=0)
        gap -= theme.take(second, axis=0)
        gap *= gap
        squares = gap if squares is None else np.add(squares, gap, out=squares)
    return np.zeros(len(first)) if squares is None else np.sqrt(squares / 2.0)


def lead_trust(state: State, world: World, stakes: Integers) -> Floats:
    """Trust of some stake-holders in their projects' leads (ODD 2). Shape (stake, run)."""
    towards = np.repeat(by_run(world.stakes.lead_trust, stakes), state.runs, axis=1)
    tie = world.stakes.tie[stakes]
    towards[tie != NONE] = state.trust[tie[tie != NONE]]
    return towards


def lead_gap(state: State, world: World, stakes: Integers) -> Floats:
    """Cognitive distance of some stake-holders to their projects' leads, in [0, 1]. Shape (stake, run)."""
    return cognitive_distance(state.understanding, world.stakes.agency[stakes], world.stakes.lead[stakes])


def lead_relation(state: State, world: World, stakes: Places) -> Floats:
    """Trust in the lead less the distance to it, where one decides (ODD 7.6.2, 7.7.2). Shape (place,)."""
    tie = stakes.of(world.stakes.tie)
    towards, tied = stakes.of(world.stakes.lead_trust), tie != NONE
    towards[tied] = stakes.to(world.stakes.tie).only(tied).of(state.trust)
    flat = state.understanding.reshape(len(world.themes), -1)
    one, other = stakes.to(world.stakes.agency).flat, stakes.to(world.stakes.lead).flat
    return towards - cognitive_distance(flat, one, other)


def clarity_pace(world: World, p: Parameters, arrangement: Integers) -> Floats:
    """Pace of clarity, faster under a lead with authority (ODD 7.4.7; RAD17 advice 4). Shape (row, 1|run).

    Args:
        world: the indexed scenario.
        p: arrays of shape (1,) or (run,).
        arrangement: arrangement of each row.
    """
    push = p.lead_push * by_run(world.arrangements.lead_authority, arrangement)
    return np.minimum(1.0, p.clarity_growth * (1.0 + push))


def project_facilitation(state: State, world: World, projects: Integers | Places) -> Floats:
    """Facilitation of projects by their facilitator; 0 without one (ODD 7.5).

    Args:
        state: the state, with the forums' facilitation.
        world: the indexed scenario.
        projects: rows, for shape (row, run); or places, for shape (place,).
    """
    nothing = np.zeros((1, state.runs))  # the last row, which NONE finds
    by_forum = np.concatenate([state.facilitation, nothing])
    if isinstance(projects, Places):
        return projects.to(world.projects.facilitator).of(by_forum)
    return by_forum[world.projects.facilitator[projects]]


def anchoring_step(state: State, world: World, p: Parameters, stakes: Places) -> Floats:
    """Anchoring won at a stop point or by consent (ODD 7.5.4; DEL19 4.3, 6). Shape (place,).

    Args:
        state: the state, with its projects' clarity and the forums' facilitation.
        world: the indexed scenario.
        p: parameters at these places.
        stakes: where it is won.
    """
    internal = stakes.to(world.stakes.agency).of(world.agencies.internal_organisation)
    project = stakes.to(world.stakes.project)
    support = (internal + project_facilitation(state, world, project)) / 2.0
    return np.minimum(1.0, p.anchoring_gain * project.of(state.project_clarity) * support)
