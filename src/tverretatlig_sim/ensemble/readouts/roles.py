"""Coordination roles by rung: what an arrangement lets its coordinator do (DIFI17 2.3).

The source describes twelve cells in words; each is read off the field of the scenario that comes nearest.
The reading is ours. Difi describes ministries and expects the roles to hold for others; here the
coordinating agency has them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from tverretatlig_sim.arrays import Integers
from tverretatlig_sim.ensemble.readouts.ladder import RUNGS
from tverretatlig_sim.ensemble.readouts.setting import Columns, Numbers, Setting, mean
from tverretatlig_sim.world.tables import RULES
from tverretatlig_sim.world.world import World

ROLES = ("driver", "interest_balancer", "system_steward")
CONSENSUS, AUTHORITY = RULES.index("consensus"), RULES.index("authority")


@dataclass(frozen=True)
class Coordinator:
    """The coordinating agency in its setting."""

    setting: Setting
    index: int

    @property
    def world(self) -> World:
        """The world it is in."""
        return self.setting.world

    @property
    def forums(self) -> Integers:
        """Forums it has a seat in."""
        return np.unique(self.world.seats.forum[self.world.seats.agency == self.index])

    def share_of_recommendations(self, holds: Callable[[int], bool]) -> float:
        """Of the planned recommendations, the share with a forum on their route for which something holds."""
        recommendations = self.world.recommendations
        routes = [any(body >= 0 and holds(int(body)) for body in row) for row in recommendations.bodies]
        return mean(np.array(routes, dtype=np.float64)[recommendations.route])


def _is_heard(c: Coordinator) -> float:
    return len(c.forums) / len(c.world.forums.names) if c.world.forums.names else np.nan


def _leads_groups(c: Coordinator) -> float:
    return mean((c.world.projects.lead == c.index).astype(np.float64))


def _can_stop(c: Coordinator) -> float:
    rule, chair = c.world.bodies.rule, c.world.bodies.chair
    own = set(map(int, c.forums))
    return c.share_of_recommendations(
        lambda forum: (
            (rule[forum] == CONSENSUS and forum in own)
            or (rule[forum] == AUTHORITY and chair[forum] == c.index)
        )
    )


def _hears_everybody(c: Coordinator) -> float:
    return c.share_of_recommendations(lambda forum: True)


def _takes_part(c: Coordinator) -> float:
    stakes = c.world.stakes
    own = np.unique(stakes.project[(stakes.agency == c.index) & (stakes.works > 0)])
    return len(own) / len(c.world.projects.names) if c.world.projects.names else np.nan


def _asks_little(c: Coordinator) -> float:
    return 1.0 - mean(c.world.recommendations.given_up)


def _is_served(c: Coordinator) -> float:
    served = c.world.forums.secretariat >= 0
    return mean(served.astype(np.float64))


def _has_capacity(c: Coordinator) -> float:
    """Of the secretariat's work in a month in which every forum keeps its cadence, what its staff can do."""
    p, forums = c.setting.parameters, c.world.forums
    cadence = {forum.name: float(forum.cadence) for forum in c.setting.scenario.arrangement.forum}
    seats = sum(size / cadence[name] for name, size in zip(forums.names, forums.size, strict=True))
    projects = len(c.world.projects.names)
    work = p["work_per_seat"] * float(seats) + p["work_per_project"] * projects
    return min(1.0, float(c.world.secretariats.staff.sum()) / work) if work > 0 else np.nan


def _decides_with_dissent(c: Coordinator) -> float:
    return c.share_of_recommendations(lambda forum: c.world.bodies.rule[forum] != CONSENSUS)


CELLS: Mapping[str, tuple[Callable[[Coordinator], float], ...]] = {
    "driver": (
        _is_heard,  # answers hearings and requests: has a seat
        _leads_groups,  # starts and leads working groups
        _can_stop,  # marks dissent, limits damage to its own goals: can stop a proposal
        lambda c: float(c.world.arrangements.lead_authority[0]),  # brings about a joint policy
    ),
    "interest_balancer": (
        _hears_everybody,  # circulates drafts: proposals pass a forum
        _takes_part,  # seeks the common problem in dialogue: is in the group
        lambda c: float(c.world.arrangements.core_group_authority[0]),  # cuts through
        _asks_little,  # redefines the problem so that interests agree
    ),
    "system_steward": (
        _is_served,  # runs the cross-cutting system: forums have a secretariat
        _has_capacity,  # leads the process, with capacity of its own
        _decides_with_dissent,  # decides with dissent
        lambda c: float(c.setting.scenario.arrangement.follow_up),  # changes the system itself
    ),
}
"""The twelve cells of DIFI17 2.3, role by role from rung 1 to 4, each from 0 to 1."""


def given(setting: Setting) -> Numbers:
    """How far the coordinator is equipped for each role on each rung, and up to the rung aimed at.

    All are NaN where nobody coordinates, and a cell is where what it is read off does not exist.
    """
    name = setting.scenario.arrangement.coordinator
    cells = {role: np.full(len(RUNGS), np.nan) for role in ROLES}
    if name is not None:
        coordinator = Coordinator(setting, setting.world.agencies.names.index(name))
        cells = {role: np.array([cell(coordinator) for cell in CELLS[role]]) for role in ROLES}
    aimed = _aimed(setting)
    return {
        **{f"role.{role}": _mean_known(cells[role][:aimed]) for role in ROLES},
        **{
            f"role.{role}_{rung}": float(value)
            for role in ROLES
            for rung, value in zip(RUNGS, cells[role], strict=True)
        },
    }


def reached(outcomes: pd.DataFrame, setting: Setting) -> Columns:
    """Nothing: what a coordinator may do does not change in a run."""
    return {}


def _aimed(setting: Setting) -> int:
    """The highest rung that a planned recommendation aims at."""
    rungs = setting.world.projects.rung[setting.world.recommendations.project]
    return int(rungs.max()) if len(rungs) else len(RUNGS)


def _mean_known(cells: np.ndarray) -> float:
    return mean(cells[~np.isnan(cells)])
