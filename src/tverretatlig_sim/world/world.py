"""The world of one scenario: entities by index, relations as index pairs; fixed during a run."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np

from tverretatlig_sim.arrays import Integers
from tverretatlig_sim.dates import months_between
from tverretatlig_sim.scenario.history import phases
from tverretatlig_sim.scenario.scenario import Scenario
from tverretatlig_sim.world.calendar import Calendar
from tverretatlig_sim.world.forums import Gatherings, body_table, forum_table, seat_table, secretariat_table
from tverretatlig_sim.world.index import EntityIndex
from tverretatlig_sim.world.ministries import hearing_table, table_list
from tverretatlig_sim.world.organisations import agency_table, arrangement_table, ministry_table, tie_table
from tverretatlig_sim.world.portfolio import (
    GroupsUnderWay,
    project_table,
    recommendation_tables,
    stake_table,
)
from tverretatlig_sim.world.tables import (
    Agencies,
    Arrangements,
    Bodies,
    Duties,
    Forums,
    Hearings,
    Ministries,
    Projects,
    Recommendations,
    Seats,
    Secretariats,
    Stakes,
    Ties,
    Turns,
)


@dataclass(frozen=True, eq=False)
class World:
    """Everything fixed about one scenario: tables, and what becomes of them month by month.

    Attributes:
        title: name of the scenario.
        months: length of the run.
        calendar: what each month holds.
        groups: project groups that are under way.
        begins: first month of the run that is its.
        then: what it turns into.
        parts: each arrangement alone, where there are several.
    """

    title: str
    months: int
    themes: tuple[str, ...]
    arrangements: Arrangements
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
    turns: Turns
    hearings: Hearings
    calendar: Calendar
    groups: GroupsUnderWay
    begins: int = 0
    then: World | None = None
    parts: tuple[World, ...] = ()

    @cached_property
    def keys(self) -> dict[str, Sequence[Any]]:
        """Entities along each dimension of the state by name, relations by the names of both ends."""

        def pairs(
            one: Sequence[str], first: Integers, other: Sequence[str], second: Integers
        ) -> Sequence[tuple[str, str]]:
            return [(one[i], other[j]) for i, j in zip(first.tolist(), second.tolist(), strict=True)]

        agencies, projects, cases = self.agencies.names, self.projects.names, self.recommendations.names
        return {
            "theme": self.themes,
            "arrangement": self.arrangements.names,
            "ministry": self.ministries.names,
            "agency": agencies,
            "forum": self.forums.names,
            "secretariat": self.secretariats.names,
            "project": projects,
            "recommendation": cases,
            "seat": pairs(self.forums.names, self.seats.forum, agencies, self.seats.agency),
            "tie": pairs(agencies, self.ties.source, agencies, self.ties.target),
            "stake": pairs(projects, self.stakes.project, agencies, self.stakes.agency),
            "duty": pairs(cases, self.duties.recommendation, agencies, self.duties.agency),
            "hearing": pairs(
                cases, self.hearings.recommendation, self.ministries.names, self.hearings.ministry
            ),
        }

    @cached_property
    def sizes(self) -> dict[str, int]:
        """Number of entities along each dimension of the state."""
        return {dim: len(keys) for dim, keys in self.keys.items()}

    @cached_property
    def rows(self) -> dict[str, Integers]:
        """What is shown along some dimensions: agencies, their ties and their forums, but no ministries'."""
        joint, ties = self.agencies.is_ministry, self.ties
        between = ~(joint[ties.source] | joint[ties.target])
        shown = {"agency": ~joint, "tie": between, "forum": ~self.forums.of_ministries}
        return {dim: np.flatnonzero(chosen) for dim, chosen in shown.items()}

    @cached_property
    def shown(self) -> dict[str, Sequence[Any]]:
        """Keys of what is shown along each dimension."""
        return {
            **self.keys,
            **{dim: [self.keys[dim][row] for row in rows] for dim, rows in self.rows.items()},
        }

    @cached_property
    def everyone(self) -> dict[str, Sequence[Any]]:
        """Keys of all that is shown along each dimension, here and in what it turns into."""
        if self.then is None:
            return self.shown
        later = self.then.everyone
        return {dim: [*dict.fromkeys([*own, *later[dim]])] for dim, own in self.shown.items()}

    @property
    def last(self) -> World:
        """What it is at the end of the run."""
        return self if self.then is None else self.then.last

    def by_month(self) -> Iterator[World]:
        """The world of each month of the run, from its own first one on."""
        end = self.months if self.then is None else self.then.begins
        yield from (self for _month in range(self.begins, end))
        if self.then is not None:
            yield from self.then.by_month()


def build_world(scenario: Scenario, months: int) -> World:
    """Index a scenario, and what it turns into, for a run of some months.

    Args:
        scenario: a resolved, validated scenario.
        months: length of the run.

    Raises:
        ScenarioError: a change at a date cannot be made.
    """
    later: World | None = None
    for date, phase in reversed(phases(scenario)):
        begins = months_between(scenario.start, date)
        # Of several changes in one month the last world is that of all of them.
        if begins < months and (later is None or later.begins > begins):
            later = replace(_built(phase, months), begins=begins, then=later)
    assert later is not None
    return later


def _built(scenario: Scenario, months: int) -> World:
    index = EntityIndex(scenario, months)
    alone = index.parts if len(index.parts) > 1 else []
    arrangements = arrangement_table(index)
    seats, stakes, forums = seat_table(index), stake_table(index), forum_table(index)
    agencies, projects = agency_table(index, stakes, seats), project_table(index, arrangements)
    recommendations, duties, turns = recommendation_tables(index, stakes)
    ties = tie_table(index)
    return World(
        title=scenario.name,
        months=months,
        themes=index.themes,
        arrangements=arrangements,
        ministries=ministry_table(index, agencies),
        agencies=agencies,
        forums=forums,
        bodies=body_table(index),
        secretariats=secretariat_table(index, projects.facilitator),
        projects=projects,
        recommendations=recommendations,
        seats=seats,
        ties=ties,
        stakes=stakes,
        duties=duties,
        turns=turns,
        hearings=hearing_table(index, recommendations, duties),
        calendar=Calendar(
            index,
            Gatherings(index, seats, forums),
            table_list(index, seats, stakes, projects.facilitator),
            ties,
        ),
        groups=GroupsUnderWay(index, arrangements, projects, stakes),
        parts=tuple(_built(part, months) for part in alone),
    )
