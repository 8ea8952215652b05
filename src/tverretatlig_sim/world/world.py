"""The world of one scenario: entities by index, relations as index pairs; fixed during a run."""

from __future__ import annotations

from dataclasses import dataclass

from tverretatlig_sim.scenario.scenario import Scenario
from tverretatlig_sim.world.calendar import Calendar
from tverretatlig_sim.world.forums import Gatherings, body_table, forum_table, seat_table, secretariat_table
from tverretatlig_sim.world.index import EntityIndex
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
    calendar: Calendar
    groups: GroupsUnderWay

    @property
    def sizes(self) -> dict[str, int]:
        """Number of entities along each dimension of the state."""
        return {
            "theme": len(self.themes),
            "arrangement": len(self.arrangements.names),
            "ministry": len(self.ministries.names),
            "agency": len(self.agencies.names),
            "forum": len(self.forums.names),
            "secretariat": len(self.secretariats.names),
            "project": len(self.projects.names),
            "recommendation": len(self.recommendations.names),
            "seat": len(self.seats.agency),
            "tie": len(self.ties.source),
            "stake": len(self.stakes.agency),
            "duty": len(self.duties.agency),
        }


def build_world(scenario: Scenario, months: int) -> World:
    """Index a scenario for a run of some months.

    Args:
        scenario: a resolved, validated scenario.
        months: length of the run.
    """
    index = EntityIndex(scenario)
    arrangements = arrangement_table(index)
    seats, stakes, forums = seat_table(index), stake_table(index), forum_table(index)
    agencies, projects = agency_table(index, stakes, seats), project_table(index, arrangements)
    recommendations, duties, turns = recommendation_tables(index, stakes)
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
        ties=tie_table(index),
        stakes=stakes,
        duties=duties,
        turns=turns,
        calendar=Calendar(index, Gatherings(index, seats, forums)),
        groups=GroupsUnderWay(index, arrangements, projects, stakes),
    )
