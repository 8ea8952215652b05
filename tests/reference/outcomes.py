"""What is seen of a run: its outcomes (ODD, section 10) and its state variables (section 2)."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from math import nan, sqrt
from typing import Any

from .entities import Recommendation, Stage, World, mean, norm

FOLLOW_UP = 24
LOSSES = ("", "disagreement", "ministries", "line", "municipalities")
INSTRUMENTS = ("legal", "economic", "organisational", "pedagogical")
MONTHS = {
    "drafted_at": Stage.DRAFTED, "decided_at": Stage.DECIDED, "handed_at": Stage.HANDED_OVER,
    "adopted_at": Stage.ADOPTED, "implemented_at": Stage.IMPLEMENTED, "dropped_at": Stage.DROPPED,
}  # fmt: skip
STATUSES = ("idle", "waiting", "working", "done", "released")


class Tally:
    """Sums over months that outcomes need."""

    def __init__(self, world: World) -> None:
        self.first_gap = understanding_gap(world)
        self.seats: list[tuple[bool, bool, float]] = []
        self.spent, self.months, self.meetings, self.contact = 0.0, 0, 0, False
        self.coherence: list[float] = []
        self.service: list[float] = []

    def observe(self, world: World) -> None:
        """Add a month that has just passed."""
        meeting = [forum for forum in world.forums.values() if forum.meets(world.month)]
        self.meetings += len(meeting)
        self.seats += [(s.agency.core, s.attended, f.structure) for f in meeting for s in f.seats]
        alive = [s for s in world.secretariats.values() if s.lives(world.month)]
        self.spent += sum(agency.meeting_time for agency in world.agencies.values())
        self.spent += sum(project.work for project in world.projects.values()) + sum(s.staff for s in alive)
        self.service += [secretariat.service_quality for secretariat in alive]
        self.coherence.append(world.coherence)
        self.contact = self.contact or any(tie.contact > 0.0 for tie in world.ties.values())
        self.months += 1


def understanding_gap(world: World) -> float:
    """Root mean square distance of participants' understanding from their mean."""
    views = [agency.understanding for agency in world.agencies.values() if agency.participates]
    centre = {theme: mean((x[theme] for x in views), nan) for theme in world.themes}
    return sqrt(mean((norm({theme: x[theme] - centre[theme] for theme in x}) ** 2 for x in views), nan))


def average(numbers: Iterable[float]) -> float:
    """The mean; missing if there is nothing to take it of."""
    return mean(numbers, nan)


def share(things: Iterable[Any], has: Callable[[Any], bool]) -> float:
    """The share of things for which something holds."""
    return average(float(has(thing)) for thing in things)


def reached(stage: Stage) -> Callable[[Recommendation], bool]:
    """Whether a recommendation has come to a stage, whatever became of it."""
    return lambda recommendation: stage in recommendation.months


def since(recommendation: Recommendation, stage: Stage) -> int:
    """Months from a stage to implemented."""
    return recommendation.months[Stage.IMPLEMENTED] - recommendation.months[stage]


