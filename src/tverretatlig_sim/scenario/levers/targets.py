"""The closed vocabulary of what levers can reach, and the numbers a target stands for in a scenario."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal, get_args

from pydantic import BaseModel

from tverretatlig_sim.i18n import _, joined
from tverretatlig_sim.scenario.errors import did_you_mean
from tverretatlig_sim.scenario.levers.entries import ONLY, Tables, tables_of
from tverretatlig_sim.scenario.parameters import parameter_specs
from tverretatlig_sim.scenario.quantity import Bounds, Quantity, fault
from tverretatlig_sim.scenario.scenario import Scenario
from tverretatlig_sim.scenario.schema import (
    Agency,
    Arrangement,
    Event,
    Forum,
    Letter,
    Ministry,
    Project,
    Recommendation,
    Start,
    Table,
    Tie,
)

FIELDS: Mapping[str, tuple[str, ...]] = {
    "arrangement": (
        "core_group_authority", "department_link", "lead_authority", "programme_resources", "attention",
        "mandate_clarity", "project_clarity", "stop_points", "follow_up", "turnover",
    ),
    "start": ("ownership", "trust"),
    "forum": ("cadence", "agenda", "authority", "rank", "mandate_clarity", "secretariat_fte"),
    "agency": (
        "capacity", "line_capacity", "internal_organisation", "ownership", "stubbornness", "dependence",
        "ambition",
    ),
    "project": (
        "size", "instruments_given_up", "boldness", "benefit", "cost", "line_work", "rung", "clarity",
        "stop_points",
    ),
    "letter": ("strength", "resources"),
    "event": ("strength",),
}  # fmt: skip
"""Fields that levers may change, by kind of entry."""

ForumSelector = Literal[
    "all", "steer", "prepare", "draft", "inform", "secretariat", "served", "exclusive", "deciding"
]
ForumRule = Callable[[Scenario, Forum], bool]
AgencyRule = Callable[[Scenario, Agency], bool]

FORUMS: Mapping[ForumSelector, ForumRule] = {
    "all": lambda scenario, forum: True,
    "steer": lambda scenario, forum: forum.function == "steer",
    "prepare": lambda scenario, forum: forum.function == "prepare",
    "draft": lambda scenario, forum: forum.function == "draft",
    "inform": lambda scenario, forum: forum.function == "inform",
    "secretariat": lambda scenario, forum: is_secretariat(forum),
    "served": lambda scenario, forum: is_secretariat(forum) or forum.served_by is not None,
    "exclusive": lambda scenario, forum: forum.exclusive,
    "deciding": lambda scenario, forum: forum.name in deciding(scenario),
}
"""Which forums a selector in brackets means."""
AGENCIES: Mapping[str, AgencyRule] = {
    "all": lambda scenario, agency: agency not in scenario.beyond,
    "core": lambda scenario, agency: agency.name in scenario.core,
    "periphery": lambda scenario, agency: agency not in scenario.beyond and agency.name not in scenario.core,
    "coordinator": lambda scenario, agency: agency.name == scenario.arrangement.coordinator,
    "others": lambda scenario, agency: (
        agency not in scenario.beyond and agency.name != scenario.arrangement.coordinator
    ),
    "municipal": lambda scenario, agency: agency.name in scenario.arrangement.municipal_chain,
}
"""Which agencies a selector means: members, but for ``municipal``, the municipal chain."""
PROJECTS: Mapping[str, Callable[[Scenario, Project], bool]] = {
    "all": lambda scenario, project: True,
    "commissioned": lambda scenario, project: project.origin == "commissioned",
    "self-initiated": lambda scenario, project: project.origin == "self-initiated",
}
"""Which projects a selector means."""
LETTERS: Mapping[str, Callable[[Scenario, Letter], bool]] = {
    "all": lambda scenario, letter: True,
    "general": lambda scenario, letter: not letter.projects,
    "naming": lambda scenario, letter: bool(letter.projects),
}
"""Which letters a selector means: all, those about joint work in general, those that name projects."""
SELECTORS: Mapping[str, Mapping[Any, Callable[[Scenario, Any], bool]]] = {
    "forum": FORUMS,
    "agency": AGENCIES,
    "project": PROJECTS,
    "letter": LETTERS,
    "event": {"all": lambda scenario, event: True},
}
"""Selectors by kind of entry; arrangement and start have none, as there is only one of each."""

MODELS: Mapping[str, type[BaseModel]] = {
    "arrangement": Arrangement,
    "start": Start,
    "forum": Forum,
    "tie": Tie,
    "ministry": Ministry,
    "agency": Agency,
    "project": Project,
    "recommendation": Recommendation,
    "letter": Letter,
    "event": Event,
}
STANDS_FOR: Mapping[tuple[str, str], tuple[str, str]] = {
    ("forum", "mandate_clarity"): ("arrangement", "mandate_clarity"),
    ("project", "clarity"): ("arrangement", "project_clarity"),
    ("project", "stop_points"): ("arrangement", "stop_points"),
    ("ministry", "attention"): ("arrangement", "attention"),
    ("agency", "ownership"): ("start", "ownership"),
    ("tie", "trust"): ("start", "trust"),
}
"""Fields that, where given, replace one of the arrangement: what changes that one changes them too."""

WRITTEN = re.compile(r"(?P<kind>\w+)(\[(?P<selector>[\w-]+)\])?\.(?P<field>\w+)")


@dataclass(frozen=True, order=True)
class Place:
    """One number of a scenario: kind and name of its entry, and its field."""

    kind: str
    name: str
    field: str

    def __str__(self) -> str:
        return f'{self.kind} "{self.name}", {self.field}' if self.name else f"{self.kind}, {self.field}"


@dataclass(frozen=True)
class Target:
    """What a change is about: a kind of entry, which of them, and a field."""

    kind: str
    selector: str
    field: str

    @property
    def bounds(self) -> Bounds:
        """Hard limits of the field."""
        return bounds_of(self.kind, self.field)


@cache
def vocabulary() -> tuple[str, ...]:
    """Every target, as lever files write it."""
    return tuple(
        f"{kind}{f'[{selector}]' if selector else ''}.{field}"
        for kind, fields in FIELDS.items()
        for selector in SELECTORS.get(kind, {"": None})
        for field in fields
    )


def parsed(what: str) -> Target:
    """The target that a lever file writes, e.g. ``forum[served].cadence``.

    Raises:
        PydanticCustomError: it is none.
    """
    found = WRITTEN.fullmatch(what)
    if found is None or what not in vocabulary():
        known = _("one of those in the how-to on levers")
        allowed = joined("; ", (known, did_you_mean(what, vocabulary())))
        raise fault("no_target", _("is not a target of levers"), allowed)
    return Target(found["kind"], found["selector"] or "", found["field"])


def bounds_of(kind: str, field: str) -> Bounds:
    """Hard limits of a field of the schema."""
    info = MODELS[kind].model_fields[field]
    optional = [mark for part in get_args(info.annotation) for mark in getattr(part, "__metadata__", ())]
    return next(mark for mark in (*info.metadata, *optional) if isinstance(mark, Bounds))


def places(target: Target, scenario: Scenario) -> list[Place]:
    """The numbers a target stands for in a scenario, in order; none if it has no such entry."""
    table, rules = tables_of(scenario)[target.kind], SELECTORS.get(target.kind)
    own = [
        Place(target.kind, name, target.field)
        for name, entry in table.items()
        if rules is None or rules[target.selector](scenario, entry)
    ]
    return sorted([*own, *_followers(target, tables_of(scenario)), *_listed(target, own, scenario)])


def _followers(target: Target, tables: Tables) -> Iterator[Place]:
    """Numbers given in place of the arrangement's."""
    for (kind, field), stood_for in STANDS_FOR.items():
        if stood_for == (target.kind, target.field):
            for name, entry in tables[kind].items():
                if getattr(entry, field) is not None:
                    yield Place(kind, name, field)


