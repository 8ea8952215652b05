"""Phase 6, decide (ODD 7.6)."""

from __future__ import annotations

from ..draws import key, pair
from ..entities import Agency, Forum, Ministry, Recommendation, Stage, World
from ..formulas import raised, sigmoid
from .work import anchoring_step

Recommendations = list[Recommendation]


def run(world: World) -> None:
    """Bodies settle their cases, ministries theirs."""
    waiting = [r for r in world.recommendations.values() if in_stage_before(world, r, Stage.DRAFTED)]
    decided = [r for r in world.recommendations.values() if in_stage_before(world, r, Stage.DECIDED)]
    at_line = [r for r in waiting if r.body is None]
    taken_up = [(forum, agenda(world, forum, waiting)) for forum in world.forums.values()]
    for recommendation in at_line:
        put_to_line(world, recommendation)
    for forum, recommendations in taken_up:
        for recommendation in recommendations:
            if makes_round_trip(world, forum, recommendation):
                recommendation.trips += 1
            else:
                put_to_forum(world, forum, recommendation)
    if world.month_of_year == world.budget_month:
        for recommendation in decided:
            put_to_ministries(world, recommendation)


def in_stage_before(world: World, recommendation: Recommendation, stage: Stage) -> bool:
    """Whether it is in a stage that it reached in an earlier month."""
    return recommendation.stage == stage and recommendation.months[stage] < world.month


def agenda(world: World, forum: Forum, waiting: Recommendations) -> Recommendations:
    """Item 1: what a forum takes up this month."""
    if not forum.meets(world.month):
        return []
    there = [r for r in waiting if r.body is forum]
    cases = sorted({case(r) for r in there})[: forum.agenda]
    return [r for r in there if case(r) in cases]


def case(recommendation: Recommendation) -> tuple[int, str]:
    """Month of drafting and name of a recommendation's case."""
    project = recommendation.project
    name = recommendation.name if project.increments else project.name
    return recommendation.months[Stage.DRAFTED], name


def makes_round_trip(world: World, forum: Forum, recommendation: Recommendation) -> bool:
    """Item 1: whether seats of too low a rank leave it unresolved."""
    chance = world.parameters["round_trip"] * (1.0 - forum.rank)
    return world.uniform("trip", key(recommendation.name)) < chance


def accepts(world: World, recommendation: Recommendation, agency: Agency) -> bool:
    """Item 2: the vote of one agency."""
    duty = next((duty for duty in recommendation.duties if duty.agency is agency), None)
    u = world.uniform("vote", pair(recommendation.name, agency.name))
    if duty is None:
        return u < world.parameters["bystander_consent"]
    p, stake, bold = world.parameters, duty.stake, recommendation.boldness
    process = stake.trust - stake.gap + duty.anchoring + stake.project.clarity - 1.0
    z = (
        p["acceptance_intercept"]
        + p["gain_weight"] * (stake.net_gain * bold + recommendation.content)
        - p["ask_weight"] * recommendation.given_up * bold
        + p["process_weight"] * process
        - p["ambition_weight"] * max(0.0, stake.project.rung - agency.ambition) / 3.0
    )
    return u < sigmoid(z)


def put_to_line(world: World, recommendation: Recommendation) -> None:
    """Item 3: the lead decides."""
    lead = recommendation.project.lead
    accepted = accepts(world, recommendation, lead)
    settle(world, recommendation, accepted, [lead] if accepted else [])


def put_to_forum(world: World, forum: Forum, recommendation: Recommendation) -> None:
    """Item 3: a forum decides by its rule."""
    decider = {"lead": recommendation.project.lead, "authority": forum.chair}.get(forum.rule)
    attending = [seat.agency for seat in forum.seats if seat.attended]
    voters = attending if decider is None else [decider]
    if not voters:
        return
    ayes = [agency for agency in voters if accepts(world, recommendation, agency)]
    accepted = 2 * len(ayes) > len(voters) if forum.rule == "majority" else len(ayes) == len(voters)
    settle(world, recommendation, accepted, ayes)


def settle(world: World, recommendation: Recommendation, accepted: bool, ayes: list[Agency]) -> None:
    """Items 4 and 5: what a vote leads to."""
    recommendation.votes += 1
    if accepted:
        anchor(world, recommendation, ayes)
        pass_on(world, recommendation)
        return
    recommendation.rounds += 1
    recommendation.boldness *= 1.0 - world.parameters["dilution"]
    if recommendation.rounds >= world.parameters["max_rounds"]:
        escalate(world, recommendation)


def anchor(world: World, recommendation: Recommendation, ayes: list[Agency]) -> None:
    """Item 4: consent anchors."""
    for duty in recommendation.duties:
        if duty.agency in ayes:
            duty.anchoring = raised(duty.anchoring, anchoring_step(world, duty.stake))


def pass_on(world: World, recommendation: Recommendation) -> None:
    """Item 4: on to the next body, or decided."""
    recommendation.rounds = 0
    if recommendation.step + 1 < len(recommendation.project.route):
        recommendation.step += 1
        return
    world.move(recommendation, Stage.DECIDED)
    if not recommendation.through_ministries:
        hand_over(world, recommendation)


def escalate(world: World, recommendation: Recommendation) -> None:
    """Item 5: a case that is stuck goes up."""
    attention = recommendation.project.lead.ministry.attention
    settled_above = world.parameters["escalation"] * attention * world.core_group_authority
    pushed_through = world.parameters["lead_push"] * world.lead_authority
    chance = 1.0 - (1.0 - settled_above) * (1.0 - pushed_through)
    if world.uniform("escalate", key(recommendation.name)) < chance:
        pass_on(world, recommendation)
    else:
        world.move(recommendation, Stage.DROPPED, "disagreement")


def put_to_ministries(world: World, recommendation: Recommendation) -> None:
    """Item 6: the budget round."""
    holders = [duty.agency for duty in recommendation.first_duties]
    ministries = {agency.ministry.name: agency.ministry for agency in holders}
    if all(agrees(world, recommendation, ministry) for ministry in ministries.values()):
        hand_over(world, recommendation)
        return
    recommendation.rounds += 1
    if recommendation.rounds >= world.parameters["max_rounds"]:
        world.move(recommendation, Stage.DROPPED, "ministries")


def agrees(world: World, recommendation: Recommendation, ministry: Ministry) -> bool:
    """Item 6: one ministry's answer."""
    chance = min(1.0, world.parameters["ministry_consent"] * ministry.attention * world.coherence)
    return world.uniform("budget", pair(recommendation.name, ministry.name)) < chance


def hand_over(world: World, recommendation: Recommendation) -> None:
    """Item 6: over to the lines."""
    world.move(recommendation, Stage.HANDED_OVER)
    for duty in recommendation.first_duties:
        duty.status = "waiting"
