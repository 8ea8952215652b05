"""Tables of the world: one a kind of entity or relation, rows in order of name; fixed during a run.

Numbers have shape (entity,), one value for all runs, or (entity, run), one a run; read them through
``arrays.by_run`` or ``Places.of``, which take both. Entities stand in one another's tables by index. An
*arrangement* is an entity like any other: forums, projects, ministries and agencies know theirs by index.
"""

from __future__ import annotations

from dataclasses import dataclass

from tverretatlig_sim.arrays import Flags, Floats, Integers, SegmentSum
from tverretatlig_sim.world.keys import Keys

LINE = -2
"""Body on a route: the project lead's own line."""

RULES = ("consensus", "majority", "lead", "authority")
CONSENSUS, MAJORITY, LEAD, AUTHORITY = range(len(RULES))

INSTRUMENTS = ("legal", "economic", "organisational", "pedagogical")
"""The four kinds of instruments a state has (DEL19 3.2.1)."""

GATED = ("legal", "economic")
"""Instruments that need the ministries."""

NO_DUTY, OWN_DUTY, LAST_DUTY = range(3)
"""What an agency bears of a recommendation; last is the municipal chain's duty, when the others are done."""

UNLIMITED = 2**31 - 1


@dataclass(frozen=True, eq=False)
class Arrangements:
    """Arrangements in order of name; today there is one.

    Attributes:
        lead_authority: the coordinator's authority over the others; 0 without a coordinator.
        start_trust: trust of ties where the file gives none, and of those without a tie.
        turnover: factor on the parameter of that name.
        facilitator: forum that follows the arrangement's projects up, or NONE.
        project_groups: whether project members work together.
        at_once: how many projects may be under way at once.
        budget_month: month of the year; ``budget_lead`` and ``law_months`` are months.
    """

    names: tuple[str, ...]
    lead_authority: Floats
    start_trust: Floats
    programme_resources: Floats
    turnover: Floats
    follow_up: Floats
    facilitator: Integers
    project_groups: Flags
    at_once: Integers
    budget_month: Integers
    budget_lead: Integers
    law_months: Integers


@dataclass(frozen=True, eq=False)
class Ministries:
    """Ministries in order of name.

    Attributes:
        level: level of attention; NaN where the parameter ``attention_level`` holds.
        frame: how it sees the problem. Shape (theme, ministry).
        organisation: its row among the agencies, or NONE if it has no seat.
        steers: 1 for ministries that steer a participant, else 0.
        mean_by_arrangement: averages ministry rows over those with participants.
    """

    names: tuple[str, ...]
    keys: Keys
    arrangement: Integers
    level: Floats
    frame: Floats
    organisation: Integers
    steers: Floats
    mean_by_arrangement: SegmentSum


@dataclass(frozen=True, eq=False)
class Agencies:
    """Agencies in order of name, then ministries with a seat; understanding and frame are (theme, agency).

    Attributes:
        overlap, gain, cost: means over each agency's stakes.
        interests: core tasks scaled to length 1, (theme, agency).
        interwoven: mean share of partners, (members − 1) / members, over each agency's stakes.
        beyond_core: 1 for agencies outside the core, else 0; 0 for all if the core is no circle.
        participant: whether it is an agency that takes part.
        led: 1 for participants other than the coordinator, else 0; 0 for all if there is no coordinator.
    """

    names: tuple[str, ...]
    keys: Keys
    arrangement: Integers
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
    interests: Floats
    interwoven: Floats
    beyond_core: Floats
    led: Floats
    core: Flags
    participant: Flags
    is_ministry: Flags

    @property
    def own_names(self) -> tuple[str, ...]:
        """Names of the agencies, without ministries."""
        return self.names[: len(self.names) - int(self.is_ministry.sum())]

    @property
    def periphery(self) -> Flags:
        """Agencies outside the core."""
        return ~self.core & ~self.is_ministry


