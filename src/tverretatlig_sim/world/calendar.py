"""What each month holds: letters in force, events, forums alive and meeting."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np

from tverretatlig_sim.arrays import (
    NONE,
    Flags,
    Floats,
    Integers,
    by_run,
    flags,
    floats,
    integers,
    quotient,
    row_by_row,
)
from tverretatlig_sim.dates import shifted
from tverretatlig_sim.scenario.quantity import amount
from tverretatlig_sim.scenario.schema import Forum, Letter, Period
from tverretatlig_sim.scenario.whole import names_of
from tverretatlig_sim.world.forums import Gatherings, Meeting, Standing
from tverretatlig_sim.world.index import EVER, EntityIndex, numbers
from tverretatlig_sim.world.organisations import power_over
from tverretatlig_sim.world.tables import Table, Ties


@dataclass(frozen=True)
class Lifetime:
    """First and last month of a thing, in months of the run."""

    begins: int
    ends: int

    def holds(self, month: int) -> bool:
        """Whether the month lies inside."""
        return self.begins <= month <= self.ends


@dataclass(frozen=True, eq=False)
class Asked:
    """Whom letters reach: one entry for each target of each letter, in order of names.

    Attributes:
        target: agency or stake.
        letter: position of the letter.
        targets: number of agencies or stakes.
    """

    target: Integers
    letter: Integers
    targets: int

    @classmethod
    def of(cls, targets: list[list[int]], number: int) -> Asked:
        """Entries of letters with their targets."""
        entries = [(target, letter) for letter, own in enumerate(targets) for target in own]
        target, letter = np.array(entries, dtype=np.intp).reshape(-1, 2).T
        return cls(target, letter, number)

    def strongest(self, amounts: Floats) -> Floats:
        """The largest amount for each target, of amounts for each letter; 0 without any. Shape (target,)."""
        largest = np.zeros((self.targets, *amounts.shape[1:]))
        np.maximum.at(largest, self.target, amounts[self.letter])
        return largest

    def sum(self, amounts: Floats) -> Floats:
        """Sum of the amounts for each target. Shape (target,)."""
        added = np.zeros((self.targets, *amounts.shape[1:]))
        np.add.at(added, self.target, amounts[self.letter])
        return added


@dataclass(frozen=True, eq=False)
class Month:
    """One month of the calendar.

    Attributes:
        index: month of the run, from 0.
        of_year: 1 (January) … 12.
        general: strength of the strongest general letter to each agency.
        heard: strength of the strongest one on its arrangement to each stake's agency.
        named: strength of the strongest letter to each stake that names its project.
        torn: 1 for projects that letters which contradict each other are about, else 0.
        resources: extra capacity of each agency.
        fresh: the share that this is of its capacity for joint work.
        power: power distance of each tie with these resources. Shape (tie, 1|run).
        events: (ministries, strength) in order of event names.
        event_strength: sum of event strengths of each agency's ministry.
        turnover, staff_turnover: product of the factors of the unstable periods of each agency, and of each
            secretariat.
        meeting: the forums that meet.
        standing: the forums that are alive.
        tables: those with ministries in them that meet.
        joint: those of ministries alone that are alive and have met by now, or meet this month.
        ministries_met: whether any of each arrangement's with ministries in it has met by now; ``settling``
            whether cases can be settled in one that is alive.
    """

    index: int
    of_year: int
    general: Floats
    heard: Floats
    named: Floats
    torn: Floats
    resources: Floats
    fresh: Floats
    power: Floats
    events: tuple[tuple[Integers, float], ...]
    event_strength: Floats
    turnover: Floats
    staff_turnover: Floats
    meeting: Meeting
    standing: Standing
    tables: tuple[Table, ...]
    joint: tuple[Table, ...]
    ministries_met: Flags
    settling: Flags


class Calendar:
    """Months of a scenario, made when first asked for."""

    def __init__(
        self, index: EntityIndex, gatherings: Gatherings, tables: tuple[Table, ...], ties: Ties
    ) -> None:
        """Index letters, events and forums by month of the run."""
        self._index, self._gatherings, self._tables, self._ties = index, gatherings, tables, ties
        self._powers: dict[bytes, Floats] = {}
        letters = [(row, k) for k, part in enumerate(index.parts) for row in part.letters.letter]
        self._index_letters(sorted(letters, key=lambda letter: letter[0].name))
        self._capacity = numbers(index.agencies, "capacity")
        self._lives = [Lifetime(*index.life(forum)) for forum in index.forums]
        self._events: dict[int, list[tuple[Integers, float]]] = {}
        events = [event for part in index.parts for event in part.letters.event]
        for event in sorted(events, key=lambda event: event.name):
            ministries = integers([index.ministry[name] for name in event.ministries])
            held = self._events.setdefault(index.since_start(event.month), [])
            held.append((ministries, amount(event.strength)))
        periods = [(it, k) for k, part in enumerate(index.parts) for it in part.arrangement.unstable]
        self._unstable = [
            (self._life(it.begins, it.ends), float(it.turnover), self._unsettled(it, k))
            for it, k in sorted(periods, key=lambda period: float(period[0].turnover))
        ]
        self._months: dict[int, Month] = {}

    def __getitem__(self, index: int) -> Month:
        """The month with this index in the run."""
        if index not in self._months:
            self._months[index] = self._month(index)
        return self._months[index]

    def date(self, index: int) -> str:
        """Calendar date ``YYYY-MM`` of a month of the run."""
        return shifted(self._index.scenario.start, index)

    def _of_parts(self, tables: Iterable[Table]) -> Flags:
        """Whether each arrangement has one of some forums."""
        homes = self._index.homes(self._index.forums[it.forum] for it in tables)
        return np.isin(np.arange(len(self._index.parts)), homes)

    def _life(self, begins: str | None, ends: str | None) -> Lifetime:
        first = -EVER if begins is None else self._index.since_start(begins)
        return Lifetime(first, EVER if ends is None else self._index.since_start(ends))

    def _unsettled(self, period: Period, arrangement: int) -> tuple[Flags, Flags]:
        """Agencies of an arrangement from which people leave more, and secretariats that these sit in.

        Where all members are named, it is ministries and all secretariats, too.
        """
        index, members = self._index, names_of(self._index.parts[arrangement].agencies)
        named = {*members} if period.agencies == "all" else {*period.agencies}
        everywhere = named >= {*members}
        found = (
            flags([everywhere or not named.isdisjoint(who) for who in own])
            for own in ([[name] for name in index.agency], [it.seats for it in index.staffed])
        )
        homes = index.homes(index.agencies), index.homes(index.staffed)
        agencies, staffed = (own & (home == arrangement) for own, home in zip(found, homes, strict=True))
        return agencies, staffed

    def _index_letters(self, found: list[tuple[Letter, int]]) -> None:
        index, agencies, letters = self._index, len(self._index.agencies), [letter for letter, _k in found]
        # Resolved letters always have an end; one made by hand ends with its year.
        ends = [f"{x.begins[:4]}-12" if x.ends is None else x.ends for x in letters]
        self._in_force = [self._life(letter.begins, end) for letter, end in zip(letters, ends, strict=True)]
        self._strength, self._money = numbers(letters, "strength"), numbers(letters, "resources")
        receivers = [index.rows(letter.to) for letter in letters]
        # Each arrangement's letters are about its own work: an agency has a place for each.
        general = [
            [] if x.projects else [part * agencies + row for row in own]
            for (x, part), own in zip(found, receivers, strict=True)
        ]
        named = [self._named(letter, own) for letter, own in zip(letters, receivers, strict=True)]
        self._general = Asked.of(general, len(index.parts) * agencies)
        self._place = (
            index.homes(project for project, _agency in index.holders) * agencies + index.stakes.second
        )
        self._named_stakes = Asked.of(named, len(index.stakes))
        self._resources = Asked.of(receivers, agencies)
        said = [(part, x.name, {*x.contradicts}) for x, part in found]
        against = [[a == b and (n in y or m in x) for b, m, y in said] for a, n, x in said]
        self._against = np.array(against, dtype=bool).reshape(len(letters), len(letters))
        self._about = np.array([self._concerned(x, part) for x, part in found], dtype=bool)

    def _concerned(self, letter: Letter, part: int) -> list[bool]:
        """Whether a letter is about each project: it names it, or none; and a member receives it."""
        about, to = {*letter.projects}, {*letter.to}
        return [
            self._index.part(it) is self._index.parts[part]
            and not to.isdisjoint(it.members)
            and (not about or it.name in about)
            for it in self._index.projects
        ]

    def _reaching(self, month: int) -> tuple[Floats, Floats, Flags]:
        """Strength and money of each letter, and which projects two that contradict are about (ODD 2)."""
        holds = flags([life.holds(month) for life in self._in_force])
        strength, money = row_by_row(self._strength, holds), row_by_row(self._money, holds)
        torn = np.zeros(len(self._index.projects), dtype=bool)
        if not self._against.any():
            return strength, money, torn
        each = by_run(strength)
        rivals = self._against[:, :, None] & (np.minimum(each[:, None], each) > 0.0)
        reaches = np.maximum(0.0, each - (rivals * each).max(axis=1, initial=0.0))
        for one, other in np.argwhere(rivals.any(axis=-1)):
            torn |= self._about[one] & self._about[other]
        return reaches.reshape(strength.shape), money, torn

    def _named(self, letter: Letter, receivers: list[int]) -> list[int]:
        """Stakes of the receivers in the projects that the letter names."""
        projects = integers([self._index.project[name] for name in letter.projects])
        project, agency = np.repeat(projects, len(receivers)), np.tile(integers(receivers), len(projects))
        return [row for row in self._index.stakes.rows(project, agency).tolist() if row != NONE]

    def _meets(self, forum: Forum, life: Lifetime, month: int) -> bool:
        """Whether a forum meets: whenever another whole cadence has gone by since it began (ODD 2)."""
        met = self._index.meetings
        return life.holds(month) and met(forum, month) > met(forum, month - 1)

    def _has_met(self, row: int, month: int) -> bool:
        """Whether a forum has met by some month: its first cadence has gone by (ODD 2)."""
        forum, life = self._index.forums[row], self._lives[row]
        begins = 0 if forum.begins is None else life.begins
        return month <= life.ends and month + 1 >= begins + float(forum.cadence)

    def _power(self, resources: Floats) -> Floats:
        """Power distance of each tie; equal ones share one array."""
        key = resources.tobytes()
        if key not in self._powers:
            self._powers[key] = power_over(self._ties, by_run(self._capacity) + by_run(resources))
        return self._powers[key]

    def _month(self, index: int) -> Month:
        events = tuple(self._events.get(index, ()))
        by_ministry: list[Any] = [0.0] * len(self._index.ministries)
        for ministries, strength in events:
            for row in ministries:
                by_ministry[row] = by_ministry[row] + strength
        reaching, money, torn = self._reaching(index)
        resources = self._resources.sum(money)
        forums = list(zip(self._index.forums, self._lives, strict=True))
        general = self._general.strongest(reaching)
        turnover, staff_turnover = (np.ones(len(it)) for it in (self._index.agencies, self._index.staffed))
        for _life, factor, (agencies, staffed) in (it for it in self._unstable if it[0].holds(index)):
            turnover[agencies] *= factor
            staff_turnover[staffed] *= factor
        meeting = self._gatherings.meeting(flags([self._meets(f, life, index) for f, life in forums]))
        live = [it for it in self._tables if self._has_met(it.forum, index)]
        return Month(
            index=index,
            of_year=int(self.date(index)[5:]),
            general=general.reshape(len(self._index.parts), -1, *general.shape[1:]).max(axis=0),
            heard=general[self._place],
            named=self._named_stakes.strongest(reaching),
            torn=torn.astype(np.float64),
            resources=resources,
            fresh=quotient(resources.T, (self._capacity.T + resources.T), 0.0).T,
            power=self._power(resources),
            events=events,
            event_strength=floats(by_ministry)[self._index.ministry_of],
            turnover=turnover,
            staff_turnover=staff_turnover,
            meeting=meeting,
            standing=self._gatherings.standing(
                flags([life.holds(index) for life in self._lives]),
                flags(
                    [life.holds(index) and self._has_met(row, index) for row, (_, life) in enumerate(forums)]
                ),
            ),
            tables=tuple(it for it in self._tables if it.forum in meeting.forums),
            joint=tuple(it for it in live if not len(it.agency_seat)),
            ministries_met=self._of_parts(live),
            settling=self._of_parts(it for it in live if it.settles),
        )
