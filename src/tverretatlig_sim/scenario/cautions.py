"""What a valid scenario says that its author may not have meant: said in its notes, not refused."""

from __future__ import annotations

from math import floor

from tverretatlig_sim.i18n import Message, _
from tverretatlig_sim.scenario.parts import about
from tverretatlig_sim.scenario.scenario import Scenario, months_between
from tverretatlig_sim.scenario.schema import Forum, Project


def cautions(scenario: Scenario) -> list[Message | str]:
    """Sentences on what can never happen in a run of the scenario's length, though the file asks for it."""
    said: dict[Message, list[str]] = {
        _("forums that decide never meet in the run, so nothing gets past them"): _never_meeting(scenario),
        _("projects work through municipalities, but municipal_chain names nobody to carry that out"): [
            project.name
            for project in scenario.portfolio.project
            if project.municipal and not scenario.arrangement.municipal_chain
        ],
        _("projects start after the run has ended"): [
            project.name
            for project in scenario.portfolio.project
            if months_between(scenario.start, project.start) >= scenario.default_months
        ],
    }
    return about(said)


def _never_meeting(scenario: Scenario) -> list[str]:
    deciding = {stop for project in scenario.portfolio.project for stop in _route(project, scenario)}
    return [
        forum.name
        for forum in scenario.arrangement.forum
        if forum.name in deciding and not _meets(forum, scenario)
    ]


def _route(project: Project, scenario: Scenario) -> list[str]:
    arrangement = scenario.arrangement
    self_initiated = arrangement.self_initiated_route if project.origin == "self-initiated" else None
    return project.route or self_initiated or arrangement.route


def _meets(forum: Forum, scenario: Scenario) -> bool:
    """Whether the forum meets at all; months are counted from its begin, else from the run's."""
    last = scenario.default_months - 1
    begins = 0 if forum.begins is None else months_between(scenario.start, forum.begins)
    ends = last if forum.ends is None else min(last, months_between(scenario.start, forum.ends))
    first, cadence = max(0, begins), float(forum.cadence)
    return ends >= first and floor((ends - begins + 1) / cadence) > floor((first - begins) / cadence)
