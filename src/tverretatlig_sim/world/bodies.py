"""Tables of forums, secretariats and seats."""

from __future__ import annotations

import numpy as np

from tverretatlig_sim.scenario.schema import Forum
from tverretatlig_sim.world.keys import name_keys, pair_keys
from tverretatlig_sim.world.meetings import SeatTable
from tverretatlig_sim.world.roster import Roster
from tverretatlig_sim.world.sparse import Sums, floats, integers, sums
from tverretatlig_sim.world.world import LEAD, NONE, RULES, Bodies, Forums, Seats, Secretariats

UNLIMITED = np.iinfo(np.intp).max


def seat_table(roster: Roster) -> Seats:
    """Seats in order of forum, then agency."""
    pairs = [(f, roster.agency[a]) for f, forum in enumerate(roster.forums) for a in sorted(forum.seats)]
    forum, agency = integers([f for f, _ in pairs]), integers([a for _, a in pairs])
    keys = pair_keys(name_keys(tuple(roster.forum))[forum], roster.agency_keys[agency])
    return Seats(forum, agency, keys, sums(forum, len(roster.forums)))


def secretariat_of(roster: Roster, forum: Forum) -> int:
    """Position of the secretariat that serves a forum, or NONE; one with staff serves itself by default."""
    return roster.secretariat.get(forum.served_by or forum.name, NONE)


def forum_table(roster: Roster, seats: Seats) -> Forums:
    """Forums with their fixed attributes."""
    arrangement, forums = roster.arrangement, roster.forums
    clarity = [f.mandate_clarity or arrangement.mandate_clarity for f in forums]
    return Forums(
        names=tuple(roster.forum),
        size=floats([float(len(f.seats)) for f in forums]),
        authority=floats([float(f.authority) for f in forums]),
        mandate_clarity=floats([float(value) for value in clarity]),
        secretariat=integers([secretariat_of(roster, f) for f in forums]),
        seats=integers([len(f.seats) for f in forums]),
        first_seat=np.searchsorted(seats.forum, np.arange(len(forums))),
    )


def body_table(roster: Roster) -> Bodies:
    """Forums as bodies that decide, a line, and nothing; a line takes up everything and its lead decides."""
    chairs = [f.chair or roster.arrangement.coordinator for f in roster.forums]
    agenda = [int(f.agenda) for f in roster.forums]
    return Bodies(
        rank=floats([*(float(f.rank) for f in roster.forums), 1.0, 1.0]),
        agenda=integers([*agenda, UNLIMITED, UNLIMITED]),
        rule=integers([*(RULES.index(f.rule) for f in roster.forums), LEAD, LEAD]),
        chair=integers([*(NONE if chair is None else roster.agency[chair] for chair in chairs), NONE, NONE]),
    )


def secretariat_table(roster: Roster) -> Secretariats:
    """Forums with staff."""
    names = tuple(roster.secretariat)
    keys = pair_keys(name_keys(("secretariat",)), name_keys(names))
    staff = floats([float(f.secretariat_fte) for f in roster.staffed])
    return Secretariats(names, keys, staff, _facilitated(roster))


def _facilitated(roster: Roster) -> Sums:
    facilitator = roster.arrangement.facilitator
    server = NONE if facilitator is None else secretariat_of(roster, roster.forums[roster.forum[facilitator]])
    projects = np.arange(len(roster.projects) if server != NONE else 0)
    owner = np.full(len(projects), server)
    return sums(owner, len(roster.staffed), columns=projects, width=len(roster.projects))


def seats_for_calendar(roster: Roster, seats: Seats, forums: Forums) -> SeatTable:
    """What the calendar needs to know about seats."""
    return SeatTable(
        forum=seats.forum,
        agency=seats.agency,
        first=forums.first_seat,
        size=forums.size,
        exclusive=tuple(f.exclusive for f in roster.forums),
        secretariat=forums.secretariat,
        staffed=integers([roster.forum[name] for name in roster.secretariat]),
        agencies=len(roster.agencies),
        ties=roster.ties,
    )
