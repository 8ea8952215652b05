"""Changes of a scenario in one respect, everything else fixed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from tverretatlig_sim import Scenario
from tverretatlig_sim.scenario.quantity import Quantity
from tverretatlig_sim.scenario.schema import Project, given
from tverretatlig_sim.scenario.whole import revised

Themes = dict[str, float]


def share(value: float) -> Quantity:
    return given(min(1.0, max(0.0, value)))


def practice(scenario: Scenario, **fields: Any) -> Scenario:
    """Other fields of the arrangement."""
    return replace(scenario, arrangement=revised(scenario.arrangement, **fields))


def each(scenario: Scenario, where: str, change: Callable[[Any], Mapping[str, Any]]) -> Scenario:
    """Other fields of every entry of a list, as ``agencies`` or ``arrangement.forum``."""
    part, _, name = where.partition(".")
    table = getattr(scenario, part)
    rows = [revised(row, **change(row)) for row in (getattr(table, name) if name else table)]
    return replace(scenario, **{part: revised(table, **{name: rows}) if name else tuple(rows)})


def numbers(fields: Mapping[str, float]) -> dict[str, Quantity]:
    return {name: given(value) for name, value in fields.items()}


def arranged(scenario: Scenario, **fields: float) -> Scenario:
    """Other numbers of the arrangement."""
    return practice(scenario, **numbers(fields))


def forums(scenario: Scenario, **fields: float) -> Scenario:
    """Other numbers of every forum."""
    return each(scenario, "arrangement.forum", lambda _: numbers(fields))


def everyone(scenario: Scenario, **fields: float) -> Scenario:
    """Other numbers of every agency."""
    return each(scenario, "agencies", lambda _: numbers(fields))


def joint(scenario: Scenario, **fields: float) -> Scenario:
    """Other numbers of the ministries' forums that steer."""
    steers = numbers(fields)
    return each(scenario, "arrangement.ministry_forum", lambda it: steers if it.function == "steer" else {})


def contradicted(scenario: Scenario) -> Scenario:
    """Beside each letter another one to the same agencies that asks otherwise, half as strong."""
    own = scenario.letters.letter
    others = [
        revised(it, name=f"not {it.name}", contradicts=[it.name], strength=given(float(it.strength) / 2.0),
                resources=given(0.0))
        for it in own
    ]  # fmt: skip
    return replace(scenario, letters=revised(scenario.letters, letter=[*own, *others]))


def nearer(scenario: Scenario, name: str, by: float = 0.9) -> Scenario:
    """Core tasks of one agency moved towards the themes of its projects; its frame and views stay."""
    wanted = scaled(*(it.themes for it in scenario.portfolio.project if name in it.members))

    def moved(agency: Any) -> dict[str, Any]:
        if agency.name != name:
            return {}
        own = scaled(agency.core_tasks)
        core = {theme: (1 - by) * own.get(theme, 0) + by * wanted.get(theme, 0) for theme in {*own, *wanted}}
        frame = agency.frame or numbers(own)
        return {"core_tasks": numbers(core), "frame": frame, "understanding": agency.understanding or frame}

    return each(scenario, "agencies", moved)


def scaled(*rows: Mapping[str, Quantity]) -> Themes:
    """The mean of weights, each scaled to sum 1."""
    mean: Themes = {}
    for row in rows:
        total = sum(map(float, row.values())) * len(rows)
        for theme, weight in row.items():
            mean[theme] = mean.get(theme, 0.0) + float(weight) / total
    return mean


def louder(scenario: Scenario, by: float, resources: float = 0.0) -> Scenario:
    """Every letter says more (or less, below 0), and brings more if asked to."""
    return each(
        scenario,
        "letters.letter",
        lambda letter: {
            "strength": share(float(letter.strength) + by),
            "resources": given(float(letter.resources) + resources),
        },
    )


