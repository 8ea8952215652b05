"""From a resolved scenario to the entities of one run (ODD, sections 2 and 5)."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import Protocol, SupportsFloat, TypeVar

from tverretatlig_sim.scenario import schema
from tverretatlig_sim.scenario.scenario import Scenario

from .draws import Draws, key
from .entities import (
    Agency,
    Duty,
    Forum,
    Letter,
    Ministry,
    Project,
    Recommendation,
    Seat,
    Secretariat,
    Span,
    Stake,
    Tie,
    Unrest,
    World,
)
from .formulas import Vector, cosine, mean

LINE = "line"


class HasName(Protocol):
    """Anything with a name."""

    @property
    def name(self) -> str:
        """Its name."""


N = TypeVar("N", bound=HasName)


def build(scenario: Scenario, draws: Draws, parameters: Mapping[str, float]) -> World:
    """All entities of one run in their start state."""
    return _Builder(scenario, draws, parameters).world()


def month_number(date: str) -> int:
    """Months since year 0 of a date `YYYY-MM`."""
    return 12 * int(date[:4]) + int(date[5:7]) - 1


class _Builder:
    """Builds entities in the order in which they need each other."""

    def __init__(self, scenario: Scenario, draws: Draws, parameters: Mapping[str, float]) -> None:
        self.scenario, self.draws, self.parameters = scenario, draws, parameters
        self.arrangement = scenario.arrangement
        self.themes = sorted(_all_themes(scenario))

    def world(self) -> World:
        steering = self.scenario.ministries + self.scenario.beyond_ministries
        self.ministries = {m.name: self.ministry(m) for m in by_name(steering)}
        self.agencies = {a.name: self.agency(a) for a in by_name(self.scenario.everyone)}
        self.forums = {f.name: self.forum(f) for f in by_name(self.arrangement.forum)}
        self.secretariats = self.secretariats_with_service()
        self.projects = {p.name: self.project(p) for p in by_name(self.scenario.portfolio.project)}
        self.ties = self.ties_in_order()
        self.finish_agencies()
        coordinator = self.arrangement.coordinator
        return World(
            parameters=self.parameters,
            draws=self.draws,
            first_month_of_year=int(self.scenario.start[5:7]),
            ministries=self.ministries,
            agencies=self.agencies,
            forums=self.forums,
            secretariats=self.secretariats,
            projects=self.projects,
            recommendations=self.recommendations_by_name(),
            ties=self.ties,
            core_group_authority=float(self.arrangement.core_group_authority),
            department_link=float(self.arrangement.department_link),
            coordinator=None if coordinator is None else self.agencies[coordinator],
            lead_authority=0.0 if coordinator is None else float(self.arrangement.lead_authority),
            programme_resources=float(self.arrangement.programme_resources),
            names_core=bool(self.scenario.core),
            project_groups=self.arrangement.project_groups,
            follow_up=float(self.arrangement.follow_up),
            turnover_factor=float(self.arrangement.turnover),
            unrest=[self.unrest(period) for period in self.arrangement.unstable],
            budget_month=int(self.scenario.letters.budget_month),
        )

    def month(self, date: str) -> int:
        return month_number(date) - month_number(self.scenario.start)

    def span(self, begins: str | None, ends: str | None) -> Span:
        return Span(*(None if date is None else self.month(date) for date in (begins, ends)))

    def unrest(self, given: schema.Period) -> Unrest:
        return Unrest(self.span(given.begins, given.ends), float(given.turnover))

    def vector(self, weights: schema.Themes) -> Vector:
        return {theme: float(weights[theme]) if theme in weights else 0.0 for theme in self.themes}

    def ministry(self, given: schema.Ministry) -> Ministry:
        level = first_given(
            given.attention, self.arrangement.attention, default=self.parameters["attention_level"]
        )
        events: dict[int, list[float]] = {}
        for event in by_name(self.scenario.letters.event):
            if given.name in event.ministries:
                events.setdefault(self.month(event.month), []).append(float(event.strength))
        return Ministry(given.name, level, events, attention=level)

    def agency(self, given: schema.Agency) -> Agency:
        core_tasks, letters = self.vector(given.core_tasks), self.scenario.letters.letter
        frame = scaled(core_tasks) if given.frame is None else self.vector(given.frame)
        start = self.arrangement.start.ownership
        return Agency(
            name=given.name,
            ministry=self.ministries[given.ministry],
            core_tasks=core_tasks,
            capacity=float(given.capacity),
            line_capacity=float(given.line_capacity),
            internal_organisation=float(given.internal_organisation),
            frame=frame,
            stubbornness=float(given.stubbornness),
            staff=float(given.staff),
            place=given.place,
            form=given.ministry if given.form is None else given.form,
            core=given.name in self.scenario.core,
            dependence=float(given.dependence),
            ambition=float(given.ambition),
            ownership=first_given(given.ownership, default=float(start)),
            understanding=dict(frame) if given.understanding is None else self.vector(given.understanding),
            letters=[self.letter(letter) for letter in letters if given.name in letter.to],
        )

    def letter(self, given: schema.Letter) -> Letter:
        span = self.span(given.begins, given.ends)
        return Letter(span, float(given.strength), frozenset(given.projects), float(given.resources))

    def forum(self, given: schema.Forum) -> Forum:
        mandate = first_given(given.mandate_clarity, default=float(self.arrangement.mandate_clarity))
        chair = given.chair or self.arrangement.coordinator
        forum = Forum(
            name=given.name,
            cadence=float(given.cadence),
            rule=given.rule,
            agenda=int(given.agenda),
            authority=float(given.authority),
            rank=float(given.rank),
            span=self.span(given.begins, given.ends),
            exclusive=given.exclusive,
            mandate=mandate,
            clarity=mandate,
            chair=None if chair is None else self.agencies[chair],
        )
        forum.seats = [Seat(forum, self.agencies[name]) for name in sorted(given.seats)]
        for seat in forum.seats:
            seat.agency.seats.append(seat)
        return forum

    def secretariats_with_service(self) -> dict[str, Secretariat]:
        given = by_name(self.arrangement.forum)
        staffed = [forum for forum in given if float(forum.secretariat_fte) > 0]
        result = {
            f.name: Secretariat(f.name, self.forums[f.name].span, float(f.secretariat_fte)) for f in staffed
        }
        for forum in given:
            server = forum.served_by or forum.name
            if server in result:
                self.forums[forum.name].secretariat = result[server]
                result[server].serves.append(self.forums[forum.name])
        return result

    def project(self, given: schema.Project) -> Project:
        arrangement = self.arrangement
        facilitator = arrangement.facilitator
        project = Project(
            name=given.name,
            themes=self.vector(given.themes),
            commissioned=given.origin == "commissioned",
            lead=self.agencies[given.lead],
            size=float(given.size),
            start=self.month(given.start),
            deadline=None if given.deadline is None else int(given.deadline),
            rung=float(given.rung),
            stop_points=int(first_given(given.stop_points, default=float(arrangement.stop_points))),
            route=[None if body == LINE else self.forums[body] for body in self.route(given)],
            facilitator=None if facilitator is None else self.forums[facilitator],
            line_work=float(given.line_work),
            clarity=first_given(given.clarity, default=float(arrangement.project_clarity)),
            boldness=float(given.boldness),
            increments=arrangement.delivery == "increments",
            municipal=given.municipal,
        )
        holders = sorted({*given.members, *self.municipal_chain(given)})
        project.stakes = [self.stake(project, given, name) for name in holders]
        project.recommendations = list(self.recommendations(project, given))
        return project

    def municipal_chain(self, given: schema.Project) -> list[str]:
        return self.arrangement.municipal_chain if given.municipal else []

    def route(self, given: schema.Project) -> list[str]:
        if given.route is not None:
            return given.route
        own = self.arrangement.self_initiated_route
        return own if given.origin == "self-initiated" and own is not None else self.arrangement.route

    def stake(self, project: Project, given: schema.Project, name: str) -> Stake:
        agency = self.agencies[name]
        overlap = cosine(agency.core_tasks, project.themes)
        net = float(given.benefit) * overlap - float(given.cost)
        gain = float(given.gains[name]) if name in given.gains else net
        member, anchoring = name in given.members, self.parameters["anchoring_start"]
        stake = Stake(project, agency, member, overlap, gain, float(given.cost), anchoring)
        agency.stakes.append(stake)
        return stake

    def recommendations(self, project: Project, given: schema.Project) -> Iterable[Recommendation]:
        for number, listed in enumerate(by_name(given.recommendation), 1):
            named = listed.model_copy(update={"name": f"{given.name}/{listed.name}"})
            yield self.recommendation(project, given, number, named)
        for number in range(1, 0 if given.recommendations is None else int(given.recommendations) + 1):
            yield self.recommendation(project, given, number, self.unlisted(given, number))

    def unlisted(self, given: schema.Project, number: int) -> schema.Recommendation:
        others, wanted = sorted(set(given.members) - {given.lead}), int(given.parties) - 1
        first = (number - 1) * wanted
        taken = [others[(first + n) % len(others)] for n in range(min(wanted, len(others)))]
        name = f"{given.name}/{number:02d}"
        return schema.Recommendation.model_construct(name=name, duties=[given.lead, *taken])

    def recommendation(
        self, project: Project, given: schema.Project, number: int, listed: schema.Recommendation
    ) -> Recommendation:
        u = self.draws.uniform("content", key(listed.name), 0)
        recommendation = Recommendation(
            name=listed.name,
            project=project,
            number=number,
            through_ministries=(listed.instrument or given.instrument) in ("legal", "economic"),
            instrument=listed.instrument or given.instrument,
            given_up=first_given(listed.instruments_given_up, default=float(given.instruments_given_up)),
            content=self.parameters["content_spread"] * (2.0 * u - 1.0),
        )
        first = set(listed.duties)
        holders = first | set(self.municipal_chain(given))
        stakes = [stake for stake in project.stakes if stake.agency.name in holders]
        recommendation.duties = [Duty(recommendation, s, last=s.agency.name not in first) for s in stakes]
        return recommendation

    def recommendations_by_name(self) -> dict[str, Recommendation]:
        everything = [r for project in self.projects.values() for r in project.recommendations]
        return {r.name: r for r in by_name(everything)}

    def ties_in_order(self) -> dict[tuple[str, str], Tie]:
        given = {(tie.source_agency, tie.target_agency): float(tie.trust) for tie in self.arrangement.tie}
        groups = [seat_names(forum) for forum in self.forums.values()]
        if self.arrangement.project_groups:
            groups += [[stake.agency.name for stake in project.members] for project in self.projects.values()]
        shared = {(i, j) for group in groups for i in group for j in group if i != j}
        start = float(self.arrangement.start.trust)
        return {names: self.tie(*names, given.get(names, start)) for names in sorted(shared | given.keys())}

    def tie(self, source: str, target: str, trust: float) -> Tie:
        i, j = self.agencies[source], self.agencies[target]
        seats = [(a, b) for a in i.seats for b in j.seats if a.forum is b.forum]
        own, others = ([stake.project for stake in agency.stakes if stake.member] for agency in (i, j))
        shared = [project for project in own if project in others] if self.arrangement.project_groups else []
        tie = Tie(i, j, organisational_distance(i, j), trust, seats, shared)
        i.ties[target] = tie
        j.ties_to.append(tie)
        return tie

    def finish_agencies(self) -> None:
        for agency in self.agencies.values():
            agency.overlap = mean((stake.overlap for stake in agency.stakes), default=0.0)
            agency.gain = mean((stake.gain for stake in agency.stakes), default=0.0)
            agency.cost = mean((stake.cost for stake in agency.stakes), default=0.0)
            agency.interweaving = mean((share_of_others(s.project) for s in agency.stakes), default=0.0)
            agency.circles = [forum for forum in self.forums.values() if stands_outside(agency, forum)]
            if agency.participates:
                agency.ministry.participants.append(agency)
        for recommendation in self.recommendations_by_name().values():
            for duty in recommendation.duties:
                duty.agency.duties.append(duty)


def by_name(items: Iterable[N]) -> list[N]:
    """Sort by name."""
    return sorted(items, key=lambda item: item.name)


def first_given(*values: SupportsFloat | None, default: float) -> float:
    """Find the first value that is not None, as a float."""
    return next((float(value) for value in values if value is not None), default)


def scaled(weights: Vector) -> Vector:
    """Scale weights to sum 1; all zero if they have no weight."""
    total = sum(weights.values())
    return {theme: weight / total if total else 0.0 for theme, weight in weights.items()}


def share_of_others(project: Project) -> float:
    """Share of a project's members that one of them does not stand for."""
    return (len(project.members) - 1) / len(project.members)


def seat_names(forum: Forum) -> list[str]:
    """Names of those with a seat."""
    return [seat.agency.name for seat in forum.seats]


def stands_outside(agency: Agency, forum: Forum) -> bool:
    """Whether a forum is a circle of the few from which the agency is left out."""
    if not forum.exclusive or agency.name in seat_names(forum):
        return False
    return any(set(seat_names(seat.forum)) & set(seat_names(forum)) for seat in agency.seats)


def organisational_distance(i: Agency, j: Agency) -> float:
    """Mean of geographic, structural and power distance."""
    geographic = 0.0 if i.place == j.place else 1.0
    structural = 0.0 if i.form == j.form else 1.0
    power = min(1.0, abs(math.log(i.staff / j.staff)) / math.log(1000.0))
    return (geographic + structural + power) / 3.0


def _all_themes(scenario: Scenario) -> set[str]:
    agencies = [weights for a in scenario.everyone for weights in (a.core_tasks, a.frame, a.understanding)]
    projects = [project.themes for project in scenario.portfolio.project]
    return {theme for weights in [*agencies, *projects] if weights for theme in weights}
