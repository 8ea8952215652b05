"""Structural operations of levers: a closed list, each known by name."""

from tverretatlig_sim.scenario.levers.operations.agencies import CommonPicture, NameCoordinator, SamePlace
from tverretatlig_sim.scenario.levers.operations.base import Operation, Unfit, opposed
from tverretatlig_sim.scenario.levers.operations.forums import (
    AddForum,
    AddSecretariat,
    DropForums,
    FewerSeats,
    OneLevel,
)
from tverretatlig_sim.scenario.levers.operations.letters import JointLetter, YearlyEvent
from tverretatlig_sim.scenario.levers.operations.projects import Deliver, DropProjects, RouteThrough

OPERATIONS: dict[str, type[Operation]] = {
    "name-coordinator": NameCoordinator,
    "drop-forums": DropForums,
    "one-level": OneLevel,
    "add-forum": AddForum,
    "fewer-seats": FewerSeats,
    "add-secretariat": AddSecretariat,
    "route-through": RouteThrough,
    "deliver": Deliver,
    "drop-projects": DropProjects,
    "common-picture": CommonPicture,
    "same-place": SamePlace,
    "joint-letter": JointLetter,
    "yearly-event": YearlyEvent,
}
"""Every operation by the name that lever files write, in the order in which they are carried out."""

__all__ = ["OPERATIONS", "Operation", "Unfit", "opposed"]
