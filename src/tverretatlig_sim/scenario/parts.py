"""References of a scenario made in memory, checked like those of a file."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from tverretatlig_sim.language import joined
from tverretatlig_sim.scenario.catalogue import Catalogue
from tverretatlig_sim.scenario.errors import Origin, Problem, listed
from tverretatlig_sim.scenario.references import Draft, Part, check_references
from tverretatlig_sim.scenario.scenario import Scenario
from tverretatlig_sim.scenario.schema import ScenarioFile, Table


def about(sentences: Mapping[str, Collection[str]]) -> list[str]:
    """A note for each sentence with the names it is about, if there are any."""
    return [joined(": ", (sentence, listed(names))) for sentence, names in sentences.items() if names]


def problems_in(scenario: Scenario, place: str) -> list[Problem]:
    """References of a scenario made in memory that lead nowhere.

    Args:
        scenario: what to check.
        place: where to say the problems are.
    """
    problems: list[Problem] = []
    origin = Origin(place)
    ministries = {m.name: m for m in scenario.ministries + scenario.beyond_ministries}
    agencies = {agency.name: agency for agency in scenario.everyone}
    head = ScenarioFile(
        name="made",
        start=scenario.start,
        months=scenario.months,
        arrangement="a",
        portfolio="p",
        letters="l",
    )
    draft = Draft(
        head,
        Catalogue(ministries, agencies, {}, set(ministries), set(agencies)),
        Part(scenario.arrangement, origin, _raw(scenario.arrangement)),
        Part(scenario.portfolio, origin, _raw(scenario.portfolio)),
        Part(scenario.letters, origin, _raw(scenario.letters)),
    )
    check_references(draft, problems)
    return problems


def _raw(part: Table) -> dict[str, object]:
    return part.model_dump(exclude_none=True)
