"""Entities and relations: fixed attributes, state, and what a month leaves behind (ODD, section 2).

Lists are in order of names. Months are counted from the first month of the run (0); they may be negative.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import IntEnum
from math import floor

from .draws import Draws
from .formulas import Vector, cognitive_distance, mean


class Stage(IntEnum):
    """How far a recommendation has come."""

    PLANNED = 0
    DRAFTED = 1
    DECIDED = 2
    HANDED_OVER = 3
    ADOPTED = 4
    IMPLEMENTED = 5
    DROPPED = 6


@dataclass(frozen=True)
class Span:
    """First and last month of something; open ends are None."""

    begins: int | None
    ends: int | None

    def holds(self, month: int) -> bool:
        """Whether a month lies within it."""
        return (self.begins is None or self.begins <= month) and (self.ends is None or month <= self.ends)


@dataclass(frozen=True)
class Letter:
    """A letter as one of its addressees reads it."""

    span: Span
    strength: float
    projects: frozenset[str]
    resources: float


@dataclass(frozen=True)
class Unrest:
    """A period of other turnover than usual."""

    span: Span
    factor: float


@dataclass(eq=False, repr=False)
class Ministry:
    """A ministry; `events` holds the strengths of a month's events in order of event names."""

    name: str
    level: float
    events: dict[int, list[float]]
    attention: float
    participants: list[Agency] = field(default_factory=list)
    signal: float = 0.0


@dataclass(eq=False, repr=False)
class Agency:
    """A directorate or other agency.

    `signal` is the ministry's signal in general, `mean_signal` that over active stakes; `interweaving` is the
    mean share of others in its projects; `done` and `dropped` count duties of the month.
    """

    name: str
    ministry: Ministry
    core_tasks: Vector
    capacity: float
    line_capacity: float
    internal_organisation: float
    frame: Vector
    stubbornness: float
    staff: float
    place: str
    form: str
    core: bool
    dependence: float
    ambition: float
    ownership: float
    understanding: Vector
    letters: list[Letter]
    seats: list[Seat] = field(default_factory=list)
    stakes: list[Stake] = field(default_factory=list)
    duties: list[Duty] = field(default_factory=list)
    ties: dict[str, Tie] = field(default_factory=dict)
    ties_to: list[Tie] = field(default_factory=list)
    overlap: float = 0.0
    gain: float = 0.0
    cost: float = 0.0
    fresh: float = 0.0
    interweaving: float = 0.0
    circles: list[Forum] = field(default_factory=list)
    confidence: float = 0.5
    inclusion: float = 1.0
    load: float = 0.0
    letter: float = 0.0
    signal: float = 0.0
    mean_signal: float = 0.0
    effort: float = 0.0
    meeting_time: float = 0.0
    afford: float = 1.0
    heard: Vector = field(default_factory=dict)
    leaves: bool = False
    done: int = 0
    dropped: int = 0

    @property
    def participates(self) -> bool:
        """Whether it has a seat, or is a member of a project."""
        return bool(self.seats) or any(stake.member for stake in self.stakes)

    @property
    def mean_trust(self) -> float:
        """Mean trust in those it has ties to."""
        return mean((tie.trust for tie in self.ties.values()), default=0.5)

    @property
    def commitment(self) -> float:
        """What ownership and trust carry."""
        return (self.ownership + self.mean_trust) / 2.0


@dataclass(eq=False, repr=False)
class Forum:
    """A body with seats; `structure` and `attended` are those of its last meeting."""

    name: str
    cadence: float
    rule: str
    agenda: int
    authority: float
    rank: float
    span: Span
    exclusive: bool
    mandate: float
    clarity: float
    chair: Agency | None = None
    secretariat: Secretariat | None = None
    seats: list[Seat] = field(default_factory=list)
    facilitation: float = 0.0
    structure: float = 0.0
    attended: float = 0.0

    def meets(self, month: int) -> bool:
        """Whether it holds a meeting in a month."""
        k = month - (self.span.begins or 0)
        return self.span.holds(month) and floor((k + 1) / self.cadence) > floor(k / self.cadence)

    def service(self, month: int) -> float:
        """Quality of the service it gets."""
        secretariat = self.secretariat
        return secretariat.quality if secretariat and secretariat.span.holds(month) else 0.0


@dataclass(eq=False, repr=False)
class Seat:
    """An agency's seat in a forum."""

    forum: Forum
    agency: Agency
    attended: bool = False


@dataclass(eq=False, repr=False)
class Secretariat:
    """A forum with staff, seen as a queue of work."""

    name: str
    span: Span
    staff: float
    serves: list[Forum] = field(default_factory=list)
    backlog: float = 0.0
    quality: float = 1.0
    experience: float = 1.0


