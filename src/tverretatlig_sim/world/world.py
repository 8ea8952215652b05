"""The world of one scenario: entities by index, relations as index pairs; fixed during a run."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from tverretatlig_sim.world.keys import Keys
from tverretatlig_sim.world.sparse import Floats, Integers, Sums

if TYPE_CHECKING:
    from tverretatlig_sim.world.calendar import Calendar
    from tverretatlig_sim.world.groups import GroupTable

Flags = NDArray[np.bool_]
"""A vector of truth values."""

NONE = -1
"""Index of nothing: no secretariat, no facilitator, no tie."""

LINE = -2
"""Body on a route: the project lead's own line."""

RULES = ("consensus", "majority", "lead", "authority")
CONSENSUS, MAJORITY, LEAD, AUTHORITY = range(len(RULES))

INSTRUMENTS = ("legal", "economic", "organisational", "pedagogical")
"""The four kinds of instruments a state has (DEL19 3.2.1)."""


@dataclass(frozen=True)
class Ministries:
    """Ministries in order of name.

    Attributes:
        level: level of attention; NaN where the parameter ``attention_level`` holds.
        participant_mean: averages agency rows over each ministry's participants.
        heard: whether a ministry has participants.
    """

    names: tuple[str, ...]
    keys: Keys
    level: Floats
    participant_mean: Sums
    heard: Integers


@dataclass(frozen=True)
class Agencies:
    """Agencies in order of name; vectors of shape (agency,), understanding and frame (theme, agency).

    Attributes:
        interwoven: mean share of partners, (members − 1) / members, over each agency's stakes.
        led: participants other than the coordinator; none if there is no coordinator.
    """

    names: tuple[str, ...]
    keys: Keys
    ministry: Integers
    capacity: Floats
    line_capacity: Floats
    internal_organisation: Floats
    overlap: Floats
    gain: Floats
    cost: Floats
    frame: Floats
    understanding: Floats
    ownership: Floats
    stubbornness: Floats
    dependence: Floats
    ambition: Floats
    interwoven: Floats
    led: Flags
    core: Flags
    participant: Flags


@dataclass(frozen=True)
class Forums:
    """Forums in order of name.

    Attributes:
        secretariat: index of the serving secretariat, or NONE.
        seats: number of seats, ``size`` as an index.
        first_seat: position of the forum's first seat; seats of a forum are contiguous.
    """

    names: tuple[str, ...]
    size: Floats
    authority: Floats
    mandate_clarity: Floats
    secretariat: Integers
    seats: Integers
    first_seat: Integers


@dataclass(frozen=True)
class Bodies:
    """What decides: the forums, and at their ends, so that LINE and NONE find them, a line and nothing."""

    rank: Floats
    agenda: Integers
    rule: Integers
    chair: Integers


@dataclass(frozen=True)
class Secretariats:
    """Forums with staff, in order of name; ``projects`` sums project rows over those each facilitates."""

    names: tuple[str, ...]
    keys: Keys
    staff: Floats
    projects: Sums


@dataclass(frozen=True)
class Projects:
    """Projects in order of name.

    Attributes:
        deadline: last month of work, in months of the run.
        undated: whether it has no deadline and delivers when it is finished.
        facilitator: index of the forum that follows all of them up, or NONE.
        alone: whether the lead is the only member.
    """

    names: tuple[str, ...]
    size: Floats
    members: Floats
    planned: Integers
    start: Integers
    deadline: Integers
    undated: Flags
    stop_points: Floats
    clarity: Floats
    boldness: Floats
    line_work: Floats
    rung: Floats
    lead: Integers
    facilitator: int
    follow_up: float
    increments: bool
    in_groups: bool
    alone: Flags


@dataclass(frozen=True)
class Concerned:
    """Ministries concerned by each recommendation: ``count`` rows of ``ministry`` from ``first``."""

    ministry: Integers
    first: Integers
    count: Integers


@dataclass(frozen=True)
class Recommendations:
    """Recommendations by project and number.

    Attributes:
        number: 1 … planned.
        case: what stands on an agenda together.
        instrument: position in ``INSTRUMENTS``.
        gated: whether law or budget needs the ministries.
        route: row of ``bodies``; ``bodies`` is (route, step): forum index, LINE, or NONE past the end.
        duties: number of duties; ``own_duties`` leaves out the last ones, of the municipal chain.
        first_duty: position of the first duty; duties of a recommendation are contiguous.
        concerned: ministries of the duty-holders.
    """

    names: tuple[str, ...]
    keys: Keys
    project: Integers
    number: Integers
    case: Integers
    given_up: Floats
    instrument: Integers
    gated: Flags
    route: Integers
    bodies: Integers
    steps: Integers
    duties: Integers
    own_duties: Integers
    municipal: Flags
    first_duty: Integers
    concerned: Concerned
    by_project: Sums


@dataclass(frozen=True)
class Seats:
    """Seats by forum, then agency; ``by_forum`` sums seat rows per forum."""

    forum: Integers
    agency: Integers
    keys: Keys
    by_forum: Sums


@dataclass(frozen=True)
class Ties:
    """Ties by source, then target.

    Attributes:
        by_source: sums tie rows per listening agency.
        mean_by_source: averages them.
        partners: sums agency rows over the agencies each listens to.
        dense: whether more than half of all pairs of agencies are tied.
        group_contact: (tie, project) weights 1 / (members × (members − 1)) of joint project work.
    """

    source: Integers
    target: Integers
    distance: Floats
    trust: Floats
    by_source: Sums
    mean_by_source: Sums
    partners: Sums
    lonely: Integers
    dense: bool
    group_contact: Sums


@dataclass(frozen=True)
class Stakes:
    """Stakes by project, then agency.

    Attributes:
        lead: agency that leads the project. tie: tie to it, or NONE.
        cost: what the project costs a stake-holder; fresh money carries it.
        lead_trust: trust towards the lead where there is no tie: 1 for the lead itself, else 0.5.
        commissioned: whether the project is commissioned.
        partners: share of the other members among all members.
        by_agency: sums stake rows per stake-holder.
        projects: sums project rows per stake-holder.
        works: 1 for members, 0 for the municipal chain, which takes over only at the end.
    """

    project: Integers
    agency: Integers
    overlap: Floats
    gain: Floats
    cost: Floats
    is_lead: Flags
    commissioned: Flags
    lead: Integers
    tie: Integers
    lead_trust: Floats
    works: Floats
    partners: Floats
    by_agency: Sums
    projects: Sums


@dataclass(frozen=True)
class Duties:
    """Duties by recommendation, then agency.

    Attributes:
        last: whether the duty is the municipal chain's, taken up when the others are done.
        by_agency: sums duty rows per agency.
    """

    recommendation: Integers
    agency: Integers
    stake: Integers
    last: Flags
    keys: Keys
    by_agency: Sums


@dataclass(frozen=True)
class World:
    """Everything fixed about one scenario."""

    title: str
    themes: tuple[str, ...]
    ministries: Ministries
    agencies: Agencies
    forums: Forums
    bodies: Bodies
    secretariats: Secretariats
    projects: Projects
    recommendations: Recommendations
    seats: Seats
    ties: Ties
    stakes: Stakes
    duties: Duties
    calendar: Calendar
    groups: GroupTable
    core_group_authority: float
    department_link: float
    lead_authority: float
    programme_resources: float
    turnover: float
    months: int
    dtype: np.dtype[Any]
