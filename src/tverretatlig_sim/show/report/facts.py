"""The two arrangements side by side."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from tverretatlig_sim.scenario import Scenario
from tverretatlig_sim.scenario.levers import sound_levers
from tverretatlig_sim.scenario.schema import Forum
from tverretatlig_sim.show.labels import Language, label
from tverretatlig_sim.show.numbers import number, plain

Fact = Callable[[Scenario, Language], str]


def facts(scenarios: Sequence[Scenario], lang: Language) -> list[tuple[str, list[str]]]:
    """Each fact with its wording for each scenario."""
    return [
        (label(key, lang), [fact(scenario, lang) for scenario in scenarios]) for key, fact in FACTS.items()
    ]


def _title(forum: Forum, lang: Language) -> str:
    return getattr(forum.title, lang) if forum.title else forum.name


def _agencies(scenario: Scenario, lang: Language) -> str:
    return label("fact.agencies.text", lang).format(n=len(scenario.agencies), core=len(scenario.core))


def _forums(scenario: Scenario, lang: Language) -> str:
    said = label("fact.forum", lang)
    forums = scenario.arrangement.forum
    named = [said.format(title=_title(forum, lang), seats=len(forum.seats)) for forum in forums]
    return "; ".join(named) or label("report.none", lang)


def _meetings(scenario: Scenario, lang: Language) -> str:
    return number(sum(12 / forum.cadence.value for forum in scenario.arrangement.forum), 0, lang)


def _secretariat(scenario: Scenario, lang: Language) -> str:
    return plain(sum(forum.secretariat_fte.value for forum in scenario.arrangement.forum), lang)


def _mandate(scenario: Scenario, lang: Language) -> str:
    arrangement = scenario.arrangement
    return label("fact.mandate.text", lang).format(
        forums=plain(arrangement.mandate_clarity.value, lang),
        projects=plain(arrangement.project_clarity.value, lang),
    )


def _rule(scenario: Scenario, lang: Language) -> str:
    """The rules of the forums on the decision route."""
    forums = {forum.name: forum for forum in scenario.arrangement.forum}
    on_route = [forums[stop] for stop in scenario.arrangement.route if stop in forums]
    rules = [f"{_title(forum, lang)}: {label(f'rule.decide.{forum.rule}', lang)}" for forum in on_route]
    return "; ".join(rules) or label("fact.line", lang)


def _route(scenario: Scenario, lang: Language) -> str:
    named = {forum.name: _title(forum, lang) for forum in scenario.arrangement.forum}
    return " → ".join(named.get(stop, label("fact.line", lang)) for stop in scenario.arrangement.route)


def _portfolio(scenario: Scenario, lang: Language) -> str:
    projects = scenario.portfolio.project
    planned = sum(
        int(project.recommendations) if project.recommendations else len(project.recommendation)
        for project in projects
    )
    return label("fact.portfolio.text", lang).format(
        projects=len(projects),
        recommendations=planned,
        commissioned=sum(project.origin == "commissioned" for project in projects),
    )


def _levers(scenario: Scenario, lang: Language) -> str:
    """Titles of the shipped levers pulled, with their names, and names of all others."""
    shipped = (
        {lever.name: getattr(lever.title, lang) for lever in sound_levers()[0]} if scenario.levers else {}
    )
    named = [f"{shipped[name]} ({name})" if name in shipped else name for name in scenario.levers]
    return "; ".join(named) or label("report.none", lang)


FACTS: Mapping[str, Fact] = {
    "fact.name": lambda s, lang: s.name,
    "fact.start": lambda s, lang: s.start,
    "fact.agencies": _agencies,
    "fact.ministries": lambda s, lang: str(len(s.ministries)),
    "fact.coordinator": lambda s, lang: s.arrangement.coordinator or label("report.none", lang),
    "fact.forums": _forums,
    "fact.cadence": _meetings,
    "fact.secretariat": _secretariat,
    "fact.mandate": _mandate,
    "fact.rule": _rule,
    "fact.route": _route,
    "fact.stop_points": lambda s, lang: plain(s.arrangement.stop_points.value, lang),
    "fact.delivery": lambda s, lang: label(s.arrangement.delivery, lang),
    "fact.follow_up": lambda s, lang: plain(s.arrangement.follow_up.value, lang),
    "fact.portfolio": _portfolio,
    "fact.letters": lambda s, lang: str(len(s.letters.letter)),
    "fact.levers": _levers,
}
"""Facts in the order in which they are told."""
