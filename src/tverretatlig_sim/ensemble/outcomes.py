"""Outcomes of a run: one number each, missing where undefined; defined in section 10 of the ODD document."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import get_args

import numpy as np

from tverretatlig_sim.arrays import Array, Flags, Floats, by_run, total
from tverretatlig_sim.dates import FROM_START
from tverretatlig_sim.ensemble import FOLLOW_UP, HEADLINE, OF_PLANNED, Direction, Unit
from tverretatlig_sim.ensemble.histories import Histories, implemented_by
from tverretatlig_sim.ensemble.series import (
    CORE,
    PERIPHERY,
    attendance,
    mean_rows,
    ratio,
    structure_hours,
    trust_between,
    understanding_gap,
)
from tverretatlig_sim.i18n import _
from tverretatlig_sim.inputs import check_callable, check_name
from tverretatlig_sim.kernel.rules import RuleSet, name_of
from tverretatlig_sim.kernel.state import FORGOTTEN, LOSSES, MONTH_OF, NEVER, REFUSED, State
from tverretatlig_sim.own import keep, with_own
from tverretatlig_sim.scenario.parameters import parameter_specs
from tverretatlig_sim.world.calendar import Month
from tverretatlig_sim.world.tables import INSTRUMENTS, LAST_DUTY, OWN_DUTY
from tverretatlig_sim.world.world import World

COMMON_UNDERSTANDING = 0.5
"""Share of the start gap at which rung 2 of the coordination ladder counts as reached."""
LADDER_SHARE = 0.25
"""Share of recommendations that must be adopted (rung 3) or jointly implemented (rung 4)."""
JOINT_RUNG = 4
"""Rung of the coordination ladder on which strategies and measures are joint."""


def count(flags: Array) -> Floats:
    """Entities for which something holds. Shape (entity, run) to (run,)."""
    return np.asarray(np.count_nonzero(flags, axis=0), dtype=np.float64)


@dataclass(frozen=True, eq=False)
class Snapshot:
    """Some runs after some months, and what their outcomes are computed from.

    Attributes:
        state: state after the last of these months.
        world: the indexed scenario.
        start_gap: gap in understanding before the first month. Shape (run,).
        months: months run so far.
        sums: sums over these months by name, arrays of shape (run,); see ``after``.
        parts: the same of each arrangement alone, where there are several.
        left: state and world at each date at which one turned into another so far.
    """

    state: State
    world: World
    start_gap: Floats
    months: int = 0
    sums: Mapping[str, Floats] = field(default_factory=dict)
    parts: tuple[Snapshot, ...] = ()
    left: tuple[tuple[State, World], ...] = ()

    @classmethod
    def start(cls, state: State, world: World) -> Snapshot:
        """Before the first month."""
        return cls(state, world, understanding_gap(state, world))

    def after(self, state: State, month: Month) -> Snapshot:
        """The snapshot after one more month, whose state this is."""
        world = self.world
        structure, seat_meetings = structure_hours(state, world)
        core, invited_core = attendance(state, world, month, world.agencies.core)
        periphery, invited_periphery = attendance(state, world, month, world.agencies.periphery)
        living = month.standing.secretariats
        staff = world.secretariats.staff[living].sum(axis=0)
        new: dict[str, Floats | float] = {
            "structure": structure,
            "seat_meetings": seat_meetings,
            "attended_core": core,
            "attended_periphery": periphery,
            "invited_core": invited_core,
            "invited_periphery": invited_periphery,
            "meetings": float((~world.forums.of_ministries[month.meeting.forums]).sum()),
            "coherence": mean_rows(state.coherence),
            "quality": total(state.service_quality[living]),
            "quality_months": len(living),
            "contact": total(state.contact),
        }
        sums = {name: self.sum(name) + value for name, value in new.items()}
        sums["fte"] = self.sum("fte") + total(state.meeting_time) + total(state.work) + staff
        return Snapshot(state, world, self.start_gap, self.months + 1, sums, left=self.left)

    def sum(self, name: str) -> Floats:
        """A sum over the months so far; 0 before the first. Shape (run,)."""
        return self.sums[name] if name in self.sums else np.zeros(self.state.runs)

    def outcomes(self, names: Iterable[str] | None = None, rules: RuleSet | None = None) -> dict[str, Floats]:
        """Outcomes as of now, or some of them, by name. Arrays of shape (run,), NaN where undefined.

        Args:
            names: of those to compute; default: all.
            rules: may bring outcomes of the user's own, beside those in use here.

        Raises:
            ValueError: one of the user's own does not give one number a run.
        """
        own = {it.name: it for it in (rules.readouts if rules else ()) if isinstance(it, Outcome)}
        known = {**OUTCOMES, **own}
        return {name: known[name].of(self) for name in (known if names is None else names)}

    def flags(self, stage: str) -> Array:
        """Recommendations that got so far; see ``MONTH_OF``. Shape (recommendation, run)."""
        return np.asarray(getattr(self.state, MONTH_OF[stage]) != NEVER)

    def number(self, stage: str) -> Floats:
        """How many recommendations got so far. Shape (run,)."""
        return count(self.flags(stage))

    def share(self, stage: str, chosen: Array | None = None) -> Floats:
        """Of the drafted recommendations, or some of those, the share that got so far. Shape (run,)."""
        among = self.flags("drafted") if chosen is None else self.flags("drafted") & chosen
        return ratio(count(among & self.flags(stage)), count(among))

    def mean(self, values: Array, stage: str) -> Floats:
        """Mean over the recommendations that got so far. Shape (run,)."""
        return ratio(total(values * self.flags(stage)), self.number(stage))

    def ratio(self, part: str, whole: str) -> Floats:
        """Ratio of two sums over the months. Shape (run,)."""
        return ratio(self.sum(part), self.sum(whole))


@dataclass(frozen=True)
class Outcome:
    """One number a run; its name is that of the item in section 10 of the ODD document that defines it.

    Attributes:
        name: as the tables and files have it.
        unit: what it is counted in.
        better: whether more of it is better, less, or neither.
        compute: gives it for each run of a snapshot, NaN where undefined. Shape (run,).
    """

    name: str
    unit: Unit
    better: Direction
    compute: Callable[[Snapshot], Floats]

    def of(self, snapshot: Snapshot) -> Floats:
        """Its value in each run. Shape (run,).

        Raises:
            ValueError: it is not one number a run.
        """
        found: Floats = np.asarray(self.compute(snapshot), dtype=np.float64)
        if found.shape != (snapshot.state.runs,):
            given = {"name": self.name, "shape": found.shape, "runs": snapshot.state.runs}
            raise ValueError(_("outcome {name!r} gives shape {shape}; one number a run: ({runs},)", **given))
        return found


def outcome(
    unit: Unit = "number", better: Direction = "neither", name: str = ""
) -> Callable[[Callable[[Snapshot], Floats]], Outcome]:
    """Make a function an outcome of one's own, which is in use from now on wherever outcomes are.

    Args:
        unit: what it is counted in.
        better: whether more of it is better, less, or neither.
        name: what it is called; default: as the function.

    Raises:
        ValueError: there is no such unit or direction, or the name is taken or cannot be one.

    Example:
        >>> @outcome("count", "less")
        ... def never_heard_of(s):
        ...     return (s.state.known_at < 0).sum(axis=0)
    """

    def made(compute: Callable[[Snapshot], Floats]) -> Outcome:
        return use_outcome(
            Outcome(name if isinstance(name, str) and name else name_of(compute), unit, better, compute)
        )

    return made


def use_outcome(own: Outcome) -> Outcome:
    """Have an outcome of one's own in use; one of that name that was, gives way."""
    for what, given, allowed in (
        ("unit", own.unit, get_args(Unit)),
        ("better", own.better, get_args(Direction)),
    ):
        if not (isinstance(given, str) and given in allowed):
            raise ValueError(
                _("{what} = {given!r}; allowed: {known}", what=what, given=given, known=", ".join(allowed))
            )
    check_callable(own.name, own.compute)
    # Tables of studies have these columns beside the outcomes.
    check_name("outcome", own.name, (*parameter_specs(), *COLUMNS), ENDINGS)
    return keep("outcome", own.name, own, OUTCOMES)


