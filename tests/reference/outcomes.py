"""What is seen of a run: its outcomes (ODD, section 10) and its state variables (section 2)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from math import nan, sqrt
from typing import Any

from .entities import STAGE_MONTHS, Loss, Recommendation, Stage, Status, World, mean, norm

FOLLOW_UP = 24
INSTRUMENTS = ("legal", "economic", "organisational", "pedagogical")
VARIABLES = {
    "world": "coherence",
    "ministries": "attention damping",
    "hearings": "heard_at known_at",
    "agencies": "ownership confidence inclusion load understanding agency_signal mean_signal effort "
    "meeting_time affordable kept broken",
    "seats": "attended",
    "secretariats": "backlog service_quality experience",
    "projects": "turn facilitation progress project_clarity project_boldness begun_at delivered_at "
    "mandate_rounds mandated_at rework",
    "stakes": "stake_anchoring signal work",
    "ties": "trust contact unprepared",
    "recommendations": "number stage boldness content step rounds votes trips loss drafted_at decided_at "
    "passed_at handed_at adopted_at carried_out_at implemented_at dropped_at reported_at tabled_at "
    "settled_at joint_rounds",
    "duties": "bears duty_status anchoring work_left letter_at",
}


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
        self.meetings += sum(forum.own for forum in meeting)
        taken = [(seat, forum) for forum in meeting for seat in forum.seats if not seat.agency.is_ministry]
        self.seats += [(s.agency.core, s.attended, f.structure) for s, f in taken]
        alive = [s for s in world.secretariats.values() if s.lives(world.month)]
        self.spent += sum(agency.meeting_time for agency in world.agencies.values())
        self.spent += sum(project.work for project in world.projects.values()) + sum(
            s.secretariat_fte for s in alive
        )
        self.service += [secretariat.service_quality for secretariat in alive]
        self.coherence.append(world.coherence)
        self.contact = self.contact or any(tie.contact > 0.0 for tie in world.ties.values())
        self.months += 1


def understanding_gap(world: World) -> float:
    """Root mean square distance of participants' understanding from their mean."""
    views = [agency.understanding for agency in world.agencies.values() if agency.participates]
    centre = {theme: mean((x[theme] for x in views), nan) for theme in world.themes}
    return sqrt(mean((norm(x[theme] - centre[theme] for theme in x) ** 2 for x in views), nan))


def average(numbers: Iterable[float]) -> float:
    """The mean; missing if there is nothing to take it of."""
    return mean(numbers, nan)


def share(things: Iterable[Recommendation], has: Callable[[Recommendation], bool]) -> float:
    """The share of recommendations for which something holds."""
    return average(has(thing) for thing in things)


def adopted(r: Recommendation) -> bool:
    return r.adopted_at >= 0


def implemented(r: Recommendation) -> bool:
    return r.implemented_at >= 0


def fell(r: Recommendation, status: Status) -> bool:
    """Whether the line of a duty-holder let it fall in that way."""
    return any(duty.duty_status == status for duty in r.duties)


def begun(r: Recommendation) -> int:
    """Month in which the work on it began, or the run."""
    return max(0, r.project.start)


def implemented_in_time(drafted: Sequence[Recommendation], last: int) -> float:
    """Aalen and Johansen's estimate of the share implemented in the follow-up; late drafts are censored."""
    if not any(r.drafted_at + FOLLOW_UP <= last for r in drafted):
        return nan
    left, share, still = 1.0, 0.0, list(drafted)
    for month in range(FOLLOW_UP + 1):
        still = [r for r in still if r.drafted_at + month <= last]
        if not still:
            break
        done = [r for r in still if r.implemented_at == r.drafted_at + month]
        ended = [r for r in still if r.drafted_at + month in (r.implemented_at, r.dropped_at)]
        share += left * len(done) / len(still)
        left *= 1 - len(ended) / len(still)
        still = [r for r in still if r not in ended]
    return share


