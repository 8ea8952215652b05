"""A scenario as its reader sees it: who is in it, where they meet, what there is to do, and how it works."""

from __future__ import annotations

from collections.abc import Sequence

from rich.table import Table
from rich.text import Text

from tverretatlig_sim.i18n import label
from tverretatlig_sim.scenario import Quantity, Scenario
from tverretatlig_sim.scenario.schema import Forum, Project, Title
from tverretatlig_sim.show.numbers import plain
from tverretatlig_sim.show.tables import table

QUANTITIES = (
    "mandate_clarity", "project_clarity", "stop_points", "follow_up", "core_group_authority", "attention",
    "turnover",
)  # fmt: skip
"""Graded numbers of an arrangement, in the order in which they are shown."""


def portrait(scenario: Scenario) -> list[Table | Text]:
    """Everything a scenario is made of, as paragraphs and tables.

    Args:
        scenario: what to show.
    """
    return [
        _head(scenario),
        _actors(scenario),
        _forums(scenario),
        _projects(scenario),
        _letters(scenario),
        _practice(scenario),
        *([_parameters(scenario)] if scenario.parameters else []),
    ]


def _table(title: str, **columns: str) -> Table:
    return table(label(title), {label(key): stands for key, stands in columns.items()})


def _titled(name: str, title: Title | None) -> str:
    return f"{name}: {title!s}" if title else name


def _head(scenario: Scenario) -> Text:
    summary = f"\n{scenario.summary!s}" if scenario.summary else ""
    facts = f"{label('start')} {scenario.start}, {scenario.default_months} {label('months_unit')}"
    source = f"\n{label('source')}: {scenario.source}" if scenario.source else ""
    return Text.assemble((str(scenario.title), "bold"), f"{summary}\n{facts}{source}\n")


def _actors(scenario: Scenario) -> Table:
    made = _table("who", ministry="fold", agency="fold", capacity="right")
    made.caption, made.caption_justify = label("note.core"), "left"
    for ministry in scenario.ministries:
        agencies = [agency for agency in scenario.agencies if agency.ministry == ministry.name]
        for place, agency in enumerate(agencies):
            core = " *" if agency.name in scenario.core else ""
            steering = "" if place else _titled(ministry.name, ministry.title)
            made.add_row(steering, _titled(agency.name + core, agency.title), plain(agency.capacity.value))
    return made


def _forums(scenario: Scenario) -> Table:
    made = _table("forums", forum="fold", function="left", cadence="right", seats="fold", lifetime="left")
    for forum in scenario.arrangement.forum:
        name = str(forum.title) if forum.title else forum.name
        cells = [label(forum.function), plain(forum.cadence.value), _named(forum.seats, scenario)]
        made.add_row(name, *cells, _lifetime(forum))
    return made


def _named(names: Sequence[str] | str, scenario: Scenario) -> str:
    """How many there are, and who unless it is everyone."""
    everyone = len(names) == len(scenario.agencies)
    return str(len(names)) if everyone else f"{len(names)}: {', '.join(names)}"


def _lifetime(forum: Forum) -> str:
    if not (forum.begins or forum.ends):
        return label("whole_run")
    return f"{forum.begins or ''} – {forum.ends or ''}".strip()


def _projects(scenario: Scenario) -> Table:
    made = _table(
        "portfolio", project="fold", origin="fold", lead="left", members="right", start="left",
        recommendations_number="right", themes="fold",
    )  # fmt: skip
    for project in scenario.portfolio.project:
        title = str(project.title) if project.title else project.name
        weights = {theme: -weight.value for theme, weight in project.themes.items()}
        themes = ", ".join(_theme(theme) for theme in sorted(weights, key=weights.__getitem__))
        cells = [label(project.origin), project.lead, str(len(project.members)), project.start]
        made.add_row(title, *cells, _recommendations(project), themes)
    return made


def _theme(name: str) -> str:
    return label(f"theme.{name}").removeprefix("theme.")


def _recommendations(project: Project) -> str:
    return (
        f"{project.recommendations.value:g}" if project.recommendations else str(len(project.recommendation))
    )


def _letters(scenario: Scenario) -> Table:
    columns = {"letter": "fold", "from": "fold", "to": "fold", "in_force": "left", "strength": "right"}
    made = _table("letters", **columns)
    for letter in scenario.letters.letter:
        period = f"{letter.begins} – {letter.ends}"
        cells = [
            ", ".join(letter.ministries),
            _named(letter.to, scenario),
            period,
            plain(letter.strength.value),
        ]
        made.add_row(letter.name, *cells)
    return made


def _practice(scenario: Scenario) -> Table:
    made = _table("arrangement", practice="fold", value="fold", range="left", grade="left", source="fold")
    arrangement = scenario.arrangement
    words = {
        "coordinator": arrangement.coordinator or label("no"),
        "facilitator": _body(arrangement.facilitator, scenario) or label("no"),
        "delivery": label(arrangement.delivery),
        "route": " → ".join(_body(body, scenario) for body in arrangement.route),
        "project_groups": label("yes" if arrangement.project_groups else "no"),
    }
    for key, value in words.items():
        made.add_row(label(key), value)
    quantities = {key: getattr(arrangement, key) for key in QUANTITIES}
    quantities |= {"start_ownership": arrangement.start.ownership, "start_trust": arrangement.start.trust}
    for key, quantity in quantities.items():
        if quantity is not None:
            _add_quantity(made, label("attention_level" if key == "attention" else key), quantity)
    return made


def _body(name: str | None, scenario: Scenario) -> str:
    """A forum by its title; the line by its label."""
    forum = next((forum for forum in scenario.arrangement.forum if forum.name == name), None)
    return str(forum.title) if forum and forum.title else label(name or "")


def _parameters(scenario: Scenario) -> Table:
    made = _table("parameters", parameter="fold", value="fold", range="left", grade="left", source="fold")
    for name, quantity in scenario.parameters.items():
        _add_quantity(made, name, quantity)
    return made


def _add_quantity(made: Table, name: str, quantity: Quantity) -> None:
    span = " … ".join(plain(end) for end in quantity.range) if quantity.range else ""
    made.add_row(name, plain(quantity.value), span, label(quantity.grade), quantity.source)
