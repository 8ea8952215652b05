"""A scenario's tables as flat entries, each with a kind and a name, and new numbers put back into them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TypeVar

from tverretatlig_sim.scenario.quantity import Quantity
from tverretatlig_sim.scenario.scenario import Scenario
from tverretatlig_sim.scenario.schema import Arrangement, Letters, Portfolio, Project, Table, Tie

T = TypeVar("T", bound=Table)

Tables = Mapping[str, Mapping[str, Table]]
"""Entries by kind and name."""
Updates = Mapping[tuple[str, str], Mapping[str, Quantity]]
"""New numbers by kind and name of the entry, and field."""
ONLY = ""
"""Name of the entry of a kind that has only one."""


def tables_of(scenario: Scenario) -> Tables:
    """Every entry of a scenario that levers can reach."""
    arrangement, projects = scenario.arrangement, scenario.portfolio.project
    return {
        "arrangement": {ONLY: arrangement},
        "start": {ONLY: arrangement.start},
        "forum": {forum.name: forum for forum in arrangement.forum},
        "tie": {_pair(tie): tie for tie in arrangement.tie},
        "ministry": {ministry.name: ministry for ministry in scenario.ministries},
        "agency": {agency.name: agency for agency in scenario.everyone},
        "project": {project.name: project for project in projects},
        "recommendation": {
            f"{project.name}/{item.name}": item for project in projects for item in project.recommendation
        },
        "letter": {letter.name: letter for letter in scenario.letters.letter},
        "event": {event.name: event for event in scenario.letters.event},
    }


def updated(scenario: Scenario, updates: Updates) -> Scenario:
    """The scenario with new numbers in some of its entries."""
    return replace(
        scenario,
        ministries=tuple(_new(updates, "ministry", row.name, row) for row in scenario.ministries),
        agencies=tuple(_new(updates, "agency", row.name, row) for row in scenario.agencies),
        beyond=tuple(_new(updates, "agency", row.name, row) for row in scenario.beyond),
        arrangement=_arrangement(scenario.arrangement, updates),
        portfolio=_portfolio(scenario.portfolio, updates),
        letters=_letters(scenario.letters, updates),
    )


def _new(updates: Updates, kind: str, name: str, row: T) -> T:
    fields = updates.get((kind, name))
    return row.model_copy(update=dict(fields)) if fields else row


def _arrangement(arrangement: Arrangement, updates: Updates) -> Arrangement:
    tables = {
        "start": _new(updates, "start", ONLY, arrangement.start),
        "forum": [_new(updates, "forum", row.name, row) for row in arrangement.forum],
        "tie": [_new(updates, "tie", _pair(row), row) for row in arrangement.tie],
    }
    return _new(updates, "arrangement", ONLY, arrangement).model_copy(update=tables)


def _portfolio(portfolio: Portfolio, updates: Updates) -> Portfolio:
    return portfolio.model_copy(update={"project": [_project(row, updates) for row in portfolio.project]})


def _project(project: Project, updates: Updates) -> Project:
    listed = [
        _new(updates, "recommendation", f"{project.name}/{row.name}", row) for row in project.recommendation
    ]
    return _new(updates, "project", project.name, project).model_copy(update={"recommendation": listed})


def _letters(letters: Letters, updates: Updates) -> Letters:
    tables = {
        "letter": [_new(updates, "letter", row.name, row) for row in letters.letter],
        "event": [_new(updates, "event", row.name, row) for row in letters.event],
    }
    return letters.model_copy(update=tables)


def _pair(tie: Tie) -> str:
    return f"{tie.source_agency} to {tie.target_agency}"
