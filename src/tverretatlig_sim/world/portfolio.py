"""Tables of stakes, projects, recommendations and duties, and the project groups that are under way."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import chain

import numpy as np

from tverretatlig_sim.arrays import (
    NONE,
    Flags,
    Integers,
    SegmentSum,
    flags,
    floats,
    integers,
    quotient,
    total,
)
from tverretatlig_sim.scenario.schema import Project
from tverretatlig_sim.world.index import EntityIndex, numbers
from tverretatlig_sim.world.keys import name_keys, pair_keys
from tverretatlig_sim.world.organisations import group_contact
from tverretatlig_sim.world.tables import (
    GATED,
    INSTRUMENTS,
    LINE,
    NO_DEADLINE,
    Arrangements,
    Concerned,
    Duties,
    Projects,
    Recommendations,
    Stakes,
)

REMEMBERED = 1000
"""Sets of projects whose groups are kept; more would only cost memory."""


def stake_table(index: EntityIndex) -> Stakes:
    """Stakes in order of project, then agency."""
    holders, agency, project = index.holders, index.stakes.second, index.stakes.first
    projects = [project for project, _ in holders]
    tasks = index.weights([member.core_tasks for member in index.agencies])[:, agency]
    wanted = index.weights([task.themes for task in index.projects])[:, project]
    # Theme by theme, so that themes without weight do not move the last bit.
    lengths = np.sqrt(total(tasks * tasks)) * np.sqrt(total(wanted * wanted))
    overlap = quotient(total(tasks * wanted), lengths, 0.0)
    cost = numbers(projects, "cost")
    gain = numbers(projects, "benefit") * overlap - cost
    for row, (owner, holder) in enumerate(holders):
        if holder.name in owner.gains:
            gain[row] = float(owner.gains[holder.name])
    lead = integers(index.rows(project.lead for project in projects))
    return Stakes(
        project=project,
        agency=agency,
        overlap=overlap,
        gain=gain,
        cost=cost,
        is_lead=agency == lead,
        commissioned=flags([project.origin == "commissioned" for project in projects]),
        lead=lead,
        tie=index.ties.rows(agency, lead),
        lead_trust=np.where(agency == lead, 1.0, 0.5),
        works=flags([holder.name in project.members for project, holder in holders]),
        partners=floats([1.0 - 1.0 / len(project.members) for project in projects]),
        by_agency=SegmentSum(agency, len(index.agencies)),
        projects=SegmentSum(agency, len(index.agencies), rows=project, width=len(index.projects)),
    )


def project_table(index: EntityIndex, arrangements: Arrangements) -> Projects:
    """Projects with their practice: the arrangement's where they have none of their own."""
    own, projects = index.arrangement, index.projects
    start = integers([index.since_start(project.start) for project in projects])
    allowed = [NO_DEADLINE if p.deadline is None else int(p.deadline) - 1 for p in projects]
    planned = integers([len(planned_by(project)) for project in projects])
    one = np.zeros(len(projects), dtype=np.intp)
    return Projects(
        names=tuple(index.project),
        arrangement=one,
        size=numbers(projects, "size"),
        members=floats([float(len(project.members)) for project in projects]),
        planned=planned,
        first_recommendation=np.cumsum(planned) - planned,
        start=start,
        deadline=start + integers(allowed),
        undated=flags([project.deadline is None for project in projects]),
        stop_points=numbers(projects, "stop_points", own.stop_points),
        clarity=numbers(projects, "clarity", own.project_clarity),
        boldness=numbers(projects, "boldness"),
        line_work=numbers(projects, "line_work"),
        rung=numbers(projects, "rung"),
        lead=integers(index.rows(project.lead for project in projects)),
        facilitator=arrangements.facilitator[one],
        alone=flags([len(project.members) == 1 for project in projects]),
    )


@dataclass(frozen=True)
class Planned:
    """A recommendation a project plans, with the agencies that its own duties fall on."""

    project: Project
    number: int
    name: str
    duties: list[str]
    instrument: str
    given_up: float


def planned_by(project: Project) -> list[Planned]:
    """Recommendations of a project: those it lists, else as many as it says with duty-holders in turn."""
    given_up = float(project.instruments_given_up)
    if project.recommendations is not None:
        return [
            Planned(project, j, f"{j:02d}", _in_turn(project, j), project.instrument, given_up)
            for j in range(1, int(project.recommendations) + 1)
        ]
    return [
        Planned(
            project,
            number,
            own.name,
            own.duties,
            project.instrument if own.instrument is None else own.instrument,
            given_up if own.instruments_given_up is None else float(own.instruments_given_up),
        )
        for number, own in enumerate(sorted(project.recommendation, key=lambda own: own.name), 1)
    ]


def _in_turn(project: Project, number: int) -> list[str]:
    others = sorted(set(project.members) - {project.lead})
    extra = min(int(project.parties) - 1, len(others))
    return [project.lead, *(others[((number - 1) * extra + k) % len(others)] for k in range(extra))]


def route(index: EntityIndex, project: Project) -> tuple[int, ...]:
    """Bodies that decide on a project's recommendations: the project's own route, else the arrangement's."""
    own, names = index.arrangement, project.route
    if names is None and project.origin == "self-initiated":
        names = own.self_initiated_route
    names = own.route if names is None else names
    return tuple(LINE if name == "line" else index.forum[name] for name in names)