@dataclass(frozen=True, eq=False)
class Forums:
    """Forums in order of name.

    Attributes:
        secretariat: the serving secretariat, or NONE.
        size: number of seats; ``seats`` is the same as an index.
        first_seat: the forum's first seat; seats of a forum are contiguous.
        of_ministries: whether it is listed among the forums of the ministries.
        link: how well ministries' departments learn what was settled there.
    """

    names: tuple[str, ...]
    arrangement: Integers
    size: Floats
    authority: Floats
    link: Floats
    of_ministries: Flags
    mandate_clarity: Floats
    secretariat: Integers
    seats: Integers
    first_seat: Integers


@dataclass(frozen=True, eq=False)
class Bodies:
    """What decides: the forums, and at their ends, so that LINE and NONE find them, a line and nothing.

    Attributes:
        rank: share of its cases that the seats' rank lets them settle.
        agenda: cases a meeting can take.
        rule: position in ``RULES``.
        chair: agency that settles under the rule *authority*, or NONE.
        authority: how far the chair can cut through where seats vote; 0 without a chair.
        rounds: rounds before a case goes up or is dropped; NaN where the parameter ``max_rounds`` holds.
        quorum: fewest seats that can settle anything.
    """

    rank: Floats
    agenda: Integers
    rule: Integers
    chair: Integers
    authority: Floats
    rounds: Floats
    quorum: Floats


@dataclass(frozen=True, eq=False)
class Secretariats:
    """Forums with staff, in order of name; ``projects`` sums project rows over those each facilitates."""

    names: tuple[str, ...]
    keys: Keys
    arrangement: Integers
    staff: Floats
    projects: SegmentSum


@dataclass(frozen=True, eq=False)
class Projects:
    """Projects in order of name.

    Attributes:
        planned, first_recommendation: number of recommendations, and the first; they are contiguous.
        deadline: last month of work, in months of the run, if it begins as planned; infinite without one.
        turn: group of projects that come equally early, rising: the highest priority first, then the earliest
            start, then the earliest date.
        after: sums project rows over those that must have delivered before.
        preparation: months before its mandate.
        rung: rung it aims at, given what was agreed in them.
        facilitator: forum that follows it up, or NONE.
        mandate_body: forum that vets its mandate, or NONE.
        increments: whether it delivers along the way instead of in a final report.
        likeness: of the tasks of two projects that share a member, else 0. Shape (project, project).
        alone: whether the lead is the only member.
    """

    names: tuple[str, ...]
    keys: Keys
    arrangement: Integers
    size: Floats
    members: Floats
    planned: Integers
    first_recommendation: Integers
    start: Integers
    deadline: Floats
    turn: Integers
    after: SegmentSum
    stop_points: Floats
    preparation: Floats
    clarity: Floats
    boldness: Floats
    line_work: Floats
    rung: Floats
    lead: Integers
    facilitator: Integers
    mandate_body: Integers
    increments: Flags
    likeness: Floats
    alone: Flags


@dataclass(frozen=True, eq=False)
class Recommendations:
    """Recommendations by project and name.

    Attributes:
        case, case_keys: what stands on an agenda together, and its key.
        instrument: position in ``INSTRUMENTS``.
        gated: whether law or budget needs the ministries.
        route: row of ``bodies``; ``bodies`` is (route, step): forum, LINE, or NONE past the end.
        first_duty, duties: the first row of ``Duties``, and their number; they are contiguous.
        own_duties: duties borne in every run, last ones not counted.
        has_last_duty: whether there is one in any run.
    """

    names: tuple[str, ...]
    keys: Keys
    project: Integers
    case: Integers
    case_keys: Keys
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
    has_last_duty: Flags
    by_project: SegmentSum


@dataclass(frozen=True, eq=False)
class Seats:
    """Seats by forum, then agency; ``by_forum`` sums seat rows per forum."""

    forum: Integers
    agency: Integers
    keys: Keys
    by_forum: SegmentSum


