"""Phase 7, implement (ODD 7.7)."""

from __future__ import annotations

from ..entities import Agency, Duty, Recommendation, Stage, World
from ..formulas import sigmoid
from .steer import duty_key, named_strength

CLOSE = 1e-9


def run(world: World) -> None:
    """Lines work on what they have taken up and take up, or drop, what waits."""
    for agency in world.agencies.values():
        carry_out(agency)
        take_up(world, agency)
    for recommendation in world.recommendations.values():
        follow(world, recommendation)


def carry_out(agency: Agency) -> None:
    """Item 1."""
    agency.done = 0
    working = [duty for duty in agency.duties if duty.status == "working"]
    for duty in working:
        duty.left -= agency.line_capacity / len(working)
        if duty.left <= CLOSE:
            duty.status, duty.left = "done", 0.0
            agency.done += 1


def take_up(world: World, agency: Agency) -> None:
    """Item 2."""
    agency.dropped = 0
    for duty in agency.duties:
        if not duty.waits_since_before(world.month):
            continue
        u, adopted = world.uniform("adopt", duty_key(duty)), adoption(world, duty)
        if u < adopted:
            duty.status, duty.left = "working", duty.stake.project.line_work
        elif u < adopted + min(world.parameters["line_drop"], 1.0 - adopted):
            duty.status = "dropped"
            agency.dropped += 1


def adoption(world: World, duty: Duty) -> float:
    """Item 2: probability that a waiting duty is adopted this month."""
    pace = world.parameters["adoption_pace"]
    return pace * sigmoid(priority(world, duty)) * sigmoid(fit(world, duty))


def priority(world: World, duty: Duty) -> float:
    """Item 2: how far up the line's list a duty is."""
    p, agency, project = world.parameters, duty.agency, duty.recommendation.project
    support = agency.internal_organisation + world.follow_up * project.facilitation
    return (
        p["priority_intercept"]
        + p["will_core"] * duty.stake.overlap
        + p["will_signal"] * signal(world, duty)
        + p["will_commitment"] * agency.commitment
        - p["will_load"] * agency.load
        + p["wait_and_see"] * (agency.confidence - 0.5)
        + p["priority_support"] * support
    )


def signal(world: World, duty: Duty) -> float:
    """Item 2: the ministry's signal about a duty."""
    in_letter = world.parameters["commissioned_signal"] if duty.in_letter else 0.0
    asked = max(duty.agency.letter, named_strength(world, duty.stake), in_letter)
    return duty.agency.ministry.attention * world.damping * asked


def fit(world: World, duty: Duty) -> float:
    """Item 2: how well a recommendation fits the line."""
    p, stake, recommendation = world.parameters, duty.stake, duty.recommendation
    gain = stake.net_gain * recommendation.boldness + recommendation.content
    return (
        p["fit_intercept"]
        + p["fit_anchoring"] * duty.anchoring
        + p["process_weight"] * (stake.trust - stake.gap)
        + p["gain_weight"] * gain
    )


def follow(world: World, recommendation: Recommendation) -> None:
    """Item 3."""
    dropped = [duty for duty in recommendation.duties if duty.status == "dropped"]
    if dropped:
        reason = "municipalities" if any(duty.last for duty in dropped) else "line"
        world.move(recommendation, Stage.DROPPED, reason)
        release(recommendation)
        return
    taken_up = all(duty.status in ("working", "done") for duty in recommendation.first_duties)
    if recommendation.stage == Stage.HANDED_OVER and taken_up:
        world.move(recommendation, Stage.ADOPTED)
    if recommendation.stage == Stage.ADOPTED and recommendation.carried_out:
        open_last(recommendation)
        if all(duty.status == "done" for duty in recommendation.duties):
            world.move(recommendation, Stage.IMPLEMENTED)


def open_last(recommendation: Recommendation) -> None:
    """Item 3: what the agencies have carried out goes to the municipal chain."""
    for duty in recommendation.duties:
        if duty.status == "idle":
            duty.status = "waiting"


def release(recommendation: Recommendation) -> None:
    """Item 3: duties that were begun and are not done end."""
    for duty in recommendation.duties:
        if duty.status in ("waiting", "working", "dropped"):
            duty.status, duty.left = "released", 0.0
