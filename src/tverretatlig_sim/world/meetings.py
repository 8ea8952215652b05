"""Forums that meet together, and forums that are alive together: the relations each brings with it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from tverretatlig_sim.world.pairs import Pairs, pairs_within
from tverretatlig_sim.world.sparse import (
    Floats,
    Integers,
    Sums,
    counts,
    expand,
    floats,
    integers,
    means,
    sums,
)


@dataclass(frozen=True)
class SeatTable:
    """Seats as index vectors in order of forum, with forum sizes and the ties between their holders.

    Attributes:
        first: position of each forum's first seat; seats of a forum are contiguous.
        ties: the ties between seat-holders, and others.
    """

    forum: Integers
    agency: Integers
    first: Integers
    size: Floats
    exclusive: tuple[bool, ...]
    secretariat: Integers
    staffed: Integers
    agencies: int
    ties: Pairs

    def of(self, forums: Integers) -> tuple[Integers, Integers]:
        """Position in ``forums`` and seat, for each seat of these forums."""
        return expand(self.first[forums], self.size[forums].astype(np.intp))

    @cached_property
    def _held(self) -> tuple[Integers, Integers, Integers]:
        """First position and number of each agency's seats in the list of seats by agency."""
        by_agency = np.argsort(self.agency, kind="stable")
        number = np.bincount(self.agency, minlength=self.agencies)
        return np.cumsum(number) - number, number, by_agency

    def in_sight(self, forum: int) -> tuple[Integers, Integers]:
        """Agencies with a seat in a forum, and all that sit with one of them in any forum."""
        circle = self.agency[self.of(integers([forum]))[1]]
        first, number, by_agency = self._held
        shared = np.unique(self.forum[by_agency[expand(first[circle], number[circle])[1]]])
        return circle, np.unique(self.agency[self.of(shared)[1]])


@dataclass(frozen=True)
class Meeting:
    """The forums that meet in one month and the relations that come alive with them.

    Attributes:
        need: seats of each agency in these forums.
        served_seats: seats each secretariat has to serve.
        pairs: positions in ``seats`` of two that sit in one forum, one row a pair: first all the ones, then
            all the others.
        pair_row: position in ``forums`` of each pair's forum.
        together: sums over pairs, for the ties in both directions. apart: sums over the seats in ``pairs``,
            for the tie from each to the other. Both weigh by 1 / (seats − 1) of the forum.
        seat_row: position in ``forums`` of each seat's forum.
        by_agency: sums these seats per agency. by_forum: averages them per meeting forum.
    """

    forums: Integers
    seats: Integers
    need: Floats
    served_seats: Floats
    pairs: Integers
    pair_row: Integers
    together: Sums
    apart: Sums
    seat_row: Integers
    by_agency: Sums
    by_forum: Sums


def meeting(table: SeatTable, forums: Integers) -> Meeting:
    """Relations of one set of forums that meet together."""
    seat_row, seats = table.of(forums)
    one, other, pair_row = pairs_within(table.size[forums].astype(np.intp))
    once = one < other
    one, other, pair_row = one[once], other[once], pair_row[once]
    agency = table.agency[seats]
    ties = table.ties.rows(*(agency[np.concatenate(ends)] for ends in ((one, other), (other, one))))
    share = np.tile(1.0 / (table.size[forums][pair_row] - 1.0), 2)
    served = forums[table.secretariat[forums] >= 0]
    return Meeting(
        forums=forums,
        seats=seats,
        need=counts(agency, table.agencies),
        served_seats=counts(table.secretariat[served], len(table.staffed), table.size[served]),
        pairs=np.concatenate((one, other)),
        pair_row=pair_row,
        together=sums(ties, len(table.ties), share, np.tile(np.arange(len(one)), 2), len(one)),
        apart=sums(ties, len(table.ties), share),
        seat_row=seat_row,
        by_agency=sums(agency, table.agencies),
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


def standing(table: SeatTable, alive: NDArray[np.bool_]) -> Standing:
    """Relations of one set of living forums."""
    outside = np.zeros(table.agencies)
    for forum in np.flatnonzero(alive & np.array(table.exclusive, dtype=bool)):
        circle, partners = table.in_sight(int(forum))
        outside[np.setdiff1d(partners, circle)] += 1.0
    living_seats = np.flatnonzero(alive[table.forum])
    owner, forum_of = table.agency[living_seats], table.forum[living_seats]
    shares = 1.0 / counts(owner, table.agencies)[owner]
    return Standing(
        alive=floats(alive.tolist()),
        secretariats=np.flatnonzero(alive[table.staffed]),
        outside=outside,
        served=sums(owner, table.agencies, shares, forum_of, len(alive)),
    )
