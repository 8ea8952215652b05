"""Dials of structure that a search turns, and scenarios with their dials turned."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from math import ceil

from tverretatlig_sim.i18n import _
from tverretatlig_sim.inputs import check_table
from tverretatlig_sim.own import OWN
from tverretatlig_sim.scenario import Scenario, load_scenario
from tverretatlig_sim.scenario.fit import fit, is_secretariat
from tverretatlig_sim.scenario.load import ScenarioLike
from tverretatlig_sim.scenario.operations import add_secretariat, fewer_seats, needed_least
from tverretatlig_sim.scenario.schema import Forum
from tverretatlig_sim.scenario.whole import revised
from tverretatlig_sim.study.samples import Change, chained, edit, quantity

Level = float | str
Settings = Mapping[str, Level]
"""Level of each dial, by the dial's name."""
DIALS = ("portfolio", "stop_points", "secretariat", "seats", "cadence", "rule")
"""Names of the dials that come with the package."""


@dataclass(frozen=True)
class Dial:
    """One thing that can be turned.

    Attributes:
        name: what it is called in tables.
        levels: what it can be set to, in order.
        at: the change of a scenario that sets it to a level.
    """

    name: str
    levels: tuple[Level, ...]
    at: Callable[[Level], Change]


def dials_of(scenario: ScenarioLike) -> tuple[Dial, ...]:
    """The dials a scenario has, in the order in which they are turned; without forums only two are left."""
    largest = max((len(forum.seats) for forum in load_scenario(scenario).arrangement.forum), default=0)
    seats = [float(most) for most in (3, 5, 8) if most < largest]
    of_structure = (
        Dial("secretariat", (0.5, 1.0, 2.0, 4.0, 8.0), _secretariat),
        Dial("seats", (*seats, float(largest)), _seats),
        Dial("cadence", (1.0, 2.0, 3.0, 6.0), _cadence),
        Dial("rule", ("consensus", "majority", "lead"), lambda rule: edit("forum.rule", rule)),
    )
    return (
        *OWN["search dial"].values(),
        Dial("portfolio", (0.25, 0.5, 0.75, 1.0), _portfolio),
        Dial("stop_points", (0.0, 1.0, 2.0, 3.0, 4.0), _stop_points),
        *(of_structure if largest else ()),
    )


def turned(scenario: ScenarioLike, settings: Settings) -> Scenario:
    """A scenario with its dials at these levels.

    Args:
        scenario: what to change, as for ``load_scenario``.
        settings: levels by name of dial; dials that are not named stay as they are.

    Raises:
        ValueError: if there is no such dial or level.
        ScenarioError: if the result does not fit together.
    """
    dials, scenario = {dial.name: dial for dial in dials_of(scenario)}, load_scenario(scenario)
    check_table("settings", settings, "{'cadence': 3.0}")
    for name, level in settings.items():
        allowed = dials[name].levels if name in dials else tuple(dials)
        if name not in dials or level not in allowed:
            known = ", ".join(map(str, allowed))
            raise ValueError(
                _("dial {name} = {level}; allowed: {known}", name=name, level=level, known=known)
            )
    result = chained(*(dial.at(settings[name]) for name, dial in dials.items() if name in settings))(scenario)
    result.validate()
    return result


def _portfolio(share: Level) -> Change:
    """The first projects to start, at least one."""

    def change(scenario: Scenario) -> Scenario:
        projects = scenario.portfolio.project
        kept = needed_least(scenario, "last")[-max(1, ceil(float(share) * len(projects))) :]
        left = revised(scenario.portfolio, project=[it for it in projects if it in kept])
        return fit(replace(scenario, portfolio=left), scenario).scenario

    return change


def _stop_points(number: Level) -> Change:
    """As many line stop points in every project."""
    return chained(edit("project.stop_points", None), edit("arrangement.stop_points", number))


def _secretariat(staff: Level) -> Change:
    """Staff of all secretariats together, shared as before; a new one where there is none."""

    def change(scenario: Scenario) -> Scenario:
        total = sum(float(forum.secretariat_fte) for forum in scenario.arrangement.forum)
        if total == 0:
            return fit(add_secretariat(scenario, fte=quantity(float(staff))), scenario).scenario
        factor = float(staff) / total
        return edit("forum.secretariat_fte", lambda forum: factor * float(forum.secretariat_fte))(scenario)

    return change


def _seats(most: Level) -> Change:
    """No forum with more seats than that, secretariats apart."""
    seats = quantity(float(most))
    return lambda scenario: fit(fewer_seats(scenario, "all", most=seats), scenario).scenario


def _cadence(months: Level) -> Change:
    """So many months between the meetings of every forum, secretariats apart."""

    def paced(forum: Forum) -> object:
        return forum.cadence if is_secretariat(forum) else months

    return edit("forum.cadence", paced)
