"""Tables of projects, recommendations and duties."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tverretatlig_sim.scenario.schema import Project
from tverretatlig_sim.world.calendar import ordinal
from tverretatlig_sim.world.keys import name_keys, pair_keys
from tverretatlig_sim.world.roster import Roster
from tverretatlig_sim.world.sparse import Integers, floats, integers, sums
from tverretatlig_sim.world.world import (
    INSTRUMENTS,
    LINE,
    NONE,
    Concerned,
    Duties,
    Projects,
    Recommendations,
    Stakes,
)

NO_DEADLINE = 10**6
GATED = ("legal", "economic")
"""Instruments that need the ministries."""


@dataclass(frozen=True)
class Planned:
    """A recommendation a project plans."""

    project: Project
    number: int
    name: str
    owners: list[str]
    instrument: str
    given_up: float


def planned_by(project: Project) -> list[Planned]:
    """Recommendations of a project: those it lists, else as many as it says with duty-holders in turn."""
    if project.recommendations is None:
        listed = sorted(project.recommendation, key=lambda r: r.name)
        return [
            Planned(
                project,
                number,
                f"{project.name}/{r.name}",
                list(r.duties),
                r.instrument or project.instrument,
                float(r.instruments_given_up or project.instruments_given_up),
            )
            for number, r in enumerate(listed, 1)
        ]
    return [
        Planned(
            project,
            number,
            f"{project.name}/{number:02d}",
            _in_turn(project, number),
            project.instrument,
            float(project.instruments_given_up),
        )
        for number in range(1, int(project.recommendations) + 1)
    ]


def _in_turn(project: Project, number: int) -> list[str]:
    others = sorted(set(project.members) - {project.lead})
    extra = min(int(project.parties) - 1, len(others))
    return [project.lead, *(others[((number - 1) * extra + k) % len(others)] for k in range(extra))]


def route(roster: Roster, project: Project) -> tuple[int, ...]:
    """Bodies that decide on a project's recommendations."""
    own = roster.arrangement.self_initiated_route if project.origin == "self-initiated" else None
    names = project.route or own or roster.arrangement.route
    return tuple(LINE if name == "line" else roster.forum[name] for name in names)


def project_table(roster: Roster, stakes: Stakes) -> Projects:
    """Projects with their practice: the arrangement's where they have none of their own."""
    arrangement, projects = roster.arrangement, roster.projects
    start = [ordinal(p.start) - ordinal(roster.scenario.start) for p in projects]
    allowed = [NO_DEADLINE if p.deadline is None else int(p.deadline) - 1 for p in projects]
    facilitator = NONE if arrangement.facilitator is None else roster.forum[arrangement.facilitator]
    return Projects(
        names=tuple(roster.project),
        size=floats([float(p.size) for p in projects]),
        members=floats([float(len(p.members)) for p in projects]),
        planned=integers([int(p.recommendations or len(p.recommendation)) for p in projects]),
        start=integers(start),
        deadline=integers(start) + integers(allowed),
        undated=np.array([p.deadline is None for p in projects], dtype=bool),
        stop_points=floats([float(p.stop_points or arrangement.stop_points) for p in projects]),
        clarity=floats([float(p.clarity or arrangement.project_clarity) for p in projects]),
        boldness=floats([float(p.boldness) for p in projects]),
        line_work=floats([float(p.line_work) for p in projects]),
        rung=floats([float(p.rung) for p in projects]),
        lead=integers([roster.agency[p.lead] for p in projects]),
        facilitator=facilitator,
        follow_up=float(arrangement.follow_up),
        increments=arrangement.delivery == "increments",
        in_groups=arrangement.project_groups,
        alone=np.array([len(p.members) == 1 for p in projects], dtype=bool),
    )


def recommendation_tables(roster: Roster) -> tuple[Recommendations, Duties]:
    """Recommendations and their duties, in order of project and number."""
    rows = [planned for project in roster.projects for planned in planned_by(project)]
    own = [sorted(roster.agency[name] for name in row.owners) for row in rows]
    chain = {roster.agency[name] for name in roster.arrangement.municipal_chain}
    holders = [
        sorted({*agencies, *chain}) if row.project.municipal else agencies
        for row, agencies in zip(rows, own, strict=True)
    ]
    return _recommendations(roster, rows, own, holders), _duties(roster, rows, own, holders)


def _recommendations(
    roster: Roster, rows: list[Planned], own: list[list[int]], holders: list[list[int]]
) -> Recommendations:
    own_route = {project.name: route(roster, project) for project in roster.projects}
    routes = sorted(set(own_route.values()))
    width = max((len(bodies) for bodies in routes), default=0) + 1
    row_of = {bodies: row for row, bodies in enumerate(routes)}
    padded = [[*bodies, *[NONE] * (width - len(bodies))] for bodies in routes]
    project = integers([roster.project[row.project.name] for row in rows])
    increments = roster.arrangement.delivery == "increments"
    count = integers([len(agencies) for agencies in holders])
    return Recommendations(
        names=tuple(row.name for row in rows),
        keys=name_keys(tuple(row.name for row in rows)),
        project=project,
        number=integers([row.number for row in rows]),
        case=np.arange(len(rows)) if increments else project,
        given_up=floats([row.given_up for row in rows]),
        instrument=integers([INSTRUMENTS.index(row.instrument) for row in rows]),
        gated=np.array([row.instrument in GATED for row in rows], dtype=bool),
        route=integers([row_of[own_route[row.project.name]] for row in rows]),
        bodies=np.array(padded, dtype=np.intp).reshape(-1, width),
        steps=integers([len(own_route[row.project.name]) for row in rows]),
        duties=count,
        own_duties=integers([len(agencies) for agencies in own]),
        municipal=np.array([row.project.municipal for row in rows], dtype=bool),
        first_duty=np.cumsum(count) - count,
        concerned=_concerned(roster, own),
        by_project=sums(project, len(roster.projects)),
    )


def _concerned(roster: Roster, owners: list[list[int]]) -> Concerned:
    ministries: list[Integers] = [np.unique(roster.ministry_of[owner]) for owner in owners]
    count = integers([len(group) for group in ministries])
    return Concerned(np.concatenate([integers([]), *ministries]), np.cumsum(count) - count, count)


def _duties(roster: Roster, rows: list[Planned], own: list[list[int]], holders: list[list[int]]) -> Duties:
    pairs = [(r, i) for r, agencies in enumerate(holders) for i in agencies]
    recommendation, agency = integers([r for r, _ in pairs]), integers([i for _, i in pairs])
    keys = name_keys(tuple(row.name for row in rows))
    project = integers([roster.project[row.project.name] for row in rows])
    return Duties(
        recommendation=recommendation,
        agency=agency,
        stake=roster.stake.rows(project[recommendation], agency),
        last=np.array([i not in own[r] for r, i in pairs], dtype=bool),
        keys=pair_keys(keys[recommendation], roster.agency_keys[agency]),
        by_agency=sums(agency, len(roster.agencies)),
    )
