"""Tables of stakes, projects, recommendations and duties, and the project groups that are under way."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import chain
from math import inf
from typing import Any

import numpy as np

from tverretatlig_sim.arrays import (
    NONE,
    Flags,
    Floats,
    Integers,
    SegmentSum,
    by_run,
    flags,
    floats,
    integers,
    quotient,
    total,
)
from tverretatlig_sim.arrays import (
    members as rows_of,
)
from tverretatlig_sim.scenario.quantity import Quantity, amount
from tverretatlig_sim.scenario.schema import Project, given
from tverretatlig_sim.world.index import EntityIndex, numbers
from tverretatlig_sim.world.keys import name_keys, pair_keys
from tverretatlig_sim.world.organisations import group_contact
from tverretatlig_sim.world.tables import (
    GATED,
    INSTRUMENTS,
    LAST_DUTY,
    LINE,
    NO_DUTY,
    OWN_DUTY,
    Arrangements,
    Duties,
    Projects,
    Recommendations,
    Stakes,
    Turns,
)

NEARNESS_DECIMALS = 9
"""Overlaps that agree so far are equally near: the order of themes moves the last bit."""

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
    gain = floats(
        [
            amount(owner.gains[holder.name])
            if holder.name in owner.gains
            else amount(owner.benefit) * near - amount(owner.cost)
            for (owner, holder), near in zip(holders, overlap, strict=True)
        ]
    )
    lead = integers(index.rows(project.lead for project in projects))
    return Stakes(
        project=project,
        agency=agency,
        overlap=overlap,
        gain=gain,
        cost=numbers(projects, "cost"),
        is_lead=agency == lead,
        commissioned=flags([project.origin == "commissioned" for project in projects]),
        lead=lead,
        tie=index.ties.rows(agency, lead),
        lead_trust=floats(
            [
                1.0 if own else amount(index.part(project).arrangement.start.trust)
                for own, project in zip(agency == lead, projects, strict=True)
            ]
        ),
        works=flags([holder.name in project.members for project, holder in holders]),
        partners=floats([1.0 - 1.0 / len(project.members) for project in projects]),
        by_agency=SegmentSum(agency, len(index.agencies)),
        projects=SegmentSum(agency, len(index.agencies), rows=project, width=len(index.projects)),
    )


def project_table(index: EntityIndex, arrangements: Arrangements) -> Projects:
    """Projects with their practice: the arrangement's where they have none of their own."""
    own, projects = index.arrangement, index.projects
    home = index.homes(projects)
    start = integers([index.since_start(project.start) for project in projects])
    deadline = floats(
        [
            s + (inf if p.deadline is None else amount(p.deadline) - 1.0)
            for s, p in zip(start, projects, strict=True)
        ]
    )
    after = [(index.project[name], row) for row, project in enumerate(projects) for name in project.after]
    first, then = np.array(after, dtype=np.intp).reshape(-1, 2).T
    planned = integers([len(planned_by(project)) for project in projects])
    preparation = numbers(projects, "preparation", own.preparation)
    ambition = numbers(index.agencies, "ambition")
    lowest = floats([ambition[index.rows(project.members)].min(axis=0) for project in projects])
    rung, agreed = numbers(projects, "rung"), numbers(projects, "ambition_agreed", own.ambition_agreed)
    vetting = [index.part(project).mandate_body_of(project) for project in projects]
    return Projects(
        names=tuple(index.project),
        keys=name_keys(tuple(index.project)),
        arrangement=home,
        size=numbers(projects, "size"),
        members=floats([float(len(project.members)) for project in projects]),
        planned=planned,
        first_recommendation=np.cumsum(planned) - planned,
        start=start,
        deadline=deadline,
        turn=_turn(numbers(projects, "priority", given(0.0)), start, deadline),
        after=SegmentSum(then, len(projects), rows=first, width=len(projects)),
        stop_points=numbers(projects, "stop_points", own.stop_points),
        preparation=preparation,
        clarity=numbers(projects, "clarity", own.project_clarity),
        boldness=numbers(projects, "boldness"),
        line_work=numbers(projects, "line_work"),
        rung=(rung.T - (preparation > 0) * agreed * np.maximum(0.0, rung.T - lowest.T)).T,
        lead=integers(index.rows(project.lead for project in projects)),
        facilitator=arrangements.facilitator[home],
        mandate_body=integers([NONE if body is None else index.forum[body] for body in vetting]),
        increments=flags([in_increments(index, project) for project in projects]),
        likeness=_likeness(index),
        alone=flags([len(project.members) == 1 for project in projects]),
    )


