"""Outcomes of a run: one number each, missing where undefined; defined in section 10 of the ODD document."""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np

from tverretatlig_sim.arrays import Floats, total
from tverretatlig_sim.ensemble.observe import (
    attendance,
    mean_rows,
    ratio,
    structure_hours,
    trust_between,
    trust_core,
    trust_core_to_periphery,
    trust_periphery_to_core,
    understanding_gap,
)
from tverretatlig_sim.kernel.state import (
    DISAGREEMENT,
    DROPPED,
    IMPLEMENTED,
    LINE_DECLINED,
    MINISTRIES,
    MUNICIPALITIES,
    NEVER,
    Array,
    State,
)
from tverretatlig_sim.world.calendar import Month
from tverretatlig_sim.world.tables import INSTRUMENTS
from tverretatlig_sim.world.world import World

FOLLOW_UP = 24
"""Months after drafting within which an implementation counts for the headline rate."""

COMMON_UNDERSTANDING = 0.5
"""Share of the start gap at which rung 2 of the coordination ladder counts as reached."""

LADDER_SHARE = 0.25
"""Share of recommendations that must be adopted (rung 3) or jointly implemented (rung 4)."""

JOINT_RUNG = 4
"""Rung of the coordination ladder on which strategies and measures are joint."""


@dataclass(frozen=True)
class Totals:
    """Sums over the months of a run, arrays of shape (run,), and the gap it started with."""

    start_gap: Floats
    structure: Floats
    seat_meetings: Floats
    attended_core: Floats
    attended_periphery: Floats
    invited_core: Floats
    invited_periphery: Floats
    meetings: Floats
    fte: Floats
    coherence: Floats
    quality: Floats
    quality_months: Floats
    contact: Floats

    @classmethod
    def start(cls, state: State, world: World) -> Totals:
        """Nothing yet."""
        zeros = {field.name: np.zeros(state.runs) for field in fields(cls)}
        return cls(**{**zeros, "start_gap": understanding_gap(state, world)})

    def add(self, state: State, world: World, month: Month) -> Totals:
        """Totals after one more month."""
        structure, seat_meetings = structure_hours(state, world)
        core, invited_core = attendance(state, world, month, world.agencies.core)
        periphery, invited_periphery = attendance(state, world, month, ~world.agencies.core)
        living = month.standing.secretariats
        staff = world.secretariats.staff[living].sum()
        return Totals(
            start_gap=self.start_gap,
            structure=self.structure + structure,
            seat_meetings=self.seat_meetings + seat_meetings,
            attended_core=self.attended_core + core,
            attended_periphery=self.attended_periphery + periphery,
            invited_core=self.invited_core + invited_core,
            invited_periphery=self.invited_periphery + invited_periphery,
            meetings=self.meetings + len(month.meeting.forums),
            fte=self.fte + total(state.meeting_time) + total(state.work) + staff,
            coherence=self.coherence + mean_rows(state.coherence),
            quality=self.quality + total(state.service_quality[living]),
            quality_months=self.quality_months + len(living),
            contact=self.contact + total(state.contact),
        )


def _count(flags: Array) -> Floats:
    return np.asarray(np.count_nonzero(flags, axis=0), dtype=np.float64)


def outcomes(state: State, totals: Totals, world: World, months: int) -> dict[str, Floats]:
    """All outcomes after some months.

    Args:
        state: state after the last of these months.
        totals: sums over these months.
        world: the indexed scenario.
        months: months run so far.

    Returns:
        Arrays of shape (run,), in the order of the ODD document; NaN where undefined.
    """
    return {
        **_rates(state, months),
        **_funnel(state, world),
        **_durations(state, world),
        **_effort(state, totals),
        **_relations(state, totals, world, months),
        **_coordination(state, world),
        **_lasting(state, world),
        "ladder_rung": _ladder(state, totals, world),
    }


def _rates(state: State, months: int) -> dict[str, Floats]:
    drafted = state.drafted_at != NEVER
    implemented = state.stage == IMPLEMENTED
    followed = drafted & (state.drafted_at <= months - 1 - FOLLOW_UP)
    in_time = followed & implemented & (state.implemented_at - state.drafted_at <= FOLLOW_UP)
    return {
        "implemented_rate": ratio(_count(in_time), _count(followed)),
        "implemented_rate_horizon": ratio(_count(implemented), _count(drafted)),
    }


def _funnel(state: State, world: World) -> dict[str, Floats]:
    project = world.recommendations.project
    drafted = state.drafted_at != NEVER
    counts = {
        "planned": np.full(state.runs, float(len(project))),
        "drafted": _count(drafted),
        "decided": _count(state.decided_at != NEVER),
        "handed_over": _count(state.handed_at != NEVER),
        "adopted": _count(state.adopted_at != NEVER),
        "implemented": _count(state.stage == IMPLEMENTED),
        "dropped": _count(state.stage == DROPPED),
    }
    return {
        **counts,
        "pending": counts["drafted"] - counts["implemented"] - counts["dropped"],
        "not_drafted": _count((state.delivered_at != NEVER)[project] & ~drafted),
        "lost_disagreement": _count(state.loss == DISAGREEMENT),
        "lost_ministries": _count(state.loss == MINISTRIES),
        "lost_line": _count(state.loss == LINE_DECLINED),
        "lost_municipalities": _count(state.loss == MUNICIPALITIES),
        "carried_out": _count(state.carried_out_at != NEVER),
    }


