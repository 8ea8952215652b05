"""What each month holds: letters in force, events, forums alive and meeting."""

from __future__ import annotations

from dataclasses import dataclass
from math import floor
from typing import Any

import numpy as np

from tverretatlig_sim.scenario.schema import Forum
from tverretatlig_sim.world.letters import post
from tverretatlig_sim.world.meetings import Meeting, SeatTable, Standing, meeting, standing
from tverretatlig_sim.world.numbers import cast
from tverretatlig_sim.world.roster import Roster
from tverretatlig_sim.world.sparse import Floats, Integers, floats, integers, quotient


def ordinal(date: str) -> int:
    """Months since year 0 of a ``YYYY-MM`` date."""
    year, month = date.split("-")
    return int(year) * 12 + int(month) - 1


@dataclass(frozen=True)
class Lifetime:
    """First and last month of a thing, in months of the run."""

    begins: int
    ends: int

    def holds(self, month: int) -> bool:
        """Whether the month lies inside."""
        return self.begins <= month <= self.ends


@dataclass(frozen=True)
class Rhythm:
    """When a forum lives and meets."""

    life: Lifetime
    origin: int
    cadence: float

    def meets(self, month: int) -> bool:
        """Whether it meets in this month of the run."""
        k = month - self.origin
        return self.life.holds(month) and floor((k + 1) / self.cadence) > floor(k / self.cadence)


@dataclass(frozen=True)
class Month:
    """One month of the calendar.

    Attributes:
        index: month of the run, from 0.
        of_year: 1 (January) … 12.
        general: strength of the strongest general letter to each agency.
        named: strength of the strongest letter to each stake that names its project.
        resources: extra capacity of each agency.
        fresh: the share that this is of its capacity for joint work.
        events: (ministries, strength) in order of event names.
        event_strength: sum of event strengths of each agency's ministry.
        turnover: product of the factors of unstable periods.
        is_budget: whether this is the budget month.
    """

    index: int
    of_year: int
    general: Floats
    named: Floats
    resources: Floats
    fresh: Floats
    events: tuple[tuple[Integers, float], ...]
    event_strength: Floats
    turnover: float
    is_budget: bool
    meeting: Meeting
    standing: Standing


class Calendar:
    """Months of a scenario, made when first asked for; equal meetings share one object."""

    def __init__(self, roster: Roster, table: SeatTable, dtype: np.dtype[Any]) -> None:
        """Index forums by month of the run."""
        self._roster = roster
        self._letters = roster.scenario.letters
        self._origin = ordinal(roster.scenario.start)
        self._table = table
        self._dtype = dtype
        self._post = post(roster, self._since_start)
        self._capacity = floats([float(agency.capacity) for agency in roster.agencies])
        self._rhythms = [self._rhythm(forum) for forum in roster.forums]
        self._events = self._events_by_month()
        self._unstable = [
            (self._lifetime(period.begins, period.ends), float(period.turnover))
            for period in roster.arrangement.unstable
        ]
        self._months: dict[int, Month] = {}
        self._meetings: dict[bytes, Meeting] = {}
        self._standings: dict[bytes, Standing] = {}

    def __getitem__(self, index: int) -> Month:
        """The month with this index in the run."""
        if index not in self._months:
            self._months[index] = cast(self._month(index), self._dtype)
        return self._months[index]

    def date(self, index: int) -> str:
        """Calendar date ``YYYY-MM`` of a month of the run."""
        year, month = divmod(self._origin + index, 12)
        return f"{year:04d}-{month + 1:02d}"

    def _since_start(self, date: str) -> int:
        return ordinal(date) - self._origin

    def _lifetime(self, begins: str | None, ends: str | None) -> Lifetime:
        first = -(10**6) if begins is None else self._since_start(begins)
        return Lifetime(first, 10**6 if ends is None else self._since_start(ends))

    def _rhythm(self, forum: Forum) -> Rhythm:
        origin = 0 if forum.begins is None else self._since_start(forum.begins)
        return Rhythm(self._lifetime(forum.begins, forum.ends), origin, float(forum.cadence))

    def _month(self, index: int) -> Month:
        events = tuple(self._events.get(index, ()))
        of_year = (self._origin + index) % 12 + 1
        by_ministry = np.zeros(len(self._roster.ministry))
        for ministries, strength in events:
            by_ministry[ministries] += strength
        resources = self._post.resources.total(index, len(self._roster.agency))
        return Month(
            index=index,
            of_year=of_year,
            general=self._post.general.strongest(index, len(self._roster.agency)),
            named=self._post.named.strongest(index, len(self._roster.stake)),
            resources=resources,
            fresh=quotient(resources, self._capacity + resources, 0.0),
            events=events,
            event_strength=by_ministry[self._roster.ministry_of],
            turnover=self._turnover(index),
            is_budget=of_year == int(self._letters.budget_month),
            meeting=self._meeting(index),
            standing=self._standing(index),
        )

    def _meeting(self, index: int) -> Meeting:
        forums = np.flatnonzero([rhythm.meets(index) for rhythm in self._rhythms])
        key = forums.tobytes()
        if key not in self._meetings:
            self._meetings[key] = cast(meeting(self._table, forums), self._dtype)
        return self._meetings[key]

    def _standing(self, index: int) -> Standing:
        alive = np.array([rhythm.life.holds(index) for rhythm in self._rhythms], dtype=bool)
        key = alive.tobytes()
        if key not in self._standings:
            self._standings[key] = cast(standing(self._table, alive), self._dtype)
        return self._standings[key]

    def _events_by_month(self) -> dict[int, list[tuple[Integers, float]]]:
        """Events of each month of the run, in order of their names."""
        found: dict[int, list[tuple[Integers, float]]] = {}
        for event in sorted(self._letters.event, key=lambda event: event.name):
            ministries = integers([self._roster.ministry[name] for name in event.ministries])
            found.setdefault(self._since_start(event.month), []).append((ministries, float(event.strength)))
        return found

    def _turnover(self, index: int) -> float:
        return float(np.prod(sorted(factor for period, factor in self._unstable if period.holds(index))))
