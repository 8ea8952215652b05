"""Entities and relations of one run (ODD, section 2), made from the tables of a scenario (section 5).

An entity has the fields of its table as plain numbers, and state variables under their names in section 2.
All is in order of names. Month 0 is the first of the run.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import IntEnum
from itertools import permutations
from math import exp, floor, inf, log, nan, sqrt
from types import SimpleNamespace
from typing import Any

from .draws import key, pair, uniform

Vector = dict[str, float]
"""Weights over all themes of a scenario."""
Stage = IntEnum("Stage", "PLANNED DRAFTED DECIDED HANDED_OVER ADOPTED IMPLEMENTED DROPPED", start=0)
STAGE_MONTHS = ("", "drafted_at", "decided_at", "handed_at", "adopted_at", "implemented_at", "dropped_at")
Loss = IntEnum("Loss", "NONE DISAGREEMENT MINISTRIES LINE MUNICIPALITIES", start=0)
Status = IntEnum("Status", "IDLE WAITING WORKING DONE RELEASED REFUSED FORGOTTEN", start=0)


INSTRUMENTS = ("legal", "economic", "organisational", "pedagogical")


def sigmoid(z: float) -> float:
    return 0.0 if z < -700.0 else 1.0 / (1.0 + exp(-z))


def raised(z: float, u: float) -> float:
    return z + min(1.0, u) * (1.0 - z)


def lowered(z: float, u: float) -> float:
    return z * (1.0 - min(1.0, u))


def mean(numbers: Iterable[float], default: float) -> float:
    listed = list(numbers)
    return sum(listed) / len(listed) if listed else default


def cosine(x: Vector, y: Vector) -> float:
    lengths = norm(x.values()) * norm(y.values())
    return sum(x[theme] * y[theme] for theme in x) / lengths if lengths else 0.0


def norm(x: Iterable[float]) -> float:
    return sqrt(sum(weight * weight for weight in x))


class Entity:
    """Fields of a table as plain numbers, and further attributes beside or instead of them."""

    def __init__(self, table: Any = None, **attributes: Any) -> None:
        for name in () if table is None else type(table).model_fields:
            value = getattr(table, name)
            number = hasattr(value, "__float__") and not isinstance(value, bool)
            setattr(self, name, float(value) if number else value)
        vars(self).update(attributes)

    def lives(self, month: int) -> bool:
        """Whether a month lies between `begins` and `ends`, both included; None is open."""
        return (self.begins is None or self.begins <= month) and (self.ends is None or month <= self.ends)


Seat = Tie = Hearing = Letter = Entity


class Ministry(Entity):
    """With a seat it is an `organisation` among the agencies, which has its view; else that is its frame."""

    damping, organisation = 1.0, None

    @property
    def view(self) -> Vector:
        return self.frame if self.organisation is None else self.organisation.understanding


class Secretariat(Entity):
    backlog, service_quality, experience = 0.0, 1.0, 1.0


class Agency(Entity):
    confidence, inclusion, load, leaves = 0.5, 1.0, 0.0, False

    is_ministry = False

    @property
    def participates(self) -> bool:
        takes_part = any(seat.forum.ever for seat in self.seats) or any(x.member for x in self.stakes)
        return not self.is_ministry and takes_part

    @property
    def mean_trust(self) -> float:
        return mean((tie.trust for tie in self.ties.values()), 0.5)

    @property
    def commitment(self) -> float:
        """7.2.1."""
        return (self.ownership + self.mean_trust) / 2.0

    @property
    def active_stakes(self) -> list[Stake]:
        """7.2: stakes as a member of active projects, in the order in which work is taken up."""
        active = [stake for stake in self.stakes if stake.member and stake.project.active]
        return sorted(active, key=lambda stake: stake.project.turn)


class Forum(Entity):
    def meets(self, month: int) -> bool:
        k = month - (self.begins or 0)
        return self.lives(month) and floor((k + 1) / self.cadence) > floor(k / self.cadence)

    def has_met(self, month: int) -> bool:
        """2: it is alive and has met by now, or meets in this month."""
        return self.lives(month) and any(self.meets(t) for t in range(self.begins or 0, month + 1))

    @property
    def ministries(self) -> list[Seat]:
        """Seats of ministries."""
        return [seat for seat in self.seats if seat.agency.is_ministry]

    @property
    def joint(self) -> bool:
        """Whether only ministries sit in it."""
        return len(self.ministries) == len(self.seats)

    @property
    def settles_jointly(self) -> bool:
        """2: a joint body that settles."""
        return self.function == "steer" and self.joint

    def service(self, month: int) -> float:
        """7.3."""
        served = self.secretariat is not None and self.secretariat.lives(month)
        return self.secretariat.service_quality if served else 0.0

    def unsettled(self, month: int) -> float:
        """7.6.1: the share of its cases that it cannot settle: rank too low, or ill prepared."""
        return 1.0 - self.rank * self.service(month)

    @property
    def silent(self) -> list[Agency]:
        """7.6.2: who sits there and does not speak up, where seats decide."""
        by_seats = self.rule in ("consensus", "majority")
        return [seat.agency for seat in self.seats if by_seats and seat.attended and not seat.spoke]

    def voters(self, project: Project) -> list[Agency]:
        """7.6.3: who votes on what a project puts forward."""
        alone = {"lead": project.lead, "authority": self.chair}
        if self.rule in alone:
            return [alone[self.rule]]
        return [seat.agency for seat in self.seats if seat.attended]

    def lacks_quorum(self, voters: list[Agency]) -> bool:
        """7.6.3: whether too few vote to settle anything."""
        together = self.rule in ("consensus", "majority")
        return not voters or (together and len(voters) < self.quorum * len(self.seats) - 1e-9)

    def cutting_chair(self, world: World, case: str) -> Agency | None:
        """7.6.3: the chair, if it may cut through this time."""
        cuts = self.rule in ("consensus", "majority") and world.draw("cut", key(case)) < self.authority
        return self.chair if cuts else None

    def settles(self, ayes: list[Agency], voters: list[Agency]) -> bool:
        """7.6.3: whether that many are enough."""
        return len(ayes) == len(voters) or (self.rule == "majority" and 2 * len(ayes) > len(voters))


class Project(Entity):
    """In its `route`, None is the lead's own line."""

    progress, facilitation, begun_at, delivered_at, mandated_at = 0.0, 0.0, -1, -1, -1
    mandate_rounds, rework = 0, 0.0

    @property
    def unfinished(self) -> bool:
        """7.2: it has begun and has not delivered."""
        return self.begun_at >= 0 and self.delivered_at < 0

    @property
    def active(self) -> bool:
        """7.2: that, or it has something to revise."""
        return self.unfinished or self.rework > 0.0

    def months_left(self, month: int) -> float:
        """7.2.4: months to its date, this one counted; it has as many as planned, whenever it begins."""
        return max(1.0, self.begun_at + self.deadline - month) if self.deadline else inf

    @property
    def has_mandate(self) -> bool:
        """7.5.1."""
        return self.mandate_body is None or self.mandated_at >= 0

    def prepares(self, month: int) -> bool:
        """7.5: whether it is in the months before its mandate."""
        return month < self.begun_at + self.preparation

    def waits_at(self, body: Forum, month: int) -> bool:
        """7.6: whether its mandate waits at a body."""
        ready = self.unfinished and self.rework == 0.0 and not self.prepares(month)
        return self.mandate_body is body and ready and not self.has_mandate

    def clear_up(self, share: float) -> None:
        self.project_clarity = raised(self.project_clarity, share)

    def overlap(self, world: World) -> float:
        """7.6.7: with the most alike task of active projects that came before and share a member."""
        others = [
            other
            for other in world.projects.values()
            if other in world.under_way and set(other.members) & set(self.members)
            if (other.begun_at, other.turn) < (self.begun_at, self.turn)
        ]
        alike = (cosine(self.themes, it.themes) * cosine(self.means, it.means) for it in others)
        return max(alike, default=0.0)

    @property
    def means(self) -> Vector:
        """7.6.7: its recommendations by kind of instrument."""
        kinds = [recommendation.instrument for recommendation in self.recommendations]
        return {kind: float(kinds.count(kind)) for kind in INSTRUMENTS}

    @property
    def work(self) -> float:
        return sum(stake.work for stake in self.stakes)