def _listed(target: Target, own: list[Place], scenario: Scenario) -> Iterator[Place]:
    """Recommendations that give up other instruments than their project says."""
    if (target.kind, target.field) == ("project", "instruments_given_up"):
        names = {place.name for place in own}
        for project in scenario.portfolio.project:
            for item in project.recommendation:
                if project.name in names and item.instruments_given_up is not None:
                    yield Place("recommendation", f"{project.name}/{item.name}", target.field)


def base_place(place: Place) -> Place | None:
    """The number that counts where none is given at a place; None if there is no other."""
    stood_for = STANDS_FOR.get((place.kind, place.field))
    return Place(stood_for[0], ONLY, stood_for[1]) if stood_for else None


def value_at(place: Place, scenario: Scenario, tables: Tables) -> Quantity:
    """The number that counts at a place: given there, or in the arrangement, or the parameter's default."""
    given = own_value(place, tables)
    if given is not None:
        return given
    base = base_place(place)
    return _attention(scenario) if base is None else value_at(base, scenario, tables)


def own_value(place: Place, tables: Tables) -> Quantity | None:
    """The number given at a place, if any."""
    entry: Table = tables[place.kind][place.name]
    value: Quantity | None = getattr(entry, place.field)
    return value


def _attention(scenario: Scenario) -> Quantity:
    """The only number of an arrangement whose default is a parameter."""
    spec = parameter_specs()["attention_level"]
    default = Quantity(value=spec.value, range=(spec.low, spec.high), grade=spec.grade, source=spec.source)
    return scenario.parameters.get("attention_level", default)


def is_secretariat(forum: Forum) -> bool:
    """Whether a forum has staff."""
    return float(forum.secretariat_fte) > 0


def deciding(scenario: Scenario) -> set[str]:
    """Bodies on any route."""
    return {stop for route in routes_of(scenario) for stop in route}


def routes_of(scenario: Scenario) -> list[list[str]]:
    """Every route: the arrangement's, that of self-initiated projects, and those of projects of their own."""
    arrangement = scenario.arrangement
    own = [project.route for project in scenario.portfolio.project]
    return [route for route in (arrangement.route, arrangement.self_initiated_route, *own) if route]
