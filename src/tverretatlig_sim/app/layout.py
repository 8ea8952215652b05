"""Where agencies and ministries stand on the map: round a circle, those of one ministry side by side."""

from __future__ import annotations

from dataclasses import dataclass
from math import pi

from tverretatlig_sim.scenario import Scenario

GAP = 0.6
"""Room between two ministries, in places of agencies."""


@dataclass(frozen=True)
class Circle:
    """Angles in radians, clockwise from the top.

    Attributes:
        agencies: the angle of each agency, by name.
        ministries: first and last angle of each ministry's arc, by name.
    """

    agencies: dict[str, float]
    ministries: dict[str, tuple[float, float]]


def circle(scenario: Scenario) -> Circle:
    """Ministries in the scenario's order, the municipal chain last; in each, core agencies first."""
    steering = scenario.ministries + scenario.beyond_ministries
    groups = {ministry.name: _steered(scenario, ministry.name) for ministry in steering}
    groups = {name: agencies for name, agencies in groups.items() if agencies}
    step = 2 * pi / (len(scenario.everyone) + GAP * len(groups))
    agencies: dict[str, float] = {}
    ministries: dict[str, tuple[float, float]] = {}
    place = (GAP + 1) / 2 * step
    for name, members in groups.items():
        agencies |= {agency: place + step * row for row, agency in enumerate(members)}
        ministries[name] = (place - 0.4 * step, place + step * (len(members) - 0.6))
        place += step * (len(members) + GAP)
    return Circle(agencies, ministries)


def _steered(scenario: Scenario, ministry: str) -> list[str]:
    names = [agency.name for agency in scenario.everyone if agency.ministry == ministry]
    return sorted(names, key=lambda name: (name not in scenario.core, name))
