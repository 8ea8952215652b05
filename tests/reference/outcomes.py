"""Outcomes of one run (ODD, section 10)."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from .entities import Recommendation, Stage, World
from .formulas import difference, mean, norm

FOLLOW_UP = 24
REASONS = ("disagreement", "ministries", "line", "municipalities")
INSTRUMENTS = ("legal", "economic", "organisational", "pedagogical")
MISSING = math.nan


@dataclass
class Tally:
    """Sums over months that outcomes need."""

    meetings: int = 0
    seat_meetings: dict[bool, int] = field(default_factory=lambda: {True: 0, False: 0})
    attended: dict[bool, int] = field(default_factory=lambda: {True: 0, False: 0})
    structure: float = 0.0
    spent: float = 0.0
    coherence: list[float] = field(default_factory=list)
    service: list[float] = field(default_factory=list)
    contact: bool = False
    first_gap: float = MISSING

    def observe(self, world: World) -> None:
        """Add a month that has just passed."""
        self._observe_meetings(world)
        alive = [s for s in world.secretariats.values() if s.span.holds(world.month)]
        works = (stake.work for agency in world.agencies.values() for stake in agency.stakes)
        self.spent += sum(agency.meeting_time for agency in world.agencies.values()) + sum(works)
        self.spent += sum(secretariat.staff for secretariat in alive)
        self.service += [secretariat.quality for secretariat in alive]
        self.coherence.append(world.coherence)
        self.contact = self.contact or any(tie.contact > 0.0 for tie in world.ties.values())

    def _observe_meetings(self, world: World) -> None:
        for forum in world.forums.values():
            if not forum.meets(world.month):
                continue
            self.meetings += 1
            for seat in forum.seats:
                self.seat_meetings[seat.agency.core] += 1
                self.attended[seat.agency.core] += seat.attended
                self.structure += forum.structure if seat.attended else 0.0


def outcomes(world: World, tally: Tally, months: int) -> dict[str, float]:
    """All outcomes by name; NaN where one is missing.

    Args:
        world: after the last month.
        tally: of all months.
        months: how many were run.
    """
    return {
        **_rates(world, months),
        **_counts(world),
        **_coordination(world),
        **_lasting(world),
        **_durations(world),
        **_meetings(tally),
        **_effort(world, tally),
        **_relations(world),
        **_states(world, tally, months),
        "ladder_rung": float(ladder_rung(world, tally)),
    }


def understanding_gap(world: World) -> float:
    """Root mean square distance of participants' understanding from their mean."""
    xs = [agency.understanding for agency in world.agencies.values() if agency.participates]
    if not xs:
        return MISSING
    centre = {theme: mean((x[theme] for x in xs), default=0.0) for theme in xs[0]}
    return math.sqrt(mean((norm(difference(x, centre)) ** 2 for x in xs), default=0.0))


def reached(world: World, stage: Stage) -> list[Recommendation]:
    """Recommendations that have come to a stage, whatever became of them."""
    return [r for r in world.recommendations.values() if stage in r.months]


def share(part: float, whole: float) -> float:
    """Compute a ratio; missing if the whole is nothing."""
    return part / whole if whole else MISSING


def _average(numbers: Iterable[float]) -> float:
    return mean(numbers, default=MISSING)


def _rates(world: World, months: int) -> dict[str, float]:
    drafted, implemented = reached(world, Stage.DRAFTED), reached(world, Stage.IMPLEMENTED)
    followed = [r for r in drafted if r.months[Stage.DRAFTED] <= months - 1 - FOLLOW_UP]
    in_time = [r for r in implemented if r in followed and _since(r, Stage.DRAFTED) <= FOLLOW_UP]
    return {
        "implemented_rate": share(len(in_time), len(followed)),
        "implemented_rate_horizon": share(len(implemented), len(drafted)),
    }


def _since(recommendation: Recommendation, stage: Stage) -> int:
    return recommendation.months[Stage.IMPLEMENTED] - recommendation.months[stage]


def _counts(world: World) -> dict[str, float]:
    everything = list(world.recommendations.values())
    lost = [r.reason for r in everything if r.stage == Stage.DROPPED]
    unwritten = [r for r in everything if r.stage == Stage.PLANNED and r.project.delivered is not None]
    counts = {stage.name.lower(): len(reached(world, stage)) for stage in Stage}
    counts |= {
        "planned": len(everything),
        "pending": counts["drafted"] - counts["implemented"] - counts["dropped"],
        "not_drafted": len(unwritten),
        "carried_out": sum(r.carried_out for r in everything),
        **{f"lost_{reason}": lost.count(reason) for reason in REASONS},
    }
    return {name: float(count) for name, count in counts.items()}


