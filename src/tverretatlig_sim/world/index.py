"""Everything in a scenario in order of name, with the position of each name."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from itertools import chain
from math import floor
from typing import Any

import numpy as np

from tverretatlig_sim.arrays import Flags, Floats, Integers, Pairs, flags, floats, integers, pairs_within
from tverretatlig_sim.dates import months_between
from tverretatlig_sim.scenario.history import parts, plain_name, whole
from tverretatlig_sim.scenario.quantity import Quantity, amount
from tverretatlig_sim.scenario.scenario import Scenario
from tverretatlig_sim.scenario.schema import Agency, Forum, Ministry, Named, Project, given


def numbers(rows: Iterable[Any], name: str, default: Quantity | None = None) -> Floats:
    """A number that each row of a scenario's table gives; the default where a row gives none.

    Shape (row,), or (row, run) if any of them differs between runs.
    """
    given: Iterable[Any] = (getattr(row, name) for row in rows)
    otherwise: Any = default
    return floats([amount(otherwise if value is None else value) for value in given])


def by_name(rows: Iterable[Any]) -> dict[str, Any]:
    """Named rows in order of name."""
    return {row.name: row for row in sorted(rows, key=lambda row: (plain_name(row.name), row.name))}


def positions(names: Iterable[str]) -> dict[str, int]:
    """Position of each name."""
    return {name: position for position, name in enumerate(names)}


def _view(ministry: Ministry, agencies: list[Agency], around: Sequence[Agency]) -> Mapping[str, Quantity]:
    """A ministry's frame: given, else its agencies' core tasks, or all agencies', scaled to sum 1 (ODD 2)."""
    if ministry.frame is not None:
        return ministry.frame
    own = [agency for agency in agencies if agency.ministry == ministry.name] or by_name(around).values()
    tasks: dict[str, float] = {}
    for agency in own:
        for theme, weight in agency.core_tasks.items():
            tasks[theme] = tasks.get(theme, 0.0) + float(weight)
    total = sum(tasks[theme] for theme in sorted(tasks)) or 1.0
    return {theme: given(weight / total) for theme, weight in tasks.items()}


def _organisation(ministry: Ministry, view: Mapping[str, Quantity]) -> Agency:
    """A ministry as an organisation like an agency; its meetings cost it nothing (ODD 2)."""
    nothing = Quantity.model_construct(value=0.0)
    return Agency.model_construct(
        name=ministry.name, ministry=ministry.name, core_tasks={}, frame=dict(view), capacity=nothing
    )


EVER = 10**6
"""Months before and after which nothing begins or ends."""