def in_increments(index: EntityIndex, project: Project) -> bool:
    """Whether a project delivers along the way."""
    return (project.delivery or index.part(project).arrangement.delivery) == "increments"


def _turn(priority: Floats, start: Integers, deadline: Floats) -> Integers:
    """Groups of projects that come equally early (ODD 7.2). Shape (project,) or (project, run)."""
    every = np.stack(np.broadcast_arrays(*map(by_run, (-priority, start, deadline))))
    turns = [np.unique(it, axis=1, return_inverse=True)[1].reshape(-1) for it in np.moveaxis(every, -1, 0)]
    return turns[0] if len(turns) == 1 else np.stack(turns, axis=-1)


def _likeness(index: EntityIndex) -> Floats:
    """How alike the tasks of projects with a member in common are (ODD 7.6.7)."""
    number = len(index.projects)
    means = np.zeros((len(INSTRUMENTS), number))
    for row, project in enumerate(index.projects):
        for planned in planned_by(project):
            means[INSTRUMENTS.index(planned.instrument), row] += 1.0
    alike = np.ones((number, number))
    for weights in (index.weights([project.themes for project in index.projects]), means):
        length = np.sqrt(total(weights * weights))
        products = (weights[:, :, None] * weights[:, None, :]).reshape(len(weights), -1)
        alike *= quotient(total(products).reshape(number, number), np.outer(length, length), 0.0)
    takes_part = np.zeros((number, len(index.agencies)))
    for row, project in enumerate(index.projects):
        takes_part[row, index.rows(project.members)] = 1.0
    together = (takes_part @ takes_part.T > 0) & ~np.eye(number, dtype=bool)
    return np.where(together, np.minimum(1.0, alike), 0.0)


@dataclass(frozen=True)
class Planned:
    """A recommendation a project plans.

    Attributes:
        named: agencies that bear it in every run: those the file names, else the lead.
        given_up: how much of their instruments duty-holders give up, but for those in ``gives_up``.
        gains: net gain of agencies for which it is not their stake's.
        number, extra: ``extra`` other members bear it too, in turn, as do those of ``number`` before it.
    """

    project: Project
    name: str
    named: list[str]
    instrument: str
    given_up: Any
    gives_up: Mapping[str, Quantity]
    number: int = 0
    extra: Any = 0
    gains: Mapping[str, Quantity] = field(default_factory=dict)


def planned_by(project: Project) -> list[Planned]:
    """Recommendations of a project: those it lists, else as many as it says with duty-holders in turn."""
    kind, given_up = project.instrument, amount(project.instruments_given_up)
    if project.recommendations is not None:
        extra = np.minimum(amount(project.parties), len(project.members)) - 1
        return [
            Planned(
                project,
                f"{number + 1:02d}",
                [project.lead],
                kind,
                given_up,
                project.gives_up,
                number,
                extra,
            )
            for number in range(int(project.recommendations))
        ]
    return [
        Planned(
            project,
            own.name,
            own.duties,
            kind if own.instrument is None else own.instrument,
            given_up if own.instruments_given_up is None else amount(own.instruments_given_up),
            {**(project.gives_up if own.instruments_given_up is None else {}), **own.gives_up},
            gains=own.gains,
        )
        for own in sorted(project.recommendation, key=lambda own: own.name)
    ]


