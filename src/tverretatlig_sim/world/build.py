"""Scenario in, world out: names become indices in order of name."""

from __future__ import annotations

from tverretatlig_sim.scenario.scenario import Scenario
from tverretatlig_sim.world.actors import agency_table, ministry_table
from tverretatlig_sim.world.bodies import (
    body_table,
    forum_table,
    seat_table,
    seats_for_calendar,
    secretariat_table,
)
from tverretatlig_sim.world.calendar import Calendar
from tverretatlig_sim.world.groups import GroupTable
from tverretatlig_sim.world.numbers import DTYPES, Numbers, cast
from tverretatlig_sim.world.relations import stake_table, tie_table
from tverretatlig_sim.world.roster import Roster
from tverretatlig_sim.world.tasks import project_table, recommendation_tables
from tverretatlig_sim.world.world import World


def lead_authority(roster: Roster) -> float:
    """The coordinator's authority over the others; 0 without a coordinator."""
    arrangement = roster.arrangement
    return 0.0 if arrangement.coordinator is None else float(arrangement.lead_authority)


def build_world(scenario: Scenario, months: int, numbers: Numbers = "double") -> World:
    """Index a scenario for a run of some months.

    Args:
        scenario: a resolved scenario; one that was made in memory is checked first.
        months: length of the run.
        numbers: double or single precision.

    Raises:
        ValueError: if it is neither.
        ScenarioError: the scenario was made in memory and is not valid.
    """
    if numbers not in DTYPES:
        raise ValueError(f"numbers = {numbers!r}; allowed: {', '.join(DTYPES)}")
    scenario.validate()
    dtype = DTYPES[numbers]
    roster = Roster(scenario)
    seats, stakes = seat_table(roster), stake_table(roster)
    agencies = agency_table(roster, stakes, seats)
    forums = forum_table(roster, seats)
    recommendations, duties = recommendation_tables(roster)
    projects, ties = project_table(roster, stakes), tie_table(roster)
    world = World(
        title=scenario.name,
        themes=roster.themes,
        ministries=ministry_table(roster, agencies.participant),
        agencies=agencies,
        forums=forums,
        bodies=body_table(roster),
        secretariats=secretariat_table(roster),
        projects=projects,
        recommendations=recommendations,
        seats=seats,
        ties=ties,
        stakes=stakes,
        duties=duties,
        calendar=Calendar(roster, seats_for_calendar(roster, seats, forums), dtype),
        groups=GroupTable(agencies, projects, stakes, recommendations, ties, dtype),
        core_group_authority=float(scenario.arrangement.core_group_authority),
        department_link=float(scenario.arrangement.department_link),
        lead_authority=lead_authority(roster),
        programme_resources=float(scenario.arrangement.programme_resources),
        turnover=float(scenario.arrangement.turnover),
        months=months,
        dtype=dtype,
    )
    return cast(world, dtype)
