"""What a scenario file may say. One model a table; unknown keys are refused."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Discriminator, Field, Tag

from tverretatlig_sim.i18n import Message, _, current_language
from tverretatlig_sim.scenario.quantity import (
    Count,
    Date,
    Factor,
    Fte,
    FteMonths,
    LineWork,
    MonthOfYear,
    Months,
    Name,
    PositiveCount,
    PositiveFte,
    Quantity,
    Rung,
    Share,
    Signed,
    Staff,
    Wait,
    WholeMonths,
)


@dataclass(frozen=True)
class Among:
    """Marks a field that names others.

    Attributes:
        known: among whom they have to be; ``own``: who takes part in the table, or the one around it.
        wrong: what is wrong with a name that is not.
    """

    known: str
    wrong: Message


OWN = "own"
MEMBERS = Among("members", _("is not a member of the arrangement"))
MINISTRIES = Among("ministries", _("is not a known ministry"))
AgencyName = Annotated[Name, Among("agencies", _("is not a known agency"))]
MinistryName = Annotated[Name, MINISTRIES]
MemberName = Annotated[Name, MEMBERS]
ForumName = Annotated[Name, Among("forums", _("is not a forum of the arrangement"))]
Stop = Annotated[Name, Among("stops", _("is neither a forum of the arrangement nor the line"))]
Seat = Annotated[Name, Among(OWN, _("has no seat in the forum"))]
Partner = Annotated[Name, Among(OWN, _("takes no part in the project"))]
ProjectName = Annotated[Name, Among("projects", _("is not a project of the portfolio"))]
LetterName = Annotated[Name, Among("letters", _("is not a letter"))]
Themes = Annotated[dict[Name, Share], Field(max_length=40)]
Route = Annotated[list[Stop], Field(min_length=1)]
Everyone = Literal["all"]
Everybody = Annotated[
    Annotated[list[Name], Field(min_length=1), Tag("[names]")] | Annotated[Everyone, Tag("[all]")],
    Discriminator(lambda value: "[names]" if isinstance(value, list) else "[all]"),
]
"""Names, or ``all``."""
Members = Annotated[Everybody, MEMBERS]
Seats = Annotated[
    Everybody, Among("seated", _("is neither a member of the arrangement nor a known ministry"))
]
Gains = dict[Partner, Signed]
Losses = dict[Partner, Share]
Function = Literal["authority", "service", "knowledge", "supervision"]
ForumFunction = Literal["steer", "prepare", "draft", "inform"]
Rule = Literal["consensus", "majority", "lead", "authority"]
Instrument = Literal["legal", "economic", "organisational", "pedagogical"]
Origin = Literal["commissioned", "self-initiated"]
Delivery = Literal["final-report", "increments"]


LINE = "line"
"""The word that stands for the lead's own line in a route."""


def given(value: float) -> Quantity:
    """A default the user has not graded."""
    return Quantity(value=value, grade="assumed", source="library default")