class Recommendation(Entity):
    stage, boldness, loss = Stage.PLANNED, nan, Loss.NONE
    step = rounds = votes = trips = joint_rounds = 0
    reported_at = tabled_at = settled_at = -1
    stuck = False
    drafted_at = decided_at = passed_at = handed_at = adopted_at = -1
    carried_out_at = implemented_at = dropped_at = -1

    @property
    def first_duties(self) -> list[Duty]:
        """All duties but the last ones."""
        return [duty for duty in self.duties if not duty.last]

    def open(self, month: int) -> bool:
        """7.6.8: reported earlier, neither settled nor done with."""
        reported = 0 <= self.reported_at < month
        return reported and self.settled_at < 0 and self.stage < Stage.IMPLEMENTED

    @property
    def case(self) -> tuple[int, float, str]:
        """7.6.1: its report, or with increments itself, in order of age, then lot."""
        return self.drafted_at, self.lot, self.name if self.project.increments else self.project.name

    def waits_at(self, body: Forum | None, month: int) -> bool:
        """7.6: whether it was drafted in an earlier month, and waits at a body with nothing to revise."""
        waits = self.stage == Stage.DRAFTED and self.drafted_at < month and not self.stuck
        sent_back = self.rounds > 0 and self.project.rework > 0.0
        return waits and not sent_back and self.project.route[self.step] is body

    def clarity(self, step: float) -> float:
        """7.6.2: the project's, raised at each rejection so far."""
        clarity = self.project.project_clarity
        for _ in range(self.votes - self.step):
            clarity = raised(clarity, step)
        return clarity


