"""Formulas that several rules share: logistic reasons, moves in the unit interval, relations to a lead."""

from __future__ import annotations

import numpy as np

from tverretatlig_sim.arrays import NONE, Array, Flags, Floats, Integers, Places, by_run, total
from tverretatlig_sim.kernel.parameters import Parameters
from tverretatlig_sim.kernel.state import State
from tverretatlig_sim.world.calendar import Month
from tverretatlig_sim.world.world import World

NEUTRAL = 0.5
"""Confidence of an agency that has seen neither kept nor broken promises, and trust where there is no tie."""

LARGEST_EXPONENT = 700.0
"""exp of more than 709 would overflow; of this much, the share is 0 for all purposes."""

RUNGS_APART = 3.0
"""Steps from the lowest rung of the coordination ladder to the highest."""

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
    reasons = p.will_intercept + p.will_core * overlap + p.will_signal * signal
    reasons += p.will_commitment * commitment - p.will_load * load
    return reasons + p.wait_and_see * (confidence - NEUTRAL)


def judgement(state: State, world: World, p: Parameters, month: Month, duties: Places) -> Floats:
    """What speaks for a recommendation at a duty-holder, at the table and in the line. Shape (place,).

    Gain, instruments given up, process and ambition (ODD 7.6.2, 7.7.2; DEL19 4.3, 5.1; RAD17 advice 1–3).

    Args:
        state: the state.
        world: the indexed scenario.
        p: parameters at these places.
        month: the month.
        duties: where it is judged.
    """
    case, stakes = duties.to(world.duties.recommendation), duties.to(world.duties.stake)
    project, boldness = case.to(world.recommendations.project), case.of(state.boldness)
    agency = duties.to(world.duties.agency)
    gain = duties.of(world.duties.gain) + stakes.of(world.stakes.cost) * agency.of(month.fresh)
    ambition = agency.of(world.agencies.ambition)
    beyond = np.maximum(0.0, project.of(world.projects.rung) - ambition) / RUNGS_APART
    process = lead_relation(state, world, stakes) + duties.of(state.anchoring)
    process += case_clarity(state, world, p, case, case.of(state.votes)) - 1.0
    gain, ask = gain * boldness + case.of(state.content), duties.of(world.duties.given_up) * boldness
    return judged(p, gain, ask, beyond, process)


def judged(p: Parameters, gain: Floats, ask: Floats, beyond: Floats, process: Floats) -> Floats:
    """The weighted sum of a judgement, of agencies and ministries alike. Shape (place,).

    Args:
        p: parameters at these places.
        gain: what it gives.
        ask: instruments to give up, times boldness.
        beyond: how far the project aims beyond the own ambition, of the way from rung 1 to 4.
        process: trust in the lead less the distance to it, anchoring and clarity, less 1.
    """
    reasons = p.acceptance_intercept + p.gain_weight * gain - p.ask_weight * ask
    return reasons - p.ambition_weight * beyond + p.process_weight * process


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
    towards = by_run(world.stakes.lead_trust, stakes) + np.zeros(state.runs)
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


def has_mandate(state: State, world: World) -> Flags:
    """Whether nobody vets a project's mandate, or it has passed (ODD 7.5.1). Shape (project, run)."""
    return by_run(world.projects.mandate_body == NONE) | (state.mandated_at >= 0)


def preparing(state: State, world: World, month: Month) -> Flags:
    """Whether a project that has begun is still being prepared (ODD 7.5.2). Shape (project, run)."""
    return state.begun_at > month.index - by_run(world.projects.preparation)


def months_left(state: State, world: World, month: Month) -> Floats:
    """Months to each project's date, this one counted, at least 1; infinite without one (ODD 7.2.4).

    A project that had to wait for others has as much time as was planned. Shape (project, run).
    """
    late = state.begun_at - np.maximum(0, by_run(world.projects.start))
    left: Floats = by_run(world.projects.deadline) + late - (month.index - 1)
    return np.maximum(1.0, left)


def project_facilitation(state: State, world: World, projects: Places, *, led: bool = False) -> Floats:
    """Facilitation of projects; 0 without a facilitator (ODD 7.5). Shape (place,).

    Args:
        state: the state.
        world: the indexed scenario.
        projects: where it is asked for.
        led: times the authority of the facilitator.
    """
    facilitation: Floats = projects.of(state.facilitation)
    if not led:
        return facilitation
    authority = world.forums.authority
    nothing = np.zeros((1, *authority.shape[1:]))  # the last row, which NONE finds
    with_none = np.concatenate([authority, nothing])
    return facilitation * projects.to(world.projects.facilitator).of(with_none)


def case_clarity(state: State, world: World, p: Parameters, cases: Places, votes: Array) -> Floats:
    """Clarity of recommendations: the project's, and more by each rejection so far (ODD 7.6.2).

    Args:
        state: the state.
        world: the indexed scenario.
        p: parameters at these places.
        cases: recommendations. Shape (place,).
        votes: votes on each so far.
    """
    rejections = votes - cases.of(state.step)
    vague = 1.0 - cases.to(world.recommendations.project).of(state.project_clarity)
    clarity: Floats = 1.0 - vague * (1.0 - p.mandate_step) ** rejections
    return clarity


def anchoring_step(state: State, world: World, p: Parameters, stakes: Places, clarity: Floats) -> Floats:
    """Anchoring won at a stop point or by consent (ODD 7.5.4; DEL19 4.3, 6). Shape (place,).

    Args:
        state: the state.
        world: the indexed scenario.
        p: parameters at these places.
        stakes: where it is won.
        clarity: of what is anchored.
    """
    agency = stakes.to(world.stakes.agency)
    internal = agency.of(world.agencies.internal_organisation)
    support = (internal + project_facilitation(state, world, stakes.to(world.stakes.project))) / 2.0
    return np.minimum(1.0, p.anchoring_gain * clarity * agency.of(state.inclusion) * support)