COLUMNS = ("run", "point", "set", "arrangement", "scenario")
ENDINGS = ("_sd", "_runs", "_squares", "_low", "_high")


def _implemented_in_time(s: Snapshot) -> Floats:
    """What was drafted less than two years before the end counts for as long as it was seen."""
    drafted = s.state.drafted_at
    early = ((drafted != NEVER) & (drafted <= s.months - 1 - FOLLOW_UP)).any(axis=0)
    share = implemented_by(*Histories.of(s.state, s.months).followed(s.world), FOLLOW_UP)
    return np.where(early, share, np.nan)


def _implemented_of_planned(s: Snapshot) -> Floats:
    """Counted from the start of the work, so that what is never drafted, or late, is not left out."""
    start = np.maximum(0, s.world.projects.start)[s.world.recommendations.project][:, None]
    over = np.broadcast_to(start + FROM_START <= s.months, s.state.stage.shape)
    in_time = s.flags("implemented") & (s.state.implemented_at - start < FROM_START)
    return ratio(count(over & in_time), count(over))


def _number(stage: str, s: Snapshot) -> Floats:
    return s.number(stage)


def _lost(code: int, s: Snapshot) -> Floats:
    return count(s.state.loss == code)


def _fell_by(status: int, s: Snapshot) -> Flags:
    """Recommendations with a duty of which a line said so."""
    said: Flags = s.state.duty_status == status
    return np.logical_or.reduceat(said, s.world.recommendations.first_duty, axis=0)