class Stake(Entity):
    """A `member`, or only in the municipal chain of the project."""

    work = 0.0

    @property
    def trust(self) -> float:
        """Trust in the lead."""
        lead, ties = self.project.lead, self.agency.ties
        return (
            1.0
            if self.agency is lead
            else ties[lead.name].trust
            if lead.name in ties
            else self.project.start_trust
        )

    @property
    def gap(self) -> float:
        """Cognitive distance to the lead."""
        x, y = self.agency.understanding, self.project.lead.understanding
        return norm(x[theme] - y[theme] for theme in x) / sqrt(2.0)


class Duty(Entity):
    duty_status, anchoring, work_left, letter_at = Status.IDLE, nan, 0.0, -1

    @property
    def key(self) -> int:
        return pair(self.recommendation.name, self.agency.name)

    @property
    def net_gain(self) -> float:
        """Gain, with the share of the cost that fresh money carries."""
        return self.gain + self.agency.fresh * self.stake.cost

    def waits_since_before(self, month: int) -> bool:
        """Whether it waits and its recommendation was handed over in an earlier month."""
        return self.duty_status == Status.WAITING and self.recommendation.handed_at < month


class World:
    """All entities of one run, by name, in their start state; `p` are all parameters."""

    month, coherence, left = 0, 1.0, ()

    def __init__(
        self, scenario: Any, seed: int, run: int, parameters: Mapping[str, float], months: int | None = None
    ) -> None:
        self.months = scenario.default_months if months is None else months
        self.scenario, self.arrangement = scenario, Entity(scenario.arrangement)
        self.p, self.seed, self.run = SimpleNamespace(**parameters), seed, run
        self.letters = Entity(scenario.letters)
        self.all_letters = [Letter(letter, **self.span(letter)) for letter in scenario.letters.letter]
        self.unstable = [Entity(period, **self.span(period)) for period in scenario.arrangement.unstable]
        agencies = by_name([*scenario.agencies, *scenario.beyond])
        weights = [w for table in agencies for w in (table.core_tasks, table.frame, table.understanding)]
        weights += [project.themes for project in scenario.portfolio.project]
        ministries = by_name([*scenario.ministries, *scenario.beyond_ministries])
        weights += [table.frame for table in ministries]
        self.themes = sorted({theme for named in weights if named for theme in named})
        self.ministries = {table.name: self.ministry(table, agencies) for table in ministries}
        self.agencies = {table.name: self.agency(table) for table in agencies}
        forums = by_name([*scenario.arrangement.forum, *scenario.arrangement.ministry_forum])
        seated = sorted({name for table in forums for name in table.seats} - {*self.agencies})
        self.agencies |= {name: self.organisation(self.ministries[name]) for name in seated}
        self.coordinator = self.agencies.get(scenario.arrangement.coordinator)
        self.lead_authority = self.arrangement.lead_authority if self.coordinator else 0.0
        self.forums = {table.name: self.forum(table) for table in forums}
        staffed = [forum for forum in self.forums.values() if forum.secretariat_fte > 0.0]
        self.secretariats = {forum.name: Secretariat(**vars(forum)) for forum in staffed}
        for forum in self.forums.values():
            forum.secretariat = self.secretariats.get(forum.served_by or forum.name)
            forum.ever = any(forum.meets(month) for month in range(self.months))
        projects = [self.project(table) for table in by_name(scenario.portfolio.project)]
        self.projects = {project.name: project for project in projects}
        order = {project.name: self.order(project) for project in projects}
        for turn, name in enumerate(sorted(order, key=lambda name: order[name])):
            self.projects[name].turn = turn
        self.recommendations = {r.name: r for project in projects for r in project.recommendations}
        self.ties = dict(self.tie(*names) for names in self.tied(projects))
        self.hearings = {
            (r.name, m.name): Hearing(recommendation=r, ministry=m, heard_at=-1, known_at=-1)
            for r in self.recommendations.values()
            for m in self.ministries.values()
            if seated
        }
        for agency in self.agencies.values():
            self.relate(agency)

    def all(self, kind: str) -> list[Any]:
        """Entities of a kind; "world": itself."""
        owners = {"seats": "forums", "stakes": "projects", "duties": "recommendations"}
        if kind in owners:
            return [part for owner in self.all(owners[kind]) for part in getattr(owner, kind)]
        return [self] if kind == "world" else list(getattr(self, kind).values())

    def draw(self, process: str, entity: int) -> float:
        """This month's number of a process and an entity's key (section 4)."""
        return uniform(self.seed, self.run, process, entity, self.month)

    def hearing(self, recommendation: Recommendation, ministry: Ministry) -> Hearing:
        """What a ministry has heard of a recommendation."""
        return self.hearings[recommendation.name, ministry.name]

    def move(self, recommendation: Recommendation, stage: Stage, loss: Loss = Loss.NONE) -> None:
        """Bring a recommendation to a stage."""
        recommendation.stage, recommendation.loss = stage, loss
        setattr(recommendation, STAGE_MONTHS[stage], self.month)

    @property
    def month_of_year(self) -> int:
        return (int(self.scenario.start[5:7]) - 1 + self.month) % 12 + 1

    def index(self, date: str) -> int:
        """Month of the run of a date `YYYY-MM`."""
        (year, month), (first, start) = (map(int, d.split("-")) for d in (date, self.scenario.start))
        return 12 * (year - first) + month - start

    def span(self, table: Any) -> dict[str, int | None]:
        dates = {"begins": table.begins, "ends": table.ends}
        return {name: None if date is None else self.index(date) for name, date in dates.items()}

    def vector(self, weights: Mapping[str, Any]) -> Vector:
        return {theme: float(weights.get(theme, 0.0)) for theme in self.themes}

    def ministry(self, table: Any, agencies: list[Any]) -> Ministry:
        level = first_given(table.attention, self.arrangement.attention, self.p.attention_level)
        events: dict[int, list[float]] = {}
        for event in by_name(self.scenario.letters.event):
            if table.name in event.ministries:
                events.setdefault(self.index(event.month), []).append(float(event.strength))
        own = [agency for agency in agencies if agency.ministry == table.name] or agencies
        tasks = {x: sum(float(agency.core_tasks.get(x, 0.0)) for agency in own) for x in self.themes}
        total = sum(tasks.values()) or 1.0
        scaled = {theme: weight / total for theme, weight in tasks.items()}
        frame = scaled if table.frame is None else self.vector(table.frame)
        return Ministry(table, level=level, attention=level, events=events, participants=[], frame=frame)

    def organisation(self, ministry: Ministry) -> Agency:
        """A ministry with a seat among the agencies, with what an agency has by default."""
        own = {"name": ministry.name, "ministry": ministry, "form": None, "is_ministry": True}
        made = Agency(None, **own, frame=ministry.frame, understanding=ministry.frame, core=False)
        made.place, made.staff, made.ambition, made.stubbornness, made.dependence = (
            "Oslo",
            200.0,
            3.0,
            1.0,
            0.5,
        )
        made.capacity, made.line_capacity, made.internal_organisation = 0.0, 2.0, 0.5
        made.function = made.works = None
        made.ownership = float(self.arrangement.start.ownership)
        made.core_tasks = dict.fromkeys(self.themes, 0.0)
        made.letters, made.seats, made.stakes, made.duties, made.ties = [], [], [], [], {}
        ministry.organisation = made
        return made

    def agency(self, table: Any) -> Agency:
        tasks = self.vector(table.core_tasks)
        total = sum(tasks.values()) or 1.0
        scaled = {theme: weight / total for theme, weight in tasks.items()}
        frame = scaled if table.frame is None else self.vector(table.frame)
        agency = Agency(table, core_tasks=tasks, frame=frame, core=table.name in self.scenario.core)
        agency.understanding = frame if table.understanding is None else self.vector(table.understanding)
        agency.ministry = self.ministries[table.ministry]
        agency.ownership = first_given(table.ownership, self.arrangement.start.ownership)
        agency.letters = [letter for letter in self.all_letters if table.name in letter.to]
        agency.seats, agency.stakes, agency.duties, agency.ties = [], [], [], {}
        return agency

    def forum(self, table: Any) -> Forum:
        mandate = first_given(table.mandate_clarity, self.arrangement.mandate_clarity)
        own = table in self.arrangement.forum
        forum = Forum(table, **self.span(table), mandate=mandate, own=own)
        coordinator = self.coordinator if own else None
        forum.chair = coordinator if table.chair is None else self.agencies[table.chair]
        forum.link = first_given(table.link, 1.0)
        led = self.coordinator is not None and forum.chair is self.coordinator
        forum.authority = first_given(table.authority, self.lead_authority if led else 0.0)
        forum.quorum = first_given(table.quorum, 0.0)
        forum.seats = [Seat(forum=forum, agency=self.agencies[name]) for name in sorted(table.seats)]
        for seat in forum.seats:
            seat.agency.seats.append(seat)
        return forum

    def project(self, table: Any) -> Project:
        own = self.arrangement
        alone = table.origin == "self-initiated" and own.self_initiated_route is not None
        route = table.route or (own.self_initiated_route if alone else own.route)
        project = Project(table, start=self.index(table.start))
        project.increments = (table.delivery or own.delivery) == "increments"
        project.themes, project.lead = self.vector(table.themes), self.agencies[table.lead]
        project.stop_points = int(first_given(table.stop_points, own.stop_points))
        project.project_clarity = first_given(table.clarity, own.project_clarity)
        project.preparation = first_given(table.preparation, own.preparation)
        if project.preparation:
            lowest = min(self.agencies[name].ambition for name in table.members)
            agreed = first_given(table.ambition_agreed, own.ambition_agreed)
            project.rung -= agreed * max(0.0, project.rung - lowest)
        project.project_boldness = project.boldness
        project.route = [None if body == "line" else self.forums[body] for body in route]
        project.facilitator = self.forums.get(own.facilitator)
        project.helpers = [
            forum
            for forum in self.forums.values()
            if (
                forum is project.facilitator
                or (forum.secretariat and forum.secretariat.name == own.facilitator)
            )
            and sum(seat.agency.name in table.members for seat in forum.seats) > 1
        ]
        body = (table.origin == "self-initiated" and own.self_initiated_mandate_body) or own.mandate_body
        project.mandate_body = self.forums.get(table.mandate_body or body)
        project.start_trust = float(own.start.trust)
        project.chain = own.municipal_chain if table.municipal else []
        project.stakes = [self.stake(project, name) for name in sorted({*table.members, *project.chain})]
        listed = [(f"{table.name}/{r.name}", r.duties, r) for r in by_name(table.recommendation)]
        count = int(table.recommendations or 0)
        planned = [(f"{table.name}/{q:02d}", self.in_turn(project, q), None) for q in range(1, count + 1)]
        project.recommendations = [self.recommendation(project, *x) for x in listed + planned]
        drawn = sorted(project.recommendations, key=lambda r: self.draw("order", key(r.name)))
        for number, recommendation in enumerate(drawn, 1):
            recommendation.number = number
        return project

    def order(self, project: Project) -> tuple[float, ...]:
        """7.2: the highest priority, then the earliest start, then the earliest date, then lot."""
        date = project.start + project.deadline if project.deadline else inf
        return -(project.priority or 0.0), project.start, date, self.draw("turn", key(project.name))

    def in_turn(self, project: Project, q: int) -> list[str]:
        """Duty-holders of recommendation q of those that the file only counts: the nearest first."""
        stakes = [stake for stake in project.stakes if stake.member and stake.agency is not project.lead]
        lots = {s: self.draw("turn", pair(project.name, s.agency.name)) for s in stakes}
        others = sorted(stakes, key=lambda stake: (-round(stake.overlap, 9), lots[stake]))
        wanted = int(project.parties) - 1
        first, count = (q - 1) * wanted, min(wanted, len(others))
        turn = (others[(first + n) % len(others)].agency.name for n in range(count))
        return [project.lead.name, *turn]

    def stake(self, project: Project, name: str) -> Stake:
        agency, themes = self.agencies[name], project.themes
        stake = Stake(project=project, agency=agency, member=name in project.members, cost=project.cost)
        stake.overlap = cosine(agency.core_tasks, themes)
        stake.gain = float(project.gains.get(name, project.benefit * stake.overlap - project.cost))
        stake.stake_anchoring = self.p.anchoring_start
        agency.stakes.append(stake)
        return stake

    def recommendation(self, project: Project, name: str, holders: list[str], listed: Any) -> Recommendation:
        r = Recommendation(name=name, project=project)
        r.lot = self.draw("agenda", key(name if project.increments else project.name))
        r.instrument = (listed and listed.instrument) or project.instrument
        r.given_up = first_given(listed and listed.instruments_given_up, project.instruments_given_up)
        r.content = self.p.content_spread * (2.0 * self.draw("content", key(name)) - 1.0)
        stakes = [stake for stake in project.stakes if stake.agency.name in {*holders, *project.chain}]
        r.duties = [Duty(recommendation=r, stake=stake, agency=stake.agency) for stake in stakes]
        by_agency = {} if listed and listed.instruments_given_up is not None else {**project.gives_up}
        by_agency |= listed.gives_up if listed else {}
        for duty in r.duties:
            name = duty.agency.name
            duty.gain = float(listed.gains.get(name, duty.stake.gain)) if listed else duty.stake.gain
            duty.given_up = float(by_agency.get(name, r.given_up))
            duty.last = duty.agency.name not in holders
            duty.bears = 1 + duty.last
            duty.agency.duties.append(duty)
        return r

    def tied(self, projects: list[Project]) -> list[tuple[str, str]]:
        meeting = [forum for forum in self.forums.values() if forum.ever]
        groups = [{seat.agency.name for seat in forum.seats} for forum in meeting]
        groups += [set(project.members) for project in projects if self.arrangement.project_groups]
        shared = {names for group in groups for names in permutations(group, 2)}
        place = {name: number for number, name in enumerate(self.agencies)}  # ministries behind agencies
        given = {(tie.source_agency, tie.target_agency) for tie in self.arrangement.tie}
        return sorted(shared | given, key=lambda tie: (place[tie[0]], place[tie[1]]))

    def tie(self, source: str, target: str) -> tuple[tuple[str, str], Tie]:
        i, j, groups = self.agencies[source], self.agencies[target], self.arrangement.project_groups
        given = {(tie.source_agency, tie.target_agency): tie.trust for tie in self.arrangement.tie}
        unlike = [float(i.ministry is not j.ministry), min(1.0, abs(log(i.staff / j.staff)) / log(1000.0))]
        unlike.append(abs(i.internal_organisation - j.internal_organisation))
        for a, b in ((i.form, j.form), (i.function, j.function), (i.works, j.works)):
            unlike += [float(a != b)] if a and b else []
        tie = Tie(source=i, target=j, distance=((i.place != j.place) + mean(unlike, 0.0)) / 2.0)
        tie.authority = self.authority(i, j) - self.authority(j, i)
        tie.trust = float(given.get((source, target), self.arrangement.start.trust))
        tie.seats = [(own, other) for own in i.seats for other in j.seats if own.forum is other.forum]
        both = [project for project in self.projects.values() if {source, target} <= set(project.members)]
        tie.projects = both if groups else []
        i.ties[target] = tie
        return (source, target), tie

    def authority(self, i: Agency, j: Agency) -> float:
        """Formal authority of one agency over another."""
        chaired = [forum.authority for forum in self.forums.values() if forum.ever
                   and forum.chair is i and any(seat.agency is j for seat in forum.seats)]  # fmt: skip
        return max(
            [0.0, *chaired, self.lead_authority if i is self.coordinator and not j.is_ministry else 0.0]
        )

    def relate(self, agency: Agency) -> None:
        """Means over an agency's stakes, the circles it stands outside, its ministry's participants."""
        stakes, met = agency.stakes, {seat.agency for own in agency.seats for seat in own.forum.seats}
        agency.overlap = mean((stake.overlap for stake in stakes), 0.0)
        agency.gain = mean((stake.gain for stake in stakes), 0.0)
        agency.cost = mean((stake.cost for stake in stakes), 0.0)
        agency.interweaving = mean((1.0 - 1.0 / len(stake.project.members) for stake in stakes), 0.0)
        inside = {forum: {seat.agency for seat in forum.seats} for forum in self.forums.values()}
        others = [forum for forum in inside if forum.exclusive and agency not in inside[forum]]
        others = [] if agency.is_ministry else others
        agency.circles = [forum for forum in others if inside[forum] & met]
        if agency.participates:
            agency.ministry.participants.append(agency)


def by_name(things: Iterable[Any]) -> list[Any]:
    return sorted(things, key=lambda thing: thing.name)


def first_given(*values: Any) -> float:
    return next(float(value) for value in values if value is not None)