class Nearness:
    """Members other than the lead in order of project and nearness to its themes (ODD 2, duty-holders).

    Attributes:
        stake, agency: of each such member.
        group: number of its group of equally near members, rising; ``size`` is that group's.
        low: first place of its group in the project.
        begin: first row of each project, and the end.
    """

    def __init__(self, stakes: Stakes, projects: int) -> None:
        """Order the members."""
        stake = np.flatnonzero(stakes.works & ~stakes.is_lead)
        far = -np.round(stakes.overlap, NEARNESS_DECIMALS)
        self.stake = stake[np.lexsort((far[stake], stakes.project[stake]))]
        self.agency = stakes.agency[self.stake].tolist()
        project, far = stakes.project[self.stake], far[self.stake]
        differs = (np.diff(project, prepend=NONE) != 0) | (np.diff(far, prepend=1.0) != 0)
        self.group = np.cumsum(differs) - 1
        self.low = np.searchsorted(self.group, self.group) - np.searchsorted(project, project)
        self.size = np.bincount(self.group)[self.group]
        self.begin = np.searchsorted(project, np.arange(projects + 1)).tolist()

    def turns(self, project: int, planned: Planned) -> Iterator[tuple[int, bool]]:
        """Rows of those who bear a recommendation in some run, and whether they do in all."""
        begin, end = self.begin[project : project + 2]
        extra = np.unique(planned.extra)
        for row in range(begin, end if extra.any() else begin):
            first = (self.low[row] - planned.number * extra) % (end - begin)
            last = first + self.size[row]
            always = (last <= extra) | (extra == end - begin)
            if (always | (first < extra) | (last > end - begin)).any():
                yield row, bool(always.all())


def route(index: EntityIndex, project: Project) -> tuple[int, ...]:
    """Bodies that decide on a project's recommendations: the project's own route, else the arrangement's."""
    own, names = index.part(project).arrangement, project.route
    if names is None and project.origin == "self-initiated":
        names = own.self_initiated_route
    names = own.route if names is None else names
    return tuple(LINE if name == "line" else index.forum[name] for name in names)


def recommendation_tables(index: EntityIndex, stakes: Stakes) -> tuple[Recommendations, Duties, Turns]:
    """Recommendations by project and name, their duties, and on whose turn these hang."""
    rows = [planned for project in index.projects for planned in planned_by(project)]
    project = integers([index.project[row.project.name] for row in rows])
    near = Nearness(stakes, len(index.projects))
    borne = [_borne(index, row, near) for row in rows]
    names = tuple(f"{row.project.name}/{row.name}" for row in rows)
    keys = name_keys(names)
    count = integers([len(duties) for duties in borne])
    routes = sorted({route(index, project) for project in index.projects})
    width = max((len(bodies) for bodies in routes), default=0) + 1
    padded = [[*bodies, *[NONE] * (width - len(bodies))] for bodies in routes]
    route_of = integers([routes.index(route(index, project)) for project in index.projects])[project]
    instrument = [row.instrument for row in rows]
    apart = flags([in_increments(index, row.project) for row in rows])
    recommendations = Recommendations(
        names=names,
        keys=keys,
        project=project,
        case=np.where(apart, np.arange(len(rows)), project),
        case_keys=np.where(apart, keys, name_keys(tuple(index.project))[project]),
        given_up=floats([row.given_up for row in rows]),
        instrument=integers([INSTRUMENTS.index(kind) for kind in instrument]),
        gated=flags([kind in GATED for kind in instrument]),
        route=route_of,
        bodies=np.array(padded, dtype=np.intp).reshape(-1, width),
        steps=integers([len(bodies) for bodies in routes])[route_of],
        duties=count,
        own_duties=floats([len(row.named) + row.extra for row in rows]).astype(np.intp),
        municipal=flags([row.project.municipal for row in rows]),
        first_duty=np.cumsum(count) - count,
        has_last_duty=flags([any(kind == LAST_DUTY for _, kind, _ in duties) for duties in borne]),
        by_project=SegmentSum(project, len(index.projects)),
    )
    recommendation = np.repeat(np.arange(len(rows)), count)
    agency, kind, member = np.array(list(chain.from_iterable(borne)), dtype=np.intp).reshape(-1, 3).T
    agency_keys = name_keys(tuple(index.agency))[agency]
    stake = index.stakes.rows(project[recommendation], agency)
    held = [(rows[r], index.agencies[a].name) for r, a in zip(recommendation, agency, strict=True)]
    duties = Duties(
        recommendation=recommendation,
        agency=agency,
        stake=stake,
        kind=kind,
        keys=pair_keys(keys[recommendation], agency_keys),
        gain=floats(
            [
                amount(row.gains[name]) if name in row.gains else own
                for (row, name), own in zip(held, stakes.gain[stake], strict=True)
            ]
        ),
        given_up=floats(
            [amount(row.gives_up[name]) if name in row.gives_up else row.given_up for row, name in held]
        ),
        by_agency=SegmentSum(agency, len(index.agencies)),
    )
    by_turn = np.flatnonzero(member != NONE)
    planned = [rows[r] for r in recommendation[by_turn]]
    members, member_of = np.unique(member[by_turn], return_inverse=True)
    group, stake = near.group[members], near.stake[members]
    project_keys = name_keys(tuple(index.project))[stakes.project[stake]]
    turns = Turns(
        keys=pair_keys(project_keys, name_keys(tuple(index.agency))[stakes.agency[stake]]),
        group=group,
        first=near.low[members] - np.searchsorted(group, group),
        duty=by_turn,
        member=member_of,
        skip=floats([row.number * row.extra for row in planned]).astype(np.intp),
        others=integers([len(row.project.members) - 1 for row in planned]),
        extra=floats([row.extra for row in planned]).astype(np.intp),
    )
    return recommendations, duties, turns


