"""What can be turned in a structure: seats, cadence, secretariat, decision rule, stop points, portfolio."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from math import ceil

from tverretatlig_sim.i18n import _
from tverretatlig_sim.scenario import Quantity, Scenario, ScenarioError
from tverretatlig_sim.scenario.edits import arranged, carried_out, each
from tverretatlig_sim.scenario.fit import fit, is_secretariat, revised
from tverretatlig_sim.scenario.forum_operations import AddSecretariat, FewerSeats
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
    if problems := result.problems():
        raise ScenarioError(problems)
    return result


def _number(level: Level) -> Quantity:
    return Quantity(value=float(level), grade="assumed", source="level of a search")


def _portfolio(scenario: Scenario, share: Level) -> Scenario:
    """The first projects to start, at least one."""
    ordered = sorted(scenario.portfolio.project, key=lambda project: (project.start, project.name))
    kept = {project.name for project in ordered[: max(1, ceil(float(share) * len(ordered)))]}
    projects = [project for project in scenario.portfolio.project if project.name in kept]
    return fit(replace(scenario, portfolio=revised(scenario.portfolio, project=projects)), scenario).scenario


def _stop_points(scenario: Scenario, number: Level) -> Scenario:
    """As many line stop points in every project."""
    alike = each(scenario, "project", lambda project: {"stop_points": None})
    return arranged(alike, stop_points=_number(number))


def _secretariat(scenario: Scenario, staff: Level) -> Scenario:
    """Staff of all secretariats together, shared as before; a new one where there is none."""
    total = sum(float(forum.secretariat_fte) for forum in scenario.arrangement.forum)
    if total == 0:
        return carried_out(AddSecretariat(do="add-secretariat", fte=_number(staff)), scenario).scenario
    factor = float(staff) / total

    def staffed(forum: Forum) -> dict[str, object]:
        fte = _number(factor * float(forum.secretariat_fte))
        return {"secretariat_fte": fte} if is_secretariat(forum) else {}

    return each(scenario, "forum", staffed)


def _seats(scenario: Scenario, most: Level) -> Scenario:
    """No forum with more seats than that, secretariats apart."""
    return carried_out(FewerSeats(do="fewer-seats", which="all", most=_number(most)), scenario).scenario


def _cadence(scenario: Scenario, months: Level) -> Scenario:
    """So many months between the meetings of every forum, secretariats apart."""
    return each(
        scenario, "forum", lambda forum: {} if is_secretariat(forum) else {"cadence": _number(months)}
    )


def _rule(scenario: Scenario, rule: Level) -> Scenario:
    """The same decision rule in every forum."""
    return each(scenario, "forum", lambda forum: {"rule": rule})
