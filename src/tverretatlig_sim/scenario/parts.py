"""Scenarios made from others: parts replaced, references kept whole and checked again."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace

from tverretatlig_sim.i18n import Message, _, joined
from tverretatlig_sim.scenario.catalogue import Catalogue
from tverretatlig_sim.scenario.errors import Origin, Problem, listed
from tverretatlig_sim.scenario.references import Draft, Part, check_references
from tverretatlig_sim.scenario.scenario import Scenario
from tverretatlig_sim.scenario.schema import Agency, Forum, Letter, Letters, Project, ScenarioFile, Table


def with_forums(scenario: Scenario, forums: Sequence[Forum], **practice: object) -> Scenario:
    """Other forums, and other fields of the arrangement if any are given."""
    update = {"forum": list(forums), **practice}
    return replace(scenario, arrangement=scenario.arrangement.model_copy(update=update))


def rerouted(scenario: Scenario, change: Callable[[list[str]], list[str]]) -> Scenario:
    """Every route changed, those of projects too."""
    own = scenario.arrangement.self_initiated_route
    routes = {"route": change(scenario.arrangement.route), "self_initiated_route": own and change(own)}
    projects = [
        project.model_copy(update={"route": change(project.route)}) if project.route else project
        for project in scenario.portfolio.project
    ]
    return replace(
        scenario,
        arrangement=scenario.arrangement.model_copy(update=routes),
        portfolio=scenario.portfolio.model_copy(update={"project": projects}),
    )


def with_agencies(scenario: Scenario, agencies: Sequence[Agency]) -> Scenario:
    """Other descriptions of the same agencies."""
    return replace(scenario, agencies=tuple(agencies))


def with_letters(scenario: Scenario, **lists: object) -> Scenario:
    """Other letters or events."""
    return replace(scenario, letters=scenario.letters.model_copy(update=lists))


def with_projects(scenario: Scenario, projects: Sequence[Project]) -> Scenario:
    """Other projects; letters about projects that are gone go with them."""
    portfolio = scenario.portfolio.model_copy(update={"project": list(projects)})
    changed = replace(scenario, portfolio=portfolio)
    letters, gone = letters_about(scenario.letters, {project.name for project in projects})
    return noted(replace(changed, letters=letters), gone_letters(gone))


def letters_about(letters: Letters, projects: Collection[str]) -> tuple[Letters, list[str]]:
    """The letters without projects that are gone, and the names of those about such projects only.

    Without its projects a letter would turn into a general one, so it is left out.
    """
    kept: list[Letter] = []
    gone: list[str] = []
    for letter in letters.letter:
        named = [name for name in letter.projects if name in projects]
        if letter.projects and not named:
            gone.append(letter.name)
        else:
            kept.append(letter if named == letter.projects else letter.model_copy(update={"projects": named}))
    return (letters.model_copy(update={"letter": kept}) if kept != letters.letter else letters), gone


def gone_letters(names: Collection[str]) -> list[str]:
    """A note on letters that are left out."""
    return about({_("letters about projects that are gone are left out"): names})


def about(sentences: Mapping[Message, Collection[str]]) -> list[Message | str]:
    """A note for each sentence with the names it is about, if there are any."""
    return [joined(": ", (sentence, listed(names))) for sentence, names in sentences.items() if names]


def noted(scenario: Scenario, notes: Sequence[Message | str]) -> Scenario:
    """The scenario with more notes, each said once."""
    return replace(scenario, notes=tuple(dict.fromkeys((*scenario.notes, *notes)))) if notes else scenario


def problems_in(scenario: Scenario, place: Message | str) -> list[Problem]:
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
