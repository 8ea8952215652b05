"""What can be turned in a structure: seats, cadence, secretariat, decision rule, stop points, portfolio."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from math import ceil

from tverretatlig_sim.i18n import _
from tverretatlig_sim.scenario import Quantity, Scenario, ScenarioError
from tverretatlig_sim.scenario.errors import quoted
from tverretatlig_sim.scenario.levers.operations.forums import AddSecretariat, FewerSeats
from tverretatlig_sim.scenario.levers.targets import is_secretariat
from tverretatlig_sim.scenario.parts import problems_in, with_forums, with_projects
from tverretatlig_sim.scenario.schema import Forum

Level = float | str
Settings = Mapping[str, Level]
"""Level of each dial, by the dial's name."""


@dataclass(frozen=True)
class Dial:
    """One thing that can be turned.

    Attributes:
        name: what it is called in tables.
        levels: what it can be set to, in order.
        turn: the scenario at a level.
    """

    name: str
    levels: tuple[Level, ...]
    turn: Callable[[Scenario, Level], Scenario]


def dials_of(scenario: Scenario) -> tuple[Dial, ...]:
    """The dials a scenario has, in the order in which they are turned; without forums only two are left."""
    largest = max((len(forum.seats) for forum in scenario.arrangement.forum), default=0)
    seats = [float(most) for most in (3, 5, 8) if most < largest]
    dials = [
        Dial("portfolio", (0.25, 0.5, 0.75, 1.0), _portfolio),
        Dial("stop_points", (0.0, 1.0, 2.0, 3.0, 4.0), _stop_points),
    ]
    if largest:
        dials += [
            Dial("secretariat", (0.5, 1.0, 2.0, 4.0, 8.0), _secretariat),
            Dial("seats", (*seats, float(largest)), _seats),
            Dial("cadence", (1.0, 2.0, 3.0, 6.0), _cadence),
            Dial("rule", ("consensus", "majority", "lead"), _rule),
        ]
    return tuple(dials)


def turned(scenario: Scenario, settings: Settings) -> Scenario:
    """A scenario with its dials at these levels.

    Args:
        scenario: what to change.
        settings: levels by name of dial; dials that are not named stay as they are.

    Raises:
        ValueError: if there is no such dial or level.
        ScenarioError: if the result does not fit together.
    """
    dials = {dial.name: dial for dial in dials_of(scenario)}
    result = scenario
    for name, level in settings.items():
        if name not in dials or level not in dials[name].levels:
            allowed = dials[name].levels if name in dials else tuple(dials)
            known = ", ".join(map(str, allowed))
            raise ValueError(
                _("dial {name} = {level}; allowed: {known}", name=name, level=level, known=known)
            )
    for name, dial in dials.items():
        if name in settings:
            result = dial.turn(result, settings[name])
    if problems := problems_in(result, quoted(scenario.name)):
        raise ScenarioError(problems)
    return result


def _number(level: Level) -> Quantity:
    return Quantity(value=float(level), grade="assumed", source="level of a search")


def _portfolio(scenario: Scenario, share: Level) -> Scenario:
    """The first projects to start, at least one."""
    ordered = sorted(scenario.portfolio.project, key=lambda project: (project.start, project.name))
    kept = {project.name for project in ordered[: max(1, ceil(float(share) * len(ordered)))]}
    return with_projects(scenario, [p for p in scenario.portfolio.project if p.name in kept])


def _stop_points(scenario: Scenario, number: Level) -> Scenario:
    """As many line stop points in every project."""
    projects = [p.model_copy(update={"stop_points": None}) for p in scenario.portfolio.project]
    forums = scenario.arrangement.forum
    return with_forums(with_projects(scenario, projects), forums, stop_points=_number(number))


def _secretariat(scenario: Scenario, staff: Level) -> Scenario:
    """Staff of all secretariats together, shared as before; a new one where there is none."""
    total = sum(float(forum.secretariat_fte) for forum in scenario.arrangement.forum)
    if total == 0:
        return AddSecretariat(do="add-secretariat", fte=_number(staff)).carried_out(scenario)
    factor = float(staff) / total

    def staffed(forum: Forum) -> Forum:
        fte = _number(factor * float(forum.secretariat_fte))
        return forum.model_copy(update={"secretariat_fte": fte}) if is_secretariat(forum) else forum

    return _each(scenario, staffed)


def _seats(scenario: Scenario, most: Level) -> Scenario:
    """No forum with more seats than that, secretariats apart."""
    return FewerSeats(do="fewer-seats", which="all", most=_number(most)).carried_out(scenario)


def _cadence(scenario: Scenario, months: Level) -> Scenario:
    """So many months between the meetings of every forum, secretariats apart."""

    def paced(forum: Forum) -> Forum:
        return forum if is_secretariat(forum) else forum.model_copy(update={"cadence": _number(months)})

    return _each(scenario, paced)


def _rule(scenario: Scenario, rule: Level) -> Scenario:
    """The same decision rule in every forum."""
    return _each(scenario, lambda forum: forum.model_copy(update={"rule": rule}))


def _each(scenario: Scenario, change: Callable[[Forum], Forum]) -> Scenario:
    forums: Sequence[Forum] = scenario.arrangement.forum
    return with_forums(scenario, [change(forum) for forum in forums])