def _forgotten(s: Snapshot) -> Floats:
    return count(_fell_by(FORGOTTEN, s) & ~_fell_by(REFUSED, s))


def _trust(ends: tuple[bool, bool], s: Snapshot) -> Floats:
    return trust_between(s.state, s.world, *ends)


def _not_drafted(s: Snapshot) -> Floats:
    delivered = (s.state.delivered_at != NEVER)[s.world.recommendations.project]
    return count(delivered & ~s.flags("drafted"))


def _months_to_implement(s: Snapshot) -> Floats:
    start = s.world.projects.start[s.world.recommendations.project][:, None]
    return s.mean(s.state.implemented_at - start, "implemented")


def _round_trips(s: Snapshot) -> Floats:
    return ratio(total(s.state.trips), count((s.state.votes > 0) | (s.state.trips > 0)))


def _of_participants(variable: str, s: Snapshot) -> Floats:
    return mean_rows(getattr(s.state, variable), s.world.agencies.participant)


def _inclusion_periphery(s: Snapshot) -> Floats:
    return mean_rows(s.state.inclusion, s.world.agencies.participant & ~s.world.agencies.core)


def _mandate_rounds(s: Snapshot) -> Floats:
    submitted = (s.state.mandate_rounds > 0) | (s.state.mandated_at != NEVER)
    return ratio(total(s.state.mandate_rounds), count(submitted))


def _months_to_mandate(s: Snapshot) -> Floats:
    passed = s.state.mandated_at != NEVER
    months = s.state.mandated_at - s.state.begun_at
    return ratio(total(months * passed), count(passed))


def _ministry_coherence(s: Snapshot) -> Floats:
    return ratio(s.sum("coherence"), np.full(s.state.runs, s.months))


def _joint_aim(s: Snapshot) -> Array:
    """Recommendations of projects that aim at joint measures. Shape (recommendation, 1)."""
    return by_run(s.world.projects.rung >= JOINT_RUNG, s.world.recommendations.project)


def _shared(s: Snapshot) -> Array:
    """Recommendations with two or more duty-holders, last duties not counted. Shape (recommendation, 1)."""
    return by_run(s.world.recommendations.own_duties >= 2)


def _carried_out(s: Snapshot) -> Array:
    """Recommendations whose duties other than the last are done. Shape (recommendation, run)."""
    return np.asarray(s.state.carried_out_at != NEVER)


def _lasting(s: Snapshot) -> Floats:
    """What the weakest line would keep of what was carried out (DEL19 2.3, 4.3, 6)."""
    own = np.where(s.state.bears == OWN_DUTY, s.state.anchoring, 1.0)
    weakest = np.minimum.reduceat(own, s.world.recommendations.first_duty, axis=0)
    return total(weakest * _carried_out(s))


def _municipal_link(s: Snapshot) -> Floats:
    last = s.state.bears == LAST_DUTY
    onward = np.logical_or.reduceat(last, s.world.recommendations.first_duty, axis=0)
    municipal = _carried_out(s) & onward
    return ratio(count(municipal & s.flags("implemented")), count(municipal))


def _by_instrument(code: int, s: Snapshot) -> Floats:
    """The four kinds of instruments apart (DEL19 3.2.1)."""
    return s.share("implemented", (s.world.recommendations.instrument == code)[:, None])


def _ladder_rung(s: Snapshot) -> Floats:
    """Rungs reached from the bottom without a gap (DIFI17 2.1; RAD17 advice 3)."""
    reached = [
        s.sum("contact") > 0,
        understanding_gap(s.state, s.world) <= COMMON_UNDERSTANDING * s.start_gap,
        s.share("adopted") >= LADDER_SHARE,
        s.share("implemented", _shared(s)) >= LADDER_SHARE,
    ]
    return np.asarray(np.cumprod(reached, axis=0).sum(axis=0), dtype=np.float64)


