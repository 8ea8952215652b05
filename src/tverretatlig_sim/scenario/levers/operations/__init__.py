"""Structural operations of levers: a closed list, each known by name."""

from tverretatlig_sim.scenario.levers.operations.agencies import (
    Apart,
    CommonPicture,
    EvenSizes,
    NameCoordinator,
    OwnForms,
    SamePlace,
)
from tverretatlig_sim.scenario.levers.operations.base import Operation, Unfit, opposed
from tverretatlig_sim.scenario.levers.operations.conditions import Needs
from tverretatlig_sim.scenario.levers.operations.forums import (
    AddForum,
    AddSecretariat,
    DropForums,
    FewerSeats,
    OneLevel,
)
from tverretatlig_sim.scenario.levers.operations.letters import JointLetter, YearlyEvent
from tverretatlig_sim.scenario.levers.operations.municipalities import ThroughMunicipalities
from tverretatlig_sim.scenario.levers.operations.projects import (
    Deliver,
    DropProjects,
    LawAndBudget,
    RouteThrough,
)

OPERATIONS: dict[str, type[Operation]] = {
    "needs": Needs,
    "name-coordinator": NameCoordinator,
    "drop-forums": DropForums,
    "one-level": OneLevel,
    "add-forum": AddForum,
    "fewer-seats": FewerSeats,
    "add-secretariat": AddSecretariat,
    "route-through": RouteThrough,
    "deliver": Deliver,
    "drop-projects": DropProjects,
    "law-and-budget": LawAndBudget,
    "through-municipalities": ThroughMunicipalities,
    "common-picture": CommonPicture,
    "even-sizes": EvenSizes,
    "apart": Apart,
    "own-forms": OwnForms,
    "same-place": SamePlace,
    "joint-letter": JointLetter,
    "yearly-event": YearlyEvent,
}
"""Every operation by the name that lever files write, in the order in which they are carried out."""

__all__ = ["OPERATIONS", "Operation", "Unfit", "opposed"]
