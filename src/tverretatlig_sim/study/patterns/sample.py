"""What is kept of an ensemble over parameter sets, and how statistics read it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from tverretatlig_sim.arrays import Array, Floats, quotient
from tverretatlig_sim.ensemble.outcomes import Snapshot
from tverretatlig_sim.ensemble.series import SERIES
from tverretatlig_sim.i18n import _
from tverretatlig_sim.kernel.state import State
from tverretatlig_sim.world.calendar import Month
from tverretatlig_sim.world.index import ordinal
from tverretatlig_sim.world.world import World

Read = Callable[[State, World, Month], Floats]


def invited(state: State, world: World, month: Month) -> Floats:
    """Seats of each agency in the month's meetings. Shape (agency, run)."""
    return np.repeat(month.meeting.need[:, None], state.runs, axis=1)


def taken(state: State, world: World, month: Month) -> Floats:
    """Seats each agency took in the month's meetings. Shape (agency, run)."""
    seats = month.meeting.seats
    return np.asarray(month.meeting.by_agency @ state.attended[seats], dtype=np.float64)


def work_by_agency(state: State, world: World, month: Month) -> Floats:
    """Project work of each agency, in FTE. Shape (agency, run)."""
    return np.asarray(world.stakes.by_agency @ state.work, dtype=np.float64)


def structure_by_agency(state: State, world: World, month: Month) -> Floats:
    """Meetings each agency attended, weighted with time on structure. Shape (agency, run)."""
    seats = month.meeting.seats
    talk = state.structure[world.seats.forum[seats]] * state.attended[seats]
    return np.asarray(month.meeting.by_agency @ talk, dtype=np.float64)


BY_MONTH: Mapping[str, Read] = {name: s.read for name, s in SERIES.items() if not s.dims}
"""Kept month by month: all series that are one number a month. Shape (month, set, run)."""

BY_AGENCY: Mapping[str, Read] = {
    "effort": lambda s, w, m: s.effort,
    "meeting_time": lambda s, w, m: s.meeting_time,
    "work": work_by_agency,
    "invited": invited,
    "taken": taken,
    "structure": structure_by_agency,
    "kept": lambda s, w, m: s.kept,
    "broken": lambda s, w, m: s.broken,
}
"""Summed over months. Shape (agency, set, run)."""

AT_END = (
    "drafted_at", "decided_at", "handed_at", "adopted_at", "implemented_at", "dropped_at", "loss", "votes",
    "delivered_at",
)  # fmt: skip
"""State at the end: months of transitions (−1: never) and counts. Shape (entity, set, run)."""


@dataclass(frozen=True)
class Sample:
    """An ensemble over parameter sets.

    Attributes:
        world: the indexed scenario.
        months: length of a run.
        outcomes: by name, shape (set, run); NaN where undefined.
        by_month: see ``BY_MONTH``, and ``progress`` of shape (month, project, set, run).
        by_agency: see ``BY_AGENCY``.
        at_end: see ``AT_END``.
    """

    world: World
    months: int
    outcomes: Mapping[str, Floats]
    by_month: Mapping[str, Floats]
    by_agency: Mapping[str, Floats]
    at_end: Mapping[str, Array]

    def outcome(self, name: str) -> Floats:
        """Mean outcome of each set, over the runs in which it is defined. Shape (set,)."""
        return mean_known(self.outcomes[name])

    def agency(self, *names: str) -> Array:
        """Positions of agencies."""
        return np.array([self.world.agencies.names.index(name) for name in names], dtype=np.intp)

    def month(self, date: str) -> int:
        """Number of the month ``YYYY-MM`` in the run."""
        return ordinal(date) - ordinal(self.world.calendar.date(0))

    def only(self, runs: slice) -> Sample:
        """The same, with some of each set's runs."""
        if runs == slice(None):
            return self

        def cut(kept: Mapping[str, Array]) -> dict[str, Array]:
            return {name: values[..., runs] for name, values in kept.items()}

        return replace(
            self,
            outcomes=cut(self.outcomes),
            by_month=cut(self.by_month),
            by_agency=cut(self.by_agency),
            at_end=cut(self.at_end),
        )


def mean_known(values: Floats) -> Floats:
    """Mean over runs, the last axis, NaN left out; NaN where nothing is known."""
    known = ~np.isnan(values)
    return share(np.where(known, values, 0.0).sum(axis=-1), known.sum(axis=-1))


def share(part: Array, whole: Array) -> Floats:
    """A ratio; NaN where the whole is 0."""
    return quotient(np.asarray(part, dtype=np.float64), np.asarray(whole, dtype=np.float64), np.nan)


def pooled(part: Array, whole: Array) -> Floats:
    """Ratio of sums over everything but the sets. Shapes (…, set, run) to (set,)."""
    return share(_total(part), _total(whole))


def _total(values: Array) -> Floats:
    total: Floats = np.asarray(values, dtype=np.float64).sum(axis=(*range(values.ndim - 2), -1))
    return total


Recorded = tuple[dict[str, Array], dict[str, Array], dict[str, Array], dict[str, Array]]


class Recorder:
    """Reads one block of runs as it goes."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.monthly: dict[str, list[Array]] = {name: [] for name in (*BY_MONTH, "progress")}
        self.sums: dict[str, Array] = {}
        self.last: Snapshot | None = None

    def add(self, progress: Snapshot) -> None:
        """Read the state after a month."""
        state, month = progress.state, self.world.calendar[progress.months - 1]
        for name, read in BY_MONTH.items():
            self.monthly[name].append(np.asarray(read(state, self.world, month), dtype=np.float32))
        self.monthly["progress"].append(state.progress.astype(np.float32))
        for name, read in BY_AGENCY.items():
            self.sums[name] = self.sums.get(name, 0.0) + read(state, self.world, month)
        self.last = progress

    def recorded(self) -> Recorded:
        """Everything read: outcomes, series, sums, end states; runs on the last axis.

        Raises:
            ValueError: if nothing was.
        """
        if self.last is None:
            raise ValueError(_("no month has been simulated"))
        monthly = {name: np.stack(months) for name, months in self.monthly.items()}
        at_end = {name: getattr(self.last.state, name) for name in AT_END}
        return self.last.outcomes(), monthly, self.sums, at_end


def joined(world: World, months: int, blocks: Sequence[Recorded], sets: int, runs: int) -> Sample:
    """One sample of all blocks, runs sorted by set."""
    kinds = [
        {
            name: np.concatenate([block[kind][name] for block in blocks], axis=-1).reshape(
                *blocks[0][kind][name].shape[:-1], sets, runs
            )
            for name in blocks[0][kind]
        }
        for kind in range(4)
    ]
    return Sample(world, months, *kinds)
