"""Ministries in forums: who sits where, what can be heard there, and pairs of recommendation and ministry."""

from __future__ import annotations

import numpy as np

from tverretatlig_sim.arrays import NONE, Integers, integers
from tverretatlig_sim.world.index import EntityIndex
from tverretatlig_sim.world.keys import name_keys, pair_keys
from tverretatlig_sim.world.tables import Duties, Hearings, Recommendations, Seats, Stakes, Table


def hearing_table(index: EntityIndex, recommendations: Recommendations, duties: Duties) -> Hearings:
    """Every pair of a recommendation and a ministry; none where no ministry has a seat."""
    ministries, projects = len(index.ministries), recommendations.project
    number = len(projects) if index.seated < len(index.agencies) else 0
    recommendation, ministry = np.divmod(np.arange(number * ministries), max(1, ministries))
    names = tuple(index.ministry)
    organisation = integers([index.agency[name] if index.is_seated(name) else NONE for name in names])
    lead = integers(index.rows(project.lead for project in index.projects))
    ties = index.ties.rows(organisation[ministry], lead[projects[recommendation]])
    keys = pair_keys(recommendations.keys[recommendation], name_keys(names)[ministry])
    return Hearings(
        recommendation=recommendation,
        ministry=ministry,
        keys=keys,
        tie=np.where(organisation[ministry] == NONE, NONE, ties),
        own=np.arange(number) * ministries + index.ministry_of[lead[projects[:number]]],
        of_duty=(duties.recommendation * ministries + index.ministry_of[duties.agency])[
            : len(duties.agency) if number else 0
        ],
    )


def table_list(index: EntityIndex, seats: Seats, stakes: Stakes, facilitators: Integers) -> tuple[Table, ...]:
    """Forums with ministries in them, in order of name.

    Args:
        index: the scenario's entities.
        seats: all seats.
        stakes: who works on what.
        facilitators: forum that follows each project up, or NONE.
    """
    works = np.zeros((len(index.projects), len(index.agencies)))
    works[stakes.project[stakes.works], stakes.agency[stakes.works]] = 1.0
    sits = np.zeros((len(index.forums) + 1, len(index.agencies)))  # the last row, which NONE finds
    sits[seats.forum, seats.agency] = 1.0
    found = []
    for row, forum in enumerate(index.forums):
        taken = np.flatnonzero(seats.forum == row)
        joint = seats.agency[taken] >= index.seated
        own, agencies = taken[~joint], seats.agency[taken[~joint]]
        if joint.any():
            names = [index.agencies[agency].name for agency in seats.agency[taken[joint]]]
            found.append(
                Table(
                    forum=row,
                    ministry=integers([index.ministry[name] for name in names]),
                    seat=taken[joint],
                    chair=index.ministry[forum.chair] if forum.chair in names else NONE,
                    agency_seat=own,
                    member=works[:, agencies],
                    reports=sits[facilitators][:, agencies],
                    settles=forum.function == "steer" and not len(own),
                )
            )
    return tuple(found)
