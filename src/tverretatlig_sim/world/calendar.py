"""What each month holds: letters in force, events, forums alive and meeting."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import floor

import numpy as np

from tverretatlig_sim.scenario.schema import Forum, Letter
from tverretatlig_sim.world.roster import Roster
from tverretatlig_sim.world.sparse import Floats, Integers, Sums, counts, floats, integers, means, sums


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
class SeatTable:
    """Seats as index vectors, with forum sizes and the ties between their holders."""

    forum: Integers
    agency: Integers
    size: Floats
    exclusive: tuple[bool, ...]
    secretariat: Integers
    staffed: Integers
    agencies: int
    tie: Mapping[tuple[int, int], int]

    def of(self, forum: int) -> Integers:
        """Positions of a forum's seats."""
        return np.flatnonzero(self.forum == forum)


@dataclass(frozen=True)
class Meeting:
    """The forums that meet in one month and the relations that come alive with them.

    Attributes:
        need: seats of each agency in these forums.
        served_seats: seats each secretariat has to serve.
        first, second: positions in ``seats`` of listener and speaker, one row a pair in one forum.
        share: 1 / (seats − 1) of the pair's forum.
        forum_row: position in ``forums`` of each pair's forum.
        ties: sums pair rows per tie.
        seat_row: position in ``forums`` of each seat's forum.
        by_agency: sums these seats per agency. by_forum: averages them per meeting forum.
    """

    forums: Integers
    seats: Integers
    need: Floats
    served_seats: Floats
    first: Integers
    second: Integers
    share: Floats
    forum_row: Integers
    ties: Sums
    seat_row: Integers
    by_agency: Sums
    by_forum: Sums


def meeting(table: SeatTable, forums: tuple[int, ...]) -> Meeting:
    """Relations of one set of forums that meet together."""
    seats = [int(seat) for forum in forums for seat in table.of(forum)]
    rows = {forum: row for row, forum in enumerate(forums)}
    place = {seat: position for position, seat in enumerate(seats)}
    pairs = [
        (place[a], place[b], rows[forum], table.tie[int(table.agency[a]), int(table.agency[b])])
        for forum in forums
        for a in map(int, table.of(forum))
        for b in map(int, table.of(forum))
        if a != b
    ]
    first, second, forum_row, tie = (integers([pair[k] for pair in pairs]) for k in range(4))
    seat_index = integers(seats)
    chosen = integers(forums)
    served = [(table.secretariat[f], table.size[f]) for f in forums if table.secretariat[f] >= 0]
    seat_row = integers([rows[int(table.forum[seat])] for seat in seats])
    return Meeting(
        forums=chosen,
        seats=seat_index,
        need=counts(table.agency[seat_index], table.agencies),
        served_seats=counts(
            integers([s for s, _ in served]), len(table.staffed), floats([n for _, n in served])
        ),
        first=first,
        second=second,
        share=1.0 / (table.size[chosen][forum_row] - 1.0),
        forum_row=forum_row,
        ties=sums(tie, len(table.tie)),
        seat_row=seat_row,
        by_agency=sums(table.agency[seat_index], table.agencies),
        by_forum=means(seat_row, len(forums)),
    )


@dataclass(frozen=True)
class Standing:
    """What follows from which forums are alive.

    Attributes:
        alive: whether each forum is alive, as 0 or 1.
        secretariats: indices of living secretariats.
        outside: exclusive circles each agency stands outside.
        served: averages forum rows over the living forums each agency has a seat in.
    """

    alive: Floats
    secretariats: Integers
    outside: Floats
    served: Sums


def standing(table: SeatTable, alive: tuple[bool, ...]) -> Standing:
    """Relations of one set of living forums."""
    seats = {forum: set(map(int, table.agency[table.of(forum)])) for forum in range(len(alive))}
    outside = np.zeros(table.agencies)
    for forum, living in enumerate(alive):
        if living and table.exclusive[forum]:
            circle = seats[forum]
            partners = set().union(*(other for other in seats.values() if other & circle))
            outside[sorted(partners - circle)] += 1.0
    living_seats = np.flatnonzero(np.array(alive, dtype=bool)[table.forum])
    owner, forum_of = table.agency[living_seats], table.forum[living_seats]
    shares = 1.0 / counts(owner, table.agencies)[owner]
    return Standing(
        alive=floats([float(living) for living in alive]),
        secretariats=integers([z for z, forum in enumerate(table.staffed) if alive[forum]]),
        outside=outside,
        served=sums(owner, table.agencies, shares, forum_of, len(alive)),
    )