_TABLE = (
    Outcome(HEADLINE, "share", "more", _implemented_in_time),
    Outcome(OF_PLANNED, "share", "more", _implemented_of_planned),
    Outcome("implemented_rate_horizon", "share", "more", lambda s: s.share("implemented")),
    Outcome("planned", "count", "neither", lambda s: count(np.ones_like(s.flags("drafted")))),
    *(
        Outcome(stage, "count", "more", partial(_number, stage))
        for stage in ("drafted", "decided", "handed_over", "adopted", "implemented")
    ),
    Outcome("dropped", "count", "less", lambda s: s.number("dropped")),
    Outcome(
        "pending",
        "count",
        "neither",
        lambda s: s.number("drafted") - s.number("implemented") - s.number("dropped"),
    ),
    Outcome("not_drafted", "count", "less", _not_drafted),
    *(
        Outcome(f"lost_{reason}", "count", "less", partial(_lost, code))
        for code, reason in enumerate(LOSSES)
        if reason
    ),
    # What lines, or the municipal chain, let fall: looked at and refused, or never looked at (DEL19 4.3).
    Outcome("refused", "count", "less", lambda s: count(_fell_by(REFUSED, s))),
    Outcome("forgotten", "count", "less", _forgotten),
    Outcome("carried_out", "count", "more", lambda s: count(_carried_out(s))),
    Outcome("months_to_implement", "months", "less", _months_to_implement),
    Outcome(
        "months_from_draft",
        "months",
        "less",
        lambda s: s.mean(s.state.implemented_at - s.state.drafted_at, "implemented"),
    ),
    Outcome(
        "months_to_decide",
        "months",
        "less",
        lambda s: s.mean(s.state.decided_at - s.state.drafted_at, "decided"),
    ),
    Outcome("mandate_rounds", "number", "neither", _mandate_rounds),
    Outcome("months_to_mandate", "months", "less", _months_to_mandate),
    Outcome("rounds", "number", "neither", lambda s: ratio(total(s.state.votes), count(s.state.votes > 0))),
    Outcome("round_trips", "number", "less", _round_trips),
    Outcome("boldness_end", "level", "more", lambda s: s.mean(s.state.boldness, "drafted")),
    Outcome("structure_share", "share", "less", lambda s: s.ratio("structure", "seat_meetings")),
    Outcome("meetings", "count", "neither", lambda s: s.sum("meetings")),
    Outcome("fte_spent", "fte", "less", lambda s: s.sum("fte")),
    Outcome("fte_per_implemented", "fte", "less", lambda s: ratio(s.sum("fte"), s.number("implemented"))),
    Outcome("service_quality", "level", "more", lambda s: s.ratio("quality", "quality_months")),
    Outcome("attendance_core", "share", "more", lambda s: s.ratio("attended_core", "invited_core")),
    Outcome(
        "attendance_periphery",
        "share",
        "more",
        lambda s: s.ratio("attended_periphery", "invited_periphery"),
    ),
    Outcome("trust_mean", "level", "more", lambda s: trust_between(s.state, s.world)),
    *(
        Outcome(name, "level", "more", partial(_trust, ends))
        for name, ends in {
            "trust_core": (CORE, CORE),
            "trust_periphery_to_core": (PERIPHERY, CORE),
            "trust_core_to_periphery": (CORE, PERIPHERY),
        }.items()
    ),
    Outcome("inclusion_periphery", "level", "more", _inclusion_periphery),
    Outcome("understanding_gap", "level", "less", lambda s: understanding_gap(s.state, s.world)),
    Outcome("ownership_end", "level", "more", partial(_of_participants, "ownership")),
    Outcome("confidence_end", "level", "more", partial(_of_participants, "confidence")),
    Outcome("clarity_end", "level", "more", lambda s: mean_rows(s.state.project_clarity)),
    Outcome("ministry_coherence", "level", "more", _ministry_coherence),
    # Own plans adjusted to those of others, and joint measures (RAD17 advice 3; DIFI17 2.1).
    Outcome("negative_coordination", "share", "more", lambda s: s.share("adopted", ~_joint_aim(s))),
    Outcome(
        "positive_coordination",
        "share",
        "more",
        lambda s: s.share("implemented", _joint_aim(s) & _shared(s)),
    ),
    Outcome(
        "reached_municipalities",
        "share",
        "more",
        lambda s: s.share("implemented", s.world.recommendations.municipal[:, None]),
    ),
    *(
        Outcome(f"implemented_{name}", "share", "more", partial(_by_instrument, code))
        for code, name in enumerate(INSTRUMENTS)
    ),
    Outcome("lasting", "count", "more", _lasting),
    Outcome("municipal_link", "share", "more", _municipal_link),
    Outcome("ladder_rung", "number", "more", _ladder_rung),
)

OUTCOMES: Mapping[str, Outcome] = with_own("outcome", {it.name: it for it in _TABLE})
"""Every outcome by name, in the order of the ODD document; then the user's own."""
