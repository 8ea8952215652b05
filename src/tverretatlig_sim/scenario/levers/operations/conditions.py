"""What a lever or dial needs of a scenario."""

from __future__ import annotations

from typing import ClassVar, Literal

from tverretatlig_sim.i18n import _
from tverretatlig_sim.scenario.levers.operations.base import Operation, Unfit
from tverretatlig_sim.scenario.scenario import Scenario


class Needs(Operation):
    """Changes nothing; refused where the scenario lacks what it asks for.

    Attributes:
        what: forums, or ties (agencies that share a forum or a project group, or are listed as tied).
    """

    about: ClassVar[str] = "what"
    what: Literal["forums", "ties"]

    def _apply(self, scenario: Scenario) -> Scenario:
        arrangement = scenario.arrangement
        if self.what == "forums" and not arrangement.forum:
            raise Unfit(_("there is no forum here, so no programme beside the line"))
        if self.what == "ties" and not has_ties(scenario):
            raise Unfit(_("no agencies have anything to do with each other here"))
        return scenario


def has_ties(scenario: Scenario) -> bool:
    """Whether any two agencies share a forum or a project group, or are listed as tied."""
    arrangement = scenario.arrangement
    meet = any(len(forum.seats) > 1 for forum in arrangement.forum)
    work = arrangement.project_groups and any(
        len(project.members) > 1 for project in scenario.portfolio.project
    )
    return meet or work or bool(arrangement.tie)
