"""Checked parts put together: every "all" spelled out, every default that depends on others filled in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from tverretatlig_sim.scenario.catalogue import Catalogue
from tverretatlig_sim.scenario.cautions import cautions
from tverretatlig_sim.scenario.quantity import Quantity
from tverretatlig_sim.scenario.scenario import Scenario
from tverretatlig_sim.scenario.schema import (
    Agency,
    Arrangement,
    Event,
    Forum,
    Letter,
    Letters,
    Member,
    Portfolio,
    Project,
    ScenarioFile,
    Title,
)

OVERRIDES = (
    "ministry",
    "capacity",
    "line_capacity",
    "internal_organisation",
    "ownership",
    "dependence",
    "ambition",
)
"""Fields of an agency that its membership may replace."""


@dataclass(frozen=True)
class Parts:
    """The checked parts of one scenario."""

    head: ScenarioFile
    catalogue: Catalogue
    arrangement: Arrangement
    portfolio: Portfolio
    letters: Letters
    parameters: dict[str, Quantity]


def resolved(parts: Parts, path: Path | None) -> Scenario:
    """The scenario made of parts without problems."""
    agencies = sorted(
        (_agency(parts, member) for member in parts.arrangement.member), key=lambda item: item.name
    )
    steering = {agency.ministry for agency in agencies}
    names = [agency.name for agency in agencies]
    beyond = [
        parts.catalogue.agencies[name] for name in sorted({*parts.arrangement.municipal_chain} - {*names})
    ]
    head = parts.head
    made = Scenario(
        name=head.name,
        title=head.title or Title(en=head.name, nb=head.name),
        summary=head.summary,
        source=head.source,
        start=head.start,
        months=head.months,
        ministries=tuple(parts.catalogue.ministries[name] for name in sorted(steering)),
        agencies=tuple(agencies),
        core=frozenset(member.agency for member in parts.arrangement.member if member.core),
        arrangement=_arrangement(parts.arrangement, names),
        portfolio=_portfolio(parts.portfolio, names),
        letters=_letters(parts.letters, agencies),
        parameters=parts.parameters,
        path=path,
        beyond=tuple(beyond),
        beyond_ministries=tuple(
            parts.catalogue.ministries[name]
            for name in sorted({agency.ministry for agency in beyond} - steering)
        ),
    )
    return replace(made, notes=tuple(cautions(made)))


def _agency(parts: Parts, member: Member) -> Agency:
    given = {field: value for field in OVERRIDES if (value := getattr(member, field)) is not None}
    return parts.catalogue.agencies[member.agency].model_copy(update=given)


def _arrangement(arrangement: Arrangement, members: list[str]) -> Arrangement:
    return arrangement.model_copy(update={"forum": [_forum(forum, members) for forum in arrangement.forum]})


def _forum(forum: Forum, members: list[str]) -> Forum:
    return forum.model_copy(update={"seats": members}) if forum.seats == "all" else forum


def _portfolio(portfolio: Portfolio, members: list[str]) -> Portfolio:
    return portfolio.model_copy(
        update={"project": [_project(project, members) for project in portfolio.project]}
    )


def _project(project: Project, members: list[str]) -> Project:
    explicit = members if project.members == "all" else project.members
    parties = at_most(project.parties, len(explicit), "as many as take part")
    return project.model_copy(update={"members": explicit, "parties": parties})


def at_most(quantity: Quantity, limit: float, reason: str) -> Quantity:
    """A number and its range cut to a limit, with the reason in its note if the number is above it."""
    if quantity.value <= limit:
        span = quantity.range and (quantity.range[0], min(quantity.range[1], limit))
        return quantity if span == quantity.range else quantity.model_copy(update={"range": span})
    ends = quantity.range or (quantity.value, quantity.value)
    note = "; ".join(part for part in (quantity.note, f"{quantity.value:g}, cut: {reason}") if part)
    cut = {"value": float(limit), "range": (min(ends[0], limit), float(limit)), "note": note}
    return quantity.model_copy(update=cut)


def _letters(letters: Letters, agencies: list[Agency]) -> Letters:
    steered: dict[str, list[str]] = {}
    for agency in agencies:
        steered.setdefault(agency.ministry, []).append(agency.name)
    steering = sorted(steered)
    lists = {
        "letter": [_letter(letter, steered) for letter in letters.letter],
        "event": [_event(event, steering) for event in letters.event],
    }
    return letters.model_copy(update=lists)


def _letter(letter: Letter, steered: Mapping[str, list[str]]) -> Letter:
    to = letter.to
    if to == "all":
        to = sorted(name for ministry in set(letter.ministries) for name in steered.get(ministry, ()))
    return letter.model_copy(update={"to": to, "ends": letter.ends or f"{letter.begins[:4]}-12"})


def _event(event: Event, steering: list[str]) -> Event:
    return event.model_copy(update={"ministries": steering}) if event.ministries == "all" else event