class Table(BaseModel):
    """Base of every table: frozen, strict, closed."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False, strict=True)


class Title(Table):
    """A heading in both languages."""

    en: str
    nb: str

    def __str__(self) -> str:
        return str(getattr(self, current_language(), self.en))

    def with_(self, names: str) -> Title:
        """The heading with names in brackets behind it."""
        return Title(en=f"{self.en} ({names})", nb=f"{self.nb} ({names})")


class Named(Table):
    """A table with a name, an optional title and the source of its facts."""

    name: Name
    title: Title | None = None
    source: str = ""


class Ministry(Named):
    """A ministry: steers its agencies through letters, and may sit in forums like an agency.

    Attributes:
        attention: political attention at the start and the level it returns to; default: the arrangement's.
        frame: how it sees the problem; default: the core tasks of its agencies (of all if it has none).
    """

    attention: Share | None = None
    frame: Themes | None = None


class Agency(Named):
    """A directorate or other agency: the agent of the model.

    Attributes:
        ministry: name of the ministry that steers it.
        core_tasks: weight of each theme in its core tasks.
        capacity: capacity for joint work.
        line_capacity: capacity of the ordinary line for carrying out what joint work recommends.
        staff: size of the whole agency.
        place: where its head office is.
        form: organisational form, such as directorate or inspectorate.
        function, works: main function towards its field; whether it works out there or at the desk.
        internal_organisation: how well it is organised internally for external cooperation.
        frame: how its sector sees the problem; default: core tasks scaled to sum 1. Weights sum to at most 1.
        understanding: problem understanding at the start; default: the frame. Weights sum to at most 1.
        ownership: ownership at the start; default: the arrangement's.
        stubbornness: multiplies the parameter ``frame_stubbornness`` for this agency.
        dependence: how far it depends on others to reach its own goals, 0 to 1.
        ambition: rung of the coordination ladder it aims at in joint work.
    """

    ministry: MinistryName
    core_tasks: Themes
    capacity: PositiveFte
    line_capacity: PositiveFte = given(2.0)
    staff: Staff = given(200.0)
    place: str = "Oslo"
    form: Name | None = None
    function: Function | None = None
    works: Literal["field", "desk"] | None = None
    internal_organisation: Share = given(0.5)
    frame: Themes | None = None
    understanding: Themes | None = None
    ownership: Share | None = None
    stubbornness: Factor = given(1.0)
    dependence: Share = given(0.5)
    ambition: Rung = given(3.0)


class Member(Table):
    """An agency's part in one arrangement; fields given here replace the agency's own.

    Attributes:
        agency: name of the agency.
        core: whether the sources count it among the arrangement's core agencies.
        ministry: its ministry in the period of this arrangement, where that differs from today's.
        begins, ends: first and last month of its membership; default: the whole run.
    """

    agency: AgencyName
    core: bool = False
    begins: Date | None = None
    ends: Date | None = None
    ministry: MinistryName | None = None
    capacity: PositiveFte | None = None
    line_capacity: PositiveFte | None = None
    staff: Staff | None = None
    internal_organisation: Share | None = None
    ownership: Share | None = None
    dependence: Share | None = None
    ambition: Rung | None = None
    source: str = ""


OVERRIDES = tuple(
    name for name in Member.model_fields if name not in ("agency", "core", "begins", "ends", "source")
)
"""Fields of an agency that its membership may replace."""


class Term(Table):
    """The months in which an agency or ministry has its seat in a forum.

    Attributes:
        holder: who has it.
        begins, ends: first and last month; default: as long as the forum lives.
    """

    holder: Seat
    begins: Date | None = None
    ends: Date | None = None
    source: str = ""


class Forum(Named):
    """A body with seats, a cadence, a function, a decision rule and a lifetime.

    Attributes:
        function: steer, prepare, draft or inform.
        seats: agencies and ministries with a seat, or ``all``: members, or the ministries that steer them.
        cadence: months between meetings (1 = monthly; need not be whole).
        rule: how a case is settled there.
        chair: agency or ministry whose vote settles under the rule ``authority``; default: the coordinator.
        agenda: cases a meeting can take.
        authority: how far its chair can cut through, 0 to 1; default: the coordinator's where that chairs.
        rounds: rounds before a case goes up or is dropped; default: the parameter ``max_rounds``.
        quorum: share of the seats that must be taken to settle anything, 0 to 1; default: none need be.
        begins, ends: first and last month of its life; default: the whole run.
        mandate_clarity: clarity of its mandate at the start; default: the arrangement's.
        secretariat_fte: staff, if the forum is a working secretariat.
        served_by: name of the secretariat forum that prepares its meetings.
        exclusive: whether it is a forum of the few inside the cooperation.
        rank: share of its cases that the seats' rank lets them settle there and then, 0 to 1.
        link: how well ministries' departments learn what was settled here; default: all, 1.
        term: months of seats that are not there all the time.
    """

    function: ForumFunction
    seats: Seats
    cadence: Months
    rule: Rule = "consensus"
    chair: Seat | None = None
    agenda: PositiveCount = given(5.0)
    authority: Share | None = None
    rounds: PositiveCount | None = None
    quorum: Share | None = None
    begins: Date | None = None
    ends: Date | None = None
    mandate_clarity: Share | None = None
    secretariat_fte: Fte = given(0.0)
    served_by: ForumName | None = None
    exclusive: bool = False
    rank: Share = given(1.0)
    link: Share | None = None
    term: list[Term] = []


class Tie(Table):
    """Start trust of one agency in another."""

    source_agency: MemberName
    target_agency: MemberName
    trust: Share
    source: str = ""


class Period(Table):
    """A stretch of months with more (or less) turnover of people than usual.

    Attributes:
        agencies: where people come and go, and the secretariats these sit in; ``all``: everywhere.
    """

    begins: Date
    ends: Date
    turnover: Factor
    agencies: Members = "all"
    source: str = ""


class Start(Table):
    """State of the cooperation in its first month."""

    ownership: Share = given(0.5)
    trust: Share = given(0.5)


class Arrangement(Named):
    """Who sits where and how they work.

    Attributes:
        coordinator: agency with the coordinating role, if any.
        facilitator: forum that follows projects up between and after decisions.
        attention: level of political attention; default: the parameter ``attention_level``.
        mandate_clarity: clarity of the forums' mandate as the commissioners give it.
        project_clarity: clarity of project mandates as the commissioners give them.
        stop_points: line stop points in a project.
        preparation: months in which members settle what a project is about, before its mandate; 0: skipped.
        ambition_agreed: how far they then also agree to aim no higher than the least ambitious, 0 to 1.
        delivery: one final report, or recommendations along the way.
        route: bodies that decide on recommendations, in order: forum names, or ``line`` for the lead's line.
        self_initiated_route: the route for self-initiated projects; default: ``route``.
        mandate_body, self_initiated_mandate_body: forum that vets mandates, as the routes; default: none.
        follow_up: how closely the cooperation follows recommendations after hand-over.
        turnover: multiplies the parameter ``turnover``.
        lead_authority: how far the coordinator can lead over the others' heads, 0 to 1.
        programme_resources: share of the capacity for joint work that the programme disposes of, 0 to 1.
        municipal_chain: agencies, members or not, with the last duty in what works through municipalities.
        project_groups: whether project members work together (ties), or each on its own.
        circle: whether the core agencies are a circle that the others stand outside.
        forum: forums of the cooperation.
        ministry_forum: forums of the ministries, of their own or with agencies: joint bodies and dialogue.
    """

    extends: Name | None = None
    coordinator: MemberName | None = None
    facilitator: ForumName | None = None
    attention: Share | None = None
    mandate_clarity: Share = given(0.5)
    project_clarity: Share = given(0.5)
    stop_points: Count = given(0.0)
    preparation: Wait = given(0.0)
    ambition_agreed: Share = given(0.0)
    delivery: Delivery = "final-report"
    route: Route = ["line"]
    self_initiated_route: Route | None = None
    mandate_body: ForumName | None = None
    self_initiated_mandate_body: ForumName | None = None
    follow_up: Share = given(0.0)
    turnover: Factor = given(1.0)
    lead_authority: Share = given(0.0)
    programme_resources: Share = given(0.0)
    municipal_chain: list[AgencyName] = []
    project_groups: bool = True
    circle: bool = False
    start: Start = Start()
    member: Annotated[list[Member], Field(min_length=1)]
    forum: list[Forum] = []
    ministry_forum: list[Forum] = []
    tie: list[Tie] = []
    unstable: list[Period] = []


class Without(Table):
    """Inherited entries that an arrangement leaves out, by name; ties by the names of both agencies."""

    member: list[Name] = []
    forum: list[Name] = []
    ministry_forum: list[Name] = []
    tie: list[list[Name]] = []


class Recommendation(Named):
    """One recommendation, where a portfolio lists them one by one; what it gives replaces the project's."""

    duties: Annotated[list[Partner], Field(min_length=1)]
    instrument: Instrument | None = None
    instruments_given_up: Share | None = None
    gains: Gains = {}
    gives_up: Losses = {}


