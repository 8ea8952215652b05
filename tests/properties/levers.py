"""Changes of a scenario in one respect, everything else fixed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any, TypeVar

from tverretatlig_sim import Scenario
from tverretatlig_sim.scenario.quantity import Quantity
from tverretatlig_sim.scenario.schema import Agency, Project, Table

T = TypeVar("T", bound=Table)
Themes = dict[str, float]


def number(value: float) -> Quantity:
    return Quantity(value=value)


def share(value: float) -> Quantity:
    return Quantity(value=min(1.0, max(0.0, value)))


def changed(rows: list[T], change: Callable[[T], dict[str, Any]]) -> list[T]:
    """Every row with the fields that a change gives it."""
    return [row.model_copy(update=change(row)) for row in rows]


def practice(scenario: Scenario, **fields: Any) -> Scenario:
    """Other fields of the arrangement."""
    return replace(scenario, arrangement=scenario.arrangement.model_copy(update=fields))


def joint(scenario: Scenario, **fields: float) -> Scenario:
    """Other numbers of the ministries' forums that steer."""
    own = scenario.arrangement.ministry_forum
    new = {name: number(value) for name, value in fields.items()}
    return practice(scenario, ministry_forum=changed(own, lambda it: new if it.function == "steer" else {}))


def contradicted(scenario: Scenario) -> Scenario:
    """Beside each letter another one to the same agencies that asks otherwise, half as strong."""
    own = scenario.letters.letter
    others = [
        it.model_copy(update={"name": f"not {it.name}", "contradicts": [it.name],
                              "strength": number(float(it.strength) / 2.0), "resources": number(0.0)})
        for it in own
    ]  # fmt: skip
    return replace(scenario, letters=scenario.letters.model_copy(update={"letter": [*own, *others]}))


def projects(scenario: Scenario, change: Callable[[Project], dict[str, Any]]) -> Scenario:
    """Other fields of every project."""
    rows = changed(scenario.portfolio.project, change)
    return replace(scenario, portfolio=scenario.portfolio.model_copy(update={"project": rows}))


def stakes_of(scenario: Scenario, agency: str) -> list[Project]:
    return [project for project in scenario.portfolio.project if agency in project.members]


def nearer(scenario: Scenario, name: str, by: float = 0.9) -> Scenario:
    """Core tasks of one agency moved towards the themes of its projects; its frame and views stay."""
    wanted = mean([weights(project.themes) for project in stakes_of(scenario, name)])

    def moved(agency: Agency) -> dict[str, Any]:
        own = scaled(weights(agency.core_tasks))
        core = {theme: (1 - by) * own.get(theme, 0) + by * wanted.get(theme, 0) for theme in {*own, *wanted}}
        frame = agency.frame or quantities(own)
        return {
            "core_tasks": quantities(core),
            "frame": frame,
            "understanding": agency.understanding or frame,
        }

    agencies = tuple(
        agency.model_copy(update=moved(agency)) if agency.name == name else agency
        for agency in scenario.agencies
    )
    return replace(scenario, agencies=agencies)


def weights(themes: dict[str, Quantity]) -> Themes:
    return {theme: float(weight) for theme, weight in themes.items()}


def quantities(themes: Themes) -> dict[str, Quantity]:
    return {theme: number(weight) for theme, weight in themes.items()}


def scaled(themes: Themes) -> Themes:
    """To sum 1."""
    total = sum(themes.values())
    return {theme: weight / total for theme, weight in themes.items()}


def mean(rows: list[Themes]) -> Themes:
    return scaled({theme: sum(row.get(theme, 0.0) for row in rows) for theme in set().union(*rows)})


def louder(scenario: Scenario, by: float, resources: float = 0.0) -> Scenario:
    """Every letter says more (or less, below 0), and brings more if asked to."""
    rows = changed(
        scenario.letters.letter,
        lambda letter: {
            "strength": share(float(letter.strength) + by),
            "resources": number(float(letter.resources) + resources),
        },
    )
    return replace(scenario, letters=scenario.letters.model_copy(update={"letter": rows}))


def clearer_forums(scenario: Scenario, by: float) -> Scenario:
    """Clearer mandates for all forums."""
    given = scenario.arrangement.mandate_clarity
    rows = changed(
        scenario.arrangement.forum,
        lambda forum: {"mandate_clarity": share(float(forum.mandate_clarity or given) + by)},
    )
    return practice(scenario, mandate_clarity=share(float(given) + by), forum=rows)


def clearer_projects(scenario: Scenario, by: float) -> Scenario:
    """Clearer mandates for all projects."""
    given = scenario.arrangement.project_clarity
    clear = projects(scenario, lambda project: {"clarity": share(float(project.clarity or given) + by)})
    return practice(clear, project_clarity=share(float(given) + by))


