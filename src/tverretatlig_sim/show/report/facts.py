"""The two arrangements side by side."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from tverretatlig_sim.i18n import label
from tverretatlig_sim.scenario import Scenario
from tverretatlig_sim.scenario.levers import sound_levers
from tverretatlig_sim.scenario.schema import Forum
from tverretatlig_sim.show.numbers import number, plain

Fact = Callable[[Scenario], str]


def facts(scenarios: Sequence[Scenario]) -> list[tuple[str, list[str]]]:
    """Each fact with its wording for each scenario."""
    return [(label(key), [fact(scenario) for scenario in scenarios]) for key, fact in FACTS.items()]


def _title(forum: Forum) -> str:
    return str(forum.title) if forum.title else forum.name


def _agencies(scenario: Scenario) -> str:
    return label("fact.agencies.text", n=len(scenario.agencies), core=len(scenario.core))


def _forums(scenario: Scenario) -> str:
    said = label("fact.forum")
    forums = scenario.arrangement.forum
    named = [said.format(title=_title(forum), seats=len(forum.seats)) for forum in forums]
    return "; ".join(named) or label("report.none")


def _meetings(scenario: Scenario) -> str:
    return number(sum(12 / forum.cadence.value for forum in scenario.arrangement.forum), 0)


def _secretariat(scenario: Scenario) -> str:
    return plain(sum(forum.secretariat_fte.value for forum in scenario.arrangement.forum))


def _mandate(scenario: Scenario) -> str:
    arrangement = scenario.arrangement
    return label(
        "fact.mandate.text",
        forums=plain(arrangement.mandate_clarity.value),
        projects=plain(arrangement.project_clarity.value),
    )


def _rule(scenario: Scenario) -> str:
    """The rules of the forums on the decision route."""
    forums = {forum.name: forum for forum in scenario.arrangement.forum}
    on_route = [forums[stop] for stop in scenario.arrangement.route if stop in forums]
    rules = [f"{_title(forum)}: {label(f'rule.decide.{forum.rule}')}" for forum in on_route]
    return "; ".join(rules) or label("fact.line")


def _route(scenario: Scenario) -> str:
    named = {forum.name: _title(forum) for forum in scenario.arrangement.forum}
    return " → ".join(named.get(stop, label("fact.line")) for stop in scenario.arrangement.route)


def _portfolio(scenario: Scenario) -> str:
    projects = scenario.portfolio.project
    planned = sum(
        int(project.recommendations) if project.recommendations else len(project.recommendation)
        for project in projects
    )
    return label(
        "fact.portfolio.text",
        projects=len(projects),
        recommendations=planned,
        commissioned=sum(project.origin == "commissioned" for project in projects),
    )


def _levers(scenario: Scenario) -> str:
    """Titles of the shipped levers pulled, with their names, and names of all others."""
    shipped = {lever.name: str(lever.title) for lever in sound_levers()[0]} if scenario.levers else {}
    named = [f"{shipped[name]} ({name})" if name in shipped else name for name in scenario.levers]
    return "; ".join(named) or label("report.none")


FACTS: Mapping[str, Fact] = {
    "fact.name": lambda s: s.name,
    "fact.start": lambda s: s.start,
    "fact.agencies": _agencies,
    "fact.ministries": lambda s: str(len(s.ministries)),
    "fact.coordinator": lambda s: s.arrangement.coordinator or label("report.none"),
    "fact.forums": _forums,
    "fact.cadence": _meetings,
    "fact.secretariat": _secretariat,
    "fact.mandate": _mandate,
    "fact.rule": _rule,
    "fact.route": _route,
    "fact.stop_points": lambda s: plain(s.arrangement.stop_points.value),
    "fact.delivery": lambda s: label(s.arrangement.delivery),
    "fact.follow_up": lambda s: plain(s.arrangement.follow_up.value),
    "fact.portfolio": _portfolio,
    "fact.letters": lambda s: str(len(s.letters.letter)),
    "fact.levers": _levers,
}
"""Facts in the order in which they are told."""
