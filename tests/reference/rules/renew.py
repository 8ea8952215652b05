"""Phase 8, renew (ODD 7.8)."""

from __future__ import annotations

import math

from ..draws import key, pair
from ..entities import Agency, Secretariat, Stage, Tie, World
from ..formulas import lowered, raised


def run(world: World) -> None:
    """People leave, promises are remembered, ownership fades and is fed."""
    for secretariat in world.secretariats.values():
        gain_experience(world, secretariat)
        lose_experience(world, secretariat)
    for agency in world.agencies.values():
        turn_over(world, agency)
    for tie in world.ties.values():
        lose_people(world, tie)
        remember_promises(world, tie)
    for agency in world.agencies.values():
        renew_ownership(world, agency)
        renew_confidence(world, agency)
        measure_load(agency)


def turnover(world: World) -> float:
    """Item 2: probability that key people leave this month."""
    factors = [period.factor for period in world.unrest if period.span.holds(world.month)]
    return min(1.0, world.parameters["turnover"] * world.turnover_factor * math.prod(factors))


def gain_experience(world: World, secretariat: Secretariat) -> None:
    """Item 1."""
    if secretariat.span.holds(world.month):
        secretariat.experience += world.parameters["adjustment"] * (1.0 - secretariat.experience)


def lose_experience(world: World, secretariat: Secretariat) -> None:
    """Item 2, for a secretariat."""
    alive = secretariat.span.holds(world.month)
    if alive and world.uniform("turnover", pair("secretariat", secretariat.name)) < turnover(world):
        secretariat.experience = lowered(secretariat.experience, world.parameters["turnover_loss"])


def turn_over(world: World, agency: Agency) -> None:
    """Item 2, for an agency."""
    agency.leaves = agency.participates and world.uniform("turnover", key(agency.name)) < turnover(world)


def lose_people(world: World, tie: Tie) -> None:
    """Item 2, for a tie."""
    for agency in (tie.source, tie.target):
        if agency.leaves:
            tie.trust = lowered(tie.trust, world.parameters["turnover_loss"])


def remember_promises(world: World, tie: Tie) -> None:
    """Item 3."""
    weight = world.parameters["trust_promise"]
    tie.trust = lowered(raised(tie.trust, weight * tie.target.done), weight * tie.target.dropped)


def renew_ownership(world: World, agency: Agency) -> None:
    """Item 4."""
    p = world.parameters
    faded = agency.ownership * 2.0 ** (-1.0 / p["ownership_half_life"])
    agency.ownership = raised(faded, p["ownership_result"] * results(world, agency))


def results(world: World, agency: Agency) -> float:
    """Item 4: what came of joint work this month, and what ministries made of it."""
    delivered = sum(stake.project.delivered == world.month for stake in agency.stakes)
    return delivered + implemented(world, agency) + sum(agency.ministry.events.get(world.month, []))


def implemented(world: World, agency: Agency) -> int:
    """Items 4 and 5: recommendations implemented this month where the agency has a stake."""
    recommendations = [r for stake in agency.stakes for r in stake.project.recommendations]
    return sum(r.months.get(Stage.IMPLEMENTED) == world.month for r in recommendations)


def renew_confidence(world: World, agency: Agency) -> None:
    """Item 5: how joint work has fared, as far as the agency sees."""
    partners = [tie.target for tie in agency.ties.values()]
    fared_well = implemented(world, agency) + sum(partner.done for partner in partners)
    fared_badly = sum(partner.dropped for partner in partners)
    seen = fared_well + fared_badly
    if seen > 0:
        agency.confidence += world.parameters["adjustment"] * (fared_well / seen - agency.confidence)


def measure_load(agency: Agency) -> None:
    """Item 6."""
    left = sum(duty.left for duty in agency.duties if duty.status == "working")
    agency.load = left / (12.0 * agency.line_capacity)
