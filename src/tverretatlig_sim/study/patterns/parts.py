"""Parts of other scenarios in place of one's own. Each change is made once, so that ensembles are shared."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import Any

from tverretatlig_sim.scenario import Scenario, load_scenario
from tverretatlig_sim.scenario.schema import Letters, Project, months_between, shifted
from tverretatlig_sim.study.patterns.changes import letters_name_nothing, with_projects
from tverretatlig_sim.study.patterns.variations import Variation, variation


@cache
def arrangement_of(name: str) -> Variation:
    """Another scenario's arrangement and members, with one's own portfolio and letters."""

    def change(scenario: Scenario) -> Scenario:
        other = load_scenario(name)
        members = {agency.name: agency.ministry for agency in other.agencies}
        moved = replace(
            scenario, arrangement=other.arrangement, agencies=other.agencies, ministries=other.ministries,
            core=other.core, beyond=other.beyond, beyond_ministries=other.beyond_ministries,
        )  # fmt: skip
        return replace(moved, letters=_addressed(scenario.letters, members))

    return variation(f"arrangement of {name}", change)


def _addressed(letters: Letters, members: dict[str, str]) -> Letters:
    """Letters and events that concern members, to those they concern."""
    ministries = set(members.values())
    kept = [
        letter.model_copy(
            update={
                "to": [name for name in letter.to if name in members],
                "ministries": [name for name in letter.ministries if name in ministries],
            }
        )
        for letter in letters.letter
    ]
    events = [
        event.model_copy(update={"ministries": [name for name in event.ministries if name in ministries]})
        for event in letters.event
    ]
    return letters.model_copy(
        update={
            "letter": [letter for letter in kept if letter.to and letter.ministries],
            "event": [event for event in events if event.ministries],
        }
    )


@cache
def portfolio_of(name: str) -> Variation:
    """Another scenario's portfolio, moved in time to this one's start; letters then name no project."""

    def change(scenario: Scenario) -> Scenario:
        other = load_scenario(name)
        later = months_between(other.start, scenario.start)
        known = {"line", *(forum.name for forum in scenario.arrangement.forum)}

        def moved(project: Project) -> dict[str, Any]:
            route = project.route if project.route and set(project.route) <= known else None
            return {"start": shifted(project.start, later), "route": route}

        swapped = with_projects(replace(scenario, portfolio=other.portfolio), moved)
        return letters_name_nothing().change(swapped)

    return variation(f"portfolio of {name}", change)
