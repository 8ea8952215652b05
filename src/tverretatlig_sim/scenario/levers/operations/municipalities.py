"""The last link: recommendations that work through municipalities."""

from __future__ import annotations

from dataclasses import replace

from tverretatlig_sim.scenario.levers.operations.base import Operation, Unfit
from tverretatlig_sim.scenario.parts import with_forums, with_projects
from tverretatlig_sim.scenario.quantity import Quantity, Share
from tverretatlig_sim.scenario.scenario import Scenario
from tverretatlig_sim.scenario.schema import Agency, Member, Project, Themes, Title

SECTOR = "Municipal sector"


class ThroughMunicipalities(Operation):
    """A share of the projects works through municipalities, which carry the last duty.

    The arrangement's municipal chain does that. Where it names none, one aggregate agency stands for county
    governors and municipalities: its core tasks are the portfolio's themes, its line has as much capacity as
    the members' lines together, and the ministry that steers the coordinator, or most members, steers it.

    Attributes:
        share: of the projects, in order of name, 0 to 1.
    """

    share: Share

    def _apply(self, scenario: Scenario) -> Scenario:
        names = sorted(project.name for project in scenario.portfolio.project)
        through = set(names[: round(float(self.share) * len(names))])
        if SECTOR in {agency.name for agency in scenario.agencies}:
            raise Unfit(f"a member is called {SECTOR} already")
        projects = [
            project.model_copy(update={"municipal": project.name in through})
            for project in scenario.portfolio.project
        ]
        marked = with_projects(scenario, projects)
        return marked if scenario.arrangement.municipal_chain or not through else self._with_sector(marked)

    def _with_sector(self, scenario: Scenario) -> Scenario:
        lines = sum(float(agency.line_capacity) for agency in scenario.agencies)
        sector = Agency(
            name=SECTOR,
            title=Title(en="County governors and municipalities", nb="Statsforvaltere og kommuner"),
            source=self.share.source,
            ministry=_ministry(scenario),
            core_tasks=_themes(scenario.portfolio.project, self.share.source),
            capacity=self._number(1.0),
            line_capacity=self._number(lines),
        )
        joined = replace(scenario, agencies=(*scenario.agencies, sector))
        members = [*joined.arrangement.member, Member(agency=SECTOR)]
        return with_forums(joined, joined.arrangement.forum, municipal_chain=[SECTOR], member=members)

    def _number(self, value: float) -> Quantity:
        return Quantity(value=value, grade="assumed", source=self.share.source)


def _ministry(scenario: Scenario) -> str:
    """The ministry of the coordinator, else of most members."""
    steered = [agency.ministry for agency in scenario.agencies]
    own = [agency.ministry for agency in scenario.agencies if agency.name == scenario.arrangement.coordinator]
    return (own or [min(steered, key=lambda name: (-steered.count(name), name))])[0]


def _themes(projects: list[Project], source: str) -> Themes:
    """Mean weights of the projects' themes."""
    names = sorted({theme for project in projects for theme in project.themes})
    mean = {
        theme: sum(float(project.themes[theme]) for project in projects if theme in project.themes)
        / len(projects)
        for theme in names
    }
    return {theme: Quantity(value=value, grade="assumed", source=source) for theme, value in mean.items()}