def outcomes(world: World, tally: Tally) -> dict[str, float]:
    """All outcomes by name; NaN where one is missing."""
    planned, last = list(world.recommendations.values()), tally.months - 1
    projects = list(world.projects.values())
    seen = [project for project in projects if project.mandate_rounds or project.mandated_at >= 0]
    drafted, decided, _, _, done, dropped = came_to = [
        [r for r in planned if getattr(r, month) >= 0] for month in STAGE_MONTHS[1:]
    ]
    worked_on = [r for r in planned if begun(r) + 48 <= tally.months]
    joint = [r for r in drafted if len(r.first_duties) >= 2]
    carried_out = [r for r in planned if r.carried_out_at >= 0]
    seats = {core: [attended for own, attended, _ in tally.seats if own == core] for core in (True, False)}
    among = [x for x in world.ties.values() if not x.source.is_ministry and not x.target.is_ministry]
    ties = [(tie.source.core, tie.target.core, tie.trust) for tie in among]
    people = [agency for agency in world.agencies.values() if agency.participates]
    gap = understanding_gap(world)
    rungs = [
        tally.contact,
        gap <= tally.first_gap / 2.0,
        share(drafted, adopted) >= 0.25,
        share(joint, implemented) >= 0.25,
    ]
    return {
        "implemented_rate": implemented_in_time(drafted, last),
        "implemented_of_planned": share(worked_on, lambda r: 0 <= r.implemented_at < begun(r) + 48),
        "implemented_rate_horizon": share(drafted, implemented),
        **{stage.name.lower(): len(listed) for stage, listed in zip(list(Stage)[1:], came_to, strict=True)},
        "planned": len(planned),
        "pending": len(drafted) - len(done) - len(dropped),
        "not_drafted": sum(r.stage == Stage.PLANNED and r.project.delivered_at >= 0 for r in planned),
        **{f"lost_{loss.name.lower()}": sum(r.loss == loss for r in planned) for loss in list(Loss)[1:]},
        "refused": sum(fell(r, Status.REFUSED) for r in planned),
        "forgotten": sum(fell(r, Status.FORGOTTEN) and not fell(r, Status.REFUSED) for r in planned),
        "carried_out": len(carried_out),
        "months_to_implement": average(r.implemented_at - r.project.start for r in done),
        "months_from_draft": average(r.implemented_at - r.drafted_at for r in done),
        "months_to_decide": average(r.decided_at - r.drafted_at for r in decided),
        "mandate_rounds": average(x.mandate_rounds for x in seen),
        "months_to_mandate": average(x.mandated_at - x.begun_at for x in projects if x.mandated_at >= 0),
        "rounds": average(r.votes for r in planned if r.votes),
        "round_trips": average(r.trips for r in planned if r.votes or r.trips),
        "boldness_end": average(r.boldness for r in drafted),
        "structure_share": average(structure for _, attended, structure in tally.seats if attended),
        "meetings": tally.meetings,
        "fte_spent": tally.spent,
        "fte_per_implemented": tally.spent / len(done) if done else nan,
        "service_quality": average(tally.service),
        "trust_mean": average(trust for _, _, trust in ties),
        "trust_core": average(trust for i, j, trust in ties if i and j),
        "trust_periphery_to_core": average(trust for i, j, trust in ties if not i and j),
        "trust_core_to_periphery": average(trust for i, j, trust in ties if i and not j),
        "attendance_core": average(seats[True]),
        "attendance_periphery": average(seats[False]),
        "inclusion_periphery": average(agency.inclusion for agency in people if not agency.core),
        "understanding_gap": gap,
        "ownership_end": average(agency.ownership for agency in people),
        "confidence_end": average(agency.confidence for agency in people),
        "clarity_end": average(project.project_clarity for project in projects),
        "ministry_coherence": average(tally.coherence),
        "negative_coordination": share((r for r in drafted if r.project.rung < 4.0), adopted),
        "positive_coordination": share((r for r in joint if r.project.rung == 4.0), implemented),
        "reached_municipalities": share((r for r in drafted if r.project.municipal), implemented),
        **{
            f"implemented_{kind}": share((r for r in drafted if r.instrument == kind), implemented)
            for kind in INSTRUMENTS
        },
        "lasting": sum(min(duty.anchoring for duty in r.first_duties) for r in carried_out),
        "municipal_link": share((r for r in carried_out if len(r.duties) > len(r.first_duties)), implemented),
        "ladder_rung": rungs.index(False) if False in rungs else len(rungs),
    }


def state(world: World) -> dict[str, Any]:
    """State variables of section 2 by name: values in order of names; NaN where undefined."""
    names = {name: kind for kind, listed in VARIABLES.items() for name in listed.split()}
    values = {name: [getattr(entity, name) for entity in world.all(kind)] for name, kind in names.items()}
    views = values["understanding"]
    return values | {"understanding": [[view[theme] for view in views] for theme in world.themes]}
