"""Tables of seats, forums and secretariats; forums that meet in one month, and forums that are alive."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from math import nan
from typing import Any

import numpy as np

from tverretatlig_sim.arrays import (
    NONE,
    Flags,
    Floats,
    Integers,
    SegmentSum,
    counts,
    flags,
    floats,
    integers,
    members,
    pairs_within,
    row_by_row,
)
from tverretatlig_sim.scenario.quantity import amount
from tverretatlig_sim.scenario.schema import Forum, given
from tverretatlig_sim.world.index import EntityIndex, numbers
from tverretatlig_sim.world.keys import name_keys, pair_keys
from tverretatlig_sim.world.tables import LEAD, RULES, UNLIMITED, Bodies, Forums, Seats, Secretariats

UNSERVED = -2
"""No secretariat serves so."""

ENOUGH = 1e-9
"""How far rounding may have moved a quorum."""


def seat_table(index: EntityIndex) -> Seats:
    """Seats in order of forum, then agency."""
    forum = np.repeat(np.arange(len(index.forums)), [len(forum.seats) for forum in index.forums])
    agency = integers(list(chain.from_iterable(index.rows(sorted(forum.seats)) for forum in index.forums)))
    keys = pair_keys(name_keys(tuple(index.forum))[forum], name_keys(tuple(index.agency))[agency])
    return Seats(forum, agency, keys, SegmentSum(forum, len(index.forums)))


def serving(index: EntityIndex, forum: Forum) -> int:
    """Secretariat that serves a forum, or NONE; one with staff serves itself by default."""
    return index.secretariat.get(forum.name if forum.served_by is None else forum.served_by, NONE)


def forum_table(index: EntityIndex) -> Forums:
    """Forums with their fixed attributes."""
    forums = index.forums
    seats = integers([len(forum.seats) for forum in forums])
    return Forums(
        names=tuple(index.forum),
        arrangement=index.homes(forums),
        size=seats.astype(np.float64),
        authority=floats(index.authority),
        link=numbers(forums, "link", given(1.0)),
        of_ministries=flags([forum in index.part(forum).arrangement.ministry_forum for forum in forums]),
        mandate_clarity=numbers(forums, "mandate_clarity", index.arrangement.mandate_clarity),
        secretariat=integers([serving(index, forum) for forum in forums]),
        seats=seats,
        first_seat=np.cumsum(seats) - seats,
    )


def body_table(index: EntityIndex) -> Bodies:
    """Forums as bodies that decide, a line, and nothing; a line takes up everything and its lead decides."""
    practice = [(forum, index.part(forum).arrangement) for forum in index.forums]
    own = [None if forum in it.ministry_forum else it.coordinator for forum, it in practice]
    chairs = [forum.chair or coordinator for forum, coordinator in zip(index.forums, own, strict=True)]
    chair = [NONE if name is None else index.agency[name] for name in chairs]
    voting = flags([forum.rule in ("consensus", "majority") for forum in index.forums])
    seats = floats([float(len(forum.seats)) for forum in index.forums])
    led = voting & flags([name is not None for name in chairs])
    rounds = [nan if forum.rounds is None else amount(forum.rounds) for forum in index.forums]
    quorum = numbers(index.forums, "quorum", given(0.0))
    return Bodies(
        rank=floats([*numbers(index.forums, "rank"), 1.0, 1.0]),
        agenda=floats([*(amount(forum.agenda) for forum in index.forums), UNLIMITED, UNLIMITED]).astype(
            np.intp
        ),
        rule=integers([*(RULES.index(forum.rule) for forum in index.forums), LEAD, LEAD]),
        chair=integers([*chair, NONE, NONE]),
        authority=floats([*row_by_row(floats(index.authority), led), 0.0, 0.0]),
        rounds=floats([*rounds, nan, nan]),
        quorum=floats([*(row_by_row(quorum, voting * seats) - ENOUGH), 0.0, 0.0]),
    )


def secretariat_table(index: EntityIndex, projects_facilitated_by: Integers) -> Secretariats:
    """Forums with staff.

    Args:
        index: the scenario's entities.
        projects_facilitated_by: forum that facilitates each project, or NONE.
    """
    names, projects = tuple(index.secretariat), np.flatnonzero(projects_facilitated_by != NONE)
    server = integers([serving(index, forum) for forum in index.forums])[projects_facilitated_by[projects]]
    projects, server = projects[server != NONE], server[server != NONE]
    return Secretariats(
        names=names,
        keys=pair_keys(name_keys(("secretariat",)), name_keys(names)),
        arrangement=index.homes(index.staffed),
        staff=numbers(index.staffed, "secretariat_fte"),
        projects=SegmentSum(server, len(names), rows=projects, width=len(projects_facilitated_by)),
    )


@dataclass(frozen=True, eq=False)
class Meeting:
    """The forums that meet in one month and the relations that come alive with them.

    Attributes:
        need: seats of each agency in these forums; 0 for ministries, which they cost nothing.
        served_seats: seats each secretariat has to serve.
        seats, seat_agency, seat_forum: seats of these forums, who has them, and where.
        listener, speaker: ordered pairs of seats of one forum, positions in ``seats``.
        by_tie: sums these pairs, each for the tie of its listener; weighted alike.
        by_agency: sums these seats per agency.
        helped, helper: pairs of a project and a forum that facilitates it; ``concerned`` sums these seats of
            its members.
        pairs: positions of these pairs, so many at once that each project is there once.
    """

    forums: Integers
    need: Floats
    served_seats: Floats
    seats: Integers
    seat_agency: Integers
    seat_forum: Integers
    listener: Integers
    speaker: Integers
    by_tie: SegmentSum
    by_agency: SegmentSum
    helped: Integers
    helper: Integers
    pairs: tuple[Integers, ...]
    concerned: SegmentSum


@dataclass(frozen=True, eq=False)
class Standing:
    """What follows from which forums are alive.

    Attributes:
        alive: whether each forum is alive, as 0 or 1.
        secretariats: living secretariats.
        outside: exclusive circles that meet and that each agency stands outside.
        served: averages forum rows over meetings of the living forums each agency has a seat in.
        facilitated: whether a forum that facilitates it is alive, for each project, as 0 or 1.
    """

    alive: Floats
    secretariats: Integers
    outside: Floats
    served: SegmentSum
    facilitated: Floats


class Gatherings:
    """Meetings and standing forums of a world; equal ones share one object."""

    def __init__(self, index: EntityIndex, seats: Seats, forums: Forums) -> None:
        """Keep the tables that they are made from."""
        self._index, self._seats, self._forums = index, seats, forums
        self._exclusive = flags([forum.exclusive for forum in index.forums])
        self._meetings: dict[bytes, Meeting] = {}
        self._standings: dict[bytes, Standing] = {}

    def meeting(self, meets: Flags) -> Meeting:
        """The forums that meet together. Shape (forum,)."""
        key = meets.tobytes()
        if key not in self._meetings:
            self._meetings[key] = self._meeting(np.flatnonzero(meets))
        return self._meetings[key]

    def standing(self, alive: Flags, met: Flags) -> Standing:
        """The forums that are alive together, and those of them that have met so far. Shape (forum,)."""
        key = alive.tobytes() + met.tobytes()
        if key not in self._standings:
            self._standings[key] = self._standing(alive, met)
        return self._standings[key]

    @cached_property
    def _helpers(self) -> list[list[int]]:
        """Forums that facilitate each project: its facilitator, and those that this serves as a secretariat.

        Only those in which two or more of the project's members have a seat.
        """
        index = self._index
        facilitators = [index.part(project).arrangement.facilitator for project in index.projects]
        return [
            [
                index.forum[forum.name]
                for forum in index.forums
                if (
                    forum.name == name or serving(index, forum) == index.secretariat.get(name or "", UNSERVED)
                )
                and len({*forum.seats} & {*project.members}) > 1
            ]
            for project, name in zip(index.projects, facilitators, strict=True)
        ]

    def _help(self, forums: Integers, agency: Integers, seat_row: Integers) -> dict[str, Any]:
        """Pairs of projects and facilitating forums among those that meet, and who is concerned there."""
        index, met = self._index, forums.tolist()
        pairs = [(row, f) for row, own in enumerate(self._helpers) for f in own if f in met]
        helped, helper = np.array(pairs, dtype=np.intp).reshape(-1, 2).T
        teams = [{*index.rows(project.members)} for project in index.projects]
        there = [
            (pair, seat)
            for pair, (project, forum) in enumerate(pairs)
            for seat in np.flatnonzero(forums[seat_row] == forum).tolist()
            if agency[seat] in teams[project]
        ]
        owner, seats = np.array(there, dtype=np.intp).reshape(-1, 2).T
        return {
            "helped": helped,
            "helper": helper,
            "pairs": tuple(np.flatnonzero(helper == forum) for forum in np.unique(helper)),
            "concerned": SegmentSum(owner, len(pairs), rows=seats, width=len(agency)),
        }

    def _meeting(self, forums: Integers) -> Meeting:
        table, agencies, ties = self._forums, len(self._index.agencies), self._index.ties
        own = np.arange(agencies) < self._index.seated
        seat_row, seats = members(table.first_seat[forums], table.seats[forums])
        listener, speaker, row = pairs_within(table.seats[forums])
        agency = self._seats.agency[seats]
        share = 1.0 / (table.size[forums][row] - 1.0)
        tie = ties.rows(agency[listener], agency[speaker])
        served = forums[table.secretariat[forums] != NONE]
        return Meeting(
            forums=forums,
            need=counts(agency, agencies) * own,
            served_seats=counts(table.secretariat[served], len(self._index.staffed), table.size[served]),
            seats=seats,
            seat_agency=agency,
            seat_forum=forums[seat_row],
            listener=listener,
            speaker=speaker,
            by_tie=SegmentSum(tie, len(ties), share),
            by_agency=SegmentSum(agency, agencies),
            **self._help(forums, agency, seat_row),
        )

    def _standing(self, alive: Flags, met: Flags) -> Standing:
        seats, agencies = self._seats, len(self._index.agencies)
        outside = np.zeros(agencies)
        for forum in np.flatnonzero(met & self._exclusive):
            circle = seats.agency[seats.forum == forum]
            shared = np.unique(seats.forum[np.isin(seats.agency, circle)])
            partners = np.unique(seats.agency[np.isin(seats.forum, shared)])
            outside[np.setdiff1d(partners, circle)] += 1.0
        outside[self._index.seated :] = 0.0  # an A-team of agencies is none to ministries
        living = np.flatnonzero(met[seats.forum])
        often = 1.0 / numbers(self._index.forums, "cadence")[seats.forum[living]]
        total = counts(seats.agency[living], agencies, often)[:, None]
        staffed = integers([self._index.forum[name] for name in self._index.secretariat])
        return Standing(
            alive=alive.astype(np.float64),
            secretariats=np.flatnonzero(alive[staffed]),
            outside=outside,
            served=SegmentSum(
                seats.agency[living],
                agencies,
                often,
                seats.forum[living],
                len(alive),
                np.where(total > 0.0, total, 1.0),
            ),
            facilitated=floats([float(alive[own].any()) for own in self._helpers]),
        )
