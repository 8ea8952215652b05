"""Everything in a scenario in order of name, with the position of each name."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import permutations

from tverretatlig_sim.scenario.quantity import Quantity
from tverretatlig_sim.scenario.scenario import Scenario
from tverretatlig_sim.scenario.schema import Agency, Arrangement, Forum, Ministry, Project
from tverretatlig_sim.world.keys import Keys, name_keys
from tverretatlig_sim.world.sparse import Floats, Integers, floats, integers


def index(names: Iterable[str]) -> dict[str, int]:
    """Position of each name."""
    return {name: position for position, name in enumerate(names)}


@dataclass(frozen=True)
class Roster:
    """A scenario's entities sorted by name, so that the order in a file never matters."""

    scenario: Scenario

    @property
    def arrangement(self) -> Arrangement:
        """Who sits where and how they work."""
        return self.scenario.arrangement

    @cached_property
    def agencies(self) -> list[Agency]:
        """Member agencies."""
        return sorted(self.scenario.agencies, key=lambda agency: agency.name)

    @cached_property
    def ministries(self) -> list[Ministry]:
        """Ministries that steer a member."""
        return sorted(self.scenario.ministries, key=lambda ministry: ministry.name)

    @cached_property
    def forums(self) -> list[Forum]:
        """Forums of the arrangement."""
        return sorted(self.arrangement.forum, key=lambda forum: forum.name)

    @cached_property
    def staffed(self) -> list[Forum]:
        """Forums that are working secretariats."""
        return [forum for forum in self.forums if float(forum.secretariat_fte) > 0]

    @cached_property
    def projects(self) -> list[Project]:
        """Projects of the portfolio."""
        return sorted(self.scenario.portfolio.project, key=lambda project: project.name)

    @cached_property
    def agency(self) -> dict[str, int]:
        """Position of each agency."""
        return index(agency.name for agency in self.agencies)

    @cached_property
    def ministry(self) -> dict[str, int]:
        """Position of each ministry."""
        return index(ministry.name for ministry in self.ministries)

    @cached_property
    def forum(self) -> dict[str, int]:
        """Position of each forum."""
        return index(forum.name for forum in self.forums)

    @cached_property
    def secretariat(self) -> dict[str, int]:
        """Position of each working secretariat."""
        return index(forum.name for forum in self.staffed)

    @cached_property
    def project(self) -> dict[str, int]:
        """Position of each project."""
        return index(project.name for project in self.projects)

    @cached_property
    def stakes(self) -> list[tuple[Project, str]]:
        """Projects and their stake-holders."""
        return [(project, name) for project in self.projects for name in sorted(self.holders(project))]

    def holders(self, project: Project) -> set[str]:
        """Members of a project, and the municipal chain if it works through municipalities."""
        chain = self.arrangement.municipal_chain if project.municipal else []
        return {*project.members, *chain}

    @cached_property
    def stake(self) -> dict[tuple[str, str], int]:
        """Position of each (project, agency) stake."""
        return {(project.name, name): row for row, (project, name) in enumerate(self.stakes)}

    @cached_property
    def ties(self) -> dict[tuple[int, int], float]:
        """Start trust of each tie (source, target), in order."""
        groups: list[list[str]] = [list(forum.seats) for forum in self.forums]
        if self.arrangement.project_groups:
            groups += [list(project.members) for project in self.projects]
        start = float(self.arrangement.start.trust)
        trust = {
            (self.agency[a], self.agency[b]): start for group in groups for a, b in permutations(group, 2)
        }
        for tie in self.arrangement.tie:
            trust[self.agency[tie.source_agency], self.agency[tie.target_agency]] = float(tie.trust)
        return dict(sorted(trust.items()))

    @cached_property
    def tie(self) -> dict[tuple[int, int], int]:
        """Position of each tie."""
        return {pair: row for row, pair in enumerate(self.ties)}

    @cached_property
    def themes(self) -> tuple[str, ...]:
        """All themes that any agency or project gives weight."""
        vectors = [project.themes for project in self.projects]
        for agency in self.agencies:
            vectors += [v for v in (agency.core_tasks, agency.frame, agency.understanding) if v is not None]
        return tuple(sorted(set().union(*vectors)))

    @cached_property
    def agency_keys(self) -> Keys:
        """Keys of the agencies' names."""
        return name_keys(tuple(self.agency))

    @cached_property
    def ministry_of(self) -> Integers:
        """Ministry of each agency."""
        return integers([self.ministry[agency.ministry] for agency in self.agencies])

    def vector(self, weights: Mapping[str, Quantity]) -> Floats:
        """Weights over all themes."""
        return floats([float(weights[theme]) if theme in weights else 0.0 for theme in self.themes])