@dataclass(frozen=True)
class Month:
    """One month of the calendar.

    Attributes:
        index: month of the run, from 0.
        of_year: 1 (January) … 12.
        general: strength of the strongest general letter to each agency.
        named: strength of the strongest letter to each stake that names its project.
        resources: extra capacity of each agency.
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
    events: tuple[tuple[Integers, float], ...]
    event_strength: Floats
    turnover: float
    is_budget: bool
    meeting: Meeting
    standing: Standing


class Calendar:
    """Months of a scenario, made when first asked for; equal meetings share one object."""

    def __init__(self, roster: Roster, table: SeatTable) -> None:
        """Index forums by month of the run."""
        self._roster = roster
        self._letters = roster.scenario.letters
        self._origin = ordinal(roster.scenario.start)
        self._table = table
        self._rhythms = [self._rhythm(forum) for forum in roster.forums]
        self._months: dict[int, Month] = {}
        self._meetings: dict[tuple[int, ...], Meeting] = {}
        self._standings: dict[tuple[bool, ...], Standing] = {}

    def __getitem__(self, index: int) -> Month:
        """The month with this index in the run."""
        if index not in self._months:
            self._months[index] = self._month(index)
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
        in_force = [x for x in self._letters.letter if self._lifetime(x.begins, x.ends).holds(index)]
        events = self._events(index)
        of_year = (self._origin + index) % 12 + 1
        by_ministry = np.zeros(len(self._roster.ministry))
        for ministries, strength in events:
            by_ministry[ministries] += strength
        return Month(
            index=index,
            of_year=of_year,
            general=self._general(in_force),
            named=self._named(in_force),
            resources=self._resources(in_force),
            events=events,
            event_strength=by_ministry[self._roster.ministry_of],
            turnover=self._turnover(index),
            is_budget=of_year == int(self._letters.budget_month),
            meeting=self._meeting(index),
            standing=self._standing(index),
        )

    def _meeting(self, index: int) -> Meeting:
        forums = tuple(f for f, rhythm in enumerate(self._rhythms) if rhythm.meets(index))
        if forums not in self._meetings:
            self._meetings[forums] = meeting(self._table, forums)
        return self._meetings[forums]

    def _standing(self, index: int) -> Standing:
        alive = tuple(rhythm.life.holds(index) for rhythm in self._rhythms)
        if alive not in self._standings:
            self._standings[alive] = standing(self._table, alive)
        return self._standings[alive]

    def _general(self, letters: list[Letter]) -> Floats:
        strength = np.zeros(len(self._roster.agency))
        for letter in letters:
            if not letter.projects:
                receivers = [self._roster.agency[name] for name in letter.to]
                strength[receivers] = np.maximum(strength[receivers], float(letter.strength))
        return strength

    def _named(self, letters: list[Letter]) -> Floats:
        strength = np.zeros(len(self._roster.stake))
        for letter in letters:
            for pair in ((project, agency) for project in letter.projects for agency in letter.to):
                if pair in self._roster.stake:
                    row = self._roster.stake[pair]
                    strength[row] = max(strength[row], float(letter.strength))
        return strength

    def _resources(self, letters: list[Letter]) -> Floats:
        resources = np.zeros(len(self._roster.agency))
        for letter in sorted(letters, key=lambda letter: letter.name):
            resources[[self._roster.agency[name] for name in letter.to]] += float(letter.resources)
        return resources

    def _events(self, index: int) -> tuple[tuple[Integers, float], ...]:
        now = [event for event in self._letters.event if self._since_start(event.month) == index]
        return tuple(
            (integers([self._roster.ministry[name] for name in event.ministries]), float(event.strength))
            for event in sorted(now, key=lambda event: event.name)
        )

    def _turnover(self, index: int) -> float:
        periods = self._roster.arrangement.unstable
        factors = [float(p.turnover) for p in periods if self._lifetime(p.begins, p.ends).holds(index)]
        return float(np.prod(sorted(factors)))