class Project(Named):
    """A unit of joint work.

    Attributes:
        themes: weight of each theme.
        origin: commissioned by the ministries or self-initiated.
        lead: agency that leads it; must be a member.
        members: agencies that take part, or ``all``.
        size: work needed.
        recommendations: how many it plans, if they are not listed one by one.
        parties: duty-holders of each planned recommendation: the lead and others in turn, the nearest first.
        instrument: kind of instrument its recommendations use.
        instruments_given_up: how much of their own instruments duty-holders must give up, 0 to 1.
        boldness: how bold the proposals are before any compromise, 0 to 1.
        benefit, cost: gain from a fully bold recommendation to an agency with full core-task overlap, and
            its cost.
        gains: net gain per agency, where known; replaces benefit × overlap − cost.
        gives_up: what an agency must give up, where known; replaces ``instruments_given_up``.
        start: first month of preparation or work, unless it has to wait for others.
        deadline: months from the begin of work to the date on which it delivers what there is, if it is not
            finished before; the nearer the date, the more work it gets.
        priority: what has more of it is begun first, and worked on first; 0 unless given.
        after: projects that must have delivered before it begins.
        rung: rung of the coordination ladder it aims at.
        line_work: work a duty takes in the line.
        municipal: whether its recommendations work through municipalities.
        clarity, stop_points, preparation, ambition_agreed, delivery: replace the arrangement's.
        route, mandate_body: replace the arrangement's.
    """

    themes: Themes
    origin: Origin
    lead: Partner
    members: Members
    size: FteMonths
    recommendations: PositiveCount | None = None
    recommendation: list[Recommendation] = []
    parties: PositiveCount = given(2.0)
    instrument: Instrument = "organisational"
    instruments_given_up: Share = given(0.3)
    boldness: Share = given(0.8)
    benefit: Share = given(0.6)
    cost: Share = given(0.3)
    gains: Gains = {}
    gives_up: Losses = {}
    start: Date
    deadline: WholeMonths | None = None
    priority: Count | None = None
    after: list[ProjectName] = []
    rung: Rung = given(3.0)
    line_work: LineWork = given(1.0)
    municipal: bool = False
    clarity: Share | None = None
    stop_points: Count | None = None
    delivery: Delivery | None = None
    preparation: Wait | None = None
    ambition_agreed: Share | None = None
    route: Route | None = None
    mandate_body: ForumName | None = None