def outcomes(world: World, tally: Tally) -> dict[str, float]:
    """All outcomes by name; NaN where one is missing."""
    planned, last = list(world.recommendations.values()), tally.months - 1
    came_to = {stage: [r for r in planned if stage in r.months] for stage in Stage}
    drafted, implemented = came_to[Stage.DRAFTED], came_to[Stage.IMPLEMENTED]
    followed = [r for r in drafted if r.months[Stage.DRAFTED] <= last - FOLLOW_UP]
    joint = [r for r in drafted if len(r.first_duties) >= 2]
    carried_out = [r for r in planned if r.carried_out_at >= 0]
    core = {core: [attended for c, attended, _ in tally.seats if c == core] for core in (True, False)}
    ties = [(tie.source.core, tie.target.core, tie.trust) for tie in world.ties.values()]
    people = [agency for agency in world.agencies.values() if agency.participates]
    adopted, done = reached(Stage.ADOPTED), reached(Stage.IMPLEMENTED)
    gap = understanding_gap(world)
    rungs = [
        tally.contact,
        gap <= tally.first_gap / 2.0,
        share(drafted, adopted) >= 0.25,
        share(joint, done) >= 0.25,
    ]
    return {
        "implemented_rate": share(followed, lambda r: done(r) and since(r, Stage.DRAFTED) <= FOLLOW_UP),
        "implemented_rate_horizon": share(drafted, done),
        **{stage.name.lower(): len(came_to[stage]) for stage in Stage},
        "planned": len(planned),
        "pending": len(drafted) - len(implemented) - len(came_to[Stage.DROPPED]),
        "not_drafted": sum(r.stage == Stage.PLANNED and r.project.delivered_at >= 0 for r in planned),
        **{f"lost_{loss}": sum(r.loss == loss for r in planned) for loss in LOSSES[1:]},
        "carried_out": len(carried_out),
        "months_to_implement": average(r.months[Stage.IMPLEMENTED] - r.project.start for r in implemented),
        "months_from_draft": average(since(r, Stage.DRAFTED) for r in implemented),
        "months_to_decide": average(
            r.months[Stage.DECIDED] - r.months[Stage.DRAFTED] for r in came_to[Stage.DECIDED]
        ),
        "rounds": average(r.votes for r in planned if r.votes),
        "round_trips": average(r.trips for r in planned if r.votes or r.trips),
        "boldness_end": average(r.boldness for r in drafted),
        "structure_share": average(structure for _, attended, structure in tally.seats if attended),
        "meetings": tally.meetings,
        "fte_spent": tally.spent,
        "fte_per_implemented": tally.spent / len(implemented) if implemented else nan,
        "service_quality": average(tally.service),
        "trust_mean": average(trust for _, _, trust in ties),
        "trust_core": average(trust for i, j, trust in ties if i and j),
        "trust_periphery_to_core": average(trust for i, j, trust in ties if not i and j),
        "trust_core_to_periphery": average(trust for i, j, trust in ties if i and not j),
        "attendance_core": average(core[True]),
        "attendance_periphery": average(core[False]),
        "inclusion_periphery": average(agency.inclusion for agency in people if not agency.core),
        "understanding_gap": gap,
        "ownership_end": average(agency.ownership for agency in people),
        "confidence_end": average(agency.confidence for agency in people),
        "clarity_end": average(forum.clarity for forum in world.forums.values() if forum.lives(last)),
        "ministry_coherence": average(tally.coherence),
        "negative_coordination": share((r for r in drafted if r.project.rung <= 3.0), adopted),
        "positive_coordination": share((r for r in joint if r.project.rung == 4.0), done),
        "reached_municipalities": share((r for r in drafted if r.project.municipal), done),
        **{
            f"implemented_{kind}": share((r for r in drafted if r.instrument == kind), done)
            for kind in INSTRUMENTS
        },
        "lasting": sum(min(duty.anchoring for duty in r.first_duties) for r in carried_out),
        "municipal_link": share((r for r in carried_out if len(r.duties) > len(r.first_duties)), done),
        "ladder_rung": rungs.index(False) if False in rungs else len(rungs),
    }


VARIABLES = {
    "ministries": "attention",
    "agencies": "ownership confidence inclusion load effort meeting_time affordable mean_signal kept broken",
    "forums": "clarity facilitation",
    "secretariats": "backlog service_quality experience",
    "projects": "progress delivered_at",
    "recommendations": "stage boldness content step rounds votes trips carried_out_at",
    "ties": "trust contact",
}
"""State variables that entities have under the same name."""


def state(world: World) -> dict[str, Any]:
    """State variables of section 2 by name: values in order of names; NaN where undefined."""
    agencies, projects = world.agencies.values(), world.projects.values()
    recommendations = world.recommendations.values()
    duties = [duty for recommendation in recommendations for duty in recommendation.duties]
    stakes = [stake for project in projects for stake in project.stakes]
    plain = {
        name: [getattr(entity, name) for entity in getattr(world, kind).values()]
        for kind, names in VARIABLES.items()
        for name in names.split()
    }
    return plain | {
        **{name: [r.months.get(stage, -1) for r in recommendations] for name, stage in MONTHS.items()},
        "loss": [LOSSES.index(r.loss) for r in recommendations],
        "understanding": [[agency.understanding[theme] for agency in agencies] for theme in world.themes],
        "agency_signal": [agency.signal for agency in agencies],
        "project_clarity": [project.clarity for project in projects],
        "project_boldness": [project.boldness for project in projects],
        "stake_anchoring": [stake.anchoring for stake in stakes],
        "signal": [stake.signal for stake in stakes],
        "work": [stake.work for stake in stakes],
        "attended": [seat.attended for forum in world.forums.values() for seat in forum.seats],
        "duty_status": [STATUSES.index(duty.status) for duty in duties],
        "anchoring": [duty.anchoring for duty in duties],
        "work_left": [duty.work_left for duty in duties],
        "in_letter": [duty.in_letter for duty in duties],
        "coherence": world.coherence,
        "damping": world.damping,
    }