def _coordination(world: World) -> dict[str, float]:
    drafted = reached(world, Stage.DRAFTED)
    own_plans = [r for r in drafted if r.project.rung <= 3.0]
    joint = [r for r in drafted if r.project.rung == 4.0 and len(r.first_duties) >= 2]
    municipal = [r for r in drafted if r.project.municipal]
    return {
        "negative_coordination": _share_of(own_plans, Stage.ADOPTED),
        "positive_coordination": _share_of(joint, Stage.IMPLEMENTED),
        "reached_municipalities": _share_of(municipal, Stage.IMPLEMENTED),
        **{f"implemented_{kind}": _implemented(drafted, kind) for kind in INSTRUMENTS},
    }


def _implemented(drafted: list[Recommendation], kind: str) -> float:
    return _share_of([r for r in drafted if r.instrument == kind], Stage.IMPLEMENTED)


def _lasting(world: World) -> dict[str, float]:
    finished = [r for r in world.recommendations.values() if r.carried_out]
    chained = [r for r in finished if any(duty.last for duty in r.duties)]
    lasting = sum(min(duty.anchoring for duty in r.first_duties) for r in finished)
    return {"lasting": float(lasting), "municipal_link": _share_of(chained, Stage.IMPLEMENTED)}


def _share_of(recommendations: list[Recommendation], stage: Stage) -> float:
    return share(sum(stage in r.months for r in recommendations), len(recommendations))


def _durations(world: World) -> dict[str, float]:
    implemented = reached(world, Stage.IMPLEMENTED)
    decided, drafted = reached(world, Stage.DECIDED), reached(world, Stage.DRAFTED)
    return {
        "months_to_implement": _average(r.months[Stage.IMPLEMENTED] - r.project.start for r in implemented),
        "months_from_draft": _average(_since(r, Stage.DRAFTED) for r in implemented),
        "months_to_decide": _average(r.months[Stage.DECIDED] - r.months[Stage.DRAFTED] for r in decided),
        "rounds": _average(r.votes for r in drafted if r.votes),
        "round_trips": _average(r.trips for r in drafted if r.votes or r.trips),
        "boldness_end": _average(r.boldness for r in drafted),
    }


def _meetings(tally: Tally) -> dict[str, float]:
    return {
        "meetings": float(tally.meetings),
        "structure_share": share(tally.structure, sum(tally.attended.values())),
        "attendance_core": share(tally.attended[True], tally.seat_meetings[True]),
        "attendance_periphery": share(tally.attended[False], tally.seat_meetings[False]),
    }


def _effort(world: World, tally: Tally) -> dict[str, float]:
    return {
        "fte_spent": tally.spent,
        "fte_per_implemented": share(tally.spent, len(reached(world, Stage.IMPLEMENTED))),
        "service_quality": _average(tally.service),
    }


def _relations(world: World) -> dict[str, float]:
    def trust(where: Callable[[bool, bool], bool]) -> float:
        ties = world.ties.values()
        return _average(tie.trust for tie in ties if where(tie.source.core, tie.target.core))

    return {
        "trust_mean": trust(lambda source, target: True),
        "trust_core": trust(lambda source, target: source and target),
        "trust_periphery_to_core": trust(lambda source, target: not source and target),
        "trust_core_to_periphery": trust(lambda source, target: source and not target),
    }


def _states(world: World, tally: Tally, months: int) -> dict[str, float]:
    participants = [agency for agency in world.agencies.values() if agency.participates]
    alive = [forum for forum in world.forums.values() if forum.span.holds(months - 1)]
    return {
        "inclusion_periphery": _average(agency.inclusion for agency in participants if not agency.core),
        "understanding_gap": understanding_gap(world),
        "ownership_end": _average(agency.ownership for agency in participants),
        "confidence_end": _average(agency.confidence for agency in participants),
        "clarity_end": _average(forum.clarity for forum in alive),
        "ministry_coherence": _average(tally.coherence),
    }


def ladder_rung(world: World, tally: Tally) -> int:
    """Rungs reached from the bottom without a gap."""
    drafted = reached(world, Stage.DRAFTED)
    shared = [r for r in drafted if len(r.first_duties) >= 2]
    adopted = [r for r in drafted if Stage.ADOPTED in r.months]
    together = [r for r in shared if Stage.IMPLEMENTED in r.months]
    rungs = [
        tally.contact,
        understanding_gap(world) <= tally.first_gap / 2.0,
        bool(drafted) and len(adopted) >= len(drafted) / 4.0,
        bool(shared) and len(together) >= len(shared) / 4.0,
    ]
    return rungs.index(False) if False in rungs else len(rungs)
