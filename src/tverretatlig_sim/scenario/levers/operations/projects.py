"""Operations on projects and on how their work is decided and delivered."""

from __future__ import annotations

from dataclasses import replace
from typing import ClassVar, Literal

from tverretatlig_sim.language import say
from tverretatlig_sim.scenario.levers.operations.base import Operation, Unfit
from tverretatlig_sim.scenario.levers.operations.forums import steering_forum
from tverretatlig_sim.scenario.levers.targets import routes_of
from tverretatlig_sim.scenario.parts import rerouted, with_forums, with_projects
from tverretatlig_sim.scenario.quantity import Share
from tverretatlig_sim.scenario.scenario import Scenario
from tverretatlig_sim.scenario.schema import Delivery, Instrument, Project, overlap

LINE = "line"
BY_LAW_OR_BUDGET: tuple[Instrument, ...] = ("legal", "economic")
"""Instruments that need the ministries."""


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


class LawAndBudget(Operation):
    """A share of the planned recommendations by law or budget, the rest by organisation or teaching.

    Projects are taken in order of how spread out they leave the share over the list by name. One that has to
    change gets the legal, or the organisational, instrument, for all its recommendations.

    Attributes:
        share: of the planned recommendations, 0 to 1; met as closely as whole projects can.
    """

    share: Share

    def _apply(self, scenario: Scenario) -> Scenario:
        done, hard = 0, 0
        chosen: dict[str, bool] = {}
        for project in sorted(scenario.portfolio.project, key=lambda project: project.name):
            count = len(project.recommendation) or int(project.recommendations or 0)
            done += count
            chosen[project.name] = abs(hard + count - float(self.share) * done) < abs(
                hard - float(self.share) * done
            )
            hard += count * chosen[project.name]
        projects = [_with_instruments(row, chosen[row.name]) for row in scenario.portfolio.project]
        return with_projects(scenario, projects)


def _with_instruments(project: Project, by_law: bool) -> Project:
    """The project with each instrument kept if it is of the right sort, else replaced."""
    listed = [
        item.model_copy(update={"instrument": _instrument(item.instrument or project.instrument, by_law)})
        for item in project.recommendation
    ]
    own = _instrument(project.instrument, by_law)
    return project.model_copy(update={"instrument": own, "recommendation": listed})


def _instrument(now: Instrument, by_law: bool) -> Instrument:
    if (now in BY_LAW_OR_BUDGET) == by_law:
        return now
    return "legal" if by_law else "organisational"


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
            raise Unfit(say("there are {number} projects to choose from", number=len(projects)))
        count = min(max(1, round(float(self.share) * len(projects))), len(projects) - 1)
        ranked = sorted(projects, key=lambda project: (*self._rank(project, scenario), project.name))
        dropped = {project.name for project in ranked[:count]}
        kept = [project for project in projects if project.name not in dropped]
        return with_projects(replace(scenario, months=scenario.length), kept)

    def _rank(self, project: Project, scenario: Scenario) -> tuple[float, str]:
        if self.first == "last":
            return -float(project.start.replace("-", "")), ""
        near = [overlap(agency, project) for agency in scenario.agencies if agency.name in project.members]
        return sum(near) / len(near), project.start
