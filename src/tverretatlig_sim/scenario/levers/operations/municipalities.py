"""The last link: recommendations that work through municipalities."""

from __future__ import annotations

from dataclasses import replace

from tverretatlig_sim.scenario.compose import shipped_actors
from tverretatlig_sim.scenario.levers.operations.base import Operation
from tverretatlig_sim.scenario.parts import with_forums, with_projects
from tverretatlig_sim.scenario.quantity import Share
from tverretatlig_sim.scenario.scenario import Scenario

CHAIN = ("Fylkesmenn", "Kommuner")
"""County governors and municipalities, as the shipped catalogue describes them."""


class ThroughMunicipalities(Operation):
    """A share of the projects, in order of name, works through municipalities, which carry the last duty.

    The arrangement's municipal chain does that; where it names none, county governors and municipalities.

    Attributes:
        share: of the projects, 0 to 1.
    """

    share: Share

    def _apply(self, scenario: Scenario) -> Scenario:
        names = sorted(project.name for project in scenario.portfolio.project)
        through = set(names[: round(float(self.share) * len(names))])
        projects = [
            project.model_copy(update={"municipal": project.name in through})
            for project in scenario.portfolio.project
        ]
        marked = with_projects(scenario, projects)
        return marked if scenario.arrangement.municipal_chain or not through else _with_chain(marked)


def _with_chain(scenario: Scenario) -> Scenario:
    """The scenario with a municipal chain, of members where they are some, else of agencies beyond them."""
    members = {agency.name for agency in scenario.agencies}
    beyond, ministries = shipped_actors(name for name in CHAIN if name not in members)
    steering = {ministry.name for ministry in scenario.ministries}
    missing = sorted({agency.ministry for agency in beyond} - steering)
    joined = replace(
        scenario,
        beyond=tuple(beyond),
        beyond_ministries=tuple(ministries[name] for name in missing),
    )
    return with_forums(joined, joined.arrangement.forum, municipal_chain=list(CHAIN))
