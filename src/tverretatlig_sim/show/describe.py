"""A scenario as its reader sees it: who is in it, where they meet, what there is to do, and how it works."""

from __future__ import annotations

import json
from collections.abc import Sequence
from hashlib import sha256

from tverretatlig_sim.i18n import label
from tverretatlig_sim.scenario import Scenario
from tverretatlig_sim.scenario.schema import Forum, Project, Title
from tverretatlig_sim.show.catalogue import quantity_cells
from tverretatlig_sim.show.rows import (
    Cell,
    Cells,
    Document,
    Heading,
    Part,
    Sheet,
    Table,
    Value,
    Word,
    keyed,
)
from tverretatlig_sim.show.simulations import frameworks_document, frameworks_table

QUANTITIES = (
    "mandate_clarity", "project_clarity", "stop_points", "follow_up", "core_group_authority", "attention",
    "turnover",
)  # fmt: skip
"""Graded numbers of an arrangement, in the order in which they are shown."""


def scenario_sheet(scenario: Scenario) -> Sheet:
    """Everything a scenario is made of, and what that is in terms of the sources' frameworks."""
    from tverretatlig_sim.ensemble.frameworks import frameworks  # numerical libraries are slow to import

    readouts = frameworks(scenario)
    parts: list[Part] = [
        *_head(scenario),
        _actors(scenario),
        _forums(scenario),
        _projects(scenario),
        _letters(scenario),
        _practice(scenario),
        *([_parameters(scenario)] if scenario.parameters else []),
        frameworks_table({scenario.name: readouts}),
    ]
    return Sheet(parts, _document(scenario, frameworks_document(readouts)))


def scenario_document(scenario: Scenario) -> Document:
    """A scenario with everything it is made of, and what that is in terms of the frameworks."""
    from tverretatlig_sim.ensemble.frameworks import frameworks

    return _document(scenario, frameworks_document(frameworks(scenario)))


def _document(scenario: Scenario, readouts: Document) -> Document:
    return {
        "name": scenario.name,
        "title": scenario.title.model_dump(),
        "summary": scenario.summary and scenario.summary.model_dump(),
        "source": scenario.source,
        "start": scenario.start,
        "months": scenario.default_months,
        "levers": list(scenario.levers),
        "notes": [str(note) for note in scenario.notes],
        "core": sorted(scenario.core),
        "ministries": [ministry.model_dump() for ministry in scenario.ministries],
        "agencies": [agency.model_dump() for agency in scenario.agencies],
        "arrangement": scenario.arrangement.model_dump(),
        "portfolio": scenario.portfolio.model_dump(),
        "letters": scenario.letters.model_dump(),
        "parameters": {name: quantity.model_dump() for name, quantity in scenario.parameters.items()},
        "frameworks": readouts["measures"],
    }


def fingerprint(scenario: Scenario) -> str:
    """SHA-256 of everything a scenario is made of, in hexadecimal: the same for the same content."""
    content = json.dumps(scenario_document(scenario), sort_keys=True, ensure_ascii=True, allow_nan=False)
    return sha256(content.encode("ascii")).hexdigest()


def _titled(name: str, title: Title | None) -> str:
    return f"{name}: {title!s}" if title else name


def _head(scenario: Scenario) -> list[Part]:
    facts = f"{label('start')} {scenario.start}, {scenario.default_months} {label('months_unit')}"
    source = f"{label('source')}: {scenario.source}" if scenario.source else ""
    said = [str(scenario.summary) if scenario.summary else "", facts, source]
    return [Heading(scenario.title), "\n".join(filter(None, said))]


def _actors(scenario: Scenario) -> Table:
    rows: list[Cells] = []
    for ministry in scenario.ministries:
        agencies = [agency for agency in scenario.agencies if agency.ministry == ministry.name]
        for place, agency in enumerate(agencies):
            core = " *" if agency.name in scenario.core else ""
            rows.append(
                {
                    "ministry": "" if place else _titled(ministry.name, ministry.title),
                    "agency": _titled(agency.name + core, agency.title),
                    "capacity": Value(agency.capacity.value),
                }
            )
    return keyed(rows, title=label("who"), note=label("note.core"))


def _forums(scenario: Scenario) -> Table:
    rows: list[Cells] = [
        {
            "forum": str(forum.title) if forum.title else forum.name,
            "function": Word(forum.function),
            "cadence": Value(forum.cadence.value),
            "seats": _named(forum.seats, scenario),
            "lifetime": _lifetime(forum),
        }
        for forum in scenario.arrangement.forum
    ]
    return keyed(rows, title=label("forums"))


def _named(names: Sequence[str] | str, scenario: Scenario) -> str:
    """How many there are, and who unless it is everyone."""
    everyone = len(names) == len(scenario.agencies)
    return str(len(names)) if everyone else f"{len(names)}: {', '.join(names)}"


def _lifetime(forum: Forum) -> str:
    if not (forum.begins or forum.ends):
        return label("whole_run")
    return f"{forum.begins or ''} – {forum.ends or ''}".strip()


def _projects(scenario: Scenario) -> Table:
    rows: list[Cells] = [
        {
            "project": str(project.title) if project.title else project.name,
            "origin": Word(project.origin),
            "lead": project.lead,
            "members": len(project.members),
            "start": project.start,
            "recommendations_number": _recommendations(project),
            "themes": _themes(project),
        }
        for project in scenario.portfolio.project
    ]
    return keyed(rows, title=label("portfolio"))


def _recommendations(project: Project) -> Cell:
    given = project.recommendations
    return len(project.recommendation) if given is None else Value(given.value)


def _themes(project: Project) -> str:
    weights = {theme: weight.value for theme, weight in project.themes.items()}
    return ", ".join(str(Word(theme, "theme")) for theme in sorted(weights, key=lambda name: -weights[name]))


def _letters(scenario: Scenario) -> Table:
    rows: list[Cells] = [
        {
            "letter": letter.name,
            "from": ", ".join(letter.ministries),
            "to": _named(letter.to, scenario),
            "in_force": f"{letter.begins} – {letter.ends}",
            "strength": Value(letter.strength.value),
        }
        for letter in scenario.letters.letter
    ]
    return keyed(rows, title=label("letters"))


def _practice(scenario: Scenario) -> Table:
    arrangement, no = scenario.arrangement, label("no")
    words: dict[str, Cell] = {
        "coordinator": arrangement.coordinator or no,
        "facilitator": _body(arrangement.facilitator, scenario) if arrangement.facilitator else no,
        "delivery": Word(arrangement.delivery),
        "route": " → ".join(_body(body, scenario) for body in arrangement.route),
        "project_groups": label("yes") if arrangement.project_groups else no,
    }
    rows: list[Cells] = [{"practice": Word(key), "value": value} for key, value in words.items()]
    quantities = {key: getattr(arrangement, key) for key in QUANTITIES}
    quantities |= {"start_ownership": arrangement.start.ownership, "start_trust": arrangement.start.trust}
    rows += [
        {"practice": Word("attention_level" if key == "attention" else key), **quantity_cells(quantity)}
        for key, quantity in quantities.items()
        if quantity is not None
    ]
    return keyed(rows, title=label("arrangement"))


def _body(name: str, scenario: Scenario) -> str:
    """A forum by its title; the line by its label."""
    forum = next((forum for forum in scenario.arrangement.forum if forum.name == name), None)
    return str(forum.title) if forum and forum.title else label(name)


def _parameters(scenario: Scenario) -> Table:
    rows = [{"parameter": name, **quantity_cells(given)} for name, given in scenario.parameters.items()]
    return keyed(rows, title=label("parameters"))