def _borne(index: EntityIndex, planned: Planned, near: Nearness) -> list[tuple[int, int, int]]:
    """Who may bear a recommendation, what of it without a turn, and the row of its turn or NONE."""
    chain_of = index.part(planned.project).arrangement.municipal_chain
    chained = chain_of if planned.project.municipal else ()
    kind = dict.fromkeys(index.rows(chained), LAST_DUTY) | dict.fromkeys(index.rows(planned.named), OWN_DUTY)
    turn: dict[int, int] = {}
    for row, always in near.turns(index.project[planned.project.name], planned):
        if always:
            kind[near.agency[row]] = OWN_DUTY
        else:
            turn[near.agency[row]] = row
    return [
        (agency, kind.get(agency, NO_DUTY), turn.get(agency, NONE)) for agency in sorted({**kind, **turn})
    ]


@dataclass(frozen=True, eq=False)
class ProjectGroups:
    """Some projects, in order of name, and their groups; a *row* is a position in ``projects``.

    Attributes:
        stakes, stake_row: their stakes, the municipal chain's too.
        members, member_row, agency: the stakes of those who work on them.
        by_agency: sums member rows per agency; ``by_project`` per project; ``joint`` per agency where project
            members work together.
        rival, rivalled: projects that a member works on, paired each with each, by member row; ``by_member``
            sums pairs per member row.
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
    rival: Integers
    rivalled: Integers
    by_member: SegmentSum
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
        order, number = np.argsort(agency, kind="stable"), np.bincount(agency, minlength=self._agencies)
        mine, other = rows_of((np.cumsum(number) - number)[agency], number[agency])
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
            rival=member_row[order[other]],
            rivalled=member_row[mine],
            by_member=SegmentSum(mine, len(members), np.ones(len(mine), dtype=np.int16)),
            joint=SegmentSum(agency, self._agencies, self._together[stakes.project[members]]),
            led=members[others][first],
            mean_of_led=SegmentSum.mean(member_row[others], len(rows), pair_of, len(first)),
            alone=np.flatnonzero(self._projects.alone[rows]),
            contact=self._contact.only(rows),
        )