def clearer_forums(scenario: Scenario, by: float) -> Scenario:
    """Clearer mandates for all forums."""
    usual = scenario.arrangement.mandate_clarity
    clear = practice(scenario, mandate_clarity=share(float(usual) + by))
    return each(
        clear,
        "arrangement.forum",
        lambda forum: {"mandate_clarity": share(float(forum.mandate_clarity or usual) + by)},
    )


def clearer(scenario: Scenario, by: float) -> Scenario:
    """Clearer mandates for everything the commissioners set up."""
    usual = scenario.arrangement.project_clarity
    clear = practice(clearer_forums(scenario, by), project_clarity=share(float(usual) + by))
    return each(
        clear, "portfolio.project", lambda project: {"clarity": share(float(project.clarity or usual) + by)}
    )


def staffed(scenario: Scenario, fte: float) -> Scenario:
    """Every secretariat with this staff."""
    staff = {"secretariat_fte": given(fte)}
    return each(scenario, "arrangement.forum", lambda it: staff if float(it.secretariat_fte) > 0 else {})


def seated(scenario: Scenario, seats: int) -> Scenario:
    """Every forum that is not a secretariat with this many seats: first those it has, in order of name."""
    everyone = [agency.name for agency in scenario.agencies]

    def chosen(forum: Any) -> dict[str, Any]:
        first = [forum.chair] if forum.chair in forum.seats else []
        order = dict.fromkeys([*first, *sorted(forum.seats), *everyone])
        return {} if float(forum.secretariat_fte) > 0 else {"seats": list(order)[:seats]}

    return each(scenario, "arrangement.forum", chosen)


def restless(scenario: Scenario, factor: float = 2.0) -> Scenario:
    """More turnover of people."""
    return arranged(scenario, turnover=float(scenario.arrangement.turnover) * factor)


def stopping(scenario: Scenario, points: int) -> Scenario:
    """This many line stop points in every project."""
    stops = numbers({"stop_points": points})
    return each(practice(scenario, **stops), "portfolio.project", lambda _: stops)


def giving_up(scenario: Scenario, by: float = 0.3) -> Scenario:
    """More instruments to give up in every recommendation."""

    def more(project: Project) -> dict[str, Any]:
        usual, by_agency = project.instruments_given_up, project.gives_up
        listed = [
            revised(row, instruments_given_up=share(float(row.instruments_given_up or usual) + by))
            for row in project.recommendation
        ]
        up = {name: share(float(value) + by) for name, value in by_agency.items()}
        return {"instruments_given_up": share(float(usual) + by), "gives_up": up, "recommendation": listed}

    return each(scenario, "portfolio.project", more)


def stubborn(scenario: Scenario, factor: float = 2.0) -> Scenario:
    """Every agency holds on to its sector's frame more."""
    return each(scenario, "agencies", lambda it: {"stubbornness": given(float(it.stubbornness) * factor)})


def more_projects(scenario: Scenario, copies: int = 2) -> Scenario:
    """Copies of every project beside the first, with the same people."""
    again = [f" again {number}" for number in range(1, copies + 1)]
    rows = scenario.portfolio.project
    copied = [revised(row, name=row.name + suffix) for row in rows for suffix in again]
    more = replace(scenario, portfolio=revised(scenario.portfolio, project=[*rows, *copied]))
    return each(
        more,
        "letters.letter",
        lambda letter: {"projects": [name + suffix for name in letter.projects for suffix in ("", *again)]},
    )


def chaired(scenario: Scenario, authority: float) -> Scenario:
    """Every forum with a chair of this authority; the coordinator chairs where nobody else does."""
    led = practice(scenario, coordinator=scenario.arrangement.coordinator or scenario.core[0])
    return forums(led, authority=authority)


def through_municipalities(scenario: Scenario, chain: tuple[str, ...] = ("IMDi",)) -> Scenario:
    """Every project ends in municipalities, with these agencies between."""
    linked = practice(scenario, municipal_chain=list(chain))
    return each(linked, "portfolio.project", lambda _: {"municipal": True})