class Portfolio(Named):
    """What there is to do.

    Attributes:
        at_once: how many projects may be under way at once; default: all.
    """

    at_once: PositiveCount | None = None
    project: list[Project] = []


class Letter(Named):
    """What ministries ask of agencies, when.

    Attributes:
        ministries: ministries that send it.
        to: agencies it addresses (each of one of those ministries), or ``all`` agencies of those ministries.
        begins, ends: months in which it is in force; default end: December of its year.
        strength: 0 not mentioned, about 0.25 "take part", about 0.6 concrete, 1 concrete with resources.
        projects: projects it names; none: joint work in general.
        contradicts: letters that ask otherwise; while two are in force, only what the stronger has over the
            other reaches anyone, and mandates of what both are about are less clear.
        resources: extra capacity of each addressed agency; carries its share of what joint work costs.
    """

    ministries: Annotated[list[MinistryName], Field(min_length=1)]
    to: Members
    begins: Date
    ends: Date | None = None
    strength: Share
    projects: list[ProjectName] = []
    contradicts: list[LetterName] = []
    resources: Fte = given(0.0)


class Event(Named):
    """Something that renews political attention in one month."""

    ministries: Annotated[Everybody, MINISTRIES]
    month: Date
    strength: Share


class Letters(Named):
    """The calendar of steering: letters, events, the years of the budget and the way of a law.

    Attributes:
        budget_month: month in which the budget is put forward; its money comes the January after.
        budget_lead: months before it in which ministries must have agreed.
        law_months: months that a law takes from when they have agreed.
    """

    budget_month: MonthOfYear = given(10.0)
    budget_lead: Wait = given(9.0)
    law_months: Wait = given(36.0)
    letter: list[Letter] = []
    event: list[Event] = []
