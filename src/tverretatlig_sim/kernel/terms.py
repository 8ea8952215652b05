"""Terms that several phases share: logistic reasons, moves in the unit interval, ties to a lead."""

from __future__ import annotations

import numpy as np

from tverretatlig_sim.kernel.parameters import Parameters, pick
from tverretatlig_sim.kernel.state import State
from tverretatlig_sim.world.sparse import Floats, Integers
from tverretatlig_sim.world.world import NONE, World

Weights = tuple[Floats, ...]
"""Weights of overlap, signal, commitment, load and confidence."""

NEUTRAL = 0.5
"""Confidence of an agency that has seen neither kept nor broken promises."""

LARGEST_EXPONENT = 700.0
"""exp of more would overflow."""


def logistic(reasons: Floats) -> Floats:
    """1 / (1 + exp(−reasons)), whatever the size of the reasons."""
    return 1.0 / (1.0 + np.exp(np.minimum(-reasons, LARGEST_EXPONENT)))


def raised(share: Floats, by: Floats) -> Floats:
    """A share moved towards 1 by the fraction ``min(1, by)``."""
    return share + np.minimum(1.0, by) * (1.0 - share)


def lowered(share: Floats, by: Floats) -> Floats:
    """A share moved towards 0 by the fraction ``min(1, by)``."""
    return share * (1.0 - np.minimum(1.0, by))


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


def active(state: State, world: World, month: int) -> Floats:
    """Whether each project is under way, as 0 or 1. Shape (project, run)."""
    return ((world.projects.start <= month)[:, None] & (state.delivered_at < 0)).astype(np.float64)


def lead_trust(trust: Floats, world: World) -> Floats:
    """Trust of every stake-holder in its project's lead. Shape (stake, run)."""
    stakes = world.stakes
    towards = np.repeat(stakes.lead_trust[:, None], trust.shape[-1], axis=1)
    towards[stakes.tied] = trust[stakes.tie[stakes.tied]]
    return towards


def lead_gap(understanding: Floats, world: World) -> Floats:
    """Cognitive distance of every stake-holder to its project's lead, in [0, 1]. Shape (stake, run)."""
    stakes = world.stakes
    gap = np.zeros((len(stakes.agency), understanding.shape[-1]))
    member, lead = stakes.agency[stakes.apart], world.projects.lead[stakes.project[stakes.apart]]
    gap[stakes.apart] = distance(understanding, member, lead)
    return gap


def distance(understanding: Floats, first: Integers, second: Integers) -> Floats:
    """Euclidean distance over √2 between the understandings of pairs of agencies. Shape (pair, run)."""
    total = np.zeros((len(first), understanding.shape[-1]))
    for theme in understanding:
        apart = theme[first]
        apart -= theme[second]
        apart *= apart
        total += apart
    total /= 2.0
    return np.sqrt(total, out=total)


def clarity_pace(world: World, parameters: Parameters) -> Floats:
    """Growth of clarity, faster under a lead with authority (RAD17 advice 4). Shape (1,) or (run,)."""
    return np.minimum(1.0, parameters.clarity_growth * (1.0 + parameters.lead_push * world.lead_authority))


def project_facilitation(state: State, world: World) -> Floats:
    """Facilitation of each project by its facilitator; 0 without one. Shape (project, run)."""
    facilitator = world.projects.facilitator
    facilitation = np.zeros((len(facilitator), state.runs))
    facilitated = np.flatnonzero(facilitator != NONE)
    facilitation[facilitated] = state.facilitation[facilitator[facilitated]]
    return facilitation


def anchoring_step(
    state: State, world: World, parameters: Parameters, stakes: Integers, facilitation: Floats
) -> Floats:
    """Anchoring won at a stop point or by consent, for some stakes (DEL19 4.3, 6). Shape (stake, run)."""
    project, agency = world.stakes.project[stakes], world.stakes.agency[stakes]
    support = (world.agencies.internal_organisation[agency][:, None] + facilitation[project]) / 2.0
    return np.minimum(1.0, parameters.anchoring_gain * state.project_clarity[project] * support)