@dataclass(frozen=True, eq=False)
class Ties:
    """Ties by source, then target.

    Attributes:
        distance: mean of geographic and structural distance.
        authority: formal authority of the source over the target, less that of the target over the source.
        by_source: sums tie rows per listening agency; ``mean_by_source`` averages them.
        partners: sums agency rows over the agencies each listens to.
        first, number: the first tie of each source, and how many it has; they are contiguous.
        into: ties by target, then source; ``first_into`` and ``number_into`` say which are to each target.
        lonely: agencies without ties.
    """

    source: Integers
    target: Integers
    distance: Floats
    authority: Floats
    trust: Floats
    by_source: SegmentSum
    mean_by_source: SegmentSum
    partners: SegmentSum
    first: Integers
    number: Integers
    into: Integers
    first_into: Integers
    number_into: Integers
    lonely: Integers


@dataclass(frozen=True, eq=False)
class Stakes:
    """Stakes by project, then agency.

    Attributes:
        lead: agency that leads the project; ``tie``: tie to it, or NONE.
        lead_trust: trust towards the lead where there is no tie: 1 for the lead itself, else the start trust.
        cost: what the project costs a stake-holder; fresh money carries it.
        works: whether it is a member's, not the municipal chain's, which takes over only at the end.
        partners: share of the other members among all members.
        by_agency: sums stake rows per agency; ``projects`` sums project rows per stake-holder.
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
    works: Flags
    partners: Floats
    by_agency: SegmentSum
    projects: SegmentSum


@dataclass(frozen=True, eq=False)
class Duties:
    """Duties by recommendation, then agency; where draws say who bears one, one row a candidate.

    Attributes:
        kind: what the agency bears (NO_DUTY, OWN_DUTY, LAST_DUTY) unless its turn brings it a duty.
        gain, given_up: what it gains, net, and how much of its own instruments it must give up.
    """

    recommendation: Integers
    agency: Integers
    stake: Integers
    kind: Integers
    keys: Keys
    gain: Floats
    given_up: Floats
    by_agency: SegmentSum


@dataclass(frozen=True, eq=False)
class Hearings:
    """Pairs of a recommendation and a ministry, row r × ministries + m; none where no ministry has a seat.

    Attributes:
        tie: tie of the ministry to the project's lead, or NONE.
        own: row of each recommendation with the ministry of its project's lead.
        of_duty: row of each duty, with the ministry of its agency.
    """

    recommendation: Integers
    ministry: Integers
    keys: Keys
    tie: Integers
    own: Integers
    of_duty: Integers


@dataclass(frozen=True, eq=False)
class Table:
    """A forum with ministries in it, and what they hear there (ODD 7.7).

    Attributes:
        forum: its row.
        ministry, seat: ministries with a seat, and where.
        chair: ministry that chairs, or NONE.
        agency_seat: seats of agencies.
        member: whether the agency of each of these works on each project. Shape (project, agency seat).
        reports: whether it sits in the forum that follows each project up. Shape (project, agency seat).
        settles: whether ministries settle cases here: it steers, and only ministries sit in it.
    """

    forum: int
    ministry: Integers
    seat: Integers
    chair: int
    agency_seat: Integers
    member: Floats
    reports: Floats
    settles: bool


@dataclass(frozen=True, eq=False)
class Turns:
    """Equally near members of a project, in order of project and nearness, who take turns by lot.

    In a run, such a member comes at place ``first`` + its rank by lot in its ``group`` among those that take
    turns in the project. It bears the duty of row ``duty`` if ``(place − skip) mod others < extra``.

    Attributes:
        keys, group, first: of each such member; members of a group are contiguous.
        duty, member, skip, others, extra: of each duty that hangs on its turn.
    """

    keys: Keys
    group: Integers
    first: Integers
    duty: Integers
    member: Integers
    skip: Integers
    others: Integers
    extra: Integers