def recommendation_tables(index: EntityIndex) -> tuple[Recommendations, Duties]:
    """Recommendations and their duties, in order of project and number."""
    rows = [planned for project in index.projects for planned in planned_by(project)]
    own = [sorted(index.rows(row.duties)) for row in rows]
    chained = index.rows(index.arrangement.municipal_chain)
    holders = [
        sorted({*agencies, *chained}) if row.project.municipal else agencies
        for row, agencies in zip(rows, own, strict=True)
    ]
    names = tuple(f"{row.project.name}/{row.name}" for row in rows)
    keys, project = name_keys(names), integers([index.project[row.project.name] for row in rows])
    count = integers([len(agencies) for agencies in holders])
    routes = sorted({route(index, project) for project in index.projects})
    width = max((len(bodies) for bodies in routes), default=0) + 1
    padded = [[*bodies, *[NONE] * (width - len(bodies))] for bodies in routes]
    route_of = integers([routes.index(route(index, project)) for project in index.projects])[project]
    instrument = [row.instrument for row in rows]
    recommendations = Recommendations(
        names=names,
        keys=keys,
        project=project,
        number=integers([row.number for row in rows]),
        case=np.arange(len(rows)) if index.arrangement.delivery == "increments" else project,
        given_up=floats([row.given_up for row in rows]),
        instrument=integers([INSTRUMENTS.index(kind) for kind in instrument]),
        gated=flags([kind in GATED for kind in instrument]),
        route=route_of,
        bodies=np.array(padded, dtype=np.intp).reshape(-1, width),
        steps=integers([len(bodies) for bodies in routes])[route_of],
        duties=count,
        own_duties=integers([len(agencies) for agencies in own]),
        municipal=flags([row.project.municipal for row in rows]),
        first_duty=np.cumsum(count) - count,
        concerned=_concerned(index, own),
        by_project=SegmentSum(project, len(index.projects)),
    )
    recommendation = np.repeat(np.arange(len(rows)), count)
    agency = integers(list(chain.from_iterable(holders)))
    stake = index.stakes.rows(project[recommendation], agency)
    duties = Duties(
        recommendation=recommendation,
        agency=agency,
        stake=stake,
        last=flags([i not in own[r] for r, i in zip(recommendation, agency, strict=True)]),
        keys=pair_keys(keys[recommendation], name_keys(tuple(index.agency))[agency]),
        by_agency=SegmentSum(agency, len(index.agencies)),
    )
    return recommendations, duties


def _concerned(index: EntityIndex, own: list[list[int]]) -> Concerned:
    ministries = [sorted(set(index.ministry_of[agencies].tolist())) for agencies in own]
    count = integers([len(group) for group in ministries])
    return Concerned(integers(list(chain.from_iterable(ministries))), np.cumsum(count) - count, count)


@dataclass(frozen=True)
class ProjectGroups:
    """Some projects, in order of name, and their groups; a *row* is a position in ``projects``.

    Attributes:
        stakes, stake_row: their stakes, the municipal chain's too.
        members, member_row, agency: the stakes of those who work on them.
        by_agency: sums member rows per agency; ``by_project`` per project; ``joint`` per agency where project
            members work together.
        led: stakes of members other than the lead, one for each pair of a member and a lead, as trust and
            distance belong to the pair; ``mean_of_led`` averages them per project.
        alone: rows where the lead is the only member.
        contact: sums project rows over each tie: weights of joint project work; 0 without project groups.
    """

    projects: Integers
    stakes: Integers
    stake_row: Integers
    members: Integers
    member_row: Integers
    agency: Integers
    by_agency: SegmentSum
    by_project: SegmentSum
    joint: SegmentSum
    led: Integers
    mean_of_led: SegmentSum
    alone: Integers
    contact: SegmentSum


class GroupsUnderWay:
    """Groups of the projects that are under way; equal ones share one object."""

    def __init__(
        self, index: EntityIndex, arrangements: Arrangements, projects: Projects, stakes: Stakes
    ) -> None:
        """Keep the tables that groups are made from."""
        self._projects, self._stakes, self._agencies = projects, stakes, len(index.agencies)
        self._together = arrangements.project_groups[projects.arrangement].astype(np.float64)
        self._contact = group_contact(index)
        self._groups: dict[bytes, ProjectGroups] = {}
        self._running: Flags | None = None  # asked for last, as many rules ask for the same
        self._key = b""

    def of(self, running: Flags) -> ProjectGroups:
        """Groups of the projects that are under way in any run.

        Args:
            running: whether each project is under way. Shape (project, run).
        """
        if running is self._running:
            return self._groups[self._key]
        under_way: Flags = np.logical_or.reduce(running, axis=1)
        self._running, self._key = running, (key := under_way.tobytes())
        if key not in self._groups:
            if len(self._groups) >= REMEMBERED:
                self._groups.clear()
            self._groups[key] = self._make(under_way)
        return self._groups[key]

    def _make(self, under_way: Flags) -> ProjectGroups:
        stakes = self._stakes
        rows, chosen = np.flatnonzero(under_way), np.flatnonzero(under_way[stakes.project])
        members = chosen[stakes.works[chosen]]
        member_row = np.searchsorted(rows, stakes.project[members])
        agency = stakes.agency[members]
        others = ~stakes.is_lead[members]
        pair = (agency * self._agencies + stakes.lead[members])[others]
        _, first, pair_of = np.unique(pair, return_index=True, return_inverse=True)
        return ProjectGroups(
            projects=rows,
            stakes=chosen,
            stake_row=np.searchsorted(rows, stakes.project[chosen]),
            members=members,
            member_row=member_row,
            agency=agency,
            by_agency=SegmentSum(agency, self._agencies),
            by_project=SegmentSum(member_row, len(rows)),
            joint=SegmentSum(agency, self._agencies, self._together[stakes.project[members]]),
            led=members[others][first],
            mean_of_led=SegmentSum.mean(member_row[others], len(rows), pair_of, len(first)),
            alone=np.flatnonzero(self._projects.alone[rows]),
            contact=self._contact.only(rows),
        )