@dataclass(eq=False, repr=False)
class Project:
    """A unit of joint work; a body of its route is a forum, or None for the lead's own line."""

    name: str
    themes: Vector
    commissioned: bool
    lead: Agency
    size: float
    start: int
    deadline: int | None
    rung: float
    stop_points: int
    route: list[Forum | None]
    facilitator: Forum | None
    line_work: float
    clarity: float
    boldness: float
    increments: bool
    municipal: bool
    stakes: list[Stake] = field(default_factory=list)
    recommendations: list[Recommendation] = field(default_factory=list)
    progress: float = 0.0
    delivered: int | None = None

    def active(self, month: int) -> bool:
        """Whether it has started and is neither finished nor delivered."""
        return self.start <= month and self.delivered is None and self.progress < 1.0

    @property
    def members(self) -> list[Stake]:
        """Stakes of those who work on it; the others only carry last duties."""
        return [stake for stake in self.stakes if stake.member]

    @property
    def facilitation(self) -> float:
        """Facilitation it gets."""
        return self.facilitator.facilitation if self.facilitator else 0.0

    @property
    def work(self) -> float:
        """Work of all members this month, FTE-months."""
        return sum(stake.work for stake in self.stakes)


@dataclass(eq=False, repr=False)
class Recommendation:
    """Recommendation number `number` of a project; `months` says when it reached each stage."""

    name: str
    project: Project
    number: int
    through_ministries: bool
    instrument: str
    given_up: float
    content: float
    duties: list[Duty] = field(default_factory=list)
    stage: Stage = Stage.PLANNED
    boldness: float = 0.0
    step: int = 0
    rounds: int = 0
    votes: int = 0
    trips: int = 0
    reason: str = ""
    months: dict[Stage, int] = field(default_factory=dict)

    @property
    def body(self) -> Forum | None:
        """Where it waits while it is drafted."""
        return self.project.route[self.step]

    @property
    def first_duties(self) -> list[Duty]:
        """All duties but the last ones."""
        return [duty for duty in self.duties if not duty.last]

    @property
    def carried_out(self) -> bool:
        """Whether the duties other than the last are done."""
        return all(duty.status == "done" for duty in self.first_duties)


@dataclass(eq=False, repr=False)
class Stake:
    """An agency's part in a project, as a member or only as part of its municipal chain."""

    project: Project
    agency: Agency
    member: bool
    overlap: float
    gain: float
    cost: float
    anchoring: float
    signal: float = 0.0
    work: float = 0.0

    @property
    def net_gain(self) -> float:
        """Gain with the part of the cost that fresh money carries."""
        return self.gain + self.agency.fresh * self.cost

    @property
    def trust(self) -> float:
        """Trust in the lead."""
        lead = self.project.lead
        if lead is self.agency:
            return 1.0
        tie = self.agency.ties.get(lead.name)
        return tie.trust if tie else 0.5

    @property
    def gap(self) -> float:
        """Cognitive distance to the lead."""
        own, lead = self.agency.understanding, self.project.lead
        return 0.0 if lead is self.agency else cognitive_distance(own, lead.understanding)


@dataclass(eq=False, repr=False)
class Duty:
    """An agency's part in carrying out a recommendation.

    `status` is idle, waiting, working, done or released; *dropped* only until its recommendation is. A `last`
    duty is that of the municipal chain; it begins when all others are done.
    """

    recommendation: Recommendation
    stake: Stake
    last: bool
    status: str = "idle"
    anchoring: float = 0.0
    left: float = 0.0
    in_letter: bool = False

    @property
    def agency(self) -> Agency:
        """The duty-holder."""
        return self.stake.agency

    def waits_since_before(self, month: int) -> bool:
        """Whether it waits and its recommendation was handed over in an earlier month."""
        return self.status == "waiting" and self.recommendation.months[Stage.HANDED_OVER] < month


@dataclass(eq=False, repr=False)
class Tie:
    """Trust of one agency in another, with the seats and projects they share."""

    source: Agency
    target: Agency
    distance: float
    trust: float
    seats: list[tuple[Seat, Seat]]
    projects: list[Project]
    contact: float = 0.0
    absence: float = 0.0


@dataclass(frozen=True)
class Transition:
    """A recommendation's move from one stage to the next; the reason is given for losses."""

    month: int
    recommendation: str
    from_stage: Stage
    to_stage: Stage
    reason: str


@dataclass(eq=False, repr=False)
class World:
    """All entities of one run, by name and in order of names."""

    parameters: Mapping[str, float]
    draws: Draws
    first_month_of_year: int
    ministries: dict[str, Ministry]
    agencies: dict[str, Agency]
    forums: dict[str, Forum]
    secretariats: dict[str, Secretariat]
    projects: dict[str, Project]
    recommendations: dict[str, Recommendation]
    ties: dict[tuple[str, str], Tie]
    core_group_authority: float
    department_link: float
    coordinator: Agency | None
    lead_authority: float
    programme_resources: float
    names_core: bool
    project_groups: bool
    follow_up: float
    turnover_factor: float
    unrest: list[Unrest]
    budget_month: int
    month: int = 0
    coherence: float = 1.0
    damping: float = 1.0
    transitions: list[Transition] = field(default_factory=list)

    @property
    def month_of_year(self) -> int:
        """Calendar month, 1 to 12."""
        return (self.first_month_of_year - 1 + self.month) % 12 + 1

    def uniform(self, process: str, entity: int) -> float:
        """Draw this month's number of a process for an entity."""
        return self.draws.uniform(process, entity, self.month)

    def move(self, recommendation: Recommendation, stage: Stage, reason: str = "") -> None:
        """Bring a recommendation to a stage."""
        self.transitions.append(
            Transition(self.month, recommendation.name, recommendation.stage, stage, reason)
        )
        recommendation.stage, recommendation.reason = stage, reason
        recommendation.months[stage] = self.month
