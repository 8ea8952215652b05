"""Operations on projects and on how their work is decided and delivered."""

from __future__ import annotations

from dataclasses import replace
from typing import ClassVar, Literal

from tverretatlig_sim.scenario.levers.operations.base import Operation, Unfit
from tverretatlig_sim.scenario.levers.operations.forums import steering_forum
from tverretatlig_sim.scenario.levers.targets import routes_of
from tverretatlig_sim.scenario.parts import rerouted, with_forums, with_projects
from tverretatlig_sim.scenario.quantity import Share
from tverretatlig_sim.scenario.scenario import Scenario
from tverretatlig_sim.scenario.schema import Delivery, Project
from tverretatlig_sim.scenario.themes import overlap

LINE = "line"


class RouteThrough(Operation):
    """Every recommendation passes a body: the steering forum first, or the lead's line last.

    A route that has any forum already passes one; which forum it is stays as it is.

    Attributes:
        body: which of the two.
    """

    about: ClassVar[str] = "body"
    body: Literal["steering-forum", "line"]

    def _apply(self, scenario: Scenario) -> Scenario:
        if self.body == LINE:
            return rerouted(scenario, lambda route: route if LINE in route else [*route, LINE])
        if all(set(route) != {LINE} for route in routes_of(scenario)):
            return scenario
        forum = steering_forum(scenario)
        return rerouted(scenario, lambda route: [forum, *route] if set(route) == {LINE} else route)


class Deliver(Operation):
    """How projects deliver.

    Attributes:
        delivery: ``final-report`` or ``increments``.
    """

    delivery: Delivery

    def _apply(self, scenario: Scenario) -> Scenario:
        return with_forums(scenario, scenario.arrangement.forum, delivery=self.delivery)


class DropProjects(Operation):
    """Fewer projects; the run stays as long as it was, so that the rest is counted over the same time.

    Attributes:
        share: of the projects that are not started, at least one; one is always left.
        first: which go first: those farthest from their members' core tasks, or those that start last.
    """

    share: Share
    first: Literal["farthest", "last"]

    def _apply(self, scenario: Scenario) -> Scenario:
        projects = scenario.portfolio.project
        if len(projects) < 2:
            raise Unfit(f"there are {len(projects)} projects to choose from")
        count = min(max(1, round(float(self.share) * len(projects))), len(projects) - 1)
        ranked = sorted(projects, key=lambda project: (*self._rank(project, scenario), project.name))
        dropped = {project.name for project in ranked[:count]}
        kept = [project for project in projects if project.name not in dropped]
        return with_projects(replace(scenario, months=scenario.default_months), kept)

    def _rank(self, project: Project, scenario: Scenario) -> tuple[float, str]:
        if self.first == "last":
            return -float(project.start.replace("-", "")), ""
        near = [overlap(agency, project) for agency in scenario.agencies if agency.name in project.members]
        return sum(near) / len(near), project.start
