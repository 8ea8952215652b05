"""Parts of other scenarios in place of one's own. Each change is made once, so that ensembles are shared."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

from tverretatlig_sim.scenario import Scenario, load_scenario
from tverretatlig_sim.scenario.combine import moved
from tverretatlig_sim.scenario.edits import each
from tverretatlig_sim.scenario.fit import PARTS, Part, fit
from tverretatlig_sim.scenario.schema import months_between
from tverretatlig_sim.study.patterns.changes import letters_name_nothing
from tverretatlig_sim.study.patterns.variations import Variation, variation


@cache
def arrangement_of(name: str) -> Variation:
    """Another scenario's arrangement and members, with one's own portfolio and letters."""

    def change(scenario: Scenario) -> Scenario:
        other = load_scenario(name)
        moved = replace(
            scenario, arrangement=other.arrangement, agencies=other.agencies, ministries=other.ministries,
            core=other.core, beyond=other.beyond, beyond_ministries=other.beyond_ministries,
        )  # fmt: skip
        own: tuple[Part, ...] = ("portfolio", "steering")
        return fit(moved, {**dict.fromkeys(PARTS, other), **dict.fromkeys(own, scenario)}).scenario

    return variation(f"arrangement of {name}", change)


@cache
def portfolio_of(name: str) -> Variation:
    """Another scenario's portfolio, moved in time to this one's start; letters then name no project."""

    def change(scenario: Scenario) -> Scenario:
        other = load_scenario(name)
        later = months_between(other.start, scenario.start)
        swapped = each(
            replace(letters_name_nothing().change(scenario), portfolio=other.portfolio),
            "project",
            lambda project: dict(moved(project, later)),
        )
        return fit(swapped, {**dict.fromkeys(PARTS, scenario), "portfolio": other}).scenario

    return variation(f"portfolio of {name}", change)