class EntityIndex:
    """A scenario's entities sorted by name, so that the order in a file never matters.

    Attributes:
        parts: a scenario for each arrangement; ``scenario`` is all of them.
        agencies, ministries, forums, staffed, projects: entities in order of name; ``staffed`` are the forums
            that are working secretariats. Ministries with a seat stand among the agencies, behind all others.
        agency, ministry, forum, secretariat, project: position of each name.
        ministry_of: ministry of each agency; a ministry is its own.
        seated: position of the first ministry among the agencies.
        views: how each ministry sees the problem, its frame.
    """

    def __init__(self, scenario: Scenario, months: int) -> None:
        """Sort a scenario's entities, for a run of some months."""
        self.months = months
        self.parts = parts(scenario)
        self.scenario = scenario = whole(self.parts)
        self.arrangement = scenario.arrangement
        self._home = {
            row.name: number
            for number, part in reversed([*enumerate(self.parts)])
            for row in (
                *part.ministries,
                *part.beyond_ministries,
                *part.everyone,
                *part.forums,
                *part.portfolio.project,
            )
        }
        agencies = by_name(scenario.everyone)
        ministries = by_name(scenario.ministries + scenario.beyond_ministries)
        forums, projects = by_name(scenario.forums), by_name(scenario.portfolio.project)
        staffed = {name: forum for name, forum in forums.items() if np.max(amount(forum.secretariat_fte)) > 0}
        self.views = [_view(it, [*agencies.values()], self.part(it).everyone) for it in ministries.values()]
        self.seated = len(agencies)
        seated = scenario.seated - agencies.keys()
        for ministry, view in zip(ministries.values(), self.views, strict=True):
            if ministry.name in seated:
                agencies[ministry.name] = _organisation(ministry, view)
        self.agencies, self.ministries = list(agencies.values()), list(ministries.values())
        self.forums, self.staffed = list(forums.values()), list(staffed.values())
        self.projects = list(projects.values())
        self.agency, self.ministry, self.forum = positions(agencies), positions(ministries), positions(forums)
        self.secretariat, self.project = positions(staffed), positions(projects)
        self.ministry_of = integers([self.ministry[agency.ministry] for agency in self.agencies])

    def homes(self, rows: Iterable[Named]) -> Integers:
        """The arrangement of each forum or project; of others, the first that has them."""
        return integers([self._home[row.name] for row in rows])

    def part(self, row: Named) -> Scenario:
        """The scenario that a forum or project belongs to."""
        return self.parts[self._home[row.name]]

    def rows(self, names: Iterable[str]) -> list[int]:
        """Positions of some agencies."""
        return [self.agency[name] for name in names]

    def is_seated(self, ministry: str) -> bool:
        """Whether a ministry has a seat."""
        return self.agency.get(ministry, -1) >= self.seated

    def since_start(self, date: str) -> int:
        """Month of the run in which a date falls."""
        return months_between(self.scenario.start, date)

    def life(self, forum: Forum) -> tuple[int, int]:
        """First and last month of a forum's life, in months of the run."""
        begins = -EVER if forum.begins is None else self.since_start(forum.begins)
        return begins, EVER if forum.ends is None else self.since_start(forum.ends)

    def meetings(self, forum: Forum, month: int) -> int:
        """How often a forum that lives has met before the end of a month, had it always met so (ODD 2)."""
        begins = 0 if forum.begins is None else self.since_start(forum.begins)
        return floor((month - begins + 1) / float(forum.cadence))

    @cached_property
    def meets_ever(self) -> Flags:
        """Whether each forum meets in the run."""
        last = self.months - 1
        lives = [(max(0, first), min(last, end)) for first, end in map(self.life, self.forums)]
        return flags(
            [
                first <= end and self.meetings(forum, end) > self.meetings(forum, first - 1)
                for forum, (first, end) in zip(self.forums, lives, strict=True)
            ]
        )

    @cached_property
    def holders(self) -> list[tuple[Project, Agency]]:
        """Projects and their stake-holders: members, and the municipal chain if it works through it."""
        found = []
        for project in self.projects:
            extra = self.part(project).arrangement.municipal_chain if project.municipal else []
            names = sorted({*project.members, *extra})
            found += [(project, self.agencies[self.agency[name]]) for name in names]
        return found

    @cached_property
    def stakes(self) -> Pairs:
        """Pairs (project, agency) of the stakes."""
        project = integers([self.project[project.name] for project, _ in self.holders])
        return Pairs(project, integers(self.rows(a.name for _, a in self.holders)), len(self.agencies))

    @cached_property
    def teams(self) -> list[list[int]]:
        """Members of each project that works as a group."""
        together = [self.part(project).arrangement.project_groups for project in self.projects]
        pairs = zip(self.projects, together, strict=True)
        return [self.rows(project.members) if joint else [] for project, joint in pairs]

    @cached_property
    def ties(self) -> Pairs:
        """Pairs (source, target) of ties: of those in a forum that meets, in a project group, or given."""
        meeting = [forum for forum, ever in zip(self.forums, self.meets_ever, strict=True) if ever]
        circles = [*(self.rows(forum.seats) for forum in meeting), *self.teams]
        agency = integers(list(chain.from_iterable(circles)))
        first, second, _ = pairs_within(integers([len(circle) for circle in circles]))
        source, target = self.given_ties
        ends = (np.concatenate([agency[first], source]), np.concatenate([agency[second], target]))
        return Pairs(*ends, len(self.agencies))

    @cached_property
    def authority(self) -> list[Any]:
        """What each forum has been given; else the coordinator's in forums it chairs, or none (ODD 2)."""
        found = []
        for forum in self.forums:
            own = self.part(forum).arrangement
            chair = forum.chair or (own.coordinator if forum in own.forum else None)
            by_lead = amount(own.lead_authority) * (chair is not None and chair == own.coordinator)
            found.append(by_lead if forum.authority is None else amount(forum.authority))
        return found

    @property
    def given_ties(self) -> tuple[Integers, Integers]:
        """Sources and targets of the ties that the file lists."""
        given = self.arrangement.tie
        source, target = (t.source_agency for t in given), (t.target_agency for t in given)
        return integers(self.rows(source)), integers(self.rows(target))

    @cached_property
    def themes(self) -> tuple[str, ...]:
        """All themes that any agency or project gives weight."""
        vectors = [project.themes for project in self.projects]
        vectors += [dict(view) for view in self.views]
        for agency in self.agencies:
            vectors += [v for v in (agency.core_tasks, agency.frame, agency.understanding) if v is not None]
        return tuple(sorted(set().union(*vectors)))

    def weights(self, vectors: Sequence[Mapping[str, Quantity]]) -> Floats:
        """Weights over all themes, shape (theme, vector)."""
        row = positions(self.themes)
        matrix = np.zeros((len(row), len(vectors)))
        for column, own in enumerate(vectors):
            for theme, weight in own.items():
                matrix[row[theme], column] = float(weight)
        return matrix