def _durations(state: State, world: World) -> dict[str, Floats]:
    implemented, decided = state.stage == IMPLEMENTED, state.decided_at != NEVER
    voted = state.votes > 0
    drafted = state.drafted_at != NEVER
    start = world.projects.start[world.recommendations.project][:, None]
    return {
        "months_to_implement": ratio(
            total((state.implemented_at - start) * implemented), _count(implemented)
        ),
        "months_from_draft": ratio(
            total((state.implemented_at - state.drafted_at) * implemented), _count(implemented)
        ),
        "months_to_decide": ratio(total((state.decided_at - state.drafted_at) * decided), _count(decided)),
        "rounds": ratio(total(state.votes), _count(voted)),
        "round_trips": ratio(total(state.trips), _count((state.votes > 0) | (state.trips > 0))),
        "boldness_end": ratio(total(state.boldness * drafted), _count(drafted)),
    }


def _effort(state: State, totals: Totals) -> dict[str, Floats]:
    return {
        "structure_share": ratio(totals.structure, totals.seat_meetings),
        "meetings": totals.meetings,
        "fte_spent": totals.fte,
        "fte_per_implemented": ratio(totals.fte, _count(state.stage == IMPLEMENTED)),
        "service_quality": ratio(totals.quality, totals.quality_months),
        "attendance_core": ratio(totals.attended_core, totals.invited_core),
        "attendance_periphery": ratio(totals.attended_periphery, totals.invited_periphery),
    }


def _relations(state: State, totals: Totals, world: World, months: int) -> dict[str, Floats]:
    agencies = world.agencies
    alive = (
        world.calendar[months - 1].standing.alive > 0
        if months
        else np.ones(len(world.forums.names), dtype=bool)
    )
    return {
        "trust_mean": trust_between(state, world),
        "trust_core": trust_core(state, world),
        "trust_periphery_to_core": trust_periphery_to_core(state, world),
        "trust_core_to_periphery": trust_core_to_periphery(state, world),
        "inclusion_periphery": mean_rows(state.inclusion, agencies.participant & ~agencies.core),
        "understanding_gap": understanding_gap(state, world),
        "ownership_end": mean_rows(state.ownership, agencies.participant),
        "confidence_end": mean_rows(state.confidence, agencies.participant),
        "clarity_end": mean_rows(state.clarity, alive),
        "ministry_coherence": totals.coherence / months if months else np.full(state.runs, np.nan),
    }


def _coordination(state: State, world: World) -> dict[str, Floats]:
    """Negative and positive coordination apart, and the end of the chain (RAD17 advice 3; DIFI17 2.1)."""
    recommendations = world.recommendations
    drafted = state.drafted_at != NEVER
    implemented = state.stage == IMPLEMENTED
    joint_aim = world.projects.rung[recommendations.project] >= JOINT_RUNG
    apart = drafted & ~joint_aim[:, None]
    joint = drafted & (joint_aim & (recommendations.own_duties >= 2))[:, None]
    municipal = drafted & recommendations.municipal[:, None]
    adopted = state.adopted_at != NEVER
    return {
        "negative_coordination": ratio(_count(apart & adopted), _count(apart)),
        "positive_coordination": ratio(_count(joint & implemented), _count(joint)),
        "reached_municipalities": ratio(_count(municipal & implemented), _count(municipal)),
        **_by_instrument(drafted, implemented, world),
    }


def _by_instrument(drafted: Array, implemented: Array, world: World) -> dict[str, Floats]:
    """The four kinds of instruments apart (DEL19 3.2.1)."""
    kinds = {
        name: drafted & (world.recommendations.instrument == code)[:, None]
        for code, name in enumerate(INSTRUMENTS)
    }
    return {
        f"implemented_{name}": ratio(_count(kind & implemented), _count(kind)) for name, kind in kinds.items()
    }


def _lasting(state: State, world: World) -> dict[str, Floats]:
    """The last links of the chain from activity to lasting capacity (DEL19 2.3, 4.3, 6)."""
    duties = world.duties
    carried_out = state.carried_out_at != NEVER
    own = np.where(duties.last[:, None], 1.0, state.anchoring)
    weakest = np.minimum.reduceat(own, world.recommendations.first_duty, axis=0)
    municipal = carried_out & (world.recommendations.duties > world.recommendations.own_duties)[:, None]
    return {
        "lasting": total(weakest * carried_out),
        "municipal_link": ratio(_count(municipal & (state.stage == IMPLEMENTED)), _count(municipal)),
    }


def _ladder(state: State, totals: Totals, world: World) -> Floats:
    """Rungs reached from the bottom without a gap (DIFI17 2.1; RAD17 advice 3)."""
    drafted = state.drafted_at != NEVER
    adopted = state.adopted_at != NEVER
    joint = drafted & (world.recommendations.own_duties >= 2)[:, None]
    reached = [
        totals.contact > 0,
        understanding_gap(state, world) <= COMMON_UNDERSTANDING * totals.start_gap,
        (_count(drafted) > 0) & (_count(adopted) >= LADDER_SHARE * _count(drafted)),
        (_count(joint) > 0) & (_count(joint & (state.stage == IMPLEMENTED)) >= LADDER_SHARE * _count(joint)),
    ]
    return np.asarray(np.cumprod(reached, axis=0).sum(axis=0), dtype=np.float64)
