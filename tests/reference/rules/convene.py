"""Phase 4, convene (ODD 7.4)."""

from __future__ import annotations

from ..draws import pair
from ..entities import Agency, Forum, Tie, World
from ..formulas import lowered, mean, raised, sigmoid


def run(world: World) -> None:
    """Forums meet; agencies listen, gain and lose trust and ownership."""
    for forum in world.forums.values():
        open_meeting(world, forum)
    for agency in world.agencies.values():
        attend(world, agency)
    for agency in world.agencies.values():
        meet(world, agency)
        listen(world, agency)
    for agency in world.agencies.values():
        learn(agency)
        change_trust(world, agency)
        change_ownership(world, agency)
    for forum in world.forums.values():
        close_meeting(world, forum)
    for agency in world.agencies.values():
        change_inclusion(world, agency)


def open_meeting(world: World, forum: Forum) -> None:
    """Item 1: the share of time that goes to structure and process."""
    relief, seats = world.parameters["structure_relief"], len(forum.seats)
    size = seats / (seats + world.parameters["structure_half"])
    prepared = 1.0 - relief * forum.service(world.month)
    led = 1.0 - relief * forum.authority
    forum.structure = (1.0 - forum.clarity) * size * prepared * led


def attend(world: World, agency: Agency) -> None:
    """Item 2."""
    p = world.parameters
    reasons = agency.ownership + agency.inclusion + agency.mean_signal + agency.mean_trust
    share = sigmoid(p["attendance_intercept"] + p["attendance_commitment"] * reasons / 4.0)
    for seat in agency.seats:
        u = world.uniform("attend", pair(seat.forum.name, agency.name))
        seat.attended = seat.forum.meets(world.month) and u < agency.afford * share


def meet(world: World, agency: Agency) -> None:
    """Item 3: contact and absence on the ties of one agency."""
    for tie in agency.ties.values():
        tie.contact = _in_forums(tie) + _in_projects(world, tie)
        missed = [own for own, other in tie.seats if own.attended and not other.attended]
        tie.absence = sum(1.0 / (len(seat.forum.seats) - 1) for seat in missed)


def _in_forums(tie: Tie) -> float:
    together = [own.forum for own, other in tie.seats if own.attended and other.attended]
    return sum((1.0 - forum.structure) / (len(forum.seats) - 1) for forum in together)


def _in_projects(world: World, tie: Tie) -> float:
    active = [project for project in tie.projects if project.active(world.month)]
    pairs = [(project, len(project.members) * (len(project.members) - 1)) for project in active]
    return sum(world.parameters["group_contact"] * project.work / ordered for project, ordered in pairs)


def listen(world: World, agency: Agency) -> None:
    """Item 4: what one agency hears, to be taken up when all have heard."""
    p = world.parameters
    own = min(1.0, p["frame_stubbornness"] * agency.stubbornness)
    weights = [(tie.target, p["learning"] * tie.contact * tie.trust) for tie in agency.ties.values()]
    total = 1.0 + sum(weight for _, weight in weights)
    agency.heard = {
        theme: (1.0 - own) * _heard(theme, x, weights) / total + own * agency.frame[theme]
        for theme, x in agency.understanding.items()
    }


def _heard(theme: str, own: float, weights: list[tuple[Agency, float]]) -> float:
    return own + sum(weight * other.understanding[theme] for other, weight in weights)


def learn(agency: Agency) -> None:
    """Item 4: take up what was heard."""
    agency.understanding = agency.heard


def change_trust(world: World, agency: Agency) -> None:
    """Item 5."""
    p = world.parameters
    for tie in agency.ties.values():
        eased = 1.0 - p["distance_drag"] * tie.distance
        grown = raised(tie.trust, p["trust_growth"] * tie.contact * eased)
        tie.trust = lowered(grown, p["trust_promise"] * tie.absence)


def change_ownership(world: World, agency: Agency) -> None:
    """Item 6."""
    p = world.parameters
    attended = [seat.forum for seat in agency.seats if seat.attended]
    in_groups = p["group_contact"] * sum(s.work for s in agency.stakes) if world.project_groups else 0.0
    substance = sum(1.0 - forum.structure for forum in attended) + in_groups
    structure = sum(forum.structure for forum in attended)
    fed = raised(agency.ownership, p["ownership_process"] * substance)
    agency.ownership = lowered(fed, p["ownership_process"] * structure)
    if agency.participates and agency is not world.coordinator:
        agency.ownership = lowered(agency.ownership, p["dominance"] * world.lead_authority)


def close_meeting(world: World, forum: Forum) -> None:
    """Items 7 and 8."""
    if not forum.span.holds(world.month):
        forum.facilitation = 0.0
    if not forum.meets(world.month):
        return
    forum.attended = mean((float(seat.attended) for seat in forum.seats), default=0.0)
    room = max(0.0, (1.0 + forum.mandate) / 2.0 - forum.clarity)
    forum.clarity += clarity_pace(world) * forum.structure * forum.attended * room
    forum.facilitation = forum.service(world.month) * (1.0 - forum.structure) * forum.attended


def clarity_pace(world: World) -> float:
    """Item 7: how fast mandates become clearer, of forums and of projects."""
    p = world.parameters
    return min(1.0, p["clarity_growth"] * (1.0 + p["lead_push"] * world.lead_authority))


def change_inclusion(world: World, agency: Agency) -> None:
    """Item 9."""
    p, month = world.parameters, world.month
    outside = sum(forum.span.holds(month) for forum in agency.circles)
    outside += world.names_core and not agency.core
    alive = [seat for seat in agency.seats if seat.forum.span.holds(month)]
    service = mean((seat.forum.service(month) for seat in alive), default=0.0)
    left_out = 1.0 - (1.0 - p["exclusion"]) ** outside
    target = 1.0 - left_out * (1.0 - p["exclusion_softening"] * service)
    agency.inclusion += p["adjustment"] * (target - agency.inclusion)
