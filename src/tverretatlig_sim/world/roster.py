"""Everything in a scenario in order of name, with the position of each name."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from tverretatlig_sim.scenario.quantity import Quantity
from tverretatlig_sim.scenario.scenario import Scenario
from tverretatlig_sim.scenario.schema import Agency, Arrangement, Forum, Ministry, Project
from tverretatlig_sim.world.keys import Keys, name_keys
from tverretatlig_sim.world.pairs import Pairs, flat, pairs_within
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
        """Members, and those of the municipal chain that are none."""
        return sorted(self.scenario.everyone, key=lambda agency: agency.name)

    @cached_property
    def ministries(self) -> list[Ministry]:
        """Ministries that steer one of them."""
        ministries = self.scenario.ministries + self.scenario.beyond_ministries
        return sorted(ministries, key=lambda ministry: ministry.name)

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
    def stake(self) -> Pairs:
        """Pairs (project, agency) of the stakes, in their order."""
        rows = [
            self.project[project.name] * len(self.agency) + self.agency[name] for project, name in self.stakes
        ]
        return Pairs(integers(rows), len(self.agency))

    @cached_property
    def teams(self) -> list[list[int]]:
        """Members of each project that works as a group."""
        projects = self.projects if self.arrangement.project_groups else []
        return [[self.agency[name] for name in project.members] for project in projects]

    @cached_property
    def ties(self) -> Pairs:
        """Pairs (source, target) of the ties: who shares a forum or a project group, or is given one."""
        circles = [[self.agency[name] for name in forum.seats] for forum in self.forums]
        agency, size = flat([*circles, *self.teams])
        first, second, _ = pairs_within(size)
        shared = agency[first] * len(self.agency) + agency[second]
        return Pairs(np.unique(np.concatenate([shared, self._given_ties])), len(self.agency))

    @property
    def _given_ties(self) -> Integers:
        width, agency = len(self.agency), self.agency
        given = self.arrangement.tie
        return integers([agency[tie.source_agency] * width + agency[tie.target_agency] for tie in given])

    @cached_property
    def trust(self) -> Floats:
        """Start trust of each tie."""
        trust = np.full(len(self.ties), float(self.arrangement.start.trust))
        rows = np.searchsorted(self.ties.codes, self._given_ties)
        trust[rows] = [float(tie.trust) for tie in self.arrangement.tie]
        return trust

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

    def matrix(self, weights: Sequence[Mapping[str, Quantity]]) -> Floats:
        """Several weights over all themes, shape (theme, weights)."""
        row = {theme: place for place, theme in enumerate(self.themes)}
        matrix = np.zeros((len(self.themes), len(weights)))
        for column, own in enumerate(weights):
            for theme, weight in own.items():
                matrix[row[theme], column] = float(weight)
        return matrix
