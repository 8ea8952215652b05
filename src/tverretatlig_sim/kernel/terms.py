"""Terms that several phases share: logistic reasons, moves in the unit interval, ties to a lead."""

from __future__ import annotations

import numpy as np

from tverretatlig_sim.kernel.events import Events
from tverretatlig_sim.kernel.parameters import Parameters, pick
from tverretatlig_sim.kernel.state import State
from tverretatlig_sim.world.calendar import Month
from tverretatlig_sim.world.sparse import Floats, Integers, total
from tverretatlig_sim.world.world import NONE, World

Weights = tuple[Floats, ...]
"""Weights of overlap, signal, commitment, load and confidence."""

NEUTRAL = 0.5
"""Confidence of an agency that has seen neither kept nor broken promises."""

FEW = 1000
"""Pairs of places up to which all themes at once take less time than one after the other."""

LARGEST_EXPONENT = 80.0
"""exp of more than 88 would overflow in single precision; of this much, the share is 0 for all purposes."""


def logistic(reasons: Floats) -> Floats:
    """1 / (1 + exp(−reasons)), whatever the size of the reasons."""
    odds = at_most(LARGEST_EXPONENT, -reasons)
    odds = np.exp(odds, out=odds)
    odds += 1.0
    return np.divide(1.0, odds, out=odds)


def tolerance(amounts: Floats) -> float:
    """How far rounding may have moved amounts that should be whole, or nothing."""
    return 1e-9 if amounts.dtype == np.float64 else 1e-5


def at_most(limit: float, values: Floats) -> Floats:
    """The values where they are below the limit, else the limit; seldom needed, and looking is cheap."""
    return (
        values if np.maximum.reduce(values, axis=None, initial=limit) <= limit else np.minimum(limit, values)
    )


def raised(share: Floats, by: Floats) -> Floats:
    """A share moved towards 1 by the fraction ``min(1, by)``."""
    moved: Floats = 1.0 - share
    moved *= at_most(1.0, by)
    moved += share
    return moved


def lowered(share: Floats, by: Floats) -> Floats:
    """A share moved towards 0 by the fraction ``min(1, by)``."""
    kept: Floats = 1.0 - at_most(1.0, by)
    return np.multiply(share, kept, out=kept) if kept.shape == share.shape else share * kept


def mean_trust(state: State, world: World) -> Floats:
    """Mean trust of each agency in those it is tied to; 0.5 without ties. Shape (agency, run)."""
    trust: Floats = world.ties.mean_by_source @ state.trust
    trust[world.ties.lonely] = 0.5
    return trust


def will(
    weights: Weights, overlap: Floats, signal: Floats, commitment: Floats, load: Floats, confidence: Floats
) -> Floats:
    """Reasons that effort and line priority share (DEL19 5.1–5.2; DFO25 4.7; RAD17 advice 1)."""
    core, steered, committed, loaded, watching = weights
    reasons = core * overlap + steered * signal + committed * commitment - loaded * load
    return reasons + watching * (confidence - NEUTRAL)


def will_weights(parameters: Parameters, run: Integers | None = None) -> Weights:
    """Weights of the reasons in :func:`will`, for all runs or for the runs of some events."""
    p = parameters
    weights = (p.will_core, p.will_signal, p.will_commitment, p.will_load, p.wait_and_see)
    return weights if run is None else tuple(pick(weight, run) for weight in weights)


def stake_gain(world: World, month: Month) -> Floats:
    """Net gain of every stake this month: fresh money carries its share of the cost (DIFI14 1.4.2).

    Shape (stake,).
    """
    return world.stakes.gain + world.stakes.cost * month.fresh.take(world.stakes.agency)


def active(state: State, world: World, month: int) -> Floats:
    """Whether each project is worked on, as 0 or 1. Shape (project, run)."""
    unfinished = (state.delivered_at < 0) & (state.progress < 1.0)
    return ((world.projects.start <= month)[:, None] & unfinished).astype(world.dtype)


def lead_trust(state: State, world: World, stakes: Integers) -> Floats:
    """Trust of some stake-holders in their projects' leads. Shape (stake, run)."""
    towards = np.repeat(world.stakes.lead_trust[stakes, None], state.runs, axis=1)
    tie = world.stakes.tie[stakes]
    tied = np.flatnonzero(tie != NONE)
    towards[tied] = state.trust[tie[tied]]
    return towards


def lead_gap(state: State, world: World, stakes: Integers) -> Floats:
    """Cognitive distance of some stake-holders to their projects' leads, in [0, 1]. Shape (stake, run)."""
    return distance(state.understanding, world.stakes.agency[stakes], world.stakes.lead[stakes])


def lead_relation(state: State, world: World, stakes: Events) -> Floats:
    """Trust in the lead less the distance to it, where somebody decides. Shape (event,)."""
    towards, tie = world.stakes.lead_trust.take(stakes.entity), world.stakes.tie.take(stakes.entity)
    tied = np.flatnonzero(tie != NONE)
    towards[tied] = state.trust.take(tie.take(tied) * stakes.runs + stakes.run.take(tied))
    places = state.understanding.reshape(len(world.themes), -1)
    return towards - distance(places, stakes.at(world.stakes.agency), stakes.at(world.stakes.lead))


def distance(understanding: Floats, first: Integers, second: Integers) -> Floats:
    """Euclidean distance over √2 between pairs of places in understanding, of shape (theme, place, …)."""
    if understanding[0, :1].size * len(first) <= FEW:
        gaps = understanding.take(first, axis=1) - understanding.take(second, axis=1)
        gaps *= gaps
        return np.sqrt(total(gaps) / 2.0)
    squares, apart, other = np.zeros((3, len(first), *understanding.shape[2:]), understanding.dtype)
    for theme in understanding:
        np.subtract(
            theme.take(first, axis=0, out=apart, mode="clip"),
            theme.take(second, axis=0, out=other, mode="clip"),
            out=apart,
        )
        apart *= apart
        squares += apart
    squares /= 2.0
    gap: Floats = np.sqrt(squares, out=squares)
    return gap


def clarity_pace(world: World, parameters: Parameters) -> Floats:
    """Growth of clarity, faster under a lead with authority (RAD17 advice 4). Shape (1,) or (run,)."""
    return np.minimum(1.0, parameters.clarity_growth * (1.0 + parameters.lead_push * world.lead_authority))


def project_facilitation(state: State, world: World) -> Floats:
    """Facilitation of every project by the facilitator; 0 without one. Shape (run,)."""
    facilitator = world.projects.facilitator
    return np.zeros(state.runs, world.dtype) if facilitator == NONE else state.facilitation[facilitator]


def anchoring_step(
    state: State, world: World, parameters: Parameters, stakes: Events, project_clarity: Floats
) -> Floats:
    """Anchoring won at a stop point or by consent (DEL19 4.3, 6). Shape (event,)."""
    internal = world.agencies.internal_organisation.take(world.stakes.agency.take(stakes.entity))
    support = (internal + project_facilitation(state, world).take(stakes.run)) / 2.0
    clarity = project_clarity.take(stakes.at(world.stakes.project))
    return np.minimum(1.0, pick(parameters.anchoring_gain, stakes.run) * clarity * support)
