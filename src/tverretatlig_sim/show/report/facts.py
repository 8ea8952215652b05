"""The two arrangements side by side, and what they are called."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

from tverretatlig_sim.i18n import label
from tverretatlig_sim.scenario import Scenario
from tverretatlig_sim.scenario.schema import Forum
from tverretatlig_sim.show.numbers import number, plain
from tverretatlig_sim.show.rows import Cells, Table


def titles(scenarios: Sequence[Scenario]) -> list[str]:
    """Titles that tell the scenarios apart: with the name behind them where they are the same or empty."""
    given = [str(scenario.title).strip() for scenario in scenarios]
    return [
        title if title and given.count(title) == 1 else f"{title} ({scenario.name})".strip()
        for title, scenario in zip(given, scenarios, strict=True)
    ]


def facts_table(
    scenarios: Sequence[Scenario], names: Sequence[str], lever_titles: Mapping[str, str]
) -> Table:
    """Facts of both arrangements; rows that differ are marked.

    Args:
        scenarios: the two.
        names: what they are called.
        lever_titles: of the levers used in them, by name.
    """
    found: dict[str, list[str]] = {key: [fact(one) for one in scenarios] for key, fact in FACTS.items()}
    found["fact.levers"] = [_levers(one, lever_titles) for one in scenarios]
    rows: list[Cells] = [
        {"fact": label(key) + (" ≠" if first != second else ""), "A": first, "B": second}
        for key, (first, second) in found.items()
    ]
    columns = {"fact": "", "A": names[0], "B": names[1]}
    return Table.of(columns, rows, title=label("report.arrangements"))


def _title(forum: Forum) -> str:
    return str(forum.title or forum.name)


def _listed(words: Iterable[str], none: str = "report.none") -> str:
    return "; ".join(words) or label(none)


def _agencies(scenario: Scenario) -> str:
    return label("fact.agencies.text", n=len(scenario.agencies), core=len(scenario.core))


def _forums(scenario: Scenario) -> str:
    return _listed(
        label("fact.forum", title=_title(forum), seats=len(forum.seats))
        for forum in scenario.arrangement.forum
    )


def _meetings(scenario: Scenario) -> str:
    return number(sum(12 / forum.cadence.value for forum in scenario.arrangement.forum), 0)


def _secretariat(scenario: Scenario) -> str:
    return plain(sum(forum.secretariat_fte.value for forum in scenario.arrangement.forum))


def _mandate(scenario: Scenario) -> str:
    clear = scenario.arrangement.mandate_clarity.value, scenario.arrangement.project_clarity.value
    return label("fact.mandate.text", forums=plain(clear[0]), projects=plain(clear[1]))


def _stops(scenario: Scenario) -> list[tuple[str, Forum | None]]:
    """The decision route: what each stop is called, and the forum if it is one."""
    forums = {forum.name: forum for forum in scenario.arrangement.forum}
    return [
        (_title(forums[stop]) if stop in forums else label("fact.line"), forums.get(stop))
        for stop in scenario.arrangement.route
    ]


def _rule(scenario: Scenario) -> str:
    """The rules of the forums on the decision route."""
    rules = (f"{name}: {label(f'rule.decide.{forum.rule}')}" for name, forum in _stops(scenario) if forum)
    return _listed(rules, "fact.line")


def _portfolio(scenario: Scenario) -> str:
    projects = scenario.portfolio.project
    return label(
        "fact.portfolio.text",
        projects=len(projects),
        recommendations=sum(int(p.recommendations or len(p.recommendation)) for p in projects),
        commissioned=sum(project.origin == "commissioned" for project in projects),
    )


def _levers(scenario: Scenario, lever_titles: Mapping[str, str]) -> str:
    """Titles of the levers used, with their names, and only names of those whose title is not known."""
    return _listed(
        f"{lever_titles[name]} ({name})" if name in lever_titles else name for name in scenario.levers
    )


FACTS: Mapping[str, Callable[[Scenario], str]] = {
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
    "fact.route": lambda s: " → ".join(name for name, _ in _stops(s)),
    "fact.stop_points": lambda s: plain(s.arrangement.stop_points.value),
    "fact.delivery": lambda s: label(s.arrangement.delivery),
    "fact.follow_up": lambda s: plain(s.arrangement.follow_up.value),
    "fact.portfolio": _portfolio,
    "fact.letters": lambda s: str(len(s.letters.letter)),
}
"""Facts in the order in which they are told."""