def clearer(scenario: Scenario, by: float) -> Scenario:
    """Clearer mandates for everything the commissioners set up."""
    return clearer_projects(clearer_forums(scenario, by), by)


def staffed(scenario: Scenario, fte: float) -> Scenario:
    """Every secretariat with this staff."""
    rows = changed(
        scenario.arrangement.forum,
        lambda forum: {"secretariat_fte": number(fte)} if float(forum.secretariat_fte) > 0 else {},
    )
    return practice(scenario, forum=rows)


def seated(scenario: Scenario, seats: int) -> Scenario:
    """Every forum that is not a secretariat with this many seats: first those it has, in order of name."""
    everyone = [agency.name for agency in scenario.agencies]

    def chosen(own: list[str], chair: str | None) -> list[str]:
        first = [chair] if chair in own else []
        order = dict.fromkeys([*first, *sorted(own), *everyone])
        return list(order)[:seats]

    rows = changed(
        scenario.arrangement.forum,
        lambda forum: {} if float(forum.secretariat_fte) > 0 else {"seats": chosen(forum.seats, forum.chair)},
    )
    return practice(scenario, forum=rows)


def restless(scenario: Scenario, factor: float = 2.0) -> Scenario:
    """More turnover of people."""
    return practice(scenario, turnover=number(float(scenario.arrangement.turnover) * factor))


def stopping(scenario: Scenario, points: int) -> Scenario:
    """This many line stop points in every project."""
    return practice(projects(scenario, lambda _: {"stop_points": number(points)}), stop_points=number(points))


def giving_up(scenario: Scenario, by: float = 0.3) -> Scenario:
    """More instruments to give up in every recommendation."""

    def more(project: Project) -> dict[str, Any]:
        given, by_agency = project.instruments_given_up, project.gives_up
        listed = changed(
            project.recommendation,
            lambda row: {"instruments_given_up": share(float(row.instruments_given_up or given) + by)},
        )
        up = {name: share(float(value) + by) for name, value in by_agency.items()}
        return {"instruments_given_up": share(float(given) + by), "gives_up": up, "recommendation": listed}

    return projects(scenario, more)


def stubborn(scenario: Scenario, factor: float = 2.0) -> Scenario:
    """Every agency holds on to its sector's frame more."""
    agencies = changed(
        list(scenario.agencies), lambda agency: {"stubbornness": number(float(agency.stubbornness) * factor)}
    )
    return replace(scenario, agencies=tuple(agencies))


def monthly(scenario: Scenario) -> Scenario:
    """Every forum meets every month, so that waiting for the next meeting does not depend on the calendar."""
    return practice(scenario, forum=changed(scenario.arrangement.forum, lambda _: {"cadence": number(1.0)}))


def more_projects(scenario: Scenario, copies: int = 2) -> Scenario:
    """Copies of every project beside the first, with the same people."""
    again = [f" again {number}" for number in range(1, copies + 1)]
    rows = scenario.portfolio.project
    copied = [row.model_copy(update={"name": row.name + suffix}) for row in rows for suffix in again]
    letters = changed(
        scenario.letters.letter,
        lambda letter: {"projects": [name + suffix for name in letter.projects for suffix in ("", *again)]},
    )
    return replace(
        scenario,
        portfolio=scenario.portfolio.model_copy(update={"project": [*rows, *copied]}),
        letters=scenario.letters.model_copy(update={"letter": letters}),
    )


def ranked(scenario: Scenario, rank: float) -> Scenario:
    """Every forum of this rank."""
    return practice(scenario, forum=changed(scenario.arrangement.forum, lambda _: {"rank": number(rank)}))


def chaired(scenario: Scenario, authority: float) -> Scenario:
    """Every forum with a chair of this authority; the coordinator chairs where nobody else does."""
    forums = changed(scenario.arrangement.forum, lambda _: {"authority": number(authority)})
    return practice(scenario, forum=forums, coordinator=scenario.arrangement.coordinator or scenario.core[0])


def everyone(scenario: Scenario, **fields: float) -> Scenario:
    """Fields of every agency."""
    rows = changed(list(scenario.agencies), lambda _: {name: number(x) for name, x in fields.items()})
    return replace(scenario, agencies=tuple(rows))


def arranged(scenario: Scenario, **fields: float) -> Scenario:
    """Numbers of the arrangement."""
    return practice(scenario, **{name: number(value) for name, value in fields.items()})


def through_municipalities(scenario: Scenario, chain: tuple[str, ...] = ("IMDi",)) -> Scenario:
    """Every project ends in municipalities, with these agencies between."""
    return practice(projects(scenario, lambda _: {"municipal": True}), municipal_chain=list(chain))
